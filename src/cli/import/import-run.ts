import type { ImportRun } from "../../api/dora.ts";
import type { ApiClient, JsonObject } from "../client.ts";
import type { GitRepository } from "../git/open-repository.ts";
import type { ImportOptions } from "./import-options.ts";
import type { PlannedService } from "./service-plan.ts";

/** Raise it when what is sent changes in a way that earlier imports have to be repeated for. */
const READER_VERSION = 1;
/** A run that has not told of itself for so long was killed. */
const STALE_MS = 60_000;
const REPORT_INTERVAL_MS = 1000;

export interface Counts {
  commits: number;
  deployments: number;
  changes: number;
}

/** What must be equal for an earlier import to have sent the same commits in the same way. */
export function runOptions(
  repository: GitRepository,
  options: ImportOptions,
  services: readonly PlannedService[],
): JsonObject {
  return {
    reader: READER_VERSION,
    history: repository.historyKey,
    services: services.map(({ identifier, paths }) => ({ identifier, paths })),
    tags: [...options.tags],
    merges: options.merges,
    since: options.since,
    environment: options.environment,
  };
}

/** JSON with sorted keys: stored documents may come back in another order. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, item: unknown) =>
    typeof item === "object" && item !== null && !Array.isArray(item)
      ? Object.fromEntries(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1)))
      : item,
  );
}

async function listRuns(client: ApiClient, repository: string, status: string): Promise<ImportRun[]> {
  const query = new URLSearchParams({ repository, status, limit: "100" });
  const answer = await client.get(`/v1/dora/imports?${query.toString()}`);
  return Array.isArray(answer["imports"]) ? (answer["imports"] as ImportRun[]) : [];
}

/** The heads up to which an earlier completed import with the same options has sent everything; null without one. */
export async function previousHeads(
  client: ApiClient,
  repository: string,
  options: JsonObject,
): Promise<readonly string[] | null> {
  const wanted = canonical(options);
  const runs = await listRuns(client, repository, "completed");
  const same = runs.find(
    (run) => run.source === "git" && (run.heads?.length ?? 0) > 0 && canonical(run.options) === wanted,
  );
  return same?.heads ?? null;
}

/** Marks runs that were killed, so that they are not shown as running for ever. */
export async function closeStaleRuns(client: ApiClient, repository: string, now: number): Promise<number> {
  let closed = 0;
  for (const run of await listRuns(client, repository, "running")) {
    if (run.source !== "git" || now - Date.parse(run.updatedAt) < STALE_MS) continue;
    await client.patch(`/v1/dora/imports/${encodeURIComponent(run.id)}`, {
      status: "failed",
      error: "interrupted; a later import continued it",
    });
    closed += 1;
  }
  return closed;
}

export interface RunHandle {
  /** Tells the server how far the import is, at most once a second. */
  report(sent: Counts): Promise<void>;
  complete(sent: Counts, heads: readonly string[] | null, error: string | null): Promise<void>;
  fail(sent: Counts, error: string): Promise<void>;
}

export async function startRun(
  client: ApiClient,
  repository: string,
  services: readonly PlannedService[],
  options: JsonObject,
  totals: Partial<Counts>,
): Promise<RunHandle> {
  const answer = await client.post("/v1/dora/imports", {
    repository,
    source: "git",
    services: services.map(({ identifier }) => identifier),
    options,
    totals,
  });
  const path = `/v1/dora/imports/${encodeURIComponent((answer["import"] as ImportRun).id)}`;
  let last = Date.now();
  return {
    report: async (sent) => {
      if (Date.now() - last < REPORT_INTERVAL_MS) return;
      last = Date.now();
      await client.patch(path, { sent });
    },
    complete: async (sent, heads, error) => {
      await client.patch(path, {
        sent,
        status: "completed",
        ...(heads === null ? {} : { heads }),
        ...(error === null ? {} : { error }),
      });
    },
    fail: async (sent, error) => {
      await client.parting().patch(path, { sent, status: "failed", error: error.slice(0, 2000) });
    },
  };
}
