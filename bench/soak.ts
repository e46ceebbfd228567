/**
 * Mixed load at size M on several processes for a long time: GitHub's events and deployments by webhooks, people who open
 * dashboards, think, and have live updates open, alerts on the first failed deployment of a service. Tells each minute, and in the
 * end whether any request failed, whether what took longest is within its budget, and by how much memory and handles grow.
 *
 *   tools/with-postgres node bench/soak.ts [--minutes 30] [--warm-up 5] [--rate 300] [--users 50] [--think 10] [--processes 2]
 *     [--restarts 0]
 *
 * `--restarts` replaces one process after the other, so often within the time, as an upgrade would. Exit code 1: not so.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { type Fleet, startFleet } from "../test/flows/support/fleet.ts";
import { openPortal } from "../test/flows/support/portal.ts";
import { endProcesses, startServer } from "../test/flows/support/processes.ts";
import { onPostgres, type TestPlace } from "../test/support/database.ts";
import { ALERT_KINDS, prepareAlertProbes } from "./support/alert-probes.ts";
import { createHttpClient } from "./support/http-client.ts";
import { createPlaceAtSizeM } from "./support/place-at-size-m.ts";
import { defineEvents, deploymentBody, eventHeaders, pullRequestBody } from "./soak/events.ts";
import { openLive, useDashboards } from "./soak/people.ts";
import { createTally } from "./soak/tally.ts";
import { createWatch } from "./soak/watch.ts";
import { steadily } from "./support/steadily.ts";

const { values } = parseArgs({
  options: {
    minutes: { type: "string", default: "30" },
    "warm-up": { type: "string", default: "5" },
    rate: { type: "string", default: "300" },
    users: { type: "string", default: "50" },
    think: { type: "string", default: "10" },
    processes: { type: "string", default: "2" },
    restarts: { type: "string", default: "0" },
  },
});
const MINUTES = Number(values.minutes);
/** Not counted in ranks and slopes: caches fill, and code is compiled. */
const WARM_UP_MINUTES = Math.min(Number(values["warm-up"]), MINUTES / 3);
const MINUTE_MS = 60_000;
const SETTLE_MS = 5 * MINUTE_MS;
/** One deployment for so many events of pull requests. */
const PER_DEPLOYMENT = 30;
const PROBE_EVERY_MS = 10_000;
const SOCKETS = 64;
/** Of an event until it is accepted, and of an alert until it is told, as for each of them alone; of a widget what people wait for. */
const BUDGETS = {
  event: { share: 0.99, ms: 50 },
  dashboard: { share: 0.99, ms: 500 },
  alert: { share: 0.95, ms: 3000 },
} as const;
/** MB and handles a minute that are noise at half an hour. */
const FLAT = { megabytes: 1, handles: 0.5 } as const;

async function replaceByTurns(fleet: Fleet, count: number, isOver: () => boolean): Promise<void> {
  for (let done = 0; done < count && !isOver(); done += 1) {
    const pause = (MINUTES * MINUTE_MS) / (count + 1);
    for (const end = performance.now() + pause; performance.now() < end && !isOver();) await sleep(500);
    if (isOver()) return;
    await fleet.replace(done % Number(values.processes), "SIGTERM");
    console.log(`replaced process ${(done % Number(values.processes)) + 1}`);
  }
}

async function run(place: TestPlace): Promise<boolean> {
  const fleet = await startFleet(Number(values.processes), () =>
    startServer(place, { FAIRWAY_LOG_LEVEL: "fatal" }),
  );
  const portal = await openPortal(fleet.next().url, place.dataDir);
  const token = { authorization: portal.authorization };
  const probes = await prepareAlertProbes(portal, Math.ceil((MINUTES * MINUTE_MS) / PROBE_EVERY_MS) + 1);
  const eventsKey = await defineEvents(portal);
  // All services are derived again, as their blueprint has got aggregations: that is no part of the load.
  await portal.settled(SETTLE_MS);
  const client = createHttpClient(SOCKETS);
  const tally = createTally();
  const watch = createWatch(
    Array.from({ length: Number(values.processes) }, (_, at) => () => fleet.at(at)?.pid ?? 0),
  );
  const started = performance.now();
  const minutes = (): number => (performance.now() - started) / MINUTE_MS;
  const isOver = (): boolean => minutes() > MINUTES;

  const post = async (kind: string, key: string, body: string, headers = {}): Promise<void> => {
    const { status, ms } = await client.ask(`${fleet.next().url}/ingest/${key}`, {
      method: "POST",
      body,
      headers,
    });
    tally.count(kind, ms, status === 202 ? null : String(status));
  };
  const live = await openLive(
    Number(values.users),
    () => fleet.next().url,
    token,
    (why) => tally.count("live", 0, why),
  );
  const work = [
    steadily(Number(values.rate), isOver, (n) =>
      n % PER_DEPLOYMENT === 0
        ? post("event", probes.webhookKey, deploymentBody(n))
        : post("event", eventsKey, pullRequestBody(n), eventHeaders(n)),
    ),
    steadily(1000 / PROBE_EVERY_MS, isOver, () =>
      probes.send((body) => post("event", probes.webhookKey, body)),
    ),
    useDashboards({
      ...{ users: Number(values.users), thinkMs: Number(values.think) * 1000, isOver, client },
      ...{ address: () => fleet.next().url, headers: token },
      answered: ({ status, ms }) => tally.count("dashboard", ms, status === 200 ? null : String(status)),
    }),
    replaceByTurns(fleet, Number(values.restarts), isOver),
  ];
  console.log("minute   events/s  p50   p99   dashboards/s  p50   p99   errors  waiting  MB  handles");
  for (let minute = 1; minute <= MINUTES; minute += 1) {
    while (minutes() < minute) await sleep(100);
    const { events } = await portal.get<{ events: { received: number } }>("/v1/webhooks/github/events-count");
    console.log(
      `${String(minute).padStart(6)}  ${tally.minute()}  ${String(events.received).padStart(7)}  ${watch.sample(minute)}`,
    );
    if (minute <= WARM_UP_MINUTES) tally.forget();
  }
  await Promise.all(work);
  live.close();
  client.close();
  // The last probes are still on their way.
  for (const end = performance.now() + MINUTE_MS; performance.now() < end; await sleep(100))
    if (ALERT_KINDS.every((kind) => probes.times(kind).length === probes.sent())) break;
  for (const kind of ALERT_KINDS) {
    const times = probes.times(kind);
    for (const ms of times) tally.count("alert", ms, null);
    for (let n = times.length; n < probes.sent(); n += 1) tally.count("alert", 0, `no message on ${kind}`);
  }
  const isWithin = tally.report(BUDGETS);
  const isFlat = watch.report(WARM_UP_MINUTES, FLAT);
  await probes.close();
  await fleet.stop();
  return isWithin && isFlat && fleet.endedByThemselves() === 0;
}

if (!onPostgres) {
  process.stderr.write("run it as: tools/with-postgres node bench/soak.ts\n");
  process.exitCode = 2;
} else {
  const place = await createPlaceAtSizeM();
  try {
    if (!(await run(place))) process.exitCode = 1;
  } finally {
    await endProcesses();
    await place.remove();
  }
}
