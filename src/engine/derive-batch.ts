/** One batch of dirty entities: computed outside any transaction, written and settled in one. */
import { DERIVATION_ACTOR } from "../model/actor.ts";
import { OWNERS } from "../model/derive-team.ts";
import { keyOf } from "../model/entity.ts";
import { readGeneration } from "../storage/blueprints.ts";
import { noteTouched } from "../storage/dora-touched.ts";
import { appendChanges } from "../storage/changes.ts";
import type { Ctx } from "../storage/context.ts";
import {
  type Batch,
  claimDirty,
  extendDirty,
  heldDirty,
  releaseDirty,
  settleDirty,
  type Turn,
} from "../storage/derived-queue.ts";
import { dropLongWaits, dropStates, writeStates } from "../storage/derived-state.ts";
import { readUnitHash, requestRebuild } from "../storage/derived-units.ts";
import { readVersioned, writeDerived } from "../storage/derived-values.ts";
import { markRoots } from "../storage/derived-walk.ts";
import { transact } from "../storage/transact.ts";
import { noteFailure, withSpan } from "../tracing/span.ts";
import { BatchCosts } from "./batch-costs.ts";
import { areOutdated, type Derivations } from "./derivations.ts";
import type { Sensor } from "./derive-sensors.ts";
import { keepLease, leaseSecondsOf } from "./keep-lease.ts";
import { keepQuietNumbers } from "./keep-history.ts";
import { keepQuietLevels } from "./keep-levels.ts";
import { isValue, type Outcome, outcomesOf } from "./derive-values.ts";
import type { Unit } from "./derive-units.ts";

/** A derived property whose new value others read: `spread <property>`, or `$team`. */
const SPREAD = "spread ";
/** `spread $teams`: entities of `_team` that came to own something, or no longer do. */
const TEAMS = "$teams";
/** A batch is to take so long. */
const TARGET_MS = 250;
const MAX_BATCH = 500;
const FIRST_BATCH = 50;
const MAX_PAUSE_MS = 60_000;
/** Looks at the change feed of which an entity that cannot be computed keeps what they mean to it. */
const MAX_DELTAS = 100;

/** What a batch costs however small it is, in times of what claiming it took: small batches would not help. */
const OVERHEAD = 5;

const costs = new BatchCosts();

/** Reading everything again costs something else than applying changes. */
function costKey(unit: string, isWhole: boolean): string {
  return isWhole ? `${unit} whole` : unit;
}

function limitOf(unit: string, isWhole: boolean): number {
  const cost = costs.lately(costKey(unit, isWhole));
  if (cost === null) return FIRST_BATCH;
  return Math.max(1, Math.min(MAX_BATCH, Math.floor(TARGET_MS / Math.max(cost, 0.01))));
}

/** What one entity of the unit costs, milliseconds: one that many changes touch waits in proportion. */
export function costOf(unit: Unit, isWhole: boolean): number {
  return costs.usual(costKey(unit.name, isWhole));
}

/** Claims and does the most urgent batch. @returns false when nothing is due, or the definitions are to be read again */
export async function deriveBatch(ctx: Ctx, derivations: Derivations, turn: Turn = "late"): Promise<boolean> {
  const asked = performance.now();
  const batch = await claimDirty(ctx.db, ctx.org, ctx.now(), limitOf, leaseSecondsOf(ctx), turn);
  if (batch === null) return false;
  if (batch.rows.length === 0) return true;
  const { blueprint, unit, rows } = batch;
  const attributes = {
    "fairway.blueprint": blueprint,
    "fairway.unit": unit,
    "fairway.entities": rows.length,
  };
  const origins = rows.map(({ trace }) => trace);
  return withSpan("derive values", { attributes, origins }, () => doBatch(ctx, derivations, batch, asked));
}

/** @param asked when claiming it began */
async function doBatch(ctx: Ctx, derivations: Derivations, batch: Batch, asked: number): Promise<boolean> {
  const started = performance.now();
  const key = costKey(
    batch.unit,
    batch.rows.some((row) => row.isWhole),
  );
  const stopExtending = keepLease(ctx, { blueprint: batch.blueprint, unit: batch.unit }, (seconds) =>
    extendDirty(ctx.db, ctx.org, batch, seconds),
  );
  try {
    const isSpread = batch.unit.startsWith(SPREAD);
    if (!(await (isSpread ? spread : derive)(ctx, derivations, batch))) return false;
    const took = performance.now() - started;
    const cost = Math.max(0, took - (started - asked) * OVERHEAD) / batch.rows.length;
    costs.note(key, cost);
  } catch (error) {
    costs.noteFailure(key, TARGET_MS / Math.max(1, batch.rows.length / 4));
    noteFailure(error);
    await failed(ctx, batch, error);
  } finally {
    stopExtending();
  }
  return true;
}

/** One entity that cannot be computed must not keep the others waiting: smaller batches find it. */
async function failed(ctx: Ctx, batch: Batch, error: unknown): Promise<void> {
  const attempts = Math.max(...batch.rows.map((row) => row.attempts));
  const pause = Math.min(MAX_PAUSE_MS, 100 * 2 ** Math.min(attempts, 10));
  const fields = { err: error, blueprint: batch.blueprint, unit: batch.unit, entities: batch.rows.length };
  ctx.log.error(fields, "derived values not computed");
  const at = new Date(ctx.now().getTime() + pause);
  const identifiers = batch.rows.map((row) => row.identifier);
  await releaseDirty(ctx.db, ctx.org, batch, identifiers, { message: (error as Error).message, at });
  // What changes mean to these would be written down for ever.
  await dropLongWaits(ctx.db, ctx.org, batch, identifiers, MAX_DELTAS);
}

/** @returns false when another process applies other definitions, by which the batch is to be done */
async function derive(ctx: Ctx, derivations: Derivations, batch: Batch): Promise<boolean> {
  const unit = derivations.units.get(batch.blueprint)?.get(batch.unit);
  const identifiers = batch.rows.map((row) => row.identifier);
  const found = unit === undefined ? [] : await readVersioned(ctx.db, ctx.org, batch.blueprint, identifiers);
  const wholes = new Set(batch.rows.flatMap((row) => (row.isWhole ? [row.identifier] : [])));
  const outcomes = unit === undefined ? [] : await outcomesOf(ctx, derivations, unit, found, wholes);
  const byIdentifier = new Map(outcomes.map((one) => [one.versioned.entity.identifier, one]));
  const now = ctx.now();
  return transact({ ...ctx, actor: DERIVATION_ACTOR }, async (tx) => {
    const held = await heldDirty(tx.db, tx.org, batch);
    const hash = await readUnitHash(tx.db, tx.org, batch);
    if (hash !== null && hash !== unit?.hash) {
      await releaseDirty(tx.db, tx.org, batch, identifiers);
      return false;
    }
    const changing = outcomes.filter(
      ({ changed, versioned }) => changed.length > 0 && held.has(versioned.entity.identifier),
    );
    const current = (await isOutdated(tx, derivations, batch, changing)) ? [] : changing;
    const written = await writeDerived(
      tx.db,
      tx.org,
      current.map(({ versioned: { entity, version }, derived, team }) => ({
        ...{ blueprint: entity.blueprint, identifier: entity.identifier, version, derived, team },
      })),
    );
    const done = current.filter(({ versioned: { entity } }) =>
      written.has(keyOf(entity.blueprint, entity.identifier)),
    );
    await appendChanges(
      tx,
      now,
      done.flatMap(({ change }) => change ?? []),
    );
    if (unit?.kind === "own")
      await noteTouched(
        tx.db,
        tx.org,
        batch.blueprint,
        done.map(({ versioned: { entity }, changed }) => ({
          identifier: entity.identifier,
          isOwnerChange: changed.includes(OWNERS),
          at: now,
          derived: entity.derived ?? {},
          team: entity.team,
        })),
      );
    await keepQuietNumbers(tx, derivations, batch.blueprint, done, now);
    await keepQuietLevels(tx, derivations, batch, done, now);
    await markSpreads(tx, derivations, batch, done, now);
    const isLate = new Set(changing.map((one) => one.versioned.entity.identifier));
    for (const { versioned } of done) isLate.delete(versioned.entity.identifier);
    // Behind those that wait: what is written all the time would be tried again before anything else has its turn.
    await releaseDirty(tx.db, tx.org, batch, [...isLate], { message: null, at: now });
    if (unit?.kind === "agg" && unit.keepsState) {
      const isSettling = (identifier: string): boolean => held.has(identifier) && !isLate.has(identifier);
      const states = outcomes.flatMap(({ state }) =>
        state !== null && isSettling(state.identifier) ? [state] : [],
      );
      await writeStates(tx.db, tx.org, batch, states);
      const gone = identifiers.filter((one) => held.has(one) && !byIdentifier.has(one));
      await dropStates(tx.db, tx.org, batch, gone);
    }
    await settleDirty(
      tx.db,
      tx.org,
      batch,
      batch.rows
        .filter(({ identifier }) => !isLate.has(identifier))
        .map(({ identifier, ticket }) => ({
          ...{ identifier, ticket, due: byIdentifier.get(identifier)?.due?.toISOString() ?? null },
        })),
    );
    return true;
  });
}

/**
 * What a definition that has changed meanwhile gives is not written: under it, what was just renamed has no value.
 * Owners that a former definition gives would stay for good, so theirs stays as it is until they are written.
 */
async function isOutdated(
  tx: Ctx,
  { generations }: Derivations,
  { blueprint }: Batch,
  changing: readonly Outcome[],
): Promise<boolean> {
  if (changing.length === 0) return false;
  const lock = changing.some(({ changed }) => changed.includes(OWNERS)) ? "share" : "none";
  return (await readGeneration(tx.db, tx.org, blueprint, lock)) !== generations.get(blueprint);
}

/**
 * What reads the changed values is found after this has been committed: a writer that read the old ones meanwhile is
 * then either seen, or still to be read from the change feed.
 */
async function markSpreads(
  tx: Ctx,
  { sensors }: Derivations,
  { blueprint, level }: Batch,
  done: readonly Outcome[],
  now: Date,
): Promise<void> {
  const here = sensors.get(blueprint) ?? [];
  const interesting = (id: string): boolean => isValue(id) && here.some((sensor) => reads(sensor, id));
  const changed = new Map<string, string[]>();
  const add = (id: string, identifiers: readonly string[]): void => {
    if (interesting(id)) changed.set(id, [...(changed.get(id) ?? []), ...identifiers]);
  };
  for (const { changed: ids, versioned, team } of done)
    for (const id of ids) {
      add(id, [versioned.entity.identifier]);
      if (id === OWNERS) add(TEAMS, [...versioned.entity.team, ...team]);
    }
  for (const [id, identifiers] of [...changed].sort(([a], [b]) => (a < b ? -1 : 1)))
    await markRoots(tx.db, tx.org, { blueprint, unit: `${SPREAD}${id}`, level }, identifiers, [], now);
}

/** Whether what the sensor marks follows from the property. */
function reads({ derived, metas, relations, start }: Sensor, id: string): boolean {
  const isFromTeams = start !== null && start !== "self" && start.relation === OWNERS;
  if (id === TEAMS) return isFromTeams;
  return id === OWNERS ? !isFromTeams && (metas.has(id) || relations.has(id)) : derived.has(id);
}

/** @returns false when the definitions are others by now, which may read these values too */
async function spread(ctx: Ctx, derivations: Derivations, batch: Batch): Promise<boolean> {
  const id = batch.unit.slice(SPREAD.length);
  const identifiers = batch.rows.map((row) => row.identifier);
  const now = ctx.now();
  return transact(ctx, async (tx) => {
    await heldDirty(tx.db, tx.org, batch);
    for (const sensor of derivations.sensors.get(batch.blueprint) ?? []) {
      if (!reads(sensor, id)) continue;
      const { unit, start, hops } = sensor;
      const target = { blueprint: unit.blueprint, unit: unit.name, level: unit.level };
      if (start === "self" || id === TEAMS) await markRoots(tx.db, tx.org, target, identifiers, hops, now);
      else await requestRebuild(tx.db, tx.org, [target], now);
    }
    if (await areOutdated(tx, derivations)) {
      await releaseDirty(tx.db, tx.org, batch, identifiers);
      return false;
    }
    await settleDirty(
      tx.db,
      tx.org,
      batch,
      batch.rows.map((row) => ({ ...row, due: null })),
    );
    return true;
  });
}
