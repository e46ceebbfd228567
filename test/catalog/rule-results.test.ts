/** Entities of `_rule_result` and the history of levels (workflows.md §5.4): read from stored results, not stored themselves. */
import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { aggregateEntities } from "../../src/catalog/aggregate-entities.ts";
import { countResultsOf } from "../../src/catalog/count-results.ts";
import { getDefinition } from "../../src/catalog/definitions.ts";
import { changePermissions } from "../../src/catalog/permissions.ts";
import { changeBlueprint, getBlueprint } from "../../src/catalog/define-blueprint.ts";
import { deleteEntity } from "../../src/catalog/delete-entity.ts";
import { levelHistory, levelMoves } from "../../src/catalog/level-history.ts";
import { entityPages, getEntity, getEntityCount } from "../../src/catalog/read-entities.ts";
import { renameEntity } from "../../src/catalog/rename-entity.ts";
import { createScorecard, replaceScorecard, replaceScorecards } from "../../src/catalog/scorecards.ts";
import { searchEverywhere, searchInBlueprint } from "../../src/catalog/search-entities.ts";
import { ensureSystemBlueprints } from "../../src/catalog/system-blueprints.ts";
import { settleDerivations } from "../../src/engine/derivation.ts";
import type { Ctx } from "../../src/storage/context.ts";
import { allLevelsFollowed } from "../support/follow-numbers.ts";
import { openTestDatabase, type TestDatabase } from "../support/database.ts";
import { at } from "./aggregate-fixture.ts";
import { allEntities, asPerson, define, put, refusal } from "./fixture.ts";

let t: TestDatabase;
let ctx: Ctx;

const day = (n: number, hour = 8): string =>
  `2024-06-${String(n).padStart(2, "0")}T${String(hour).padStart(2, "0")}:00:00.000Z`;
const NOW = day(20, 12);
const BY_DAY = { preset: "lastMonth", interval: "day", timeZone: "UTC" };
const on = (n: number): Ctx => at(t.ctx, day(n));
const when = (...conditions: object[]) => ({ combinator: "and", conditions });
const rule = (identifier: string, level: string, ...conditions: object[]) => ({
  ...{ identifier, title: `Rule ${identifier}`, level, query: when(...conditions) },
});
const READY = {
  identifier: "ready",
  title: "Ready",
  rules: [
    rule("named", "Bronze", { property: "name", operator: "isNotEmpty" }),
    rule("fast", "Silver", { property: "speed", operator: ">=", value: 5 }),
  ],
};

async function set(n: number, identifier: string, properties: object): Promise<void> {
  await put(on(n), "service", { identifier, properties });
  await settleDerivations(on(n));
}

beforeAll(async () => {
  t = await openTestDatabase();
  ctx = at(t.ctx, NOW);
  await ensureSystemBlueprints(on(1));
  await define(on(1), "service", { name: { type: "string" }, speed: { type: "number" } });
  await define(on(1), "other", { name: { type: "string" } });
  await createScorecard(on(2), "service", READY);
  await createScorecard(on(2), "other", { ...READY, rules: READY.rules.slice(0, 1) });
  await settleDerivations(on(2));
  await set(3, "a", { name: "A", speed: 9 });
  await set(3, "b:c", { name: "B", speed: 1 });
  await set(5, "a", { name: "A", speed: 1 });
  await set(7, "a", { name: null, speed: 1 });
  await set(9, "b:c", { name: "B", speed: 6 });
  await put(on(4), "other", { identifier: "o", properties: {} });
  await settleDerivations(on(9));
  await allLevelsFollowed(ctx);
});
afterAll(() => t.close());

const search = async (rules: object[], rest: object = {}) =>
  (
    await searchInBlueprint(ctx, "_rule_result", {
      ...{ query: { combinator: "and", rules }, limit: 100, from: null, include: null, exclude: [] },
      ...rest,
    })
  ).entities as Record<string, Record<string, unknown>>[];
const names = async (rules: object[], rest: object = {}): Promise<unknown[]> =>
  (await search(rules, rest)).map(({ identifier }) => identifier);

describe("§5.4 entities of _rule_result", () => {
  test("§5.4 one for each rule and each entity that it is asked of, as Port has them", async () => {
    expect(await getEntity(ctx, "_rule_result", "ready:fast:b:c")).toMatchObject({
      identifier: "ready:fast:b:c",
      title: "Rule fast",
      blueprint: "_rule_result",
      properties: {
        result: "Passed",
        entity: "b:c",
        entity_link: "/c/service/b%3Ac",
        result_last_change: day(9),
        ...{ scorecard: "Ready", blueprint: "service", level: "Silver" },
      },
      relations: { rule: "ready:fast", service: "b:c", other: null },
    });
    expect(await names([])).toEqual([
      ...["ready:fast:a", "ready:fast:b:c", "ready:named:a", "ready:named:b:c"].toSorted(),
      "ready@other:named:o",
    ]);
    expect(await getEntityCount(ctx, "_rule_result")).toBe(5);
    const pages = [];
    for await (const page of await entityPages(ctx, "_rule_result")) pages.push(...page);
    expect(pages).toHaveLength(5);
    expect(await refusal(() => getEntity(ctx, "_rule_result", "ready:none:a"))).toMatchObject({
      code: "not_found",
    });
  });

  test("§5.4 searched by result, rule, entity, mirrors and the time of the last change; sorted; in pages", async () => {
    const is = (property: string, value: unknown) => ({ property, operator: "=", value });
    expect(await names([is("result", "Not passed"), is("blueprint", "service")])).toEqual([
      "ready:fast:a",
      "ready:named:a",
    ]);
    expect(await names([{ relation: "rule", operator: "=", value: "ready:named" }])).toEqual([
      "ready:named:a",
      "ready:named:b:c",
    ]);
    expect(await names([{ relation: "service", operator: "=", value: "b:c" }])).toHaveLength(2);
    expect(await names([is("entity", "o")])).toEqual(["ready@other:named:o"]);
    expect(await names([is("level", "Silver"), is("scorecard", "Ready")])).toHaveLength(2);
    expect(await names([is("level", "Platinum")])).toEqual([]);
    const since = { property: "result_last_change", operator: ">", value: day(6) };
    expect(await names([since])).toEqual(["ready:named:a", "ready:fast:b:c"].toSorted());
    expect(
      await names([], { sort: [{ property: "result_last_change", direction: "desc" }], limit: 2 }),
    ).toEqual([...["ready:fast:b:c", "ready:named:a"]]);
    const relations = ["service", "rule"].map((property) => ({ property, direction: "desc" }));
    expect(await names([], { sort: relations })).toEqual([
      ...["ready:named:b:c", "ready:fast:b:c", "ready:named:a", "ready:fast:a", "ready@other:named:o"],
    ]);
    const first = await searchInBlueprint(ctx, "_rule_result", {
      ...{ query: { combinator: "and", rules: [] }, limit: 3, from: null, include: null, exclude: [] },
    });
    expect(first.entities).toHaveLength(3);
    expect(await names([], { limit: 3, from: first.next })).toHaveLength(2);
    const walk = { operator: "relatedTo", blueprint: "service", value: "a" };
    expect(await refusal(() => search([walk]))).toMatchObject({ code: "invalid_request" });
  });

  test("§5.4 in searches over everything where $blueprint asks for it alone, and in aggregates", async () => {
    const all = async (rules: object[]): Promise<number> => {
      const options = { attachTitles: false, excludeDerived: false, allowPartial: false };
      const { pages } = await searchEverywhere(
        ctx,
        { combinator: "and", rules },
        { ...options, shape: { include: null, exclude: [] } },
      );
      let count = 0;
      for await (const page of pages) count += page.length;
      return count;
    };
    const asked = { property: "$blueprint", operator: "=", value: "_rule_result" };
    expect(await all([asked])).toBe(5);
    expect(await all([{ property: "$blueprint", operator: "in", value: ["_rule_result", "service"] }])).toBe(
      2,
    );
    const query = { combinator: "and", rules: [asked] };
    expect(await aggregateEntities(ctx, { func: "countValues", property: "result", query })).toMatchObject({
      values: [
        { value: "Not passed", count: 3 },
        { value: "Passed", count: 2 },
      ],
    });
    expect(await aggregateEntities(ctx, { func: "countValues", relation: "service", query })).toMatchObject({
      values: [
        { value: "a", count: 2 },
        { value: "b:c", count: 2 },
        { value: null, count: 1 },
      ],
    });
  });

  test("§5.4 rules and scorecards say how many were tested, and how many passed", async () => {
    const { plan } = await getDefinition(ctx, "service");
    const written: number[] = [];
    const stop = (rows: number): Promise<boolean> => Promise.resolve(written.push(rows) < 0);
    expect(await countResultsOf(ctx, plan, stop)).toBe(false);
    expect(written).toEqual([2]);
    expect(await getEntity(ctx, "_rule", "ready:named")).toMatchObject({
      properties: { entities_tested: 2, entities_passed: 1 },
    });
    expect(await countResultsOf(ctx, plan)).toBe(true);
    expect(await getEntity(ctx, "_scorecard", "ready")).toMatchObject({
      properties: { rules_tested: 4, rules_passed: 2, rules_passed_percentage: 50 },
    });
  });

  test("§5.4 who may read a part of the entities reads the results of these", async () => {
    await changePermissions(ctx, "service", {
      entities: {
        read: {
          roles: ["Admin"],
          users: [],
          teams: [],
          ownedByTeam: false,
          policy: { combinator: "and", rules: [{ property: "speed", operator: "=", value: 6 }] },
        },
      },
    });
    const member = asPerson(ctx);
    const seen = await searchInBlueprint(member, "_rule_result", {
      ...{ query: { combinator: "and", rules: [] }, limit: 100, from: null, include: null, exclude: [] },
    });
    expect(seen.entities.map(({ identifier }) => identifier)).toEqual([
      ...["ready:fast:b:c", "ready:named:b:c", "ready@other:named:o"],
    ]);
    expect(await getEntityCount(member, "_rule_result")).toBe(3);
    expect(await refusal(() => getEntity(member, "_rule_result", "ready:named:a"))).toMatchObject({
      code: "not_found",
    });
    const asked = { entity: null, from: null, to: null, withRules: false, limit: 10, after: null };
    expect(
      (await levelMoves(member, "service", "ready", asked)).moves.map(({ entity }) => entity.identifier),
    ).toEqual(["b:c"]);
  });

  test("§5.4 a relation to each blueprint that is asked; what was read can be written back", async () => {
    const document = await getBlueprint(ctx, "_rule_result");
    expect(document["relations"]).toMatchObject({
      rule: { target: "_rule" },
      service: { target: "service", required: false, type: "rule_result_target" },
    });
    expect((await changeBlueprint(ctx, "_rule_result", { relations: document["relations"] })).changed).toBe(
      false,
    );
    expect(
      await refusal(() =>
        put(asPerson(ctx, { roles: ["Admin"] }), "_rule_result", {
          identifier: "mine",
          relations: { rule: "ready:fast" },
        }),
      ),
    ).toMatchObject({
      code: "forbidden",
    });
  });
});

describe("§5.4 history of levels", () => {
  const asked = { entity: null, from: null, to: null, withRules: false, limit: 10, after: null };

  test("§5.4 who moved from which level to which, when, and which rules turned", async () => {
    const { moves } = await levelMoves(ctx, "service", "ready", asked);
    expect(
      moves.map(({ at: time, entity, from, to, direction, rules }) => [
        time,
        entity.identifier,
        from,
        to,
        direction,
        rules,
      ]),
    ).toEqual([
      [day(9), "b:c", "Bronze", "Silver", "up", ["fast"]],
      [day(7), "a", "Bronze", "Basic", "down", ["named"]],
      [day(5), "a", "Silver", "Bronze", "down", ["fast"]],
    ]);
    const one = await levelMoves(ctx, "service", "ready", { ...asked, limit: 2 });
    expect(await levelMoves(ctx, "service", "ready", { ...asked, after: one.next })).toMatchObject({
      moves: [{ at: day(5) }],
      next: null,
    });
    expect((await levelMoves(ctx, "service", "ready", { ...asked, entity: "b:c" })).moves).toHaveLength(1);
    expect(await refusal(() => levelMoves(ctx, "service", "ready", { ...asked, after: "x" }))).toMatchObject({
      code: "invalid_request",
    });
  });

  test("§5.4 how many had each level at the end of each day", async () => {
    const { levels, points } = await levelHistory(ctx, "service", "ready", BY_DAY, 400);
    expect(levels).toEqual(["Basic", "Bronze", "Silver", "Gold"]);
    const counts = new Map(points.map(({ at: time, counts: of }) => [time.slice(0, 10), of]));
    // At the end of the 3rd, which is the beginning of the 4th.
    expect(counts.get("2024-06-03")).toEqual({});
    expect(counts.get("2024-06-04")).toEqual({ Bronze: 1, Silver: 1 });
    expect(counts.get("2024-06-06")).toEqual({ Bronze: 2 });
    expect(counts.get("2024-06-08")).toEqual({ Basic: 1, Bronze: 1 });
    expect(counts.get("2024-06-10")).toEqual({ Basic: 1, Silver: 1 });
    expect(points.at(-1)).toEqual({ at: NOW, counts: { Basic: 1, Silver: 1 } });
    expect(points[0]?.at.slice(0, 10)).toBe("2024-06-03");
    // Moves are kept for ten days: nothing before is known.
    const short = await levelHistory(ctx, "service", "ready", BY_DAY, 10);
    expect(short.points).toEqual(points.filter(({ at: time }) => time >= day(10, 12)));
  });

  test("§5.4 what another entity of the same identifier did is not told to who may read the one that has it now", async () => {
    await define(on(1), "crm", { name: { type: "string" }, speed: { type: "number" } });
    await createScorecard(on(2), "crm", { ...READY, identifier: "again" });
    const write = async (n: number, properties: object): Promise<void> => {
      await put(on(n), "crm", { identifier: "a", title: `Of ${n}`, properties });
      await settleDerivations(on(n));
    };
    await write(3, { name: "A", speed: 9 });
    await write(4, { name: "A", speed: 1 });
    await deleteEntity(on(5), "crm", "a", { deleteDependents: false });
    await write(6, { name: "A", speed: 6 });
    await write(7, { name: null, speed: 6 });
    const policy = { combinator: "and", rules: [{ property: "speed", operator: "=", value: 6 }] };
    await changePermissions(ctx, "crm", {
      entities: { read: { roles: ["Admin"], users: [], teams: [], ownedByTeam: false, policy } },
    });
    await allLevelsFollowed(ctx);
    const member = asPerson(ctx);
    const told = async (who: Ctx) =>
      (await levelMoves(who, "crm", "again", asked)).moves.map(({ at: time, entity, from, to }) => [
        ...[time, entity.exists, entity.title, from, to],
      ]);
    const first = (await levelMoves(ctx, "crm", "again", asked)).moves.find(({ from }) => from === null);
    // Nothing was before: no move up.
    expect(first?.direction).toBe("none");
    const own = [
      [day(7), true, "Of 7", "Silver", "Basic"],
      [day(6), true, "Of 7", null, "Silver"],
    ];
    expect(await told(member)).toEqual(own);
    expect(await told(ctx)).toEqual([
      ...own,
      [day(5), false, null, "Bronze", null],
      [day(4), false, null, "Silver", "Bronze"],
    ]);
    const { points } = await levelHistory(member, "crm", "again", BY_DAY, 400);
    const counts = new Map(points.map(({ at: time, counts: of }) => [time.slice(0, 10), of]));
    expect(["2024-06-04", "2024-06-05", "2024-06-07", "2024-06-08"].map((one) => counts.get(one))).toEqual([
      ...[{}, {}, { Silver: 1 }, { Basic: 1 }],
    ]);
  });

  test("§5.4 a scorecard that gets another identifier keeps its history, another one in its place has none", async () => {
    await define(on(1), "board", { name: { type: "string" }, speed: { type: "number" } });
    await createScorecard(on(2), "board", { ...READY, identifier: "x" });
    const write = async (n: number, speed: number): Promise<void> => {
      await put(on(n), "board", { identifier: "a", properties: { name: "A", speed } });
      await settleDerivations(on(n));
    };
    const told = async (scorecard: string) =>
      (await levelMoves(ctx, "board", scorecard, asked)).moves.map(({ at: time, from, to }) => [
        time,
        from,
        to,
      ]);
    await write(3, 9);
    await write(4, 1);
    // What is read of the moves comes only after the definition has changed.
    await replaceScorecard(on(5), "board", "x", { ...READY, identifier: "y" });
    await settleDerivations(on(5));
    await createScorecard(on(6), "board", { ...READY, identifier: "x" });
    await settleDerivations(on(6));
    await write(7, 9);
    await allLevelsFollowed(ctx);
    expect(await told("y")).toEqual([
      [day(7), "Bronze", "Silver"],
      [day(4), "Silver", "Bronze"],
    ]);
    expect(await told("x")).toEqual([[day(7), "Bronze", "Silver"]]);
    await write(8, 1);
    await replaceScorecards(on(9), "board", [
      { ...READY, identifier: "x" },
      { ...READY, identifier: "z" },
    ]);
    await settleDerivations(on(9));
    await createScorecard(on(10), "board", { ...READY, identifier: "y" });
    await settleDerivations(on(10));
    await allLevelsFollowed(ctx);
    expect(await told("z")).toEqual([]);
    expect(await told("y")).toEqual([]);
    expect(await told("x")).toHaveLength(2);
    const { rows } = await sql`select 1 from level_history where org = ${ctx.org} and blueprint = 'board'
      and scorecard <> 'x'`.execute(ctx.db);
    expect(rows).toEqual([]);
  });

  test("§5.4 follows entities that get another name or go, and levels that are called otherwise", async () => {
    await renameEntity(on(10), "service", "b:c", "c");
    await settleDerivations(on(10));
    await deleteEntity(on(11), "service", "a", { deleteDependents: false });
    const levels = [
      { title: "None", color: "red" },
      { title: "Fair", color: "bronze" },
      { title: "Good", color: "gold" },
    ];
    await replaceScorecard(on(12), "service", "ready", {
      ...READY,
      levels,
      rules: READY.rules.map((one) => ({ ...one, level: one.level === "Silver" ? "Good" : "Fair" })),
    });
    await settleDerivations(on(12));
    await allLevelsFollowed(ctx);
    const { moves } = await levelMoves(ctx, "service", "ready", asked);
    expect(moves.map(({ entity, from, to, direction }) => [entity.identifier, from, to, direction])).toEqual([
      ["c", "Silver", "Good", "none"],
      ["a", "Basic", null, "none"],
      ["c", "Bronze", "Silver", "none"],
      ["a", "Bronze", "Basic", "none"],
      ["a", "Silver", "Bronze", "none"],
    ]);
    const history = await levelHistory(ctx, "service", "ready", BY_DAY, 400);
    const counts = new Map(history.points.map(({ at: time, counts: of }) => [time.slice(0, 10), of]));
    expect(counts.get("2024-06-04")).toEqual({ Bronze: 1, Silver: 1 });
    expect(counts.get("2024-06-12")).toEqual({ Silver: 1 });
    expect(history.points.at(-1)?.counts).toEqual({ Good: 1 });
    expect(history.levels).toEqual(["None", "Fair", "Good", "Basic", "Bronze", "Silver"]);
  });
});

describe("§5.4 history and results are exact", () => {
  test("§5.4 twin: after random writes, renames, deletions and definitions the past is what it was, results are the levels' own", async () => {
    let seed = 20_240_601;
    const pick = <T>(list: readonly T[]): T => {
      seed = (Math.imul(seed, 1_103_515_245) + 12_345) & 0x7fffffff;
      return list[(seed >> 8) % list.length] as T;
    };
    const start = Date.parse("2024-01-01T06:00:00Z");
    const at30 = (step: number): Ctx => at(t.ctx, new Date(start + step * 86_400_000).toISOString());
    await define(at30(0), "app", { name: { type: "string" }, speed: { type: "number" } });
    await createScorecard(at30(0), "app", { ...READY, identifier: "twin" });
    const was = new Map<string, Record<string, number>>();
    const names = ["a", "b", "c", "d"];
    for (let step = 1; step <= 28; step++) {
      const now = at30(step);
      const name = pick(names);
      const known = (await allEntities(now, "app")).map(({ identifier }) => identifier);
      switch (pick(["put", "put", "put", "put", "delete", "rename", "define"])) {
        case "delete":
          if (known.includes(name)) await deleteEntity(now, "app", name, { deleteDependents: false });
          break;
        case "rename": {
          const to = pick(names);
          if (known.includes(name) && !known.includes(to)) await renameEntity(now, "app", name, to);
          break;
        }
        case "define": {
          const [named, fast] = READY.rules;
          const rules = pick([READY.rules, [named], [{ ...fast, level: "Gold" }]]);
          await replaceScorecard(now, "app", "twin", { ...READY, identifier: "twin", rules });
          break;
        }
        default: {
          const properties = { name: pick(["x", null]), speed: pick([1, 9, null]) };
          await put(now, "app", { identifier: name, properties });
        }
      }
      await settleDerivations(now);
      const counts: Record<string, number> = {};
      for (const entity of await allEntities(now, "app")) {
        const level = entity.scorecards?.["twin"]?.level ?? "none";
        counts[level] = (counts[level] ?? 0) + 1;
      }
      was.set(new Date(start + step * 86_400_000).toISOString().slice(0, 10), counts);
      if (step % 9 === 0) await allLevelsFollowed(now);
    }
    const end = at(t.ctx, new Date(start + 28 * 86_400_000 + 3_600_000).toISOString());
    await allLevelsFollowed(end);
    const { points } = await levelHistory(end, "app", "twin", BY_DAY, 400);
    // A point at the beginning of a day is what the day before ended with.
    const dayBefore = (time: string): string =>
      new Date(Date.parse(time) - 43_200_000).toISOString().slice(0, 10);
    const told = points.slice(0, -1).flatMap(({ at: time, counts }) => {
      const day = dayBefore(time);
      return was.has(day) ? [[day, counts]] : [];
    });
    expect(told).toEqual([...was].slice(0, -1));
    const expected = (await allEntities(end, "app")).flatMap(({ identifier, scorecards }) =>
      (scorecards?.["twin"]?.rules ?? []).map(
        ({ identifier: id, status }) =>
          `twin:${id}:${identifier} ${status === "SUCCESS" ? "Passed" : "Not passed"}`,
      ),
    );
    const rows = await searchInBlueprint(end, "_rule_result", {
      query: { combinator: "and", rules: [{ property: "blueprint", operator: "=", value: "app" }] },
      ...{ limit: 1000, from: null, include: null, exclude: [] },
    });
    expect(
      rows.entities
        .map(
          ({ identifier, properties }) =>
            `${String(identifier)} ${(properties as { result: string }).result}`,
        )
        .sort(),
    ).toEqual(expected.sort());
  });
});
