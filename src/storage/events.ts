/**
 * Events of data sources in the inbox: the body as it came, kept for the log and for replays. They wait in the order of
 * `seq`; one job for each source works them off.
 */
import { CompiledQuery, sql } from "kysely";
import type { JsonObject } from "../model/json.ts";
import type { Db } from "./db.ts";
import { prepared } from "./prepared.ts";
import { INGEST_QUEUE } from "./queues.ts";

export interface NewEvent {
  readonly org: string;
  readonly source: string;
  readonly deliveryId: string;
  readonly receivedAt: Date;
  /** JSON text: headers and query, or whatever else the mapping may ask about. */
  readonly request: string;
  /** JSON text. */
  readonly body: string;
  /** The request that brought it, as a trace. */
  readonly trace?: string | null;
}

export type EventStatus = "received" | "processed" | "failed" | "rejected";

/** Of one event, in this order: a parameter for each. As elements of arrays bodies would be escaped, which costs more than all else. */
const KINDS = ["text", "text", "text", "timestamptz", "json", "text", "text"] as const;

const storing = (count: number): string => {
  const rows = Array.from({ length: count }, (_, n) => {
    const parameters = KINDS.map((kind, k) => `$${n * KINDS.length + k + 1}::${kind}`);
    return `(${parameters.join(", ")}, ${n + 1})`;
  });
  return `with incoming (org, source, delivery_id, received_at, request, body, trace, n) as (values ${rows.join(", ")}),
    stored as (
      insert into inbox (org, source, delivery_id, received_at, status, request, body, trace)
      select org, source, delivery_id, received_at, 'received', request, body, trace from incoming order by n
      on conflict do nothing returning org, source, delivery_id, trace),
    marked as (
      insert into job (org, queue, key, trace)
      select org, '${INGEST_QUEUE}', source, max(trace) from stored group by org, source order by org, source
      on conflict (org, queue, key) do update
        set ticket = job.ticket + 1, run_at = least(job.run_at, excluded.run_at),
          trace = coalesce(excluded.trace, job.trace))
    select min(i.n)::int as n from incoming i join stored s using (org, source, delivery_id)
    group by org, source, delivery_id`;
};

/** Most events come alone or a few at a time: parsing and planning was two fifths of what storing them took. */
const FEW = 4;
const storeFew = Array.from({ length: FEW }, (_, n) =>
  prepared<{ n: number }>(`store_events_${n + 1}`, storing(n + 1)),
);

/**
 * Stores events in the order given and marks their sources as having work, in one statement.
 * @returns for each event whether it was stored; false: one with its delivery id is there already
 */
export async function storeEvents(db: Db, events: readonly NewEvent[]): Promise<boolean[]> {
  if (events.length === 0) return [];
  const values = events.flatMap((e) => [
    ...[e.org, e.source, e.deliveryId, e.receivedAt.toISOString(), e.request, e.body, e.trace ?? null],
  ]);
  const few = storeFew[events.length - 1];
  const rows = few
    ? await few(db, ...values)
    : (await db.executeQuery<{ n: number }>(CompiledQuery.raw(storing(events.length), values))).rows;
  const stored = new Set(rows.map(({ n }) => n));
  return events.map((_, index) => stored.has(index + 1));
}

/** When the event with this id came; null: there is none. */
export async function eventReceivedAt(
  db: Db,
  org: string,
  source: string,
  deliveryId: string,
): Promise<Date | null> {
  const { rows } = await sql<{ received_at: Date }>`
    select received_at from inbox
    where org = ${org} and source = ${source} and delivery_id = ${deliveryId}`.execute(db);
  return rows[0]?.received_at ?? null;
}

export interface WaitingEvent {
  readonly delivery_id: string;
  readonly request: JsonObject | null;
  readonly body: string | null;
  readonly trace?: string | null;
}

export interface WaitingQuestion {
  readonly limit: number;
  /** About how many bytes of bodies; the first is read in any case. */
  readonly bytes: number;
  /** Delivery ids of events whose request and body nobody needs. */
  readonly withoutBody: readonly string[];
}

/** The next events of a source, oldest first. */
export async function waitingEvents(
  db: Db,
  org: string,
  source: string,
  { limit, bytes, withoutBody }: WaitingQuestion,
): Promise<WaitingEvent[]> {
  // The size of a body is known without unpacking it, its number of characters is not.
  const { rows } = await sql<WaitingEvent>`
    select delivery_id, request, body, trace from (
      select delivery_id, request, body, trace, seq, sum(size) over (order by seq) - size as before
      from (
        select delivery_id, seq, trace, case when is_needed then request end as request,
          case when is_needed then body end as body,
          case when is_needed then coalesce(octet_length(body), 0) else 0 end as size
        from (
          select delivery_id, seq, request, body, trace,
            not delivery_id = any(${withoutBody}::text[]) as is_needed from inbox
          where org = ${org} and source = ${source} and status = 'received' order by seq limit ${limit}::int) t) t) t
    where before < ${bytes}::bigint order by seq`.execute(db);
  return rows;
}

export interface ClosedEvent {
  readonly deliveryId: string;
  readonly status: "processed" | "failed";
  readonly outcome: object;
}

/** As jsonb takes it: reasons quote what was sent, and that may hold NUL or half of a surrogate pair. */
const storable = (outcome: object): string =>
  JSON.stringify(outcome).replaceAll(/\\u0000|\\ud[89a-f][0-9a-f]{2}/gi, "\\ufffd");

/** Records what became of events; those that do not wait (any more) are left alone. @returns how many waited */
export async function closeEvents(
  db: Db,
  org: string,
  source: string,
  events: readonly ClosedEvent[],
  now: Date,
): Promise<number> {
  if (events.length === 0) return 0;
  const ids = events.map((e) => e.deliveryId);
  // The ids a second time, as a condition on the table alone: without statistics the join would read all events that the
  // source ever had (64 of 3,000: 11 of 12 ms).
  const { numAffectedRows } = await sql`
    update inbox i set status = e.status, outcome = e.outcome::jsonb, processed_at = ${now.toISOString()}::timestamptz
    from unnest(${ids}::text[], ${events.map((e) => e.status)}::text[],
      ${events.map((e) => storable(e.outcome))}::text[]) as e (delivery_id, status, outcome)
    where i.org = ${org} and i.source = ${source} and i.delivery_id = any(${ids}::text[])
      and i.delivery_id = e.delivery_id and i.status = 'received'`.execute(db);
  return Number(numAffectedRows ?? 0n);
}

/** Are there events of the source that wait? */
export async function hasWaitingEvents(db: Db, org: string, source: string): Promise<boolean> {
  const { rows } = await sql<{ yes: boolean }>`
    select exists (
      select 1 from inbox where org = ${org} and source = ${source} and status = 'received') as yes`.execute(
    db,
  );
  return rows[0]?.yes === true;
}

/** Events of all sources that wait, counted up to `cap`. */
export async function countWaitingEvents(db: Db, cap: number): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    select count(*)::int as n from (select 1 from inbox where status = 'received' limit ${cap}::int) t`.execute(
    db,
  );
  return rows[0]?.n ?? 0;
}

/** Notes a request that was turned away; those of one id are counted in one row, and nothing they sent is kept. */
export async function noteRejection(
  db: Db,
  event: Pick<NewEvent, "org" | "source" | "deliveryId" | "receivedAt"> & { readonly reason: string },
): Promise<void> {
  const at = event.receivedAt.toISOString();
  const outcome = JSON.stringify({ reason: event.reason, count: 1 });
  await sql`
    insert into inbox (org, source, delivery_id, received_at, status, outcome, processed_at)
    values (${event.org}, ${event.source}, ${event.deliveryId}, ${at}::timestamptz, 'rejected', ${outcome}::jsonb,
      ${at}::timestamptz)
    on conflict (org, source, delivery_id) do update set processed_at = excluded.processed_at,
      outcome = jsonb_set(excluded.outcome, '{count}', to_jsonb((inbox.outcome->>'count')::int + 1))`.execute(
    db,
  );
}

export interface EventRow {
  readonly seq: number;
  readonly delivery_id: string;
  readonly received_at: Date;
  readonly processed_at: Date | null;
  readonly status: EventStatus;
  readonly outcome: JsonObject | null;
  readonly bytes: number;
}

export interface EventFilter {
  readonly status: EventStatus | null;
  /** Only those before this `seq`. */
  readonly before: number | null;
  readonly limit: number;
}

/** Newest first, without bodies. */
export async function listEvents(
  db: Db,
  org: string,
  source: string,
  { status, before, limit }: EventFilter,
): Promise<EventRow[]> {
  const { rows } = await sql<EventRow>`
    select seq, delivery_id, received_at, processed_at, status, outcome,
      coalesce(octet_length(body), octet_length(payload::text), 0)::int as bytes
    from inbox where org = ${org} and source = ${source}
      and (${status}::text is null or status = ${status}::text)
      and (${before}::bigint is null or seq < ${before}::bigint)
    order by seq desc limit ${limit}::int`.execute(db);
  return rows;
}

export async function readEvent(
  db: Db,
  org: string,
  source: string,
  deliveryId: string,
): Promise<(EventRow & WaitingEvent & { readonly payload: JsonObject | null }) | null> {
  const { rows } = await sql<EventRow & WaitingEvent & { readonly payload: JsonObject | null }>`
    select seq, delivery_id, received_at, processed_at, status, outcome,
      coalesce(octet_length(body), octet_length(payload::text), 0)::int as bytes, request, body, payload
    from inbox where org = ${org} and source = ${source} and delivery_id = ${deliveryId}`.execute(db);
  return rows[0] ?? null;
}

export interface Replay {
  /** null: of any id. */
  readonly deliveryId: string | null;
  readonly statuses: readonly EventStatus[];
  readonly from: Date | null;
  readonly to: Date | null;
}

/** Lets events wait again, in the order in which they came; those whose body is gone cannot. @returns how many */
export async function replayEvents(
  db: Db,
  org: string,
  source: string,
  { deliveryId, statuses, from, to }: Replay,
): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    with again as (
      update inbox set status = 'received', processed_at = null
      where org = ${org} and source = ${source} and (body is not null or payload is not null)
        and status = any(${statuses}::text[])
        and (${deliveryId}::text is null or delivery_id = ${deliveryId}::text)
        and (${from?.toISOString() ?? null}::timestamptz is null or received_at >= ${from?.toISOString() ?? null}::timestamptz)
        and (${to?.toISOString() ?? null}::timestamptz is null or received_at < ${to?.toISOString() ?? null}::timestamptz)
      returning 1)
    select count(*)::int as n from again`.execute(db);
  return rows[0]?.n ?? 0;
}

export async function countEvents(
  db: Db,
  org: string,
  source: string,
): Promise<Readonly<Record<EventStatus, number>>> {
  const { rows } = await sql<{ status: EventStatus; n: number }>`
    select status, count(*)::int as n from inbox where org = ${org} and source = ${source} group by status`.execute(
    db,
  );
  const found = new Map(rows.map(({ status, n }) => [status, n]));
  const of = (status: EventStatus): number => found.get(status) ?? 0;
  return {
    ...{ received: of("received"), processed: of("processed") },
    ...{ failed: of("failed"), rejected: of("rejected") },
  };
}

export async function deleteEventsOf(db: Db, org: string, source: string): Promise<void> {
  await sql`delete from inbox where org = ${org} and source = ${source}`.execute(db);
}

/** Forgets events that came before `before` and do not wait. @returns whether there may be more */
export async function forgetEvents(db: Db, before: Date, limit: number): Promise<boolean> {
  const { rows } = await sql<{ n: number }>`
    with gone as (
      delete from inbox where ctid = any(array(
        select ctid from inbox where received_at < ${before.toISOString()}::timestamptz and status <> 'received'
          and (source like 'webhook:%' or source like 'integration:%') limit ${limit}::int))
      returning 1)
    select count(*)::int as n from gone`.execute(db);
  return (rows[0]?.n ?? 0) === limit;
}
