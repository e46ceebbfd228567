/** Who sees a run, and who reports of it (workflows.md §3.7). */
import { restricted } from "../catalog/guard.ts";
import { readableKeys } from "../catalog/readable-keys.ts";
import type { EntityKey } from "../model/entity.ts";
import { ACTION_DEFAULTS, type ActionPermissions, isGranted } from "../model/action-permission.ts";
import { AppError } from "../model/error.ts";
import { isObject } from "../model/json.ts";
import { type Run, runNotFound } from "../model/run.ts";
import { readAction } from "../storage/actions.ts";
import type { Ctx } from "../storage/context.ts";
import { readRun } from "../storage/runs.ts";
import { mayEdit } from "./define-action.ts";

/** Permissions of the action as they are now; of one that is gone, the usual ones. */
export async function permissionsOf(ctx: Ctx, action: string): Promise<ActionPermissions> {
  return (await readAction(ctx.db, ctx.org, action))?.permissions ?? ACTION_DEFAULTS;
}

/**
 * Everybody who may read the entities it tells of, unless the action says otherwise; then who ran it, who approves, and who
 * may change the action. Runs of automations are for the latter.
 */
export async function maySeeRun(
  ctx: Ctx,
  run: Run,
  isReadable?: (key: EntityKey) => boolean,
): Promise<boolean> {
  const { person } = ctx.actor;
  const { document } = run.action;
  if (mayEdit(person, document) || person === undefined) return true;
  if (run.createdBy === person.email) return true;
  const isForAll = run.source !== "AUTOMATION" && document["allowAnyoneToViewRuns"] !== false;
  if (isForAll && subjectsOf([run]).every(isReadable ?? (await readableSubjects(ctx, [run])))) return true;
  return isApprover(ctx, run);
}

/** Which of the entities that the runs are about may be read; asked for all runs of a list at once. */
export async function readableSubjects(ctx: Ctx, runs: readonly Run[]): Promise<(key: EntityKey) => boolean> {
  return restricted(ctx) === null ? () => true : readableKeys(ctx, subjectsOf(runs));
}

/** The entities that runs tell of: what they are about, and what was chosen in their forms. */
const subjectsOf = (runs: readonly Run[]): EntityKey[] =>
  runs.flatMap(({ blueprint, entity, properties }) => [
    ...(blueprint === null || entity === null
      ? []
      : [{ blueprint: blueprint.identifier, identifier: entity.identifier }]),
    ...Object.values(properties ?? {}).flatMap(chosenIn),
  ]);

function chosenIn(input: unknown): EntityKey[] {
  if (Array.isArray(input)) return input.flatMap(chosenIn);
  if (!isObject(input)) return [];
  const { blueprint, identifier } = input;
  return typeof blueprint === "string" && typeof identifier === "string" ? [{ blueprint, identifier }] : [];
}

/** Whether the person may decide on the run. Apps and administrators may. */
export async function isApprover(ctx: Ctx, run: Run): Promise<boolean> {
  const { person } = ctx.actor;
  if (person === undefined) return true;
  if (run.requiredApproval === "none") return false;
  const { approve } = await permissionsOf(ctx, run.action.identifier);
  return isGranted(approve, person) || run.policyApprovers?.includes(person.email) === true;
}

/** @throws AppError not_found, also for runs that whoever asks may not see */
export async function visibleRun(ctx: Ctx, id: string): Promise<Run> {
  const run = id.includes("\u0000") ? null : await readRun(ctx.db, ctx.org, id);
  if (run === null || !(await maySeeRun(ctx, run))) throw runNotFound(id);
  return run;
}

/** Executors report with API credentials; people on the runs that they started or whose action they look after. */
export async function requireReporter(ctx: Ctx, run: Run): Promise<void> {
  const { person } = ctx.actor;
  if (person === undefined || run.createdBy === person.email || mayEdit(person, run.action.document)) return;
  if (!(await maySeeRun(ctx, run))) throw runNotFound(run.id);
  throw new AppError("forbidden", `run "${run.id}" is not yours to change`);
}
