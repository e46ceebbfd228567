import { setTimeout as sleep } from "node:timers/promises";
import { ApiError } from "../client.ts";
import type { ApiClient, JsonObject } from "../client.ts";
import { ensureCatalog } from "../import/catalog-setup.ts";
import {
  changeBody,
  demoBlueprints,
  deploymentBody,
  domainRows,
  serviceRelations,
  serviceRows,
  teamRows,
} from "./demo-rows.ts";
import type { EntityBody } from "./demo-rows.ts";
import { startDemoRun } from "./demo-run.ts";
import type { DemoCounts, DemoRun } from "./demo-run.ts";
import { generateDemo } from "./generate-demo.ts";
import type { SimulatedRepository } from "./simulated.ts";

const ENTITIES_PER_REQUEST = 500;
const COMMITS_PER_REQUEST = 2500;
const IN_FLIGHT = 3;
const POLL_MS = 200;
/** The numbers of the demo are there in seconds; whoever waits this long waits for a fault. */
const SETTLE_LIMIT_MS = 5 * 60_000;

export interface DemoReporter {
  readonly onProgress: (fraction: number, text: string) => void;
  readonly signal: AbortSignal | undefined;
}

/** Sends the year that ends at `end`; the same end gives the same requests in the same order. */
export async function sendDemo(client: ApiClient, end: number, reporter: DemoReporter): Promise<DemoCounts> {
  reporter.onProgress(0, "Inventing an organisation");
  const repositories = await generateSlowly(end, reporter.signal);
  await sendOrganisation(client);
  const commits = repositories.flatMap((one) => one.commits);
  const changes = repositories.flatMap((one) => one.changes);
  const deployments = repositories.flatMap((one) => one.deployments);
  const totals = { commits: commits.length, deployments: deployments.length, changes: changes.length };
  const run = await startDemoRun(client, end, totals);
  const sending: Sending = { client, run, sent: { commits: 0, deployments: 0, changes: 0 }, reporter };
  try {
    // Deployments last: before they are there nothing is derived, with them everything once.
    await sendChunks(sending, "commits", commits, COMMITS_PER_REQUEST, [0.05, 0.25], (chunk) =>
      client.post("/v1/dora/commits", { commits: chunk }),
    );
    await sendChunks(sending, "changes", changes, ENTITIES_PER_REQUEST, [0.25, 0.55], (chunk) =>
      postEntities(client, "change", chunk.map(changeBody)),
    );
    await sendChunks(sending, "deployments", deployments, ENTITIES_PER_REQUEST, [0.55, 0.7], (chunk) =>
      postEntities(client, "deployment", chunk.map(deploymentBody)),
    );
    await settle(client, reporter, [0.7, 1]);
    await run.complete(sending.sent);
  } catch (error) {
    await run.fail(sending.sent, error instanceof Error ? error.message : String(error)).catch(() => {});
    throw error;
  }
  reporter.onProgress(1, "Demo data is loaded");
  return totals;
}

/** Lets others have the processor between two repositories: the loader may run inside the server. */
async function generateSlowly(end: number, signal: AbortSignal | undefined): Promise<SimulatedRepository[]> {
  const repositories: SimulatedRepository[] = [];
  for (const repository of generateDemo(end)) {
    repositories.push(repository);
    await sleep(0, undefined, signal === undefined ? {} : { signal });
  }
  return repositories;
}

async function sendOrganisation(client: ApiClient): Promise<void> {
  await ensureCatalog(client);
  for (const blueprint of demoBlueprints) {
    try {
      await client.post("/v1/blueprints", blueprint);
    } catch (error) {
      if (!(error instanceof ApiError) || error.status !== 409) throw error;
      const { schema, relations } = blueprint;
      const patch = { schema: { properties: schema.properties }, relations };
      await client.patch(`/v1/blueprints/${blueprint.identifier}`, patch);
    }
  }
  await client.patch("/v1/blueprints/service", { relations: serviceRelations });
  await postEntities(client, "domain", domainRows);
  await postEntities(client, "team", teamRows);
  await postEntities(client, "service", serviceRows);
}

async function postEntities(
  client: ApiClient,
  blueprint: string,
  entities: readonly EntityBody[],
): Promise<void> {
  const path = `/v1/blueprints/${blueprint}/entities/bulk?upsert=true&merge=true`;
  const { errors } = await client.post(path, { entities });
  const [first] = Array.isArray(errors) ? (errors as JsonObject[]) : [];
  if (first !== undefined)
    throw new Error(`${blueprint} ${String(first["identifier"])} was refused: ${String(first["message"])}`);
}

interface Sending {
  readonly client: ApiClient;
  readonly run: DemoRun;
  readonly sent: DemoCounts;
  readonly reporter: DemoReporter;
}

/** Sends a few chunks at a time, then tells how far it is: what is sent does not depend on who answers first. */
async function sendChunks<T>(
  sending: Sending,
  kind: keyof DemoCounts,
  rows: readonly T[],
  size: number,
  [from, to]: readonly [number, number],
  post: (chunk: readonly T[]) => Promise<unknown>,
): Promise<void> {
  const { reporter, sent, run } = sending;
  for (let at = 0; at < rows.length; at += size * IN_FLIGHT) {
    reporter.signal?.throwIfAborted();
    const wave = rows.slice(at, at + size * IN_FLIGHT);
    const chunks: (readonly T[])[] = [];
    for (let start = 0; start < wave.length; start += size) chunks.push(wave.slice(start, start + size));
    await Promise.all(chunks.map(post));
    sent[kind] += wave.length;
    await run.report({ ...sent });
    reporter.onProgress(from + (to - from) * (sent[kind] / rows.length), `Sending ${kind}`);
  }
}

/** Waits until everything that was sent is in the numbers. */
async function settle(
  client: ApiClient,
  reporter: DemoReporter,
  [from, to]: readonly [number, number],
): Promise<void> {
  const deadline = performance.now() + SETTLE_LIMIT_MS;
  let most = 1;
  for (;;) {
    const status = await client.get("/v1/dora/status");
    if (status["settled"] === true) return;
    const pending = Object.values((status["pending"] ?? {}) as Record<string, unknown>).map(Number);
    const left = pending.reduce((sum, count) => sum + count, 0);
    most = Math.max(most, left);
    reporter.onProgress(from + (to - from) * (1 - left / most), "Working out the numbers");
    if (performance.now() > deadline) throw new Error("the server does not come to an end with the numbers");
    await sleep(POLL_MS, undefined, reporter.signal === undefined ? {} : { signal: reporter.signal });
  }
}
