/** How many entities a source has and when its newest event was, counted once and then followed by the change feed. */
import { sql } from "kysely";
import type { Db } from "./db.ts";

export interface SourceCount {
  readonly rows: number;
  /** Those with a time. */
  readonly timed: number;
  /** As stored. */
  readonly last: string | null;
  /** What the count has seen. */
  readonly snapshot: string;
}

const timeIn = (document: "properties" | "before" | "after", property: string | null) => {
  if (property === null) return sql`null::text`;
  return document === "properties"
    ? sql`properties ->> ${property}`
    : sql`${sql.ref(document)} -> 'properties' ->> ${property}`;
};

/** Reads every entity of the blueprint. */
export async function countSource(
  db: Db,
  org: string,
  blueprint: string,
  timeProperty: string | null,
): Promise<SourceCount> {
  const time = timeIn("properties", timeProperty);
  const { rows } = await sql<SourceCount>`
    select count(*) as rows, count(${time}) as timed, max(${time}) as last, pg_current_snapshot()::text as snapshot
    from entity where org = ${org} and blueprint = ${blueprint}`.execute(db);
  const [found] = rows;
  if (found === undefined) throw new Error("a count without a group has one row");
  return found;
}

interface Change {
  readonly snapshot: string;
  readonly kind: string | null;
  readonly isNew: boolean;
  readonly isGone: boolean;
  readonly was: string | null;
  readonly is: string | null;
}

/**
 * The count after what has been committed since; null where the changes do not tell it: a change of the blueprint, more
 * than `limit` changes, or the newest event is gone.
 */
export async function followSource(
  db: Db,
  org: string,
  blueprint: string,
  timeProperty: string | null,
  known: SourceCount,
  limit: number,
): Promise<SourceCount | null> {
  // Rows of the feed are committed with what they tell of: those not in the snapshot are what the count has not seen.
  const { rows } = await sql<Change>`
    select now.snapshot, c.* from (select pg_current_snapshot()::text as snapshot) now left join lateral (
      select kind, before is null as "isNew", after is null as "isGone",
        ${timeIn("before", timeProperty)} as was, ${timeIn("after", timeProperty)} as is
      from change
      where org = ${org} and xid >= pg_snapshot_xmin(${known.snapshot}::pg_snapshot)
        and not pg_visible_in_snapshot(xid, ${known.snapshot}::pg_snapshot)
        and (blueprint = ${blueprint} or (kind = 'blueprint' and before ->> 'identifier' = ${blueprint}))
        and kind in ('entity', 'blueprint')
      limit ${limit + 1}::int) c on true`.execute(db);
  const changes = rows.filter(({ kind }) => kind !== null);
  if (changes.length > limit || changes.some(({ kind }) => kind === "blueprint")) return null;
  let { rows: count, timed, last } = known;
  for (const { isNew, isGone, was, is } of changes) {
    count += Number(isNew) - Number(isGone);
    timed += Number(is !== null) - Number(was !== null);
    if (is !== null && (last === null || is > last)) last = is;
    // Which one is the newest now, the changes do not tell.
    if (was !== null && was === last && is !== last) return null;
  }
  return { rows: count, timed, last, snapshot: rows[0]?.snapshot ?? known.snapshot };
}
