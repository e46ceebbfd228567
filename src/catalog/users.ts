/** Users and service accounts (data-model.md §8.3): a user is their `_user` entity. */
import type { Entity } from "../model/entity.ts";
import { AppError, invalid, notFound } from "../model/error.ts";
import { isEntityIdentifier } from "../model/identifier.ts";
import { plainAddress } from "../model/plain-address.ts";
import { TEAM_BLUEPRINT } from "../model/query-graph.ts";
import {
  isAdmin,
  isServiceAddress,
  roleProperties,
  SERVICE_ACCOUNT,
  statusOf,
  typeOf,
  USER_BLUEPRINT,
} from "../model/user.ts";
import { appendAuditEvents } from "../storage/audit-events.ts";
import type { Ctx } from "../storage/context.ts";
import { existingKeys, readEntities } from "../storage/entities.ts";
import { readUsers } from "../storage/people.ts";
import { deleteEntity } from "./delete-entity.ts";
import { findUser } from "./find-user.ts";
import { upsertEntities } from "./upsert-entity.ts";

export interface UserChange {
  readonly roles?: readonly string[] | undefined;
  /** Names of teams: all of theirs. */
  readonly teams?: readonly string[] | undefined;
}

export const listUsers = (ctx: Ctx): Promise<Entity[]> => readUsers(ctx.db, ctx.org);

/** @throws AppError not_found */
export async function getUser(ctx: Ctx, email: string): Promise<Entity> {
  const [user] = isEntityIdentifier(email)
    ? await readEntities(ctx.db, ctx.org, [{ blueprint: USER_BLUEPRINT, identifier: email }])
    : [];
  if (user === undefined) throw notFound("User", email);
  return user;
}

/** Before an address is made that signs this person in: the audit log tells who made it. @throws AppError not_found */
export async function recordSignInLink(ctx: Ctx, email: string): Promise<string> {
  const { identifier } = await getUser(ctx, email);
  const after = { isSignInLinkMade: true };
  await appendAuditEvents(ctx, [{ kind: "credentials", action: "CREATE", identifier, after }]);
  return identifier;
}

/** @throws AppError conflict when they are known, unless they are only staged; not_found for a team */
export async function inviteUser(ctx: Ctx, address: string, change: UserChange): Promise<Entity> {
  const known = await findUser(ctx, address);
  const email = known?.identifier ?? plainAddress(address);
  if (isServiceAddress(email))
    throw invalid(
      `invitee.email "${email}" is an address of service accounts, which are created as entities of blueprint "_user"`,
    );
  const body = await changeBody(ctx, change);
  const isStaged = known?.properties["status"] === "Staged";
  const { properties, ...rest } = body;
  return writeUser(
    ctx,
    {
      identifier: email,
      ...rest,
      properties: { port_role: "Member", port_type: "Standard", ...properties, status: "Invited" },
    },
    isStaged ? "merge" : "conflict",
    "create",
  );
}

/** @throws AppError not_found for the user or a team */
export async function changeUser(ctx: Ctx, email: string, change: UserChange): Promise<Entity> {
  const { identifier } = await getUser(ctx, email);
  return writeUser(ctx, { identifier, ...(await changeBody(ctx, change)) }, "merge", "fail");
}

/** @throws AppError not_found, conflict for oneself, has_dependents */
export async function deleteUser(ctx: Ctx, email: string): Promise<void> {
  const { identifier } = await getUser(ctx, email);
  await deleteEntity(ctx, USER_BLUEPRINT, identifier, { deleteDependents: false });
}

/** Themselves, or anybody for administrators. @throws AppError forbidden, not_found */
export async function checkMayRead(ctx: Ctx, email: string): Promise<Entity> {
  const { person } = ctx.actor;
  if (person !== undefined && person.email !== email && !isAdmin(person))
    throw new AppError("forbidden", "only administrators see what is stored of others");
  return getUser(ctx, email);
}

/** Their own, or anybody's for administrators. @throws AppError forbidden, not_found */
export async function checkMayRotate(ctx: Ctx, email: string): Promise<string> {
  const { person } = ctx.actor;
  if (person !== undefined && person.email !== email && !isAdmin(person))
    throw new AppError("forbidden", "only administrators may renew the credentials of others");
  return (await getUser(ctx, email)).identifier;
}

/** The configured administrator is a user who may sign in, whatever happened to them; former ones may no longer. */
export async function ensureAdministratorUser(
  ctx: Ctx,
  { email, former }: { readonly email: string; readonly former: readonly string[] },
): Promise<void> {
  const [known] = await readEntities(ctx.db, ctx.org, [{ blueprint: USER_BLUEPRINT, identifier: email }]);
  const title = known?.title ?? "Administrator";
  const properties = { status: "Active", port_role: "Admin", port_type: "Standard" };
  await writeUser(ctx, { identifier: email, title, properties }, "merge", "create");
  for (const user of await readEntities(
    ctx.db,
    ctx.org,
    former.map((identifier) => ({ blueprint: USER_BLUEPRINT, identifier })),
  ))
    await writeUser(
      ctx,
      { identifier: user.identifier, properties: { status: "Disabled" } },
      "merge",
      "fail",
    );
}

/** Whether somebody of this address may sign in on the web. */
export async function maySignIn(ctx: Ctx, email: string): Promise<boolean> {
  if (!isEntityIdentifier(email)) return false;
  const [user] = await readEntities(ctx.db, ctx.org, [{ blueprint: USER_BLUEPRINT, identifier: email }]);
  if (user === undefined || typeOf(user) === SERVICE_ACCOUNT) return false;
  return ["Active", "Invited"].includes(statusOf(user));
}

/** After the first sign-in. */
export async function activateUser(ctx: Ctx, email: string): Promise<void> {
  await writeUser(ctx, { identifier: email, properties: { status: "Active" } }, "merge", "fail");
}

async function changeBody(
  ctx: Ctx,
  { roles, teams }: UserChange,
): Promise<{ team?: readonly string[]; properties?: object }> {
  if (teams !== undefined) {
    const keys = [...new Set(teams)].map((identifier) => ({ blueprint: TEAM_BLUEPRINT, identifier }));
    const found = await existingKeys(ctx.db, ctx.org, keys);
    const missing = keys.find((key) => !found.has(`${key.blueprint}\u0000${key.identifier}`));
    if (missing !== undefined) throw notFound("Team", missing.identifier);
  }
  return {
    ...(teams === undefined ? {} : { team: teams }),
    ...(roles === undefined ? {} : { properties: roleProperties(roles, "roles") }),
  };
}

/** A `_user` entity, as all writes have it. */
export async function writeUser(
  ctx: Ctx,
  body: object,
  present: "conflict" | "merge",
  absent: "create" | "fail",
): Promise<Entity> {
  const options = { present, absent, createMissing: false, validationOnly: false, closed: false } as const;
  const [outcome] = (await upsertEntities(ctx, USER_BLUEPRINT, [body], options)).outcomes;
  if (outcome === undefined) throw new Error("users: no outcome");
  if (!outcome.ok) throw outcome.error;
  return outcome.entity;
}
