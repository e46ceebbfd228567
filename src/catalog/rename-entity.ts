/** Gives an entity another identifier; whoever relates to it follows (decision 13). */
import type { BlueprintPlan } from "../model/blueprint.ts";
import { type Entity, keyOf, own, renderEntity } from "../model/entity.ts";
import { AppError, notFound } from "../model/error.ts";
import { TEAM_BLUEPRINT } from "../model/query-graph.ts";
import { appendChanges, type ChangeRow } from "../storage/changes.ts";
import type { Ctx } from "../storage/context.ts";
import { renameInAnnotations } from "../storage/dora-annotations.ts";
import { lockEntities, renameEntityRow, updateEntities } from "../storage/entities.ts";
import { referencesTo } from "../storage/relations.ts";
import { checkRename } from "./guard.ts";
import { lockReferrers } from "./lock-referrers.ts";
import { renameTeam } from "./leave-teams.ts";
import { getDefinition } from "./definitions.ts";
import { inPortions } from "./in-portions.ts";
import { renameWatchedEntity } from "./rename-watching.ts";

/**
 * Inside a transaction. The entity is locked against new relations to it, so that all that exist are seen and
 * changed; those that come later fail on the old identifier. `updatedAt` of the referring entities stays.
 * @throws AppError not_found, conflict when `to` exists
 */
export async function renameEntity(ctx: Ctx, blueprint: string, from: string, to: string): Promise<Entity> {
  const { db, org } = ctx;
  const { plan } = await getDefinition(ctx, blueprint, "share");
  await lockReferrers(ctx, [{ blueprint, identifier: from }]);
  const [entity] = await lockEntities(db, org, [{ blueprint, identifier: from }], "delete");
  if (entity === undefined) throw notFound("Entity", from);
  await checkRename(ctx, plan, entity, to);
  const now = ctx.now();
  const at = { updatedAt: now, updatedBy: ctx.actor.id, datasource: ctx.actor.datasource };
  if (!(await renameEntityRow(db, org, { blueprint, identifier: from }, to, { ...at, changedAt: now })))
    throw exists(blueprint, to);
  const references = Map.groupBy(await referencesTo(db, org, [{ blueprint, identifier: to }]), (row) =>
    keyOf(row.blueprint, row.identifier),
  );
  const follow = (before: Entity): Entity => {
    const names = references.get(keyOf(before.blueprint, before.identifier)) ?? [];
    return pointedTo(before, new Set(names.map(({ relation }) => relation)), from, to);
  };
  const self = { blueprint, identifier: to };
  let renamed: Entity = { ...entity, identifier: to, ...at, changedAt: now };
  if (references.has(keyOf(blueprint, to)))
    for (const before of await lockEntities(db, org, [self])) {
      const after = follow(before);
      await updateEntities(db, org, [after]);
      renamed = { ...after, identifier: to, ...at, changedAt: now };
    }
  if (blueprint === TEAM_BLUEPRINT) await renameTeam(ctx, from, to);
  await renameInAnnotations(db, org, { blueprint, from, to });
  await appendChanges(ctx, now, [change(plan, entity, renamed)]);
  const referring = [...references.values()].flatMap(([row]) =>
    row === undefined || (row.blueprint === blueprint && row.identifier === to) ? [] : [row],
  );
  const plans = new Map<string, BlueprintPlan>();
  for (const name of new Set(referring.map((row) => row.blueprint)))
    plans.set(name, (await getDefinition(ctx, name)).plan);
  for (const keys of inPortions(referring)) {
    const followed = (await lockEntities(db, org, keys)).map((before) => ({ before, after: follow(before) }));
    await updateEntities(
      db,
      org,
      followed.map(({ after }) => after),
    );
    const changes = followed.flatMap(({ before, after }) => {
      const planOfIt = plans.get(before.blueprint);
      return planOfIt === undefined ? [] : [{ ...change(planOfIt, before, after), follows: true }];
    });
    await appendChanges(ctx, now, changes);
  }
  // At last: alerts are not looked at while it goes on.
  await renameWatchedEntity(ctx, blueprint, from, to);
  return renamed;
}

export const exists = (blueprint: string, identifier: string): AppError =>
  new AppError(
    "conflict",
    `Entity with identifier "${identifier}" of blueprint "${blueprint}" exists already`,
  );

function pointedTo(entity: Entity, relations: ReadonlySet<string>, from: string, to: string): Entity {
  const changed = [...relations].flatMap((relation) => {
    const value = own(entity.relations, relation);
    if (value === undefined) return [];
    return [[relation, typeof value === "string" ? to : value.map((id) => (id === from ? to : id))] as const];
  });
  return { ...entity, relations: { ...entity.relations, ...Object.fromEntries(changed) } };
}

function change(plan: BlueprintPlan, before: Entity, after: Entity): ChangeRow {
  return {
    kind: "entity",
    action: "UPDATE",
    blueprint: after.blueprint,
    identifier: after.identifier,
    before: renderEntity(plan, before),
    after: renderEntity(plan, after),
  };
}
