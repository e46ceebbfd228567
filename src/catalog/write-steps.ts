/** Writes the outcome of a batch: rows, relation rows and change rows, each kind in one statement. */
import type { BlueprintPlan } from "../model/blueprint.ts";
import { type Entity, keyOf, relationTargets } from "../model/entity.ts";
import { renderChange } from "../model/entity-change.ts";
import { isShutOut, USER_BLUEPRINT } from "../model/user.ts";
import { appendChanges, type ChangeRow } from "../storage/changes.ts";
import type { Ctx } from "../storage/context.ts";
import { insertEntities, updateEntities } from "../storage/entities.ts";
import { endSessions } from "../storage/people.ts";
import { putRelations, type RelationRow, removeRelations } from "../storage/relations.ts";
import type { Step } from "./apply-batch.ts";

/** Someone else created one of the entities meanwhile: read again and start over. */
export class CreatedMeanwhile extends Error {}

/** What a transaction does to one entity. */
export interface Net {
  readonly plan: BlueprintPlan;
  readonly before: Entity | null;
  after: Entity;
}

/** @throws CreatedMeanwhile, SQLSTATE 23503 when a relation target was deleted meanwhile */
export async function writeSteps(ctx: Ctx, steps: readonly Step[], now: Date): Promise<void> {
  if (steps.length === 0) return;
  const nets = netEffects(steps);
  const inserts = nets.filter((net) => net.before === null).map((net) => net.after);
  const inserted = await insertEntities(ctx.db, ctx.org, inserts);
  if (inserted !== inserts.length) throw new CreatedMeanwhile();
  await updateEntities(
    ctx.db,
    ctx.org,
    nets.filter((net) => net.before !== null).map((net) => net.after),
  );
  const gone = shutOut(nets);
  if (gone.length > 0) await endSessions(ctx.db, ctx.org, gone);
  const { removed, put } = relationDifference(nets);
  await removeRelations(ctx.db, ctx.org, removed);
  await putRelations(ctx.db, ctx.org, put);
  await appendChanges(ctx, now, changeRows(steps));
}

/** People who may no longer sign in after this; their sessions end with it. */
export const shutOut = (nets: readonly Net[]): string[] =>
  nets.flatMap(({ before, after }) =>
    after.blueprint === USER_BLUEPRINT && before !== null && isShutOut(before, after)
      ? [after.identifier]
      : [],
  );

/** What the change feed says of the steps. */
export function changeRows(steps: readonly Step[]): ChangeRow[] {
  return steps
    .filter((step) => step.quiet !== true)
    .map(({ plan, before, after }) => ({
      kind: "entity",
      action: before === null ? "CREATE" : "UPDATE",
      blueprint: after.blueprint,
      identifier: after.identifier,
      ...renderChange(plan, before, after),
    }));
}

/** First state before, last state after, per entity, in key order (the order in which rows are locked). */
export function netEffects(steps: readonly Step[]): Net[] {
  const nets = new Map<string, Net>();
  for (const { plan, before, after } of steps) {
    const key = keyOf(after.blueprint, after.identifier);
    const net = nets.get(key);
    if (net === undefined) nets.set(key, { plan, before, after });
    else net.after = after;
  }
  return [...nets.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, net]) => net);
}

/** The rows of entity_relation to remove and to put. */
export function relationDifference(nets: readonly Net[]): { removed: RelationRow[]; put: RelationRow[] } {
  const removed: RelationRow[] = [];
  const put: RelationRow[] = [];
  for (const { plan, before, after } of nets)
    for (const relation of plan.relations.values()) {
      const row = (target: string, position: number): RelationRow => ({
        blueprint: after.blueprint,
        identifier: after.identifier,
        relation: relation.identifier,
        targetBlueprint: relation.target,
        target,
        position,
      });
      const old = relationTargets(before, relation.identifier);
      const now = relationTargets(after, relation.identifier);
      const kept = new Set(now);
      for (const target of old) if (!kept.has(target)) removed.push(row(target, 0));
      now.forEach((target, i) => {
        if (old[i] !== target) put.push(row(target, i));
      });
    }
  return { removed, put };
}
