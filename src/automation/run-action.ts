/** Somebody runs a self-service action: who may, on what, with which inputs (workflows.md §3.1, §3.2, §3.7). */
import { getEntity } from "../catalog/read-entities.ts";
import { findMany } from "../catalog/search-many.ts";
import { type Action, blueprintOf, isPublished, triggerOf, triggerTypeOf } from "../model/action.ts";
import { ACTION_DEFAULTS } from "../model/action-permission.ts";
import { closedAt, isGiven, objectAt } from "../model/action-fields.ts";
import type { Person } from "../model/actor.ts";
import { AppError, invalid } from "../model/error.ts";
import { isEntityIdentifier } from "../model/identifier.ts";
import { checkJson, isObject, type JsonObject, show } from "../model/json.ts";
import { parseQuery } from "../model/query.ts";
import type { Named, Run } from "../model/run.ts";
import { personOf, USER_BLUEPRINT } from "../model/user.ts";
import { readBlueprint } from "../storage/blueprints.ts";
import type { Ctx } from "../storage/context.ts";
import { readEntities } from "../storage/entities.ts";
import { transact } from "../storage/transact.ts";
import { visibleAction } from "./define-action.ts";
import { checkInputs } from "./inputs/check-inputs.ts";
import { mayRun } from "./may-run.ts";
import { approversBy } from "./policy.ts";
import { type StartRun, startRun } from "./start-run.ts";

export interface RunRequest {
  readonly body: unknown;
  /** In whose name (`run_as`); honoured with API credentials. */
  readonly runAs: string | null;
}

/** @throws AppError not_found, forbidden, invalid_request naming the input */
export async function runAction(
  ctx: Ctx,
  clientSecret: string,
  identifier: string,
  request: RunRequest,
): Promise<Run> {
  const own = await inNameOf(ctx, request.runAs);
  const action = await runnableAction(own, identifier);
  const body = objectAt(request.body ?? {}, "body");
  checkJson(body, "body");
  closedAt(body, ["properties", "entity", "version"], "body");
  const sent = isGiven(body["properties"]) ? objectAt(body["properties"], "properties") : {};
  const subject = await subjectOf(own, action, body["entity"]);
  const document = subject.entity?.document ?? null;
  const { userInputs } = triggerOf(action);
  const inputs = await checkInputs(own, clientSecret, isObject(userInputs) ? userInputs : {}, sent, document);
  const about = { inputs: inputs.seen, entity: document };
  if (!(await mayRun(own, action, about)))
    throw new AppError("forbidden", `you are not allowed to run action "${identifier}"`);
  const { policy } = (action.permissions ?? ACTION_DEFAULTS).approve;
  const start: StartRun = {
    action,
    source: ctx.actor.kind === "user" ? "UI" : "API",
    inputs,
    ...subject,
    event: null,
    trigger: triggerOfRun(own, action),
    policyApprovers: policy === null ? null : await approversBy(own, policy, { action, ...about }),
    createdBy: own.actor.id,
    impersonatedBy: own === ctx ? null : ctx.actor.id,
  };
  return transact(ctx, async (inner) => (await startRun(inner, start)).run);
}

/** @throws AppError not_found, forbidden, invalid_request */
async function runnableAction(ctx: Ctx, identifier: string): Promise<Action> {
  const action = await visibleAction(ctx, identifier);
  if (triggerTypeOf(action) === "automation")
    throw invalid(`action "${identifier}" is an automation: its event starts it, nobody else`);
  if (!isPublished(action))
    throw new AppError("forbidden", `action "${identifier}" is a draft (publish: false)`);
  return action;
}

/** The context of the person who is named. @throws AppError forbidden, not_found */
async function inNameOf(ctx: Ctx, runAs: string | null): Promise<Ctx> {
  if (runAs === null || runAs === "" || runAs === ctx.actor.id) return ctx;
  if (ctx.actor.person !== undefined || ctx.actor.kind !== "machine")
    throw new AppError("forbidden", "run_as is for API credentials");
  const keys = isEntityIdentifier(runAs) ? [{ blueprint: USER_BLUEPRINT, identifier: runAs }] : [];
  const [user] = await readEntities(ctx.db, ctx.org, keys);
  const person: Person | null = user === undefined ? null : personOf(user);
  if (person === null) throw new AppError("not_found", `User with identifier ${show(runAs)} was not found`);
  return { ...ctx, actor: { ...ctx.actor, id: person.email, person } };
}

type Subject = Pick<StartRun, "blueprint" | "entity">;

/** @throws AppError not_found, invalid_request when the action needs an entity, takes none, or is not for this one */
export async function subjectOf(ctx: Ctx, action: Action, sent: unknown): Promise<Subject> {
  const name = blueprintOf(action);
  const blueprint = name === null ? null : await readBlueprint(ctx.db, ctx.org, name);
  const about = blueprint === null ? null : namedOf(blueprint.document);
  const isOnEntity = triggerOf(action)["operation"] !== "CREATE" && about !== null;
  if (!isGiven(sent) || sent === "") {
    if (isOnEntity)
      throw invalid(
        `entity is missing: action "${action.identifier}" runs on an entity of "${String(name)}"`,
      );
    return { blueprint: about, entity: null };
  }
  const identifier = isObject(sent) ? sent["identifier"] : sent;
  if (typeof identifier !== "string") throw invalid(`entity must be an identifier, not ${show(sent)}`);
  if (!isOnEntity)
    throw invalid(`entity ${show(identifier)}: action "${action.identifier}" runs on no entity`);
  const document: JsonObject = { ...(await getEntity(ctx, about.identifier, identifier)) };
  if (!(await isOffered(ctx, action, about.identifier, identifier)))
    throw invalid(
      `entity ${show(identifier)} does not meet the condition under which action "${action.identifier}" is offered`,
    );
  return { blueprint: about, entity: { named: namedOf(document), document } };
}

/** Whether the action's condition holds for the entity (§3.2.1). */
async function isOffered(ctx: Ctx, action: Action, blueprint: string, identifier: string): Promise<boolean> {
  const { condition } = triggerOf(action);
  if (!isObject(condition)) return true;
  const query = parseQuery(
    { combinator: condition["combinator"] ?? "and", rules: condition["rules"] ?? [] },
    "condition",
  );
  const isIt = { op: "in", values: [identifier] } as const;
  const isNamed = { kind: "rule", property: "$identifier", condition: isIt, negated: false } as const;
  const both = { kind: "group", combinator: "and", rules: [isNamed, query] } as const;
  const [found = []] = await findMany(ctx, [{ blueprint, query: both, limit: 1 }]);
  return found.length > 0;
}

function namedOf(document: JsonObject): Named {
  const text = (value: unknown): string | null => (typeof value === "string" ? value : null);
  return {
    identifier: String(document["identifier"]),
    title: text(document["title"]),
    icon: text(document["icon"]),
  };
}

function triggerOfRun({ org, actor, now }: Ctx, action: Action): JsonObject {
  const { person } = actor;
  const [firstName = "", ...rest] = (person?.name ?? "").trim().split(/\s+/);
  return {
    by: {
      orgId: org,
      userId: actor.id,
      ...(person === undefined
        ? {}
        : { user: { id: person.email, email: person.email, firstName, lastName: rest.join(" ") } }),
    },
    origin: actor.kind === "user" ? "UI" : "API",
    at: now().toISOString(),
    operation: triggerOf(action)["operation"] ?? null,
  };
}
