/** The state of a root after the changes that wait for it, page by page: however many wait, none of it takes long at once. */
import type { OwnReads } from "../model/fold-own.ts";
import { changeState, emptyState, type FoldState, type PackedState } from "../model/fold-state.ts";
import { sameJson } from "../model/json.ts";
import type { Ctx } from "../storage/context.ts";
import {
  type DeltaPart,
  deltasOf,
  readMoreDeltas,
  type RootState,
  rootStateOf,
  type StateWrite,
  type StoredDelta,
  type StoredState,
} from "../storage/derived-state.ts";
import { seenBy } from "../storage/pg-snapshot.ts";
import type { AggregationUnit } from "./derive-units.ts";

/**
 * Of more changes, and of more than twice as many as the root counts entities, everything is read again instead: the
 * database looks at each entity once.
 */
const MOST_PARTS = 10_000;

/**
 * @param pause awaited between two pieces of work
 * @returns null: everything has to be read again
 */
export async function applyDeltas(
  ctx: Ctx,
  unit: AggregationUnit,
  stored: StoredState,
  now: number,
  pause: () => Promise<void>,
): Promise<StateWrite | null> {
  const { aggregations, hash, reads } = unit;
  const before = rootStateOf(stored);
  if (before.hash !== hash) return null;
  const isSeen = seenBy(stored.asOf);
  const states: FoldState[] = [];
  for (const i of aggregations.keys()) {
    const known = before.states[i];
    if (known === undefined) return null;
    states.push(known);
  }
  const most = Math.max(MOST_PARTS, 2 * states.reduce((all, { n }) => Math.max(all, n), 0));
  const applied: number[] = [];
  const clocks = [now];
  let next = before.next;
  let count = 0;
  for (let page = stored.waiting; ;) {
    const deltas = deltasOf(page);
    const parts: DeltaPart[] = [];
    for (const one of deltas) {
      const unseen = unseenOf(one, isSeen);
      if (unseen?.length === 0) continue;
      if (unseen === null || one.delta.hash !== hash) return null;
      clocks.push(one.delta.clock);
      for (const part of unseen) parts.push(part);
    }
    next = earliest([next, ...parts.map(([, moved]) => moved)]);
    count += parts.length;
    if (count > most || !fits(before, next, clocks)) return null;
    for (const [i, one] of aggregations.entries()) {
      const [come, gone] = sidesOf(reads, i, parts);
      const changed = changeState(one, states[i] ?? emptyState(), come, gone);
      if (changed === null) return null;
      states[i] = changed;
      await pause();
    }
    for (const { id } of deltas) applied.push(id);
    const last = deltas.at(-1);
    if (!page.mayBeMore || last === undefined) break;
    page = await readMoreDeltas(ctx.db, ctx.org, { ...unit, unit: unit.name }, stored.identifier, last.id);
  }
  const state: RootState = { hash, clock: before.clock, next, states };
  return { identifier: stored.identifier, asOf: stored.asOf, state, applied };
}

/** What of a delta the state does not hold yet; null: a row of an earlier version. */
function unseenOf({ delta }: StoredDelta, isSeen: (xid: string) => boolean): readonly DeltaPart[] | null {
  return delta.changes?.filter(([xid]) => !isSeen(xid)) ?? null;
}

/** What came and what went of the aggregation, without what stays as it is. */
function sidesOf(
  reads: OwnReads,
  i: number,
  parts: readonly DeltaPart[],
): readonly [come: readonly PackedState[], gone: readonly PackedState[]] {
  const [come, gone]: [PackedState[], PackedState[]] = [[], []];
  for (const [, , before, after] of parts) {
    const was = before === null ? null : reads.stateOf(i, before);
    const is = after === null ? null : reads.stateOf(i, after);
    if (was !== null && is !== null && sameJson(was, is)) continue;
    if (is !== null) come.push(is);
    if (was !== null) gone.push(was);
  }
  return [come, gone];
}

/** In a window, an entity is what it was when it was counted, until the first one moves by the clock. */
function fits(before: RootState, next: number | null, clocks: readonly number[]): boolean {
  return next === null || clocks.every((clock) => clock >= before.clock && clock < next);
}

function earliest(times: readonly (number | null)[]): number | null {
  let found: number | null = null;
  for (const time of times) if (time !== null && (found === null || time < found)) found = time;
  return found;
}
