/**
 * Works events of data sources off: the next ones of a source are mapped outside any transaction, then written with
 * their outcomes in one, which fails when somebody else closed one of them, so that each is applied once in effect.
 */
import { setImmediate as breathe, setTimeout as sleep } from "node:timers/promises";
import { CreatedMeanwhile } from "../catalog/write-steps.ts";
import { AppError } from "../model/error.ts";
import type { Ctx } from "../storage/context.ts";
import { type ClosedEvent, closeEvents, hasWaitingEvents, waitingEvents } from "../storage/events.ts";
import type { Job } from "../storage/queue.ts";
import { rollBackTo, savepoint, sqlState } from "../storage/transact.ts";
import { linkOrigins, noteOnSpan } from "../tracing/span.ts";
import { applyMapped, type Cause, type Outcome, type Source } from "./apply-mapped.ts";
import type { EventMapper } from "./event-mapper.ts";
import { leaveOutLate } from "./late-events.ts";
import type { MappedAhead } from "./mapped-ahead.ts";
import type { Mapped } from "./mapping.ts";
import { NOWHERE } from "./read-document.ts";

/** By the word in front of the colon of a source: `webhook`, `integration`. null: the source is gone. */
export type MapperFinders = Readonly<Record<string, (ctx: Ctx, id: string) => Promise<EventMapper | null>>>;

/** More events of the source wait: the job is due again at once. */
interface More {
  readonly againInMs: 0;
}

/** Events of one transaction: the embedded database has one connection, and others wait for it. */
const BATCH = 200;
/** Of the bodies that are read: of a whole batch of what GitHub sends. With a quarter of it, who had fallen behind stayed behind. */
const BATCH_BYTES = 4_000_000;
/**
 * From one batch of a source to its next. A batch costs twenty statements however small it is; without a pause, events
 * that come steadily are worked off a handful at a time.
 */
const PAUSE_MS = 50;
/**
 * A mapping may take its time; others have requests. Not after each event: a turn of a busy loop takes longer than to map
 * one, and a batch may be all of another process's taking.
 */
const TURN_MS = 5;
const MAX_SOURCES = 1000;
const ATTEMPTS = 3;
/** Values that the database cannot store, relations whose target went: the batch is undone and done one by one. */
const ABOUT_DATA = /^(22|23|25P02|54)/;
const MEANWHILE = "events of the batch were closed by somebody else meanwhile";
const FORGOTTEN = "the data source was deleted, or its kind is unknown to this server";

/**
 * @param ahead what was mapped when it came in
 * @param count told of every batch: the kind of its source, and how its events ended
 */
export function createEventProcessor(
  finders: MapperFinders,
  ahead: MappedAhead,
  count: (kind: string, status: ClosedEvent["status"], n: number) => void = () => undefined,
): (ctx: Ctx, job: Job) => Promise<(tx: Ctx) => Promise<More | void>> {
  const begun = new Map<string, number>();
  return async (ctx, job) => {
    const source = `${job.org}\n${job.key}`;
    const rest = PAUSE_MS - (performance.now() - (begun.get(source) ?? -Infinity));
    if (rest > 0) await sleep(rest);
    if (begun.size >= MAX_SOURCES) begun.clear();
    begun.set(source, performance.now());
    const [kind = "", ...id] = job.key.split(":");
    const mapper = (await finders[kind]?.(ctx, id.join(":"))) ?? null;
    const known = ahead.next(source, mapper, BATCH);
    const events = await waitingEvents(ctx.db, ctx.org, job.key, {
      ...{ limit: BATCH, bytes: BATCH_BYTES },
      withoutBody: [...known.keys()],
    });
    const ids = events.map(({ delivery_id: deliveryId }) => deliveryId);
    ahead.taken(source, known, ids, events.length < BATCH);
    if (events.length === 0) return () => Promise.resolve();
    linkOrigins(events.map(({ trace }) => trace));
    noteOnSpan({ "messaging.batch.message_count": events.length });
    const now = ctx.now();
    const mapped: Mapped[] = [];
    let turn = performance.now();
    for (const event of events) {
      const before = known.get(event.delivery_id);
      mapped.push(before ?? (mapper === null ? failure(FORGOTTEN) : mapOne(mapper, event, now)));
      if (performance.now() - turn < TURN_MS) continue;
      await breathe();
      turn = performance.now();
    }
    return async (tx) => {
      // As it is called now: the audit log is asked by that name.
      const name = mapper === null ? job.key : `${kind}:${mapper.source.id}`;
      const cause = { source: name, events: ids };
      const guarded = await leaveOutLate(tx, job.key, mapped);
      const applied =
        mapper === null ? mapped.map(lost) : await applyBatch(tx, mapper.source, guarded.mapped, cause);
      await guarded.note(applied);
      const outcomes = applied.map((outcome, i) => warned(outcome, guarded.warnings[i] ?? []));
      const closed = ids.map((deliveryId, i): ClosedEvent => {
        const outcome = outcomes[i] ?? lost(failure(FORGOTTEN));
        return { deliveryId, status: outcome.errors.some((e) => e.lost) ? "failed" : "processed", outcome };
      });
      const waited = await closeEvents(tx.db, tx.org, job.key, closed, tx.now());
      // Another worker, which got the job when this one had stalled, or who deleted the source. Thrown, nothing is written.
      if (waited < closed.length) throw new Error(MEANWHILE);
      for (const status of ["processed", "failed"] as const)
        count(kind, status, closed.filter((event) => event.status === status).length);
      return (await hasWaitingEvents(tx.db, tx.org, job.key)) ? { againInMs: 0 } : undefined;
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

const warned = (outcome: Outcome, warnings: readonly string[]): Outcome =>
  warnings.length === 0 ? outcome : { ...outcome, warnings: [...warnings, ...outcome.warnings] };

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
