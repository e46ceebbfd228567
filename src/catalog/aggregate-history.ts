/** Numbers of one entity as they were (data-model.md §7.3), from the change feed. */
import { numbersAt, type Numbers } from "../engine/backfill-history.ts";
import { currentDerivations } from "../engine/derivations.ts";
import type { BlueprintPlan } from "../model/blueprint.ts";
import { derivedType } from "../model/derive-types.ts";
import { invalid, notFound } from "../model/error.ts";
import { isObject, kindOf } from "../model/json.ts";
import { parseNames, parseTimeAxis } from "../model/query-aggregate.ts";
import { closed, textOf } from "../model/query-values.ts";
import { type ValuesAt, readHistory } from "../storage/aggregate-history.ts";
import type { Ctx } from "../storage/context.ts";
import { readEntities } from "../storage/entities.ts";
import { type Buckets, bucketsOf, type Chart, checkNumber, type Point } from "./aggregate-over-time.ts";
import { getDefinition } from "./definitions.ts";
import { requireReadable } from "./readable-keys.ts";
import { limited } from "./search-plan.ts";

/** Moments that one transaction reads: others wait for the connection of the embedded database meanwhile. */
const AT_ONCE = 20;
const KEYS = ["entityIdentifier", "blueprintIdentifier", "propertyNames", "timeInterval", "timeRange"];

/**
 * For each bucket the values at its end, or now. A value holds until the next change; before the first value, and while
 * the entity does not exist, a point has none.
 * @throws AppError `not_found`, `forbidden`, `invalid_request`, `search_timeout`
 */
export async function propertiesHistory(ctx: Ctx, body: unknown): Promise<Chart> {
  if (!isObject(body)) throw invalid(`the body must be an object, not ${kindOf(body)}`);
  closed(body, KEYS, "body");
  const blueprint = textOf(body["blueprintIdentifier"], "blueprintIdentifier");
  const identifier = textOf(body["entityIdentifier"], "entityIdentifier");
  const names = parseNames(body["propertyNames"], "propertyNames");
  const axis = parseTimeAxis(body["timeRange"], body["timeInterval"]);
  const { plan } = await getDefinition(ctx, blueprint);
  const computed = names.filter((name) => plan.derived.has(name));
  const { blueprints } = computed.length === 0 ? { blueprints: null } : await currentDerivations(ctx);
  for (const name of names)
    checkNumber(
      plan,
      name,
      blueprints === null ? undefined : (derivedType(blueprints, plan, name) ?? undefined),
    );
  await requireReadable(ctx, { blueprint, identifier });
  const buckets = bucketsOf(axis, ctx.now());
  const changes = await limited(ctx, (db) =>
    readHistory(db, ctx.org, { blueprint, identifier }, names, buckets.ends),
  );
  if (changes.length === 0) throw notFound("Entity", identifier);
  // A property may be called "date" too.
  const series = names.map((name) => ({ key: name === "date" ? "date_" : name, value: name }));
  const past = await pastNumbers(ctx, plan, identifier, computed, buckets);
  return {
    minDate: buckets.starts[0] ?? buckets.from,
    maxDate: buckets.to,
    data: pointsOf(buckets.starts, changes, series, past),
    series,
    partial: buckets.partial,
  };
}

/**
 * Computed numbers of buckets that are older than what was kept of them, from the times of the events themselves; one
 * for each bucket.
 */
async function pastNumbers(
  ctx: Ctx,
  plan: BlueprintPlan,
  identifier: string,
  computed: readonly string[],
  { ends }: Buckets,
): Promise<Numbers[]> {
  if (computed.length === 0) return [];
  const [entity] = await readEntities(ctx.db, ctx.org, [{ blueprint: plan.identifier, identifier }]);
  if (entity === undefined) return [];
  const now = ctx.now().getTime();
  // A bucket holds what was before its end.
  const moments = ends.map((end) => new Date(Math.min(end - 1, now)));
  const numbers: Numbers[] = [];
  for (let first = 0; first < moments.length; first += AT_ONCE)
    numbers.push(
      ...(await limited(ctx, (db) =>
        numbersAt({ ...ctx, db }, plan, entity, computed, moments.slice(first, first + AT_ONCE)),
      )),
    );
  return numbers;
}

function pointsOf(
  starts: readonly number[],
  changes: readonly ValuesAt[],
  series: readonly { readonly key: string; readonly value: string }[],
  past: readonly Numbers[],
): Point[] {
  const ordered = [...changes].sort((a, b) => a.bucket - b.bucket);
  let state: ValuesAt["values"] = null;
  let next = 0;
  return starts.map((date, bucket) => {
    for (
      let change = ordered[next];
      change !== undefined && change.bucket <= bucket;
      change = ordered[++next]
    )
      state = change.values;
    const point: Record<string, number> & { date: number } = { date };
    for (const { key, value } of series) {
      const number = state?.[value] ?? past[bucket]?.[value];
      if (typeof number === "number") point[key] = number;
    }
    return point;
  });
}
