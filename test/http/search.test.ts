/** Search and aggregates as clients see them (data-model.md §4.7, §5.1, §7). */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startTestApp, type TestApp } from "../support/app.ts";

let app: TestApp;

interface Found {
  readonly ok: boolean;
  readonly entities: Record<string, unknown>[];
  readonly matchingBlueprints: string[];
  readonly next?: string;
  readonly failedBlueprints?: string[];
}

beforeAll(async () => {
  app = await startTestApp();
  await app.send("POST", "/v1/blueprints", {
    identifier: "svc",
    title: "S",
    schema: { properties: { url: { type: "string" } } },
  });
  await app.send("POST", "/v1/blueprints", {
    identifier: "dep",
    title: "D",
    schema: {
      properties: {
        n: { type: "number" },
        at: { type: "string", format: "date-time" },
        text: { type: "string" },
      },
    },
    relations: { service: { target: "svc" }, others: { target: "svc", many: true } },
    mirrorProperties: { address: { path: "service.url" } },
  });
  await app.send("POST", "/v1/blueprints/svc/entities", {
    identifier: "s",
    title: "Service",
    properties: { url: "u" },
  });
  await app.send("POST", "/v1/blueprints/dep/entities", {
    identifier: "d",
    title: "T",
    properties: { n: 1, at: "2024-06-15T10:00:00Z" },
    relations: { service: "s", others: ["s"] },
  });
});
afterAll(() => app.stop());

const and = (...rules: object[]): object => ({ combinator: "and", rules });
const is = (property: string, operator: string, value: unknown): object => ({ property, operator, value });
const search = (query: string, body: unknown) => app.send<Found>("POST", `/v1/entities/search${query}`, body);
const inDep = (body: object) => app.send<Found>("POST", "/v1/blueprints/dep/entities/search", body);

describe("§5.1 POST /v1/entities/search", () => {
  test("§5.1 the query is the body; the answer names the blueprints of what it found", async () => {
    const answer = await search("", and(is("$blueprint", "in", ["dep", "svc"])));
    expect(answer.status).toBe(200);
    expect(answer.headers.get("content-type")).toMatch(/^application\/json/);
    expect(answer.body).toMatchObject({ ok: true, matchingBlueprints: ["dep", "svc"] });
    expect(answer.body.entities.map((entity) => entity["identifier"])).toEqual(["d", "s"]);
    expect(answer.body).not.toHaveProperty("failedBlueprints");
    expect(answer.body).not.toHaveProperty("next");
  });

  test("§5.1 nothing found", async () => {
    const { body } = await search("", and(is("$identifier", "=", "nobody")));
    expect(body).toEqual({ ok: true, entities: [], matchingBlueprints: [] });
  });

  test("§4.7 include as repeated keys and joined by commas; exclude", async () => {
    for (const query of ["?include=blueprint&include=identifier", "?include=blueprint,identifier"])
      expect((await search(query, and(is("$identifier", "=", "d")))).body.entities).toEqual([
        { identifier: "d", blueprint: "dep" },
      ]);
    const part = await search(
      "?include=properties.n&include=relations.service",
      and(is("$identifier", "=", "d")),
    );
    expect(part.body.entities).toEqual([{ properties: { n: 1 }, relations: { service: "s" } }]);
    const [without] = (await search("?exclude=properties,title", and(is("$identifier", "=", "d")))).body
      .entities;
    expect(without).not.toHaveProperty("properties");
    expect(without).not.toHaveProperty("title");
    expect(without).toMatchObject({ relations: { service: "s" } });
  });

  test("§4.7 attach_title_to_relation", async () => {
    const { body } = await search("?attach_title_to_relation=true", and(is("$identifier", "=", "d")));
    expect(body.entities[0]).toMatchObject({
      relations: {
        service: { identifier: "s", title: "Service" },
        others: [{ identifier: "s", title: "Service" }],
      },
    });
  });

  test("§4.7 exclude_calculated_properties", async () => {
    const [whole] = (await search("", and(is("$identifier", "=", "d")))).body.entities;
    expect(whole?.["properties"]).toHaveProperty("address");
    const [own] = (await search("?exclude_calculated_properties=true", and(is("$identifier", "=", "d")))).body
      .entities;
    expect(own?.["properties"]).toEqual({ n: 1, at: "2024-06-15T10:00:00Z", text: null });
  });

  test("§2.4 unknown parameters and odd texts for booleans are ignored, as Terraform sends them", async () => {
    const query = "?attach_title_to_relation=0xc000012345&allow_partial_results=0xc0&ocean_info_x=1&include=";
    const { status, body } = await search(query, and(is("$identifier", "=", "d")));
    expect(status).toBe(200);
    expect(body.entities[0]).toMatchObject({ relations: { service: "s" } });
  });

  test("§2.1 refusals have the envelope, before anything is sent", async () => {
    for (const [body, message] of [
      [{}, "combinator"],
      [{ combinator: "and", rules: [is("s", "like", 1)] }, 'query.rules[0].operator "like" is not one of'],
      [
        { combinator: "and", rules: [{ scorecard: "x", operator: ">", value: 1 }] },
        'query.rules[0].operator ">" is not one of',
      ],
    ] as const) {
      const answer = await search("", body);
      expect(answer.status).toBe(422);
      expect(answer.body).toMatchObject({ ok: false, error: "invalid_request" });
      expect((answer.body as unknown as { message: string }).message).toContain(message);
    }
  });
});

describe("§5.1 POST /v1/blueprints/{bp}/entities/search", () => {
  test("§5.1 include and exclude name properties and relations, metas with $; keys of the answer are plain", async () => {
    const { body } = await inDep({ query: and(), include: ["$identifier", "$title", "n", "service"] });
    expect(body.entities).toEqual([
      { identifier: "d", title: "T", properties: { n: 1 }, relations: { service: "s" } },
    ]);
    const [rest] = (await inDep({ query: and(), exclude: ["n", "others", "$team"] })).body.entities;
    expect(rest?.["properties"]).not.toHaveProperty("n");
    expect(rest).not.toHaveProperty("team");
  });

  test("§2.7 §5.1 limit from 1 to 1000; another blueprint is not searched; one that does not exist is 404", async () => {
    expect((await inDep({ query: and(), limit: 0 })).status).toBe(422);
    expect((await inDep({ query: and(), limit: 1001 })).status).toBe(422);
    expect((await inDep({ query: and(), limit: 1.5 })).status).toBe(422);
    expect((await inDep({ query: and(), unknown: 1 })).status).toBe(422);
    expect((await inDep({ query: and(is("$identifier", "=", "s")) })).body.entities).toEqual([]);
    const missing = await app.send("POST", "/v1/blueprints/nope/entities/search", { query: and() });
    expect(missing).toMatchObject({ status: 404, body: { ok: false, error: "not_found" } });
  });

  test("§5.1 a cursor that is none, or of another blueprint, is refused", async () => {
    const cursor = (...parts: unknown[]): string => Buffer.from(JSON.stringify(parts)).toString("base64url");
    for (const from of [
      "",
      "x",
      "W10",
      "../../etc/passwd",
      cursor("dep", "2024-01-01T00:00:00Z"),
      cursor("dep", "yesterday", "d"),
      cursor("dep", "2024-02-30T00:00:00Z", "d"),
      cursor("dep", "2024-01-01T00:00:00Z", "a b"),
      cursor("dep", "2024-01-01T00:00:00Z", "'; drop table entity; --"),
      cursor("dep", "2024-01-01T00:00:00Z", "\u0000"),
      cursor("dep", "2024-01-01T00:00:00Z", 7),
      cursor("svc", "2024-01-01T00:00:00Z", "d"),
      `${cursor("dep", "2024-01-01T00:00:00Z", "d")}=`,
      ` ${cursor("dep", "2024-01-01T00:00:00Z", "d")}`,
      "A".repeat(100_000),
    ]) {
      const answer = await inDep({ query: and(), from });
      expect([from.slice(0, 60), answer.status, answer.body]).toMatchObject([
        from.slice(0, 60),
        422,
        { ok: false, error: "invalid_request", message: expect.stringMatching(/^from is/) as string },
      ]);
    }
    expect((await inDep({ query: and(), from: null })).status).toBe(200);
  });
});

test("§5.1 an answer of several pages is one document", async () => {
  await app.send("POST", "/v1/blueprints", { identifier: "many", title: "M", schema: { properties: {} } });
  for (let batch = 0; batch < 3; batch++)
    await app.send("POST", "/v1/blueprints/many/entities/bulk", {
      entities: Array.from({ length: 400 }, (_, i) => ({ identifier: `m${batch}-${i}` })),
    });
  const { status, body } = await search("?include=identifier", and(is("$blueprint", "=", "many")));
  expect(status).toBe(200);
  expect(body.entities).toHaveLength(1200);
  expect(new Set(body.entities.map((entity) => entity["identifier"])).size).toBe(1200);
  expect(body.matchingBlueprints).toEqual(["many"]);
});

describe("§7 aggregates over HTTP", () => {
  test("§7.1 POST /v1/entities/aggregate", async () => {
    const query = and(is("$blueprint", "=", "dep"));
    expect(await app.send("POST", "/v1/entities/aggregate", { func: "count", query })).toMatchObject({
      status: 200,
      body: { ok: true, result: 1 },
    });
    const none = { func: "max", property: "n", query: and(is("$blueprint", "=", "dep"), is("n", ">", 5)) };
    expect((await app.send("POST", "/v1/entities/aggregate", none)).body).toEqual({ ok: true, result: null });
    const values = { func: "countValues", property: "n", query };
    expect((await app.send("POST", "/v1/entities/aggregate", values)).body).toEqual({
      ok: true,
      result: { values: [{ value: 1, count: 1 }], other: { values: 0, count: 0 } },
    });
    expect(await app.send("POST", "/v1/entities/aggregate", { func: "nope", query })).toMatchObject({
      status: 422,
      body: { ok: false, error: "invalid_request" },
    });
  });

  test("§7.2 POST /v1/entities/aggregate-over-time", async () => {
    const body = {
      blueprint: "dep",
      timeRange: { preset: "today", timeZone: "UTC" },
      timeInterval: "day",
      query: and(),
      measureTimeBy: "$createdAt",
      aggregationType: "aggregatePropertiesValues",
      func: "sum",
      properties: ["n"],
    };
    const answer = await app.send<{ result: { data: object[] } }>(
      "POST",
      "/v1/entities/aggregate-over-time",
      body,
    );
    expect(answer.status).toBe(200);
    expect(answer.body.result.data).toEqual([{ date: expect.any(Number) as number, n: 1 }]);
    expect(answer.body.result).toMatchObject({ partial: [], series: [{ key: "n", value: "n" }] });
  });

  test("§7.3 POST /v1/entities/properties-history", async () => {
    const body = {
      blueprintIdentifier: "dep",
      entityIdentifier: "d",
      propertyNames: ["n"],
      timeInterval: "day",
      timeRange: { preset: "today" },
    };
    const answer = await app.send<{ result: { data: object[] } }>(
      "POST",
      "/v1/entities/properties-history",
      body,
    );
    expect(answer.status).toBe(200);
    expect(answer.body.result.data).toEqual([{ date: expect.any(Number) as number, n: 1 }]);
  });
});

describe("GET /v1/entities/find", () => {
  interface Names {
    readonly entities: { readonly blueprint: string; readonly identifier: string }[];
  }
  const find = async (query: string, headers?: Record<string, string>): Promise<string[]> => {
    const { status, body } = await app.send<Names>("GET", `/v1/entities/find?${query}`, undefined, headers);
    expect(status).toBe(200);
    return body.entities.map(({ blueprint, identifier }) => `${blueprint}/${identifier}`);
  };

  test("the best name first, a few of each blueprint, every word somewhere in title or identifier", async () => {
    for (const id of ["shop", "pay"])
      await app.send("POST", "/v1/blueprints", { identifier: id, title: id, schema: { properties: {} } });
    const entities = [
      { identifier: "a1", title: "Old payments" },
      { identifier: "a2", title: "Payments" },
      { identifier: "a3", title: "Payments of Ünal, 50%" },
      { identifier: "payments", title: "Zeta" },
      ...Array.from({ length: 20 }, (_, i) => ({ identifier: `b${i}`, title: `repayments ${i}` })),
    ];
    await app.send("POST", "/v1/blueprints/shop/entities/bulk", { entities: entities.slice(0, 20) });
    await app.send("POST", "/v1/blueprints/pay/entities", { identifier: "z", title: "Their payments" });
    const found = await find("text=payments");
    expect(found.slice(0, 2).toSorted()).toEqual(["shop/a2", "shop/payments"]);
    expect(found.filter((name) => name.startsWith("shop/"))).toHaveLength(6);
    expect(found).toContain("pay/z");
    expect(await find("text=PAYMENTS%20old")).toEqual(["shop/a1"]);
    expect(await find("text=50%25")).toEqual(["shop/a3"]);
    expect(await find("text=%C3%BCnal")).toEqual(["shop/a3"]);
    expect(await find("text=payments&limit=1")).toHaveLength(1);
    for (const nothing of ["text=", "text=%20", "text=_", "text=%00", "text=no-such-thing"])
      expect([nothing, await find(nothing)]).toEqual([nothing, []]);
  });

  test("a missing text, one that is too long, a limit out of bounds are refused", async () => {
    for (const query of [
      "",
      `text=${"x".repeat(201)}`,
      "text=a&limit=0",
      "text=a&limit=51",
      "text=a&limit=x",
    ])
      expect([query, (await app.send("GET", `/v1/entities/find?${query}`)).status]).toEqual([query, 422]);
  });

  test("what may not be read is not found; system blueprints other than people and teams are not looked in", async () => {
    const email = "finder@example.com";
    await app.send("POST", "/v1/users/invite", { invitee: { email } });
    await app.send("PATCH", `/v1/blueprints/_user/entities/${email}`, { properties: { status: "Active" } });
    const renewed = await app.send<{ credentials: object }>("POST", `/v1/rotate-credentials/${email}`);
    const { body } = await app.send<{ accessToken: string }>(
      "POST",
      "/v1/auth/access_token",
      renewed.body.credentials,
      {},
    );
    const theirs = { authorization: `Bearer ${body.accessToken}` };
    expect(await find("text=zeta", theirs)).toEqual(["shop/payments"]);
    expect(await find("text=finder", theirs)).toEqual([`_user/${email}`]);
    await app.send("PATCH", "/v1/blueprints/shop/permissions", {
      entities: { read: { users: ["admin@example.com"] } },
    });
    expect(await find("text=zeta", theirs)).toEqual([]);
    expect(await find("text=zeta")).toEqual(["shop/payments"]);
  });
});
