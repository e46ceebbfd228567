/** The demo's import run: shows progress on the start page, and remembers which day's demo was begun. */
import type { ImportRun } from "../../api/dora.ts";
import type { ApiClient } from "../client.ts";
import { DEMO_HOST, DEMO_SEED } from "./generate-demo.ts";
import { services } from "./services.ts";

const RUN_REPOSITORY = `${DEMO_HOST}/acme`;
const SOURCE = "demo";

export interface DemoCounts {
  commits: number;
  deployments: number;
  changes: number;
}

interface EarlierRuns {
  /** End of the year that an earlier load of the same demo sent, in part or whole; null without one. */
  readonly end: number | null;
  readonly isComplete: boolean;
  readonly totals: DemoCounts | null;
}

async function demoRuns(client: ApiClient): Promise<readonly ImportRun[]> {
  const query = new URLSearchParams({ repository: RUN_REPOSITORY, limit: "200" });
  const { imports } = await client.get(`/v1/dora/imports?${query.toString()}`);
  return Array.isArray(imports) ? (imports as ImportRun[]).filter(({ source }) => source === SOURCE) : [];
}

function endOf(run: ImportRun): number | null {
  const options = run.options as { seed?: unknown; end?: unknown } | null;
  const end = typeof options?.end === "string" ? Date.parse(options.end) : Number.NaN;
  return options?.seed === DEMO_SEED && !Number.isNaN(end) ? end : null;
}

/** What earlier loads left; those that were interrupted are marked as such. */
export async function closeEarlierRuns(client: ApiClient): Promise<EarlierRuns> {
  const runs = await demoRuns(client);
  for (const run of runs)
    if (run.status === "running")
      await client.patch(runPath(run.id), {
        status: "failed",
        error: "interrupted; continued by a later load",
      });
  const same = runs.filter((run) => endOf(run) !== null);
  const complete = same.find(({ status }) => status === "completed");
  const chosen = complete ?? same[0];
  if (chosen === undefined) return { end: null, isComplete: false, totals: null };
  const { commits = 0, deployments = 0, changes = 0 } = chosen.totals;
  return {
    end: endOf(chosen),
    isComplete: complete !== undefined,
    totals: { commits, deployments, changes },
  };
}

function runPath(id: string): string {
  return `/v1/dora/imports/${encodeURIComponent(id)}`;
}

export interface DemoRun {
  report(sent: DemoCounts): Promise<void>;
  complete(sent: DemoCounts): Promise<void>;
  fail(sent: DemoCounts, error: string): Promise<void>;
}

export async function startDemoRun(client: ApiClient, end: number, totals: DemoCounts): Promise<DemoRun> {
  const answer = await client.post("/v1/dora/imports", {
    repository: RUN_REPOSITORY,
    source: SOURCE,
    services: services.map(({ id }) => id),
    options: { seed: DEMO_SEED, end: new Date(end).toISOString() },
    totals,
  });
  const path = runPath((answer["import"] as ImportRun).id);
  const patch = async (body: object): Promise<void> => {
    await client.patch(path, body);
  };
  return {
    report: (sent) => patch({ sent }),
    complete: (sent) => patch({ sent, status: "completed" }),
    fail: (sent, error) => patch({ sent, status: "failed", error: error.slice(0, 2000) }),
  };
}
