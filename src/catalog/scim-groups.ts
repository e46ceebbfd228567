/** Teams as an identity provider sees and changes them (SCIM). */
import { AppError } from "../model/error.ts";
import {
  GROUP_SCHEMA,
  type MemberChange,
  parseScimFilter,
  parseScimPatch,
  patchedScimGroup,
  ScimError,
  type ScimGroupChange,
  scimGroupOf,
} from "../model/scim.ts";
import type { Entity } from "../model/entity.ts";
import { isTeamName, SERVICE_ACCOUNT, typeOf } from "../model/user.ts";
import type { Ctx } from "../storage/context.ts";
import {
  findScim,
  nameScim,
  type ScimRow,
  type ScimSearch,
  scimRowsById,
  scimRowsOf,
} from "../storage/scim.ts";
import { listOf, pick, type ScimDocument, type ScimPage, type ScimPlace } from "./scim-users.ts";
import { changeTeam, type ChooseMembers, createTeam, deleteTeam, getTeam, type Team } from "./teams.ts";

/** @param withMembers false: they are not asked for, and not looked for */
export async function listScimGroups(
  ctx: Ctx,
  place: ScimPlace,
  filter: string | undefined,
  { startIndex, count }: ScimPage,
  withMembers: boolean,
): Promise<ScimDocument> {
  const asked = filter === undefined ? null : parseScimFilter(filter, ["displayname", "externalid", "id"]);
  const search: ScimSearch = {
    ...pick(asked, "displayname", "subject"),
    ...pick(asked, "externalid", "externalId"),
    ...pick(asked, "id", "id"),
  };
  const page = { offset: startIndex - 1, limit: count };
  const { rows, total } = await findScim(ctx.db, ctx.org, "Group", search, page);
  const resources: ScimDocument[] = [];
  for (const row of rows) resources.push(await viewOf(ctx, place, row, withMembers));
  return listOf(resources, total, startIndex);
}

/** @throws ScimError 404 */
export async function getScimGroup(
  ctx: Ctx,
  place: ScimPlace,
  id: string,
  withMembers: boolean,
): Promise<ScimDocument> {
  return viewOf(ctx, place, await rowOf(ctx, id), withMembers);
}

/** @throws ScimError 400; 409 when there is one of this name */
export async function createScimGroup(ctx: Ctx, place: ScimPlace, body: unknown): Promise<ScimDocument> {
  const { displayName, externalId, members } = scimGroupOf(body);
  if (displayName === undefined) throw new ScimError(400, "displayName is missing", "invalidValue");
  checkName(displayName);
  const users = (await chooser(ctx, members))([]);
  await asUnique(() => createTeam(ctx, { name: displayName, users: [...users] }));
  await nameScim(ctx.db, ctx.org, "Group", displayName, { externalId });
  const [row] = await scimRowsOf(ctx.db, ctx.org, "Group", [displayName]);
  if (row === undefined) throw unknown(displayName);
  return viewOf(ctx, place, row, true);
}

/** What is not sent of the members is not changed with PATCH, and cleared with PUT. */
export async function replaceScimGroup(
  ctx: Ctx,
  place: ScimPlace,
  id: string,
  body: unknown,
): Promise<ScimDocument> {
  const said = scimGroupOf(body);
  return change(ctx, place, id, { ...said, members: [{ kind: "clear" }, ...said.members] });
}

/** As providers send it, name and members. */
export async function patchScimGroup(
  ctx: Ctx,
  place: ScimPlace,
  id: string,
  body: unknown,
): Promise<ScimDocument> {
  return change(ctx, place, id, patchedScimGroup(parseScimPatch(body)));
}

async function change(
  ctx: Ctx,
  place: ScimPlace,
  id: string,
  { displayName, externalId, members }: ScimGroupChange,
): Promise<ScimDocument> {
  const row = await rowOf(ctx, id);
  if (displayName !== undefined) checkName(displayName);
  await teamOf(ctx, row);
  const choose = members.length === 0 ? undefined : await chooser(ctx, members);
  const isRenamed = displayName !== undefined && displayName !== row.subject;
  if (isRenamed || choose !== undefined)
    await asUnique(() =>
      changeTeam(ctx, row.subject, { ...(isRenamed && { name: displayName }) }, false, choose),
    );
  await nameScim(ctx.db, ctx.org, "Group", displayName ?? row.subject, { externalId });
  return viewOf(ctx, place, await rowOf(ctx, id), true);
}

/** @throws ScimError 404 */
export async function deleteScimGroup(ctx: Ctx, id: string): Promise<void> {
  await deleteTeam(ctx, (await rowOf(ctx, id)).subject);
}

function checkName(name: string): void {
  if (!isTeamName(name))
    throw new ScimError(
      400,
      "displayName must have 2 to 200 characters, none of ; # / ? and no space at its ends",
      "invalidValue",
    );
}

async function asUnique<T>(write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (error) {
    if (error instanceof AppError && error.code === "conflict")
      throw new ScimError(409, error.message, "uniqueness");
    throw error;
  }
}

/**
 * Who is a member after all changes in turn. Service accounts are unknown to providers: they stay in.
 * @throws ScimError for an id that is nobody's
 */
async function chooser(ctx: Ctx, changes: readonly MemberChange[]): Promise<ChooseMembers> {
  const ids = [...new Set(changes.flatMap((one) => (one.kind === "clear" ? [] : one.ids)))];
  const known = new Map(
    (await scimRowsById(ctx.db, ctx.org, "User", ids)).map(({ id, subject }) => [id, subject] as const),
  );
  for (const one of changes)
    if (one.kind === "add" || one.kind === "set")
      for (const id of one.ids)
        if (!known.has(id))
          throw new ScimError(
            400,
            `members: there is no user with the id ${id.slice(0, 100)}`,
            "invalidValue",
          );
  return (before) => {
    const isService = (user: Entity): boolean => typeOf(user) === SERVICE_ACCOUNT;
    const stay = before.filter(isService).map((user) => user.identifier);
    const members = new Set(before.filter((user) => !isService(user)).map((user) => user.identifier));
    for (const one of changes) {
      if (one.kind === "clear" || one.kind === "set") members.clear();
      if (one.kind === "clear") continue;
      for (const id of one.ids) {
        const email = known.get(id) ?? "";
        if (one.kind === "remove") members.delete(email);
        else members.add(email);
      }
    }
    return [...stay, ...members];
  };
}

async function rowOf(ctx: Ctx, id: string): Promise<ScimRow> {
  const page = { offset: 0, limit: 1 };
  const [row] = id.includes("\u0000") ? [] : (await findScim(ctx.db, ctx.org, "Group", { id }, page)).rows;
  if (row === undefined) throw unknown(id);
  return row;
}

const unknown = (id: string): ScimError =>
  new ScimError(404, `there is no group with the id ${id.slice(0, 100)}`);

async function teamOf(ctx: Ctx, { subject, id }: ScimRow): Promise<Team> {
  try {
    return await getTeam(ctx, subject);
  } catch (error) {
    if (error instanceof AppError && error.code === "not_found") throw unknown(id);
    throw error;
  }
}

async function viewOf(
  ctx: Ctx,
  { base }: ScimPlace,
  row: ScimRow,
  withMembers: boolean,
): Promise<ScimDocument> {
  const { entity, members } = await teamOf(ctx, row);
  const emails = withMembers ? members.map((user) => user.identifier) : [];
  const rows = await scimRowsOf(ctx.db, ctx.org, "User", emails);
  return {
    schemas: [GROUP_SCHEMA],
    id: row.id,
    ...(row.externalId !== null && { externalId: row.externalId }),
    displayName: row.subject,
    ...(withMembers && {
      members: rows.map(({ id, subject, userName }) => ({
        ...{ value: id, display: userName ?? subject, $ref: `${base}/Users/${id}` },
      })),
    }),
    meta: {
      resourceType: "Group",
      created: entity.createdAt.toISOString(),
      lastModified: entity.updatedAt.toISOString(),
      location: `${base}/Groups/${row.id}`,
    },
  };
}
