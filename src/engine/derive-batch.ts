/** One batch of dirty entities: computed outside any transaction, written and settled in one. */
import { DERIVATION_ACTOR } from "../model/actor.ts";
import { keyOf } from "../model/entity.ts";
import { appendChanges } from "../storage/changes.ts";
import type { Ctx } from "../storage/context.ts";
import { type Batch, claimDirty, heldDirty, releaseDirty, settleDirty } from "../storage/derived-queue.ts";
import { requestRebuild } from "../storage/derived-units.ts";
import { readVersioned, writeDerived } from "../storage/derived-values.ts";
import { markRoots } from "../storage/derived-walk.ts";
import { transact } from "../storage/transact.ts";
import type { Derivations } from "./derivations.ts";
import { isValue, type Outcome, outcomesOf } from "./derive-values.ts";
import type { Unit } from "./derive-units.ts";

/** A derived property whose new value others read: `spread <property>`. */
const SPREAD = "spread ";
const LEASE_SECONDS = 120;
/** A batch is to take so long. */
const TARGET_MS = 250;
const MAX_BATCH = 500;
const FIRST_BATCH = 50;
const MAX_PAUSE_MS = 60_000;

/** Milliseconds for one entity of a unit, as lately measured. */
const costs = new Map<string, number>();

function limitOf(unit: string): number {
  const cost = costs.get(unit);
  if (cost === undefined) return FIRST_BATCH;
  return Math.max(1, Math.min(MAX_BATCH, Math.floor(TARGET_MS / Math.max(cost, 0.01))));
}

/** What one entity of the unit costs, milliseconds: one that many changes touch waits in proportion. */
export function costOf(unit: Unit): number {
  return costs.get(unit.name) ?? 0;
}

/** Claims and does the most urgent batch. @returns false when nothing is due */
export async function deriveBatch(ctx: Ctx, derivations: Derivations): Promise<boolean> {
  const batch = await claimDirty(ctx.db, ctx.org, ctx.now(), limitOf, LEASE_SECONDS);
  if (batch === null) return false;
  if (batch.rows.length === 0) return true;
  const started = performance.now();
  try {
    if (batch.unit.startsWith(SPREAD)) await spread(ctx, derivations, batch);
    else await derive(ctx, derivations, batch);
    const cost = (performance.now() - started) / batch.rows.length;
    costs.set(batch.unit, ((costs.get(batch.unit) ?? cost) + cost) / 2);
  } catch (error) {
    await failed(ctx, batch, error);
  }
  return true;
}

/** One entity that cannot be computed must not keep the others waiting: smaller batches find it. */
async function failed(ctx: Ctx, batch: Batch, error: unknown): Promise<void> {
  const attempts = Math.max(...batch.rows.map((row) => row.attempts));
  const pause = Math.min(MAX_PAUSE_MS, 100 * 2 ** Math.min(attempts, 10));
  costs.set(batch.unit, Math.max(costs.get(batch.unit) ?? 0, TARGET_MS / Math.max(1, batch.rows.length / 4)));
  const fields = { err: error, blueprint: batch.blueprint, unit: batch.unit, entities: batch.rows.length };
  ctx.log.error(fields, "derived values not computed");
  const at = new Date(ctx.now().getTime() + pause);
  const identifiers = batch.rows.map((row) => row.identifier);
  await releaseDirty(ctx.db, ctx.org, batch, identifiers, at, (error as Error).message);
}

async function derive(ctx: Ctx, derivations: Derivations, batch: Batch): Promise<void> {
  const unit = derivations.units.get(batch.blueprint)?.get(batch.unit);
  const identifiers = batch.rows.map((row) => row.identifier);
  const found = unit === undefined ? [] : await readVersioned(ctx.db, ctx.org, batch.blueprint, identifiers);
  const outcomes = unit === undefined ? [] : await outcomesOf(ctx, derivations, unit, found);
  const byIdentifier = new Map(outcomes.map((one) => [one.versioned.entity.identifier, one]));
  const now = ctx.now();
  await transact({ ...ctx, actor: DERIVATION_ACTOR }, async (tx) => {
    const held = await heldDirty(tx.db, tx.org, batch);
    const changing = outcomes.filter(
      ({ changed, versioned }) => changed.length > 0 && held.has(versioned.entity.identifier),
    );
    const written = await writeDerived(
      tx.db,
      tx.org,
      changing.map(({ versioned: { entity, version }, derived }) => ({
        ...{ blueprint: entity.blueprint, identifier: entity.identifier, version, derived },
      })),
    );
    const done = changing.filter(({ versioned: { entity } }) =>
      written.has(keyOf(entity.blueprint, entity.identifier)),
    );
    await appendChanges(
      tx,
      now,
      done.flatMap(({ change }) => change ?? []),
    );
    await markSpreads(tx, derivations, batch, done, now);
    const isLate = new Set(changing.map((one) => one.versioned.entity.identifier));
    for (const { versioned } of done) isLate.delete(versioned.entity.identifier);
    await releaseDirty(tx.db, tx.org, batch, [...isLate], now, null);
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
  });
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
  const interesting = new Set((sensors.get(blueprint) ?? []).flatMap((sensor) => [...sensor.derived]));
  const changed = new Map<string, string[]>();
  for (const { changed: ids, versioned } of done)
    for (const id of ids)
      if (isValue(id) && interesting.has(id))
        changed.set(id, [...(changed.get(id) ?? []), versioned.entity.identifier]);
  for (const [id, identifiers] of [...changed].sort(([a], [b]) => (a < b ? -1 : 1)))
    await markRoots(tx.db, tx.org, { blueprint, unit: `${SPREAD}${id}`, level }, identifiers, [], now);
}

async function spread(ctx: Ctx, { sensors }: Derivations, batch: Batch): Promise<void> {
  const id = batch.unit.slice(SPREAD.length);
  const identifiers = batch.rows.map((row) => row.identifier);
  const now = ctx.now();
  await transact(ctx, async (tx) => {
    for (const { unit, derived, start, hops } of sensors.get(batch.blueprint) ?? []) {
      if (!derived.has(id)) continue;
      const target = { blueprint: unit.blueprint, unit: unit.name, level: unit.level };
      if (start === "self") await markRoots(tx.db, tx.org, target, identifiers, hops, now);
      else await requestRebuild(tx.db, tx.org, [target], now);
    }
    await settleDirty(
      tx.db,
      tx.org,
      batch,
      batch.rows.map((row) => ({ ...row, due: null })),
    );
  });
}
