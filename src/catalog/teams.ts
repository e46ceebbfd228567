/** Teams (data-model.md §8.2, decision 22): a team is its `_team` entity, its members are users with it in `team`. */
import { type Entity, own } from "../model/entity.ts";
import { AppError, notFound } from "../model/error.ts";
import { TEAM_BLUEPRINT } from "../model/query-graph.ts";
import { checkTeamName, USER_BLUEPRINT } from "../model/user.ts";
import type { Ctx } from "../storage/context.ts";
import { lockEntities } from "../storage/entities.ts";
import { readMembers, readTeams, readTeamsNamed } from "../storage/people.ts";
import { sqlState, transact } from "../storage/transact.ts";
import { deleteEntity } from "./delete-entity.ts";
import { exists, renameEntity } from "./rename-entity.ts";
import { upsertEntities } from "./upsert-entity.ts";

export interface Team {
  readonly entity: Entity;
  /** Oldest first. */
  readonly members: readonly Entity[];
}

export interface TeamInput {
  readonly name: string;
  readonly description?: string | null | undefined;
  /** E-mail addresses: all members. */
  readonly users?: readonly string[] | null | undefined;
}

/** Addresses of who is to be a member, of those who are. */
export type ChooseMembers = (members: readonly Entity[]) => Iterable<string>;

const WRITE = { createMissing: false, validationOnly: false, closed: false } as const;

export async function listTeams(ctx: Ctx): Promise<Team[]> {
  const teams = await readTeams(ctx.db, ctx.org);
  const members = await readMembers(
    ctx.db,
    ctx.org,
    teams.map((team) => team.identifier),
  );
  return teams.map((entity) => ({
    entity,
    members: members.filter((user) => user.team.includes(entity.identifier)),
  }));
}

/** By name; by title when no team has that name. @throws AppError not_found, conflict */
export async function getTeam(ctx: Ctx, name: string): Promise<Team> {
  const entity = await findTeam(ctx, name);
  return { entity, members: await readMembers(ctx.db, ctx.org, [entity.identifier]) };
}

async function findTeam(ctx: Ctx, name: string): Promise<Entity> {
  const [team, ...others] = name.includes("\u0000") ? [] : await readTeamsNamed(ctx.db, ctx.org, name);
  if (team === undefined) throw notFound("Team", name);
  if (others.length > 0)
    throw new AppError(
      "conflict",
      `several teams have the title "${name}": ${[team, ...others].map((one) => one.identifier).join(", ")}; use one of these names`,
    );
  return team;
}

/** @throws AppError conflict when it exists, not_found for a user */
export async function createTeam(ctx: Ctx, input: TeamInput): Promise<Team> {
  checkTeamName(input.name, "name");
  return transact(ctx, async (inner) => {
    await write(inner, TEAM_BLUEPRINT, "conflict", [
      {
        identifier: input.name,
        title: input.name,
        properties: { description: input.description ?? null },
      },
    ]);
    await setMembers(inner, input.name, () => input.users ?? []);
    return getTeam(inner, input.name);
  });
}

/**
 * @param replace what is omitted is cleared (PUT); else it stays (PATCH)
 * @param choose in the place of `users`: asked while nobody else changes the team
 */
export async function changeTeam(
  ctx: Ctx,
  name: string,
  change: Partial<TeamInput>,
  replace: boolean,
  choose?: ChooseMembers,
): Promise<Team> {
  const to = change.name === undefined ? null : checkTeamName(change.name, "name");
  try {
    return await transact(ctx, async (inner) => {
      const team = await findTeam(inner, name);
      const isRenamed = to !== null && to !== team.identifier;
      if (isRenamed) await renameEntity(inner, TEAM_BLUEPRINT, team.identifier, to);
      const identifier = isRenamed ? to : team.identifier;
      const description =
        change.description === undefined && !replace
          ? (own(team.properties, "description") ?? null)
          : (change.description ?? null);
      await write(inner, TEAM_BLUEPRINT, "merge", [
        { identifier, properties: { description }, ...(isRenamed ? { title: to } : {}) },
      ]);
      // The write above has locked the team, whatever it changed.
      if (choose !== undefined) await setMembers(inner, identifier, choose);
      else if (change.users !== undefined || replace)
        await setMembers(inner, identifier, () => change.users ?? []);
      return getTeam(inner, identifier);
    });
  } catch (error) {
    if (sqlState(error) === "23505" && to !== null) throw exists(TEAM_BLUEPRINT, to);
    throw error;
  }
}

/** The team goes from everything it owns and from its members. @throws AppError not_found, has_dependents */
export async function deleteTeam(ctx: Ctx, name: string): Promise<void> {
  const { identifier } = await findTeam(ctx, name);
  await deleteEntity(ctx, TEAM_BLUEPRINT, identifier, { deleteDependents: false });
}

/**
 * Inside a transaction that has locked the team. Who was chosen and is a member already, or was not and is none, is left
 * alone: somebody may be taking them out or in by their own row, which is locked before their teams are read.
 */
async function setMembers(ctx: Ctx, team: string, choose: ChooseMembers): Promise<void> {
  const members = await readMembers(ctx.db, ctx.org, [team]);
  const before = new Set(members.map((user) => user.identifier));
  const wanted = new Set(choose(members));
  const touched = [...before, ...wanted].filter((email) => before.has(email) !== wanted.has(email));
  const users = await lockEntities(
    ctx.db,
    ctx.org,
    touched.map((identifier) => ({ blueprint: USER_BLUEPRINT, identifier })),
  );
  const missing = touched.find(
    (email) => wanted.has(email) && !users.some((user) => user.identifier === email),
  );
  if (missing !== undefined) throw notFound("User", missing);
  const changes = users.flatMap((user) => {
    const isMember = user.team.includes(team);
    if (isMember === wanted.has(user.identifier)) return [];
    const teams = isMember ? user.team.filter((one) => one !== team) : [...user.team, team];
    return [{ identifier: user.identifier, team: teams }];
  });
  await write(ctx, USER_BLUEPRINT, "merge", changes);
}

/** All of them, or none: the caller's transaction ends with the first refusal. */
async function write(
  ctx: Ctx,
  blueprint: string,
  present: "conflict" | "merge",
  bodies: readonly object[],
): Promise<void> {
  if (bodies.length === 0) return;
  const { outcomes } = await upsertEntities(ctx, blueprint, bodies, { ...WRITE, present, absent: "create" });
  for (const outcome of outcomes) if (!outcome.ok) throw outcome.error;
}
