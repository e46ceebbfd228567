/** Numbers of one entity as they were (data-model.md §7.3): as they were kept, and before that by the times of events. */
import { numbersAt, type Numbers } from "../engine/backfill-history.ts";
import { currentDerivations } from "../engine/derivations.ts";
import type { BlueprintPlan } from "../model/blueprint.ts";
import { derivedType } from "../model/derive-types.ts";
import { invalid, notFound } from "../model/error.ts";
import { isObject, kindOf } from "../model/json.ts";
import { parseNames, parseTimeAxis } from "../model/query-aggregate.ts";
import { closed, textOf } from "../model/query-values.ts";
import { type Entity, own } from "../model/entity.ts";
import type { Ctx } from "../storage/context.ts";
import { readEntities } from "../storage/entities.ts";
import { type NumberAt, readNumbers } from "../storage/number-history.ts";
import { type Buckets, bucketsOf, type Chart, checkNumber, type Point } from "./aggregate-over-time.ts";
import { getDefinition } from "./definitions.ts";
import { requireReadable } from "./readable-keys.ts";
import { limited } from "./search-plan.ts";

/** Moments that one transaction reads: others wait for the connection of the embedded database meanwhile. */
const AT_ONCE = 20;
const DAY_MS = 86_400_000;
const KEPT_DAYS = 400;
const KEYS = ["entityIdentifier", "blueprintIdentifier", "propertyNames", "timeInterval", "timeRange"];

/**
 * For each bucket the values at its end, or now. A value holds until the next change; while the entity does not exist,
 * and before what is kept, a point has none.
 * @param keptDays as far as changes are kept
 * @throws AppError `not_found`, `forbidden`, `invalid_request`, `search_timeout`
 */
export async function propertiesHistory(ctx: Ctx, body: unknown, keptDays = KEPT_DAYS): Promise<Chart> {
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
  const [entity] = await readEntities(ctx.db, ctx.org, [{ blueprint, identifier }]);
  const kept = await limited(ctx, (db) =>
    readNumbers(db, ctx.org, { blueprint, identifier }, names, buckets.ends),
  );
  if (entity === undefined && kept.length === 0) throw notFound("Entity", identifier);
  // A property may be called "date" too.
  const series = names.map((name) => ({ key: name === "date" ? "date_" : name, value: name }));
  const past = entity === undefined ? [] : await pastNumbers(ctx, plan, entity, computed, buckets);
  const now = ctx.now().getTime();
  const lines = series.map(({ key, value }) => ({
    key,
    values: lineOf(value, kept, entity, buckets.ends, { now, since: now - keptDays * DAY_MS }, past),
  }));
  return {
    minDate: buckets.starts[0] ?? buckets.from,
    maxDate: buckets.to,
    data: pointsOf(buckets.starts, lines),
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
  entity: Entity,
  computed: readonly string[],
  { ends }: Buckets,
): Promise<Numbers[]> {
  if (computed.length === 0) return [];
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

/** A number for each bucket. */
function lineOf(
  property: string,
  kept: readonly NumberAt[],
  entity: Entity | undefined,
  ends: readonly number[],
  { now, since }: { readonly now: number; readonly since: number },
  past: readonly Numbers[],
): unknown[] {
  const changes = kept.filter((change) => change.property === property);
  const [first] = changes;
  const current =
    entity === undefined
      ? null
      : (own(entity.properties, property) ?? own(entity.derived ?? {}, property) ?? null);
  return ends.map((end, bucket) => {
    if (entity !== undefined && end > now) return current;
    const worked = past[bucket]?.[property];
    if (end <= since) return worked;
    const last = changes.findLast((change) => change.bucket <= bucket);
    if (last !== undefined) return last.after ?? worked;
    if (entity === undefined || end <= entity.createdAt.getTime()) return worked;
    // Of what never changed: computed numbers may have been defined since.
    return first === undefined ? (worked ?? current) : (first.before ?? worked);
  });
}

function pointsOf(
  starts: readonly number[],
  lines: readonly { readonly key: string; readonly values: readonly unknown[] }[],
): Point[] {
  return starts.map((date, bucket) => {
    const point: Record<string, number> & { date: number } = { date };
    for (const { key, values } of lines) {
      const number = values[bucket];
      if (typeof number === "number") point[key] = number;
    }
    return point;
  });
}
