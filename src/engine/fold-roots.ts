/** What aggregations of many roots are over: from states and the changes that wait, or else from all that they count. */
import { valueOfState } from "../model/fold-state.ts";
import type { Ctx } from "../storage/context.ts";
import { type Folded, foldRelated } from "../storage/derived-aggregate.ts";
import { readRootStates } from "../storage/derived-fold-states.ts";
import { readStates, type StateWrite } from "../storage/derived-state.ts";
import { applyDeltas } from "./apply-deltas.ts";
import type { Derivations } from "./derivations.ts";
import type { AggregationUnit } from "./derive-units.ts";
import { pauses } from "./pauses.ts";

/** Whose waiting changes are held at once: of each about an eighth of a megabyte at most. */
const ROOTS_AT_ONCE = 250;

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
  const pause = pauses();
  for (let from = 0; from < some.length; from += ROOTS_AT_ONCE) {
    const slice = some.slice(from, from + ROOTS_AT_ONCE);
    for (const stored of await readStates(ctx.db, ctx.org, { ...unit, unit: unit.name }, slice)) {
      const applied = await applyDeltas(ctx, unit, stored, now.getTime(), pause);
      if (applied !== null) results.set(stored.identifier, foldsOf(unit, applied));
      await pause();
    }
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
