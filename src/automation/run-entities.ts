/** Writes that belong to a run (`run_id`): whether they may, and which entities they touched (workflows.md §3.4). */
import { readableKeys } from "../catalog/readable-keys.ts";
import { AppError } from "../model/error.ts";
import { runNotFound } from "../model/run.ts";
import { readAudit } from "../storage/audit.ts";
import type { Ctx } from "../storage/context.ts";
import { readRun } from "../storage/runs.ts";
import { visibleRun } from "./run-access.ts";

export interface TouchedEntity {
  readonly blueprint: string;
  readonly identifier: string;
  /** What the run did to it, all changes together. */
  readonly action: "CREATE" | "UPDATE" | "DELETE";
  readonly at: string;
}

const MAX_CHANGES = 1000;

/** @throws AppError not_found, invalid_request unless the run is on its way */
export async function requireOpenRun(ctx: Ctx, id: string): Promise<void> {
  const run = await readRun(ctx.db, ctx.org, id);
  if (run === null) throw runNotFound(id);
  if (run.status !== "IN_PROGRESS")
    throw new AppError(
      "invalid_request",
      `run_id "${id}": changes belong to a run only while it is IN_PROGRESS; it is ${run.status}`,
    );
}

/** Last touched first. @throws AppError not_found */
export async function entitiesOfRun(ctx: Ctx, id: string): Promise<TouchedEntity[]> {
  const run = await visibleRun(ctx, id);
  const filter = { runId: run.id, kinds: ["entity"], limit: MAX_CHANGES };
  const touched = new Map<string, TouchedEntity>();
  for (const { blueprint, identifier, action, at } of await readAudit(ctx.db, ctx.org, filter, false)) {
    if (blueprint === null || identifier === null) continue;
    const key = `${blueprint}\n${identifier}`;
    const later = touched.get(key);
    const one = { blueprint, identifier, action: action as TouchedEntity["action"], at: at.toISOString() };
    // Newest first: what was created, then changed, was created; what was deleted in the end is gone.
    if (later === undefined) touched.set(key, one);
    else if (action === "CREATE" && later.action !== "DELETE")
      touched.set(key, { ...later, action: "CREATE" });
  }
  const isReadable = await readableKeys(ctx, [...touched.values()]);
  return [...touched.values()].filter(isReadable);
}
