/**
 * The effect of a batch of writes, worked out in memory in array order: what each item does, which rows change.
 * Pure: the caller has read the state that it starts from.
 */
import { type Actor, isExporter } from "../model/actor.ts";
import type { BlueprintPlan } from "../model/blueprint.ts";
import { type Entity, type EntityKey, keyOf, relationTargets, sameContent } from "../model/entity.ts";
import { applyWrite, bareEntity, type PlainWrite } from "../model/entity-write.ts";
import { AppError, notFound } from "../model/error.ts";
import { checkEntityIdentifier } from "../model/identifier.ts";
import type { Guard } from "./guard.ts";

export interface WriteMode {
  /** What to do with an entity that exists. */
  readonly present: "conflict" | "override" | "merge";
  readonly absent: "create" | "fail";
  /** Create missing relation targets as bare entities. */
  readonly createMissing: boolean;
}

export interface BatchItem {
  readonly index: number;
  readonly write: PlainWrite;
}

export interface BatchState {
  readonly plan: BlueprintPlan;
  /** By identifier: the entities of the plan's blueprint that the items name and that exist. */
  readonly existing: ReadonlyMap<string, Entity>;
  /** `keyOf` of the relation targets that exist. */
  readonly targets: ReadonlySet<string>;
  /** Plans of the blueprints in which bare entities may be created. */
  readonly targetPlans: ReadonlyMap<string, BlueprintPlan>;
  readonly now: Date;
  readonly actor: Actor;
  readonly resync: boolean;
  /** Who may write what; null: everybody everything. */
  readonly guard: Guard | null;
  /** Owners that the entities will inherit, by identifier: who may register them may depend on these. */
  readonly owners?: ReadonlyMap<string, readonly string[]>;
}

export type ItemOutcome =
  | {
      readonly index: number;
      readonly ok: true;
      readonly created: boolean;
      readonly changed: boolean;
      readonly entity: Entity;
      readonly warnings: readonly string[];
    }
  | { readonly index: number; readonly ok: false; readonly identifier: string; readonly error: AppError };

/** One change; several of one entity follow each other. */
export interface Step {
  /** Nothing that a client sees: no row in the change feed. */
  readonly quiet?: true;
  readonly plan: BlueprintPlan;
  readonly before: Entity | null;
  readonly after: Entity;
}

export interface BatchEffect {
  readonly outcomes: readonly ItemOutcome[];
  readonly steps: readonly Step[];
}

export function applyBatch(items: readonly BatchItem[], mode: WriteMode, state: BatchState): BatchEffect {
  const overlay = new Map<string, Entity>();
  const steps: Step[] = [];
  const outcomes: ItemOutcome[] = [];
  for (const { index, write } of items) {
    try {
      const effect = applyItem(write, mode, state, overlay);
      for (const step of effect.steps)
        overlay.set(keyOf(step.after.blueprint, step.after.identifier), step.after);
      steps.push(...effect.steps);
      outcomes.push({ index, ok: true, ...effect.outcome, warnings: write.warnings });
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      outcomes.push({ index, ok: false, identifier: write.identifier, error });
    }
  }
  return { outcomes, steps };
}

function applyItem(
  write: PlainWrite,
  mode: WriteMode,
  state: BatchState,
  overlay: ReadonlyMap<string, Entity>,
): { steps: Step[]; outcome: { created: boolean; changed: boolean; entity: Entity } } {
  const { plan, now, actor } = state;
  const before =
    overlay.get(keyOf(plan.identifier, write.identifier)) ?? state.existing.get(write.identifier) ?? null;
  if (before !== null && mode.present === "conflict")
    throw new AppError(
      "conflict",
      `Entity with identifier "${write.identifier}" of blueprint "${plan.identifier}" exists already`,
    );
  if (before === null && mode.absent === "fail") throw notFound("Entity", write.identifier);
  const written = applyWrite(plan, before, write, {
    mode: mode.present === "merge" ? "merge" : "override",
    now,
    actor,
    resync: state.resync,
  });
  const owners = before === null ? state.owners?.get(written.identifier) : undefined;
  const applied = owners === undefined ? written : { ...written, team: owners };
  const after = state.guard === null ? applied : state.guard.admit(plan, before, applied);
  const steps = missingTargets(before, after, write, mode, state, overlay);
  if (before !== null && sameContent(plan, before, after))
    return {
      steps: [...steps, ...takeOver(plan, before, actor)],
      outcome: { created: false, changed: steps.length > 0, entity: before },
    };
  steps.push({ plan, before, after });
  return { steps, outcome: { created: before === null, changed: true, entity: after } };
}

/**
 * An exporter owns what it sent last, also when that changed nothing: its reconciliation must find it
 * (data-model.md §4.8). Other writers leave the owner alone.
 */
function takeOver(plan: BlueprintPlan, before: Entity, actor: Actor): Step[] {
  if (!isExporter(actor) || before.datasource === actor.datasource) return [];
  return [{ plan, before, after: { ...before, datasource: actor.datasource }, quiet: true }];
}

/** Bare entities to create; throws `not_found` when a target is missing and may not be created. */
function missingTargets(
  before: Entity | null,
  after: Entity,
  write: PlainWrite,
  mode: WriteMode,
  state: BatchState,
  overlay: ReadonlyMap<string, Entity>,
): Step[] {
  const steps: Step[] = [];
  const made = new Set<string>();
  for (const target of newTargets(state.plan, before, write)) {
    const key = keyOf(target.blueprint, target.identifier);
    const self = target.blueprint === after.blueprint && target.identifier === after.identifier;
    if (self || made.has(key) || overlay.has(key) || state.targets.has(key)) continue;
    const plan = mode.createMissing ? state.targetPlans.get(target.blueprint) : undefined;
    if (plan === undefined)
      throw new AppError(
        "not_found",
        `Entity with identifier "${target.identifier}" of blueprint "${target.blueprint}" was not found (relations.${target.relation})`,
      );
    checkEntityIdentifier(target.identifier, `relations.${target.relation}`);
    made.add(key);
    const bare = bareEntity(plan, target.identifier, state.now, state.actor);
    steps.push({ plan, before: null, after: state.guard?.admit(plan, null, bare) ?? bare });
  }
  return steps;
}

/** The targets that a write adds to an entity; those that it has already are known to exist. */
export function newTargets(
  plan: BlueprintPlan,
  before: Entity | null,
  write: PlainWrite,
): (EntityKey & { relation: string })[] {
  const found: (EntityKey & { relation: string })[] = [];
  for (const [relation, targets] of write.relations) {
    const blueprint = plan.relations.get(relation)?.target;
    if (blueprint === undefined) continue;
    const known = new Set(relationTargets(before, relation));
    for (const identifier of targets)
      if (!known.has(identifier)) found.push({ blueprint, identifier, relation });
  }
  return found;
}
