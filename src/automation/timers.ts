/** Fires timers: values of timer properties that have passed become rows of the change feed (workflows.md §3.8). */
import { type Actor } from "../model/actor.ts";
import { type ExpiredTimer, TIMER_EXPIRED, TIMER_KIND } from "../model/automation-event.ts";
import { allBlueprints } from "../catalog/search-catalog.ts";
import { type BlueprintPlan, planOf } from "../model/blueprint.ts";
import { renderEntity } from "../model/entity.ts";
import { isObject } from "../model/json.ts";
import { type EntityChange, type Expiry, foldTimers, type Timer, timerKey } from "../model/timer-fold.ts";
import { appendChanges, type ChangeRow } from "../storage/changes.ts";
import type { Ctx } from "../storage/context.ts";
import { definitionsBefore } from "../storage/definitions-before.ts";
import { advanceFeedFrom, type FeedRow, peekFeed } from "../storage/feed.ts";
import {
  nextTimer,
  putTimers,
  readTimers,
  removeTimers,
  renameTimers,
  syncTimers,
  takeDueTimers,
} from "../storage/timers.ts";
import { transact } from "../storage/transact.ts";

export const TIMERS_READER = "timers";
const BATCH = { rows: 1000, bytes: 8_000_000 };
const FIRE_AT_ONCE = 200;
const TIMER_ACTOR: Actor = { kind: "system", id: "fairway:timer", datasource: null, origin: "API" };

/** Blueprints that have timers, each with these properties. */
async function plansWithTimers(ctx: Ctx): Promise<Map<string, { plan: BlueprintPlan; timers: string[] }>> {
  const found = new Map<string, { plan: BlueprintPlan; timers: string[] }>();
  for (const plan of (await allBlueprints(ctx)).values()) {
    const timers = timersIn(plan);
    if (timers.length > 0) found.set(plan.identifier, { plan, timers });
  }
  return found;
}

const timersIn = (plan: BlueprintPlan): string[] =>
  [...plan.properties.values()].filter(({ format }) => format === "timer").map((one) => one.identifier);

const timersOfDocument = (definition: unknown): string[] =>
  isObject(definition) ? timersIn(planOf(definition)) : [];

/**
 * Reads on in the change feed, and fires what is due.
 * @param reads whether there is anything to read for this process
 * @returns true when there may be more to do now
 */
export async function timerRound(ctx: Ctx, reads = true): Promise<boolean> {
  const more = reads && (await followTimers(ctx));
  const fired = await fireDueTimers(ctx);
  return more || fired;
}

async function followTimers(ctx: Ctx): Promise<boolean> {
  const { db, org } = ctx;
  const plans = await plansWithTimers(ctx);
  const { rows, place, mayBeMore } = await peekFeed(db, org, TIMERS_READER, BATCH, [...plans.keys()]);
  const last = rows.at(-1);
  if (last === undefined) return false;
  const timersOf = new Map([...plans].map(([blueprint, { timers }]) => [blueprint, timers] as const));
  const isTouched = rows.some(
    ({ kind, blueprint }) => kind === "blueprint" || (kind === "entity" && timersOf.has(blueprint ?? "")),
  );
  if (!isTouched) {
    await advanceFeedFrom(db, org, TIMERS_READER, place, last);
    return mayBeMore;
  }
  const defined = rows.flatMap((row) =>
    row.kind === "blueprint" && row.blueprint !== null
      ? [[row.blueprint, timersOfDocument(row.after)] as const]
      : [],
  );
  // A first timer that came after the plans were read: what is written under it was read without documents.
  const isNew = (blueprint: string): boolean => !timersOf.has(blueprint);
  if (
    defined.some(([blueprint, timers]) => timers.length > 0 && isNew(blueprint)) &&
    [...(await plansWithTimers(ctx)).keys()].some(isNew)
  )
    return true;
  return transact({ ...ctx, actor: TIMER_ACTOR }, async (tx) => {
    if (!(await advanceFeedFrom(tx.db, tx.org, TIMERS_READER, place, last))) return true;
    const touched = rows.flatMap(({ blueprint }) => (timersOf.has(blueprint ?? "") ? (blueprint ?? []) : []));
    const later = await definitionsBefore(tx.db, tx.org, touched, last);
    const atEnd = new Map([
      ...timersOf,
      ...defined,
      ...[...later].map(([name, one]) => [name, timersOfDocument(one)] as const),
    ]);
    for (const { definition, changes, inForce } of stretchesOf(rows, atEnd)) {
      if (definition !== null) await followDefinition(tx, definition, inForce);
      await applyChanges(
        tx,
        changes.filter(({ blueprint }) => timersOf.has(blueprint)),
        inForce,
      );
    }
    return mayBeMore;
  });
}

/** By blueprint, its properties that are timers. */
type TimersOf = ReadonlyMap<string, readonly string[]>;

/** Changes of entities between two definitions: what was a timer then is one, whatever the blueprint says by now. */
interface Stretch {
  /** After which they were written; null: the rows begin with them. */
  readonly definition: FeedRow | null;
  readonly changes: readonly EntityChange[];
  readonly inForce: TimersOf;
}

/** @param atEnd what is in force after the last row */
function stretchesOf(rows: readonly FeedRow[], atEnd: TimersOf): Stretch[] {
  const found: Stretch[] = [];
  let changes: EntityChange[] = [];
  let inForce = atEnd;
  for (const row of rows.toReversed()) {
    const change = entityChange(row);
    if (change !== null) changes.push(change);
    if (row.kind !== "blueprint" || row.blueprint === null) continue;
    found.push({ definition: row, changes: changes.reverse(), inForce });
    changes = [];
    inForce = new Map([...inForce, [row.blueprint, timersOfDocument(row.before)]]);
  }
  found.push({ definition: null, changes: changes.reverse(), inForce });
  return found.reverse();
}

async function followDefinition(tx: Ctx, row: FeedRow, inForce: TimersOf): Promise<void> {
  if (row.blueprint === null) return;
  const name = isObject(row.before) ? row.before["identifier"] : null;
  if (typeof name === "string" && row.after !== null && name !== row.blueprint)
    await renameTimers(tx.db, tx.org, name, row.blueprint);
  await syncTimers(tx.db, tx.org, row.blueprint, inForce.get(row.blueprint) ?? [], row.at);
}

function entityChange({ kind, blueprint, identifier, before, after, at }: FeedRow): EntityChange | null {
  if (kind !== "entity" || blueprint === null || identifier === null) return null;
  return { blueprint, identifier, before, after, at };
}

async function applyChanges(tx: Ctx, changes: readonly EntityChange[], timersOf: TimersOf): Promise<void> {
  if (changes.length === 0) return;
  const names = new Map<string, Pick<Timer, "blueprint" | "identifier">>();
  for (const { blueprint, identifier, before } of changes)
    for (const name of [identifier, isObject(before) ? before["identifier"] : null])
      if (typeof name === "string") names.set(`${blueprint}\n${name}`, { blueprint, identifier: name });
  const before = new Map((await readTimers(tx.db, tx.org, [...names.values()])).map((t) => [timerKey(t), t]));
  const after = new Map(before);
  const expired = foldTimers(after, changes, timersOf);
  const gone = [...before.values()].filter((timer) => !after.has(timerKey(timer)));
  await removeTimers(tx.db, tx.org, gone);
  const put = [...after].filter(([key, timer]) => before.get(key) !== timer).map(([, timer]) => timer);
  await putTimers(tx.db, tx.org, put, tx.now());
  await appendChanges(tx, tx.now(), expired.map(rowOf));
}

/** @returns true when there may be more */
async function fireDueTimers(ctx: Ctx): Promise<boolean> {
  const next = await nextTimer(ctx.db, ctx.org);
  if (next === null || next > ctx.now()) return false;
  return transact({ ...ctx, actor: TIMER_ACTOR }, async (tx) => {
    const due = await takeDueTimers(tx.db, tx.org, tx.now(), FIRE_AT_ONCE);
    if (due.length === 0) return false;
    const plans = await plansWithTimers(tx);
    const rows = due.flatMap(({ timer, entity }) => {
      const plan = plans.get(timer.blueprint)?.plan;
      return plan === undefined ? [] : [rowOf({ timer, entity: renderEntity(plan, entity) })];
    });
    await appendChanges(tx, tx.now(), rows);
    return due.length === FIRE_AT_ONCE;
  });
}

function rowOf({ timer: { blueprint, identifier, property, value, due }, entity }: Expiry): ChangeRow {
  const before: ExpiredTimer = {
    ...{ propertyIdentifier: property, value, expiredAt: new Date(due).toISOString() },
  };
  return { kind: TIMER_KIND, action: TIMER_EXPIRED, blueprint, identifier, before, after: entity };
}
