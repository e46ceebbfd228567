/**
 * Faults while others write, counted:  tools/with-postgres node tools/chaos.ts [--processes 2] [--kills 20] [--restarts 5]
 * [--cuts 5] [--stalls 2] [--fulls 0] [--between 1500] [--pace 100] [--seed 1]. A kill is `kill -9` of a server; a restart crashes PostgreSQL
 * and starts it again; a cut breaks every connection to it for up to two seconds; a stall keeps one server from its database
 * for longer than its leases last, without breaking a connection; with a full disk (TEST_DATABASE_DISK, see with-postgres)
 * not a page is left for two seconds. From fault to fault packets to and from the database are late by up to 25 ms, and the
 * clock of each server process jumps once, by up to ten minutes ahead or back. Exit code 1: something was lost, done twice,
 * or is wrong.
 */
import { execFile } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs, promisify } from "node:util";
import pg from "pg";
import { startReceiver } from "../test/automation/receiver.ts";
import { startFleet } from "../test/flows/support/fleet.ts";
import { openPortal, portalAt } from "../test/flows/support/portal.ts";
import { endProcesses, type ServerProcess, startServer } from "../test/flows/support/processes.ts";
import { seeded } from "../test/flows/support/random.ts";
import { createTestPlace, type TestPlace } from "../test/support/database.ts";
import { fillDisk } from "./chaos/full-disk.ts";
import { JUMPED, jumpingClock } from "./chaos/jumping-clock.ts";
import { define, startLoad } from "./chaos/load.ts";
import { type Proxy, startProxy } from "./chaos/proxy.ts";
import { judge } from "./chaos/verdict.ts";

const { values } = parseArgs({
  options: {
    processes: { type: "string", default: "2" },
    kills: { type: "string", default: "20" },
    restarts: { type: "string", default: "5" },
    cuts: { type: "string", default: "5" },
    stalls: { type: "string", default: "2" },
    fulls: { type: "string", default: "0" },
    between: { type: "string", default: "1500" },
    pace: { type: "string", default: "100" },
    seed: { type: "string", default: "1" },
  },
});
const MAX_DELAY_MS = 25;
const MAX_JUMP_MS = 600_000;
const BETWEEN_MS = Number(values.between);
const LEAST_MS = 200;
const CUT_MS = { least: 50, most: 2000 };
/** Leases last six seconds. */
const STALL_MS = { least: 10_000, most: 14_000 };
const FULL_MS = 2000;
/** A server that is started while the database is away gives up, as it should; it is started again. */
const START_ATTEMPTS = 40;

type Fault = "kill" | "restart" | "cut" | "stall" | "full";
const random = seeded(Number(values.seed));
const { TEST_DATABASE_RESTART: restartScript, TEST_DATABASE_DISK_FOLDER: diskFolder } = process.env;
const progress = (text: string): void => void process.stderr.write(`${text}\n`);

let jumps = 0;
async function startAgain(place: TestPlace): Promise<ServerProcess> {
  for (let attempt = 1; ; attempt += 1)
    try {
      const jump = jumpingClock(random.between(-MAX_JUMP_MS, MAX_JUMP_MS), random.between(0, BETWEEN_MS));
      const server = await startServer(place, { FAIRWAY_LOG_LEVEL: "silent", ...jump });
      server.onLine((line) => {
        if (line === JUMPED) jumps += 1;
      });
      return server;
    } catch (error) {
      if (attempt >= START_ATTEMPTS) throw error;
      await sleep(250);
    }
}

async function withDatabase<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  client.on("error", () => undefined);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** The database itself keeps what it acknowledged, whatever the throw-away server trades for speed. */
async function keepCommits(url: string): Promise<void> {
  await withDatabase(url, async (client) => {
    const name = client.escapeIdentifier(new URL(url).pathname.slice(1));
    await client.query(`alter database ${name} set synchronous_commit = on`);
  });
}

async function restartDatabase(): Promise<void> {
  await promisify(execFile)(restartScript ?? "", []);
}

/** PostgreSQL ends when it cannot write its log, and does not come back by itself when there is no room for that either. */
async function fillForAWhile(url: string): Promise<void> {
  const giveBack = await fillDisk(diskFolder ?? "");
  await sleep(FULL_MS);
  await giveBack();
  const isThere = await withDatabase(url, (client) => client.query("select 1")).then(
    () => true,
    () => false,
  );
  progress(isThere ? "  the database lived through it" : "  the database has ended; it is started again");
  if (!isThere) await restartDatabase();
}

function plan(): Fault[] {
  const { kills, restarts, cuts, stalls, fulls } = values;
  const times = (fault: Fault, count: string): Fault[] =>
    Array.from({ length: Number(count) }, (): Fault => fault);
  return random.shuffle([
    ...times("kill", kills),
    ...times("restart", restarts),
    ...times("cut", cuts),
    ...times("stall", stalls),
    ...times("full", fulls),
  ]);
}

async function main(place: TestPlace, databaseUrl: string, proxies: readonly Proxy[]): Promise<boolean> {
  const receiver = await startReceiver();
  const fleet = await startFleet(proxies.length, (index) => {
    const through = new URL(databaseUrl);
    through.port = String(proxies[index]?.port);
    return startAgain({ ...place, databaseUrl: through.href });
  });
  const portal = await openPortal(fleet.next().url, place.dataDir);
  const { authorization } = portal;
  const key = await define(portal, receiver.url);
  const load = startLoad({
    ...{ address: () => fleet.next().url, authorization, key, paceMs: Number(values.pace) },
  });
  const faults = plan();
  for (const [number, fault] of faults.entries()) {
    for (const proxy of proxies) proxy.delay(random.between(0, MAX_DELAY_MS));
    await sleep(random.between(LEAST_MS, BETWEEN_MS));
    const index = random.between(0, proxies.length - 1);
    if (fault === "kill") await fleet.replace(index, "SIGKILL");
    else if (fault === "restart") await restartDatabase();
    else if (fault === "full") await fillForAWhile(databaseUrl);
    else {
      const away = fault === "cut" ? proxies : proxies.slice(index, index + 1);
      for (const proxy of away) proxy[fault]();
      const { least, most } = fault === "cut" ? CUT_MS : STALL_MS;
      await sleep(random.between(least, most));
      for (const proxy of away) proxy.restore();
    }
    progress(
      `${number + 1}/${faults.length} ${fault}: ${load.acknowledged()} writes and events acknowledged`,
    );
  }
  for (const proxy of proxies) proxy.delay(0);
  await sleep(BETWEEN_MS);
  await load.stop();
  progress("settling");
  const { losses, ...counted } = await judge(
    portalAt(fleet.next().url, authorization),
    load,
    receiver.received,
  );
  const told = { ...counted, jumps, endedByThemselves: fleet.endedByThemselves(), ...losses };
  process.stdout.write(`${JSON.stringify({ ...values, ...told }, null, 2)}\n`);
  await fleet.stop();
  await receiver.close();
  return told.endedByThemselves === 0 && Object.values(losses).every((count) => count === 0);
}

const place = await createTestPlace();
const { databaseUrl } = place;
if (databaseUrl === null || restartScript === undefined) {
  await place.remove();
  progress("run it as: tools/with-postgres node tools/chaos.ts");
  process.exitCode = 2;
} else if (Number(values.fulls) > 0 && diskFolder === undefined) {
  await place.remove();
  progress(
    "a full disk needs one of its own: TEST_DATABASE_DISK=2g tools/with-postgres node tools/chaos.ts …",
  );
  process.exitCode = 2;
} else {
  await keepCommits(databaseUrl);
  const { hostname, port } = new URL(databaseUrl);
  const proxies = await Promise.all(
    Array.from({ length: Number(values.processes) }, () => startProxy(hostname, Number(port))),
  );
  try {
    if (!(await main(place, databaseUrl, proxies))) process.exitCode = 1;
  } finally {
    await endProcesses();
    await Promise.all(proxies.map((proxy) => proxy.stop()));
    await place.remove();
  }
}
