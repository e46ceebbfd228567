/**
 * Writes a run of items without queries, as sets. Usually two statements: read what the items touch, write the outcome
 * if none of it moved. Else again under locks, with a constant number of statements.
 */
import { deriveInline, shownInline } from "../engine/derive-inline.ts";
import type { BlueprintPlan } from "../model/blueprint.ts";
import { type Entity, type EntityKey, keyOf, relationTargets } from "../model/entity.ts";
import { AppError, invalid } from "../model/error.ts";
import type { Ctx } from "../storage/context.ts";
import { existingKeys, lockEntities } from "../storage/entities.ts";
import { sqlState, transact } from "../storage/transact.ts";
import { readWriteState, writeAtOnce } from "../storage/write-at-once.ts";
import {
  applyBatch,
  type BatchEffect,
  type BatchItem,
  type ItemOutcome,
  newTargets,
  type Step,
  type WriteMode,
} from "./apply-batch.ts";
import { type Definition, getDefinition } from "./definitions.ts";
import type { Guard } from "./guard.ts";
import {
  changeRows,
  CreatedMeanwhile,
  netEffects,
  relationDifference,
  shutOut,
  writeSteps,
} from "./write-steps.ts";

/** Does the whole of these items again, from their bodies. */
export type Redo = (items: readonly BatchItem[]) => Promise<readonly ItemOutcome[]>;

export interface RunContext {
  readonly ctx: Ctx;
  /** What the items were checked against. */
  readonly definition: Definition;
  readonly options: WriteMode & { readonly validationOnly: boolean; readonly throwCollisions?: boolean };
  readonly guard: Guard | null;
  readonly redo: Redo;
}

const ATTEMPTS = 8;
const FOREIGN_KEY = "23503";

export async function writeRun(
  run: RunContext,
  items: readonly BatchItem[],
): Promise<readonly ItemOutcome[]> {
  if (items.length === 0) return [];
  // Without locks first: a batch that changes nothing takes none, writes nothing, and waits for nobody.
  const seen = await readSeen(run, items);
  if (seen === null) return run.redo(items);
  const { known, versions } = seen;
  const now = run.ctx.now();
  const preview = await effectOf(run, run.ctx, items, known, now);
  if (run.options.validationOnly || preview.steps.length === 0) return preview.outcomes;
  await derive(run, run.ctx, preview.steps, seen.shown);
  if (await writeSeen(run, preview.steps, versions, now)) return preview.outcomes;
  const changing = new Set(preview.steps.map((step) => step.after.identifier));
  const rewrite = items.filter(({ write }) => changing.has(write.identifier));
  const written = await writeItems(run, rewrite, known);
  const again = new Map(written.map((outcome) => [outcome.index, outcome]));
  return preview.outcomes.map((outcome) => again.get(outcome.index) ?? outcome);
}

/** What the items touch, in one statement; null when the blueprint is not the one they were checked against. */
async function readSeen(
  run: RunContext,
  items: readonly BatchItem[],
): Promise<{ known: State; versions: ReadonlyMap<string, string>; shown: readonly Entity[] } | null> {
  const { plan, generation } = run.definition;
  const identifiers = [...new Set(items.map(({ write }) => write.identifier))].sort();
  const wanted = new Map<string, EntityKey>();
  for (const { write } of items)
    for (const target of newTargets(plan, null, write))
      wanted.set(keyOf(target.blueprint, target.identifier), target);
  const { db, org } = run.ctx;
  const targets = [...wanted.values()];
  const shown = targets.length === 0 ? null : shownInline(run.ctx, plan.identifier, generation);
  const state = await readWriteState(db, org, plan.identifier, identifiers, targets, shown);
  if (state.generation !== generation) return null;
  const missing = [...wanted]
    .filter(([key]) => !state.targets.has(key))
    .map(([, target]) => target.blueprint);
  return {
    known: {
      existing: new Map(state.entities.map((entity) => [entity.identifier, entity])),
      targets: state.targets,
      targetPlans: await plansFor(run, run.ctx, new Set(missing)),
    },
    ...{ versions: state.versions, shown: state.shown },
  };
}

/** Deadlock and serialisation failures, keys that came or went, values that the database cannot store. */
const WRITE_UNDER_LOCKS = /^(40|22|23|42|54)/;
const ABOUT_STATEMENT = /^(22|42)/;

/** @returns false when it must be done again under locks; nothing is written then */
async function writeSeen(
  run: RunContext,
  steps: readonly Step[],
  versions: ReadonlyMap<string, string>,
  now: Date,
): Promise<boolean> {
  const { plan, generation } = run.definition;
  const nets = netEffects(steps);
  // An error would end the caller's transaction; other blueprints have generations of their own.
  if (run.ctx.db.isTransaction || nets.some(({ after }) => after.blueprint !== plan.identifier)) return false;
  // More than the one statement does goes with it.
  if (shutOut(nets).length > 0) return false;
  const updates = nets.flatMap(({ before, after }) =>
    before === null ? [] : [{ entity: after, version: versions.get(after.identifier) ?? "" }],
  );
  try {
    return await writeAtOnce(run.ctx, now, {
      ...{ blueprint: plan.identifier, generation, updates },
      inserts: nets.filter(({ before }) => before === null).map(({ after }) => after),
      ...relationDifference(nets),
      changes: changeRows(steps),
    });
  } catch (error) {
    const state = sqlState(error);
    if (!WRITE_UNDER_LOCKS.test(state)) throw error;
    // All checks passed: a statement that is wrong, or a value that no check knows of. The other way is slower, and
    // would hide that.
    if (ABOUT_STATEMENT.test(state))
      run.ctx.log.warn({ err: error, items: steps.length }, "set refused, written under locks");
    return false;
  }
}

/** Mirrors and calculations of what is written. @param shown entities as they are stored, as far as mirrors need them */
function derive(
  { definition }: RunContext,
  ctx: Ctx,
  steps: readonly Step[],
  shown: readonly Entity[] = [],
): Promise<void> {
  return deriveInline(ctx, definition.plan.identifier, definition.generation, steps, shown);
}

/** The blueprint changed after the bodies were checked against it. */
class Redefined extends Error {}

/**
 * When the database refuses the set although all checks passed, one item is something that it cannot store. Then each
 * gets a transaction of its own (with savepoints all their locks would be held for as long as the slowest).
 */
async function writeItems(
  run: RunContext,
  items: readonly BatchItem[],
  known: State | null,
): Promise<readonly ItemOutcome[]> {
  try {
    return await writeLocked(run, items, known);
  } catch (error) {
    if (error instanceof Redefined) return run.redo(items);
    // The caller's transaction holds what was inserted before the collision: only the caller can undo that.
    if (run.options.throwCollisions === true) throw error;
    const refusal = asRefusal(error);
    const [only, ...others] = items;
    if (refusal === null || only === undefined) throw error;
    if (others.length === 0)
      return [{ index: only.index, ok: false, identifier: only.write.identifier, error: refusal }];
    run.ctx.log.warn(
      { err: error, items: items.length },
      "batch refused by the database, written one by one",
    );
    const outcomes: ItemOutcome[] = [];
    for (const item of items) outcomes.push(...(await writeItems(run, [item], null)));
    return outcomes;
  }
}

/** In one transaction (the caller's, when it has one), with the definition and the entities locked. */
async function writeLocked(
  run: RunContext,
  items: readonly BatchItem[],
  known: State | null,
): Promise<readonly ItemOutcome[]> {
  const write = async (ctx: Ctx, seen: State | null): Promise<readonly ItemOutcome[]> => {
    const { generation } = await getDefinition(ctx, run.definition.plan.identifier, "share");
    if (generation !== run.definition.generation) throw new Redefined();
    const now = ctx.now();
    const state = await readState(run, ctx, items, seen);
    const effect = await effectOf(run, ctx, items, state, now);
    await derive(run, ctx, effect.steps);
    await writeSteps(ctx, effect.steps, now);
    return effect.outcomes;
  };
  if (run.ctx.db.isTransaction) return write(run.ctx, null);
  for (let attempt = 1; ; attempt++) {
    try {
      // What the preview saw is good enough to begin with: inserts and foreign keys notice when it is not.
      return await transact(run.ctx, (ctx) => write(ctx, attempt === 1 ? known : null));
    } catch (error) {
      const meanwhile = error instanceof CreatedMeanwhile || sqlState(error) === FOREIGN_KEY;
      if (!meanwhile || attempt >= ATTEMPTS) throw error;
    }
  }
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

interface State {
  readonly existing: ReadonlyMap<string, Entity>;
  /** `keyOf` of relation targets that exist. */
  readonly targets: ReadonlySet<string>;
  /** Blueprints in which missing targets may be created. */
  readonly targetPlans: ReadonlyMap<string, BlueprintPlan>;
}

async function effectOf(
  run: RunContext,
  ctx: Ctx,
  items: readonly BatchItem[],
  known: State,
  now: Date,
): Promise<BatchEffect> {
  const { plan } = run.definition;
  const { actor, resync = false } = run.ctx;
  const state = { ...known, plan, now, actor, resync };
  if (run.guard === null || plan.ownership !== "inherited")
    return applyBatch(items, run.options, { ...state, guard: run.guard });
  const { steps } = applyBatch(items, run.options, { ...state, guard: null });
  await derive(run, ctx, steps);
  const owners = steps.flatMap(({ after }) =>
    after.blueprint === plan.identifier ? [[after.identifier, after.team] as const] : [],
  );
  return applyBatch(items, run.options, { ...state, guard: run.guard, owners: new Map(owners) });
}

/**
 * What the items touch, their entities locked.
 * @param known an earlier answer, so that only what it found is read (and locked) again
 */
async function readState(
  run: RunContext,
  ctx: Ctx,
  items: readonly BatchItem[],
  known: State | null,
): Promise<State> {
  const { plan } = run.definition;
  const identifiers = new Set(items.map((item) => item.write.identifier));
  const keys = [...identifiers]
    .filter((identifier) => known === null || known.existing.has(identifier))
    .map((identifier) => ({ blueprint: plan.identifier, identifier }));
  const existing = new Map(
    (await lockEntities(ctx.db, ctx.org, keys)).map((entity) => [entity.identifier, entity]),
  );
  const wanted = new Map<string, EntityKey>();
  const targets = new Set<string>(known?.targets);
  for (const { write } of items) {
    const before = existing.get(write.identifier) ?? null;
    for (const relation of write.relations.keys())
      for (const target of relationTargets(before, relation))
        targets.add(keyOf(plan.relations.get(relation)?.target ?? "", target));
    for (const target of newTargets(plan, before, write)) {
      const key = keyOf(target.blueprint, target.identifier);
      if (!targets.has(key)) wanted.set(key, target);
    }
  }
  if (known === null)
    for (const key of await existingKeys(ctx.db, ctx.org, [...wanted.values()])) targets.add(key);
  const missing = [...wanted].filter(([key]) => !targets.has(key)).map(([, target]) => target.blueprint);
  return { existing, targets, targetPlans: await plansFor(run, ctx, new Set(missing)) };
}

/** The system's own blueprints (`_…`) are protected: nothing is created in them by the way. */
async function plansFor(
  run: RunContext,
  ctx: Ctx,
  blueprints: ReadonlySet<string>,
): Promise<ReadonlyMap<string, BlueprintPlan>> {
  const plans = new Map<string, BlueprintPlan>();
  if (!run.options.createMissing) return plans;
  for (const blueprint of [...blueprints].sort())
    if (!blueprint.startsWith("_"))
      plans.set(
        blueprint,
        (await getDefinition(ctx, blueprint, ctx.db.isTransaction ? "share" : "none")).plan,
      );
  return plans;
}
