/**
 * What derived numbers of one entity were at past moments, as far as events tell by their own times: aggregations over
 * what had happened by then, and calculations over these. Definitions, relations and states of entities are today's.
 */
import type { BlueprintPlan } from "../model/blueprint.ts";
import type { AggregationDefinition, Leaf } from "../model/derive-nodes.ts";
import { type Entity, own } from "../model/entity.ts";
import type { QueryGroup } from "../model/query-nodes.ts";
import type { Ctx } from "../storage/context.ts";
import { foldRelated } from "../storage/derived-aggregate.ts";
import { calculate } from "./calculate.ts";
import { currentDerivations } from "./derivations.ts";
import { numberOfFold } from "./derive-values.ts";

export type Numbers = Readonly<Record<string, number | null>>;

/** Events before this are none. */
const BEGINNING = "0001-01-01T00:00:00Z";

/**
 * @param properties aggregations and calculations over them; others are left out
 * @returns one for each moment
 */
export async function numbersAt(
  ctx: Ctx,
  plan: BlueprintPlan,
  entity: Entity,
  properties: readonly string[],
  moments: readonly Date[],
): Promise<Numbers[]> {
  const { blueprints, plan: derivation, own: ownOf } = await currentDerivations(ctx);
  const all = ownOf.get(plan.identifier);
  if (all === undefined) return moments.map(() => ({}));
  const definitions = derivation.definitions.get(plan.identifier);
  const isAggregation = (id: string): boolean => definitions?.get(id)?.kind === "aggregation";
  // Of others no event tells what they were.
  const calculations = all.calculations.filter(
    ({ id, reads }) => properties.includes(id) && reads.some(isAggregation),
  );
  const needed = new Set([...properties, ...calculations.flatMap(({ reads }) => reads)]);
  const aggregations = all.aggregations.filter(({ id, isCyclic }) => needed.has(id) && !isCyclic);
  const groups = [
    ...Map.groupBy(aggregations, ({ target, ways }) => JSON.stringify([target, ways])).values(),
  ];
  const results: Numbers[] = [];
  for (const now of moments) {
    const values: Record<string, number | null> = {};
    for (const group of groups) {
      const [{ target, ways }] = group as [AggregationDefinition];
      const past = group.map((one) => ({ ...one, query: byThen(one, now) }));
      const counting = { org: ctx.org, now, blueprints, target, ways, aggregations: past };
      const folded = (await foldRelated(ctx.db, counting, [entity.identifier])).get(entity.identifier);
      group.forEach((one, i) => {
        const fold = folded?.[i];
        values[one.id] = fold === undefined ? null : numberOfFold(one, fold, now.getTime());
      });
    }
    const derived = { ...entity.derived, ...values };
    const calculated = calculate(plan, { ...entity, derived }, calculations, now).values;
    for (const { id } of calculations) {
      const value = own(calculated, id);
      values[id] = typeof value === "number" ? value : null;
    }
    results.push(
      Object.fromEntries(
        Object.entries(values).filter(([id]) => properties.includes(id) && definitions?.has(id)),
      ),
    );
  }
  return results;
}

/** The query, of what had happened by then. */
function byThen({ query, measureTimeBy }: AggregationDefinition, then: Date): QueryGroup {
  const property = propertyOf(measureTimeBy);
  const range = {
    kind: "instants",
    from: BEGINNING,
    to: new Date(then.getTime() + 1).toISOString(),
  } as const;
  const happened =
    property === null
      ? ({
          kind: "group",
          combinator: "or",
          rules: [{ kind: "rule", property: "$identifier", condition: { op: "isEmpty" }, negated: false }],
        } as const)
      : ({ kind: "rule", property, condition: { op: "between", range }, negated: false } as const);
  return { kind: "group", combinator: "and", rules: query === null ? [happened] : [query, happened] };
}

/** null: no time is known of any. */
function propertyOf(leaf: Leaf): string | null {
  return leaf.kind === "none" ? null : leaf.id;
}
