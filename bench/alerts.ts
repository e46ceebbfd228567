/**
 * From an event to the alert that follows from it, while others pour in: deployments of twenty services by a webhook at a steady
 * rate, and each second the first failed deployment of a service of its own, whose alerts a receiver on loopback waits for. One
 * alert is on an aggregation of the service, one on its change failure rate as DORA's numbers have it.
 *
 *   node bench/alerts.ts [events per second] [seconds] [seconds of warm-up]   embedded, or PostgreSQL with DATABASE_URL
 */
import { loadavg } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { openPortal } from "../test/flows/support/portal.ts";
import { endProcesses, startServer } from "../test/flows/support/processes.ts";
import { createTestPlace, onPostgres } from "../test/support/database.ts";
import { ALERT_KINDS, deploymentEvent, prepareAlertProbes } from "./support/alert-probes.ts";
import { quantile } from "./support/statistics.ts";
import { steadily } from "./support/steadily.ts";

const RATE = Number(process.argv[2] ?? 200);
const SECONDS = Number(process.argv[3] ?? 30);
const WARM_UP = Number(process.argv[4] ?? 10);
const SERVICES = 20;
/** Alerts of the last probe may take this long. */
const PATIENCE_MS = 60_000;

const SERVICE = { identifier: "service", title: "Service", schema: { properties: {} } };
const DEPLOYMENT = {
  ...{ identifier: "deployment", title: "Deployment" },
  schema: {
    properties: {
      createdAt: { type: "string", format: "date-time" },
      environment: { type: "string" },
      deploymentStatus: { type: "string" },
    },
  },
  relations: { service: { target: "service", many: false, required: false } },
};

const place = await createTestPlace();
const server = await startServer(place, {
  FAIRWAY_LOG_LEVEL: "error",
  FAIRWAY_OUTBOUND_ALLOW: "127.0.0.1",
});
try {
  const portal = await openPortal(server.url, place.dataDir);
  await portal.send("POST", "/v1/blueprints", SERVICE);
  await portal.send("POST", "/v1/blueprints", DEPLOYMENT);
  for (let i = 0; i < SERVICES; i += 1)
    await portal.send("POST", "/v1/blueprints/service/entities", { identifier: `service-${i}` });
  const probes = await prepareAlertProbes(portal, SECONDS);
  const statuses = new Map<number, number>();
  const post = async (body: string): Promise<void> => {
    const response = await fetch(`${server.url}/ingest/${probes.webhookKey}`, { method: "POST", body });
    await response.arrayBuffer();
    statuses.set(response.status, (statuses.get(response.status) ?? 0) + 1);
  };
  const started = performance.now();
  const secondsLeft = (): number => WARM_UP + SECONDS - (performance.now() - started) / 1000;
  const [count] = await Promise.all([
    steadily(
      RATE,
      () => secondsLeft() < 0,
      (n) => post(deploymentEvent(`d-${n}`, `service-${n % SERVICES}`, "Success")),
    ),
    sleep(WARM_UP * 1000).then(() =>
      steadily(
        1,
        () => secondsLeft() < 0 || probes.sent() === SECONDS,
        () => probes.send(post),
      ),
    ),
  ]);
  const end = performance.now() + PATIENCE_MS;
  const areThere = (): boolean => ALERT_KINDS.every((kind) => probes.times(kind).length === probes.sent());
  while (!areThere() && performance.now() < end) await sleep(50);
  console.log(
    `store ${onPostgres ? "PostgreSQL" : "embedded"}, load ${loadavg()
      .map((l) => l.toFixed(1))
      .join(" ")}`,
  );
  console.log(
    `${count} events at ${RATE}/s, answers ${JSON.stringify([...statuses])}, ${probes.sent()} probes`,
  );
  for (const kind of ALERT_KINDS) {
    const times = probes.times(kind);
    const [p50, p95, most] = [0.5, 0.95, 1].map((share) => quantile(times, share).toFixed(0));
    console.log(
      `${kind.padEnd(14)} ${times.length} of ${probes.sent()} arrived, ${probes.messages(kind)} messages; p50 ${p50} ms, p95 ${p95} ms, max ${most} ms`,
    );
  }
  await probes.close();
} finally {
  await endProcesses();
  await place.remove();
}
