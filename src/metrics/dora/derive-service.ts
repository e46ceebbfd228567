/** Keeps the derived rows of a service equal to what its facts give; writes differences only. */
import { Worker } from "node:worker_threads";
import type { Ctx } from "../../storage/context.ts";
import {
  deleteDerived,
  readHashes,
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
   * Milliseconds from now before which these services should not be derived again, so that derivations take a fifth of
   * the time at most while facts arrive without a pause. 0 for what was not derived lately.
   */
  restOf(services: readonly string[]): number;
  stop(): Promise<void>;
}

/** A service rests for so many times what its derivation took, and that of those derived with it. */
const PATIENCE = 4;
const MAX_REST_MS = 3000;
const MAX_KNOWN = 10_000;

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
  const last = new Map<string, { readonly ended: number; readonly ms: number }>();
  const measured = async (ctx: Ctx, service: string): Promise<(tx: Ctx) => Promise<void>> => {
    const started = performance.now();
    const write = await deriveService(ctx, service, open());
    const ended = performance.now();
    if (last.size >= MAX_KNOWN) last.clear();
    last.set(service, { ended, ms: ended - started });
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
    restOf: (services) => {
      const known = services.flatMap((service) => last.get(service) ?? []);
      const rest = Math.min(MAX_REST_MS, PATIENCE * known.reduce((sum, { ms }) => sum + ms, 0));
      return Math.max(0, ...known.map(({ ended }) => ended + rest - performance.now()));
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
