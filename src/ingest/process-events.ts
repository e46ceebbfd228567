/**
 * Works events of data sources off: the next ones of a source are mapped outside any transaction, then written with
 * their outcomes in the transaction that settles the job, so that each is applied once in effect.
 */
import { setImmediate as breathe } from "node:timers/promises";
import { CreatedMeanwhile } from "../catalog/write-steps.ts";
import { AppError } from "../model/error.ts";
import type { Ctx } from "../storage/context.ts";
import { type ClosedEvent, closeEvents, hasWaitingEvents, waitingEvents } from "../storage/events.ts";
import { enqueue, type Job } from "../storage/queue.ts";
import { INGEST_QUEUE } from "../storage/queues.ts";
import { rollBackTo, savepoint, sqlState } from "../storage/transact.ts";
import { applyMapped, type Cause, type Outcome, type Source } from "./apply-mapped.ts";
import type { Mapped } from "./mapping.ts";
import { NOWHERE } from "./read-document.ts";

/** How the events of one source are mapped. */
export interface EventMapper {
  readonly source: Source;
  /** Pure but for time. @throws AppError: the event cannot be mapped */
  map(event: SourceEvent, now: Date): Mapped;
}

export interface SourceEvent {
  readonly deliveryId: string;
  readonly request: Readonly<Record<string, unknown>>;
  /** The parsed body. */
  readonly body: unknown;
}

/** By the word in front of the colon of a source: `webhook`, `integration`. null: the source is gone. */
export type MapperFinders = Readonly<Record<string, (ctx: Ctx, id: string) => Promise<EventMapper | null>>>;

/** Events of one transaction: the embedded database has one connection, and others wait for it. */
const BATCH = 64;
const BATCH_CHARS = 4_000_000;
const ATTEMPTS = 3;
/** Values that the database cannot store, relations whose target went: the batch is undone and done one by one. */
const ABOUT_DATA = /^(22|23|25P02|54)/;
const FORGOTTEN = "the data source was deleted, or its kind is unknown to this server";

export function createEventProcessor(
  finders: MapperFinders,
): (ctx: Ctx, job: Job) => Promise<(tx: Ctx) => Promise<void>> {
  return async (ctx, job) => {
    const events = await waitingEvents(ctx.db, ctx.org, job.key, BATCH, BATCH_CHARS);
    if (events.length === 0) return () => Promise.resolve();
    const [kind = "", ...id] = job.key.split(":");
    const mapper = (await finders[kind]?.(ctx, id.join(":"))) ?? null;
    const now = ctx.now();
    const mapped: Mapped[] = [];
    for (const event of events) {
      mapped.push(mapper === null ? failure(FORGOTTEN) : mapOne(mapper, event, now));
      // A mapping may take its time; others have requests.
      await breathe();
    }
    return async (tx) => {
      const cause = { source: job.key, events: events.map((event) => event.delivery_id) };
      const outcomes =
        mapper === null ? mapped.map(lost) : await applyBatch(tx, mapper.source, mapped, cause);
      const closed = events.map(({ delivery_id: deliveryId }, i): ClosedEvent => {
        const outcome = outcomes[i] ?? lost(failure(FORGOTTEN));
        return { deliveryId, status: outcome.errors.some((e) => e.lost) ? "failed" : "processed", outcome };
      });
      await closeEvents(tx.db, tx.org, job.key, closed, tx.now());
      if (await hasWaitingEvents(tx.db, tx.org, job.key))
        await enqueue(tx.db, tx.org, INGEST_QUEUE, [job.key]);
    };
  };
}

function mapOne(
  mapper: EventMapper,
  event: { delivery_id: string; request: Readonly<Record<string, unknown>> | null; body: string | null },
  now: Date,
): Mapped {
  try {
    const body: unknown = JSON.parse(event.body ?? "null");
    return mapper.map({ deliveryId: event.delivery_id, request: event.request ?? {}, body }, now);
  } catch (error) {
    if (error instanceof AppError || error instanceof SyntaxError) return failure(error.message);
    throw error;
  }
}

const failure = (reason: string): Mapped => ({
  ...{ entities: [], deletes: [], filtered: 0 },
  errors: [{ resource: 0, key: "", reason, position: NOWHERE, lost: true }],
});

/** The outcome of an event of which nothing was written. */
const lost = (mapped: Mapped): Outcome => ({
  ...{
    created: 0,
    updated: 0,
    unchanged: 0,
    deleted: 0,
    filtered: mapped.filtered,
    entities: [],
    warnings: [],
  },
  errors: mapped.errors.map((error) => ({ ...error, blueprint: null, identifier: null, code: null })),
});

/** All as sets; what the database refuses is undone and done one by one, so that one bad event fails alone. */
async function applyBatch(
  tx: Ctx,
  source: Source,
  mapped: readonly Mapped[],
  cause: Cause,
): Promise<Outcome[]> {
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    const outcomes = await tryOut(tx, () => applyMapped(tx, source, mapped, cause));
    if (!(outcomes instanceof Error)) return outcomes;
  }
  const outcomes: Outcome[] = [];
  for (const [index, one] of mapped.entries()) {
    const its: Cause = { ...cause, events: cause.events.slice(index, index + 1) };
    const result = await tryOut(tx, () => applyMapped(tx, source, [one], its));
    const reason = `the database refused it (SQLSTATE ${result instanceof Error ? sqlState(result) : ""})`;
    outcomes.push((result instanceof Error ? undefined : result[0]) ?? lost(failure(reason)));
  }
  return outcomes;
}

async function tryOut(tx: Ctx, work: () => Promise<Outcome[]>): Promise<Outcome[] | Error> {
  await savepoint(tx.db);
  try {
    return await work();
  } catch (error) {
    const isAboutData = error instanceof CreatedMeanwhile || ABOUT_DATA.test(sqlState(error));
    if (!isAboutData || !(error instanceof Error)) throw error;
    await rollBackTo(tx.db);
    return error;
  }
}
