/** The event log of a data source: what came, what became of it, and doing it again after an edit of the mapping. */
import { AppError, invalid, notFound } from "../model/error.ts";
import { parseInstant } from "../model/instant.ts";
import type { JsonObject } from "../model/json.ts";
import type { Ctx } from "../storage/context.ts";
import {
  countEvents,
  type EventRow,
  type EventStatus,
  listEvents,
  readEvent,
  replayEvents,
} from "../storage/events.ts";
import { enqueue } from "../storage/queue.ts";
import { INGEST_QUEUE } from "../storage/queues.ts";
import { transact } from "../storage/transact.ts";

const STATUSES: readonly EventStatus[] = ["received", "processed", "failed", "rejected"];
const REPLAYABLE: readonly EventStatus[] = ["processed", "failed"];
const DEFAULT_LIMIT = 50;
const MAX_LIMIT = 200;

/** Whose events, and the job that works them off. */
export interface EventLog {
  /** In the inbox. */
  readonly source: string;
  readonly job: { readonly queue: string; readonly key: string };
}

/** @param source the inbox source of a webhook */
export const webhookLog = (source: string): EventLog => ({
  ...{ source, job: { queue: INGEST_QUEUE, key: source } },
});

export interface EventsQuestion {
  readonly status?: string | undefined;
  readonly limit?: number | undefined;
  /** `next` of the page before. */
  readonly from?: string | undefined;
}

/** Newest first. @throws AppError `invalid_request` */
export async function getEvents(
  ctx: Ctx,
  { source }: EventLog,
  { status, limit = DEFAULT_LIMIT, from }: EventsQuestion,
): Promise<{ events: JsonObject[]; next: string | null }> {
  if (from !== undefined && !/^\d{1,15}$/.test(from))
    throw invalid("from is not a cursor: send the `next` of the page before, unchanged");
  const rows = await listEvents(ctx.db, ctx.org, source, {
    status: status === undefined ? null : statusOf(status),
    before: from === undefined ? null : Number(from),
    limit: Math.min(limit, MAX_LIMIT),
  });
  const last = rows.length === Math.min(limit, MAX_LIMIT) ? rows.at(-1) : undefined;
  return { events: rows.map(render), next: last === undefined ? null : String(last.seq) };
}

/** By status. */
export const countEventsOf = (
  ctx: Ctx,
  { source }: EventLog,
): Promise<Readonly<Record<EventStatus, number>>> => countEvents(ctx.db, ctx.org, source);

function statusOf(text: string): EventStatus {
  const found = STATUSES.find((status) => status === text);
  if (found === undefined)
    throw invalid(`status ${JSON.stringify(text.slice(0, 60))} is not one of ${STATUSES.join(", ")}`);
  return found;
}

/** With what was sent. @throws AppError `not_found` */
export async function getEvent(ctx: Ctx, { source }: EventLog, id: string): Promise<JsonObject> {
  const row = isId(id) ? await readEvent(ctx.db, ctx.org, source, id) : null;
  if (row === null) throw notFound("Event", id.slice(0, 200));
  const sent = row.payload ?? { ...row.request, body: row.body === null ? null : JSON.parse(row.body) };
  return { ...render(row), ...sent };
}

const isId = (id: string): boolean => id.length <= 300 && !id.includes("\u0000");

export interface ReplayQuestion {
  readonly status?: readonly string[] | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

/** Lets events go through the mapping as it is now, in the order in which they came. @returns how many */
export function replay(ctx: Ctx, log: EventLog, { status, from, to }: ReplayQuestion): Promise<number> {
  const statuses = (status ?? ["failed"]).map(statusOf);
  const wrong = statuses.find((one) => !REPLAYABLE.includes(one));
  if (wrong !== undefined)
    throw invalid(`status ${JSON.stringify(wrong)} cannot be replayed; ${REPLAYABLE.join(" and ")} can`);
  return again(ctx, log, { deliveryId: null, statuses, from: timeOf(from, "from"), to: timeOf(to, "to") });
}

/** @throws AppError `not_found`; `conflict` when its body is no longer kept, or it waits anyway */
export async function replayOne(ctx: Ctx, log: EventLog, id: string): Promise<void> {
  const row = isId(id) ? await readEvent(ctx.db, ctx.org, log.source, id) : null;
  if (row === null) throw notFound("Event", id.slice(0, 200));
  const replayed = await again(ctx, log, { deliveryId: id, statuses: REPLAYABLE, from: null, to: null });
  if (replayed === 0)
    throw new AppError(
      "conflict",
      REPLAYABLE.includes(row.status)
        ? "what was sent is not kept of this event: it was processed"
        : `the event is ${row.status}; only ${REPLAYABLE.join(" and ")} ones can be replayed`,
    );
}

function again(
  ctx: Ctx,
  { source, job }: EventLog,
  what: Parameters<typeof replayEvents>[3],
): Promise<number> {
  return transact(ctx, async (tx) => {
    const count = await replayEvents(tx.db, tx.org, source, what);
    if (count > 0) await enqueue(tx.db, tx.org, job.queue, [job.key]);
    return count;
  });
}

function timeOf(text: string | undefined, field: string): Date | null {
  if (text === undefined) return null;
  const at = parseInstant(text);
  if (at === null) throw invalid(`${field} ${JSON.stringify(text.slice(0, 60))} is not an ISO date-time`);
  return new Date(at);
}

const render = (row: EventRow): JsonObject => ({
  id: row.delivery_id,
  status: row.status,
  receivedAt: row.received_at.toISOString(),
  processedAt: row.processed_at?.toISOString() ?? null,
  bytes: row.bytes,
  outcome: row.status === "received" ? null : row.outcome,
});
