/** Users and teams as the API shows them (data-model.md §8.2, §8.3). */
import type { Team } from "../catalog/teams.ts";
import type { Entity } from "../model/entity.ts";
import { parsePaths } from "../model/projection.ts";
import { nameOf, rolesOf, statusOf, typeOf } from "../model/user.ts";

/** Teams of an identity provider would carry its name. */
const PROVIDER = "port";

const times = ({ createdAt, updatedAt }: Entity): { createdAt: string; updatedAt: string } => ({
  createdAt: createdAt.toISOString(),
  updatedAt: updatedAt.toISOString(),
});

function namesOf(user: Entity): { firstName: string; lastName: string } {
  const [firstName = "", ...rest] = (user.title ?? "").trim().split(/\s+/);
  return { firstName, lastName: rest.join(" ") };
}

const memberView = (user: Entity) => ({
  ...namesOf(user),
  email: user.identifier,
  picture: null,
  status: statusOf(user),
});

const base = ({ entity }: Team) => {
  const { description } = entity.properties;
  return {
    id: entity.identifier,
    name: entity.identifier,
    description: typeof description === "string" ? description : null,
    provider: PROVIDER,
    ...times(entity),
  };
};

export const teamView = (team: Team) => ({ ...base(team), users: team.members.map(memberView) });

export const writtenTeamView = (team: Team) => ({
  ...base(team),
  users: team.members.map((user) => user.identifier),
});

const common = (user: Entity) => ({
  id: user.identifier,
  email: user.identifier,
  name: nameOf(user),
  ...namesOf(user),
  picture: null,
  status: statusOf(user),
  type: typeOf(user),
  isInvisible: false,
  supportLevel: null,
  providers: [],
  ...times(user),
});

/** As the list shows them: teams are objects. */
export const listedUserView = (user: Entity, org: string) => ({
  ...common(user),
  teams: user.team.map((name) => ({ id: name, name, provider: PROVIDER })),
  roles: rolesOf(user).map((name) => ({ name })),
  orgMembers: [{ orgId: org, status: statusOf(user) }],
});

export const userView = (user: Entity, org: string) => ({
  ...common(user),
  orgs: [{ id: org }],
  teams: user.team,
  roles: rolesOf(user).map((name) => ({ name })),
  orgMembers: [{ orgId: org, status: statusOf(user) }],
  teamsIdentifiers: user.team,
  termsAccepted: true,
});

/** What `fields` asks for: keys, and keys of the objects in lists (`users.email`). */
export function pickFields(view: Readonly<Record<string, unknown>>, asked: unknown): Record<string, unknown> {
  const paths = parsePaths(asked);
  if (paths === null) return { ...view };
  const whole = new Set(paths.filter((path) => !path.includes(".")));
  const picked: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(view)) {
    const parts = paths
      .filter((path) => path.startsWith(`${key}.`))
      .map((path) => path.slice(key.length + 1));
    if (whole.has(key)) picked[key] = value;
    else if (parts.length > 0)
      picked[key] = Array.isArray(value)
        ? value.map((item: unknown) =>
            typeof item === "object" && item !== null
              ? Object.fromEntries(Object.entries(item).filter(([name]) => parts.includes(name)))
              : item,
          )
        : value;
  }
  return picked;
}
