/** Readers of the commit-ordered change feed: each keeps its place in `feed_cursor`. */
import { sql } from "kysely";
import type { Db } from "./db.ts";
import type { Sql } from "./search-values.ts";

export interface FeedRow {
  readonly xid: string;
  readonly seq: number;
  readonly kind: string;
  /** CREATE, UPDATE, DELETE; of other kinds what they say. */
  readonly action: string;
  readonly blueprint: string | null;
  readonly identifier: string | null;
  readonly before: unknown;
  readonly after: unknown;
  readonly actor: string;
  readonly actorKind: string;
  readonly origin: string;
  readonly runId: string | null;
  readonly follows: boolean;
  readonly at: Date;
  /** What wrote it, as a trace. */
  readonly trace?: string | null;
}

export interface FeedLimits {
  readonly rows: number;
  /** Of documents as they are stored. */
  readonly bytes: number;
}

export interface FeedPage {
  /** Without entities of blueprints that were not asked about, but for the last row. */
  readonly rows: readonly FeedRow[];
  /** With those that were left out. */
  readonly count: number;
  /** The limits left some out, perhaps. */
  readonly mayBeMore: boolean;
}

/** What a compressed document may be larger, about: how large it is nobody knows who does not unpack it. */
const UNPACKED = 4;

/**
 * As `readFeed`, with a limit for what the documents take as well, compressed ones by estimate: thousands of small rows, a few
 * large ones. One row comes always. Of entities whose documents are not read nothing is sent: of a thousand rows five milliseconds
 * went into that, for each reader.
 */
export async function readFeedPage(
  db: Db,
  org: string,
  reader: string,
  limits: FeedLimits,
  documentsOf: readonly string[],
): Promise<FeedPage | null> {
  const place = await lockPlace(db, org, reader);
  return place === null ? null : pageAfter(db, org, place, limits, documentsOf);
}

async function pageAfter(
  db: Db,
  org: string,
  place: FeedPlace,
  { rows: limit, bytes }: FeedLimits,
  documentsOf: readonly string[] | "all",
): Promise<FeedPage> {
  const found = await rowsAfter(db, org, place, limit, documentsOf, bytes);
  const last = found.at(-1);
  if (last === undefined) return { rows: [], count: 0, mayBeMore: false };
  return { rows: found, count: last.n, mayBeMore: last.n === limit || last.weight > bytes };
}

/**
 * The next rows for `reader`, and its place locked for this transaction; null when another process reads right now.
 * Only rows of transactions older than every running one: later commits cannot come before them.
 * @param documentsOf the blueprints of whose entities `before` and `after` are read, most of what a row weighs; null
 * for the others then
 */
export async function readFeed(
  db: Db,
  org: string,
  reader: string,
  limit: number,
  documentsOf: readonly string[] | "all" = "all",
): Promise<readonly FeedRow[] | null> {
  const place = await lockPlace(db, org, reader);
  return place === null ? null : rowsAfter(db, org, place, limit, documentsOf);
}

/** null: another process reads right now. */
export async function lockPlace(db: Db, org: string, reader: string): Promise<FeedPlace | null> {
  const placeOf = () =>
    sql<FeedPlace>`
    select xid, seq from feed_cursor where org = ${org} and reader = ${reader} for update skip locked`.execute(
      db,
    );
  let cursor = await placeOf();
  if (cursor.rows.length === 0) {
    await sql`insert into feed_cursor (org, reader, xid, seq) values (${org}, ${reader}, '0'::xid8, 0)
      on conflict do nothing`.execute(db);
    cursor = await placeOf();
  }
  return cursor.rows[0] ?? null;
}

async function rowsAfter(
  db: Db,
  org: string,
  place: FeedPlace,
  limit: number,
  documentsOf: readonly string[] | "all",
  maxBytes: number | null = null,
): Promise<readonly (FeedRow & { readonly weight: number; readonly n: number })[]> {
  const isAsked =
    documentsOf === "all" ? sql`true` : sql`kind <> 'entity' or blueprint = any(${documentsOf}::text[])`;
  const document = (name: "before" | "after") =>
    documentsOf === "all" ? sql.ref(name) : sql`case when ${isAsked} then ${sql.ref(name)} end`;
  const columns = sql`xid, seq, kind, action, blueprint, identifier, ${document("before")} as before,
    ${document("after")} as after, actor, actor_kind as "actorKind", origin, run_id as "runId", follows, at, trace`;
  const found = sql`from change
    where org = ${org} and (xid, seq) > (${place.xid}::xid8, ${place.seq}::bigint)
      and xid < pg_snapshot_xmin(pg_current_snapshot())
    order by xid, seq limit ${limit}::int`;
  // What is stored outside the row is only looked at where it is read.
  const rows = await (
    maxBytes === null
      ? sql<FeedRow & { weight: number; n: number }>`select ${columns}, 0 as weight, 0 as n ${found}`
      : sql<FeedRow & { weight: number; n: number }>`
    select ${columns}, weight::float8 as weight, n::int as n from (
      select c.*, count(*) over () as n, lead(seq) over (order by xid, seq) is null as is_last from (
        select c.*, sum(size) over (order by xid, seq rows unbounded preceding) as weight from (
          select *, ${weightOf("before")} + ${weightOf("after")} as size ${found}) c) c
      where weight - size <= ${maxBytes}::bigint) c
    where ${isAsked} or is_last order by xid, seq`
  ).execute(db);
  return rows.rows;
}

/** What a document takes as it is stored, about. */
export function weightOf(document: "before" | "after"): Sql {
  const column = sql.ref(document);
  return sql`coalesce(pg_column_size(${column}) *
    case when pg_column_compression(${column}) is null then 1 else ${sql.lit(UNPACKED)} end, 0)`;
}

/** By organisation and reader: where this process moved it to last, perhaps in a transaction that came to nothing. */
const left = new Map<string, string>();
const readerKey = (org: string, reader: string): string => `${org} ${reader}`;

/** Where this process left the reader, as `<xid> <seq>`; undefined: it never moved it. */
export function leftHere(org: string, reader: string): string | undefined {
  return left.get(readerKey(org, reader));
}

function leave(org: string, reader: string, { xid, seq }: FeedPlace): void {
  left.set(readerKey(org, reader), `${xid} ${seq}`);
}

/** Moves the reader's place behind `row`, in the transaction that did the work. */
export async function advanceFeed(db: Db, org: string, reader: string, row: FeedPlace): Promise<void> {
  leave(org, reader, row);
  await sql`update feed_cursor set xid = ${row.xid}::xid8, seq = ${row.seq}::bigint
    where org = ${org} and reader = ${reader}`.execute(db);
}

/** Of a row, or of a reader behind it. */
export interface FeedPlace {
  readonly xid: string;
  readonly seq: number;
}

/**
 * The next rows for `reader` and its place, without any lock: for those who check with `advanceFeedFrom` that nobody was
 * faster. Two statements, where a transaction would be five, each of which waits for its turn on the embedded database.
 */
export async function peekFeed(
  db: Db,
  org: string,
  reader: string,
  limits: FeedLimits,
  documentsOf: readonly string[] | "all",
): Promise<FeedPage & { readonly place: FeedPlace }> {
  const found = await sql<FeedPlace>`
    select xid, seq from feed_cursor where org = ${org} and reader = ${reader}`.execute(db);
  const place = found.rows[0] ?? { xid: "0", seq: 0 };
  if (found.rows.length === 0)
    await sql`insert into feed_cursor (org, reader, xid, seq) values (${org}, ${reader}, '0'::xid8, 0)
      on conflict do nothing`.execute(db);
  return { ...(await pageAfter(db, org, place, limits, documentsOf)), place };
}

/**
 * For readers that work outside the transaction in which they read: moves the place behind `row` if nobody moved it meanwhile.
 * @returns false when somebody did: all that was worked out is theirs
 */
export async function advanceFeedFrom(
  db: Db,
  org: string,
  reader: string,
  from: FeedPlace,
  row: FeedPlace,
): Promise<boolean> {
  const { rows } = await sql`
    update feed_cursor set xid = ${row.xid}::xid8, seq = ${row.seq}::bigint
    where org = ${org} and reader = ${reader} and xid = ${from.xid}::xid8 and seq = ${from.seq}::bigint
    returning reader`.execute(db);
  if (rows.length > 0) leave(org, reader, row);
  return rows.length > 0;
}

/** Rows of the actor that is left out are looked through, so many times as many as are counted. */
const LOOKED_THROUGH = 2;

/**
 * How many rows, of the newest ones, were written between then and then, those of one actor left out; at most `most`. What a
 * clock that is ahead wrote is none of them.
 */
export async function countWritten(
  db: Db,
  org: string,
  { since, until }: { readonly since: Date; readonly until: Date },
  exceptActor: string,
  most: number,
): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    select count(*)::int as n from (
      select 1 from (
        select actor, at from change where org = ${org}
        order by xid desc, seq desc limit ${most * LOOKED_THROUGH}::int) c
      where at between ${since.toISOString()}::timestamptz and ${until.toISOString()}::timestamptz
        and actor <> ${exceptActor}
      limit ${most}::int) t`.execute(db);
  return rows[0]?.n ?? 0;
}

/** How many rows the reader has still to read (those of running transactions not counted), at most `cap`. */
export async function feedLag(db: Db, org: string, reader: string, cap: number): Promise<number> {
  const result = await sql<{ n: number }>`
    select count(*) as n from (
      select 1 from change c where c.org = ${org} and (c.xid, c.seq) > (
        select coalesce(max(f.xid), '0'::xid8), coalesce(max(f.seq), 0) from feed_cursor f
        where f.org = ${org} and f.reader = ${reader})
      limit ${cap}::int) t`.execute(db);
  return result.rows[0]?.n ?? 0;
}

/** When the first row was written that the reader has still to read; null: there is none. */
export async function firstUnread(db: Db, org: string, reader: string): Promise<Date | null> {
  const { rows } = await sql<{ at: Date }>`
    select c.at from change c where c.org = ${org} and (c.xid, c.seq) > (
      select coalesce(max(f.xid), '0'::xid8), coalesce(max(f.seq), 0) from feed_cursor f
      where f.org = ${org} and f.reader = ${reader})
    order by c.xid, c.seq limit 1`.execute(db);
  return rows[0]?.at ?? null;
}

/** What every reader has still to read; see `feedLag`. */
export async function feedLags(
  db: Db,
  org: string,
  cap: number,
): Promise<readonly { readonly reader: string; readonly lag: number }[]> {
  const result = await sql<{ reader: string; lag: number }>`
    select f.reader, (
      select count(*) from (
        select 1 from change c where c.org = ${org} and (c.xid, c.seq) > (f.xid, f.seq) limit ${cap}::int) t) as lag
    from feed_cursor f where f.org = ${org}`.execute(db);
  return result.rows;
}

/**
 * To be called at the start, outside a transaction. Transaction ids belong to one server: after a dump was restored into another, stored ids can
 * lie ahead of its own, and readers would wait for them. Such a feed is read again from its beginning, which is safe:
 * what readers do is repeatable. @returns true when this was so
 */
export async function mendRestoredFeed(db: Db, org: string): Promise<boolean> {
  // Nothing that a snapshot sees can be as new as its end, unless it was written elsewhere.
  const result = await sql<{ mended: boolean }>`
    with newest as (
      (select xid from change where org = ${org} order by xid desc limit 1)
      union all (select xid from feed_cursor where org = ${org} order by xid desc limit 1)),
    verdict as (select coalesce(bool_or(xid >= pg_snapshot_xmax(pg_current_snapshot())), false) as mended from newest),
    moved as (update change set xid = '0'::xid8 where org = ${org} and (select mended from verdict)),
    -- Messages are not sent again: of these readers the numbers of rows say how far they were.
    rewound as (
      update feed_cursor set xid = '0'::xid8, seq = case when reader in ('timers', 'automations') then seq else 0 end
      where org = ${org} and (select mended from verdict)),
    -- Snapshots belong to one server, too.
    stateless as (delete from derived_state where org = ${org} and (select mended from verdict)),
    settled as (delete from derived_delta where org = ${org} and (select mended from verdict))
    select mended from verdict`.execute(db);
  return result.rows[0]?.mended ?? false;
}
