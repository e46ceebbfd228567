/** The from-scratch twin of the derived properties: every value, computed from all that is stored (data-model.md §6). */
import { type EntityKey, keyOf } from "../model/entity.ts";
import type { Source } from "./twin/catalog.ts";
import { type Derived, Evaluation } from "./twin/evaluate.ts";

export type { Source } from "./twin/catalog.ts";
export type { Derived } from "./twin/evaluate.ts";

/**
 * By `keyOf` of the entity, then by property, with `$team` where owners are inherited; entities of blueprints where
 * nothing is derived are not in it.
 */
export type DerivedValues = ReadonlyMap<string, ReadonlyMap<string, Derived>>;

export function recompute(source: Source): DerivedValues {
  const evaluation = new Evaluation(source);
  const result = new Map<string, ReadonlyMap<string, Derived>>();
  for (const plan of evaluation.blueprints.values()) {
    const properties = evaluation.derivedOf(plan.identifier);
    if (properties.length === 0) continue;
    for (const entity of evaluation.entitiesOf(plan.identifier))
      result.set(
        keyOf(entity.blueprint, entity.identifier),
        new Map(properties.map((id) => [id, evaluation.derived(entity, id)])),
      );
  }
  return result;
}

/** One derived property of some of the entities, in their order; null where the entity is not in the source. */
export function recomputeOne(
  source: Source,
  keys: readonly EntityKey[],
  property: string,
): (Derived | null)[] {
  const evaluation = new Evaluation(source);
  return keys.map(({ blueprint, identifier }) => {
    const entity = evaluation.entitiesOf(blueprint).find((one) => one.identifier === identifier);
    return entity === undefined ? null : evaluation.derived(entity, property);
  });
}
