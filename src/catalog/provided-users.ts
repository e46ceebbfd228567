/** Users as a provider of identities knows them: who may come, and what their groups give them. */
import type { Entity } from "../model/entity.ts";
import { plainAddress } from "../model/plain-address.ts";
import { isTeamName, rolesOf, SERVICE_ACCOUNT, statusOf, typeOf } from "../model/user.ts";
import type { Ctx } from "../storage/context.ts";
import { createTeam, getTeam } from "./teams.ts";
import { changeUser, writeUser } from "./users.ts";
import { AppError } from "../model/error.ts";

export interface ProvidedPerson {
  readonly email: string;
  readonly name: string | null;
  /** null: not told. */
  readonly groups: readonly string[] | null;
}

export interface ProviderRules {
  readonly createsUsers: boolean;
  /** null: roles are not touched. */
  readonly adminGroups: readonly string[] | null;
  /** null: teams are not touched. */
  readonly teamGroups: "all" | Readonly<Record<string, string>> | null;
  /** The administrator of the configuration stays one, whatever the provider says. */
  readonly keeps: string;
}

/**
 * Brings a user up to what the provider says, who signs in.
 * @param known null: there is nobody yet. @returns their identifier; null: they may not come
 */
export async function settleProvidedUser(
  ctx: Ctx,
  known: Entity | null,
  person: ProvidedPerson,
  rules: ProviderRules,
): Promise<string | null> {
  if (known === null && !rules.createsUsers) return null;
  if (known !== null && !mayCome(known, rules)) return null;
  const email = known?.identifier ?? plainAddress(person.email);
  if (known === null || statusOf(known) !== "Active")
    await writeUser(
      ctx,
      {
        identifier: email,
        ...(known === null && { title: person.name ?? email }),
        properties: {
          status: "Active",
          ...(known === null && { port_role: "Member", port_type: "Standard" }),
        },
      },
      "merge",
      "create",
    );
  if (person.groups !== null) await settleGroups(ctx, email, person.groups, known, rules);
  return email;
}

function mayCome(user: Entity, { createsUsers }: ProviderRules): boolean {
  if (typeOf(user) === SERVICE_ACCOUNT) return false;
  const status = statusOf(user);
  return status === "Active" || status === "Invited" || (status === "Staged" && createsUsers);
}

async function settleGroups(
  ctx: Ctx,
  email: string,
  groups: readonly string[],
  known: Entity | null,
  { adminGroups, teamGroups, keeps }: ProviderRules,
): Promise<void> {
  const now = known === null ? ["Member"] : rolesOf(known);
  const change: { roles?: readonly string[]; teams?: readonly string[] } = {};
  if (adminGroups !== null && email !== keeps) {
    const isAdmin = groups.some((group) => adminGroups.includes(group));
    if (isAdmin !== now.includes("Admin"))
      change.roles = [isAdmin ? "Admin" : "Member", ...now.filter((role) => role.endsWith("-moderator"))];
  }
  if (teamGroups !== null) {
    const before = known?.team ?? [];
    const teams = await teamsOf(ctx, groups, before, teamGroups);
    if (!sameMembers(before, teams)) change.teams = teams;
  }
  if (change.roles !== undefined || change.teams !== undefined) await changeUser(ctx, email, change);
}

/** Their teams after this: those that groups decide about as the groups say, the others as they were. */
async function teamsOf(
  ctx: Ctx,
  groups: readonly string[],
  before: readonly string[],
  rule: "all" | Readonly<Record<string, string>>,
): Promise<string[]> {
  const wanted = rule === "all" ? groups.filter(isTeamName) : groups.flatMap((group) => rule[group] ?? []);
  const kept = rule === "all" ? [] : before.filter((team) => !Object.values(rule).includes(team));
  const there: string[] = [];
  for (const name of new Set(wanted)) {
    const found = await getTeam(ctx, name).catch((error: unknown) => {
      if (error instanceof AppError && error.code === "not_found") return null;
      throw error;
    });
    if (found === null) await createTeam(ctx, { name });
    there.push(found?.entity.identifier ?? name);
  }
  return [...new Set([...kept, ...there])];
}

const sameMembers = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((item) => b.includes(item));
