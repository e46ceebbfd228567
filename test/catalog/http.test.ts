import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startTestApp, type TestApp } from "../support/app.ts";

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
  await app.send("POST", "/v1/blueprints", { identifier: "svc/a", title: "S", schema: { properties: {} } });
  await app.send("POST", "/v1/blueprints", {
    identifier: "dep",
    title: "D",
    schema: { properties: { n: { type: "number" }, o: { type: "object" } } },
    relations: { service: { target: "svc/a" } },
  });
});
afterAll(() => app.stop());

const entities = "/v1/blueprints/dep/entities";

test("§3.1 blueprints: the whole life over HTTP", async () => {
  const body = {
    identifier: "life",
    title: "L",
    schema: { properties: { a: { type: "string", custom: 1 } } },
    formulaProperties: {},
    description: "",
  };
  const created = await app.send<{ ok: boolean; blueprint: object }>(
    "POST",
    "/v1/blueprints?create_catalog_page=false",
    body,
  );
  expect(created.status).toBe(201);
  expect(created.body).toMatchObject({
    ok: true,
    blueprint: { ...body, relations: {}, createdBy: app.config.clientId },
  });
  expect((await app.send("POST", "/v1/blueprints", body)).status).toBe(409);
  const read = await app.send("GET", "/v1/blueprints/life?exclude_calculated_properties=true");
  expect(read).toMatchObject({ status: 200, body: created.body });
  const patched = await app.send("PATCH", "/v1/blueprints/life", { title: "M" });
  expect(patched).toMatchObject({
    status: 200,
    body: { ok: true, blueprint: { title: "M", formulaProperties: {} } },
  });
  const replaced = await app.send<{ blueprint: object }>("PUT", "/v1/blueprints/life", {
    title: "N",
    schema: { properties: {} },
  });
  expect(replaced.status).toBe(200);
  expect(replaced.body.blueprint).not.toHaveProperty("formulaProperties");
  const all = await app.send<{ blueprints: { identifier: string }[] }>("GET", "/v1/blueprints");
  expect(all.body.blueprints.map((b) => b.identifier)).toContain("life");
  expect(await app.send("DELETE", "/v1/blueprints/life?delete_actions=true")).toMatchObject({
    status: 200,
    body: { ok: true },
  });
  expect(await app.send("GET", "/v1/blueprints/life")).toMatchObject({
    status: 404,
    body: { ok: false, error: "not_found", message: 'Blueprint with identifier "life" was not found' },
  });
});

describe("§4.2 entities", () => {
  test("201 for creation and for change, 409 without upsert, warnings only when there are some", async () => {
    const created = await app.send("POST", entities, {
      identifier: "a",
      properties: { o: { x: [1, { y: null }] }, nope: 1 },
    });
    expect(created.status).toBe(201);
    expect(created.body).toMatchObject({
      ok: true,
      entity: {
        identifier: "a",
        title: null,
        icon: null,
        blueprint: "dep",
        team: [],
        properties: { n: null, o: { x: [1, { y: null }] } },
        relations: { service: null },
      },
      warnings: ['properties.nope: not a property of blueprint "dep", dropped'],
    });
    expect((await app.send("POST", entities, { identifier: "a" })).status).toBe(409);
    const changed = await app.send<object>(
      "POST",
      `${entities}?upsert=true&merge=true&ocean_info_x=1&run_id=`,
      { identifier: "a", properties: { n: 1 }, blueprint: "dep", createdBy: "" },
    );
    expect(changed.status).toBe(201);
    expect(changed.body).not.toHaveProperty("warnings");
    expect(changed.body).toMatchObject({ entity: { properties: { n: 1, o: { x: [1, { y: null }] } } } });
  });

  test("§2.4 odd texts for booleans count as not sent", async () => {
    for (const upsert of ["0xc000123", "TRUE", "1", ""]) {
      const answer = await app.send("POST", `${entities}?upsert=${upsert}`, { identifier: "a" });
      expect(answer.status).toBe(409);
    }
  });

  test("§4.4 PUT and PATCH answer 200, a missing entity 404, another key in PATCH 422", async () => {
    await app.send("POST", `${entities}?upsert=true`, { identifier: "p", title: "T", properties: { n: 1 } });
    expect(await app.send("PATCH", `${entities}/p`, { properties: { n: null } })).toMatchObject({
      status: 200,
      body: { entity: { title: "T", properties: { n: null } } },
    });
    expect(await app.send("PUT", `${entities}/p`, { properties: { n: 3 } })).toMatchObject({
      status: 200,
      body: { entity: { title: null, properties: { n: 3 } } },
    });
    expect((await app.send("PUT", `${entities}/nope`, {})).status).toBe(404);
    expect((await app.send("PATCH", `${entities}/p`, { blueprint: "dep" })).status).toBe(422);
  });

  test("§2.2 a relation whose target or key is missing is 404 not_found, which exporters retry", async () => {
    for (const relations of [{ service: "not-yet" }, { nothing: "x" }])
      expect(await app.send("POST", `${entities}?upsert=true`, { identifier: "r", relations })).toMatchObject(
        {
          status: 404,
          body: {
            ok: false,
            error: "not_found",
            message: expect.stringContaining("was not found") as string,
          },
        },
      );
    expect((await app.send("GET", `${entities}/r`)).status).toBe(404);
  });

  test("§4.1 §3.7 title and icon come back as given, empty texts too; null when not given", async () => {
    for (const given of [{ title: "", icon: "" }, { title: "T", icon: "Whatever" }, {}]) {
      const { body } = await app.send("POST", `${entities}?upsert=true`, { identifier: "echo", ...given });
      expect(body["entity"]).toMatchObject({ title: null, icon: null, ...given });
    }
  });

  test("§4.4 PUT and PATCH take create_missing_related_entities and run_id; PATCH clears by null", async () => {
    await app.send("POST", entities, { identifier: "runs", title: "T", icon: "I" });
    await app.send("POST", "/v1/actions", {
      identifier: "tied",
      trigger: { type: "self-service", operation: "CREATE", userInputs: { properties: {} } },
      invocationMethod: { type: "WEBHOOK", url: "https://example.com", agent: true },
    });
    const { body: started } = await app.send<{ run: { id: string } }>("POST", "/v1/actions/tied/runs", {});
    const query = `create_missing_related_entities=true&run_id=${started.run.id}`;
    const body = { relations: { service: "made/by-put" } };
    expect(await app.send("PUT", `${entities}/runs?${query}`, body)).toMatchObject({
      status: 200,
      body: { entity: body },
    });
    const cleared = { title: null, icon: null, team: null, relations: { service: null } };
    expect(await app.send("PATCH", `${entities}/runs?${query}`, cleared)).toMatchObject({
      status: 200,
      body: { entity: { title: null, icon: null, team: [], relations: { service: null } } },
    });
    const { body: log } = await app.send<{ audits: unknown[] }>(
      "GET",
      `/v1/audit-log?resources=entity&run_id=${started.run.id}`,
    );
    expect(log.audits).toHaveLength(3);
    expect((await app.send("PUT", `${entities}/runs`, { relations: { service: "none" } })).status).toBe(404);
    await app.send("DELETE", "/v1/blueprints/svc%2Fa/entities/made%2Fby-put");
  });

  test("§3.12 missing people and teams are not created along", async () => {
    await app.send("PATCH", "/v1/blueprints/dep", { relations: { owner: { target: "_user" } } });
    const body = { identifier: "owned", relations: { owner: "nobody@example.com" } };
    const answer = await app.send("POST", `${entities}?create_missing_related_entities=true`, body);
    expect(answer).toMatchObject({ status: 404, body: { error: "not_found" } });
    await app.send("PATCH", "/v1/blueprints/dep", { relations: { owner: null } });
  });

  test("§4.6 deleting what is not there is 404", async () => {
    const answer = await app.send("DELETE", `${entities}/nothing?delete_dependents=false&run_id=`);
    expect(answer).toMatchObject({ status: 404, body: { ok: false, error: "not_found" } });
  });

  test("§2.6 rate limits are announced, their end in seconds from now", async () => {
    const { headers } = await app.send("GET", `${entities}?include=identifier`);
    expect(headers.get("x-ratelimit-limit")).toBe("600000");
    expect(headers.get("x-ratelimit-period")).toBe("300");
    expect(Number(headers.get("x-ratelimit-remaining"))).toBeGreaterThan(30_000);
    expect(Number(headers.get("x-ratelimit-reset"))).toBeLessThanOrEqual(300);
  });

  test("§2.3 percent-encoded slashes and letters in identifiers", async () => {
    const at = "/v1/blueprints/svc%2Fa/entities";
    expect((await app.send("POST", at, { identifier: "größe/1+2", title: "x" })).status).toBe(201);
    const path = `${at}/${encodeURIComponent("größe/1+2")}`;
    expect(await app.send("GET", path)).toMatchObject({
      status: 200,
      body: { entity: { identifier: "größe/1+2", blueprint: "svc/a" } },
    });
    expect(await app.send("DELETE", path)).toMatchObject({ status: 200, body: { ok: true } });
    for (const missing of ["%00", "%ED%A0%80", "a%20b"])
      expect((await app.send("GET", `${at}/${missing}`)).status).toBeGreaterThanOrEqual(400);
    expect((await app.send("GET", `${at}/%00`)).status).toBe(404);
  });

  test("§2.4 §4.7 include and exclude take repeated and comma-joined paths", async () => {
    await app.send("POST", `${entities}?upsert=true`, {
      identifier: "inc",
      title: "T",
      properties: { n: 1, o: {} },
    });
    const shape = async (query: string): Promise<unknown> =>
      (await app.send<{ entity: unknown }>("GET", `${entities}/inc?${query}`)).body.entity;
    expect(await shape("include=identifier&include=properties.n")).toEqual({
      identifier: "inc",
      properties: { n: 1 },
    });
    expect(await shape("include=relations.service&include=blueprint&include=team&include=icon")).toEqual({
      ...{ blueprint: "dep", team: [], icon: null, relations: { service: null } },
    });
    expect(await shape("include=createdAt,updatedBy")).toEqual({
      createdAt: expect.any(String) as string,
      updatedBy: app.config.clientId,
    });
    expect(await shape("include=identifier,title")).toEqual({ identifier: "inc", title: "T" });
    expect(await shape("include=properties,identifier&exclude=properties.o")).toEqual({
      identifier: "inc",
      properties: { n: 1 },
    });
  });

  test("§4.7 list and count", async () => {
    const list = await app.send<{ entities: unknown[] }>("GET", `${entities}?include=identifier`);
    const count = await app.send<{ count: number }>("GET", "/v1/blueprints/dep/entities-count");
    expect(list.body.entities.length).toBe(count.body.count);
    expect(list.body.entities[0]).toEqual({ identifier: "a" });
  });
});

describe("§4.5 bulk", () => {
  const bulk = `${entities}/bulk`;
  test("200 when all are good, 207 when some fail, 207 with ok:false when all fail", async () => {
    expect(
      await app.send("POST", `${bulk}?upsert=true`, {
        entities: [{ identifier: "b1" }, { identifier: "b2", properties: { zzz: 1 } }],
      }),
    ).toEqual({
      status: 200,
      headers: expect.anything() as unknown,
      body: {
        ok: true,
        entities: [
          { created: true, identifier: "b1", index: 0 },
          {
            created: true,
            identifier: "b2",
            index: 1,
            warnings: ['properties.zzz: not a property of blueprint "dep", dropped'],
          },
        ],
        errors: [],
      },
    });
    const some = await app.send("POST", `${bulk}?upsert=true`, {
      entities: [
        { identifier: "b1", properties: { n: "x" } },
        { identifier: "b2" },
        null,
        { identifier: "b3", relations: { service: "nope" } },
      ],
    });
    expect(some).toMatchObject({
      status: 207,
      body: { ok: true, entities: [{ created: false, identifier: "b2", index: 1 }] },
    });
    expect(some.body["errors"]).toEqual([
      {
        identifier: "b1",
        index: 0,
        statusCode: 422,
        error: "invalid_request",
        message: 'properties.n "x" must be a number, not string (type)',
      },
      {
        identifier: "unknown",
        index: 2,
        statusCode: 422,
        error: "invalid_request",
        message: "the entity must be an object, not null",
      },
      {
        identifier: "b3",
        index: 3,
        statusCode: 404,
        error: "not_found",
        message: 'Entity with identifier "nope" of blueprint "svc/a" was not found (relations.service)',
      },
    ]);
    expect(await app.send("POST", bulk, { entities: [{ identifier: "b1" }] })).toMatchObject({
      status: 207,
      body: { ok: false, entities: [], errors: [{ index: 0, statusCode: 409, error: "conflict" }] },
    });
  });

  test("§4.3 an item whose identifier is a query without one match is called unknown", async () => {
    const identifier = {
      combinator: "or",
      rules: [
        { property: "$title", operator: "=", value: "nowhere" },
        { combinator: "and", rules: [{ property: "$identifier", operator: "in", value: ["nobody"] }] },
      ],
    };
    const { status, body } = await app.send("POST", `${bulk}?upsert=true`, { entities: [{ identifier }] });
    expect(status).toBe(207);
    expect(body).toMatchObject({ ok: false, entities: [], errors: [{ identifier: "unknown", index: 0 }] });
  });

  test("§2.7 sizes", async () => {
    const many = (count: number): object => ({
      entities: Array.from({ length: count }, (_, i) => ({ identifier: `m${i}` })),
    });
    expect((await app.send("POST", `${bulk}?upsert=true`, many(500))).status).toBe(200);
    for (const body of [many(501), many(0), {}, { entities: [{}], extra: 1 }, { entities: "x" }])
      expect((await app.send("POST", bulk, body)).status).toBe(422);
    expect((await app.send("POST", "/v1/blueprints/nope/entities/bulk", many(1))).status).toBe(404);
  });

  test("§4.6 bulk deletion names what it deleted", async () => {
    const path = "/v1/blueprints/dep/bulk/entities/delete";
    expect(await app.send("POST", path, { entities: ["m0", "m1", "nope"] })).toMatchObject({
      status: 200,
      body: { ok: true, deletedEntities: ["m0", "m1"] },
    });
    expect((await app.send("POST", path, { entities: [] })).status).toBe(422);
  });
});

describe("§5.1 search", () => {
  test("in one blueprint, with pages", async () => {
    const path = `${entities}/search`;
    const query = {
      combinator: "and",
      rules: [{ property: "$identifier", operator: "beginsWith", value: "b" }],
    };
    const first = await app.send<{ next?: string }>("POST", path, {
      query,
      limit: 1,
      include: ["$identifier"],
    });
    expect(first).toMatchObject({ status: 200, body: { ok: true, entities: [{ identifier: "b1" }] } });
    const second = await app.send<object>("POST", path, {
      query,
      limit: 1,
      include: ["$identifier"],
      from: first.body.next,
    });
    expect(second.body).toEqual({ ok: true, entities: [{ identifier: "b2" }] });
    for (const body of [
      { query, limit: 0 },
      { query, limit: 1001 },
      { query, from: "x" },
      {},
      { query: { rules: [] } },
    ])
      expect((await app.send("POST", path, body)).status).toBe(422);
  });

  test("everywhere", async () => {
    const body = {
      combinator: "and",
      rules: [{ property: "$identifier", operator: "in", value: ["b1", "nothing"] }],
    };
    expect(
      await app.send("POST", "/v1/entities/search?include=blueprint&include=identifier", body),
    ).toMatchObject({
      status: 200,
      body: { ok: true, matchingBlueprints: ["dep"], entities: [{ identifier: "b1", blueprint: "dep" }] },
    });
    expect(
      await app.send("POST", "/v1/entities/search", {
        combinator: "and",
        rules: [{ scorecard: "maturity", operator: ">", value: "Gold" }],
      }),
    ).toMatchObject({
      status: 422,
      body: { ok: false, error: "invalid_request", message: expect.stringContaining("scorecard") as string },
    });
  });
});

test("§2.2 §3.10 has_dependents carries the dependents", async () => {
  await app.send("POST", "/v1/blueprints/svc%2Fa/entities", { identifier: "s" });
  const refused = await app.send("DELETE", "/v1/blueprints/svc%2Fa");
  expect(refused).toMatchObject({
    status: 409,
    body: {
      ok: false,
      error: "has_dependents",
      count: 2,
      dependents: [
        { kind: "entity", blueprint: "svc/a", identifier: "s" },
        { kind: "relation", blueprint: "dep", identifier: "service" },
      ],
    },
  });
});

test("§2.8 answers have the types that Go and pydantic decoders take", async () => {
  const property = {
    ...{ type: "string", minLength: 1, maxLength: 9 },
    enum: ["a"],
    enumColors: { a: "red" },
  };
  const count = {
    calculationBy: "entities",
    func: "average",
    averageOf: "week",
    measureTimeBy: "$createdAt",
  };
  await app.send("POST", "/v1/blueprints", {
    ...{ identifier: "typed", title: "T", ownership: { type: "Direct" } },
    schema: { properties: { s: property, l: { type: "array", minItems: 1, maxItems: 2 } } },
    relations: { up: { target: "svc/a" } },
    mirrorProperties: { m: { path: "up.$title" } },
    calculationProperties: { c: { calculation: ".title", type: "string", colors: { a: "red" } } },
    aggregationProperties: {
      n: { title: "N", target: "dep", calculationSpec: count, pathFilter: [{ path: ["up", "x"] }] },
    },
  });
  await app.send("POST", "/v1/blueprints/typed/entities", { identifier: "e", team: "crew" });
  const text = expect.any(String) as string;
  const time = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/) as string;
  const stamps = { createdAt: time, createdBy: text, updatedAt: time, updatedBy: text };
  const { body } = await app.send<{ blueprint: object }>("GET", "/v1/blueprints/typed");
  expect(body.blueprint).toMatchObject({
    ...stamps,
    schema: { properties: { s: property, l: { minItems: 1, maxItems: 2 } } },
    relations: { up: { target: "svc/a", many: false, required: false } },
    ownership: { type: "Direct" },
    calculationProperties: { c: { colors: { a: "red" } } },
    aggregationProperties: { n: { calculationSpec: count, pathFilter: [{ path: ["up", "x"] }] } },
  });
  const at = "/v1/blueprints/typed/entities/e";
  const whole = await app.send<{ entity: object }>("GET", at);
  expect(whole.body.entity).toEqual({
    ...{ identifier: "e", title: null, icon: null, blueprint: "typed", team: ["crew"] },
    properties: { s: null, l: null, m: null, c: null, n: null },
    relations: { up: null },
    ...stamps,
  });
  // §4.7: what is computed goes, aggregations too, as Terraform relies on.
  const own = await app.send<{ entity: object }>("GET", `${at}?exclude_calculated_properties=true`);
  expect(own.body.entity).toMatchObject({ properties: { s: null, l: null } });
  expect(Object.keys((own.body.entity as { properties: object }).properties)).toEqual(["s", "l"]);
  const { organization } = (await app.send("GET", "/v1/organization")).body;
  expect(organization).toMatchObject({ id: text, name: text, featureFlags: [] });
});

test("§2.1 §2.2 hostile bodies get an answer of the one shape", async () => {
  const deep = `{"identifier":"x","properties":{"o":${'{"a":'.repeat(50_000)}1${"}".repeat(50_000)}}}`;
  for (const [body, status] of [
    [deep, 422],
    ['{"identifier":"x","properties":{"n":1e999}}', 422],
    ['{"identifier":"x","title":"\\u0000"}', 422],
    ['{"identifier":"x","title":"\\ud800"}', 422],
    ['{"__proto__":{"identifier":"y"},"identifier":"x"}', 400],
    ["{", 400],
    ["[]", 422],
    ["null", 422],
    ["5", 422],
    [`{"identifier":"x","title":"${"x".repeat(1_100_000)}"}`, 413],
  ] as const) {
    const answer = await app.send("POST", `${entities}?upsert=true`, body);
    expect([body.slice(0, 50), answer.status]).toEqual([body.slice(0, 50), status]);
    expect(answer.body).toMatchObject({
      ok: false,
      error: expect.any(String) as string,
      message: expect.any(String) as string,
    });
  }
});

test("every operation is described in openapi.json", async () => {
  const { body } = await app.send<{
    paths: Record<string, Record<string, { tags?: string[]; summary?: string; responses: object }>>;
  }>("GET", "/openapi.json");
  for (const [path, methods] of Object.entries({
    "/v1/blueprints": ["get", "post"],
    "/v1/blueprints/{blueprint}": ["get", "put", "patch", "delete"],
    "/v1/blueprints/{blueprint}/entities": ["get", "post"],
    "/v1/blueprints/{blueprint}/entities/bulk": ["post"],
    "/v1/blueprints/{blueprint}/entities/{entity}": ["get", "put", "patch", "delete"],
    "/v1/blueprints/{blueprint}/entities-count": ["get"],
    "/v1/blueprints/{blueprint}/bulk/entities/delete": ["post"],
    "/v1/blueprints/{blueprint}/entities/search": ["post"],
    "/v1/entities/search": ["post"],
  }))
    for (const method of methods) {
      const operation = body.paths[path]?.[method];
      expect([path, method, operation?.tags, operation?.summary]).toEqual([
        path,
        method,
        [expect.any(String)],
        expect.any(String),
      ]);
      expect(Object.keys(operation?.responses ?? {})).toContain("401");
    }
});
