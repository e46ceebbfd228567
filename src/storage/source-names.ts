/** The names that a data source has for entities, as people told them. */
import { sql } from "kysely";
import type { EntityKey } from "../model/entity.ts";
import type { Db } from "./db.ts";

export interface SourceName extends EntityKey {
  /** As the system says it. */
  readonly name: string;
}

export async function readSourceNames(db: Db, org: string, source: string): Promise<SourceName[]> {
  const { rows } = await sql<SourceName>`
    select name, blueprint, identifier from source_name where org = ${org} and source = ${source}
    order by name collate "C", blueprint collate "C"`.execute(db);
  return rows;
}

/** Those that are given replace those there were. */
export async function putSourceNames(
  db: Db,
  org: string,
  source: string,
  names: readonly SourceName[],
): Promise<void> {
  await sql`delete from source_name where org = ${org} and source = ${source}`.execute(db);
  if (names.length === 0) return;
  await sql`
    insert into source_name (org, source, name, blueprint, identifier)
    select ${org}, ${source}, r.name, r.blueprint, r.identifier
    from json_to_recordset(${JSON.stringify(names)}::json) as r (name text, blueprint text, identifier text)`.execute(
    db,
  );
}

export interface UnmatchedName {
  readonly name: string;
  /** Entities that say it and have no service. */
  readonly entities: number;
}

/** Names of services (`serviceNames`) that entities of the data source say, and that no service has. */
export async function unmatchedNames(
  db: Db,
  org: string,
  datasource: string,
  blueprints: readonly string[],
  limit: number,
): Promise<UnmatchedName[]> {
  if (blueprints.length === 0) return [];
  const { rows } = await sql<UnmatchedName>`
    select n.name, count(*)::int as entities
    from entity e
    cross join lateral jsonb_array_elements_text(case when jsonb_typeof(e.properties -> 'serviceNames') = 'array'
      then e.properties -> 'serviceNames' else '[]'::jsonb end) as n (name)
    where e.org = ${org} and e.blueprint = any(${[...blueprints]}::text[]) and e.datasource = ${datasource}
      and not exists (select 1 from entity_relation r where r.org = e.org and r.blueprint = e.blueprint
        and r.identifier = e.identifier and r.relation = 'service')
    group by n.name order by count(*) desc, n.name collate "C" limit ${limit}::int`.execute(db);
  return rows;
}
