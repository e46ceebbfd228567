/** Which services an entity stands for, and since when: by relations, and by owners as of the day (dora.md section 4). */
import { sql } from "kysely";
import { TEAM_BLUEPRINT } from "../model/query-graph.ts";
import type { Db } from "./db.ts";
import { listEntities, readEntity } from "./dora-facts.ts";
import type { OwnedSpan } from "./dora-scope.ts";
import { prepared } from "./prepared.ts";

export interface OwnerChange {
  readonly service: string;
  readonly at: Date;
  readonly before: readonly string[];
  readonly after: readonly string[];
}

/** Of several changes in one instant the first state before and the last one after stay. */
export async function recordOwners(db: Db, org: string, changes: readonly OwnerChange[]): Promise<void> {
  if (changes.length === 0) return;
  const last = new Map<string, OwnerChange>();
  for (const one of changes) {
    const key = JSON.stringify([one.service, one.at.getTime()]);
    last.set(key, { ...one, before: last.get(key)?.before ?? one.before });
  }
  await sql`
    insert into dora_ownership (org, service, at, before, after)
    select ${org}, x.service, x.at, x.before, x.after
    from jsonb_to_recordset(${JSON.stringify([...last.values()])}::jsonb)
      as x (service text, at timestamptz, before text[], after text[])
    on conflict (org, service, at) do update set after = excluded.after`.execute(db);
}

/** Services and teams get other identifiers: what they owned goes with them. */
export async function renameInOwnership(
  db: Db,
  org: string,
  kind: "service" | "team",
  from: string,
  to: string,
): Promise<void> {
  if (kind === "service")
    await sql`update dora_ownership o set service = ${to} where o.org = ${org} and o.service = ${from}
      and not exists (select 1 from dora_ownership other where other.org = o.org and other.service = ${to}
        and other.at = o.at)`.execute(db);
  else
    await sql`update dora_ownership set before = array_replace(before, ${from}, ${to}),
      after = array_replace(after, ${from}, ${to})
      where org = ${org} and (${from} = any(before) or ${from} = any(after))`.execute(db);
}

export interface SpanBelow extends OwnedSpan {
  /** The entity that the service is below. */
  readonly root: string;
}

/**
 * $1 organisation, $2 blueprint, $3 that of services, $4 time zone, $5 that of teams. Planning it takes longer than answering.
 * @param only which entities of the blueprint it begins at
 */
const below = (only: string): string => {
  const dayOf = (instant: string): string => `date_trunc('day', ${instant} at time zone $4) at time zone $4`;
  return `with recursive below (root, blueprint, identifier, depth) as (
      select identifier, blueprint, identifier, 0 from entity where org = $1 and blueprint = $2${only}
      union
      select b.root, r.blueprint, r.identifier, b.depth + 1 from below b
      join entity_relation r on r.org = $1 and r.target_blueprint = b.blueprint and r.target = b.identifier
      where b.depth < 6 and b.blueprint <> $3),
    history as (
      select service, before, after, ${dayOf("at")} as day, ${dayOf("lead(at) over w")} as next,
        row_number() over w = 1 as is_first
      from dora_ownership where org = $1 window w as (partition by service order by at)),
    owned (service, teams, since, until) as (
      select service, before, null::timestamptz, day from history where is_first
      union all
      select service, after, case when is_first and before = '{}' then null else day end, next from history
      union all
      select e.identifier, e.team, null, null from entity e
      where e.org = $1 and e.blueprint = $3 and e.team <> '{}'
        and e.identifier not in (select service from dora_ownership where org = $1))
    select distinct root, identifier as service, null::timestamptz as "from", null::timestamptz as "to"
    from below where blueprint = $3
    union
    select distinct b.root, o.service, o.since, o.until from below b join owned o on b.identifier = any(o.teams)
    where b.blueprint = $5 and coalesce(o.since < o.until, true)
    order by 1, 2, 3`;
};
const belowEach = prepared<SpanBelow>("dora_services_below", below(""));
const belowOne = prepared<SpanBelow>("dora_services_below_one", below(" and identifier = $6"));

/**
 * Chains of relations lead down, all in one direction, to services, and to teams whose services are theirs for the days
 * on which they owned them: a change of owners counts from the beginning of its day in the time zone. The first known
 * owners have owned all that came before. @param identifier null: every entity of the blueprint
 */
export async function servicesBelow(
  db: Db,
  org: string,
  serviceBlueprint: string,
  blueprint: string,
  identifier: string | null,
  timezone: string,
): Promise<SpanBelow[]> {
  const always = { from: null, to: null };
  if (blueprint === serviceBlueprint) {
    if (identifier !== null) return [{ root: identifier, service: identifier, ...always }];
    const all = await listEntities(db, org, blueprint);
    return all.map((one) => ({ root: one.identifier, service: one.identifier, ...always }));
  }
  const rows =
    identifier === null
      ? await belowEach(db, org, blueprint, serviceBlueprint, timezone, TEAM_BLUEPRINT)
      : await belowOne(db, org, blueprint, serviceBlueprint, timezone, TEAM_BLUEPRINT, identifier);
  return [...rows];
}

/** Null when the entity does not exist. */
export async function spansOf(
  db: Db,
  org: string,
  serviceBlueprint: string,
  scope: { readonly blueprint: string; readonly entity: string; readonly timezone: string },
): Promise<{ readonly title: string | null; readonly spans: readonly OwnedSpan[] } | null> {
  const { blueprint, entity, timezone } = scope;
  const row = await readEntity(db, org, blueprint, entity);
  if (row === null) return null;
  return {
    title: row.title,
    spans: await servicesBelow(db, org, serviceBlueprint, blueprint, entity, timezone),
  };
}
