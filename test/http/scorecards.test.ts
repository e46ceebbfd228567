/** Scorecards over HTTP (workflows.md §5): definitions, levels of entities, searches, numbers, renames, the audit log. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startTestApp, type TestApp } from "../support/app.ts";
import { SOON } from "../support/patience.ts";

type Body = Record<string, unknown>;

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
  await send("POST", "/v1/blueprints", TEAMED, 201);
  await send("POST", "/v1/blueprints", DEPLOYMENT, 201);
});
afterAll(() => app.stop());

async function send(method: string, path: string, body?: unknown, status = 200): Promise<Body> {
  const answer = await app.send<Body>(method, path, body);
  expect(answer, `${method} ${path}`).toMatchObject({ status, body: { ok: status < 400 } });
  return answer.body;
}

const TEAMED = {
  identifier: "service",
  title: "Service",
  schema: {
    properties: {
      language: { type: "string" },
      tier: { type: "number" },
      tags: { type: "array" },
      isPublic: { type: "boolean" },
      checkedAt: { type: "string", format: "date-time" },
    },
  },
  relations: { uses: { target: "service", many: true, required: false } },
  calculationProperties: {
    double: { calculation: ".properties.tier * 2", type: "number" },
    medal: { calculation: ".scorecards.ready.level", type: "string" },
  },
  aggregationProperties: {
    deployments: {
      title: "n",
      target: "deployment",
      calculationSpec: { func: "count", calculationBy: "entities" },
    },
  },
  ownership: { type: "Direct" },
};
const DEPLOYMENT = {
  identifier: "deployment",
  title: "Deployment",
  schema: { properties: {} },
  relations: { service: { target: "service", many: false, required: false } },
};

const when = (...conditions: object[]) => ({ combinator: "and", conditions });
const rule = (identifier: string, level: string, ...conditions: object[]) => ({
  ...{ identifier, title: identifier, level, query: when(...conditions) },
});
const READY = {
  identifier: "ready",
  title: "Production readiness",
  rules: [
    rule("hasTeam", "Bronze", { property: "$team", operator: "isNotEmpty" }),
    rule("hasLanguage", "Bronze", { property: "language", operator: "isEmpty", not: true }),
    rule("double", "Silver", { property: "double", operator: ">=", value: 4 }),
    rule("deploys", "Gold", { property: "deployments", operator: ">", value: 0 }),
  ],
};
const LEVELS = "/v1/blueprints/service/scorecards";

async function entity(identifier: string, body: object, blueprint = "service"): Promise<Body> {
  const path = `/v1/blueprints/${blueprint}/entities?upsert=true&merge=true`;
  return (await send("POST", path, { identifier, ...body }, 201))["entity"] as Body;
}

async function read(identifier: string): Promise<Body> {
  return (await send("GET", `/v1/blueprints/service/entities/${identifier}`))["entity"] as Body;
}

async function levelOf(identifier: string, scorecard = "ready"): Promise<unknown> {
  const scores = (await read(identifier))["scorecards"] as Record<string, Body> | undefined;
  return scores?.[scorecard]?.["level"];
}

/** Values that follow from other entities, or from a new definition, come a moment later. */
async function becomes<T>(what: () => Promise<T>, wanted: T): Promise<void> {
  await expect.poll(what, SOON).toEqual(wanted);
}

const found = async (rules: object[]): Promise<string[]> =>
  (
    (
      await send("POST", "/v1/blueprints/service/entities/search", {
        query: { combinator: "and", rules },
      })
    )["entities"] as Body[]
  )
    .map(({ identifier }) => String(identifier))
    .sort();

describe("§5.1 API", () => {
  test("§5.1 the default levels, round trip, list of one blueprint and of all, replace, patch, delete", async () => {
    const { scorecard } = (await send("POST", LEVELS, READY, 201)) as { scorecard: Body };
    expect(scorecard).toMatchObject({
      ...READY,
      blueprint: "service",
      createdBy: expect.any(String) as string,
    });
    expect((scorecard["levels"] as Body[]).map(({ title }) => title)).toEqual([
      "Basic",
      "Bronze",
      "Silver",
      "Gold",
    ]);
    expect(await send("GET", `${LEVELS}/ready`)).toEqual({ ok: true, scorecard });
    expect(await send("GET", LEVELS)).toEqual({ ok: true, scorecards: [scorecard] });
    expect(await send("GET", "/v1/scorecards")).toEqual({ ok: true, scorecards: [scorecard] });
    expect(await send("PUT", `${LEVELS}/ready`, scorecard)).toEqual({ ok: true, scorecard });
    const patched = await send("PATCH", `${LEVELS}/ready`, { title: "Ready" });
    expect(patched["scorecard"]).toMatchObject({ title: "Ready", rules: READY.rules });
    const second = { ...READY, identifier: "second", rules: [], levels: [] };
    const all = await send("PUT", LEVELS, [second, READY]);
    expect((all["scorecards"] as Body[]).map((one) => one["identifier"])).toEqual(["second", "ready"]);
    expect(await send("DELETE", `${LEVELS}/second`)).toEqual({ ok: true });
    expect(await send("GET", `${LEVELS}/second`, undefined, 404)).toMatchObject({ error: "not_found" });
    expect((await send("GET", "/v1/blueprints/service"))["blueprint"]).not.toHaveProperty("scorecards");
    await send("POST", LEVELS, READY, 409);
    await send("POST", "/v1/blueprints/none/scorecards", READY, 404);
  });

  test("§5.1 what is wrong is named with its place: level, colour, rule, condition", async () => {
    const one = (change: object) => ({ ...READY, identifier: "wrong", ...change });
    const level = (title: string, color = "gold") => ({ title, color });
    const cases: [object, RegExp][] = [
      [one({ identifier: "a b" }), /identifier "a b" must have 1 to 100/],
      [one({ title: undefined }), /title must be a string/],
      [one({ levels: [level("A", "beige")] }), /levels\[0\]\.color "beige" is not one of blue, turquoise/],
      [one({ levels: [level("A"), level("A")] }), /levels\[1\]\.title "A" is a level already/],
      [one({ rules: [rule("r", "Basic", {})] }), /rules\[0\]\.level "Basic" is the base level.*rule "r"/],
      [one({ rules: [rule("r", "Iron", {})] }), /rules\[0\]\.level "Iron" is not one of the levels "Basic"/],
      [one({ rules: [rule("r", "Gold")] }), /rules\[0\]\.query\.conditions must hold at least 1 condition/],
      [
        one({ rules: [rule("r", "Gold", { property: "tier", operator: "~", value: 1 })] }),
        /rules\[0\]\.query\.conditions\[0\]\.operator "~" is not one of =/,
      ],
      [
        one({ rules: [rule("r", "Gold", { operator: "relatedTo", blueprint: "service", value: "a" })] }),
        /conditions\[0\] must be about a property or a relation/,
      ],
      [
        one({
          rules: [
            rule("r", "Gold", {
              property: "tier",
              operator: "=",
              value: { context: "user", property: "$title" },
            }),
          ],
        }),
        /context is not allowed here/,
      ],
      [one({ filter: { combinator: "and", rules: [] } }), /filter\.conditions must be a list/],
      [one({ foo: 1 }), /the scorecard\.foo is not one of identifier/],
    ];
    for (const [body, message] of cases)
      expect(await send("POST", LEVELS, body, 422)).toMatchObject({
        error: "invalid_request",
        message: expect.stringMatching(message) as string,
      });
    const unknown = one({ rules: [rule("r", "Gold", { property: "gone", operator: "=", value: 1 })] });
    expect(await send("POST", LEVELS, unknown, 201)).toMatchObject({
      warnings: [
        'rules[0].query.conditions[0]: blueprint "service" has no property "gone"; it counts as empty',
      ],
    });
    await send("DELETE", `${LEVELS}/wrong`);
  });

  test("§5.1 a scorecard and a calculation that follow from each other are refused, on either side", async () => {
    const circle = rule("circle", "Gold", { property: "medal", operator: "=", value: "Gold" });
    expect(await send("PATCH", `${LEVELS}/ready`, { rules: [...READY.rules, circle] }, 422)).toMatchObject({
      message: expect.stringContaining("cannot depend on themselves") as string,
    });
    const double = { calculation: ".scorecards | length", type: "number" };
    await send("PATCH", "/v1/blueprints/service", { calculationProperties: { double } }, 422);
  });
});

describe("§5.3 evaluation", () => {
  test("§5.3 the answer of a write has the level; what follows from other entities comes a moment later", async () => {
    expect(await entity("a", { properties: { tier: 1 } })).toMatchObject({
      properties: { medal: "Basic" },
      scorecards: {
        ready: {
          level: "Basic",
          rules: [
            { identifier: "hasTeam", status: "FAILURE", level: "Bronze" },
            { identifier: "hasLanguage", status: "FAILURE", level: "Bronze" },
            { identifier: "double", status: "FAILURE", level: "Silver" },
            { identifier: "deploys", status: "FAILURE", level: "Gold" },
          ],
        },
      },
    });
    // Silver holds, but Bronze below it does not.
    expect(await entity("a", { properties: { tier: 2, language: "Go" } })).toMatchObject({
      scorecards: { ready: { level: "Basic" } },
    });
    await send(
      "POST",
      "/v1/blueprints/_team/entities?upsert=true",
      { identifier: "core", title: "core" },
      201,
    );
    expect(await entity("a", { team: ["core"] })).toMatchObject({
      scorecards: { ready: { level: "Silver" } },
    });
    await entity("d1", { relations: { service: "a" } }, "deployment");
    await becomes(() => levelOf("a"), "Gold");
    expect(await read("a")).toMatchObject({ properties: { medal: "Gold", deployments: 1 } });
    await send("DELETE", "/v1/blueprints/deployment/entities/d1");
    await becomes(() => levelOf("a"), "Silver");
  });

  test("§5.3 a change of level that nobody wrote is an update of the entity in the audit log, by the server", async () => {
    const { audits } = await send("GET", "/v1/audit-log?entity=a&blueprint=service&limit=1");
    expect((audits as Body[])[0]).toMatchObject({
      action: "UPDATE",
      trigger: { by: { byPort: true } },
      diff: {
        before: { scorecards: { ready: { level: "Gold" } } },
        after: { scorecards: { ready: { level: "Silver" } } },
      },
    });
  });

  test("§5.3 entities that do not match the filter have no level; a new definition reaches those that are there", async () => {
    await entity("b", { properties: { tier: 9 } });
    await send("PATCH", `${LEVELS}/ready`, { filter: when({ property: "tier", operator: "<", value: 5 }) });
    await becomes(async () => [await levelOf("a"), await levelOf("b")], ["Silver", undefined]);
    await send("PATCH", `${LEVELS}/ready`, { filter: null });
    await becomes(async () => [await levelOf("a"), await levelOf("b")], ["Silver", "Basic"]);
  });

  test("§5.3 open pages are told when a new definition has reached everybody", async () => {
    const live = await fetch(`${app.url}/v1/live`, { headers: { authorization: `Bearer ${app.token}` } });
    expect(live.status).toBe(200);
    const reader = live.body?.pipeThrough(new TextDecoderStream()).getReader();
    const told = async (): Promise<void> => {
      for (let text = ""; !text.includes("event: derived");) {
        const part = await reader?.read();
        if (part === undefined || part.done) throw new Error("the stream ended");
        text += part.value;
      }
    };
    await send("POST", LEVELS, { identifier: "told", title: "Told", rules: [] }, 201);
    // One may be of what was before.
    const isThere = async () =>
      (await levelOf("a", "told")) === "Basic" && (await levelOf("b", "told")) === "Basic";
    do await told();
    while (!(await isThere()));
    await reader?.cancel();
    await send("DELETE", `${LEVELS}/told`);
  });

  test("§5.2 null fulfils nothing but isEmpty; empty text, list and object are empty; relations and time", async () => {
    const results = async (conditions: object[]): Promise<string> => {
      const rules = conditions.map((condition, i) => rule(`r${i}`, "Gold", condition));
      await send("PUT", `${LEVELS}/edge`, { ...READY, identifier: "edge", rules });
      let text = "";
      await becomes(async () => {
        const scores = (await read("c"))["scorecards"] as Record<string, { rules: Body[] }>;
        const list = scores["edge"]?.rules ?? [];
        text = list.map(({ status }) => (status === "SUCCESS" ? "1" : "0")).join("");
        return list.length;
      }, rules.length);
      return text;
    };
    await entity("c", { properties: { language: "", tags: [] }, relations: { uses: ["a", "b"] } });
    await send("POST", LEVELS, { ...READY, identifier: "edge", rules: [] }, 201);
    expect(
      await results([
        { property: "tier", operator: "!=", value: 1 },
        { property: "tier", operator: "=", value: null },
        { property: "language", operator: "isEmpty" },
        { property: "tags", operator: "isNotEmpty" },
        { relation: "uses", operator: "contains", value: "b" },
        { relation: "uses", operator: "isEmpty" },
      ]),
    ).toBe("011010");
    const soon = new Date(Date.now() + 1500).toISOString();
    await entity("c", { properties: { checkedAt: soon, isPublic: true } });
    const passed = await results([
      { property: "isPublic", operator: "=", value: true },
      { property: "checkedAt", operator: "between", value: { preset: "lastMonth" } },
    ]);
    // The second holds from a moment on that may have come already.
    expect(["10", "11"]).toContain(passed);
    // Nobody writes anything: the time comes into the window.
    await becomes(async () => {
      const scores = (await read("c"))["scorecards"] as Record<string, { level: string }>;
      return scores["edge"]?.level;
    }, "Gold");
    await send("DELETE", `${LEVELS}/edge`);
  });
});

describe("§5.3 searches and numbers", () => {
  test("§5.2 of data-model: rules about the level and about a rule; entities without a level", async () => {
    const level = (operator: string, value?: unknown) => ({ scorecard: "ready", operator, value });
    expect(await found([level("=", "Silver")])).toEqual(["a"]);
    expect(await found([level("!=", "Silver")])).toEqual(["b", "c"]);
    expect(await found([level("in", ["Silver", "Basic"])])).toEqual(["a", "b", "c"]);
    const status = { scorecard: "ready", scorecardRule: "double", operator: "=", value: "SUCCESS" };
    expect(await found([status])).toEqual(["a", "b"]);
    expect(await found([{ scorecard: "none", operator: "isEmpty" }])).toEqual([]);
    const everywhere = await send("POST", "/v1/entities/search?include=identifier&include=scorecards", {
      combinator: "and",
      rules: [level("=", "Silver")],
    });
    expect(everywhere["entities"]).toEqual([
      { identifier: "a", scorecards: { ready: expect.objectContaining({ level: "Silver" }) as Body } },
    ]);
    const without = await send("GET", "/v1/blueprints/service/entities/a?exclude=scorecards");
    expect(without["entity"]).not.toHaveProperty("scorecards");
  });

  test("§7.1 countValues by level and by rule", async () => {
    const count = async (subject: object) =>
      (
        (
          await send("POST", "/v1/entities/aggregate", {
            ...{ func: "countValues", query: { combinator: "and", rules: [] } },
            ...subject,
          })
        )["result"] as { values: unknown }
      ).values;
    expect(await count({ scorecard: "ready" })).toEqual([
      { value: "Basic", count: 2 },
      { value: "Silver", count: 1 },
    ]);
    expect(await count({ scorecard: "ready", rule: "hasTeam" })).toEqual([
      { value: "FAILURE", count: 2 },
      { value: "SUCCESS", count: 1 },
    ]);
    const none = { func: "countValues", query: { combinator: "and", rules: [] }, scorecard: "none" };
    expect(await send("POST", "/v1/entities/aggregate", none, 422)).toMatchObject({
      message: expect.stringContaining('scorecard "none"') as string,
    });
  });

  test("of those who fail a rule it is counted who has nothing to compare; to ask for a value is no such rule", async () => {
    const isHidden = { property: "isPublic", operator: "=", value: false };
    const isTold = { property: "isPublic", operator: "isNotEmpty" };
    const notNull = { property: "isPublic", operator: "!=", value: null };
    const noneOf = { property: "language", operator: "notIn", value: ["Go", null] };
    const rules = [
      rule("hidden", "Gold", isHidden),
      rule("notNull", "Gold", notNull),
      rule("noneOf", "Gold", noneOf),
      rule("told", "Gold", isTold),
      rule("both", "Gold", isHidden, isTold),
    ];
    await send("POST", LEVELS, { ...READY, identifier: "blank", rules }, 201);
    const count = async (rule: string | null) =>
      (
        await send("POST", "/v1/entities/aggregate", {
          ...{ func: "countValues", query: { combinator: "and", rules: [] } },
          ...{ scorecard: "blank", ...(rule !== null && { rule }) },
        })
      )["result"] as { values: object[]; pending?: true };
    // Only c says whether it is public.
    await becomes(
      async () => (await count("hidden")).values,
      [{ value: "FAILURE", count: 3, withoutData: 2 }],
    );
    for (const asksForValue of ["told", "both", "notNull", "noneOf"])
      for (const value of (await count(asksForValue)).values) expect(value).not.toHaveProperty("withoutData");
    // One of the rules that keep them there asks for a value: all are judged.
    expect((await count(null)).values).toEqual([{ value: "Basic", count: 3 }]);
    await becomes(async () => (await count("hidden")).pending, undefined);
    const later = { ...READY, identifier: "blank", rules: [rule("hidden", "Silver", isHidden)] };
    await send("PUT", `${LEVELS}/blank`, later);
    await becomes(async () => {
      const { values, pending } = await count("hidden");
      const failed = [{ value: "FAILURE", count: 3, withoutData: 2 }];
      const isDone = JSON.stringify(values) === JSON.stringify(failed);
      // Never without a word while there is no result.
      if (pending === undefined) expect(isDone).toBe(true);
      return pending;
    }, undefined);
    expect((await count(null)).values).toEqual([{ value: "Basic", count: 3, withoutData: 2 }]);
    // Of rules of higher levels nothing follows for who is kept below them by others.
    const two = [...later.rules, rule("tier", "Bronze", { property: "tier", operator: ">", value: 100 })];
    await send("PUT", `${LEVELS}/blank`, { ...later, rules: two });
    const without = async () =>
      (await count(null)).values.map((one) => (one as { withoutData?: number }).withoutData ?? 0);
    await becomes(without, [1]);
    await send("DELETE", `${LEVELS}/blank`);
  });

  test("an aggregation can count by level, and follows it", async () => {
    const counted = {
      title: "Ready",
      target: "service",
      query: { combinator: "and", rules: [{ scorecard: "ready", operator: "=", value: "Silver" }] },
      calculationSpec: { func: "count", calculationBy: "entities" },
    };
    await send("PATCH", "/v1/blueprints/_team", { aggregationProperties: { ready: counted } });
    const ready = async () =>
      ((await send("GET", "/v1/blueprints/_team/entities/core"))["entity"] as { properties: Body })
        .properties["ready"];
    await becomes(ready, 1);
    await entity("a", { properties: { language: null } });
    await becomes(ready, 0);
    await entity("a", { properties: { language: "Go" } });
    await becomes(ready, 1);
  });

  test("what is stored is what follows from scratch", async () => {
    const check = () => app.send<Body>("POST", "/v1/derivation/rebuild", { check: true });
    // Refused while values wait to be computed.
    await becomes(async () => (await check()).status, 200);
    expect((await check()).body["rebuild"]).toMatchObject({ drift: 0, left: 0, examples: [] });
  });
});

describe("§5.4 entities of scorecards and rules", () => {
  const of = async (blueprint: string): Promise<Body[]> =>
    (await send("GET", `/v1/blueprints/${blueprint}/entities`))["entities"] as Body[];
  const names = async (blueprint: string) =>
    (await of(blueprint)).map(({ identifier }) => String(identifier)).sort();

  test("§5.4 they follow the definitions; one identifier in two blueprints makes two", async () => {
    expect(await of("_scorecard")).toMatchObject([
      {
        identifier: "ready",
        title: "Production readiness",
        properties: {
          blueprint: "service",
          levels: expect.arrayContaining([{ title: "Gold", color: "gold" }]) as unknown,
        },
      },
    ]);
    expect(await names("_rule")).toEqual([
      "ready:deploys",
      "ready:double",
      "ready:hasLanguage",
      "ready:hasTeam",
    ]);
    const other = {
      ...READY,
      rules: [rule("hasService", "Gold", { relation: "service", operator: "isNotEmpty" })],
    };
    await send("POST", "/v1/blueprints/deployment/scorecards", other, 201);
    expect(await names("_scorecard")).toEqual(["ready", "ready@deployment"]);
    const row = (await of("_rule")).find(({ identifier }) => identifier === "ready@deployment:hasService");
    expect(row).toMatchObject({
      properties: { level: "Gold", blueprint: "deployment", query: other.rules[0]?.query },
      relations: { scorecard: "ready@deployment" },
    });
    await send("PATCH", "/v1/blueprints/deployment/scorecards/ready", { rules: [], title: "Other" });
    expect(await names("_rule")).toHaveLength(4);
    expect(
      (await send("GET", "/v1/blueprints/_scorecard/entities/ready@deployment"))["entity"],
    ).toMatchObject({
      title: "Other",
    });
    await send("DELETE", "/v1/blueprints/deployment/scorecards/ready");
    expect(await names("_scorecard")).toEqual(["ready"]);
  });

  test("§5.4 what the system keeps cannot be written there, own properties can, and stay", async () => {
    await send("PATCH", "/v1/blueprints/_rule", { schema: { properties: { due: { type: "string" } } } });
    const at = "/v1/blueprints/_rule/entities/ready:double";
    await send("PATCH", at, { properties: { due: "2030-01-01" } });
    for (const [method, path, body] of [
      ["PATCH", at, { properties: { level: "Gold" } }],
      ["PATCH", at, { title: "x" }],
      ["DELETE", at, undefined],
      [
        "POST",
        "/v1/blueprints/_rule/entities",
        { identifier: "n", properties: { level: "Gold" }, relations: { scorecard: "ready" } },
      ],
      [
        "POST",
        "/v1/blueprints/_scorecard/entities",
        { identifier: "n", properties: { blueprint: "service" } },
      ],
    ] as const)
      expect(await send(method, path, body, 403)).toMatchObject({
        message: expect.stringContaining("/v1/blueprints/{blueprint}/scorecards") as string,
      });
    await send("PATCH", `${LEVELS}/ready`, {
      rules: READY.rules.map((one) => ({ ...one, title: `${one.title}!` })),
    });
    expect((await send("GET", at))["entity"]).toMatchObject({
      title: "double!",
      properties: { due: "2030-01-01", level: "Silver" },
    });
  });
});

describe("definitions around", () => {
  test("decision 13: renames of property, relation and blueprint are followed; the audit log tells of changes", async () => {
    await send("PATCH", "/v1/blueprints/service/properties/language/rename", { newPropertyName: "lang" });
    const query = async () => JSON.stringify((await send("GET", "/v1/scorecards"))["scorecards"]);
    expect(await query()).toContain('"property":"lang"');
    await send("PATCH", "/v1/blueprints/service", { identifier: "svc" });
    expect(await query()).toContain('"blueprint":"svc"');
    const { entity: row } = await send("GET", "/v1/blueprints/_scorecard/entities/ready");
    expect(row).toMatchObject({ properties: { blueprint: "svc" } });
    const ofRule = async () => {
      const { entity: one } = await send("GET", "/v1/blueprints/_rule/entities/ready:double");
      return (one as { properties: Body }).properties["blueprint"];
    };
    await becomes(ofRule, "svc");
    expect(JSON.stringify(await send("GET", "/v1/blueprints/_rule/entities/ready:hasLanguage"))).toContain(
      '"property":"lang"',
    );
    const { audits } = await send("GET", "/v1/audit-log?resources=scorecard&limit=1");
    expect((audits as Body[])[0]).toMatchObject({
      resourceType: "scorecard",
      action: "UPDATE",
      context: { blueprint: "service", scorecard: "ready" },
    });
    const patched = await send("PATCH", "/v1/blueprints/svc", { title: "Other", scorecards: [] });
    expect(patched["blueprint"]).toMatchObject({ title: "Other" });
    expect((await send("GET", "/v1/blueprints/svc/scorecards"))["scorecards"]).toHaveLength(1);
  });

  test("§5.1 a scorecard goes with its blueprint, and so do its entities", async () => {
    await send(
      "POST",
      "/v1/blueprints",
      { identifier: "gone", title: "Gone", schema: { properties: {} } },
      201,
    );
    const only = {
      ...READY,
      identifier: "only",
      rules: [rule("r", "Gold", { property: "$team", operator: "isNotEmpty" })],
    };
    await send("POST", "/v1/blueprints/gone/scorecards", only, 201);
    await send("GET", "/v1/blueprints/_rule/entities/only:r");
    await send("DELETE", "/v1/blueprints/gone");
    await send("GET", "/v1/blueprints/_scorecard/entities/only", undefined, 404);
    await send("GET", "/v1/blueprints/_rule/entities/only:r", undefined, 404);
    expect((await send("GET", "/v1/scorecards"))["scorecards"]).toHaveLength(1);
  });
});
