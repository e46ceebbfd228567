/** The derived values of one entity put together: what other entities give, and calculations over it. */
import type { BlueprintPlan } from "../model/blueprint.ts";
import type {
  AggregationDefinition,
  CalculationDefinition,
  DerivedDefinition,
  MirrorDefinition,
} from "../model/derive-nodes.ts";
import { OWNERS } from "../model/derive-team.ts";
import { type Entity, own } from "../model/entity.ts";
import { calculate } from "./calculate.ts";

export type Values = Readonly<Record<string, unknown>>;

/** What a blueprint defines, by kind. */
export interface OwnDefinitions {
  /** null: owners are not inherited. */
  readonly owners: MirrorDefinition | null;
  readonly mirrors: readonly MirrorDefinition[];
  readonly calculations: readonly CalculationDefinition[];
  readonly aggregations: readonly AggregationDefinition[];
}

/** Beside the values: why calculations are null. No property can have this name. */
export const ERRORS = "$errors";

export function ownDefinitions(all: ReadonlyMap<string, DerivedDefinition> | undefined): OwnDefinitions {
  const list = [...(all?.values() ?? [])];
  const mirrors = list.filter((one) => one.kind === "mirror");
  return {
    owners: mirrors.find((one) => one.id === OWNERS) ?? null,
    mirrors: mirrors.filter((one) => one.id !== OWNERS),
    calculations: list.filter((one) => one.kind === "calculation"),
    aggregations: list.filter((one) => one.kind === "aggregation"),
  };
}

/** @returns what is stored, null when there is nothing */
export function assemble(
  plan: BlueprintPlan,
  { mirrors, calculations, aggregations }: OwnDefinitions,
  entity: Entity,
  given: { readonly mirrors: Values; readonly aggregations: Values },
  now: Date,
): Values | null {
  const derived: Record<string, unknown> = {};
  for (const [list, values] of [
    [mirrors, given.mirrors],
    [aggregations, given.aggregations],
  ] as const)
    for (const { id } of list) {
      const value = own(values, id) ?? null;
      if (value !== null) derived[id] = value;
    }
  const { values, errors } = calculate(plan, { ...entity, derived }, calculations, now);
  Object.assign(derived, values);
  if (Object.keys(errors).length > 0) derived[ERRORS] = errors;
  return Object.keys(derived).length === 0 ? null : derived;
}
