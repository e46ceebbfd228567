/** States of aggregations: changes are applied to them once, and nothing else is read. */
import { sql } from "kysely";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { rebuildDerived } from "../../src/catalog/derivation.ts";
import { changeBlueprint } from "../../src/catalog/define-blueprint.ts";
import { deleteEntity } from "../../src/catalog/delete-entity.ts";
import { getEntity } from "../../src/catalog/read-entities.ts";
import { compareDerived, compareSettled } from "../../src/engine/compare-derived.ts";
import { settleDerivations } from "../../src/engine/derivation.ts";
import { currentDerivations, type Derivations } from "../../src/engine/derivations.ts";
import { deriveBatch } from "../../src/engine/derive-batch.ts";
import { DERIVE_READER, followDerivations } from "../../src/engine/derive-follow.ts";
import { checkEntities } from "../../src/engine/sample-derived.ts";
import type { Ctx } from "../../src/storage/context.ts";
import {
  claimDirty,
  markChanged,
  nextDirty,
  releaseDirty,
  settleDirty,
  type Turn,
} from "../../src/storage/derived-queue.ts";
import {
  finishRebuilds,
  markNext,
  readUnits,
  rebuildProgress,
  requestRebuild,
  syncUnits,
} from "../../src/storage/derived-units.ts";
import { transact } from "../../src/storage/transact.ts";
import { openTestDatabase, type TestDatabase } from "../support/database.ts";
import { feedIsRead } from "../support/feed-is-read.ts";
import { until } from "../support/patience.ts";
import { define, MERGE, put } from "../catalog/fixture.ts";

let t: TestDatabase;
let ctx: Ctx;

const by = (func: string) => ({
  ...{ title: func, target: "part", calculationSpec: { calculationBy: "property", func, property: "n" } },
});
const functions = ["sum", "average", "min", "max", "median", "p95", "countDistinct"];

beforeAll(async () => {
  t = await openTestDatabase();
  ctx = { ...t.ctx, now: () => new Date("2026-11-25T12:00:00Z") };
  await define(ctx, "top");
  await define(ctx, "whole", {}, { relations: { top: { target: "top" } } });
  await define(ctx, "part", { n: { type: "number" } }, { relations: { whole: { target: "whole" } } });
  const count = {
    ...{ title: "n", target: "part", calculationSpec: { calculationBy: "entities", func: "count" } },
  };
  await changeBlueprint(ctx, "whole", {
    aggregationProperties: { count, ...Object.fromEntries(functions.map((func) => [func, by(func)])) },
  });
  await changeBlueprint(ctx, "top", { aggregationProperties: { count, sum: by("sum") } });
  await put(ctx, "top", { identifier: "t" });
  for (const identifier of ["a", "b"]) await put(ctx, "whole", { identifier, relations: { top: "t" } });
  for (const [i, n] of [5, 0.1, 0.2].entries()) await part(`p${i}`, n);
  await settleDerivations(ctx);
});
afterAll(() => t.close());

const part = (identifier: string, n: number, whole = "a") =>
  put(ctx, "part", { identifier, properties: { n }, relations: { whole } }, MERGE);

const valuesOf = async (identifier: string) => ({
  ...(await getEntity(ctx, "whole", identifier)).properties,
});

async function settled(): Promise<void> {
  await settleDerivations(ctx);
  expect((await compareDerived(ctx)).drift).toEqual([]);
  // On PostgreSQL, changes stay where another test's transaction was open when all was read: none that the state did not see.
  const { rows } = await sql`select d.identifier, d.xid, s.as_of from derived_delta d
    left join derived_state s on (s.org, s.blueprint, s.unit, s.identifier) = (d.org, d.blueprint, d.unit, d.identifier)
    where pg_visible_in_snapshot(d.xid, s.as_of) is not true or d.xid < pg_snapshot_xmin(s.as_of)`.execute(
    ctx.db,
  );
  expect(rows).toEqual([]);
}

test("values come from the state: a change reads no other entity", async () => {
  expect(await valuesOf("a")).toMatchObject({ count: 3, sum: 5.3, min: 0.1, max: 5, median: 0.2 });
  // What nobody could have counted.
  await sql`update derived_state set state =
    jsonb_set(state::jsonb, '{states,0,n}', '1000')::json where blueprint = 'whole' and identifier = 'a'`.execute(
    ctx.db,
  );
  await part("p3", 1);
  await settleDerivations(ctx);
  expect(await valuesOf("a")).toMatchObject({ count: 1001, sum: 6.3 });
  await rebuildDerived(ctx);
  await settled();
  expect(await valuesOf("a")).toMatchObject({ count: 4, sum: 6.3 });
});

test("what goes, moves or is the smallest", async () => {
  await part("p3", 2);
  await settled();
  await part("p3", 2, "b");
  await settled();
  expect(await valuesOf("b")).toMatchObject({ count: 1, sum: 2, p95: 2, countDistinct: 1 });
  await deleteEntity(ctx, "part", "p1", { deleteDependents: false });
  await settled();
  expect(await valuesOf("a")).toMatchObject({ count: 2, sum: 5.2, min: 0.2 });
  await deleteEntity(ctx, "part", "p3", { deleteDependents: false });
  await settled();
  expect(await valuesOf("b")).toMatchObject({ count: 0, sum: 0, min: null, median: null });
});

test("a change that was seen when everything was read is not added again", async () => {
  const derivations = await currentDerivations(ctx);
  await rebuildDerived(ctx);
  const levelOf = (blueprint: string, unit: string): number | null =>
    derivations.units.get(blueprint)?.get(unit)?.level ?? null;
  while (await transact(ctx, (tx) => markNext(tx.db, tx.org, levelOf, 500, tx.now())));
  await part("seen", 7);
  // Read from the tables before it is read from the change feed.
  while (await deriveBatch(ctx, derivations));
  expect(await valuesOf("a")).toMatchObject({ count: 3, sum: 12.2 });
  await followAll(derivations);
  const { rows } = await sql`select 1 from derived_delta`.execute(ctx.db);
  expect(rows.length).toBeGreaterThan(0);
  await settled();
  expect(await valuesOf("a")).toMatchObject({ count: 3, sum: 12.2 });
});

test("changes before and after a place between got another name, or moved", async () => {
  await put(ctx, "top", { identifier: "u" });
  await part("x", 1, "b");
  await put(ctx, "whole", { identifier: "b", relations: { top: "u" } }, MERGE);
  await part("y", 1, "b");
  await settled();
  expect((await getEntity(ctx, "top", "u")).properties).toMatchObject({ count: 2, sum: 2 });
  await deleteEntity(ctx, "whole", "b", { deleteDependents: false });
  await settled();
  expect((await getEntity(ctx, "top", "u")).properties).toMatchObject({ count: 0, sum: 0 });
});

test("two workers, while entities are written, moved and deleted", { timeout: 120_000 }, async () => {
  const writing = async (): Promise<void> => {
    for (let i = 0; i < 30; i++) {
      await part(`w${i % 10}`, i / 10, i % 3 === 0 ? "a" : "c");
      if (i % 7 === 6) await deleteEntity(ctx, "part", `w${i % 10}`, { deleteDependents: false });
      if (i % 10 === 5)
        await put(ctx, "whole", { identifier: "c", relations: { top: i % 20 === 5 ? "u" : "t" } }, MERGE);
    }
  };
  await put(ctx, "whole", { identifier: "c" });
  await Promise.all([writing(), settleDerivations(ctx), settleDerivations(ctx)]);
  await Promise.all([settleDerivations(ctx), settleDerivations(ctx)]);
  await settled();
});

/** Reads the change feed to its end. */
async function followAll(derivations: Derivations): Promise<void> {
  for (let i = 0; i < 2000; i++)
    if (!(await followDerivations(ctx, derivations, { delayMs: 0 })).mayBeMore)
      if (await feedIsRead(ctx, [DERIVE_READER])) return;
  throw new Error("the change feed does not end");
}

/** Begins to apply the definitions, as a process does that has just read them. */
async function begin(derivations: Derivations): Promise<void> {
  const units = [...derivations.units.values()].flatMap((own) =>
    [...own.values()].map(({ name, ...unit }) => ({ ...unit, unit: name })),
  );
  await syncUnits(ctx.db, ctx.org, units, ctx.now());
  const levelOf = (blueprint: string, unit: string): number | null =>
    derivations.units.get(blueprint)?.get(unit)?.level ?? null;
  while (await transact(ctx, (tx) => markNext(tx.db, tx.org, levelOf, 500, tx.now())));
}

test("what is marked for new definitions is left to whoever knows them, as are changes since then", async () => {
  await put(ctx, "top", { identifier: "n" });
  await put(ctx, "whole", { identifier: "n", relations: { top: "n" } });
  await part("n", 3, "n");
  await settled();
  const old = await currentDerivations(ctx);
  const mirrorProperties = { shown: { path: "top.sum" }, called: { path: "top.$title" } };
  await changeBlueprint(ctx, "top", { aggregationProperties: { most: by("max") } });
  await changeBlueprint(ctx, "whole", { mirrorProperties });
  const fresh = await currentDerivations(ctx);
  await begin(fresh);
  for (let batch = 0; batch < 10; batch++) await deriveBatch(ctx, old);
  while (await deriveBatch(ctx, fresh));
  expect((await getEntity(ctx, "top", "n")).properties).toMatchObject({ most: 3, sum: 3 });
  expect(await valuesOf("n")).toMatchObject({ shown: 3 });
  // A change that only the new definitions are about.
  await put(ctx, "top", { identifier: "n", title: "N" }, MERGE);
  await followDerivations(ctx, old, { delayMs: 0 });
  await settled();
  expect(await valuesOf("n")).toMatchObject({ called: "N" });
  // A value that only these read.
  await part("n", 9, "n");
  const sumOf = async (): Promise<unknown> => (await getEntity(ctx, "top", "n")).properties["sum"];
  // On PostgreSQL the feed waits for the transactions of others, and nothing beyond the sum is to be computed here.
  await until(async () => {
    await followDerivations(ctx, fresh, { delayMs: 0 });
    await deriveBatch(ctx, fresh);
    return (await sumOf()) === 9;
  });
  for (let batch = 0; batch < 10; batch++) await deriveBatch(ctx, old);
  await settled();
  expect(await valuesOf("n")).toMatchObject({ shown: 9 });
});

test("a look with definitions that are others by then leaves nothing behind", async () => {
  const old = await currentDerivations(ctx);
  await define(ctx, "unrelated");
  await part("twice", 100);
  const before = await sql`select 1 from derived_delta`.execute(ctx.db);
  // On PostgreSQL the feed waits for the transactions of others.
  const look = () => followDerivations(ctx, old, { delayMs: 0 });
  await until(async () => (await look()).mayBeMore);
  expect((await sql`select 1 from derived_delta`.execute(ctx.db)).rows).toHaveLength(before.rows.length);
  await settled();
  await deleteEntity(ctx, "part", "twice", { deleteDependents: false });
  await settled();
});

test("a rebuild that is asked for again and again comes to all entities", async () => {
  await settled();
  const { units } = await currentDerivations(ctx);
  const [unit] = [...(units.get("top")?.values() ?? [])];
  const asked = [{ blueprint: "top", unit: unit?.name ?? "" }];
  const { rows } = await sql`select 1 from entity where blueprint = 'top'`.execute(ctx.db);
  expect(rows.length).toBeGreaterThan(2);
  for (let i = 0; i < rows.length; i++) {
    await requestRebuild(ctx.db, ctx.org, asked, ctx.now());
    await transact(ctx, (tx) => markNext(tx.db, tx.org, () => 0, 1, tx.now()));
  }
  const marked = await sql`select distinct identifier from derived_dirty where blueprint = 'top'`.execute(
    ctx.db,
  );
  expect(marked.rows).toHaveLength(rows.length);
  // Once more for the last who asked.
  const times = async (): Promise<number> => {
    let n = 0;
    while (await transact(ctx, (tx) => markNext(tx.db, tx.org, () => 0, 1, tx.now()))) n++;
    return n;
  };
  expect(await times()).toBe(rows.length + 2);
  await settled();
});

test("a rebuild is over when what it asked for is done, whatever was written since", async () => {
  await settled();
  const derivations = await currentDerivations(ctx);
  const [unit] = [...(derivations.units.get("top")?.values() ?? [])];
  const key = { blueprint: "top", unit: unit?.name ?? "", level: unit?.level ?? 0 };
  const state = async () => {
    await finishRebuilds(ctx.db, ctx.org, ctx.now());
    const found = await readUnits(ctx.db, ctx.org, "top", ctx.now());
    return found.find((one) => one.unit === key.unit);
  };
  await requestRebuild(ctx.db, ctx.org, [key], ctx.now());
  while (await transact(ctx, (tx) => markNext(tx.db, tx.org, () => key.level, 500, tx.now())));
  expect(await state()).toMatchObject({ finishedAt: null, done: 0 });
  expect((await rebuildProgress(ctx.db, ctx.org, ctx.now(), 500)).waiting).toBeGreaterThan(0);
  while (await deriveBatch(ctx, derivations));
  const later = new Date(ctx.now().getTime() + 60_000);
  await markChanged(ctx.db, ctx.org, key, ["t"], later);
  expect(await rebuildProgress(ctx.db, ctx.org, ctx.now(), 500)).toMatchObject({ waiting: 0 });
  expect(await state()).toMatchObject({ finishedAt: ctx.now(), pending: 1, failing: 0 });
  await sql`update derived_dirty set run_at = ${ctx.now().toISOString()}::timestamptz`.execute(ctx.db);
  await settled();
});

test("what changes mean to an entity that cannot be computed is not kept for ever", async () => {
  await settled();
  const derivations = await currentDerivations(ctx);
  const unit = [...(derivations.units.get("whole")?.values() ?? [])].find(({ kind }) => kind === "agg");
  const key = { blueprint: "whole", unit: unit?.name ?? "", level: unit?.level ?? 0 };
  const before = await valuesOf("a");
  // A state that no code of ours writes.
  await sql`update derived_state set state = jsonb_set(state::jsonb, '{states}', 'null')::json
    where blueprint = 'whole' and identifier = 'a'`.execute(ctx.db);
  const wait = async (n: number) => {
    await sql`insert into derived_delta (org, blueprint, unit, identifier, xid, delta)
      select ${ctx.org}, 'whole', ${key.unit}, 'a', pg_current_xact_id(),
        jsonb_build_object('hash', ${unit?.hash}::text, 'clock', 0, 'changes', '[]'::jsonb) from generate_series(1, ${n}::int)`.execute(
      ctx.db,
    );
    await markChanged(ctx.db, ctx.org, key, ["a"], ctx.now());
    expect(await deriveBatch(ctx, derivations)).toBe(true);
    const { rows } = await sql<{ deltas: number; states: number }>`select
      (select count(*)::int from derived_delta) as deltas,
      (select count(*)::int from derived_state where blueprint = 'whole' and identifier = 'a') as states`.execute(
      ctx.db,
    );
    return rows[0];
  };
  const states = async () =>
    (await readUnits(ctx.db, ctx.org, "whole", ctx.now())).find((one) => one.unit === key.unit);
  expect(await wait(80)).toEqual({ deltas: 80, states: 1 });
  expect(await states()).toMatchObject({ pending: 1, failing: 1 });
  expect(await wait(21)).toEqual({ deltas: 0, states: 0 });
  // Without a state nothing is written down: all is read again.
  await part("p0", 60);
  await followAll(derivations);
  await settled();
  expect(await states()).toMatchObject({ pending: 0, failing: 0 });
  expect(await valuesOf("a")).toMatchObject({ count: before["count"], max: 60 });
});

/** 50,000 entities that came or went, as looks at the change feed leave them for root `a`. */
async function leave(unit: { readonly name: string; readonly hash: string }, isCome: boolean): Promise<void> {
  // Without a number: it is counted, and nothing else.
  const one = JSON.stringify([null, null]);
  const [before, after] = isCome ? [null, one] : [one, null];
  await sql`insert into derived_delta (org, blueprint, unit, identifier, xid, delta)
    select ${ctx.org}, 'whole', ${unit.name}, 'a', pg_current_xact_id(), json_build_object('hash', ${unit.hash}::text,
      'clock', ${ctx.now().getTime()}::bigint, 'changes', (
        select json_agg(json_build_array(pg_current_xact_id()::text, null, ${before}::json, ${after}::json))
        from generate_series(1, 500)))
    from generate_series(1, 100)`.execute(ctx.db);
  await markChanged(ctx.db, ctx.org, { blueprint: "whole", unit: unit.name, level: 0 }, ["a"], ctx.now());
}

test("tens of thousands of changes of one root are applied in small pieces", async () => {
  await settled();
  const derivations = await currentDerivations(ctx);
  const unit = [...(derivations.units.get("whole")?.values() ?? [])].find(({ kind }) => kind === "agg");
  if (unit === undefined) throw new Error("no aggregations");
  expect(unit.level).toBe(0);
  // An order that nobody relies on: the count is the first of them.
  expect(unit.kind === "agg" && unit.aggregations.map(({ id }) => id).indexOf("count")).toBe(0);
  await sql`update derived_state set state = jsonb_set(state::jsonb, '{states,0,n}', '100000')::json
    where blueprint = 'whole' and identifier = 'a'`.execute(ctx.db);
  const { rows } = await sql`select 1 from derived_state where blueprint = 'whole' and identifier = 'a'
    and (state #>> '{states,0,n}')::int = 100000`.execute(ctx.db);
  expect(rows).toHaveLength(1);
  await leave(unit, false);
  const parse = vi.spyOn(JSON, "parse");
  try {
    expect(await deriveBatch(ctx, derivations)).toBe(true);
    const lengths = parse.mock.calls.map(([text]) => text.length);
    expect(lengths.filter((length) => length > 100_000).length).toBeGreaterThan(4);
    expect(lengths.filter((length) => length > 1_000_000)).toEqual([]);
  } finally {
    parse.mockRestore();
  }
  expect(await valuesOf("a")).toMatchObject({ count: 50_000 });
  // Far more than the root counts: these are read again, and nobody sees what was never there.
  await rebuildDerived(ctx);
  await settled();
  const { count } = await valuesOf("a");
  await leave(unit, true);
  expect(await deriveBatch(ctx, derivations)).toBe(true);
  expect(await valuesOf("a")).toMatchObject({ count });
  await settled();
});

test("changes of an earlier version have everything read again", async () => {
  await settled();
  const derivations = await currentDerivations(ctx);
  const unit = [...(derivations.units.get("whole")?.values() ?? [])].find(({ kind }) => kind === "agg");
  const key = { blueprint: "whole", unit: unit?.name ?? "", level: unit?.level ?? 0 };
  await sql`update derived_state set state = jsonb_set(state::jsonb, '{states,0,n}', '1000')::json
    where blueprint = 'whole' and identifier = 'a'`.execute(ctx.db);
  await sql`insert into derived_delta (org, blueprint, unit, identifier, xid, delta)
    values (${ctx.org}, 'whole', ${key.unit}, 'a', pg_current_xact_id(), '{"hash": "x", "clock": 0, "before": [], "after": []}')`.execute(
    ctx.db,
  );
  await markChanged(ctx.db, ctx.org, key, ["a"], ctx.now());
  await settled();
});

test("values of any level are computed", async () => {
  await settled();
  await markChanged(ctx.db, ctx.org, { blueprint: "deep", unit: "own", level: 900 }, ["a"], ctx.now());
  const batch = await claimDirty(ctx.db, ctx.org, ctx.now(), () => 10, 10);
  expect(batch).toMatchObject({ unit: "own", level: 900 });
  if (batch !== null) await settleDirty(ctx.db, ctx.org, batch, [{ identifier: "a", ticket: 1, due: null }]);
});

test("the lowest level goes first, by turns what is late before it; of a unit those that wait longest", async () => {
  await settled();
  const mark = (level: number, identifier: string, secondsAgo: number): Promise<void> => {
    const at = new Date(ctx.now().getTime() - secondsAgo * 1000);
    return markChanged(ctx.db, ctx.org, { blueprint: "deep", unit: `own ${level}`, level }, [identifier], at);
  };
  const order: string[] = [];
  const take = async (at: Date, turn: Turn): Promise<boolean> => {
    const batch = await claimDirty(ctx.db, ctx.org, at, () => 1, 10, turn);
    if (batch === null) return false;
    const [row] = batch.rows;
    order.push(`${batch.level} ${row?.identifier}`);
    const settlements = batch.rows.map(({ identifier, ticket }) => ({ identifier, ticket, due: null }));
    await settleDirty(ctx.db, ctx.org, batch, settlements);
    return true;
  };
  const takeAll = async (at: Date): Promise<void> => {
    while (await take(at, "late"));
  };
  await mark(1, "a", 0);
  await mark(1, "b", 2);
  await mark(2, "c", 4);
  await mark(2, "d", 3);
  await mark(3, "e", 20);
  await mark(4, "f", 40);
  await mark(5, "g", -1);
  await takeAll(ctx.now());
  expect(order).toEqual(["4 f", "3 e", "1 b", "1 a", "2 c", "2 d"]);
  const next = await nextDirty(ctx.db, ctx.org);
  expect(next?.getTime()).toBe(ctx.now().getTime() + 1000);
  await takeAll(next ?? ctx.now());
  expect(order.at(-1)).toBe("5 g");
  order.length = 0;
  await mark(1, "a", 2);
  await mark(1, "b", 1);
  await mark(2, "c", 60);
  await mark(2, "d", 50);
  for (const turn of ["lowest", "late", "lowest", "late"] as const) await take(ctx.now(), turn);
  expect(order).toEqual(["1 a", "2 c", "1 b", "2 d"]);
});

test("what is given back with a time waits behind the others", async () => {
  await settled();
  const key = { blueprint: "deep", unit: "own", level: 7 };
  const ago = (seconds: number): Date => new Date(ctx.now().getTime() - seconds * 1000);
  await markChanged(ctx.db, ctx.org, key, ["hot"], ago(30));
  await markChanged(ctx.db, ctx.org, key, ["cold"], ago(20));
  const order: string[] = [];
  for (let i = 0; i < 3; i++) {
    const batch = await claimDirty(ctx.db, ctx.org, ctx.now(), () => 1, 10);
    if (batch === null) break;
    const names = batch.rows.map(({ identifier }) => identifier);
    order.push(...names);
    if (i === 0) await releaseDirty(ctx.db, ctx.org, batch, names, { message: null, at: ctx.now() });
    else
      await settleDirty(
        ctx.db,
        ctx.org,
        batch,
        batch.rows.map(({ identifier, ticket }) => ({ identifier, ticket, due: null })),
      );
  }
  expect(order).toEqual(["hot", "cold", "hot"]);
});

test("what the clock or a write changes during a check is no drift", async () => {
  const calculationProperties = { minute: { calculation: "now", type: "number" } };
  await define(ctx, "ticking", {}, { calculationProperties });
  await put(ctx, "ticking", { identifier: "a" });
  await settled();
  const passing = (): Ctx => {
    let asked = 0;
    return { ...ctx, now: () => new Date(ctx.now().getTime() + 60_000 * asked++) };
  };
  expect(await compareSettled(passing())).toMatchObject({ drifted: 0 });
  const keys = [{ blueprint: "ticking", identifier: "a" }];
  expect(await checkEntities(passing(), keys)).toEqual({ checked: 1, drifted: 0, drift: [] });
  await part("late", 1);
  expect(await compareSettled(ctx)).toBeNull();
  await settled();
});
