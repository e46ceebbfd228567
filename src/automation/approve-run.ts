/** Approvals (workflows.md §3.4): who has to agree, who did, and what follows. */
import { isGranted } from "../model/action-permission.ts";
import { checkTextAt, closedAt, isGiven, objectAt } from "../model/action-fields.ts";
import { AppError, invalid } from "../model/error.ts";
import { checkJson, type JsonObject, show } from "../model/json.ts";
import type { Decision, Run } from "../model/run.ts";
import { isAdmin, personOf } from "../model/user.ts";
import type { Person } from "../model/actor.ts";
import type { Ctx } from "../storage/context.ts";
import { readUsers } from "../storage/people.ts";
import { listRuns } from "../storage/runs.ts";
import { transact } from "../storage/transact.ts";
import { changeRun } from "./change-run.ts";
import { isApprover, permissionsOf, visibleRun } from "./run-access.ts";
import { enqueueRun } from "./start-run.ts";
import { lockRun } from "./update-run.ts";

const MAX_DESCRIPTION = 5000;

/** Whether somebody may approve of a run that they started; unlike Port, whose documents do not say, it can be forbidden. */
export type SelfApproval = "allow" | "forbid";

/**
 * ANY: the first to agree lets the run go; ALL: the last of all approvers. One who declines ends it.
 * @throws AppError not_found, forbidden, invalid_request
 */
export function decideRun(
  ctx: Ctx,
  id: string,
  body: unknown,
  selfApproval: SelfApproval = "allow",
): Promise<Run> {
  const sent = objectAt(body, "approval");
  checkJson(sent, "approval");
  closedAt(sent, ["status", "description"], "approval");
  const { status, description } = sent;
  if (status !== "APPROVE" && status !== "DECLINE")
    throw invalid(`status ${show(status)} is not one of APPROVE, DECLINE`);
  checkTextAt(description, "description", { max: MAX_DESCRIPTION });
  return transact(ctx, async (inner) => {
    const before = await lockRun(inner, id);
    if (!(await isApprover(inner, before))) {
      await visibleRun(inner, id);
      throw new AppError("forbidden", `you are not an approver of run "${id}"`);
    }
    if (status === "APPROVE" && isOwn(selfApproval, before, inner.actor.person?.email))
      throw new AppError(
        "forbidden",
        `you started run "${id}": somebody else has to approve of it (FAIRWAY_SELF_APPROVAL)`,
      );
    if (before.status !== "WAITING_FOR_APPROVAL")
      throw invalid(`run "${id}" does not wait for approval: its status is ${before.status}`);
    const decision: Decision = {
      state: status === "APPROVE" ? "APPROVED" : "DECLINED",
      userId: inner.actor.id,
      description: isGiven(description) ? String(description) : null,
      at: inner.now().toISOString(),
    };
    if (before.approvals.some(({ userId }) => userId === decision.userId))
      throw new AppError("conflict", `you have decided on run "${id}" already`);
    const approvals = [...before.approvals, decision];
    if (decision.state === "DECLINED") return changeRun(inner, before, { approvals, status: "DECLINED" });
    const isEnough =
      before.requiredApproval === "ANY" ||
      (await pending(inner, before, approvals, selfApproval)).length === 0;
    if (!isEnough) return changeRun(inner, before, { approvals });
    const after = await changeRun(inner, before, { approvals, status: "IN_PROGRESS" });
    await enqueueRun(inner, after);
    return after;
  });
}

const isOwn = (selfApproval: SelfApproval, run: Run, email: string | undefined): boolean =>
  selfApproval === "forbid" && email === run.createdBy;

/** Who may decide on the run: by users, roles, teams as they are now, and by the policy as it was. */
export async function approversOf(
  ctx: Ctx,
  run: Run,
  selfApproval: SelfApproval = "allow",
): Promise<Person[]> {
  const { approve } = await permissionsOf(ctx, run.action.identifier);
  const people = (await readUsers(ctx.db, ctx.org))
    .map(personOf)
    .filter((one) => one !== null)
    .filter(({ email }) => !isOwn(selfApproval, run, email));
  const named = people.filter(
    (person) =>
      approve.users.includes(person.email) ||
      approve.roles.some((role) => person.roles.includes(role)) ||
      approve.teams.some((team) => person.teams.includes(team)) ||
      run.policyApprovers?.includes(person.email) === true,
  );
  // A run nobody may approve of would wait for ever.
  return named.length > 0 ? named : people.filter(isAdmin);
}

async function pending(
  ctx: Ctx,
  run: Run,
  approvals: readonly Decision[],
  selfApproval: SelfApproval,
): Promise<Person[]> {
  const agreed = new Set(approvals.map(({ userId }) => userId));
  return (await approversOf(ctx, run, selfApproval)).filter(({ email }) => !agreed.has(email));
}

/** Who decided, and who has still to if asked for. @throws AppError not_found */
export async function getApprovers(
  ctx: Ctx,
  id: string,
  withPending: boolean,
  selfApproval: SelfApproval = "allow",
): Promise<JsonObject[]> {
  const run = await visibleRun(ctx, id);
  const people = await approversOf(ctx, run, selfApproval);
  const name = (email: string): string | null => people.find((one) => one.email === email)?.name ?? null;
  const done = run.approvals.map(({ userId, state, description, at }) => ({
    ...{ email: userId, userId, name: name(userId), state, description, decidedAt: at },
  }));
  const isOpen = run.status === "WAITING_FOR_APPROVAL";
  const waiting = withPending && isOpen ? await pending(ctx, run, run.approvals, selfApproval) : [];
  return [
    ...done,
    ...waiting.map(({ email, name: title }) => ({
      ...{ email, userId: email, name: title, state: "PENDING", description: null, decidedAt: null },
    })),
  ];
}

const MAX_WAITING = 1000;

/** Runs that wait for a decision of whoever asks, newest first. */
export async function runsToApprove(ctx: Ctx, selfApproval: SelfApproval = "allow"): Promise<Run[]> {
  const { person } = ctx.actor;
  const runs = await listRuns(ctx.db, ctx.org, { status: "WAITING_FOR_APPROVAL", limit: MAX_WAITING });
  if (person === undefined) return runs;
  const mine: Run[] = [];
  for (const run of runs) {
    if (isOwn(selfApproval, run, person.email)) continue;
    const hasDecided = run.approvals.some(({ userId }) => userId === person.email);
    const { approve } = await permissionsOf(ctx, run.action.identifier);
    const isAsked = isGranted(approve, person) || run.policyApprovers?.includes(person.email) === true;
    if (!hasDecided && isAsked) mine.push(run);
  }
  return mine;
}
