/** Creates and changes entities, one or many, always through the same set-based path (data-model.md §4.2, §4.4, §4.5). */
import { randomInt } from "node:crypto";
import type { BlueprintPlan } from "../model/blueprint.ts";
import { type EntityJson, type EntityKey, keyOf, relationTargets, renderEntity } from "../model/entity.ts";
import { type EntityWrite, isByQuery, parseEntityWrite, type PlainWrite } from "../model/entity-write.ts";
import { AppError, invalid, notFound } from "../model/error.ts";
import { isEntityIdentifier } from "../model/identifier.ts";
import { checkJson, isObject, kindOf, show } from "../model/json.ts";
import type { Ctx } from "../storage/context.ts";
import { existingKeys, lockEntities, readEntities } from "../storage/entities.ts";
import { sqlState, transact } from "../storage/transact.ts";
import {
  applyBatch,
  type BatchEffect,
  type BatchItem,
  type ItemOutcome,
  newTargets,
  type WriteMode,
} from "./apply-batch.ts";
import { type Definition, getDefinition } from "./definitions.ts";
import { resolveWrite } from "./resolve-write.ts";
import { CreatedMeanwhile, writeSteps } from "./write-steps.ts";

export interface UpsertOptions extends WriteMode {
  /** Check everything, write nothing. */
  readonly validationOnly: boolean;
  /** Refuse keys that are no keys of an entity (PATCH). */
  readonly closed: boolean;
}

export interface BatchResult {
  /** One per body, in order. */
  readonly outcomes: readonly ItemOutcome[];
  readonly plan: BlueprintPlan;
  /** True when anything was written. */
  readonly changed: boolean;
}

export interface UpsertResult {
  readonly entity: EntityJson;
  readonly created: boolean;
  readonly changed: boolean;
  readonly warnings: readonly string[];
}

interface Batch {
  readonly ctx: Ctx;
  readonly blueprint: string;
  readonly bodies: readonly unknown[];
  readonly definition: Definition;
  readonly options: UpsertOptions;
}

const ATTEMPTS = 8;
const FOREIGN_KEY = "23503";

/** @throws AppError when the write is refused */
export async function upsertEntity(
  ctx: Ctx,
  blueprint: string,
  body: unknown,
  options: UpsertOptions,
): Promise<UpsertResult> {
  const { outcomes, plan } = await upsertEntities(ctx, blueprint, [body], options);
  const [outcome] = outcomes;
  if (outcome === undefined) throw new Error("upsertEntity: no outcome");
  if (!outcome.ok) throw outcome.error;
  const { created, changed, warnings } = outcome;
  return { entity: renderEntity(plan, outcome.entity), created, changed, warnings };
}

/**
 * PUT (`override`) and PATCH (`merge`) of an entity that must exist.
 * @throws AppError when the write is refused
 */
export function putEntity(
  ctx: Ctx,
  key: { readonly blueprint: string; readonly entity: string },
  body: unknown,
  options: { readonly present: "override" | "merge"; readonly createMissing: boolean },
): Promise<UpsertResult> {
  if (!isObject(body)) throw invalid(`the entity must be an object, not ${kindOf(body)}`);
  const { identifier } = body;
  if (!isEntityIdentifier(key.entity)) throw notFound("Entity", key.entity);
  if (identifier !== undefined && identifier !== null && identifier !== key.entity) {
    checkJson(identifier, "identifier");
    throw invalid(`identifier ${show(identifier)}: renaming the entity "${key.entity}" is not supported yet`);
  }
  return upsertEntity(
    ctx,
    key.blueprint,
    { ...body, identifier: key.entity },
    {
      ...options,
      absent: "fail",
      validationOnly: false,
      closed: options.present === "merge",
    },
  );
}

/**
 * Each body succeeds or fails by itself, with the effect of array order: an item sees what earlier ones wrote.
 * @throws AppError only for the batch as a whole: the blueprint does not exist
 */
export async function upsertEntities(
  ctx: Ctx,
  blueprint: string,
  bodies: readonly unknown[],
  options: UpsertOptions,
): Promise<BatchResult> {
  const definition = await getDefinition(ctx, blueprint);
  const batch: Batch = { ctx, blueprint, bodies, definition, options };
  const outcomes = new Map<number, ItemOutcome>();
  const fail = (index: number, identifier: string, error: unknown): void => {
    if (!(error instanceof AppError)) throw error;
    outcomes.set(index, { index, ok: false, identifier, error });
  };
  // Items that ask queries must see what earlier items wrote, so they go alone; the runs between them go as sets.
  let run: BatchItem[] = [];
  const flush = async (): Promise<void> => {
    const items = run;
    run = [];
    for (const outcome of await writeRun(batch, items)) outcomes.set(outcome.index, outcome);
  };
  for (const [index, body] of bodies.entries()) {
    try {
      const write = parseEntityWrite(definition.plan, body, {
        closed: options.closed,
        check: definition.validator.check,
      });
      const plain = asPlain(write);
      if (plain !== null) {
        run.push({ index, write: plain });
        continue;
      }
      await flush();
      run.push({ index, write: await resolveWrite(ctx, definition.plan, write, generateIdentifier) });
      await flush();
    } catch (error) {
      fail(index, shownIdentifier(body), error);
    }
  }
  await flush();
  const ordered = [...outcomes.values()].sort((a, b) => a.index - b.index);
  const changed = !options.validationOnly && ordered.some((outcome) => outcome.ok && outcome.changed);
  return { outcomes: ordered, plan: definition.plan, changed };
}

function asPlain(write: EntityWrite): PlainWrite | null {
  const { identifier, team, ...rest } = write;
  if (isByQuery(identifier) || isByQuery(team) || [...write.relations.values()].some(isByQuery)) return null;
  return {
    ...rest,
    identifier: identifier ?? generateIdentifier(),
    ...(team === undefined ? {} : { team }),
    relations: write.relations as PlainWrite["relations"],
  };
}

const ALPHANUMERIC = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

function generateIdentifier(): string {
  return `e_${Array.from({ length: 16 }, () => ALPHANUMERIC[randomInt(ALPHANUMERIC.length)]).join("")}`;
}

/** How a failed item is called in the answer; `unknown` when it has no identifier of its own. */
function shownIdentifier(body: unknown): string {
  const identifier = isObject(body) ? body["identifier"] : undefined;
  return typeof identifier === "string" && isEntityIdentifier(identifier) ? identifier : "unknown";
}

/** Items without queries: at most two rounds of a constant number of statements. */
async function writeRun(batch: Batch, items: readonly BatchItem[]): Promise<readonly ItemOutcome[]> {
  const { ctx, definition, options } = batch;
  if (items.length === 0) return [];
  // Without locks first: a batch that changes nothing takes none, writes nothing, and waits for nobody.
  const preview = await effectOf(ctx, definition, items, options, readEntities);
  if (options.validationOnly || preview.steps.length === 0) return preview.outcomes;
  const changing = new Set(preview.steps.map((step) => step.after.identifier));
  const rewrite = items.filter(({ write }) => changing.has(write.identifier));
  try {
    const written = await writeLocked(batch, rewrite).catch((error: unknown) =>
      oneByOne(batch, rewrite, error),
    );
    const again = new Map(written.map((outcome) => [outcome.index, outcome]));
    return preview.outcomes.map((outcome) => again.get(outcome.index) ?? outcome);
  } catch (error) {
    if (!(error instanceof Redefined)) throw error;
    const bodies = items.map((item) => batch.bodies[item.index]);
    const { outcomes } = await upsertEntities(ctx, batch.blueprint, bodies, options);
    return outcomes.map((outcome, i) => ({ ...outcome, index: items[i]?.index ?? outcome.index }));
  }
}

/** The blueprint changed after the bodies were checked against it. */
class Redefined extends Error {}

/** In one transaction, with the definition and the entities locked. */
async function writeLocked(batch: Batch, items: readonly BatchItem[]): Promise<readonly ItemOutcome[]> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await transact(batch.ctx, async (ctx) => {
        const definition = await getDefinition(ctx, batch.blueprint, "share");
        if (definition.generation !== batch.definition.generation) throw new Redefined();
        const effect = await effectOf(ctx, definition, items, batch.options, lockEntities);
        if (effect.steps.length > 0) await writeSteps(ctx, effect.steps, ctx.now());
        return effect.outcomes;
      });
    } catch (error) {
      const meanwhile = error instanceof CreatedMeanwhile || sqlState(error) === FOREIGN_KEY;
      if (!meanwhile || attempt >= ATTEMPTS) throw error;
    }
  }
}

/**
 * The database refused the set: one item is something it cannot store although all checks passed. Each item gets a
 * transaction of its own (a savepoint each would hold all their locks together for as long).
 */
async function oneByOne(
  batch: Batch,
  items: readonly BatchItem[],
  error: unknown,
): Promise<readonly ItemOutcome[]> {
  const [only, ...others] = items;
  const refusal = asRefusal(error);
  if (refusal === null || only === undefined) throw error;
  if (others.length === 0)
    return [{ index: only.index, ok: false, identifier: only.write.identifier, error: refusal }];
  batch.ctx.log.warn(
    { err: error, items: items.length },
    "batch refused by the database, written one by one",
  );
  const outcomes: ItemOutcome[] = [];
  for (const item of items)
    outcomes.push(...(await writeLocked(batch, [item]).catch((e: unknown) => oneByOne(batch, [item], e))));
  return outcomes;
}

/** A database error that is about the data of one item; null when it is about anything else. */
function asRefusal(error: unknown): AppError | null {
  const state = sqlState(error);
  if (error instanceof CreatedMeanwhile || state === FOREIGN_KEY)
    return new AppError(
      "conflict",
      "this entity or a related one keeps being created and deleted; try again",
    );
  return /^(22|23|54)/.test(state)
    ? invalid(`the database cannot store this entity (SQLSTATE ${state})`)
    : null;
}

/** Reads what the items touch and works out their effect. */
async function effectOf(
  ctx: Ctx,
  definition: Definition,
  items: readonly BatchItem[],
  mode: WriteMode,
  read: typeof readEntities,
): Promise<BatchEffect> {
  const { plan } = definition;
  const identifiers = new Set(items.map((item) => item.write.identifier));
  const keys = [...identifiers].map((identifier) => ({ blueprint: plan.identifier, identifier }));
  const existing = new Map((await read(ctx.db, ctx.org, keys)).map((entity) => [entity.identifier, entity]));
  const wanted = new Map<string, EntityKey>();
  const targets = new Set<string>();
  for (const { write } of items) {
    const before = existing.get(write.identifier) ?? null;
    for (const relation of write.relations.keys())
      for (const target of relationTargets(before, relation))
        targets.add(keyOf(plan.relations.get(relation)?.target ?? "", target));
    for (const target of newTargets(plan, before, write))
      wanted.set(keyOf(target.blueprint, target.identifier), target);
  }
  for (const key of await existingKeys(ctx.db, ctx.org, [...wanted.values()])) targets.add(key);
  const targetPlans = new Map<string, BlueprintPlan>();
  if (mode.createMissing) {
    const missing = [...wanted].filter(([key]) => !targets.has(key)).map(([, target]) => target.blueprint);
    for (const blueprint of [...new Set(missing)].sort())
      if (!blueprint.startsWith("_")) {
        const lock = ctx.db.isTransaction ? "share" : "none";
        targetPlans.set(blueprint, (await getDefinition(ctx, blueprint, lock)).plan);
      }
  }
  return applyBatch(items, mode, { plan, existing, targets, targetPlans, now: ctx.now(), actor: ctx.actor });
}
