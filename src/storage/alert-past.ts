/** What alerts would have seen: numbers and levels of entities as they were, from their histories. */
import { sql } from "kysely";
import type { Db } from "./db.ts";

export interface PastSubject<T> {
  readonly identifier: string;
  readonly title: string | null;
  readonly team: readonly string[];
  readonly created_at: Date;
  /** Now. */
  readonly value: T | null;
}

export interface PastMove<T> {
  readonly identifier: string;
  readonly at: Date;
  readonly before: T | null;
  readonly after: T | null;
}

interface Asked {
  readonly blueprint: string;
  /** Only this one; null: all. */
  readonly entity: string | null;
  readonly since: Date;
  /** Of moves. */
  readonly limit: number;
}

interface Past<T> {
  readonly subjects: readonly PastSubject<T>[];
  /** Of each entity in the order of their times. */
  readonly moves: readonly PastMove<T>[];
}

/** Changes of a number property of the entities that are there now; several of a quarter of an hour are one. */
export async function pastNumbers(
  db: Db,
  org: string,
  property: string,
  { blueprint, entity, since, limit }: Asked,
): Promise<Past<number>> {
  const one = sql`(${entity}::text is null or identifier = ${entity})`;
  const subjects = await sql<PastSubject<number>>`
    select identifier, title, team, created_at,
      as_number(coalesce(properties -> ${property}::text, derived -> ${property}::text))::float8 as value
    from entity where org = ${org} and blueprint = ${blueprint} and ${one} order by identifier`.execute(db);
  const moves = await sql<PastMove<number>>`
    select identifier, last_at as at, before, after from number_history
    where org = ${org} and blueprint = ${blueprint} and property = ${property} and ${one}
      and slot >= ${since.toISOString()}::timestamptz
    order by identifier, slot limit ${limit}::int`.execute(db);
  return { subjects: subjects.rows, moves: moves.rows };
}

/** Moves between levels of a scorecard of the entities that are there now. */
export async function pastLevels(
  db: Db,
  org: string,
  scorecard: string,
  { blueprint, entity, since, limit }: Asked,
): Promise<Past<string>> {
  const one = sql`(${entity}::text is null or e.identifier = ${entity})`;
  const subjects = await sql<PastSubject<string>>`
    select identifier, title, team, created_at, derived -> '$scorecards' -> ${scorecard}::text ->> 'l' as value
    from entity e where org = ${org} and blueprint = ${blueprint} and ${one} order by identifier`.execute(db);
  const moves = await sql<PastMove<string>>`
    select h.identifier, h.at, h.before, h.after
    from level_history h join entity e on e.org = h.org and e.blueprint = h.blueprint and e.identifier = h.identifier
      and e.created_at = h.since
    where h.org = ${org} and h.blueprint = ${blueprint} and h.scorecard = ${scorecard} and ${one}
      and h.before is distinct from h.after and h.at >= ${since.toISOString()}::timestamptz
    order by h.identifier, h.at limit ${limit}::int`.execute(db);
  return { subjects: subjects.rows, moves: moves.rows };
}
