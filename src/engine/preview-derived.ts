/** What a derived property would be for some entities, if it were defined so: computed from scratch, nothing is written. */
import type { Blueprints } from "../model/query-graph.ts";
import type { EntityKey } from "../model/entity.ts";
import type { Ctx } from "../storage/context.ts";
import { snapshot } from "../storage/snapshot.ts";
import { derivationsOf } from "./derivations.ts";
import { type Derived, recomputeOne } from "./recompute.ts";
import { isLocal, neighbourhood } from "./sample-derived.ts";

/** Values that follow from more entities take longer than somebody who types waits. */
const MAX_READ = 5000;

/** `large`: they follow from too many entities; `walks`: the query of the definition follows relations. */
export type Preview =
  | { readonly state: "computed"; readonly values: readonly (Derived | null)[] }
  | { readonly state: "large" | "walks" };

/** @param blueprints all of them, with the definition in question */
export function previewDerived(
  ctx: Ctx,
  blueprints: Blueprints,
  keys: readonly EntityKey[],
  property: string,
): Promise<Preview> {
  const derivations = derivationsOf(blueprints, new Map());
  const [key] = keys;
  if (key !== undefined && !isLocal(derivations, key.blueprint, property, new Set()))
    return Promise.resolve({ state: "walks" });
  return snapshot(ctx.db, async (db): Promise<Preview> => {
    const now = ctx.now();
    const entities = await neighbourhood({ ...ctx, db, now: () => now }, derivations, keys, MAX_READ);
    if (entities === null) return { state: "large" };
    return {
      state: "computed",
      values: recomputeOne({ blueprints: blueprints.values(), entities, now }, keys, property),
    };
  });
}
