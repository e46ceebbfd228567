import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { compileIntegrationMapping, compileWebhookMapping, mapPayload } from "../../src/ingest/mapping.ts";
import { AppError } from "../../src/model/error.ts";

const NOW = new Date("2026-11-25T12:00:00Z");
const now = { now: NOW };
const seed = (name: string): string =>
  readFileSync(new URL(`fixtures/seed/${name}`, import.meta.url), "utf8");

interface Told {
  path: string;
  line: number | null;
  column: number | null;
  message: string;
  hint: string | null;
}
function problems(work: () => unknown): Told[] {
  try {
    work();
  } catch (error) {
    if (error instanceof AppError) return error.extra["details"] as Told[];
    throw error;
  }
  throw new Error("expected a refusal");
}

const RELEASE = {
  release: {
    name: "Spring",
    tag_name: "v1.4.0",
    target_commitish: "main",
    created_at: "2026-03-01T10:00:00Z",
  },
  target_commitish: "main",
  repo: { name: "shop" },
};

describe("the seed's mappings", () => {
  test("the release mapping as printed is refused with the line that is indented wrongly", () => {
    const [first] = problems(() => compileIntegrationMapping(seed("release-as-printed.txt")));
    expect(first).toMatchObject({ line: 2, column: 5 });
    expect(first?.hint).toContain("`selector` begins in column 5, deeper than `kind`");
    expect(first?.hint).toContain("put `selector` in column 3");
  });

  test("the release mapping, indented right, makes a deployment", () => {
    const plan = compileIntegrationMapping(seed("release.txt"));
    const mapped = mapPayload(plan, "release", RELEASE, now);
    expect(mapped).toEqual({
      entities: [
        {
          resource: 0,
          blueprint: "deployment",
          body: {
            identifier: "Spring-v1.4.0",
            title: "Spring Deployment on release",
            properties: {
              environment: "Production",
              createdAt: "2026-03-01T10:00:00Z",
              deploymentStatus: "Success",
            },
            relations: { service: "shop" },
          },
        },
      ],
      ...{ deletes: [], errors: [], filtered: 0 },
    });
    expect(mapPayload(plan, "release", { ...RELEASE, target_commitish: "dev" }, now)).toMatchObject({
      ...{ entities: [], filtered: 1 },
    });
    expect(mapPayload(plan, "tag", RELEASE, now)).toMatchObject({ entities: [], filtered: 0 });
  });

  test("the incident mapping as printed is refused at the line that the guide leaves out", () => {
    const [first] = problems(() => compileIntegrationMapping(seed("incidents-as-printed.txt")));
    expect(first?.line).toBe(20);
    expect(first?.hint).toContain("`...` stands for what a guide leaves out");
  });

  test("without that line, the placeholder in the selector is found", () => {
    const text = seed("incidents-as-printed.txt").replace(/^ *\.\.\. # Add.*\n/m, "");
    const [first] = problems(() => compileIntegrationMapping(text));
    expect(first).toMatchObject({ path: "[0].selector....", message: "is no key" });
    expect(first?.hint).toContain("remove the line");
  });

  test("the incident mapping without placeholders: recovery time in minutes, service by search", () => {
    const plan = compileIntegrationMapping(seed("incidents.txt"));
    const incident = {
      ...{
        id: "Q1",
        title: "Checkout is down",
        status: "resolved",
        self: "https://api.pagerduty.com/incidents/Q1",
      },
      ...{ created_at: "2026-03-01T10:00:00Z", resolved_at: "2026-03-01T11:30:00Z" },
      service: { id: "P7", summary: "shop" },
    };
    expect(mapPayload(plan, "incidents", incident, now).entities).toEqual([
      {
        resource: 0,
        blueprint: "pagerdutyIncident",
        body: {
          ...{ identifier: "Q1", title: "Checkout is down" },
          properties: {
            status: "resolved",
            url: "https://api.pagerduty.com/incidents/Q1",
            resolvedAt: "2026-03-01T11:30:00Z",
            recoveryTime: 90,
          },
          relations: {
            pagerdutyService: "P7",
            gitHubRepository: {
              combinator: "and",
              rules: [{ property: "$title", operator: "=", value: "shop" }],
            },
          },
        },
      },
    ]);
    const open = mapPayload(plan, "incidents", { ...incident, resolved_at: null }, now);
    expect(open.errors).toEqual([]);
    expect(open.entities[0]?.body["properties"]).toMatchObject({ resolvedAt: null, recoveryTime: null });
  });

  test("the recovery time with the comment of the guide behind it is jq", () => {
    const plan = compileWebhookMapping(
      `- blueprint: incident\n  entity:\n    identifier: .id\n    properties:\n${seed("recovery-time.txt").replace(/^/gm, "   ")}`,
    );
    const body = { id: "1", created_at: "2026-03-01T10:00:00Z", resolved_at: "2026-03-01T10:07:30Z" };
    expect(mapPayload(plan, null, body, now).entities[0]?.body["properties"]).toEqual({
      ...{ resolvedAt: "2026-03-01T10:07:30Z", recoveryTime: 7.5 },
    });
  });
});

const one = (mapping: object, rest: object = {}): object => ({
  resources: [{ kind: "k", selector: { query: "true" }, port: { entity: { mappings: mapping } } }],
  ...rest,
});
const BASE = { identifier: ".id", blueprint: '"b"' };

describe("what is wrong with a mapping", () => {
  test.each([
    ["resources: 5", "resources", "must be a list, but is number", 1],
    [
      "- kind: a\n  port: {entity: {mappings: {identifier: .id, blueprint: b}}}",
      "[0].selector",
      "must be an object, but is missing",
      1,
    ],
    [
      "resources:\n- kind: a\n  selector:\n    query: .a ==\n  port:\n    entity:\n      mappings:\n        identifier: .id\n        blueprint: '\"b\"'",
      "resources[0].selector.query",
      "is not jq",
      4,
    ],
    ["a: 'x\n", "", "is not YAML", 2],
    ["a: \u201cx\u201d: y\n", "", "is not YAML", 1],
    ["\tresources: []\n", "", "is not YAML", 1],
  ])("%j", (text, path, message, line) => {
    const [first] = problems(() => compileIntegrationMapping(text));
    expect(first).toMatchObject({ path, line });
    expect(first?.message).toContain(message);
  });

  test("bytes are no mapping, whatever members they have", () => {
    expect(() => compileWebhookMapping("[!!binary ]")).toThrow(AppError);
  });

  test("one line of 199,000 spaces is read like any other", () => {
    expect(() => compileWebhookMapping(`- a: b${" ".repeat(199_000)}x\n c: d`)).toThrow(AppError);
    expect(() => compileWebhookMapping(`- a${" ".repeat(199_000)}x\n c: d`)).toThrow(AppError);
  });

  test("all slips are told at once, each with its place", () => {
    const told = problems(() =>
      compileWebhookMapping(
        [
          "- blueprint: 5",
          "  operation: remove",
          "  filter: .body.x ==",
          "  entity:",
          "    identifier: .body.id",
          "    name: .body.name",
          "    properties:",
          "      a: $title",
          "      b: .body.b | nope",
        ].join("\n"),
      ),
    );
    expect(told.map(({ path, line }) => `${path}:${line}`)).toEqual([
      "[0].blueprint:1",
      "[0].operation:2",
      "[0].filter:3",
      "[0].entity.name:6",
      "[0].entity.properties.a:8",
      "[0].entity.properties.b:9",
    ]);
    expect(told[4]?.hint).toBe("for the fixed text write '\"$title\"'");
  });

  test("a document without text has no lines", () => {
    expect(problems(() => compileIntegrationMapping(one({ ...BASE, identifier: ".(" })))).toMatchObject([
      { path: "resources[0].port.entity.mappings.identifier", line: null },
    ]);
  });

  test("flags and their defaults", () => {
    expect(compileIntegrationMapping(one(BASE))).toMatchObject({
      createMissingRelatedEntities: true,
      deleteDependentEntities: true,
      enableMergeEntity: true,
      entityDeletionThreshold: 0.9,
    });
    expect(
      compileIntegrationMapping(one(BASE, { enableMergeEntity: false, entityDeletionThreshold: 0 })),
    ).toMatchObject({ enableMergeEntity: false, entityDeletionThreshold: 0 });
    expect(problems(() => compileIntegrationMapping(one(BASE, { entityDeletionThreshold: 2 })))).toHaveLength(
      1,
    );
  });
});

describe("mapping a payload", () => {
  test("an error of a property costs the property, one of the identifier the entity", () => {
    const plan = compileIntegrationMapping(
      one({ ...BASE, properties: { a: ".n | length | keys", b: ".b" } }),
    );
    expect(mapPayload(plan, "k", { id: 7, b: null, n: 1 }, now)).toMatchObject({
      entities: [{ body: { identifier: "7", properties: { a: null, b: null } } }],
      errors: [{ resource: 0, key: "properties.a", lost: false }],
    });
    expect(mapPayload(plan, "k", { id: null }, now)).toMatchObject({
      entities: [],
      errors: [{ key: "identifier", reason: "gave null, which is no identifier", lost: true }],
    });
  });

  test("positions of errors are those of the text", () => {
    const plan = compileWebhookMapping(
      "- blueprint: b\n  entity:\n    identifier: .body.id\n    title: .body.t | keys\n",
    );
    expect(mapPayload(plan, null, { body: { id: "x", t: 5 } }, now).errors).toMatchObject([
      { key: "title", position: { line: 4, column: 12 } },
    ]);
  });

  test("the query must be true itself; what it leaves out is deleted when it happens live", () => {
    const plan = compileIntegrationMapping({
      resources: [
        { kind: "k", selector: { query: ".open" }, port: { entity: { mappings: BASE } } },
        { kind: "k", selector: { query: ".keep" }, port: { entity: { mappings: { ...BASE, title: ".t" } } } },
      ],
    });
    expect(mapPayload(plan, "k", { id: "1", open: 1 }, now)).toMatchObject({ entities: [], filtered: 2 });
    const live = { ...now, mode: "live" } as const;
    expect(mapPayload(plan, "k", { id: "1", open: false }, live).deletes).toMatchObject([
      { blueprint: "b", identifier: "1", deleteDependents: true },
      { blueprint: "b", identifier: "1" },
    ]);
    expect(mapPayload(plan, "k", { id: "1", open: false, keep: true }, live)).toMatchObject({
      entities: [{ body: { identifier: "1" } }],
      deletes: [],
    });
    expect(mapPayload(plan, "k", { id: "1", open: true }, { ...now, mode: "delete" })).toMatchObject({
      entities: [],
      deletes: [{ identifier: "1" }, { identifier: "1" }],
    });
  });

  test("that something was lost is told, however many errors there are before it", () => {
    const plan = compileWebhookMapping([
      {
        ...{ blueprint: "b", itemsToParse: ".body" },
        entity: { identifier: ".item.id", properties: { a: ".item.id | .[0]" } },
      },
    ]);
    const body = [...Array.from({ length: 150 }, (_, n) => ({ id: `i${n}` })), { id: null }, { id: null }];
    const { entities, errors } = mapPayload(plan, null, { body }, now);
    expect(entities).toHaveLength(150);
    expect(errors.filter(({ lost }) => lost)).toMatchObject([{ key: "identifier" }]);
    expect(errors).toHaveLength(101);
  });

  test("itemsToParse: an input for each element, by the name given, without the list around it", () => {
    const mapping = {
      ...BASE,
      identifier: ".part.id",
      title: ".name",
      properties: { n: ".parts", rest: ".a.b" },
    };
    const config = (port: object): object => ({
      resources: [
        { kind: "k", selector: { query: ".part.on" }, port: { entity: { mappings: mapping }, ...port } },
      ],
    });
    const payload = {
      name: "N",
      a: {
        parts: [
          { id: "x", on: true },
          { id: "y", on: false },
        ],
        b: 2,
      },
    };
    const plan = compileIntegrationMapping(config({ itemsToParse: ".a.parts", itemsToParseName: "part" }));
    expect(mapPayload(plan, "k", payload, now)).toMatchObject({
      entities: [{ body: { identifier: "x", title: "N", properties: { n: null, rest: 2 } } }],
      filtered: 1,
    });
    expect(mapPayload(plan, "k", { a: { parts: "no" } }, now).errors).toMatchObject([
      { key: "itemsToParse" },
    ]);
  });

  test("at most 500 elements of one webhook request are handled", () => {
    const plan = compileWebhookMapping([
      { blueprint: "b", itemsToParse: ".body", entity: { identifier: ".item | tostring" } },
    ]);
    const mapped = mapPayload(plan, null, { body: Array.from({ length: 501 }, (_, i) => i) }, now);
    expect(mapped.entities).toHaveLength(500);
    expect(mapped.errors).toMatchObject([{ key: "itemsToParse", lost: true }]);
  });

  test("an entity that several blocks of an integration produce is one; mappings of a webhook are independent", () => {
    const plan = compileIntegrationMapping({
      resources: [
        {
          kind: "k",
          selector: { query: "true" },
          port: { entity: { mappings: { ...BASE, properties: { a: "1" } } } },
        },
        {
          kind: "k",
          selector: { query: "true" },
          port: {
            entity: {
              mappings: [
                { ...BASE, properties: { b: ".id" } },
                { ...BASE, blueprint: '"c"' },
              ],
            },
          },
        },
      ],
    });
    expect(mapPayload(plan, "k", { id: "1" }, now).entities).toMatchObject([
      { blueprint: "b", body: { identifier: "1", properties: { a: 1, b: "1" } } },
      { blueprint: "c", body: { identifier: "1" } },
    ]);
    const twice = compileWebhookMapping(
      [1, 2].map(() => ({ blueprint: "b", entity: { identifier: ".id" } })),
    );
    expect(mapPayload(twice, null, { id: "1" }, now).entities).toHaveLength(2);
  });

  test("nested properties, search queries, operations of webhooks", () => {
    const plan = compileWebhookMapping([
      {
        blueprint: "b",
        filter: ".headers.event == 'up'",
        entity: {
          identifier: {
            combinator: "'and'",
            rules: [{ property: "'k'", operator: "'='", value: ".body.k" }],
          },
          team: ".body.team",
          properties: { deep: { list: [".body.k", { n: 1 }] } },
        },
      },
      { blueprint: "b", operation: "delete", entity: { identifier: ".body.k" } },
      {
        blueprint: "c",
        operation: { type: "delete", deleteDependents: false },
        entity: { identifier: ".body.k" },
      },
    ]);
    expect(mapPayload(plan, null, { body: { k: "v" }, headers: { event: "up" } }, now)).toMatchObject({
      entities: [
        {
          body: {
            identifier: { combinator: "and", rules: [{ property: "k", operator: "=", value: "v" }] },
            team: null,
            properties: { deep: { list: ["v", { n: 1 }] } },
          },
        },
      ],
      deletes: [
        { resource: 1, blueprint: "b", identifier: "v", deleteDependents: true },
        { resource: 2, blueprint: "c", identifier: "v", deleteDependents: false },
      ],
    });
  });

  test("a mapping without end is stopped and costs its payload only", () => {
    const plan = compileIntegrationMapping(one({ ...BASE, title: "last(repeat(1))" }));
    const mapped = mapPayload(plan, "k", { id: "1" }, now);
    expect(mapped).toMatchObject({ entities: [], errors: [{ key: "title", lost: true }] });
    expect(mapped.errors[0]?.reason).toContain("steps");
  });
});
