/** Reading entities over HTTP (data-model.md §4.7, §4.8). */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startTestApp, type TestApp } from "../support/app.ts";

const OCEAN = "port-ocean/github/1.2.3/main/exporter";
const PREFIX = { datasource_prefix: "port-ocean/github/", datasource_suffix: "/main/exporter" };
type Body = Record<string, unknown>;

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
  await send("POST", "/v1/blueprints", { identifier: "team", title: "T", schema: { properties: {} } });
  await send("POST", "/v1/blueprints", {
    identifier: "service",
    title: "S",
    schema: { properties: { tier: { type: "string" } } },
    calculationProperties: { up: { title: "Up", type: "string", calculation: ".title" } },
    relations: { owner: { target: "team" }, friends: { target: "service", many: true } },
  });
  await send("POST", "/v1/blueprints/team/entities", { identifier: "red", title: "Red" });
  const entities = Array.from({ length: 1234 }, (_, i) => ({
    identifier: `s${i}`,
    title: i === 0 ? null : `S ${i}`,
    relations: { owner: "red" },
  }));
  for (let at = 0; at < entities.length; at += 400)
    await send("POST", "/v1/blueprints/service/entities/bulk", { entities: entities.slice(at, at + 400) });
  await send("PATCH", "/v1/blueprints/service/entities/s3", { relations: { friends: ["s1", "s0"] } });
});
afterAll(() => app.stop());

async function send(method: string, path: string, body?: unknown, agent?: string): Promise<Body> {
  const headers = {
    authorization: `Bearer ${app.token}`,
    ...(agent === undefined ? {} : { "user-agent": agent }),
  };
  const answer = await app.send<Body>(method, path, body, headers);
  expect(answer).toMatchObject({ body: { ok: true } });
  return answer.body;
}

describe("§4.7 reads", () => {
  test("§2.5 §4.7 all entities of a blueprint come in one answer, oldest first, however many", async () => {
    const { ok, entities } = await send(
      "GET",
      "/v1/blueprints/service/entities?include=identifier,blueprint",
    );
    expect(ok).toBe(true);
    expect(entities).toHaveLength(1234);
    expect((entities as Body[])[0]).toEqual({ identifier: "s0", blueprint: "service" });
    const identifiers = (entities as Body[]).map((entity) => entity["identifier"]);
    expect(new Set(identifiers).size).toBe(1234);
    expect((await send("GET", "/v1/blueprints/service/entities-count"))["count"]).toBe(1234);
  });

  test("an empty blueprint answers an empty list, a missing one 404", async () => {
    await send("POST", "/v1/blueprints", { identifier: "empty", title: "E", schema: { properties: {} } });
    expect(await send("GET", "/v1/blueprints/empty/entities")).toEqual({ ok: true, entities: [] });
    expect((await app.send("GET", "/v1/blueprints/none/entities")).status).toBe(404);
  });

  test("attach_title_to_relation gives identifier and title", async () => {
    const { entity } = await send("GET", "/v1/blueprints/service/entities/s3?attach_title_to_relation=true");
    expect((entity as Body)["relations"]).toEqual({
      owner: { identifier: "red", title: "Red" },
      friends: [
        { identifier: "s1", title: "S 1" },
        { identifier: "s0", title: null },
      ],
    });
    const { entity: none } = await send(
      "GET",
      "/v1/blueprints/team/entities/red?attach_title_to_relation=true",
    );
    expect((none as Body)["relations"]).toEqual({});
  });

  test("exclude_calculated_properties leaves out what is computed; an odd flag counts as not sent", async () => {
    const path = "/v1/blueprints/service/entities/s3";
    expect(((await send("GET", path))["entity"] as Body)["properties"]).toEqual({ tier: null, up: "S 3" });
    const { entity } = await send("GET", `${path}?exclude_calculated_properties=true`);
    expect((entity as Body)["properties"]).toEqual({ tier: null });
    const { entity: odd } = await send("GET", `${path}?exclude_calculated_properties=0xc000123`);
    expect((odd as Body)["properties"]).toHaveProperty("up");
  });
});

describe("§4.8 data sources", () => {
  const find = (body: Body) => send("POST", "/v1/blueprints/entities/datasource-entities", body);
  const bulk = (ids: readonly string[], tier: string, query = "") =>
    send(
      "POST",
      `/v1/blueprints/service/entities/bulk?upsert=true&merge=true${query}`,
      { entities: ids.map((identifier) => ({ identifier, properties: { tier } })) },
      OCEAN,
    );
  const ids = (answer: Body): unknown[] =>
    (answer["entities"] as Body[]).map((entity) => entity["identifier"]);

  test("entities are found by their last writer, in pages, wildcards taken as they are", async () => {
    await bulk(["s5", "s6", "s7"], "gold");
    expect(await find(PREFIX)).toEqual({
      ok: true,
      entities: ["s5", "s6", "s7"].map((identifier) => ({ identifier, blueprint: "service" })),
    });
    const first = await find({ ...PREFIX, limit: 2 });
    expect(ids(first)).toEqual(["s5", "s6"]);
    expect(ids(await find({ ...PREFIX, limit: 2, from: first["next"] }))).toEqual(["s7"]);
    expect(ids(await find({ ...PREFIX, datasource_prefix: "port-ocean/%/" }))).toEqual([]);
    expect(ids(await find({ datasource_prefix: OCEAN, datasource_suffix: OCEAN }))).toEqual([]);
  });

  test("§4.8 §5.1 the older way: a search for both ends of $datasource, and for identifiers", async () => {
    const rules = [
      { property: "$datasource", operator: "contains", value: PREFIX.datasource_prefix },
      { property: "$datasource", operator: "contains", value: PREFIX.datasource_suffix },
      { combinator: "or", rules: [{ property: "$identifier", operator: "in", value: ["s5", "s7", "s8"] }] },
    ];
    const path = "/v1/entities/search?include=blueprint&include=identifier";
    expect((await send("POST", path, { combinator: "and", rules }))["entities"]).toEqual(
      ["s5", "s7"].map((identifier) => ({ identifier, blueprint: "service" })),
    );
    const extra = "?include=blueprint&include=identifier";
    expect(
      ids(await send("POST", `/v1/blueprints/entities/datasource-entities${extra}`, PREFIX)),
    ).toHaveLength(3);
  });

  test("a person's edit takes the entity over; an exporter that sends it again owns it, though nothing changed", async () => {
    await send("PATCH", "/v1/blueprints/service/entities/s5", { title: "mine" }, "curl/8");
    expect(ids(await find(PREFIX))).toEqual(["s6", "s7"]);
    const before = (await send("GET", "/v1/blueprints/service/entities/s5"))["entity"] as Body;
    await bulk(["s5"], "gold");
    expect(ids(await find(PREFIX))).toEqual(["s5", "s6", "s7"]);
    expect((await send("GET", "/v1/blueprints/service/entities/s5"))["entity"]).toEqual(before);
  });

  test("`before` does not count what the running resync itself changes, so that the rate of stale entities is right", async () => {
    const started = new Date().toISOString();
    await bulk(["s6", "s7"], "silver", "&ocean_info_event_type=resync&ocean_info_resync_id=1");
    expect(ids(await find({ ...PREFIX, before: started }))).toEqual(["s5", "s6", "s7"]);
    await bulk(["s7"], "bronze", "&ocean_info_event_type=live_event");
    expect(ids(await find({ ...PREFIX, before: started }))).toEqual(["s5", "s6"]);
  });

  test("a wrong time or cursor is refused", async () => {
    for (const wrong of [{ before: "yesterday" }, { from: "x" }, { limit: 5001 }]) {
      const answer = await app.send("POST", "/v1/blueprints/entities/datasource-entities", {
        ...PREFIX,
        ...wrong,
      });
      expect(answer).toMatchObject({ status: 422, body: { error: "invalid_request" } });
    }
  });
});
