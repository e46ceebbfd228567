/** What the change feed knows of an entity's numbers over time (data-model.md §7.3). */
import { sql } from "kysely";
import type { EntityKey } from "../model/entity.ts";
import type { Db } from "./db.ts";

export interface ValuesAt {
  /** Index of the bucket after whose end nothing of it changed; -1: before the first. */
  readonly bucket: number;
  /** null: the entity did not exist. */
  readonly values: Readonly<Record<string, unknown>> | null;
}

interface Row {
  readonly bucket: number;
  readonly values: Record<string, unknown> | null;
}

/** A renamed entity has its earlier history under its earlier names. */
const MAX_NAMES = 50;

/**
 * The last state of each bucket in which the entity changed, oldest first; before everything that is known, the state
 * that the first change found.
 * @param ends of the buckets, milliseconds, ascending
 */
export async function readHistory(
  db: Db,
  org: string,
  key: EntityKey,
  properties: readonly string[],
  ends: readonly number[],
): Promise<ValuesAt[]> {
  const found: ValuesAt[] = [];
  let name: string | null = key.identifier;
  let until: number | null = null;
  for (let names = 0; name !== null && names < MAX_NAMES; names++) {
    const part: Part = await readPart(db, org, { ...key, identifier: name }, properties, ends, until);
    found.unshift(...part.rows);
    until = part.firstSeq;
    name = part.earlierName;
  }
  const last = new Map<number, ValuesAt>();
  for (const row of found) last.set(row.bucket, row);
  return [...last.values()];
}

interface Part {
  readonly rows: readonly ValuesAt[];
  readonly earlierName: string | null;
  readonly firstSeq: number | null;
}

/** @param until the change that gave the entity its next name */
async function readPart(
  db: Db,
  org: string,
  { blueprint, identifier }: EntityKey,
  properties: readonly string[],
  ends: readonly number[],
  until: number | null,
): Promise<Part> {
  const where = sql`c.org = ${org} and c.blueprint = ${blueprint} and c.identifier = ${identifier} and c.kind = 'entity'
    ${until === null ? sql`` : sql`and c.seq < ${until}::bigint`}`;
  const edges = sql`${ends.map((end) => new Date(end).toISOString())}::text[]::timestamptz[]`;
  const some = (state: "before" | "after") => sql`case when c.${sql.ref(state)} is not null then (
    select coalesce(jsonb_object_agg(p, c.${sql.ref(state)} -> 'properties' -> p), '{}') from unnest(${[...properties]}::text[]) p) end`;
  const { rows } = await sql<Row>`
    select distinct on (bucket) bucket, values from (
      select width_bucket(c.at, ${edges}) as bucket, c.seq, ${some("after")} as values from change c where ${where}) c
    order by bucket, seq desc`.execute(db);
  const first = await sql<{ seq: number; action: string; name: string | null; values: Row["values"] }>`
    select c.seq, c.action, c.before ->> 'identifier' as name, ${some("before")} as values from change c
    where ${where} order by c.seq limit 1`.execute(db);
  const [earliest] = first.rows;
  if (earliest === undefined) return { rows: [], earlierName: null, firstSeq: null };
  const isRenamed = earliest.name !== null && earliest.name !== identifier;
  // What was there before the first change that is kept: of its making nothing is known, only that it had happened.
  const before: ValuesAt[] =
    earliest.action === "CREATE" || isRenamed ? [] : [{ bucket: -1, values: earliest.values }];
  return {
    rows: [...before, ...rows],
    earlierName: isRenamed ? earliest.name : null,
    firstSeq: earliest.seq,
  };
}
