/** Users as an identity provider sees and changes them (SCIM). */
import type { Entity } from "../model/entity.ts";
import { plainAddress } from "../model/plain-address.ts";
import {
  LIST_SCHEMA,
  parseScimFilter,
  parseScimPatch,
  patchedScimUser,
  ScimError,
  type ScimUserChange,
  scimUserOf,
  USER_SCHEMA,
} from "../model/scim.ts";
import { isServiceAddress, nameOf, statusOf, USER_BLUEPRINT } from "../model/user.ts";
import { AppError } from "../model/error.ts";
import type { Ctx } from "../storage/context.ts";
import { readEntities } from "../storage/entities.ts";
import { findScim, nameScim, type ScimRow, type ScimSearch, scimRowsOf } from "../storage/scim.ts";
import { closeByProvider, wasClosedByProvider } from "../storage/scim-closed.ts";
import { findUser } from "./find-user.ts";
import { deleteUser, writeUser } from "./users.ts";
import { checkUserName } from "./scim-user-name.ts";

export interface ScimPage {
  /** From 1. */
  readonly startIndex: number;
  readonly count: number;
}

/** What the answers need to know of the server. */
export interface ScimPlace {
  /** Address of `/scim/v2`. */
  readonly base: string;
  /** The administrator of the configuration, whom no provider can shut out. */
  readonly keeps: string;
}

export type ScimDocument = Readonly<Record<string, unknown>>;

const EMAIL = /^[^@\s]+@[^@\s]+$/;

/** @throws ScimError for a filter that is not supported */
export async function listScimUsers(
  ctx: Ctx,
  place: ScimPlace,
  filter: string | undefined,
  { startIndex, count }: ScimPage,
): Promise<ScimDocument> {
  const asked =
    filter === undefined ? null : parseScimFilter(filter, ["username", "externalid", "id", "emails.value"]);
  const search: ScimSearch = {
    ...pick(asked, "username", "userName"),
    ...pick(asked, "externalid", "externalId"),
    ...pick(asked, "id", "id"),
    ...pick(asked, "emails.value", "subject"),
  };
  const page = { offset: startIndex - 1, limit: count };
  const { rows, total } = await findScim(ctx.db, ctx.org, "User", search, page);
  const resources = await viewsOf(ctx, place, rows);
  return listOf(resources, total, startIndex);
}

export const listOf = (
  resources: readonly ScimDocument[],
  total: number,
  startIndex: number,
): ScimDocument => ({
  schemas: [LIST_SCHEMA],
  totalResults: total,
  startIndex,
  itemsPerPage: resources.length,
  Resources: resources,
});

/** One key of a filter as one of a search. */
export function pick<K extends keyof ScimSearch>(
  asked: ReadonlyMap<string, string> | null,
  name: string,
  key: K,
): Pick<ScimSearch, K> | object {
  const value = asked?.get(name);
  return value === undefined ? {} : { [key]: value };
}

/** @throws ScimError 404 */
export async function getScimUser(ctx: Ctx, place: ScimPlace, id: string): Promise<ScimDocument> {
  const [view] = await viewsOf(ctx, place, [await rowOf(ctx, id)]);
  if (view === undefined) throw unknown(id);
  return view;
}

/** @throws ScimError 400; 409 when there is one with this address */
export async function createScimUser(ctx: Ctx, place: ScimPlace, body: unknown): Promise<ScimDocument> {
  const change = scimUserOf(body);
  const { userName } = change;
  if (userName === undefined) throw new ScimError(400, "userName is missing", "invalidValue");
  const email = plainAddress(change.email ?? userName);
  if (!EMAIL.test(email) || isServiceAddress(email))
    throw new ScimError(
      400,
      "emails, or else userName, must be the e-mail address of a person",
      "invalidValue",
    );
  const known = await findUser(ctx, email).catch((error: unknown) => {
    if (error instanceof AppError) throw new ScimError(409, error.message, "uniqueness");
    throw error;
  });
  if (known !== null) throw new ScimError(409, `there is a user with the address ${email}`, "uniqueness");
  const names = titleOf(change, null);
  await checkUserName(ctx, userName, null);
  await writeUser(
    ctx,
    {
      identifier: email,
      title: names ?? email,
      properties: {
        ...{ port_role: "Member", port_type: "Standard" },
        status: change.active === false ? "Disabled" : "Active",
      },
    },
    "conflict",
    "create",
  ).catch((error: unknown) => {
    if (error instanceof AppError && error.code === "conflict")
      throw new ScimError(409, error.message, "uniqueness");
    throw error;
  });
  await nameScim(ctx.db, ctx.org, "User", email, { userName, externalId: change.externalId });
  if (change.active === false) await closeByProvider(ctx.db, ctx.org, email);
  const [row] = await scimRowsOf(ctx.db, ctx.org, "User", [email]);
  const [view] = row === undefined ? [] : await viewsOf(ctx, place, [row]);
  if (view === undefined) throw unknown(email);
  return view;
}

/** Who is shut out by it has no session left. @throws ScimError */
export async function replaceScimUser(
  ctx: Ctx,
  place: ScimPlace,
  id: string,
  body: unknown,
): Promise<ScimDocument> {
  return change(ctx, place, id, scimUserOf(body));
}

/** As `replaceScimUser`. */
export async function patchScimUser(
  ctx: Ctx,
  place: ScimPlace,
  id: string,
  body: unknown,
): Promise<ScimDocument> {
  return change(ctx, place, id, patchedScimUser(parseScimPatch(body)));
}

async function change(ctx: Ctx, place: ScimPlace, id: string, said: ScimUserChange): Promise<ScimDocument> {
  const row = await rowOf(ctx, id);
  const user = await userOf(ctx, row);
  if (said.active === false && statusOf(user) !== "Disabled") refuseKept(row.subject, place);
  if (said.userName !== undefined) await checkUserName(ctx, said.userName, row.subject);
  const title = titleOf(said, user);
  const status = await statusAfter(ctx, user, said.active);
  if ((title !== null && title !== user.title) || status !== undefined)
    await writeUser(
      ctx,
      {
        identifier: row.subject,
        ...(title !== null && { title }),
        ...(status !== undefined && { properties: { status } }),
      },
      "merge",
      "fail",
    );
  await nameScim(ctx.db, ctx.org, "User", row.subject, said);
  // After the write, which forgets who shut them out before.
  if (status === "Disabled") await closeByProvider(ctx.db, ctx.org, row.subject);
  return getScimUser(ctx, place, id);
}

/** What is left of somebody others depend on is an account that lets nobody in. @throws ScimError 404 */
export async function deleteScimUser(ctx: Ctx, place: ScimPlace, id: string): Promise<void> {
  const { subject } = await rowOf(ctx, id);
  refuseKept(subject, place);
  try {
    await deleteUser(ctx, subject);
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== "has_dependents") throw error;
    await writeUser(ctx, { identifier: subject, properties: { status: "Disabled" } }, "merge", "fail");
    await closeByProvider(ctx.db, ctx.org, subject);
  }
}

/**
 * What `active` makes of somebody; undefined: they stay as they are. Whoever is Staged is shut out too, for signing in
 * would make them Active; whom an administrator shut out, the provider does not let in.
 */
async function statusAfter(
  { db, org }: Ctx,
  user: Entity,
  active: boolean | undefined,
): Promise<"Active" | "Disabled" | undefined> {
  const status = statusOf(user);
  if (active === false) return status === "Disabled" ? undefined : "Disabled";
  if (active === undefined || isActive(user)) return undefined;
  if (status === "Disabled" && !(await wasClosedByProvider(db, org, user.identifier))) return undefined;
  return "Active";
}

function refuseKept(email: string, { keeps }: ScimPlace): void {
  if (email === keeps)
    throw new ScimError(403, `${email} is the administrator of the configuration, and stays`, "mutability");
}

const isActive = (user: Entity): boolean => ["Active", "Invited"].includes(statusOf(user));

async function rowOf(ctx: Ctx, id: string): Promise<ScimRow> {
  const page = { offset: 0, limit: 1 };
  const [row] = id.includes("\u0000") ? [] : (await findScim(ctx.db, ctx.org, "User", { id }, page)).rows;
  if (row === undefined) throw unknown(id);
  return row;
}

async function userOf(ctx: Ctx, { subject, id }: ScimRow): Promise<Entity> {
  const [user] = await readEntities(ctx.db, ctx.org, [{ blueprint: USER_BLUEPRINT, identifier: subject }]);
  if (user === undefined) throw unknown(id);
  return user;
}

const unknown = (id: string): ScimError =>
  new ScimError(404, `there is no user with the id ${id.slice(0, 100)}`);

/** null: nothing is said of it. */
function titleOf(said: ScimUserChange, user: Entity | null): string | null {
  const whole = said.displayName ?? said.formatted;
  if (whole !== undefined && whole !== null) return whole;
  if (said.givenName === undefined && said.familyName === undefined) return null;
  const { givenName, familyName } = partsOf(user === null ? "" : nameOf(user));
  const parts = [
    said.givenName === undefined ? givenName : said.givenName,
    said.familyName === undefined ? familyName : said.familyName,
  ];
  const title = parts.filter((part) => part !== null && part !== "").join(" ");
  return title === "" ? null : title;
}

function partsOf(name: string): { readonly givenName: string; readonly familyName: string } {
  const [givenName = "", ...rest] = name.trim().split(/\s+/);
  return { givenName, familyName: rest.join(" ") };
}

async function viewsOf(ctx: Ctx, { base }: ScimPlace, rows: readonly ScimRow[]): Promise<ScimDocument[]> {
  const keys = rows.map(({ subject }) => ({ blueprint: USER_BLUEPRINT, identifier: subject }));
  const users = new Map(
    (await readEntities(ctx.db, ctx.org, keys)).map((user) => [user.identifier, user] as const),
  );
  const teams = await scimRowsOf(ctx.db, ctx.org, "Group", [
    ...new Set([...users.values()].flatMap((user) => user.team)),
  ]);
  return rows.flatMap((row) => {
    const user = users.get(row.subject);
    if (user === undefined) return [];
    const name = nameOf(user);
    return [
      {
        schemas: [USER_SCHEMA],
        id: row.id,
        ...(row.externalId !== null && { externalId: row.externalId }),
        userName: row.userName ?? row.subject,
        name: { formatted: name, ...partsOf(name) },
        displayName: name,
        emails: [{ value: row.subject, type: "work", primary: true }],
        active: isActive(user),
        groups: teams
          .filter(({ subject }) => user.team.includes(subject))
          .map(({ id, subject }) => ({ value: id, display: subject, $ref: `${base}/Groups/${id}` })),
        meta: {
          resourceType: "User",
          created: user.createdAt.toISOString(),
          lastModified: user.updatedAt.toISOString(),
          location: `${base}/Users/${row.id}`,
        },
      },
    ];
  });
}
