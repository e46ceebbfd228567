/** Indexes on single properties: made where slow searches asked for them, used, dropped again. */
import { CompiledQuery, createQueryId, sql } from "kysely";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { changeBlueprint } from "../../src/catalog/define-blueprint.ts";
import { allBlueprints } from "../../src/catalog/search-catalog.ts";
import { type IndexRules, tendIndexes } from "../../src/catalog/search-keep-indexes.ts";
import { NOBODY } from "../../src/catalog/search-person.ts";
import { parseQuery } from "../../src/model/query.ts";
import type { Ctx } from "../../src/storage/context.ts";
import { findStatement } from "../../src/storage/find-entities.ts";
import { readOnly } from "../../src/storage/read-only.ts";
import { EVERY_COLUMN, runSearch, searchStatement } from "../../src/storage/search.ts";
import type { IndexKey, IndexKind } from "../../src/storage/search-drive.ts";
import { noteWishes, readIndexes } from "../../src/storage/search-indexes.ts";
import { onPostgres, openTestDatabase, type TestDatabase } from "../support/database.ts";
import { define } from "./fixture.ts";

const ROWS = 3000;
const RULES: IndexRules = { minRows: 1000, minUses: 2, maxIndexes: 10, maxPerBlueprint: 5, maxIdleDays: 30 };

let t: TestDatabase;
let ctx: Ctx;

beforeAll(async () => {
  t = await openTestDatabase();
  ctx = t.ctx;
  await define(ctx, "small", { s: { type: "string" } });
  await define(
    ctx,
    "big",
    {
      s: { type: "string" },
      n: { type: "number" },
      b: { type: "boolean" },
      at: { type: "string", format: "date-time" },
      l: { type: "array" },
      gone: { type: "string" },
    },
    {
      ownership: { type: "Direct" },
      relations: { up: { target: "small" } },
      mirrorProperties: { shown: { path: "up.s" } },
      calculationProperties: { double: { calculation: ".properties.n * 2", type: "number" } },
    },
  );
  for (const [blueprint, rows] of [
    ["small", 10],
    ["big", ROWS],
  ])
    await sql`
      insert into entity (org, blueprint, identifier, title, derived, properties, created_at, created_by, updated_at, updated_by)
      select ${ctx.org}, ${blueprint}, ${blueprint} || i, 'Title number ' || i, jsonb_build_object('double', i * 2, 'shown', 'm' || i), jsonb_build_object('s', 'v' || i, 'n', i, 'b', i % 1000 = 0,
          'at', to_char(timestamp '2024-01-01' + i * interval '1 hour', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'), 'l', jsonb_build_array('e' || i, 'all'), 'gone', 'g' || i),
        timestamptz '2024-01-01' + i * interval '1 minute', 'x', timestamptz '2024-01-01' + i * interval '1 minute', 'x'
      from generate_series(1, ${rows}::int) i`.execute(ctx.db);
  await sql`analyze entity`.execute(ctx.db);
});
afterAll(() => t.close());

const key = (property: string, kind: IndexKind, blueprint = "big"): IndexKey => ({
  blueprint,
  property,
  kind,
});
const derived = (property: string, kind: IndexKind): IndexKey => ({
  ...key(property, kind),
  column: "derived",
});

async function tend(rules: Partial<IndexRules> = {}): Promise<void> {
  // It makes few at a time.
  for (let i = 0; i < 6; i++) await tendIndexes(ctx, onPostgres, { ...RULES, ...rules });
}

async function wish(keys: readonly IndexKey[], times = 2): Promise<void> {
  for (let i = 0; i < times; i++) await noteWishes(ctx.db, ctx.org, keys);
}

/** Names of the indexes on entities that searches asked for. */
async function indexNames(): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`
    select indexname as name from pg_indexes where tablename = 'entity' and indexname like 'search\\_%' order by 1`.execute(
    ctx.db,
  );
  return rows.map((row) => row.name);
}

beforeEach(async () => {
  for (const name of await indexNames()) await sql`drop index ${sql.ref(name)}`.execute(ctx.db);
  await sql`delete from search_index`.execute(ctx.db);
});

/** Identifiers that a rule finds, and the plan with which it does. */
async function search(rule: object): Promise<{ found: string[]; plan: string; wishes: readonly IndexKey[] }> {
  const { statement, wishes } = searchStatement(
    {
      query: parseQuery({ combinator: "and", rules: [rule] }, "query"),
      scope: {
        org: ctx.org,
        now: new Date(),
        blueprints: await allBlueprints(ctx),
        within: new Set(["big"]),
        ...NOBODY,
      },
      everywhere: false,
      indexes: await readIndexes(ctx.db, ctx.org),
      columns: EVERY_COLUMN,
    },
    { limit: 200, after: null },
  );
  return readOnly(ctx.db, 10_000, async (db) => {
    const { found } = await runSearch(db, statement);
    const compiled = t.database.kysely
      .getExecutor()
      .compileQuery(statement.toOperationNode(), createQueryId());
    const explained = await db.executeQuery<Record<string, string>>(
      CompiledQuery.raw(`explain ${compiled.sql}`, [...compiled.parameters]),
    );
    return {
      found: found.map(({ entity }) => entity.identifier),
      plan: explained.rows.map((row) => row["QUERY PLAN"]).join("\n"),
      wishes,
    };
  });
}

describe("an index on a property", () => {
  const cases: [IndexKey, object, string[]][] = [
    [key("s", "text"), { property: "s", operator: "=", value: "v17" }, ["big17"]],
    [key("s", "text"), { property: "s", operator: "in", value: ["v17", "v4", "nope"] }, ["big4", "big17"]],
    [key("b", "text"), { property: "b", operator: "=", value: true }, ["big1000", "big2000", "big3000"]],
    [key("n", "number"), { property: "n", operator: ">", value: 2998 }, ["big2999", "big3000"]],
    [key("n", "number"), { property: "n", operator: "=", value: 5 }, ["big5"]],
    [
      key("at", "instant"),
      {
        property: "at",
        operator: "between",
        value: { from: "2024-01-01T02:00:00Z", to: "2024-01-01T04:00:00Z" },
      },
      ["big2", "big3"],
    ],
    [key("l", "list"), { property: "l", operator: "contains", value: "e7" }, ["big7"]],
    [key("l", "list"), { property: "l", operator: "containsAny", value: ["e7", "e9"] }, ["big7", "big9"]],
    [derived("double", "number"), { property: "double", operator: "=", value: 34 }, ["big17"]],
    [
      derived("double", "number"),
      { property: "double", operator: ">=", value: 5998 },
      ["big2999", "big3000"],
    ],
    [derived("shown", "text"), { property: "shown", operator: "=", value: "m17" }, ["big17"]],
    [key("$title", "text"), { property: "$title", operator: "=", value: "Title number 8" }, ["big8"]],
    [
      key("$updatedAt", "instant"),
      { property: "$updatedAt", operator: "<", value: "2024-01-01T00:02:30Z" },
      ["big1", "big2"],
    ],
  ];
  test.each(cases)("%j is asked for, made and used", async (index, rule, expected) => {
    const before = await search(rule);
    expect(before.found).toEqual(expected);
    expect(before.wishes).toEqual([index]);
    await wish(before.wishes);
    await tend();
    const [name] = await indexNames();
    expect(name).toMatch(/^search_/);
    const after = await search(rule);
    expect(after.found).toEqual(expected);
    expect(after.wishes).toEqual([]);
    expect(after.plan).toContain(name);
  });

  test("any part of a text, where the extension for it can be had: not in the embedded database", async () => {
    await wish([key("$title", "part")]);
    await tend();
    const { found, plan } = await search({ property: "$title", operator: "contains", value: "NUMBER 299" });
    expect(found).toHaveLength(11);
    const names = await indexNames();
    expect(names).toHaveLength(onPostgres ? 1 : 0);
    for (const name of names) expect(plan).toContain(name);
  });
});

describe("is made only", () => {
  test("when several searches asked, where there are rows enough, and of what is defined", async () => {
    await wish([key("s", "text")], 1);
    await wish([
      key("s", "text", "small"),
      key("nope", "text"),
      key("n", "text"),
      key("s", "text", "nowhere"),
    ]);
    await tend();
    expect(await indexNames()).toEqual([]);
    await wish([key("s", "text")], 1);
    await tend();
    expect(await indexNames()).toHaveLength(1);
  });

  test("while the blueprint has not too many", async () => {
    for (const index of [key("s", "text"), key("n", "number"), key("at", "instant")]) {
      await wish([index]);
      await tend({ maxPerBlueprint: 2 });
    }
    expect(await indexNames()).toHaveLength(2);
  });

  test("while there are not too many", async () => {
    for (const index of [key("s", "text"), key("n", "number"), key("at", "instant"), key("l", "list")]) {
      await wish([index]);
      await tend({ maxIndexes: 2 });
    }
    expect(await indexNames()).toHaveLength(2);
  });

  test("one at a time for a blueprint, first of properties with many values: it may be enough", async () => {
    await wish([key("b", "text"), key("s", "text")]);
    await tend();
    expect((await readIndexes(ctx.db, ctx.org)).has(key("s", "text"))).toBe(true);
    expect(await indexNames()).toHaveLength(1);
    await wish([key("b", "text")]);
    await tend();
    expect(await indexNames()).toHaveLength(2);
  });

  test("of long texts too, which do not fit into an entry", async () => {
    await wish([key("s", "text")]);
    await tend();
    const long = "x".repeat(10_000);
    await sql`update entity set properties = properties || jsonb_build_object('s', ${long}::text)
      where org = ${ctx.org} and identifier in ('big1', 'big2')`.execute(ctx.db);
    await sql`update entity set properties = properties || jsonb_build_object('s', ${`${long}y`}::text)
      where org = ${ctx.org} and identifier = 'big3'`.execute(ctx.db);
    expect((await search({ property: "s", operator: "=", value: long })).found).toEqual(["big1", "big2"]);
    expect((await search({ property: "s", operator: "in", value: [`${long}y`, "v9"] })).found).toEqual([
      "big3",
      "big9",
    ]);
  });
});

describe("is dropped", () => {
  beforeEach(async () => {
    for (const index of [key("s", "text"), key("gone", "text")]) {
      await wish([index]);
      await tend();
    }
  });

  test("when nobody used it for long", async () => {
    expect(await indexNames()).toHaveLength(2);
    await sql`update search_index set used_at = now() - interval '31 days', scans = (
      select idx_scan from pg_stat_user_indexes where indexrelname = name)`.execute(ctx.db);
    await tend();
    expect(await indexNames()).toEqual([]);
    expect((await sql`select 1 from search_index`.execute(ctx.db)).rows).toEqual([]);
  });

  test("not while it is used", async () => {
    await sql`update search_index set used_at = now() - interval '31 days', scans = 1000000`.execute(ctx.db);
    await tend();
    expect(await indexNames()).toHaveLength(2);
  });

  test("when its property is", async () => {
    await changeBlueprint(ctx, "big", { schema: { properties: { gone: null } } });
    await tend();
    expect(await indexNames()).toHaveLength(1);
    await changeBlueprint(ctx, "big", { schema: { properties: { gone: { type: "string" } } } });
  });

  test("and made again after somebody dropped it by hand", async () => {
    const [name = ""] = await indexNames();
    await sql`drop index ${sql.ref(name)}`.execute(ctx.db);
    await tend();
    await wish([key("s", "text"), key("gone", "text")]);
    await tend();
    expect(await indexNames()).toHaveLength(2);
  });
});

// Only PostgreSQL makes indexes in several steps.
if (onPostgres)
  test("one that a killed process left unfinished is made again", async () => {
    await wish([key("s", "text")]);
    await tend();
    const [name = ""] = await indexNames();
    await sql`update pg_index set indisvalid = false where indexrelid = ${name}::regclass`.execute(ctx.db);
    expect((await readIndexes(ctx.db, ctx.org)).has(key("s", "text"))).toBe(true);
    await wish([key("s", "text")]);
    await tend();
    const { rows } = await sql<{ ok: boolean }>`
      select indisvalid as ok from pg_index where indexrelid = ${name}::regclass`.execute(ctx.db);
    expect(rows).toEqual([{ ok: true }]);
  });

describe("names that people look for", () => {
  const query = (text: string) =>
    parseQuery(
      {
        combinator: "or",
        rules: ["$title", "$identifier"].map((property) => ({ property, operator: "contains", value: text })),
      },
      "text",
    );
  const finding = async (text: string) =>
    findStatement({
      ...{ query: query(text), text, limit: 20, perBlueprint: 6 },
      scope: {
        ...{ org: ctx.org, now: new Date(), blueprints: await allBlueprints(ctx), ...NOBODY },
        within: new Set(["big", "small"]),
      },
      indexes: await readIndexes(ctx.db, ctx.org),
    });

  test("those that begin so are found by the primary key, a few of each blueprint", async () => {
    const statements = await finding("big2999");
    expect(statements.isIndexed).toBe(false);
    expect((await statements.runBeginning(ctx.db)).map(({ identifier }) => identifier)).toEqual(["big2999"]);
    const many = await (await finding("big1")).runBeginning(ctx.db);
    expect(many).toHaveLength(6);
    expect(many.every(({ identifier }) => identifier.startsWith("big1"))).toBe(true);
    // What holds the text somewhere else is for the whole search.
    expect(await (await finding("number 17")).runBeginning(ctx.db)).toEqual([]);
    expect(await (await finding("number 2999")).run(ctx.db)).toMatchObject([{ identifier: "big2999" }]);
  });

  test("an index of titles comes with one of identifiers: both are needed", async () => {
    const { wishes } = await finding("number 17");
    expect(wishes).toHaveLength(2);
    // One search that nobody should wait for again.
    await noteWishes(ctx.db, ctx.org, wishes, 3);
    await tendIndexes(ctx, onPostgres, { ...RULES, minUses: 3 });
    const isMade = onPostgres ? 2 : 0;
    expect(await indexNames()).toHaveLength(isMade);
    expect((await finding("number 17")).isIndexed).toBe(onPostgres);
  });
});
