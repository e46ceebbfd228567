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
import { readFileSync } from "node:fs";
import { Agent, request } from "node:http";
import { loadavg } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { text } from "node:stream/consumers";
import pg from "pg";
import { endProcesses, type ServerProcess, startServer } from "../test/flows/support/processes.ts";
import { createTestPlace, openAt, type TestPlace } from "../test/support/database.ts";
import { ARTIFACT_BLUEPRINT, artifacts, SERVICE_BLUEPRINT, services } from "./ingest/artifacts.ts";
import { fill, rawUpsert } from "./ingest/raw-twin.ts";

const CONNECTIONS = 4;
const ROUNDS = Number(process.env["BENCH_ROUNDS"] ?? 3);
const SECONDS = Number(process.env["BENCH_SECONDS"] ?? 4);
/** Before the time is taken: connections, plans and compiled code of both sides are there. */
const WARM_UP_SECONDS = 2;
/** On a machine that does other work too, two seconds are not enough for the compiler of the server. */
const WARM_UP_ROWS = 20_000;
const BULK = 20;
const STREAM = 1000;

/** What is to be written next; every batch is new. */
let next = 0;
const take = (size: number): number => (next += size) - size;

interface Count {
  rows: number;
  ms: number;
  /** Processor time. */
  cpuMs: number;
}

/** Processor time of a process so far in ms; 0 where the system does not tell. */
function cpuOf(pid: number): number {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return 10 * (Number(fields[11]) + Number(fields[12]));
  } catch {
    return 0;
  }
}

/** Processor time so far in ms, by process. */
async function cpuSoFar(place: TestPlace, server: number | null): Promise<ReadonlyMap<number, number>> {
  const spent = new Map<number, number>();
  for (const pid of [process.pid, ...(server === null ? [] : [server])]) spent.set(pid, cpuOf(pid));
  if (place.databaseUrl === null) return spent;
  const client = new pg.Client({ connectionString: place.databaseUrl });
  await client.connect();
  const { rows } = await client.query<{ pid: number }>(
    "select pid from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()",
  );
  await client.end();
  for (const { pid } of rows) spent.set(pid, cpuOf(pid));
  return spent;
}

type Work = (until: number, stored: (rows: number) => void) => Promise<void>;

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

const batches =
  (size: number, write: (from: number) => Promise<void>) =>
  async (until: number, stored: (rows: number) => void): Promise<void> => {
    while (performance.now() < until) {
      await write(take(size));
      stored(size);
    }
  };

interface Portal {
  readonly server: ServerProcess;
  readonly agent: Agent;
  readonly headers: Readonly<Record<string, string>>;
}

async function open(place: TestPlace): Promise<Portal> {
  const options = process.env["BENCH_NODE_OPTIONS"];
  const server = await startServer(place, {
    FAIRWAY_LOG_LEVEL: "fatal",
    ...(options === undefined ? {} : { NODE_OPTIONS: options }),
  });
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
  const portal = { server, agent, headers: { "content-type": "application/json" } };
  const credentials = readFileSync(join(place.dataDir, "credentials.json"), "utf8");
  const { accessToken } = JSON.parse(await send(portal, "/v1/auth/access_token", credentials)) as {
    accessToken: string;
  };
  return { ...portal, headers: { ...portal.headers, authorization: `Bearer ${accessToken}` } };
}

async function close({ server, agent }: Portal): Promise<void> {
  agent.destroy();
  server.kill("SIGTERM");
  await server.ended;
}

/** @returns the answer. @throws when it is a refusal, or one of a part */
async function send({ server, agent, headers }: Portal, path: string, body: string): Promise<string> {
  const { status, answer } = await new Promise<{ status: number; answer: string }>((resolve, reject) => {
    const length = String(Buffer.byteLength(body));
    const sent = request(`${server.url}${path}`, {
      ...{ method: "POST", agent, headers: { ...headers, "content-length": length } },
    });
    sent.on("error", reject);
    sent.on("response", (response) => {
      text(response).then((answer) => resolve({ status: response.statusCode ?? 0, answer }), reject);
    });
    sent.end(body);
  });
  if (status > 201) throw new Error(`${path} answered ${status}: ${answer.slice(0, 500)}`);
  return answer;
}

/** One stream per connection; its lines are made as the server takes them, and count when it says that they are stored. */
const stream =
  ({ server, headers }: Portal) =>
  async (until: number, stored: (rows: number) => void): Promise<void> => {
    const lines = Readable.from(
      (function* () {
        while (performance.now() < until)
          yield artifacts(take(STREAM), STREAM)
            .map((line) => `${JSON.stringify(line)}\n`)
            .join("");
      })(),
      { highWaterMark: 1 },
    );
    const path = "/v1/blueprints/artifact/entities/import?upsert=true&merge=true&results=errors";
    const sent = request(`${server.url}${path}`, {
      ...{ method: "POST", headers: { ...headers, "content-type": "application/x-ndjson" } },
    });
    const answered = new Promise<void>((resolve, reject) => {
      sent.on("error", reject);
      sent.on("response", (response) => {
        let [at, rest] = [0, ""];
        response.setEncoding("utf8");
        response.on("data", (chunk: string) => {
          const parts = (rest + chunk).split("\n");
          rest = parts.pop() ?? "";
          for (const part of parts) {
            const result = JSON.parse(part) as {
              line?: number;
              error?: string;
              done?: boolean;
              failed?: number;
            };
            if (result.error !== undefined || result.done === false || (result.failed ?? 0) > 0)
              reject(new Error(`an import of the benchmark failed: ${part}`));
            if (result.line === undefined) continue;
            stored(result.line - at);
            at = result.line;
          }
        });
        response.on("end", resolve);
        response.on("error", reject);
      });
    });
    await Promise.all([pipeline(lines, sent), answered]);
  };

/** Highest memory of a process so far, in MB; null where the system does not tell. */
function highWater(pid: number): number | null {
  try {
    const kilobytes = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
    return kilobytes === undefined ? null : Math.round(Number(kilobytes) / 1024);
  } catch {
    return null;
  }
}

async function bench(existing: number): Promise<string> {
  const place = await createTestPlace();
  try {
    const first = await open(place);
    for (const blueprint of [SERVICE_BLUEPRINT, ARTIFACT_BLUEPRINT])
      await send(first, "/v1/blueprints", JSON.stringify(blueprint));
    const entities = services();
    await send(first, "/v1/blueprints/service/entities/bulk?upsert=true", JSON.stringify({ entities }));
    await close(first);
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
      const path = "/v1/blueprints/artifact/entities/bulk?upsert=true&merge=true";
      const bulk = (from: number) =>
        send(portal, path, JSON.stringify({ entities: artifacts(from, BULK) })).then(() => undefined);
      await measure(bulk20, place, portal.server.pid, batches(BULK, bulk));
      await measure(streamed, place, portal.server.pid, stream(portal));
      memory = Math.max(memory, highWater(portal.server.pid) ?? 0);
      await close(portal);
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
