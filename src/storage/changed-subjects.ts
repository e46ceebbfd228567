/** Which entities changed since a place in the change feed, without their documents: for those who read what is now. */
import { sql } from "kysely";
import type { Db } from "./db.ts";

export interface FeedPlace {
  readonly xid: string;
  readonly seq: number;
}

export interface ChangedSubject {
  readonly blueprint: string;
  readonly identifier: string;
  /** What it was called before, where it got another name. */
  readonly former: string | null;
}

/** Where the feed ends for readers now: only transactions older than every running one (ADR 3). */
export async function endOfFeed(db: Db, org: string): Promise<FeedPlace> {
  const { rows } = await sql<FeedPlace>`
    select xid, seq from change where org = ${org} and xid < pg_snapshot_xmin(pg_current_snapshot())
    order by xid desc, seq desc limit 1`.execute(db);
  return rows[0] ?? { xid: "0", seq: 0 };
}

/** Behind `from`, up to `to`: at most so many. */
export async function changedSubjects(
  db: Db,
  org: string,
  from: FeedPlace,
  to: FeedPlace,
  limit: number,
): Promise<readonly ChangedSubject[]> {
  const { rows } = await sql<ChangedSubject>`
    select blueprint, identifier,
      case when action = 'UPDATE' and before ->> 'identifier' <> identifier then before ->> 'identifier' end as former
    from change
    where org = ${org} and kind = 'entity' and (xid, seq) > (${from.xid}::xid8, ${from.seq}::bigint)
      and (xid, seq) <= (${to.xid}::xid8, ${to.seq}::bigint)
    order by xid, seq limit ${limit}::int`.execute(db);
  return rows;
}

/** Blueprints that changed themselves, or of which an entity did. */
export async function changedBlueprints(
  db: Db,
  org: string,
  from: FeedPlace,
  to: FeedPlace,
): Promise<ReadonlySet<string>> {
  const { rows } = await sql<{ blueprint: string }>`
    select distinct blueprint from change
    where org = ${org} and kind in ('entity', 'blueprint', 'scorecard') and blueprint is not null
      and (xid, seq) > (${from.xid}::xid8, ${from.seq}::bigint)
      and (xid, seq) <= (${to.xid}::xid8, ${to.seq}::bigint)`.execute(db);
  return new Set(rows.map(({ blueprint }) => blueprint));
}
