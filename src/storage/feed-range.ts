/**
 * A piece of the change feed for a reader that has the database look at most of it: of what only that looks at, rows are not
 * sent. An import creates hundreds of thousands of entities; sending and reading a row costs more than what is done with it.
 */
import { sql } from "kysely";
import type { Db } from "./db.ts";
import { type FeedLimits, type FeedPlace, type FeedRow, lockPlace, weightOf } from "./feed.ts";
import type { Sql } from "./search-values.ts";

/** Rows behind `from`, up to `upTo`. */
export interface FeedRange {
  readonly from: FeedPlace;
  readonly upTo: FeedPlace;
}

export interface FeedPiece extends FeedRange {
  /** All rows, also those that are not sent. */
  readonly changes: number;
  readonly rows: readonly FeedRow[];
  /** Creations that are not sent, by blueprint. */
  readonly creations: ReadonlyMap<string, number>;
  /** When the last row was written. */
  readonly at: Date;
  /** Of some of the rows, what wrote them. */
  readonly traces: readonly (string | null)[];
  /** The limits left some out, perhaps. */
  readonly mayBeMore: boolean;
}

interface Sent {
  /** Blueprints of whose entities documents are sent. */
  readonly documentsOf: readonly string[];
  /** … and of whose entities creations are not sent. */
  readonly creationsOf: readonly string[];
  /** Whose rows are not sent. */
  readonly exceptActor: string;
}

const MAX_TRACES = 100;

/**
 * Rows of `change` in the range that the actor did not write. `offset 0`: whatever else is asked of them, they are looked up by
 * their places. By an index on the entities' blueprints, all changes that there ever were would be read.
 */
export function rowsIn(org: string, { from, upTo }: FeedRange, exceptActor: string): Sql {
  return sql`(
    select xid, seq, kind, action, blueprint, identifier, before, after from change
    where org = ${org} and (xid, seq) > (${from.xid}::xid8, ${from.seq}::bigint)
      and (xid, seq) <= (${upTo.xid}::xid8, ${upTo.seq}::bigint) and actor <> ${exceptActor} offset 0)`;
}

/** As `readFeedPage`. @returns null: there is nothing, or another process reads right now */
export async function readFeedPiece(
  db: Db,
  org: string,
  reader: string,
  { rows: limit, bytes }: FeedLimits,
  { documentsOf, creationsOf, exceptActor }: Sent,
): Promise<FeedPiece | null> {
  const from = await lockPlace(db, org, reader);
  if (from === null) return null;
  const isSent = sql`actor <> ${exceptActor}
    and not (kind = 'entity' and action = 'CREATE' and blueprint = any(${creationsOf}::text[]))`;
  const document = (name: "before" | "after") =>
    sql`case when ${isSent} and (kind <> 'entity' or blueprint = any(${documentsOf}::text[])) then ${sql.ref(name)} end`;
  const { rows } = await sql<FeedRow & Counts & { isSent: boolean }>`
    with page as materialized (
      select * from (
        select c.*, sum(size) over (order by xid, seq rows unbounded preceding) as weight from (
          select xid, seq, kind, action, blueprint, identifier, actor, actor_kind, origin, run_id, follows, at, trace,
            ${document("before")} as before, ${document("after")} as after, ${isSent} as sent,
            case when actor = ${exceptActor} then 0 else ${weightOf("before")} + ${weightOf("after")} end as size
          from change
          where org = ${org} and (xid, seq) > (${from.xid}::xid8, ${from.seq}::bigint)
            and xid < pg_snapshot_xmin(pg_current_snapshot())
          order by xid, seq limit ${limit}::int) c) c
      where weight - size <= ${bytes}::bigint),
    whole as materialized (
      select count(*)::int as changes, max(weight)::float8 as weight,
        (array_agg(trace) filter (where trace is not null))[1:${sql.lit(MAX_TRACES)}] as traces,
        (select json_object_agg(blueprint, n) from (
          select blueprint, count(*) as n from page where not sent and actor <> ${exceptActor} group by blueprint) b) as creations
      from page),
    ends as (select xid, seq from page order by xid desc, seq desc limit 1)
    select xid, seq, kind, action, blueprint, identifier, before, after, actor, actor_kind as "actorKind", origin, run_id as "runId", follows, at, trace, sent as "isSent", w.*
    from page left join whole w on (page.xid, page.seq) = (select xid, seq from ends)
    where sent or w.changes is not null
    order by xid, seq`.execute(db);
  const last = rows.at(-1);
  if (last === undefined) return null;
  const { changes, weight, traces, creations } = last;
  return {
    ...{ from, upTo: { xid: last.xid, seq: last.seq }, at: last.at },
    changes: changes ?? 0,
    rows: last.isSent ? rows : rows.slice(0, -1),
    creations: new Map(Object.entries(creations ?? {})),
    traces: traces ?? [],
    mayBeMore: changes === limit || (weight ?? 0) > bytes,
  };
}

/** In the last row. */
interface Counts {
  readonly changes: number | null;
  readonly weight: number | null;
  readonly traces: readonly string[] | null;
  readonly creations: Readonly<Record<string, number>> | null;
}
