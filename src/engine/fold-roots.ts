/** What aggregations of many roots are over: from states and the changes that wait, or else from all that they count. */
import {
  changeState,
  emptyState,
  type FoldState,
  type PackedState,
  valueOfState,
} from "../model/fold-state.ts";
import type { Ctx } from "../storage/context.ts";
import { type Folded, foldRelated } from "../storage/derived-aggregate.ts";
import { readRootStates } from "../storage/derived-fold-states.ts";
import {
  type DeltaPart,
  readStates,
  type RootState,
  type StateWrite,
  type StoredState,
} from "../storage/derived-state.ts";
import { seenBy } from "../storage/pg-snapshot.ts";
import type { Derivations } from "./derivations.ts";
import type { AggregationUnit } from "./derive-units.ts";

export interface RootFolds {
  /** One for each aggregation. */
  readonly folds: readonly Folded[];
  /** To be written with the values; null: the unit keeps none. */
  readonly write: StateWrite | null;
}

/** @param wholes roots of which all is to be read again, whatever their state says */
export async function foldRoots(
  ctx: Ctx,
  { blueprints }: Derivations,
  unit: AggregationUnit,
  roots: readonly string[],
  wholes: ReadonlySet<string>,
  now: Date,
): Promise<ReadonlyMap<string, RootFolds>> {
  const { target, ways, aggregations } = unit;
  const counting = { org: ctx.org, now, blueprints, target, ways, aggregations };
  if (!unit.keepsState) {
    const folded = await foldRelated(ctx.db, counting, roots);
    return new Map([...folded].map(([root, folds]) => [root, { folds, write: null }]));
  }
  const results = new Map<string, RootFolds>();
  const some = roots.filter((root) => !wholes.has(root));
  if (some.length > 0)
    for (const stored of await readStates(ctx.db, ctx.org, { ...unit, unit: unit.name }, some)) {
      const applied = applyDeltas(unit, stored, now.getTime());
      if (applied !== null) results.set(stored.identifier, foldsOf(unit, applied));
    }
  const rest = roots.filter((root) => !results.has(root));
  if (rest.length > 0) {
    const { asOf, states } = await readRootStates(ctx.db, counting, rest);
    for (const [identifier, root] of states) {
      const state = { hash: unit.hash, clock: now.getTime(), next: root.next, states: root.states };
      results.set(identifier, foldsOf(unit, { identifier, asOf, state, applied: null }));
    }
  }
  return results;
}

function foldsOf({ aggregations }: AggregationUnit, write: StateWrite): RootFolds {
  const { states, next } = write.state;
  return {
    folds: aggregations.map((one, i) => {
      const state = states[i];
      return state === undefined
        ? { count: 0, value: null, since: null, next }
        : { ...valueOfState(one, state), next };
    }),
    write,
  };
}

/** null: everything has to be read again. */
function applyDeltas(
  { aggregations, hash }: AggregationUnit,
  { identifier, asOf, state, deltas }: StoredState,
  now: number,
): StateWrite | null {
  if (state.hash !== hash) return null;
  const isSeen = seenBy(asOf);
  const unseen = deltas.flatMap(({ delta }): Unseen[] => {
    const parts = delta.parts?.filter(({ xid }) => !isSeen(xid)) ?? null;
    return parts?.length === 0 ? [] : [{ hash: delta.hash, clock: delta.clock, parts }];
  });
  const parts = unseen.flatMap((one) => one.parts ?? []);
  const next = earliest([state.next, ...parts.map((part) => part.next)]);
  // In a window, an entity is what it was when it was counted, until the first one moves by the clock.
  const fits = (clock: number): boolean => next === null || (clock >= state.clock && clock < next);
  const isOurs = (one: Unseen): boolean => one.parts !== null && one.hash === hash && fits(one.clock);
  if (!fits(now) || !unseen.every(isOurs)) return null;
  const states = aggregations.map((one, i) => {
    const known = state.states[i];
    const side = (name: "before" | "after") => parts.flatMap((part) => unpacked(part[name]?.[i]));
    return known === undefined ? null : changeState(one, known, side("after"), side("before"));
  });
  if (!states.every((one) => one !== null)) return null;
  const changed: RootState = { hash, clock: state.clock, next, states };
  return { identifier, asOf, state: changed, applied: deltas.map(({ id }) => id) };
}

/** What of a delta the state does not hold yet. */
interface Unseen {
  readonly hash: string;
  readonly clock: number;
  readonly parts: readonly DeltaPart[] | null;
}

function unpacked(state: PackedState | null | undefined): FoldState[] {
  return state === null || state === undefined ? [] : [{ ...emptyState(), ...state }];
}

function earliest(times: readonly (number | null)[]): number | null {
  let found: number | null = null;
  for (const time of times) if (time !== null && (found === null || time < found)) found = time;
  return found;
}
