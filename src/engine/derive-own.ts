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
import { SCORES } from "../model/scorecard.ts";
import { calculate } from "./calculate.ts";
import type { Clock } from "./score-condition.ts";
import { scoreEntity } from "./score-entity.ts";

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

/**
 * @param clock hears when the levels may change by time alone
 * @returns what is stored, null when there is nothing
 */
export function assemble(
  plan: BlueprintPlan,
  { mirrors, calculations, aggregations }: OwnDefinitions,
  entity: Entity,
  given: { readonly mirrors: Values; readonly aggregations: Values },
  now: Date,
  clock: Clock = { now: now.getTime(), next: Number.POSITIVE_INFINITY },
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
  const errors: Record<string, string> = {};
  const compute = (some: readonly CalculationDefinition[]): void => {
    const calculated = calculate(plan, { ...entity, derived }, some, now);
    Object.assign(derived, calculated.values);
    Object.assign(errors, calculated.errors);
  };
  // Levels may follow from calculations, and other calculations from levels.
  compute(calculations.filter((one) => !one.readsScores));
  if (plan.scorecards.length > 0) {
    const scores = scoreEntity(plan, { ...entity, derived }, clock);
    if (scores !== null) derived[SCORES] = scores;
    compute(calculations.filter((one) => one.readsScores));
  }
  if (Object.keys(errors).length > 0) derived[ERRORS] = errors;
  return Object.keys(derived).length === 0 ? null : derived;
}
