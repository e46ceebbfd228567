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

test("blueprints: the whole life over HTTP (§3.1)", async () => {
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

describe("entities (§4.2)", () => {
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

  test("odd texts for booleans count as not sent (§2.4)", async () => {
    for (const upsert of ["0xc000123", "TRUE", "1", ""]) {
      const answer = await app.send("POST", `${entities}?upsert=${upsert}`, { identifier: "a" });
      expect(answer.status).toBe(409);
    }
  });

  test("PUT and PATCH answer 200, a missing entity 404, another key in PATCH 422", async () => {
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

  test("percent-encoded slashes and letters in identifiers", async () => {
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

  test("include and exclude take repeated and comma-joined paths", async () => {
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
    expect(await shape("include=identifier,title")).toEqual({ identifier: "inc", title: "T" });
    expect(await shape("include=properties,identifier&exclude=properties.o")).toEqual({
      identifier: "inc",
      properties: { n: 1 },
    });
  });

  test("list and count", async () => {
    const list = await app.send<{ entities: unknown[] }>("GET", `${entities}?include=identifier`);
    const count = await app.send<{ count: number }>("GET", "/v1/blueprints/dep/entities-count");
    expect(list.body.entities.length).toBe(count.body.count);
    expect(list.body.entities[0]).toEqual({ identifier: "a" });
  });
});

describe("bulk (§4.5)", () => {
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

  test("sizes", async () => {
    const many = (count: number): object => ({
      entities: Array.from({ length: count }, (_, i) => ({ identifier: `m${i}` })),
    });
    expect((await app.send("POST", `${bulk}?upsert=true`, many(500))).status).toBe(200);
    for (const body of [many(501), many(0), {}, { entities: [{}], extra: 1 }, { entities: "x" }])
      expect((await app.send("POST", bulk, body)).status).toBe(422);
    expect((await app.send("POST", "/v1/blueprints/nope/entities/bulk", many(1))).status).toBe(404);
  });

  test("bulk deletion names what it deleted", async () => {
    const path = "/v1/blueprints/dep/bulk/entities/delete";
    expect(await app.send("POST", path, { entities: ["m0", "m1", "nope"] })).toMatchObject({
      status: 200,
      body: { ok: true, deletedEntities: ["m0", "m1"] },
    });
    expect((await app.send("POST", path, { entities: [] })).status).toBe(422);
  });
});

describe("search (§5.1)", () => {
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
        rules: [{ scorecard: "maturity", operator: "=", value: "Gold" }],
      }),
    ).toMatchObject({
      status: 422,
      body: { ok: false, error: "invalid_request", message: expect.stringContaining("scorecard") as string },
    });
  });
});

test("has_dependents carries the dependents", async () => {
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

test("hostile bodies get an answer of the one shape", async () => {
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
