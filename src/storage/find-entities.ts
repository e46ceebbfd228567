/** Entities by a part of their title or identifier, the best first. */
import { sql } from "kysely";
import type { QueryGroup } from "../model/query-nodes.ts";
import type { Db } from "./db.ts";
import { likeText } from "./like-text.ts";
import { type SearchScope, startCompilation } from "./search-compilation.ts";
import { compile } from "./search-compile.ts";
import { driveOf, type IndexKey, type Indexes } from "./search-drive.ts";
import type { Sql } from "./search-values.ts";
import { isOneOf } from "./search-walks.ts";

export interface FoundName {
  readonly blueprint: string;
  readonly identifier: string;
  readonly title: string | null;
}

/** After every text that begins alike, in each order of texts. */
const LAST = "\uffff";

/** So many matches are compared; of a text that is in more of them, any will do. */
const COMPARED = 2000;

export interface Finding {
  /** What must hold, `text` included. */
  readonly query: QueryGroup;
  readonly scope: SearchScope;
  readonly indexes: Indexes;
  /** As it was typed, without space at its ends. */
  readonly text: string;
  readonly limit: number;
  /** At most so many of one blueprint, so that a large one leaves room for the others. */
  readonly perBlueprint: number;
}

export interface FindStatements {
  /** Indexes that would help. */
  readonly wishes: readonly IndexKey[];
  /** Indexes find what may match; without them every name is looked at. */
  readonly isIndexed: boolean;
  /** All that match. */
  readonly run: (db: Db) => Promise<FoundName[]>;
  /** Only those whose identifier begins with the text: quick however many there are. */
  readonly runBeginning: (db: Db) => Promise<FoundName[]>;
}

/** What finds entities by a text, and what finds some of them at once. */
export function findStatement(finding: Finding): FindStatements {
  const { query, scope, indexes, text, limit, perBlueprint } = finding;
  const compilation = startCompilation(scope);
  const condition = compile(query, compilation);
  const { wishes, isIndexed } = driveOf(query, compilation, indexes);
  const walked = [...compilation.walks.values()].flatMap((walk) => walk.ctes);
  const of = sql`e.org = ${scope.org} and ${isOneOf(sql`e.blueprint`, scope.within)}`;
  const columns = sql.raw("e.blueprint, e.identifier, e.title");
  const exact = sql`exact as materialized (
    select ${columns} from entity e where ${of} and e.identifier = ${text} and ${condition})`;
  const all = [
    ...walked,
    sql`matching as materialized (select ${columns} from entity e where ${of} and ${condition} limit ${sql.lit(COMPARED)})`,
    // By the primary key: it is there however many others match.
    exact,
  ];
  // A range of the primary key in each blueprint; the condition leaves what really begins so.
  const beginning = [
    ...walked,
    sql`matching as materialized (
      select m.* from unnest(${[...scope.within]}::text[]) as b (blueprint), lateral (
        select ${columns} from entity e
        where e.org = ${scope.org} and e.blueprint = b.blueprint
          and e.identifier >= ${text} and e.identifier < ${text}::text || ${LAST} and ${condition}
        order by e.identifier limit ${sql.lit(perBlueprint)}) m)`,
    exact,
  ];
  const name = sql.raw("lower(coalesce(m.title, m.identifier))");
  const id = sql.raw("lower(m.identifier)");
  const wanted = text.toLowerCase();
  const begins = `${likeText(wanted)}%`;
  const rank = sql`case
    when ${id} = ${wanted} or ${name} = ${wanted} then 0
    when ${name} like ${begins} then 1
    when ${id} like ${begins} then 2
    when ${name} like ${`% ${begins}`} or ${id} like ${`%-${begins}`} then 3
    else 4 end`;
  const ranked = sql`
    select m.*, row_number() over (partition by m.blueprint order by m.rank, length(m.identifier), m.identifier) as n
    from (select m.*, ${rank} as rank from (select * from exact union select * from matching) m) m`;
  const best = (ctes: readonly Sql[]) => sql<FoundName>`with recursive ${sql.join(ctes, sql`, `)}
    select m.blueprint, m.identifier, m.title from (${ranked}) m
    where m.n <= ${sql.lit(perBlueprint)}
    order by m.rank, length(coalesce(m.title, m.identifier)), m.blueprint, m.identifier
    limit ${sql.lit(limit)}`;
  const runOf = (ctes: readonly Sql[]) => async (db: Db) => (await best(ctes).execute(db)).rows;
  return { wishes, isIndexed, run: runOf(all), runBeginning: runOf(beginning) };
}
