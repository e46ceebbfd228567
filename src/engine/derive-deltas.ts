/** What changed entities add to aggregations and what they added before, as their rows in the change feed tell. */
import type { Ctx } from "../storage/context.ts";
import { appendDeltas, type DeltaSource } from "../storage/derived-deltas.ts";
import { markChanged } from "../storage/derived-queue.ts";
import { markRoots } from "../storage/derived-walk.ts";
import type { Derivations } from "./derivations.ts";
import type { AggregationUnit } from "./derive-units.ts";

/** When roots are to be computed. */
export interface DeltaTimes {
  readonly soon: Date;
  /** After changes were collected. */
  readonly late: Date;
  /** Of the roots those that are computed soon. */
  readonly rested: (roots: readonly string[]) => ReadonlySet<string>;
}

/** Appends what the changes mean to the roots that count the entities, and marks these roots. */
export async function markDeltas(
  tx: Ctx,
  { blueprints }: Derivations,
  unit: AggregationUnit,
  source: DeltaSource,
  times: DeltaTimes,
): Promise<void> {
  const { target, ways, aggregations, reads, blueprint, name, level, hash } = unit;
  if (!blueprints.has(target)) return;
  const counting = { org: tx.org, now: tx.now(), blueprints, target, ways, aggregations };
  const marked = { blueprint, unit: name, level };
  const { stated, others } = await appendDeltas(tx.db, counting, reads.reads, marked, hash, source);
  const soon = times.rested([...stated, ...others]);
  for (const [at, isNow] of [[times.soon, true] as const, [times.late, false] as const]) {
    const now = (roots: readonly string[]) => roots.filter((root) => soon.has(root) === isNow);
    await markChanged(tx.db, tx.org, marked, now(stated), at);
    await markRoots(tx.db, tx.org, marked, now(others), [], at);
  }
}
