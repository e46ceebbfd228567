/** What `/metrics` tells: numbers of this process, and of the database as they are when somebody asks. */
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from "prom-client";
import type { FairwayInstance } from "./app-types.ts";

export interface MeterDeps {
  readonly version: string;
  readonly role: string;
  /** Jobs by queue: how many there are, how many failed and wait to be tried again, how long the first one is due. */
  readonly queues: () => Promise<readonly QueueNumbers[]>;
  /** Rows of the change feed that a reader has still to read, counted up to a limit. */
  readonly feeds: () => Promise<readonly { readonly reader: string; readonly lag: number }[]>;
  readonly derivation: () => Promise<DerivationNumbers>;
  /** Reads of dashboards, by who answered; null: there is no replica. */
  readonly reads: { readonly replica: number; readonly primary: number } | null;
  readonly connections: () => {
    readonly total: number;
    readonly idle: number;
    readonly waiting: number;
  };
  /** How long the database may take to answer all of that. */
  readonly answerMs?: number;
}

/** Prometheus gives up after ten seconds, and would take a database that hangs for a process that is down. */
const ANSWER_MS = 4000;

export interface QueueNumbers {
  readonly queue: string;
  readonly pending: number;
  readonly failing: number;
  readonly lateSeconds: number;
}

interface DerivationNumbers {
  readonly waiting: number;
  readonly rebuilding: number;
  readonly lateSeconds: number;
  readonly drift: number | null;
}

export interface Meters {
  readonly contentType: string;
  /** Never fails: a database that is away is one of the things to tell. */
  text(): Promise<string>;
  /** Measures every request that is answered. */
  watchRequests(app: FairwayInstance): void;
  /** As `ask`, with the outcome and the time of every call counted. */
  watchCalls<A extends unknown[], R extends { readonly status: number }>(
    ask: (...args: A) => Promise<R>,
  ): (...args: A) => Promise<R>;
  /** Events of data sources that were worked off. @param kind `webhook`, `integration` */
  readonly countEvents: (kind: string, status: "processed" | "failed", count: number) => void;
}

const SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

export function createMeters(deps: MeterDeps): Meters {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const gauge = <L extends string>(name: string, help: string, ...labelNames: L[]): Gauge<L> =>
    new Gauge({ name, help, labelNames, registers });
  gauge("fairway_info", "Version and role of this process", "version", "role").set(
    { version: deps.version, role: deps.role },
    1,
  );
  const requests = new Histogram({
    name: "fairway_http_request_duration_seconds",
    help: "Duration of HTTP requests by route and status",
    labelNames: ["method", "route", "status"],
    buckets: SECONDS,
    registers,
  });
  const calls = new Histogram({
    name: "fairway_outgoing_call_duration_seconds",
    help: "Duration of calls to other systems by outcome: 2xx, 3xx, 4xx, 5xx, refused (never sent), failed (no answer)",
    labelNames: ["outcome"],
    buckets: [...SECONDS, 30],
    registers,
  });
  const events = new Counter({
    name: "fairway_events_total",
    help: "Events of data sources that were worked off, by kind of source and outcome",
    labelNames: ["kind", "status"],
    registers,
  });
  // From the start: an alert on a rate sees the first failure only when there was a zero before it.
  for (const status of ["processed", "failed"]) events.inc({ kind: "webhook", status }, 0);
  const { reads } = deps;
  if (reads !== null)
    new Counter({
      name: "fairway_dashboard_reads_total",
      help: "Reads that a read replica may answer, by who did: replica, primary (it was behind what was written, or away)",
      labelNames: ["from"],
      registers,
      collect() {
        this.reset();
        for (const from of ["replica", "primary"] as const) this.inc({ from }, reads[from]);
      },
    });
  const refreshDatabase = databaseGauges(gauge, deps);
  return {
    contentType: registry.contentType,
    async text() {
      await refreshDatabase();
      return registry.metrics();
    },
    watchRequests(app) {
      app.addHook("onResponse", (request, reply, done) => {
        const route = request.routeOptions.url ?? "unmatched";
        const labels = { method: request.method, route, status: String(reply.statusCode) };
        requests.observe(labels, reply.elapsedTime / 1000);
        done();
      });
    },
    watchCalls:
      (ask) =>
      async (...args) => {
        const end = calls.startTimer();
        try {
          const answer = await ask(...args);
          end({ outcome: `${Math.floor(answer.status / 100)}xx` });
          return answer;
        } catch (error) {
          end({ outcome: (error as Error).name === "OutboundRefused" ? "refused" : "failed" });
          throw error;
        }
      },
    countEvents: (kind, status, count) => events.inc({ kind, status }, count),
  };
}

type MakeGauge = <L extends string>(name: string, help: string, ...labels: L[]) => Gauge<L>;

/** @returns what reads them all */
function databaseGauges(gauge: MakeGauge, deps: MeterDeps): () => Promise<void> {
  const up = gauge("fairway_database_up", "1 when the database answered the questions of this scrape");
  const connections = gauge(
    "fairway_database_connections",
    "Connections of this process to the database: idle, busy; waiting: requests that wait for one",
    "state",
  );
  const pending = gauge("fairway_jobs_pending", "Background jobs waiting or running, by queue", "queue");
  const failing = gauge(
    "fairway_jobs_failing",
    "Jobs whose last attempt failed; they are tried again",
    "queue",
  );
  const late = gauge(
    "fairway_jobs_late_seconds",
    "How long the oldest job that is due waits, by queue",
    "queue",
  );
  const lag = gauge(
    "fairway_feed_lag",
    "Rows of the change feed that a reader has still to read, counted up to ten thousand",
    "reader",
  );
  const waiting = gauge(
    "fairway_derivation_pending",
    "Changes and entities that wait for derived values, each counted up to a thousand; 0: settled",
  );
  const behind = gauge(
    "fairway_derivation_late_seconds",
    "How long the oldest change waits that derivation has not read, or not computed though it is due",
  );
  const rebuilding = gauge(
    "fairway_derivation_rebuilding",
    "Groups of definitions of derived properties that are being applied to stored entities",
  );
  const drift = gauge(
    "fairway_derivation_drift",
    "Derived values that were found wrong by the last full comparison with values computed from scratch, and by samples since; of all processes; must stay 0",
  );
  const ask = async () => ({
    queues: await deps.queues(),
    feeds: await deps.feeds(),
    derivation: await deps.derivation(),
  });
  // Scrapes come on while the database hangs: they wait for the answer that was asked for, and ask no second one.
  let asked: ReturnType<typeof ask> | null = null;
  const answer = (): ReturnType<typeof ask> => {
    const one = (asked ??= ask().finally(() => (asked = null)));
    // Whoever gives up waiting does not look at it any more.
    one.catch(() => undefined);
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => reject(new Error("the database does not answer")), deps.answerMs ?? ANSWER_MS);
    });
    return Promise.race([one, late]).finally(() => clearTimeout(timer));
  };
  return async () => {
    const { total, idle, waiting: queued } = deps.connections();
    connections.set({ state: "idle" }, idle);
    connections.set({ state: "busy" }, total - idle);
    connections.set({ state: "waiting" }, queued);
    // What was true before the database went away is not told any more.
    const forget = (): void => [pending, failing, late, lag].forEach((one) => one.reset());
    try {
      const { queues, feeds, derivation } = await answer();
      forget();
      for (const { queue, ...numbers } of queues) {
        pending.set({ queue }, numbers.pending);
        failing.set({ queue }, numbers.failing);
        late.set({ queue }, numbers.lateSeconds);
      }
      for (const feed of feeds) lag.set({ reader: feed.reader }, feed.lag);
      waiting.set(derivation.waiting);
      behind.set(derivation.lateSeconds);
      rebuilding.set(derivation.rebuilding);
      drift.set(derivation.drift ?? 0);
      up.set(1);
    } catch {
      forget();
      up.set(0);
    }
  };
}
