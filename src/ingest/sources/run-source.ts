/**
 * The job of one data source: what was sent to it first, then one page of its run. Both are done by one job at a time,
 * whatever number of servers there is, so that a page that was listed before an event cannot undo it.
 */
import { AppError } from "../../model/error.ts";
import type { Ctx } from "../../storage/context.ts";
import {
  type DataSourceChange,
  type DataSourceRow,
  dropDeliveries,
  postpone,
  readDataSource,
  updateDataSource,
} from "../../storage/data-sources.ts";
import { enqueue, type Job } from "../../storage/queue.ts";
import { SOURCES_QUEUE } from "../../storage/queues.ts";
import { endOf, nextStep } from "./list-page.ts";
import { processDeliveries } from "./live-events.ts";
import { inboxOf, type OpenSource, SourceCache, type SourceMeans } from "./open-source.ts";
import { kindsOf, newRun, type RunState } from "./run-state.ts";

const MINUTE_MS = 60_000;
/** A data source whose secrets cannot be decrypted is looked at again after so long. */
const KEY_MS = 5 * MINUTE_MS;
/** Processed deliveries are remembered so long, in case they are sent again. */
const REMEMBERED_MS = 30 * 24 * 60 * MINUTE_MS;

type Write = (tx: Ctx) => Promise<void>;

/** For the worker. */
export function createSourceRunner(means: SourceMeans): (ctx: Ctx, job: Job) => Promise<Write> {
  const cache = new SourceCache(means);
  return async (ctx, job) => {
    const row = await readDataSource(ctx.db, ctx.org, job.key);
    if (row === undefined) return () => Promise.resolve();
    let source: OpenSource;
    try {
      source = cache.open(row);
    } catch (error) {
      return error instanceof AppError ? cannotOpen(row, error) : withAnotherKey(job, row);
    }
    const events = await processDeliveries(ctx, source);
    if (events.resync) return (tx) => goOn(tx, job, { next_full_at: tx.now() }, 0);
    // While events wait for the system, a page would get no answer either.
    if (events.waitMs !== null) return (tx) => goOn(tx, job, {}, events.waitMs ?? 0);
    if (events.more) return (tx) => goOn(tx, job, {}, 0);
    const run = runAt(ctx, source);
    if (run === null) return (tx) => sleepUntilDue(tx, job);
    if (run.retryAt !== null && Date.parse(run.retryAt) > ctx.now().getTime())
      return (tx) => postpone(tx.db, job, Date.parse(run.retryAt ?? "") - tx.now().getTime());
    const started = { ...source, run };
    const step = await nextStep(ctx, started, run);
    return (tx) => settleStep(tx, job, row, step);
  };
}

/** Settings or mapping that cannot be used: said once, and left alone until somebody changes them. */
function cannotOpen(row: DataSourceRow, { message }: AppError): Write {
  return (tx) => tellOnce(tx, row, message, { next_full_at: null, next_quick_at: null });
}

/** Whoever started the server with another key starts it with the right one again: then it goes on as it was to. */
function withAnotherKey(job: Job, row: DataSourceRow): Write {
  return async (tx) => {
    await tellOnce(tx, row, "its secrets cannot be decrypted with this key", {});
    await postpone(tx.db, job, KEY_MS);
  };
}

async function tellOnce(
  tx: Ctx,
  row: DataSourceRow,
  message: string,
  change: DataSourceChange,
): Promise<void> {
  const run = row.run as RunState | null;
  if (run?.message === message && run.status === "failed") return;
  const broken = { ...(run ?? newRun(null, "full", [], tx.now())), status: "running" } as const;
  await updateDataSource(tx.db, tx.org, row.id, { run: endOf(tx, broken, "failed", message), ...change });
}

/** The run that is under way, or one that is due; null: nothing to do. */
function runAt(ctx: Ctx, { row, run, connector, plan }: OpenSource): RunState | null {
  if (run?.status === "running") return run;
  const now = ctx.now();
  const isDue = (at: Date | null): boolean => at !== null && at <= now;
  const mode = isDue(row.next_full_at) ? "full" : isDue(row.next_quick_at) ? "quick" : null;
  return mode === null ? null : newRun(run, mode, kindsOf(connector, plan), now);
}

async function settleStep(
  tx: Ctx,
  job: Job,
  seen: DataSourceRow,
  { run, waitMs }: { readonly run: RunState; readonly waitMs: number },
): Promise<void> {
  const row = await readDataSource(tx.db, tx.org, job.key, true);
  if (row === undefined) return;
  const stored = row.run as RunState | null;
  const was = seen.run as RunState | null;
  // Stopped, or begun anew, while the page was listed: what was stored then counts.
  if (stored?.number !== was?.number || stored?.status !== was?.status) return goOn(tx, job, {}, 0);
  if (run.status === "running")
    return goOn(tx, job, { run, ...(was?.number !== run.number && due(row, run, tx)) }, waitMs);
  await updateDataSource(tx.db, tx.org, row.id, { run, ...due(row, run, tx) });
  await dropDeliveries(tx.db, tx.org, inboxOf(row.id), new Date(tx.now().getTime() - REMEMBERED_MS));
  await sleepUntilDue(tx, job);
}

/** When the next runs are due, counted from the begin of this one; a full run serves as a quick one too. */
function due(row: DataSourceRow, run: RunState, tx: Ctx): DataSourceChange {
  const after = (minutes: number | null): Date | null =>
    minutes === null ? null : new Date(tx.now().getTime() + minutes * MINUTE_MS);
  return {
    next_quick_at: after(row.refresh_minutes),
    ...(run.mode === "full" && { next_full_at: after(row.resync_minutes) }),
  };
}

async function goOn(tx: Ctx, job: Job, change: DataSourceChange, waitMs: number): Promise<void> {
  await updateDataSource(tx.db, tx.org, job.key, change);
  if (waitMs > 0) await postpone(tx.db, job, waitMs);
  else await enqueue(tx.db, tx.org, SOURCES_QUEUE, [job.key]);
}

async function sleepUntilDue(tx: Ctx, job: Job): Promise<void> {
  const row = await readDataSource(tx.db, tx.org, job.key);
  if (row === undefined) return;
  const times = [row.next_full_at, row.next_quick_at].flatMap((at) => (at === null ? [] : [at.getTime()]));
  if (times.length === 0) return;
  await postpone(tx.db, job, Math.max(0, Math.min(...times) - tx.now().getTime()));
}
