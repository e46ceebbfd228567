/** The background work of a process: loops that claim jobs, follow the change feed, and keep what has to be kept. */
import { startAutomations } from "../automation/automation-loop.ts";
import { startKeepingRuns } from "../automation/keep-runs.ts";
import type { RunMeans } from "../automation/run-means.ts";
import { runWork } from "../automation/run-work.ts";
import { startResultCounts } from "../catalog/count-results.ts";
import { startDriftWatch } from "../catalog/derivation.ts";
import { eraseNext } from "../catalog/erase-person.ts";
import { startIndexKeeper } from "../catalog/search-keep-indexes.ts";
import type { Config } from "../config.ts";
import { startDerivation } from "../engine/derivation.ts";
import { startNumberHistory } from "../engine/keep-history.ts";
import { startPool } from "../engine/pool.ts";
import { startWorker, type Worker } from "../engine/worker.ts";
import type { Meters } from "../http/meters.ts";
import { startAuditRetention } from "../ingest/audit-retention.ts";
import { processCommits } from "../ingest/commits.ts";
import type { MappedAhead } from "../ingest/mapped-ahead.ts";
import { runMigration } from "../ingest/migrate-entities.ts";
import { createEventProcessor } from "../ingest/process-events.ts";
import { startRetention } from "../ingest/retention.ts";
import type { SourceMeans } from "../ingest/sources/open-source.ts";
import { createSourceRunner } from "../ingest/sources/run-source.ts";
import { findWebhookMapper } from "../ingest/webhook-mapper.ts";
import { createDeriver } from "../metrics/dora/derive-service.ts";
import { FEED_READER, followChanges } from "../metrics/dora/follow-changes.ts";
import { metricRows } from "../metrics/dora/metric-rows.ts";
import { deriveOutdated } from "../metrics/dora/settings.ts";
import type { Ctx } from "../storage/context.ts";
import type { Database } from "../storage/db.ts";
import { ALONE_LEASE_SECONDS } from "../storage/keep-lease.ts";
import { Looks } from "../storage/look.ts";
import { releaseLeases } from "../storage/queue.ts";
import {
  COMMITS_QUEUE,
  DERIVE_QUEUE,
  ERASURES_QUEUE,
  INGEST_QUEUE,
  MIGRATIONS_QUEUE,
  SOURCES_QUEUE,
} from "../storage/queues.ts";
import type { Started } from "./started.ts";

/** Runs of actions that are carried out at the same time: twelve receivers with long queues leave room for twelve others. */
const RUN_LIMITS = { atOnce: 80, perOrg: 64, perLane: 4, ownAtOnce: 16, spare: 12, ownSpare: 4 } as const;
/** Data sources that are read at the same time. */
const SOURCES_AT_ONCE = 2;

export interface WorkMeans {
  readonly ahead: MappedAhead;
  readonly means: SourceMeans;
  readonly runMeans: RunMeans;
  readonly countEvents: Meters["countEvents"];
  readonly publicUrl: () => string;
}

/**
 * Starts all of it; `started` is told how each part is stopped.
 * @returns the loop whose rounds tell whether this process is ready
 */
export async function startWork(
  database: Database,
  given: Ctx,
  config: Config,
  { ahead, means, runMeans, countEvents, publicUrl }: WorkMeans,
  started: Started,
): Promise<Worker> {
  const { log } = given;
  const isAlone = database.kind === "embedded";
  const system = { ...given, ...(isAlone && { leaseSeconds: ALONE_LEASE_SECONDS }) };
  const deriver = createDeriver();
  started.ground(() => deriver.stop());
  if (isAlone) await releaseLeases(system.db);
  await deriveOutdated(system);
  const runs = runWork(runMeans);
  const looks = new Looks(system.db, system.org, {
    ...{ isAlone, log },
    queues: [
      ...[COMMITS_QUEUE, DERIVE_QUEUE, ERASURES_QUEUE, INGEST_QUEUE, MIGRATIONS_QUEUE, SOURCES_QUEUE],
      ...runs.map(({ queue }) => queue),
    ],
  });
  const worker = startWorker(
    database,
    system,
    looks,
    [
      { queue: COMMITS_QUEUE, handler: processCommits, done: "dora" },
      { queue: MIGRATIONS_QUEUE, prepare: runMigration, done: "change" },
      { queue: ERASURES_QUEUE, handler: eraseNext, done: null },
      { queue: DERIVE_QUEUE, prepare: (ctx, job) => deriver.derive(ctx, job.key), done: "dora" },
    ],
    {
      dueIn: (look) => (look.isTouched ? 0 : look.readIn(FEED_READER)),
      work: (own) => followChanges(own, (tx, services) => deriver.restsOf(tx, services)),
    },
  );
  started.work(() => worker.stop());
  // Events have a loop of their own: a derivation that takes its time must not keep them waiting.
  const processor = createEventProcessor({ webhook: findWebhookMapper }, ahead, countEvents);
  const events = { queue: INGEST_QUEUE, prepare: processor, done: "change", provesItself: true } as const;
  const ingesting = startWorker(database, system, looks, [events]);
  started.work(() => ingesting.stop());
  started.work(startRetention(system, config.eventRetentionDays));
  started.work(startAuditRetention(system, config.auditRetentionDays));
  const derivation = await startDerivation(database, system, looks);
  started.work(() => derivation.stop());
  started.work(startNumberHistory(system, config.historyRetentionDays));
  started.work(startResultCounts(system));
  started.work(startDriftWatch(system));
  started.work(
    startIndexKeeper(database, system, (error) => log.error({ err: error }, "keeping search indexes failed")),
  );
  const automations = await startAutomations(database, system, looks, {
    ...{ metrics: metricRows, publicUrl, hasBroker: config.kafka !== null },
  });
  started.work(() => automations.stop());
  started.work(startKeepingRuns(system, config));
  const pool = startPool(database, system, looks, runs, RUN_LIMITS);
  started.work(() => pool.stop());
  // Loops of their own: other systems answer when they like.
  const reading = { queue: SOURCES_QUEUE, prepare: createSourceRunner(means), done: "change" } as const;
  for (let i = 0; i < SOURCES_AT_ONCE; i += 1) {
    const loop = startWorker(database, system, looks, [reading]);
    started.work(() => loop.stop());
  }
  return worker;
}
