/**
 * Faults while others write, counted:  tools/with-postgres node tools/chaos.ts [--kills 20] [--restarts 5] [--cuts 5]
 * [--seed 1]. A kill is `kill -9` of the server; a restart crashes PostgreSQL and starts it again; a cut breaks every
 * connection to it for up to two seconds. From fault to fault packets to and from the database are late by up to 25 ms,
 * and the clock of each server process jumps once, by up to ten minutes ahead or back. Exit code 1: something was lost,
 * done twice, or is wrong.
 */
import { execFile } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs, promisify } from "node:util";
import pg from "pg";
import { openPortal } from "../test/flows/support/portal.ts";
import { endProcesses, type ServerProcess, startServer } from "../test/flows/support/processes.ts";
import { seeded } from "../test/flows/support/random.ts";
import { createTestPlace, type TestPlace } from "../test/support/database.ts";
import { define, startLoad } from "./chaos/load.ts";
import { type Proxy, startProxy } from "./chaos/proxy.ts";
import { judge } from "./chaos/verdict.ts";

const { values } = parseArgs({
  options: {
    kills: { type: "string", default: "20" },
    restarts: { type: "string", default: "5" },
    cuts: { type: "string", default: "5" },
    seed: { type: "string", default: "1" },
  },
});
const MAX_DELAY_MS = 25;
const MAX_JUMP_MS = 600_000;
const BETWEEN_MS = 1500;
/** A server that is started while the database is away gives up, as it should; it is started again. */
const START_ATTEMPTS = 20;

type Fault = "kill" | "restart" | "cut";
const random = seeded(Number(values.seed));
const { TEST_DATABASE_RESTART: restartScript } = process.env;

/** A module that lets the clock of the process jump once. */
function jumpingClock(): { readonly NODE_OPTIONS: string } {
  const by = random.between(-MAX_JUMP_MS, MAX_JUMP_MS);
  const code = `let a=0;const r=Date.now,n=()=>r()+a;setTimeout(()=>{a=${by}},${random.between(0, 2 * BETWEEN_MS)}).unref();
    globalThis.Date=new Proxy(Date,{construct:(t,g,w)=>Reflect.construct(t,g.length?g:[n()],w),get:(t,k,r)=>k==="now"?n:Reflect.get(t,k,r)})`;
  return { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(code)}` };
}

async function startAgain(place: TestPlace): Promise<ServerProcess> {
  for (let attempt = 1; ; attempt += 1)
    try {
      return await startServer(place, { FAIRWAY_LOG_LEVEL: "silent", ...jumpingClock() });
    } catch (error) {
      if (attempt >= START_ATTEMPTS) throw error;
      await sleep(250);
    }
}

/** The database itself keeps what it acknowledged, whatever the throw-away server trades for speed. */
async function keepCommits(databaseUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  const name = new URL(databaseUrl).pathname.slice(1);
  await client.query(`alter database ${client.escapeIdentifier(name)} set synchronous_commit = on`);
  await client.end();
}

async function main(place: TestPlace, proxy: Proxy, proxied: TestPlace): Promise<boolean> {
  const faults: Fault[] = random.shuffle([
    ...Array.from({ length: Number(values.kills) }, (): Fault => "kill"),
    ...Array.from({ length: Number(values.restarts) }, (): Fault => "restart"),
    ...Array.from({ length: Number(values.cuts) }, (): Fault => "cut"),
  ]);
  let server = await startAgain(proxied);
  const key = await define(await openPortal(server.url, place.dataDir));
  const load = startLoad(() => server.url, place.dataDir, key);
  for (const [index, fault] of faults.entries()) {
    proxy.delay(random.between(0, MAX_DELAY_MS));
    await sleep(random.between(200, BETWEEN_MS));
    if (fault === "kill") {
      server.kill("SIGKILL");
      await server.ended;
      server = await startAgain(proxied);
    } else if (fault === "restart") await promisify(execFile)(restartScript ?? "", []);
    else {
      proxy.cut();
      await sleep(random.between(50, 2000));
      proxy.restore();
    }
    process.stderr.write(
      `${index + 1}/${faults.length} ${fault}: ${load.written.length} writes, ${load.sent.reduce((a, b) => a + b, 0)} events acknowledged\n`,
    );
  }
  proxy.delay(0);
  await sleep(BETWEEN_MS);
  await load.stop();
  const verdict = await judge(await openPortal(server.url, place.dataDir), load);
  const { kills, restarts, cuts, seed } = values;
  process.stdout.write(`${JSON.stringify({ kills, restarts, cuts, seed, ...verdict }, null, 2)}\n`);
  server.kill("SIGTERM");
  await server.ended;
  const { lostWrites, lostEvents, duplicates, halfDone, drift } = verdict;
  return lostWrites + lostEvents + duplicates + halfDone + drift === 0;
}

const place = await createTestPlace();
if (place.databaseUrl === null || restartScript === undefined) {
  await place.remove();
  process.stderr.write("run it as: tools/with-postgres node tools/chaos.ts\n");
  process.exitCode = 2;
} else {
  await keepCommits(place.databaseUrl);
  const url = new URL(place.databaseUrl);
  const proxy = await startProxy(url.hostname, Number(url.port));
  const through = new URL(url);
  through.port = String(proxy.port);
  try {
    if (!(await main(place, proxy, { ...place, databaseUrl: through.href }))) process.exitCode = 1;
  } finally {
    await endProcesses();
    await proxy.stop();
    await place.remove();
  }
}
