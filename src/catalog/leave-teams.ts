/** What becomes of a team's entities and members when it is deleted or gets another name (decision 22). */
import { type Entity, renderEntity } from "../model/entity.ts";
import { sameJson } from "../model/json.ts";
import { completePermissions, withNames } from "../model/permission.ts";
import { TEAM_BLUEPRINT } from "../model/query-graph.ts";
import { USER_BLUEPRINT } from "../model/user.ts";
import { appendAuditEvents } from "../storage/audit-events.ts";
import { lockDefinitions } from "../storage/blueprints.ts";
import { appendChanges, type ChangeRow } from "../storage/changes.ts";
import type { Ctx } from "../storage/context.ts";
import { lockEntities, updateEntities } from "../storage/entities.ts";
import { forgetOwnSettings } from "../storage/own-settings.ts";
import { forgetPeople, ownedBy } from "../storage/people.ts";
import { readGranted, writeGranted } from "../storage/permissions.ts";
import { forgetScim, renameScimTeam } from "../storage/scim.ts";
import { getDefinition } from "./definitions.ts";
import { renameInActionPermissions } from "./action-references.ts";
import { renameInPagePermissions } from "./page-permissions.ts";

/** Few enough to hold little, enough for few statements. */
const BATCH = 500;

/** After entities were deleted, in the same transaction. */
export async function peopleLeft(ctx: Ctx, deleted: readonly Entity[]): Promise<void> {
  const of = (blueprint: string): string[] =>
    deleted.filter((entity) => entity.blueprint === blueprint).map((entity) => entity.identifier);
  const teams = of(TEAM_BLUEPRINT);
  for (const team of teams) await replaceTeam(ctx, team, null);
  if (teams.length > 0) await takeGrants(ctx, "teams", teams);
  await forgetScim(ctx.db, ctx.org, "Group", teams);
  const people = of(USER_BLUEPRINT);
  if (people.length === 0) return;
  await forgetPeople(ctx.db, ctx.org, people);
  await forgetOwnSettings(ctx.db, ctx.org, people);
  await takeGrants(ctx, "users", people);
}

/** Somebody who comes later under the same name must not find what was granted to who went. */
async function takeGrants(ctx: Ctx, list: "teams" | "users", gone: readonly string[]): Promise<void> {
  const names = new Set(gone);
  const rename = (name: string): string | null => (names.has(name) ? null : name);
  // Few are granted anything: the lock of the definitions is for them only.
  const isNamed = [...(await readGranted(ctx, null)).values()].some(
    (granted) => !sameJson(granted, withNames(granted, list, rename)),
  );
  if (isNamed) {
    await lockDefinitions(ctx.db, ctx.org);
    for (const [blueprint, before] of await readGranted(ctx, null)) {
      const after = withNames(before, list, rename);
      if (sameJson(before, after)) continue;
      const { plan } = await getDefinition(ctx, blueprint);
      await writeGranted(ctx, blueprint, after);
      await appendAuditEvents(ctx, [
        {
          ...{ kind: "permissions", action: "UPDATE", blueprint },
          before: { entities: completePermissions(plan, before) },
          after: { entities: completePermissions(plan, after) },
        },
      ]);
    }
  }
  await renameInPagePermissions(ctx, list, rename, true);
  await renameInActionPermissions(ctx, list, rename, true);
}

/** What the team owns, its members, and what it was granted follow its name. Inside a transaction. */
export async function renameTeam(ctx: Ctx, from: string, to: string): Promise<void> {
  await replaceTeam(ctx, from, to);
  await renameScimTeam(ctx.db, ctx.org, from, to);
  const rename = (name: string): string => (name === from ? to : name);
  await lockDefinitions(ctx.db, ctx.org);
  for (const [blueprint, granted] of await readGranted(ctx, null)) {
    const after = withNames(granted, "teams", rename);
    if (!sameJson(granted, after)) await writeGranted(ctx, blueprint, after);
  }
  await renameInPagePermissions(ctx, "teams", rename);
  await renameInActionPermissions(ctx, "teams", rename);
}

/** Inside a transaction. @param to null: the team is gone */
async function replaceTeam(ctx: Ctx, team: string, to: string | null): Promise<void> {
  for (;;) {
    const keys = await ownedBy(ctx.db, ctx.org, team, BATCH);
    if (keys.length === 0) return;
    const now = ctx.now();
    const { id, datasource } = ctx.actor;
    const rows: ChangeRow[] = [];
    const entities: Entity[] = [];
    for (const before of await lockEntities(ctx.db, ctx.org, keys)) {
      if (!before.team.includes(team)) continue;
      const teams = before.team.flatMap((one) => (one !== team ? [one] : to === null ? [] : [to]));
      const { plan } = await getDefinition(ctx, before.blueprint);
      // A rename is no change of the entity, nor is what it inherits: as relations that follow, it leaves updatedAt.
      const isChange = to === null && plan.ownership === "direct";
      const stamp = isChange ? { updatedAt: now, updatedBy: id, datasource, changedAt: now } : {};
      const after: Entity = { ...before, team: [...new Set(teams)], ...stamp };
      entities.push(after);
      rows.push({
        kind: "entity",
        action: "UPDATE",
        blueprint: after.blueprint,
        identifier: after.identifier,
        before: renderEntity(plan, before),
        after: renderEntity(plan, after),
        follows: true,
      });
    }
    await updateEntities(ctx.db, ctx.org, entities);
    await appendChanges(ctx, now, rows);
  }
}
