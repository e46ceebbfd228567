/**
 * An upgrade without a failed request:
 *
 *   tools/with-postgres node tools/rolling-restart.ts [--rounds 3] [--clients 16]
 *
 * Two servers (FAIRWAY_STOP_DELAY_SECONDS=3) behind a proxy that follows /readyz and tries nothing twice. While clients write, read and
 * have live events open on kept connections, one server after the other is ended by SIGTERM and another put in its place. Counted are
 * requests that were not answered 2xx, streams that could not be opened, and writes that are not there. Exit code 1: any. `silences` are
 * answers of /readyz that came too late, as on a machine that is too busy for this.
 */
import { get, type ClientRequest } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { createHttpClient } from "../bench/support/http-client.ts";
import { openPortal } from "../test/flows/support/portal.ts";
import { endProcesses, type ServerProcess, startServer } from "../test/flows/support/processes.ts";
import { createTestPlace, onPostgres, type TestPlace } from "../test/support/database.ts";
import { type Balancer, startBalancer } from "./rolling/balancer.ts";

const { values } = parseArgs({
  options: { rounds: { type: "string", default: "3" }, clients: { type: "string", default: "16" } },
});
const CLIENTS = Number(values.clients);
const PAUSE_MS = 1000;
/** More than the proxy takes to notice: it asks every quarter of a second, and waits two seconds for an answer. */
const ENV = { FAIRWAY_LOG_LEVEL: "fatal", FAIRWAY_STOP_DELAY_SECONDS: "3" };
const BLUEPRINT = { identifier: "thing", title: "Thing", schema: { properties: { n: { type: "number" } } } };

interface Counts {
  requests: number;
  writes: number;
  streams: number;
  readonly failed: string[];
}

async function load(url: string, authorization: string, isOver: () => boolean): Promise<Counts> {
  const counts: Counts = { requests: 0, writes: 0, streams: 0, failed: [] };
  const client = createHttpClient(CLIENTS);
  const headers = { authorization, "content-type": "application/json" };
  const one = async (number: number): Promise<void> => {
    for (let n = 0; !isOver(); n += 1) {
      const isWrite = n % 3 === 0;
      const body = JSON.stringify({ identifier: `t-${number}-${n}`, properties: { n } });
      const asked = isWrite
        ? { method: "POST", path: "/v1/blueprints/thing/entities", body }
        : { method: "GET", path: n % 3 === 1 ? "/v1/blueprints/thing/entities-count" : "/v1/blueprints" };
      const { status, body: said } = await client.ask(`${url}${asked.path}`, { ...asked, headers });
      counts.requests += 1;
      if (status >= 200 && status < 300) counts.writes += isWrite ? 1 : 0;
      else counts.failed.push(`${asked.method} ${asked.path}: ${status} ${said.slice(0, 100)}`);
      await sleep(5);
    }
  };
  const open = new Set<ClientRequest>();
  /** As browsers do: a stream that ends is opened again, and one that is refused is not. */
  const stream = (): void => {
    if (isOver()) return;
    const request = get(`${url}/v1/live`, { headers: { authorization }, agent: false }, (response) => {
      counts.streams += 1;
      if (response.statusCode !== 200) counts.failed.push(`GET /v1/live: ${response.statusCode}`);
      response.resume();
    });
    open.add(request);
    request.on("error", (error) => {
      if (!isOver()) counts.failed.push(`GET /v1/live: ${error.message}`);
    });
    request.on("close", () => {
      open.delete(request);
      setTimeout(stream, 100);
    });
  };
  for (let n = 0; n < CLIENTS / 2; n += 1) stream();
  await Promise.all(Array.from({ length: CLIENTS }, (_, n) => one(n)));
  for (const request of open) request.destroy();
  client.close();
  return counts;
}

async function run(place: TestPlace, balancer: Balancer): Promise<boolean> {
  const servers: ServerProcess[] = [await startServer(place, ENV), await startServer(place, ENV)];
  const tell = (): void => balancer.set(servers.map(({ url }) => url));
  tell();
  for (const { url } of servers) await balancer.untilReady(url);
  const portal = await openPortal(balancer.url, place.dataDir);
  await portal.send("POST", "/v1/blueprints", BLUEPRINT);
  let isOver = false;
  const loading = load(balancer.url, portal.authorization, () => isOver);
  for (let replaced = 0; replaced < 2 * Number(values.rounds); replaced += 1) {
    await sleep(PAUSE_MS);
    const old = servers[replaced % 2];
    const begun = performance.now();
    old?.kill("SIGTERM");
    const ended = await old?.ended;
    const took = Math.round(performance.now() - begun);
    if (ended?.code !== 0) throw new Error(`a server ended with ${ended?.code}: ${ended?.stderr}`);
    const next = await startServer(place, ENV);
    servers[replaced % 2] = next;
    tell();
    await balancer.untilReady(next.url);
    process.stdout.write(`replaced ${replaced + 1}: ended in ${took} ms\n`);
  }
  await sleep(PAUSE_MS);
  isOver = true;
  const { failed, ...counts } = await loading;
  const answer = await portal.get<{ count: number }>("/v1/blueprints/thing/entities-count");
  const missing = counts.writes - answer.count;
  const reasons = new Map<string, number>();
  for (const one of [...failed, ...balancer.broken.map((why) => `proxy: ${why}`)])
    reasons.set(one, (reasons.get(one) ?? 0) + 1);
  for (const [one, times] of [...reasons].slice(0, 40)) process.stdout.write(`${times} times ${one}\n`);
  const told = { ...counts, failed: failed.length, missing, silences: balancer.silences() };
  process.stdout.write(`${JSON.stringify(told)}\n`);
  return failed.length === 0 && missing === 0;
}

if (!onPostgres) {
  process.stderr.write("run it as: tools/with-postgres node tools/rolling-restart.ts\n");
  process.exitCode = 2;
} else {
  const place = await createTestPlace();
  const balancer = await startBalancer();
  try {
    if (!(await run(place, balancer))) process.exitCode = 1;
  } finally {
    await balancer.close();
    await endProcesses();
    await place.remove();
  }
}
