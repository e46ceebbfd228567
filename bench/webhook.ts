/**
 * GitHub `pull_request` events sent to a webhook data source at a steady rate: how long they take to be acknowledged and
 * to be visible, and whether queue or memory grow.
 *
 *   node bench/webhook.ts [events per second] [seconds] [seconds of warm-up]   embedded, or PostgreSQL with DATABASE_URL
 *
 * The warm-up is not counted: a server that has just started compiles what it runs while it runs.
 */
import { Agent, request as httpRequest } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { openPortal } from "../test/flows/support/portal.ts";
import { endProcesses, startServer } from "../test/flows/support/processes.ts";
import { createTestPlace, onPostgres } from "../test/support/database.ts";
import { pullRequestEvent } from "./pull-request.ts";
import { megabytes, processorMs } from "./support/process-usage.ts";
import { quantile } from "./support/statistics.ts";

const RATE = Number(process.argv[2] ?? 800);
const SECONDS = Number(process.argv[3] ?? 60);
const WARM_UP = Number(process.argv[4] ?? 10);
const TICK_MS = 10;
const REPOSITORIES = 20;

const BLUEPRINTS = [
  { identifier: "service", title: "Service", schema: { properties: {} } },
  {
    ...{ identifier: "githubPullRequest", title: "Pull request" },
    schema: {
      properties: {
        creator: { type: "string" },
        status: { type: "string", enum: ["open", "closed", "merged"] },
        createdAt: { type: "string", format: "date-time" },
        updatedAt: { type: "string", format: "date-time" },
        mergedAt: { type: "string", format: "date-time" },
        link: { type: "string", format: "url" },
        leadTimeHours: { type: "number" },
      },
    },
    relations: { service: { target: "service", many: false, required: false } },
  },
];
const HOOK = {
  ...{ identifier: "github", title: "GitHub", enabled: true },
  security: { requestIdentifierPath: '.headers."x-github-delivery"' },
  mappings: [
    {
      blueprint: "githubPullRequest",
      // As in the template: what comes late is left out.
      version: ".body.pull_request.updated_at",
      filter: '.headers."x-github-event" == "pull_request"',
      entity: {
        identifier: ".body.repository.name + (.body.pull_request.id | tostring)",
        title: ".body.pull_request.title",
        properties: {
          creator: ".body.pull_request.user.login",
          status: '.body.pull_request | if .merged_at then "merged" else .state end',
          createdAt: ".body.pull_request.created_at",
          updatedAt: ".body.pull_request.updated_at",
          mergedAt: ".body.pull_request.merged_at",
          link: ".body.pull_request.html_url",
          leadTimeHours:
            ".body.pull_request | if .merged_at then (((.merged_at | fromdateiso8601) - (.created_at | fromdateiso8601)) / 36 | floor) / 100 else null end",
        },
        relations: { service: ".body.repository.name" },
      },
    },
  ],
};

/** Every tenth tells of a pull request that is known. */
const eventOf = (n: number): object => ({
  ...pullRequestEvent,
  pull_request: { ...pullRequestEvent.pull_request, id: n - (n % 10 === 0 ? 7 : 0), comments: n },
  repository: { ...pullRequestEvent.repository, name: `repo-${n % REPOSITORIES}` },
});

const place = await createTestPlace();
try {
  const server = await startServer(place, { FAIRWAY_LOG_LEVEL: "fatal" });
  const portal = await openPortal(server.url, place.dataDir);
  for (const blueprint of BLUEPRINTS) await portal.send("POST", "/v1/blueprints", blueprint);
  const created = await portal.send("POST", "/v1/webhooks", HOOK);
  const { webhookKey } = (created as { integration: { webhookKey: string } }).integration;
  const { hostname, port } = new URL(server.url);
  const agent = new Agent({ keepAlive: true, maxSockets: 64 });
  /** Milliseconds until the answer, of what was sent after the warm-up. */
  const counted: number[] = [];
  const accepted: number[] = [];
  const refused = new Map<number, number>();
  let open = 0;
  const start = performance.now();
  const send = (n: number): void => {
    const body = JSON.stringify(eventOf(n));
    const headers = {
      ...{ "content-type": "application/json", "content-length": Buffer.byteLength(body) },
      ...{ "x-github-event": "pull_request", "x-github-delivery": `d-${n}` },
    };
    const started = performance.now();
    open++;
    const done = (status: number): void => {
      open--;
      if (status === 202) {
        accepted.push(performance.now() - started);
        if (started - start >= WARM_UP * 1000) counted.push(performance.now() - started);
      } else refused.set(status, (refused.get(status) ?? 0) + 1);
    };
    const path = `/ingest/${webhookKey}`;
    const request = httpRequest({ hostname, port, path, method: "POST", headers, agent }, (response) => {
      response.resume();
      response.on("end", () => done(response.statusCode ?? 0));
    });
    request.on("error", () => done(0));
    request.end(body);
  };
  console.log(
    `${onPostgres ? "PostgreSQL" : "embedded"}: ${RATE} events/s for ${SECONDS} s after ${WARM_UP} s of warm-up`,
  );
  console.log("second  sent  accepted  p99 ms  waiting  server MB");
  let cpu = processorMs(server.pid);
  let warm = 0;
  let sent = 0;
  let told = 0;
  for (;;) {
    const elapsed = performance.now() - start;
    if (elapsed > (WARM_UP + SECONDS) * 1000) break;
    if (warm === 0 && elapsed >= WARM_UP * 1000) {
      warm = accepted.length;
      cpu = processorMs(server.pid);
    }
    while (sent < (elapsed / 1000) * RATE) send(sent++);
    if (elapsed > told * 5000) {
      told++;
      const { events } = await portal.get<{ events: { received: number } }>(
        "/v1/webhooks/github/events-count",
      );
      const recent = accepted.slice(-RATE * 5);
      console.log(
        [
          String(Math.round(elapsed / 1000)).padStart(6),
          String(sent).padStart(5),
          String(accepted.length).padStart(9),
          quantile(recent, 0.99).toFixed(1).padStart(7),
          String(events.received).padStart(8),
          megabytes(server.pid).toFixed(0).padStart(10),
        ].join(" "),
      );
    }
    await sleep(TICK_MS);
  }
  while (open > 0) await sleep(10);
  const accepting = (performance.now() - start) / 1000;
  for (;;) {
    const { events } = await portal.get<{ events: { received: number } }>("/v1/webhooks/github/events-count");
    if (events.received === 0) break;
    // The count reads the whole log.
    await sleep(200);
  }
  const visible = (performance.now() - start) / 1000;
  console.log(
    `accepted ${accepted.length} (${Math.round(accepted.length / accepting)}/s), p50 ${quantile(counted, 0.5).toFixed(1)} ms, p99 ${quantile(counted, 0.99).toFixed(1)} ms (with the warm-up ${quantile(accepted, 0.99).toFixed(1)} ms); refused ${JSON.stringify([...refused])}`,
  );
  console.log(
    `all visible ${((visible - accepting) * 1000).toFixed(0)} ms after the last was accepted: ${Math.round(accepted.length / visible)}/s`,
  );
  const each = (processorMs(server.pid) - cpu) / (accepted.length - warm);
  console.log(`processor time of the server: ${each.toFixed(2)} ms an event`);
  agent.destroy();
  server.kill("SIGTERM");
  await server.ended;
} finally {
  await endProcesses();
  await place.remove();
}
