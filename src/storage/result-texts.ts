/** Results of rules as they are stored, counted: entities with the same results are one row. */
import { sql } from "kysely";
import { SCORES } from "../model/scorecard.ts";
import type { Db } from "./db.ts";

export interface ResultText {
  readonly scorecard: string;
  /** By which the results were computed. */
  readonly shape: string;
  /** 1 or 0 for each rule. */
  readonly results: string;
  readonly entities: number;
}

/** Of entities behind `after`, by identifier, at most so many. `last` is null where there are no more. */
export async function resultTexts(
  db: Db,
  org: string,
  blueprint: string,
  after: string,
  limit: number,
): Promise<{ readonly texts: readonly ResultText[]; readonly last: string | null }> {
  const { rows } = await sql<{ texts: ResultText[] | null; last: string | null; n: number }>`
    with page as materialized (
      select identifier, derived -> ${SCORES}::text as scores from entity
      where org = ${org} and blueprint = ${blueprint} and identifier > ${after}
      order by identifier limit ${limit}::int),
    counted as (
      select s.key as scorecard, s.value ->> 'h' as shape, s.value ->> 'r' as results, count(*)::int as entities
      from page p cross join lateral jsonb_each(p.scores) s (key, value) where p.scores is not null group by 1, 2, 3)
    select (select json_agg(c) from counted c) as texts, (select max(identifier) from page) as last,
      (select count(*)::int from page) as n`.execute(db);
  const [row] = rows;
  return { texts: row?.texts ?? [], last: row !== undefined && row.n === limit ? row.last : null };
}
