/**
 * Reads from a real replica, looked at:  tools/with-postgres node tools/replica.ts. Makes a streaming replica of the throw-away
 * server, starts a server with DATABASE_REPLICA_URL, and asks it as a person at a page does: who writes sees what they wrote,
 * also while the replica stands still; who only reads is answered by the replica; without it the database itself answers.
 * Exit code 1: it was otherwise.
 */
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import pg from "pg";
import { endProcesses, startServer } from "../test/flows/support/processes.ts";
import { createTestPlace } from "../test/support/database.ts";

const { PG_BIN: bin = "", TEST_DATABASE_URL: serverUrl, TEST_DATABASE_RESTART: restart } = process.env;
if (serverUrl === undefined || restart === undefined)
  throw new Error("run it as: tools/with-postgres node tools/replica.ts");
/** PostgreSQL does not run as root: as whoever owns the throw-away cluster. */
const { uid, gid } = statSync(join(dirname(restart), "data"));
const WRITES = 100;

async function startReplica(folder: string, url: string, port: number): Promise<ChildProcess> {
  const as = { uid, gid };
  await promisify(execFile)(
    join(bin, "pg_basebackup"),
    ["-d", url, "-D", folder, "-R", "-X", "stream", "-c", "fast"],
    as,
  );
  // A standby has to allow at least as many connections as what it follows.
  const settings = [
    ...[`port=${port}`, "listen_addresses=127.0.0.1", "unix_socket_directories="],
    ...["hot_standby=on", "max_connections=200", "fsync=off"],
  ];
  const child = spawn(join(bin, "postgres"), ["-D", folder, ...settings.flatMap((one) => ["-c", one])], {
    ...{ ...as, stdio: "ignore" },
  });
  return child;
}

async function connected(url: string, server: ChildProcess): Promise<pg.Client> {
  while (server.exitCode === null) {
    const client = new pg.Client({ connectionString: url });
    client.on("error", () => undefined);
    try {
      await client.connect();
      return client;
    } catch {
      await sleep(100);
    }
  }
  throw new Error(`the replica did not start (exit code ${server.exitCode})`);
}

const problems: string[] = [];
function expectThat(what: string, isSo: boolean): void {
  process.stdout.write(`${isSo ? "ok  " : "NOT "} ${what}\n`);
  if (!isSo) problems.push(what);
}

const place = await createTestPlace();
const folder = mkdtempSync(join(tmpdir(), "fairway-replica-"));
const data = join(folder, "data");
let standby: ChildProcess | null = null;
try {
  await promisify(execFile)("chown", [`${uid}:${gid}`, folder]);
  const replicaUrl = new URL(place.databaseUrl ?? "");
  replicaUrl.port = String(Number(replicaUrl.port) + 1);
  standby = await startReplica(data, serverUrl, Number(replicaUrl.port));
  const behind = await connected(replicaUrl.href, standby);

  const admin = { email: "admin@example.com", password: "correct horse battery" };
  const server = await startServer(place, {
    ...{ FAIRWAY_LOG_LEVEL: "fatal", DATABASE_REPLICA_URL: replicaUrl.href },
    ...{ FAIRWAY_ADMIN_EMAIL: admin.email, FAIRWAY_ADMIN_PASSWORD: admin.password },
    FAIRWAY_METRICS_TOKEN: "m".repeat(20),
  });
  const cookies = new Map<string, string>();
  const send = async <T>(method: string, path: string, body?: unknown): Promise<T> => {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    const headers = { "content-type": "application/json", cookie, origin: server.url };
    const answer = await fetch(server.url + path, {
      method,
      headers,
      body: body === undefined ? null : JSON.stringify(body),
    });
    for (const one of answer.headers.getSetCookie()) {
      const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(one) ?? [];
      cookies.set(name, decodeURIComponent(value));
    }
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
    return (await answer.json()) as T;
  };
  const counts = async (): Promise<{ replica: number; primary: number }> => {
    const answer = await fetch(`${server.url}/metrics`, {
      headers: { authorization: `Bearer ${"m".repeat(20)}` },
    });
    const text = await answer.text();
    const of = (from: string): number =>
      Number(new RegExp(`fairway_dashboard_reads_total\\{from="${from}"\\} (\\d+)`).exec(text)?.[1] ?? 0);
    return { replica: of("replica"), primary: of("primary") };
  };
  const count = async (): Promise<number> =>
    (await send<{ count: number }>("GET", "/v1/blueprints/thing/entities-count")).count;
  const write = (n: number): Promise<unknown> =>
    send("POST", "/v1/blueprints/thing/entities", { identifier: `t-${n}`, properties: { n } });

  await send("POST", "/auth/login", admin);
  await send("POST", "/v1/blueprints", {
    ...{ identifier: "thing", title: "Thing" },
    schema: { properties: { n: { type: "number" } } },
  });
  let missed = 0;
  for (let n = 1; n <= WRITES; n += 1) {
    await write(n);
    if ((await count()) !== n) missed += 1;
  }
  const mixed = await counts();
  expectThat(`${WRITES} writes, each read right after it: ${missed} missed`, missed === 0);

  for (let i = 0; i < WRITES; i += 1) await sleep(10).then(count);
  const reading = await counts();
  expectThat(
    `${WRITES} reads without writes: ${reading.replica - mixed.replica} by the replica`,
    reading.replica - mixed.replica > WRITES * 0.5,
  );

  await behind.query("select pg_wal_replay_pause()");
  await write(WRITES + 1);
  expectThat("a replica that stands still hides no write", (await count()) === WRITES + 1);
  const still = await counts();
  expectThat("its reads went to the database itself", still.replica === reading.replica);
  await behind.query("select pg_wal_replay_resume()");
  for (let i = 0; i < 500 && (await counts()).replica === still.replica; i += 1) await sleep(20).then(count);
  expectThat("caught up, it is asked again", (await counts()).replica > still.replica);

  const result = await send<{ entities: unknown[] }>("POST", "/v1/blueprints/thing/entities/search", {
    query: { combinator: "and", rules: [{ property: "n", operator: ">", value: 50 }] },
  });
  expectThat("a search by the replica finds the same", result.entities.length === WRITES + 1 - 50);

  await behind.end();
  standby.kill("SIGKILL");
  expectThat("without it the database itself answers", (await count()) === WRITES + 1);
} finally {
  await endProcesses();
  standby?.kill("SIGKILL");
  await place.remove();
  rmSync(folder, { recursive: true, force: true });
}
process.exitCode = problems.length === 0 ? 0 : 1;
