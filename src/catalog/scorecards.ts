/** Scorecards of blueprints: read, create, replace, change, delete (workflows.md §5.1). They are part of the definition. */
import { type Blueprint, type BlueprintPlan, planOf } from "../model/blueprint.ts";
import { refuseCycles } from "../model/derive-plan.ts";
import { AppError, invalid, notFound } from "../model/error.ts";
import { isBlueprintIdentifier } from "../model/identifier.ts";
import { checkJson, isObject, type JsonObject, kindOf, sameJson } from "../model/json.ts";
import { ROW_KEY, SCORECARDS_KEY, storedScorecards } from "../model/scorecard.ts";
import { checkScorecard, MAX_RULES_OF_BLUEPRINT } from "../model/scorecard-check.ts";
import {
  listBlueprints,
  lockBlueprints,
  lockDefinitions,
  readBlueprint,
  updateBlueprint,
} from "../storage/blueprints.ts";
import { appendChanges, type ChangeRow } from "../storage/changes.ts";
import type { Ctx } from "../storage/context.ts";
import { transact } from "../storage/transact.ts";
import { forgetDerivations } from "../engine/derivations.ts";
import { renameWatchedScorecard } from "./rename-watching.ts";
import { followScorecards, withRows } from "./scorecard-rows.ts";

export interface ScorecardResult {
  readonly scorecard: JsonObject;
  readonly warnings: readonly string[];
  readonly changed: boolean;
}

export interface ScorecardsResult {
  readonly scorecards: readonly JsonObject[];
  readonly warnings: readonly string[];
  readonly changed: boolean;
}

/** Of all blueprints, in the order of these. */
export async function getAllScorecards(ctx: Ctx): Promise<JsonObject[]> {
  return (await listBlueprints(ctx.db, ctx.org)).flatMap(({ document }) => rendered(document));
}

/** @throws AppError `not_found` */
export async function getScorecards(ctx: Ctx, blueprint: string): Promise<JsonObject[]> {
  const found = isBlueprintIdentifier(blueprint) ? await readBlueprint(ctx.db, ctx.org, blueprint) : null;
  if (found === null) throw notFound("Blueprint", blueprint);
  return rendered(found.document);
}

/** @throws AppError `not_found` */
export async function getScorecard(ctx: Ctx, blueprint: string, identifier: string): Promise<JsonObject> {
  return found(await getScorecards(ctx, blueprint), identifier);
}

/** @throws AppError `conflict` when the blueprint has one of this identifier */
export function createScorecard(ctx: Ctx, blueprint: string, body: unknown): Promise<ScorecardResult> {
  return edit(ctx, blueprint, (list, plan, stamp) => {
    const { document, warnings } = checkScorecard(body, plan);
    refuseTaken(list, document, blueprint);
    return { ...KEPT, list: [...list, stamp(document, null)], one: document["identifier"], warnings };
  });
}

/** What the body omits is removed; another identifier renames it. */
export function replaceScorecard(
  ctx: Ctx,
  blueprint: string,
  identifier: string,
  body: unknown,
): Promise<ScorecardResult> {
  if (!isObject(body)) throw invalid(`the scorecard must be an object, not ${kindOf(body)}`);
  return rewrite(ctx, blueprint, identifier, () => ({ identifier, ...body }));
}

/** Each key present replaces, null removes it. */
export function changeScorecard(
  ctx: Ctx,
  blueprint: string,
  identifier: string,
  patch: unknown,
): Promise<ScorecardResult> {
  if (!isObject(patch)) throw invalid(`the body must be an object, not ${kindOf(patch)}`);
  checkJson(patch, "");
  return rewrite(ctx, blueprint, identifier, (current) => ({ ...current, ...patch }));
}

function rewrite(
  ctx: Ctx,
  blueprint: string,
  identifier: string,
  next: (current: JsonObject) => JsonObject,
): Promise<ScorecardResult> {
  return edit(ctx, blueprint, (list, plan, stamp) => {
    const current = found(list, identifier);
    const { [ROW_KEY]: _, ...shown } = current;
    const { document, warnings } = checkScorecard(next(shown), plan);
    const others = list.filter((one) => one !== current);
    refuseTaken(others, document, blueprint);
    const after = list.map((one) => (one === current ? stamp(document, current) : one));
    const to = String(document["identifier"]);
    return { list: after, one: to, warnings, renamed: to === identifier ? null : { from: identifier, to } };
  });
}

/** All scorecards of the blueprint at once: those that the list omits are removed, none gets another identifier. */
export async function replaceScorecards(
  ctx: Ctx,
  blueprint: string,
  body: unknown,
): Promise<ScorecardsResult> {
  const given: unknown = isObject(body) ? body["scorecards"] : body;
  if (!Array.isArray(given)) throw invalid(`the body must be a list of scorecards, not ${kindOf(given)}`);
  const { changed, warnings } = await edit(ctx, blueprint, (list, plan, stamp) => {
    const known = new Map(list.map((one) => [one["identifier"], one]));
    const after: JsonObject[] = [];
    const all: string[] = [];
    for (const [i, item] of given.entries()) {
      const checked = checkScorecard(item, plan, `scorecards[${i}]`);
      refuseTaken(after, checked.document, blueprint);
      after.push(stamp(checked.document, known.get(checked.document["identifier"]) ?? null));
      all.push(...checked.warnings);
    }
    return { ...KEPT, list: after, warnings: all };
  });
  return { scorecards: await getScorecards(ctx, blueprint), warnings, changed };
}

/** Levels go with it. */
export async function deleteScorecard(ctx: Ctx, blueprint: string, identifier: string): Promise<void> {
  await edit(ctx, blueprint, (list) => {
    const current = found(list, identifier);
    return { ...KEPT, list: list.filter((one) => one !== current) };
  });
}

interface Edit {
  readonly list: readonly JsonObject[];
  /** Identifier of the one that is answered. */
  readonly one: unknown;
  readonly warnings: readonly string[];
  /** Identifiers of the one that is the same by another name. */
  readonly renamed: Renamed | null;
}

interface Renamed {
  readonly from: string;
  readonly to: string;
}

const KEPT = { one: undefined, warnings: [], renamed: null } as const;

type Stamp = (document: JsonObject, before: JsonObject | null) => JsonObject;

/** In one transaction, nobody else changing definitions or writing entities of the blueprint meanwhile. */
async function edit(
  ctx: Ctx,
  blueprint: string,
  change: (list: readonly JsonObject[], plan: BlueprintPlan, stamp: Stamp) => Edit,
): Promise<ScorecardResult> {
  if (!isBlueprintIdentifier(blueprint)) throw notFound("Blueprint", blueprint);
  return transact(ctx, async (tx) => {
    const { db, org } = tx;
    await lockDefinitions(db, org);
    const current = (await lockBlueprints(db, org, [blueprint])).get(blueprint);
    if (current === undefined) throw notFound("Blueprint", blueprint);
    const plan = planOf(current.document);
    const before = storedScorecards(current.document);
    const at = tx.now().toISOString();
    const stamp: Stamp = (document, old) => stamped(document, old, at, tx.actor.id);
    const { list: wanted, one, warnings, renamed } = change(before, plan, stamp);
    const list = await withRows(tx, blueprint, wanted);
    const changed = !sameJson(before, list);
    if (changed) await write(tx, current, before, list, renamed);
    const answer = one === undefined ? undefined : list.find(({ identifier }) => identifier === one);
    return { scorecard: answer === undefined ? {} : render(answer, blueprint), warnings, changed };
  });
}

async function write(
  tx: Ctx,
  current: Blueprint,
  before: readonly JsonObject[],
  after: readonly JsonObject[],
  renamed: Renamed | null,
): Promise<void> {
  const { db, org } = tx;
  const { [SCORECARDS_KEY]: _, ...rest } = current.document;
  const document = after.length === 0 ? rest : { ...rest, [SCORECARDS_KEY]: after };
  const identifier = String(document["identifier"]);
  const plan = planOf(document);
  const rules = plan.scorecards.reduce((sum, one) => sum + one.rules.length, 0);
  if (rules > MAX_RULES_OF_BLUEPRINT)
    throw invalid(
      `rules: blueprint "${identifier}" would have ${rules} rules; at most ${MAX_RULES_OF_BLUEPRINT} are allowed`,
    );
  const others = (await listBlueprints(db, org)).map((one) => planOf(one.document));
  const stored = new Map(others.map((one) => [one.identifier, one]));
  refuseCycles(stored, new Map(stored).set(identifier, plan), identifier);
  // The blueprint itself is as it was: its times stay.
  await updateBlueprint(db, org, identifier, {
    ...{ identifier, document, at: current.updatedAt, by: current.updatedBy },
  });
  await followScorecards(tx, current.document, document);
  // The history of levels follows these rows of the change feed.
  if (renamed !== null) await renameWatchedScorecard(tx, identifier, renamed.from, renamed.to);
  forgetDerivations(tx);
  await appendChanges(tx, tx.now(), changesOf(identifier, before, after, renamed));
}

function changesOf(
  blueprint: string,
  before: readonly JsonObject[],
  after: readonly JsonObject[],
  renamed: Renamed | null,
): ChangeRow[] {
  const row = (old: JsonObject | null, now: JsonObject | null): ChangeRow => ({
    kind: "scorecard",
    action: old === null ? "CREATE" : now === null ? "DELETE" : "UPDATE",
    blueprint,
    identifier: String((now ?? old)?.["identifier"]),
    before: old === null ? null : render(old, blueprint),
    after: now === null ? null : render(now, blueprint),
  });
  const was = ({ identifier }: JsonObject): unknown =>
    renamed !== null && identifier === renamed.to ? renamed.from : identifier;
  const named = new Map(before.map((old) => [old["identifier"], old]));
  const kept = new Set(after.map(was));
  return [
    ...after.flatMap((now) => {
      const old = named.get(was(now)) ?? null;
      return old !== null && sameJson(old, now) ? [] : [row(old, now)];
    }),
    ...before.filter(({ identifier }) => !kept.has(identifier)).map((old) => row(old, null)),
  ];
}

/** With times; those of one that stays as it is do not move. */
function stamped(document: JsonObject, old: JsonObject | null, at: string, by: string): JsonObject {
  const created = { createdAt: old?.["createdAt"] ?? at, createdBy: old?.["createdBy"] ?? by };
  const { createdAt: _a, createdBy: _b, updatedAt, updatedBy, [ROW_KEY]: row, ...content } = old ?? {};
  const isSame = old !== null && JSON.stringify(content) === JSON.stringify(document);
  // The entity stays with the identifier.
  const isKept = row !== undefined && content["identifier"] === document["identifier"];
  return {
    ...document,
    ...(isKept ? { [ROW_KEY]: row } : {}),
    ...created,
    ...(isSame ? { updatedAt, updatedBy } : { updatedAt: at, updatedBy: by }),
  };
}

function rendered(document: JsonObject): JsonObject[] {
  return storedScorecards(document).map((one) => render(one, String(document["identifier"])));
}

function render(scorecard: JsonObject, blueprint: string): JsonObject {
  const { identifier, title, [ROW_KEY]: _, ...rest } = scorecard;
  return { identifier, title, blueprint, ...rest };
}

function found(list: readonly JsonObject[], identifier: string): JsonObject {
  const one = list.find((scorecard) => scorecard["identifier"] === identifier);
  if (one === undefined) throw notFound("Scorecard", identifier);
  return one;
}

function refuseTaken(list: readonly JsonObject[], { identifier }: JsonObject, blueprint: string): void {
  if (list.some((one) => one["identifier"] === identifier))
    throw new AppError(
      "conflict",
      `Scorecard with identifier "${String(identifier)}" exists already in blueprint "${blueprint}"`,
    );
}
