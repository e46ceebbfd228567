/** The one way in which runs change: row and change feed (`kind: "run"`, which RUN_UPDATED and live pages read) together. */
import { checkTransition, isEnded, renderRun, type Run } from "../model/run.ts";
import { sameJson } from "../model/json.ts";
import { appendChanges } from "../storage/changes.ts";
import type { Ctx } from "../storage/context.ts";
import { writeRun } from "../storage/runs.ts";

export type RunChange = Partial<
  Pick<
    Run,
    | "status"
    | "statusLabel"
    | "payload"
    | "response"
    | "link"
    | "summary"
    | "approvals"
    | "externalRunId"
    | "installationId"
    | "pendingExecution"
    | "claimedUntil"
  >
>;

/**
 * @param ctx in a transaction that holds the row's lock
 * @returns the run as it is now. @throws AppError invalid_request when its status may not become this
 */
export async function changeRun(ctx: Ctx, before: Run, change: RunChange): Promise<Run> {
  const { status = before.status } = change;
  if (status !== before.status) checkTransition(before.status, status);
  const at = ctx.now();
  const hasEnded = isEnded(status);
  const changed: Run = {
    ...before,
    ...change,
    ...(hasEnded && !isEnded(before.status)
      ? { endedAt: at, pendingExecution: false, claimedUntil: null }
      : {}),
  };
  if (sameJson(renderRun(before), renderRun(changed))) return before;
  const after: Run = { ...changed, updatedAt: at, updatedBy: ctx.actor.id };
  await writeRun(ctx.db, ctx.org, after);
  await appendChanges({ ...ctx, runId: after.id }, at, [
    {
      ...{ kind: "run", action: "UPDATE", blueprint: null, identifier: after.id },
      ...{ before: renderRun(before), after: renderRun(after) },
    },
  ]);
  return after;
}
