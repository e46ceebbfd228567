/** Runs as they are listed: newest first, those that whoever asks may see (workflows.md §3.1). */
import { renderRun, renderRunV1, type Run } from "../model/run.ts";
import { invalid } from "../model/error.ts";
import type { JsonObject } from "../model/json.ts";
import { existingActions } from "../storage/actions.ts";
import type { Ctx } from "../storage/context.ts";
import { listRuns, readRunLogs, type RunFilter, type RunLog } from "../storage/runs.ts";
import { isChangelogName } from "./changelog.ts";
import { maySeeRun, readableSubjects, visibleRun } from "./run-access.ts";

/** `v2` is the shape of today; without it, that of before. */
export type Version = "v1" | "v2";

const MAX_LIMIT = 1000;
/** Runs that are read at once, and how often it is read on where few of them may be seen. */
const LEAST = 100;
const MAX_PAGES = 20;

/** @throws AppError invalid_request */
export async function getRuns(ctx: Ctx, filter: RunFilter, version: Version): Promise<JsonObject[]> {
  if (filter.limit < 1 || filter.limit > MAX_LIMIT)
    throw invalid(`limit ${filter.limit} must be between 1 and ${MAX_LIMIT}`);
  // No stored text has it, and PostgreSQL refuses the question.
  if (JSON.stringify(filter).includes("\\u0000")) return [];
  const limit = ctx.actor.person === undefined ? filter.limit : Math.max(filter.limit, LEAST);
  const visible: Run[] = [];
  let { before } = filter;
  // Runs of automations may stand between those that somebody may see.
  for (let page = 0; page < MAX_PAGES && visible.length < filter.limit; page += 1) {
    const runs = await listRuns(ctx.db, ctx.org, { ...filter, before, limit });
    const isReadable = await readableSubjects(ctx, runs);
    for (const run of runs) if (await maySeeRun(ctx, run, isReadable)) visible.push(run);
    if (runs.length < limit) break;
    before = runs.at(-1)?.id;
  }
  return render(ctx, visible.slice(0, filter.limit), version);
}

/** @throws AppError not_found */
export async function getRun(ctx: Ctx, id: string, version: Version): Promise<JsonObject> {
  const [run] = await render(ctx, [await visibleRun(ctx, id)], version);
  return run ?? {};
}

export async function render(ctx: Ctx, runs: readonly Run[], version: Version): Promise<JsonObject[]> {
  const names = [...new Set(runs.map(({ action }) => action.identifier))];
  const existing = await existingActions(ctx.db, ctx.org, names);
  const show = version === "v2" ? renderRun : renderRunV1;
  return runs.map((run) =>
    show(run, !existing.has(run.action.identifier) && !isChangelogName(run.action.identifier)),
  );
}

/** Oldest first. @throws AppError not_found */
export async function getRunLogs(
  ctx: Ctx,
  id: string,
  page: { readonly limit: number; readonly offset: number },
): Promise<RunLog[]> {
  const run = await visibleRun(ctx, id);
  return readRunLogs(ctx.db, ctx.org, run.id, page);
}
