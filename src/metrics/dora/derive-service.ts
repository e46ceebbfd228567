/** Keeps the derived rows of a service equal to what its facts give; writes differences only. */
import { Worker } from "node:worker_threads";
import type { Ctx } from "../../storage/context.ts";
import {
  deleteDerived,
  readHashes,
  recentDerivations,
  recordDerivation,
  upsertDeployments,
  upsertShipments,
} from "../../storage/dora-derived.ts";
import { deleteIncidents, readIncidentHashes, upsertIncidents } from "../../storage/dora-incidents.ts";
import { deleteUnshipped, readUnshippedHashes, upsertUnshipped } from "../../storage/dora-unshipped.ts";
import type { DerivationDifference, FromThread, ToThread } from "./derive-protocol.ts";
import { sendFacts } from "./send-facts.ts";
import { loadSettings } from "./settings.ts";

/** Rows of one statement. */
const PAGE = 1000;

export interface Deriver {
  /**
   * Derives one service, one at a time, outside any transaction: what commits meanwhile marks the service again.
   * @returns what writes the differences, within the caller's transaction
   */
  derive(ctx: Ctx, service: string): Promise<(tx: Ctx) => Promise<void>>;
  /**
   * Milliseconds from now before which each of these services should not be derived again, so that derivations take a fifth
   * of the time at most while facts arrive without a pause. 0 for what was not derived lately.
   */
  restsOf(ctx: Ctx, services: readonly string[]): Promise<ReadonlyMap<string, number>>;
  stop(): Promise<void>;
}

/** A service rests for so many times what a derivation takes. */
const PATIENCE = 4;
const MAX_REST_MS = 3000;
/** Of the mean of what derivations took, the part that is of the newest one. */
const NEWEST = 0.1;
/**
 * Where derivations have taken more than this share of the last while, each service rests until all that are derived again and
 * again take no more. Of 200 services of size M, to which deployments and merges came every few seconds, they took all of two
 * processors.
 */
const SHARE = 0.2;
const WHILE_MS = 15_000;
/** So long for each of them at most: few need not wait because the machine has other work. */
const PACE_MS = 150;
/** As for derived values (ADR 37): half a minute is as long as numbers may be behind. */
const MAX_PACE_MS = 30_000;

/**
 * Milliseconds between two derivations of a service.
 * @param share of the last while that derivations of this process took. @param count of services derived lately, by any process
 */
export const restOf = (share: number, count: number, meanMs: number): number =>
  share < SHARE
    ? Math.min(MAX_REST_MS, PATIENCE * meanMs)
    : Math.min(MAX_PACE_MS, Math.max(MAX_REST_MS, PACE_MS * count), (count * meanMs) / SHARE);

interface Thread {
  readonly worker: Worker;
  /** Why it is of no use any more. */
  stopped: Error | null;
}

const startThread = (): Worker => new Worker(new URL("./derive-thread.ts", import.meta.url));

/** @param start what starts a thread; tests start one that dies */
export function createDeriver(start: () => Worker = startThread): Deriver {
  let thread: Thread | null = null;
  let queue: Promise<unknown> = Promise.resolve();
  let meanMs: number | null = null;
  /** Of the last while; older ones count less and less. */
  let busy = { ms: 0, at: performance.now() };
  const busyShare = (now: number): number => (busy.ms * Math.exp((busy.at - now) / WHILE_MS)) / WHILE_MS;
  const measured = async (ctx: Ctx, service: string): Promise<(tx: Ctx) => Promise<void>> => {
    const started = performance.now();
    const write = await deriveService(ctx, service, open());
    const ended = performance.now();
    const ms = ended - started;
    busy = { ms: busyShare(ended) * WHILE_MS + ms, at: ended };
    meanMs = meanMs === null ? ms : meanMs + NEWEST * (ms - meanMs);
    return write;
  };
  const open = (): Thread => {
    // Between its error and its exit a thread is still there, and of no use.
    if (thread !== null && thread.stopped === null) return thread;
    const next: Thread = { worker: start(), stopped: null };
    next.worker.unref();
    // Heard all the time: an error (out of memory) that nobody hears ends the process, and comes while pages are sent.
    next.worker.on("error", (error) => {
      next.stopped ??= error instanceof Error ? error : new Error(String(error));
    });
    // A thread that died is replaced at the next derivation.
    next.worker.on("exit", () => {
      next.stopped ??= new Error("the derivation thread stopped");
      if (thread === next) thread = null;
    });
    thread = next;
    return next;
  };
  return {
    derive: (ctx, service) => {
      const run = queue.then(() => measured(ctx, service));
      queue = run.catch(() => undefined);
      return run;
    },
    restsOf: async (ctx, services) => {
      if (meanMs === null) return new Map(services.map((service) => [service, 0]));
      const now = ctx.now().getTime();
      // Other processes derive as well: what they did is known by the database, and takes as long as here.
      const since = new Date(now - MAX_PACE_MS);
      const { count, derivedAt } = await recentDerivations(ctx.db, ctx.org, services, since);
      const rest = restOf(busyShare(performance.now()), count, meanMs);
      const left = (at: number): number => Math.min(rest, Math.max(0, at + rest - now));
      return new Map(services.map((name) => [name, left(derivedAt.get(name) ?? Number.NEGATIVE_INFINITY)]));
    },
    stop: async () => {
      await queue;
      await thread?.worker.terminate();
    },
  };
}

async function deriveService(ctx: Ctx, service: string, thread: Thread): Promise<(tx: Ctx) => Promise<void>> {
  const settings = await loadSettings(ctx);
  const send = (message: ToThread): void => thread.worker.postMessage(message);
  const { repositories } = await sendFacts(ctx, settings, service, send);
  const stored = {
    ...(await readHashes(ctx.db, ctx.org, service)),
    incidents: await readIncidentHashes(ctx.db, ctx.org, service),
    unshipped: await readUnshippedHashes(ctx.db, ctx.org, service),
  };
  const difference = await finish(thread, { kind: "finish", stored });
  return async (tx) => {
    await write(tx, service, difference);
    await recordDerivation(tx.db, tx.org, service, {
      counts: difference.counts,
      settingsHash: settings.hash,
      repositories,
      unknownShas: difference.unknownShas,
      now: tx.now(),
    });
  };
}

function finish(
  thread: Thread,
  message: Extract<ToThread, { kind: "finish" }>,
): Promise<DerivationDifference> {
  return new Promise((resolve, reject) => {
    const { worker } = thread;
    const stopped = (): void => reject(thread.stopped ?? new Error("the derivation thread stopped"));
    if (thread.stopped !== null) return stopped();
    worker.once("exit", stopped);
    worker.once("message", (answer: FromThread) => {
      worker.off("exit", stopped);
      if (answer.kind === "done") resolve(answer.difference);
      else reject(new Error(`derivation failed: ${answer.message}\n${answer.stack}`));
    });
    worker.postMessage(message);
  });
}

async function write(ctx: Ctx, service: string, difference: DerivationDifference): Promise<void> {
  const { db, org } = ctx;
  await deleteDerived(db, org, service, difference.goneDeployments, difference.goneShipments);
  await deleteIncidents(db, org, service, difference.goneIncidents);
  await deleteUnshipped(db, org, service, difference.goneUnshipped);
  for (const page of pages(difference.unshipped)) await upsertUnshipped(db, org, service, page);
  for (const page of pages(difference.incidents)) await upsertIncidents(db, org, service, page);
  for (const page of pages(difference.deployments)) await upsertDeployments(db, org, service, page);
  for (const page of pages(difference.shipments)) await upsertShipments(db, org, service, page);
}

function* pages<T>(rows: readonly T[]): Generator<readonly T[]> {
  for (let i = 0; i < rows.length; i += PAGE) yield rows.slice(i, i + PAGE);
}
