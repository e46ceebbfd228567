/**
 * From an event to the alert that follows from it, while others pour in: deployments of twenty services by a webhook at a steady
 * rate, and each second the first failed deployment of a service of its own, whose alerts a receiver on loopback waits for. One
 * alert is on an aggregation of the service, one on its change failure rate as DORA's numbers have it.
 *
 *   node bench/alerts.ts [events per second] [seconds] [seconds of warm-up]   embedded, or PostgreSQL with DATABASE_URL
 */
import { loadavg } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { startReceiver } from "../test/automation/receiver.ts";
import { openPortal } from "../test/flows/support/portal.ts";
import { endProcesses, startServer } from "../test/flows/support/processes.ts";
import { createTestPlace, onPostgres } from "../test/support/database.ts";

const RATE = Number(process.argv[2] ?? 200);
const SECONDS = Number(process.argv[3] ?? 30);
const WARM_UP = Number(process.argv[4] ?? 10);
const TICK_MS = 20;
const SERVICES = 20;
/** Alerts of the last probe may take this long. */
const PATIENCE_MS = 60_000;

const SERVICE = {
  ...{ identifier: "service", title: "Service", schema: { properties: {} } },
  aggregationProperties: {},
};
const AGGREGATIONS = {
  aggregationProperties: {
    failures: {
      ...{ title: "Failed deployments", type: "number", target: "deployment" },
      calculationSpec: { calculationBy: "entities", func: "count" },
      query: {
        combinator: "and",
        rules: [{ property: "deploymentStatus", operator: "=", value: "Failed" }],
      },
    },
  },
};
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
const HOOK = {
  ...{ identifier: "cd", title: "CD", enabled: true },
  mappings: [
    {
      blueprint: "deployment",
      entity: {
        identifier: ".body.id",
        properties: {
          createdAt: ".body.at",
          environment: '"Production"',
          deploymentStatus: ".body.status",
        },
        relations: { service: ".body.service" },
      },
    },
  ],
};

const quantile = (values: readonly number[], share: number): number => {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
};

const place = await createTestPlace();
const receiver = await startReceiver();
const server = await startServer(place, {
  FAIRWAY_LOG_LEVEL: "error",
  FAIRWAY_OUTBOUND_ALLOW: "127.0.0.1",
});
try {
  const portal = await openPortal(server.url, place.dataDir);
  await portal.send("POST", "/v1/blueprints", SERVICE);
  await portal.send("POST", "/v1/blueprints", DEPLOYMENT);
  await portal.send("PATCH", "/v1/blueprints/service", AGGREGATIONS);
  const probes = SECONDS;
  const names = [
    ...Array.from({ length: SERVICES }, (_, i) => `service-${i}`),
    ...Array.from({ length: probes }, (_, i) => `probe-${i}`),
  ];
  for (const identifier of names)
    await portal.send("POST", "/v1/blueprints/service/entities", { identifier });
  const created = await portal.send("POST", "/v1/webhooks", HOOK);
  const { webhookKey } = (created as { integration: { webhookKey: string } }).integration;
  const rule = { type: "threshold", is: "above", value: 0 };
  for (const [identifier, source] of [
    ["aggregation", { type: "property", blueprint: "service", property: "failures" }],
    ["metric", { type: "metric", metric: "changeFailureRate", window: "30d", per: "service" }],
  ] as const)
    await portal.send("POST", "/v1/alerts", {
      ...{ identifier, title: identifier, source, rule },
      recipients: { webhook: `${receiver.url}/${identifier}` },
    });

  const post = async (body: object): Promise<number> => {
    const response = await fetch(`${server.url}/ingest/${webhookKey}`, {
      method: "POST",
      body: JSON.stringify(body),
    });
    await response.arrayBuffer();
    return response.status;
  };
  const sent = new Map<string, number>();
  /** When the receiver had it: looked at often, for it keeps no times of its own. */
  const arrived = new Map<string, number>();
  let seen = 0;
  const look = setInterval(() => {
    for (const { path, text } of receiver.received.slice(seen)) {
      const { subject } = JSON.parse(text) as { subject: { entity: string } };
      const key = `${path} ${subject.entity}`;
      if (!arrived.has(key)) arrived.set(key, performance.now());
    }
    seen = receiver.received.length;
  }, 2);
  const statuses = new Map<number, number>();
  const waiting = new Set<Promise<void>>();
  const started = performance.now();
  let count = 0;
  let probe = 0;
  for (;;) {
    const elapsed = performance.now() - started;
    if (elapsed > (WARM_UP + SECONDS) * 1000) break;
    while (count < (elapsed * RATE) / 1000) {
      const n = count++;
      const body = {
        ...{ id: `d-${n}`, service: `service-${n % SERVICES}` },
        ...{ status: "Success", at: new Date().toISOString() },
      };
      const one = post(body).then((status) => void statuses.set(status, (statuses.get(status) ?? 0) + 1));
      waiting.add(one);
      void one.finally(() => waiting.delete(one));
    }
    if (probe < probes && elapsed > (WARM_UP + probe) * 1000) {
      const service = `probe-${probe++}`;
      sent.set(service, performance.now());
      void post({ id: `p-${service}`, service, status: "Failed", at: new Date().toISOString() });
    }
    await sleep(TICK_MS);
  }
  await Promise.all(waiting);
  const end = performance.now() + PATIENCE_MS;
  while (arrived.size < 2 * probes && performance.now() < end) await sleep(50);
  clearInterval(look);
  console.log(
    `store ${onPostgres ? "PostgreSQL" : "embedded"}, load ${loadavg()
      .map((l) => l.toFixed(1))
      .join(" ")}`,
  );
  console.log(`${count} events at ${RATE}/s, answers ${JSON.stringify([...statuses])}, ${probes} probes`);
  for (const path of ["/aggregation", "/metric"]) {
    const times = [...sent].flatMap(([service, at]) => {
      const came = arrived.get(`${path} ${service}`);
      return came === undefined ? [] : [came - at];
    });
    const told = receiver.at(path).length;
    console.log(
      `${path.padEnd(14)} ${times.length} of ${probes} arrived, ${told} messages; p50 ${quantile(times, 0.5).toFixed(0)} ms, p95 ${quantile(times, 0.95).toFixed(0)} ms, max ${quantile(times, 1).toFixed(0)} ms`,
    );
  }
} finally {
  await endProcesses();
  await receiver.close();
  await place.remove();
}
