/** Who may do what, as rows: those who always may, and whoever a permission names. */
import type { Block, EntityPermissions } from "./queries.ts";
import { EVERYBODY } from "./everybody.ts";

export const ACTS = [
  ["register", "Create"],
  ["update", "Change"],
  ["unregister", "Delete"],
  ["read", "Read"],
] as const;
type Act = (typeof ACTS)[number][0];

/** `some`: some entities only, or some of their properties and relations. */
export type May = "yes" | "some" | "no";

export interface WhoMay<What extends string> {
  readonly key: string;
  readonly name: string;
  readonly may: Readonly<Record<What, May>>;
}

type Grant = Omit<Block, "policy">;
/** Whether somebody is named by a permission. */
type Names = (block: Grant) => boolean;

/** With the entities of a blueprint. */
export function whoMay(blueprint: string, permissions: EntityPermissions): WhoMay<Act>[] {
  const { read } = permissions;
  const single = [permissions.updateProperties, permissions.updateRelations].flatMap((map = {}) =>
    Object.values(map),
  );
  const writing = ACTS.flatMap(([act]) => (act === "read" ? [] : (permissions[act] ?? [])));
  // Who may write an entity may read it; where nobody is named for it, all may.
  const reading = read ? [read, ...writing, ...single] : [{ roles: [EVERYBODY] }];
  const isFor = (named: Names): Record<Act, May> => {
    const may = (block: Block | undefined, less: boolean): May =>
      block !== undefined && named(block) ? "yes" : less ? "some" : "no";
    return {
      register: may(permissions.register, false),
      update: may(permissions.update, single.some(named)),
      unregister: may(permissions.unregister, false),
      read: may(reading.find(named), read?.policy !== undefined && read.policy !== null),
    };
  };
  return [
    {
      ...{ key: "anyway", name: "Administrators and moderators" },
      may: { register: "yes", update: "yes", unregister: "yes", read: "yes" },
    },
    ...namedRows([...writing, ...single, ...reading], [`${blueprint}-moderator`], isFor),
  ];
}

/** Every member, the owning teams, and whoever is named. @param anyway roles that have a row of their own */
export function namedRows<What extends string>(
  blocks: readonly Grant[],
  anyway: readonly string[],
  isFor: (named: Names) => Record<What, May>,
): WhoMay<What>[] {
  const found = (of: "roles" | "teams" | "users"): string[] => [
    ...new Set(blocks.flatMap((block) => block[of] ?? [])),
  ];
  const everybody: Names = ({ roles = [] }) => roles.includes(EVERYBODY);
  const row = (key: string, name: string, isNamed: Names): WhoMay<What> => ({
    ...{ key, name },
    may: isFor((block) => everybody(block) || isNamed(block)),
  });
  const usual = ["Admin", EVERYBODY, ...anyway];
  return [
    row("everybody", "Every member", everybody),
    row("owners", "Owning teams", ({ ownedByTeam }) => ownedByTeam === true),
    ...found("roles")
      .filter((role) => !usual.includes(role))
      .map((role) => row(`role ${role}`, `Role ${role}`, ({ roles = [] }) => roles.includes(role))),
    ...found("teams").map((team) =>
      row(`team ${team}`, `Team ${team}`, ({ teams = [] }) => teams.includes(team)),
    ),
    ...found("users").map((user) => row(`user ${user}`, user, ({ users = [] }) => users.includes(user))),
  ];
}
