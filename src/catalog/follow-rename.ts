/** What else of ours names blueprints and their members, and follows a rename of them (decision 13). */
import { DEFAULT_SERVICE, detectRoles, renameInRoles, type RoleSettings } from "../model/dora-roles.ts";
import type { Documents, Rename } from "../model/rename.ts";
import { renamedOwnView, VIEW_PREFIX } from "../model/rename-own-view.ts";
import { renameInPermissions } from "../model/rename-permissions.ts";
import { renameHiddenBlueprint } from "../storage/blueprint-edits.ts";
import type { Ctx } from "../storage/context.ts";
import { readSettingsDocument, writeSettingsDocument } from "../storage/dora-settings.ts";
import { renameMigrationSource } from "../storage/migrations.ts";
import { lockOwnSettings, moveOwnSetting } from "../storage/own-settings.ts";
import { readGranted, writeGranted } from "../storage/permissions.ts";
import { moderatorOf } from "../model/user.ts";
import { renameInActionPermissions, renameInActions } from "./action-references.ts";
import { renameInPagePermissions } from "./page-permissions.ts";
import { renameInPages } from "./pages.ts";
import { renameInWatching } from "./rename-watching.ts";

/** In the transaction of the rename. @returns warnings */
export async function followRename(ctx: Ctx, rename: Rename, documents: Documents): Promise<string[]> {
  if (rename.kind === "blueprint") {
    await renameHiddenBlueprint(ctx.db, ctx.org, rename.from, rename.to);
    await renameMigrationSource(ctx.db, ctx.org, rename.from, rename.to);
    const role = (name: string): string =>
      name === moderatorOf(rename.from) ? moderatorOf(rename.to) : name;
    await renameInPagePermissions(ctx, "roles", role);
    await renameInActionPermissions(ctx, "roles", role);
  }
  await renameInPages(ctx, rename, documents);
  await renameInActions(ctx, rename, documents);
  await followInOwnViews(ctx, rename, documents);
  await renameInWatching(ctx, rename, documents);
  await followInPermissions(ctx, rename, documents);
  return followInDora(ctx, rename, documents);
}

async function followInPermissions(ctx: Ctx, rename: Rename, documents: Documents): Promise<void> {
  for (const [blueprint, granted] of await readGranted(ctx, null)) {
    // The rows have followed the blueprint already, the documents tell how it was called.
    const before = rename.kind === "blueprint" && blueprint === rename.to ? rename.from : blueprint;
    const after = renameInPermissions(granted, before, rename, documents);
    if (isChanged(granted, after)) await writeGranted(ctx, blueprint, after);
  }
}

async function followInOwnViews(ctx: Ctx, rename: Rename, documents: Documents): Promise<void> {
  for (const kept of await lockOwnSettings(ctx.db, ctx.org, VIEW_PREFIX)) {
    const { name, value } = kept;
    const after = renamedOwnView(kept, rename, documents);
    if (isChanged({ name, value }, after)) await moveOwnSetting(ctx.db, ctx.org, kept, after);
  }
}

const isChanged = (a: unknown, b: unknown): boolean => JSON.stringify(a) !== JSON.stringify(b);

/**
 * Roles that were detected by name would not be detected under the new one: they are written into the settings.
 * Derivation follows by the change of the blueprint.
 */
async function followInDora(ctx: Ctx, rename: Rename, documents: Documents): Promise<string[]> {
  const stored = ((await readSettingsDocument(ctx.db, ctx.org)) ?? {}) as Partial<RoleSettings>;
  const inForce: RoleSettings = {
    roles: { ...detectRoles(new Set(documents.keys())), ...stored.roles },
    service: stored.service ?? DEFAULT_SERVICE,
  };
  const after = renameInRoles(inForce, rename, documents);
  const roles = (["deployment", "change", "incident"] as const).filter((role) =>
    isChanged(inForce.roles[role], after.roles[role]),
  );
  const isService = isChanged(inForce.service, after.service);
  if (roles.length === 0 && !isService) return [];
  const document = {
    ...stored,
    ...(isService ? { service: after.service } : {}),
    ...(roles.length === 0
      ? {}
      : {
          roles: {
            ...stored.roles,
            ...Object.fromEntries(roles.map((role) => [role, after.roles[role]])),
          },
        }),
  };
  await writeSettingsDocument(ctx.db, ctx.org, document, ctx.actor.id, ctx.now());
  const detected = roles.filter((role) => stored.roles?.[role] === undefined);
  return detected.map(
    (role) =>
      `the DORA role ${role} was found by the name "${rename.from}"; it is now written in /v1/dora/settings, under the new name`,
  );
}
