/** Answers of many pages, large entities, and searches that take too long (data-model.md §5.1). */
import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { searchEverywhere, searchInBlueprint } from "../../src/catalog/search-entities.ts";
import type { Ctx } from "../../src/storage/context.ts";
import { openTestDatabase, type TestDatabase } from "../support/database.ts";
import { allEntities, define, put, refusal } from "./fixture.ts";
import { and, everywhere, NOW, rule } from "./search-fixture.ts";

let t: TestDatabase;
let ctx: Ctx;
const MANY = 2500;
const MORE = 700;

beforeAll(async () => {
  t = await openTestDatabase();
  ctx = { ...t.ctx, now: () => NOW };
  for (const [blueprint, rows] of [
    ["many", MANY],
    ["more", MORE],
    ["slow", 3],
  ] as const) {
    await define(ctx, blueprint, { text: { type: "string" }, at: { type: "string", format: "date-time" } });
    // Times to the microsecond, several entities at each.
    await sql`
      insert into entity (org, blueprint, identifier, properties, created_at, created_by, updated_at, updated_by)
      select ${ctx.org}, ${blueprint}, ${blueprint} || i, '{}', timestamptz '2024-01-01' + (i / 3) * interval '1 microsecond', 'x', now(), 'x'
      from generate_series(1, ${rows}::int) i`.execute(ctx.db);
  }
  await sql`analyze entity`.execute(ctx.db);
});
afterAll(() => t.close());

async function pagesOf(blueprint: string, limit: number): Promise<unknown[][]> {
  const pages: unknown[][] = [];
  let from: string | null = null;
  do {
    const page: Awaited<ReturnType<typeof searchInBlueprint>> = await searchInBlueprint(ctx, blueprint, {
      query: and(),
      limit,
      from,
      include: null,
      exclude: [],
    });
    pages.push(page.entities.map((entity) => entity["identifier"]));
    from = page.next;
  } while (from !== null);
  return pages;
}

describe("§5.1 many entities", () => {
  test("§5.1 the global route answers all of them, once each, by blueprint and age", async () => {
    const { entities, matchingBlueprints } = await everywhere(
      ctx,
      and(rule(["$blueprint", "in", ["many", "more"]])),
    );
    expect(entities).toHaveLength(MANY + MORE);
    expect(matchingBlueprints).toEqual(["many", "more"]);
    expect(new Set(entities.map((entity) => entity["identifier"])).size).toBe(MANY + MORE);
    const blueprints = entities.map((entity) => String(entity["blueprint"]));
    expect(blueprints).toEqual([...blueprints].sort());
  });

  test("§5.1 pages of a blueprint follow each other without loss or repetition, to the microsecond", async () => {
    const pages = await pagesOf("many", 1000);
    expect(pages.map((page) => page.length)).toEqual([1000, 1000, 500]);
    expect(new Set(pages.flat()).size).toBe(MANY);
  });

  test("§4.7 all entities of a blueprint come once each, to the microsecond", async () => {
    const all = (await allEntities(ctx, "more")).map((entity) => entity.identifier);
    expect([all.length, new Set(all).size]).toEqual([MORE, MORE]);
  });

  test("§5.1 entities that come and go between the pages lose and repeat no others", async () => {
    const request = { query: and(), limit: 1000, include: ["$identifier"], exclude: [] };
    const first = await searchInBlueprint(ctx, "many", { ...request, from: null });
    const gone = String(first.entities.at(-1)?.["identifier"]);
    await sql`delete from entity where org = ${ctx.org} and identifier = ${gone}`.execute(ctx.db);
    await put(ctx, "many", { identifier: "newest" });
    const second = await searchInBlueprint(ctx, "many", { ...request, from: first.next });
    const third = await searchInBlueprint(ctx, "many", { ...request, from: second.next });
    const seen = [first, second, third].flatMap((page) =>
      page.entities.map((entity) => entity["identifier"]),
    );
    expect(new Set(seen).size).toBe(MANY + 1);
    expect(seen).toContain("newest");
    expect(third.next).toBeNull();
  });

  test("§5.1 a page of large entities holds fewer than asked for, and says that there is more", async () => {
    await sql`
      update entity set properties = jsonb_build_object('text', (
        select string_agg(md5(i::text || identifier), '') from generate_series(1, 3000) i))
      where org = ${ctx.org} and identifier in (select 'more' || i from generate_series(1, 100) i)`.execute(
      ctx.db,
    );
    const pages = await pagesOf("more", 1000);
    expect(pages.length).toBeGreaterThan(1);
    expect(new Set(pages.flat()).size).toBe(MORE);
    const { entities } = await everywhere(ctx, and(rule(["$blueprint", "=", "more"])));
    expect(entities).toHaveLength(MORE);
  });
});

describe("§5.1 searches that take too long", () => {
  const LIMIT_MS = 2500;
  const late = and(rule(["at", "<", "2024-06-01T00:00:00Z"]));
  const request = {
    shape: { include: null, exclude: [] },
    attachTitles: false,
    excludeDerived: false,
    limitMs: LIMIT_MS,
  };

  beforeAll(async () => {
    // A date that takes its time: nothing else in the database does.
    await sql`create or replace function as_instant(value text) returns timestamptz language plpgsql immutable strict as $$
      begin
        if value = '2024-01-01T00:00:00Z' then perform pg_sleep(20); end if;
        return value::timestamptz;
      end $$`.execute(ctx.db);
    await put(ctx, "slow", { identifier: "slow1", properties: { at: "2024-01-01T00:00:00Z" } });
    await put(ctx, "many", { identifier: "quick", properties: { at: "2024-02-01T00:00:00Z" } });
  });

  test("§5.1 are stopped and refused, naming what to do", async () => {
    const refused = await refusal(() => searchEverywhere(ctx, late, { ...request, allowPartial: false }));
    expect(refused).toMatchObject({
      code: "search_timeout",
      message: expect.stringMatching(/took longer than 2.5 seconds and was stopped: narrow it/) as string,
    });
  });

  test("§5.1 with allow_partial_results the other blueprints are answered, and these named in failedBlueprints", async () => {
    const answer = await searchEverywhere(ctx, late, { ...request, allowPartial: true });
    const found: unknown[] = [];
    for await (const page of answer.pages) found.push(...page.map((entity) => entity["identifier"]));
    expect(found).toEqual(["quick"]);
    expect([...answer.failedBlueprints]).toEqual(["slow"]);
    expect([...answer.matchingBlueprints]).toEqual(["many"]);
  });

  test("§5.1 the next search is answered as ever", async () => {
    const { entities } = await everywhere(ctx, and(rule(["$identifier", "=", "quick"])));
    expect(entities).toHaveLength(1);
  });
});
