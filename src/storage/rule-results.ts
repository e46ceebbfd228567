/**
 * Rows of `_rule_result`, made of the levels that are stored with the entities, in the shape of the table `entity` (ADR 31). One is
 * made where it is read: 20 million would be 10 GB that nobody reads, and every write of a service ten thousand rows.
 */
import { sql } from "kysely";
import { RESULTS, type ResultTarget } from "../model/rule-results.ts";
import { SCORES } from "../model/scorecard.ts";
import type { SortKey } from "../model/sort.ts";
import type { Db } from "./db.ts";
import { type EntityRow, toEntity } from "./entities.ts";
import type { Seen } from "./level-history.ts";
import type { Search } from "./search.ts";
import { startCompilation } from "./search-compilation.ts";
import { compile } from "./search-compile.ts";
import {
  afterPlace,
  orderBy,
  orderOf,
  type SeenTitles,
  type SortedFound,
  type SortedPage,
  sortValues,
} from "./search-sorted.ts";
import { all, type Sql } from "./search-values.ts";

/** What is read, and by whom. */
export interface ResultSource extends ResultTarget {
  /** null: all entities. */
  readonly seen: Seen | null;
}

const FIELDS = sql.raw(
  "row text, rule text, title text, level text, scorecard text, scorecard_title text, shape text, place int, since timestamptz",
);
/** Since the results are kept of whose change the row tells. */
const FIRST = sql.raw("greatest(e.created_at, e.rule_since)");
const LAST_CHANGE = sql`coalesce((
  select max(h.at) from level_history h where h.org = e.org and h.blueprint = e.target and h.identifier = e.entity and h.since = e.created_at
    and h.scorecard = e.scorecard and e.rule = any(h.turned)), ${FIRST})`;

/** Rows without the time of their last change. */
function plainRows(org: string, sources: readonly ResultSource[]): Sql {
  const parts = sources.map(({ blueprint, relation, rules, entities, seen }) => {
    const only = entities === null ? sql`true` : sql`e.identifier = any(${[...entities]}::text[])`;
    return sql`(${seen?.withClause ?? sql``}select e.org, ${RESULTS}::text as blueprint, q.row || ':' || e.identifier as identifier,
      q.title, null::text as icon, e.team,
      jsonb_build_object('result', case substr(s.value ->> 'r', q.place, 1) when '1' then 'Passed' else 'Not passed' end,
        'entity', e.identifier) as properties,
      jsonb_build_object('rule', q.row, ${relation}::text, e.identifier) as relations,
      jsonb_build_object('scorecard', q.scorecard_title, 'blueprint', ${blueprint}::text, 'level', q.level) as derived,
      null::text as datasource, e.created_at, 'fairway'::text as created_by,
      ${blueprint}::text as target, e.identifier as entity, q.scorecard, q.rule, q.since as rule_since
      from entity e cross join lateral jsonb_each(e.derived -> ${SCORES}::text) s (key, value)
      join jsonb_to_recordset(${JSON.stringify(rules)}::jsonb) as q (${FIELDS})
        on q.scorecard = s.key and q.shape = s.value ->> 'h'
      where e.org = ${org} and e.blueprint = ${blueprint} and ${only} and ${seen?.where ?? sql`true`})`;
  });
  return parts.length === 0 ? nothing(org) : sql.join(parts, sql` union all `);
}

const nothing = (
  org: string,
): Sql => sql`select e.org, e.blueprint, e.identifier, e.title, e.icon, e.team, e.properties,
  e.relations, e.derived, e.datasource, e.created_at, e.created_by, '' as target, '' as entity, '' as scorecard, '' as rule,
  e.created_at as rule_since from entity e where e.org = ${org} and false`;

/** With it: a look into the history for each row. */
const CHANGED = sql`e.properties || jsonb_build_object('result_last_change', to_char(${LAST_CHANGE} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))`;
const REST = sql.raw("e.created_by as updated_by");

/** A table of the rows, as `entity` has its own. @param isDated with `result_last_change` and times of changes */
export function resultRows(org: string, sources: readonly ResultSource[], isDated: boolean): Sql {
  const properties = isDated ? CHANGED : sql`e.properties`;
  const updated = isDated ? LAST_CHANGE : FIRST;
  return sql`(select e.org, e.blueprint, e.identifier, e.title, e.icon, e.team, ${properties} as properties, e.relations, e.derived,
    e.datasource, e.created_at, e.created_by, ${updated} as updated_at, ${REST}, ${updated} as changed_at,
    e.target, e.entity, e.scorecard, e.rule, e.rule_since
    from (${plainRows(org, sources)}) e)`;
}

interface ResultRow extends EntityRow {
  readonly sort_values: (string | null)[];
}

/** A page of results in any order. @param isDated whether query or order ask for the time of the last change */
export async function findResults(
  db: Db,
  { query, scope }: Search,
  sources: readonly ResultSource[],
  keys: readonly SortKey[],
  page: SortedPage,
  isDated: boolean,
  titles: SeenTitles,
): Promise<SortedFound> {
  const compilation = startCompilation(scope);
  const order = orderOf(keys, scope.org, titles);
  const where = all([
    compile(query, compilation),
    ...(page.after === null ? [] : [afterPlace(order, page.after)]),
  ]);
  const dated = isDated ? sql`e.properties` : CHANGED;
  const updated = isDated ? sql`e.updated_at` : LAST_CHANGE;
  const { rows } = await sql<{ page: string }>`
    select coalesce(json_agg(p order by p.place), '[]')::text as page from (
      select e.blueprint, e.identifier, e.title, e.icon, e.team, ${dated} as properties, e.relations, e.derived, e.datasource,
        e.created_at, e.created_by, ${updated} as updated_at, e.updated_by, ${updated} as changed_at, e.sort_values, e.place
      from (
        select e.*, row_number() over () as place from (
          select e.*, ${sortValues(order)} as sort_values from ${resultRows(scope.org, sources, isDated)} e ${order.joins}
          where ${where} order by ${orderBy(order)} limit ${page.limit}::int) e) e) p`.execute(db);
  const found = (JSON.parse(rows[0]?.page ?? "[]") as ResultRow[]).map((row) => ({
    entity: toEntity(row),
    place: {
      ...{ blueprint: RESULTS, createdAt: String(row.created_at), identifier: row.identifier },
      values: row.sort_values,
    },
  }));
  return { found, isCut: false };
}
