/** Who may do what with the entities of a blueprint, as rows: administrators and moderators, and whoever a permission names. */
import type { Block, EntityPermissions } from "./queries.ts";
import { EVERYBODY } from "./everybody.ts";

export const ACTS = ["register", "update", "unregister", "read"] as const;
type Act = (typeof ACTS)[number];

/** `some`: some entities only, or some of their properties and relations. */
export type May = "yes" | "some" | "no";

export interface WhoMay {
  readonly key: string;
  readonly name: string;
  readonly may: Readonly<Record<Act, May>>;
}

type Names = (block: Block) => boolean;

export function whoMay(blueprint: string, permissions: EntityPermissions): WhoMay[] {
  const { read } = permissions;
  const single = [permissions.updateProperties, permissions.updateRelations].flatMap((map = {}) =>
    Object.values(map),
  );
  const writing = ACTS.flatMap((act) => (act === "read" ? [] : (permissions[act] ?? [])));
  // Who may write an entity may read it; where nobody is named for it, all may.
  const reading = read ? [read, ...writing, ...single] : [{ roles: [EVERYBODY] }];
  const all = [...writing, ...single, ...reading];
  const found = (of: "roles" | "teams" | "users"): string[] => [
    ...new Set(all.flatMap((block) => block[of] ?? [])),
  ];
  const everybody: Names = ({ roles = [] }) => roles.includes(EVERYBODY);
  const row = (key: string, name: string, isNamed: Names): WhoMay => {
    const named: Names = (block) => everybody(block) || isNamed(block);
    const may = (block: Block | undefined, less: boolean): May =>
      block !== undefined && named(block) ? "yes" : less ? "some" : "no";
    return {
      ...{ key, name },
      may: {
        register: may(permissions.register, false),
        update: may(permissions.update, single.some(named)),
        unregister: may(permissions.unregister, false),
        read: may(reading.find(named), read?.policy !== undefined && read.policy !== null),
      },
    };
  };
  const usual = ["Admin", `${blueprint}-moderator`, EVERYBODY];
  return [
    {
      ...{ key: "anyway", name: "Administrators and moderators" },
      may: { register: "yes", update: "yes", unregister: "yes", read: "yes" },
    },
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
