/**
 * Entities over HTTP (validated, with a relation and the audit log) beside a raw set-based upsert of the same rows:
 * bulk in requests of 20 and streaming import in batches of 1,000, at several sizes of the blueprint. Both sides use
 * the same database server, batch size, number of connections and durability, and take turns in one run.
 *
 *   node bench/ingest-http.ts [existing …]          embedded, or PostgreSQL with DATABASE_URL
 *   BENCH_ROUNDS=3 BENCH_SECONDS=4                  turns of each side, and how long each is measured
 *   BENCH_NODE_OPTIONS=--cpu-prof                   of the server
 *
 * On Linux the processor time that a batch takes is told as well (this process, the server, and the sessions of a
 * PostgreSQL on the same machine): on a machine that does other work too, it is what can be compared.
 */
import { loadavg } from "node:os";
import pg from "pg";
import { endProcesses, type ServerProcess, startServer } from "../test/flows/support/processes.ts";
import { createTestPlace, openAt, type TestPlace } from "../test/support/database.ts";
import { ARTIFACT_BLUEPRINT, artifacts, SERVICE_BLUEPRINT, services } from "./ingest/artifacts.ts";
import {
  batches,
  BULK,
  bulkWork,
  openTarget,
  send,
  STREAM,
  streamWork,
  type Target,
  type Work,
} from "./ingest/http-writers.ts";
import { fill, rawUpsert } from "./ingest/raw-twin.ts";
import { megabytes, processorMs } from "./support/process-usage.ts";

const CONNECTIONS = 4;
const ROUNDS = Number(process.env["BENCH_ROUNDS"] ?? 3);
const SECONDS = Number(process.env["BENCH_SECONDS"] ?? 4);
/** Before the time is taken: connections, plans and compiled code of both sides are there. */
const WARM_UP_SECONDS = 2;
/** On a machine that does other work too, two seconds are not enough for the compiler of the server. */
const WARM_UP_ROWS = 20_000;
interface Count {
  rows: number;
  ms: number;
  /** Processor time. */
  cpuMs: number;
}

/** Processor time so far in ms, by process. */
async function cpuSoFar(place: TestPlace, server: number | null): Promise<ReadonlyMap<number, number>> {
  const spent = new Map<number, number>();
  for (const pid of [process.pid, ...(server === null ? [] : [server])]) spent.set(pid, processorMs(pid));
  if (place.databaseUrl === null) return spent;
  const client = new pg.Client({ connectionString: place.databaseUrl });
  await client.connect();
  const { rows } = await client.query<{ pid: number }>(
    "select pid from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()",
  );
  await client.end();
  for (const { pid } of rows) spent.set(pid, processorMs(pid));
  return spent;
}

/** Runs `work` on every connection until the time is over, after a warm-up that does not count. */
async function measure(count: Count, place: TestPlace, server: number | null, work: Work): Promise<void> {
  const run = async (seconds: number, stored: (rows: number) => void): Promise<void> => {
    const until = performance.now() + seconds * 1000;
    await Promise.all(Array.from({ length: CONNECTIONS }, () => work(until, stored)));
  };
  for (let warm = 0; warm < WARM_UP_ROWS;) await run(WARM_UP_SECONDS, (rows) => (warm += rows));
  const [cpuBefore, started] = [await cpuSoFar(place, server), performance.now()];
  await run(SECONDS, (rows) => (count.rows += rows));
  count.ms += performance.now() - started;
  for (const [pid, ms] of await cpuSoFar(place, server)) count.cpuMs += ms - (cpuBefore.get(pid) ?? 0);
}

interface Portal {
  readonly server: ServerProcess;
  readonly target: Target;
  close(): Promise<void>;
}

async function open(place: TestPlace): Promise<Portal> {
  const options = process.env["BENCH_NODE_OPTIONS"];
  const server = await startServer(place, {
    FAIRWAY_LOG_LEVEL: "fatal",
    ...(options === undefined ? {} : { NODE_OPTIONS: options }),
  });
  const target = await openTarget(() => server.url, place.dataDir, CONNECTIONS);
  return {
    ...{ server, target },
    close: async () => {
      target.close();
      server.kill("SIGTERM");
      await server.ended;
    },
  };
}

async function bench(existing: number): Promise<string> {
  const place = await createTestPlace();
  try {
    const first = await open(place);
    for (const blueprint of [SERVICE_BLUEPRINT, ARTIFACT_BLUEPRINT])
      await send(first.target, "/v1/blueprints", JSON.stringify(blueprint));
    const entities = services();
    await send(
      first.target,
      "/v1/blueprints/service/entities/bulk?upsert=true",
      JSON.stringify({ entities }),
    );
    await first.close();
    const filling = await openAt(place);
    const { id: org } = await filling.kysely
      .selectFrom("organization")
      .select("id")
      .executeTakeFirstOrThrow();
    await fill(filling.kysely, org, existing);
    await filling.close();
    const counts = [0, 1, 2, 3].map(() => ({ rows: 0, ms: 0, cpuMs: 0 }));
    const [raw20, raw1000, bulk20, streamed] = counts as [Count, Count, Count, Count];
    let memory = 0;
    for (let round = 0; round < ROUNDS; round++) {
      const database = await openAt(place);
      const raw = (size: number) =>
        batches(size, (from) => rawUpsert(database.kysely, org, artifacts(from, size)));
      await measure(raw20, place, null, raw(BULK));
      await measure(raw1000, place, null, raw(STREAM));
      await database.close();
      const portal = await open(place);
      await measure(bulk20, place, portal.server.pid, bulkWork(portal.target));
      await measure(streamed, place, portal.server.pid, streamWork(portal.target));
      memory = Math.max(memory, Math.round(megabytes(portal.server.pid, "VmHWM")));
      await portal.close();
    }
    const rate = ({ rows, ms }: Count): number => Math.round((rows * 1000) / ms);
    const cpu = ({ cpuMs, rows }: Count): number => Math.max(1, Math.round((cpuMs * 1000) / rows));
    const ratio = (part: Count, whole: Count): string =>
      `${rate(part)}/s of raw ${rate(whole)}/s = ${Math.round((100 * rate(part)) / rate(whole))} %, ` +
      `processor ${cpu(part)} ms for 1,000 of raw ${cpu(whole)} ms = ${Math.round((100 * cpu(whole)) / cpu(part))} %`;
    return (
      `${filling.kind}, ${existing} existing: bulk ${ratio(bulk20, raw20)}; streaming ${ratio(streamed, raw1000)}; ` +
      `server at most ${memory} MB; load ${loadavg()[0]?.toFixed(1)}`
    );
  } finally {
    await endProcesses();
    await place.remove();
  }
}

if (import.meta.main) {
  const sizes = process.argv.slice(2).map(Number);
  for (const existing of sizes.length === 0 ? [1000, 100_000, 1_000_000] : sizes)
    console.log(await bench(existing));
}
