/**
 * One database, more and more server processes: writes by bulk requests of 20 and by streams, and reads of a dashboard at size M,
 * each from as many connections as there are for all processes together.
 *
 *   tools/with-postgres node bench/scale.ts [--processes 1,2,4] [--connections 8] [--seconds 10] [--rounds 2] [--share 1]
 *
 * With `--share 0.15` each process gets that share of one processor only, so that the processes are what limits and not the
 * machine. Told beside the rates: how many processors were busy, and what the servers, PostgreSQL and the client took of them.
 */
import { availableParallelism } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import pg from "pg";
import { startFleet } from "../test/flows/support/fleet.ts";
import { endProcesses, type ServerProcess, startServer } from "../test/flows/support/processes.ts";
import { onPostgres, type TestPlace } from "../test/support/database.ts";
import { ARTIFACT_BLUEPRINT, services } from "./ingest/artifacts.ts";
import { bulkWork, openTarget, send, streamWork, type Target, type Work } from "./ingest/http-writers.ts";
import { dashboardRequests } from "./support/dashboard.ts";
import { createHttpClient } from "./support/http-client.ts";
import { createPlaceAtSizeM } from "./support/place-at-size-m.ts";
import { familyProcessorMs, machineProcessorMs, parentOf, processorMs } from "./support/process-usage.ts";
import { quantile } from "./support/statistics.ts";
import { throttle } from "./support/throttle.ts";

const { values } = parseArgs({
  options: {
    processes: { type: "string", default: "1,2,4" },
    connections: { type: "string", default: "8" },
    seconds: { type: "string", default: "10" },
    rounds: { type: "string", default: "2" },
    share: { type: "string", default: "1" },
  },
});
const CONNECTIONS = Number(values.connections);
const SECONDS = Number(values.seconds);
const SHARE = Number(values.share);
const WARM_UP_SECONDS = 6;
/** With the share of a processor, until what was begun without it has ended. */
const SETTLE_SECONDS = 3;
const LOOK_MS = 200;
/** Five minutes. */
const SETTLE_LOOKS = 1500;

/** What asks for widgets one after the other. */
function dashboardWork(target: Target, times: number[]): { readonly work: Work; close(): void } {
  const client = createHttpClient(CONNECTIONS);
  let n = 0;
  const work: Work = async (until, stored) => {
    while (performance.now() < until)
      for (const { method, path, body } of dashboardRequests((n += 1))) {
        const asking = { method, headers: target.headers, ...(body !== undefined && { body }) };
        const { status, ms, body: answer } = await client.ask(`${target.url()}${path}`, asking);
        if (status !== 200) throw new Error(`${method} ${path} answered ${status}: ${answer.slice(0, 500)}`);
        times.push(ms);
        stored(1);
      }
  };
  return { work, close: () => client.close() };
}

async function measure(
  what: string,
  work: Work,
  servers: readonly ServerProcess[],
  postmaster: number,
  times: number[],
): Promise<number> {
  let rows = 0;
  const run = async (seconds: number): Promise<number> => {
    rows = 0;
    times.length = 0;
    const started = performance.now();
    await Promise.all(
      Array.from({ length: CONNECTIONS }, () => work(started + seconds * 1000, (some) => (rows += some))),
    );
    return performance.now() - started;
  };
  // Before the share counts: code that is still to be compiled would take all of it.
  await run(WARM_UP_SECONDS);
  const free = throttle(
    servers.map(({ pid }) => pid),
    SHARE,
  );
  try {
    if (SHARE < 1) await run(SETTLE_SECONDS);
    const used = (): readonly number[] => [
      machineProcessorMs(),
      servers.reduce((sum, { pid }) => sum + processorMs(pid), 0),
      familyProcessorMs(postmaster),
      processorMs(process.pid),
    ];
    const before = used();
    const ms = await run(SECONDS);
    const [machine = 0, ofServers = 0, ofDatabase = 0, ofClient = 0] = used().map(
      (now, at) => now - (before[at] ?? 0),
    );
    const each = (spent: number): string => ((spent * 1000) / rows).toFixed(0);
    const rate = (rows * 1000) / ms;
    const [p50, p99] = [quantile(times, 0.5), quantile(times, 0.99)];
    console.log(
      `${what.padEnd(10)} ${String(servers.length).padStart(2)} processes  ${rate.toFixed(0).padStart(6)}/s` +
        (times.length === 0 ? "" : `  p50 ${p50.toFixed(1)} p99 ${p99.toFixed(1)} ms`) +
        `  busy ${(machine / ms).toFixed(2)} of ${availableParallelism()} processors` +
        `  processor ms for 1,000: servers ${each(ofServers)}, PostgreSQL ${each(ofDatabase)}, client ${each(ofClient)}`,
    );
    return rate;
  } finally {
    await free();
  }
}

/** What was written before is not to be followed while something else is measured. */
async function settled({ url, headers }: Target): Promise<void> {
  const client = createHttpClient(1);
  for (let look = 0; look < SETTLE_LOOKS; look += 1) {
    const { body } = await client.ask(`${url()}/v1/blueprints/artifact/derivation`, { headers });
    if ((JSON.parse(body) as { derivation: { isSettled: boolean } }).derivation.isSettled) break;
    await sleep(LOOK_MS);
  }
  client.close();
}

async function postmasterOf(url: string): Promise<number> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query<{ pid: number }>("select pg_backend_pid() as pid");
  const postmaster = parentOf(rows[0]?.pid ?? 0);
  await client.end();
  return postmaster;
}

/** @returns a second, by what was done */
async function bench(place: TestPlace, count: number, postmaster: number): Promise<Map<string, number>> {
  const fleet = await startFleet(count, () => startServer(place, { FAIRWAY_LOG_LEVEL: "fatal" }));
  const servers = Array.from({ length: count }, (_, index) => fleet.at(index)).filter((one) => one !== null);
  const target = await openTarget(() => fleet.next().url, place.dataDir, CONNECTIONS);
  const times: number[] = [];
  const dashboards = dashboardWork(target, times);
  const rates = new Map<string, number>();
  for (const [what, work] of [
    ["bulk", bulkWork(target)],
    ["streaming", streamWork(target)],
    ["dashboard", dashboards.work],
  ] as const) {
    await settled(target);
    rates.set(what, await measure(what, work, servers, postmaster, times));
  }
  dashboards.close();
  target.close();
  await fleet.stop();
  return rates;
}

if (!onPostgres) {
  process.stderr.write("run it as: tools/with-postgres node bench/scale.ts\n");
  process.exitCode = 2;
} else {
  const place = await createPlaceAtSizeM();
  try {
    const postmaster = await postmasterOf(place.databaseUrl ?? "");
    const first = await startServer(place, { FAIRWAY_LOG_LEVEL: "fatal" });
    const target = await openTarget(() => first.url, place.dataDir, 1);
    await send(target, "/v1/blueprints", JSON.stringify(ARTIFACT_BLUEPRINT));
    const entities = services();
    const path = "/v1/blueprints/service/entities/bulk?upsert=true";
    await send(target, path, JSON.stringify({ entities }));
    target.close();
    first.kill("SIGTERM");
    await first.ended;
    const counts = values.processes.split(",").map(Number);
    const rates = new Map<string, number[]>();
    for (let round = 0; round < Number(values.rounds); round += 1)
      for (const count of counts)
        for (const [what, rate] of await bench(place, count, postmaster)) {
          const key = `${what} ${count}`;
          rates.set(key, [...(rates.get(key) ?? []), rate]);
        }
    for (const [key, some] of rates)
      console.log(`${key.padEnd(14)} ${some.map((r) => r.toFixed(0)).join(", ")}`);
  } finally {
    await endProcesses();
    await place.remove();
  }
}
