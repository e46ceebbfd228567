/** Numbers of one entity as they were (data-model.md §7.3), from the change feed. */
import { invalid, notFound } from "../model/error.ts";
import { isObject, kindOf } from "../model/json.ts";
import { parseNames, parseTimeAxis } from "../model/query-aggregate.ts";
import { closed, textOf } from "../model/query-values.ts";
import { type ValuesAt, readHistory } from "../storage/aggregate-history.ts";
import type { Ctx } from "../storage/context.ts";
import { bucketsOf, type Chart, checkNumber, type Point } from "./aggregate-over-time.ts";
import { getDefinition } from "./definitions.ts";
import { requireReadable } from "./readable-keys.ts";
import { limited } from "./search-plan.ts";

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
  for (const name of names) checkNumber(plan, name);
  await requireReadable(ctx, { blueprint, identifier });
  const buckets = bucketsOf(axis, ctx.now());
  const changes = await limited(ctx, (db) =>
    readHistory(db, ctx.org, { blueprint, identifier }, names, buckets.ends),
  );
  if (changes.length === 0) throw notFound("Entity", identifier);
  // A property may be called "date" too.
  const series = names.map((name) => ({ key: name === "date" ? "date_" : name, value: name }));
  return {
    minDate: buckets.starts[0] ?? buckets.from,
    maxDate: buckets.to,
    data: pointsOf(buckets.starts, changes, series),
    series,
    partial: buckets.partial,
  };
}

function pointsOf(
  starts: readonly number[],
  changes: readonly ValuesAt[],
  series: readonly { readonly key: string; readonly value: string }[],
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
      const number = state?.[value];
      if (typeof number === "number") point[key] = number;
    }
    return point;
  });
}
