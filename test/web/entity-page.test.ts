/** Tabs of an entity's page, templates of its widgets, interfaces it describes, and the addresses of all that. */
import { describe, expect, test } from "vitest";
import { readInterface, typeOf } from "../../src/web/api-docs/interface.ts";
import { readDocument } from "../../src/web/api-docs/read-document.ts";
import { auditCsv } from "../../src/web/audit/audit-csv.ts";
import { subjectOf } from "../../src/web/audit/words.ts";
import type { AuditEvent } from "../../src/web/catalog/queries.ts";
import type { PageDoc } from "../../src/web/dashboard/board.ts";
import { fillTemplates } from "../../src/web/entity/fill-templates.ts";
import {
  aboutHere,
  freshTabId,
  movedItem,
  tabsRoot,
  withGroups,
  withRoot,
} from "../../src/web/entity/tabs-draft.ts";
import { groupsIn, tabsOf } from "../../src/web/entity/tabs.ts";
import { repeated } from "../../src/web/lib/repeated.ts";
import { decodeAudit, encodeAudit, pickAuditSearch } from "../../src/web/lib/audit-search.ts";
import { ago } from "../../src/web/lib/format.ts";

const blueprint = {
  identifier: "service",
  schema: {
    properties: {
      readme: { type: "string", format: "markdown", title: "Docs" },
      audit: { type: "object", spec: "open-api", title: "API" },
      board: { type: "string", format: "url", spec: "embedded-url" },
      tier: { type: "string" },
    },
  },
};
const entity = {
  identifier: "a&b",
  title: "A",
  blueprint: "service",
  properties: { readme: "# Hi", audit: { openapi: "3.1.0" }, board: "" },
};
const page = (groups: readonly object[], more: object = {}): PageDoc => ({
  ...{ identifier: "serviceEntity", type: "entity", updatedAt: "", updatedBy: "" },
  widgets: [{ id: "tabs", type: "grouper", groups, ...more }],
});
const keys = (of: PageDoc | null) => tabsOf(blueprint, entity, of).map(({ key, title }) => [key, title]);

describe("tabs of an entity", () => {
  test("without a stored page: the usual ones, and what properties hold", () => {
    expect(keys(null)).toEqual([
      ["overview", "Overview"],
      ["related", "Related entities"],
      ["graph", "Graph"],
      ["readme", "Docs"],
      ["property.audit", "API"],
      ["runs", "Runs"],
      ["audit", "Audit log"],
      ["json", "JSON"],
    ]);
  });

  test("as stored: in their order, named and mixed as they like, no two with one key", () => {
    const stored = page(
      [
        { title: "Overview", widgets: [{ id: "1", type: "entity-info" }] },
        { title: "JSON", widgets: [{ id: "2", type: "markdown", markdown: "x" }] },
        { title: "Impact", widgets: [{ id: "3", type: "graph-entities-explorer" }] },
        { title: "Empty", widgets: [] },
        { title: "Some facts", widgets: [{ id: "4", type: "entity-info", order: ["tier"] }] },
      ],
      { groupsOrder: ["Impact", "Overview"] },
    );
    expect(keys(stored)).toEqual([
      ["graph", "Impact"],
      ["overview", "Overview"],
      ["json", "JSON"],
      ["some-facts", "Some facts"],
      ["readme", "Docs"],
      ["property.audit", "API"],
      ["runs", "Runs"],
      ["json-2", "JSON"],
    ]);
  });
});

test("templates name the entity; in an address a value cannot become more than a value", () => {
  const here = { blueprint: "service", entity, user: { email: "ada@example.com" } };
  const filled = fillTemplates(
    {
      id: "1",
      type: "iframe-widget",
      title: "{{ .entity.title }} of {{ .user.email }} {{ .entity.properties.none }}{{ unknown }}",
      url: "https://example.com/x?id={{url.identifier}}#top",
    },
    here,
  );
  expect(filled["title"]).toBe("A of ada@example.com {{ unknown }}");
  expect(filled["url"]).toBe("https://example.com/x?id=a%26b&entity=a%26b&blueprint=service#top");
  const info = { id: "2", type: "entity-info", entity: "{{url.identifier}}", blueprint: "{{blueprint}}" };
  expect(fillTemplates(info, here)).toMatchObject({ entity: "a&b", blueprint: "service" });
  expect(fillTemplates({ id: "3", type: "markdown", source: "property" }, here)).toMatchObject({
    entityIdentifier: "a&b",
  });
});

test("titles that several have are found, each once", () => {
  expect([...repeated(["a", "b", "a", "c", "c", "a"])]).toEqual(["a", "c"]);
  expect(repeated(Array.from({ length: 50_000 }, (_, n) => n)).size).toBe(0);
});

test("times ahead and behind", () => {
  const now = Date.parse("2026-01-01T00:00:00Z");
  expect(ago("2026-01-03T00:00:00Z", now)).toBe("in 2 days");
  expect(ago("2025-12-31T23:30:00Z", now)).toBe("30 min ago");
});

describe("interfaces", () => {
  test("OpenAPI: parameters of path and operation, bodies, references", () => {
    const read = readInterface({
      openapi: "3.1.0",
      info: { title: "Pets", version: "2" },
      servers: [{ url: "https://pets.example.com" }],
      paths: {
        "/pets/{id}": {
          parameters: [{ $ref: "#/components/parameters/id" }],
          get: {
            tags: ["pets"],
            summary: "One pet",
            responses: {
              "200": { description: "It", content: { "application/json": { schema: { type: "object" } } } },
            },
          },
          "x-note": 1,
        },
        broken: null,
      },
      components: {
        parameters: { id: { name: "id", in: "path", required: true, schema: { type: "integer" } } },
      },
    });
    expect(read).toMatchObject({
      title: "Pets",
      format: "OpenAPI 3.1.0",
      servers: ["https://pets.example.com"],
    });
    expect(read?.operations).toMatchObject([
      {
        ...{ method: "GET", path: "/pets/{id}", group: "pets", summary: "One pet" },
        parameters: [{ name: "id", where: "path", type: "integer", isRequired: true }],
        responses: [{ name: "200", description: "It", schema: { type: "object" } }],
      },
    ]);
  });

  test("Swagger and AsyncAPI", () => {
    const swagger = readInterface({
      ...{ swagger: "2.0", info: { title: "Old" }, host: "old.example.com", basePath: "/v1" },
      paths: { "/a": { post: { parameters: [{ in: "body", name: "b", schema: { type: "string" } }] } } },
    });
    expect(swagger).toMatchObject({
      servers: ["old.example.com/v1"],
      operations: [{ method: "POST", parameters: [], request: [{ schema: { type: "string" } }] }],
    });
    const events = readInterface({
      asyncapi: "2.6.0",
      channels: { orders: { subscribe: { message: { name: "Order", payload: { type: "object" } } } } },
    });
    expect(events?.operations).toMatchObject([
      { method: "subscribe", path: "orders", request: [{ name: "Order", schema: { type: "object" } }] },
    ]);
  });

  test("what is none is said; a schema that holds itself ends", async () => {
    expect([readInterface(null), readInterface([]), readInterface({ title: "x" })]).toEqual([
      null,
      null,
      null,
    ]);
    expect(readInterface({ openapi: "3.0.0", paths: { "/a": { $ref: "#/paths/~1a" } } })?.operations).toEqual(
      [],
    );
    expect(typeOf({ type: "array", items: { $ref: "#/x/Pet" } })).toBe("array of Pet");
    expect(await readDocument("openapi: 3.0.0\ninfo: {title: Y}")).toEqual({
      document: { openapi: "3.0.0", info: { title: "Y" } },
    });
    expect(await readDocument("https://example.com/api.yaml")).toEqual({
      url: "https://example.com/api.yaml",
    });
    expect(await readDocument("a: [1")).toHaveProperty("problem");
  });
});

describe("the audit log", () => {
  test("its address goes there and back; what cannot be used is named", () => {
    const search = {
      tab: "entities",
      blueprint: "service",
      action: "CREATE,DELETE",
      from: "2026-01-01",
      event: "event_1",
    };
    const { view, problems } = decodeAudit(pickAuditSearch({ ...search, other: "x" }));
    expect(problems).toEqual([]);
    expect(encodeAudit(view)).toEqual(search);
    const bad = decodeAudit({
      system: "x",
      tab: "x",
      action: "EXPLODE",
      status: "MAYBE",
      from: "2026-13-01",
      entity: "a",
    });
    expect(bad.problems).toHaveLength(5);
    expect(encodeAudit(bad.view)).toEqual({ entity: "a" });
  });

  test("events in words and as CSV", () => {
    const event: AuditEvent = {
      ...{ identifier: "event_7", action: "UPDATE", resourceType: "entity", status: "FAILURE" },
      trigger: { by: { userId: "ada@example.com" }, origin: "API", at: "2026-01-01T00:00:00.000Z" },
      context: { blueprint: "service", entity: "=cmd" },
      diff: { before: { properties: { tier: "gold" } }, after: { properties: { tier: "silver" } } },
      message: "no, thanks",
    };
    expect(subjectOf(event)).toBe("=cmd");
    expect(subjectOf({ ...event, resourceType: "secret", context: { blueprint: null, secret: "S" } })).toBe(
      "S",
    );
    const [, row] = auditCsv([event]).split("\r\n");
    expect(row).toBe(
      `event_7,2026-01-01T00:00:00.000Z,ada@example.com,API,UPDATE,entity,service,'=cmd,FAILURE,"no, thanks","[{""path"":""properties.tier"",""before"":""gold"",""after"":""silver""}]"`,
    );
  });
});

test("tabs are moved, named and filled without touching what else the page says", () => {
  const page = {
    ...{ identifier: "serviceEntity", type: "entity", updatedAt: "", updatedBy: "" },
    widgets: [
      { id: "note", type: "markdown" },
      {
        ...{ id: "tabs", type: "grouper", activeGroupUrlParam: "activeTab", groupsOrder: ["B", "A"] },
        groups: [
          { title: "A", widgets: [{ id: "graph-entities-explorer-1", type: "graph-entities-explorer" }] },
          { title: "B", widgets: [], icon: "Star" },
        ],
      },
    ],
  };
  const root = tabsRoot(page);
  const groups = groupsIn(root);
  expect(groups.map(({ title }) => title)).toEqual(["B", "A"]);
  const next = withGroups(root, movedItem(groups, 1, 0));
  expect(next).toMatchObject({ activeGroupUrlParam: "activeTab", groupsOrder: ["A", "B"] });
  expect(next["groups"]).toEqual([groups[1], { title: "B", widgets: [], icon: "Star" }]);
  expect(withRoot(page, next)).toEqual([page.widgets[0], next]);
  expect(movedItem(groups, 0, 2)).toEqual(groups);
  expect(freshTabId(root, "graph-entities-explorer")).toBe("graph-entities-explorer-2");
  expect(withRoot({ ...page, widgets: null }, tabsRoot({ ...page, widgets: null }))).toMatchObject([
    { type: "grouper", groups: [] },
  ]);
  const about = [
    { key: "blueprint", kind: "blueprint" },
    { key: "entity", kind: "entity" },
  ];
  expect(aboutHere({ id: "x", type: "entity-details" }, about)).toMatchObject({
    ...{ blueprint: "{{blueprint}}", entity: "{{url.identifier}}" },
  });
  expect(aboutHere({ id: "x", type: "bar-chart" }, about.slice(0, 1))).toEqual({
    id: "x",
    type: "bar-chart",
  });
});
