/** Initiatives: create, read, replace, delete. Each change makes their automations anew, in the same transaction. */
import { restricted } from "../../catalog/guard.ts";
import { allBlueprints } from "../../catalog/search-catalog.ts";
import { type Visible, visibleEntities } from "../../catalog/search-visible.ts";
import type { BlueprintPlan } from "../../model/blueprint.ts";
import { AppError, invalid, notFound } from "../../model/error.ts";
import { checkGoal, goalProblem, type Initiative, parseInitiative } from "../../model/initiative.ts";
import { isObject, type JsonObject, kindOf, sameJson } from "../../model/json.ts";
import { TEAM_BLUEPRINT } from "../../model/query-graph.ts";
import { USER_BLUEPRINT } from "../../model/user.ts";
import { deleteAutomations, makeAutomations } from "../made-automations.ts";
import { appendAuditEvents } from "../../storage/audit-events.ts";
import { lockDefinitions, readBlueprint } from "../../storage/blueprints.ts";
import type { Ctx } from "../../storage/context.ts";
import { readEntities } from "../../storage/entities.ts";
import {
  deleteInitiative,
  type InitiativeRow,
  insertInitiative,
  listInitiatives,
  readInitiative,
  readProgress,
  updateInitiative,
} from "../../storage/initiatives.ts";
import { transact } from "../../storage/transact.ts";
import { countInitiative, openQuery, scorecardOf } from "./count-initiative.ts";
import { reminderIdentifiers, remindersOf } from "./initiative-automations.ts";
import { initiativeOf } from "./initiative-round.ts";

/** Of blueprints of which whoever asks may read something. */
export async function getInitiatives(ctx: Ctx): Promise<JsonObject[]> {
  return shownTo(ctx, await listInitiatives(ctx.db, ctx.org));
}

/** @throws AppError not_found */
export async function getInitiative(ctx: Ctx, identifier: string): Promise<JsonObject> {
  const [shown] = await shownTo(ctx, [await found(ctx, identifier)]);
  if (shown === undefined) throw notFound("Initiative", identifier);
  return shown;
}

/** @throws AppError invalid_request, not_found for what it names, conflict */
export function createInitiative(ctx: Ctx, body: unknown): Promise<JsonObject> {
  const { initiative, document } = parseInitiative(body);
  return transact(ctx, async (tx) => {
    await lockDefinitions(tx.db, tx.org);
    await checkNamed(tx, initiative);
    const write = { ...keysOf(initiative), document, at: tx.now(), by: tx.actor.id };
    if (!(await insertInitiative(tx.db, tx.org, write)))
      throw new AppError("conflict", `Initiative with identifier "${initiative.identifier}" exists already`);
    await makeAutomations(
      tx,
      "initiative",
      reminderIdentifiers(initiative.identifier),
      remindersOf(initiative),
    );
    const { identifier } = initiative;
    await appendAuditEvents(tx, [{ kind: "initiative", action: "CREATE", identifier, after: document }]);
    return render(await found(tx, identifier), tx.now(), null);
  });
}

/** What the body omits is removed; another goal is counted anew. @throws AppError invalid_request, not_found */
export function replaceInitiative(ctx: Ctx, identifier: string, body: unknown): Promise<JsonObject> {
  if (!isObject(body)) throw invalid(`the initiative must be an object, not ${kindOf(body)}`);
  const { initiative, document } = parseInitiative({ identifier, ...body });
  if (initiative.identifier !== identifier)
    throw invalid(
      `initiative.identifier "${initiative.identifier}" must be "${identifier}": an initiative keeps its identifier`,
    );
  return transact(ctx, async (tx) => {
    await lockDefinitions(tx.db, tx.org);
    const before = await found(tx, identifier, true);
    await checkNamed(tx, initiative);
    const write = { ...keysOf(initiative), document, at: tx.now(), by: tx.actor.id };
    await updateInitiative(tx.db, tx.org, write, !sameJson(goalOf(initiativeOf(before)), goalOf(initiative)));
    await makeAutomations(
      tx,
      "initiative",
      reminderIdentifiers(initiative.identifier),
      remindersOf(initiative),
    );
    const change = { before: before.document, after: document };
    await appendAuditEvents(tx, [{ kind: "initiative", action: "UPDATE", identifier, ...change }]);
    return render(await found(tx, identifier), tx.now(), null);
  });
}

/** Its automations go with it; their runs stay. @throws AppError not_found */
export function removeInitiative(ctx: Ctx, identifier: string): Promise<void> {
  return transact(ctx, async (tx) => {
    await lockDefinitions(tx.db, tx.org);
    const { document: before } = await found(tx, identifier, true);
    await deleteAutomations(tx, reminderIdentifiers(identifier));
    await deleteInitiative(tx.db, tx.org, identifier);
    await appendAuditEvents(tx, [{ kind: "initiative", action: "DELETE", identifier, before }]);
  });
}

const MAX_POINTS = 2000;

export interface InitiativeProgress {
  readonly total: number;
  readonly done: number;
  readonly points: { at: string; total: number; done: number }[];
  /** A search; null: the scorecard is gone, or what is to be reached of it. */
  readonly open: JsonObject | null;
}

/**
 * How far it has come over time, and a search for those that are not there yet. Who may read a part of the entities only is told of
 * these as they are now.
 * @throws AppError not_found
 */
export async function initiativeProgress(ctx: Ctx, identifier: string): Promise<InitiativeProgress> {
  const row = await found(ctx, identifier);
  const visible = (await visibleEntities(ctx, [row.blueprint])).get(row.blueprint) ?? "all";
  if (visible === "none") throw notFound("Initiative", identifier);
  const isWhole = visible === "all";
  const initiative = initiativeOf(row);
  const named = await scorecardOf(ctx, initiative);
  const scorecard = named !== null && goalProblem(initiative, named) === null ? named : null;
  const last = { total: (isWhole ? row.total : null) ?? 0, done: (isWhole ? row.done : null) ?? 0 };
  const counted = scorecard === null ? last : await countInitiative(ctx, initiative, scorecard);
  const points = isWhole ? await readProgress(ctx.db, ctx.org, identifier, MAX_POINTS) : [];
  return {
    ...counted,
    points: points.map(({ at, total, done }) => ({ at: at.toISOString(), total, done })),
    open: scorecard === null ? null : openQuery(initiative, scorecard),
  };
}

async function found(ctx: Ctx, identifier: string, lock = false): Promise<InitiativeRow> {
  const row = await readInitiative(ctx.db, ctx.org, identifier, lock);
  if (row === null) throw notFound("Initiative", identifier);
  return row;
}

/** Without those of whose blueprint nothing may be read. Addresses of channels are for administrators. */
async function shownTo(ctx: Ctx, rows: readonly InitiativeRow[]): Promise<JsonObject[]> {
  if (rows.length === 0) return [];
  const plans = await allBlueprints(ctx);
  const visible = await visibleEntities(ctx, [...new Set(rows.map(({ blueprint }) => blueprint))]);
  const isAdmin = restricted(ctx) === null;
  return rows.flatMap((row) => {
    const what = visible.get(row.blueprint) ?? "all";
    if (what === "none") return [];
    const one = render(row, ctx.now(), problemOf(row, plans.get(row.blueprint)), what);
    const { recipients: _, automations: __, ...rest } = one;
    return [isAdmin ? one : rest];
  });
}

/** Why it can be reached no more; null: it can. */
function problemOf(row: InitiativeRow, plan: BlueprintPlan | undefined): string | null {
  const scorecard = plan?.scorecards.find(({ identifier }) => identifier === row.scorecard);
  return scorecard === undefined
    ? `scorecard ${JSON.stringify(row.scorecard)} is gone`
    : goalProblem(initiativeOf(row), scorecard);
}

function render(row: InitiativeRow, now: Date, problem: string | null, seen: Visible = "all"): JsonObject {
  const initiative = initiativeOf(row);
  const { total, done } = row;
  const isReached = total !== null && total > 0 && total === done;
  const isLate = now.getTime() >= initiative.dueAt;
  return {
    ...row.document,
    ...{ blueprint: row.blueprint, scorecard: row.scorecard },
    status: isReached ? "reached" : isLate ? "overdue" : "open",
    ...(problem === null ? {} : { problem }),
    ...(seen === "all" ? { total, done, countedAt: row.counted_at?.toISOString() ?? null } : {}),
    automations: remindersOf(initiative).map(({ identifier }) => identifier),
    createdAt: row.created_at.toISOString(),
    createdBy: row.created_by,
    updatedAt: row.updated_at.toISOString(),
    updatedBy: row.updated_by,
  };
}

const keysOf = ({ identifier, blueprint, scorecard }: Initiative) => ({ identifier, blueprint, scorecard });
const goalOf = ({ blueprint, scorecard, level, rules, query }: Initiative): JsonObject => ({
  ...{ blueprint, scorecard, level, rules, query },
});

async function checkNamed(ctx: Ctx, initiative: Initiative): Promise<void> {
  const { blueprint, scorecard: name, owner, team } = initiative;
  if ((await readBlueprint(ctx.db, ctx.org, blueprint)) === null) throw notFound("Blueprint", blueprint);
  const scorecard = await scorecardOf(ctx, initiative);
  if (scorecard === null) throw notFound("Scorecard", name);
  checkGoal(initiative, scorecard);
  const people = [
    ...(owner === null ? [] : [{ blueprint: USER_BLUEPRINT, identifier: owner }]),
    ...(team === null ? [] : [{ blueprint: TEAM_BLUEPRINT, identifier: team }]),
  ];
  const known = await readEntities(ctx.db, ctx.org, people);
  for (const { blueprint: kind, identifier } of people)
    if (!known.some((one) => one.blueprint === kind && one.identifier === identifier))
      throw notFound(kind === USER_BLUEPRINT ? "User" : "Team", identifier);
  // A query that the blueprint does not understand is refused by whoever asks it.
  await countInitiative(ctx, initiative, scorecard);
}
