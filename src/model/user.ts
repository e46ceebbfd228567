/** People: what their `_user` entities say of them (data-model.md §3.12, §8.3, §8.4). */
import type { Person } from "./actor.ts";
import { invalid } from "./error.ts";
import { isStringArray, show } from "./json.ts";

export const USER_BLUEPRINT = "_user";

/** The part of a `_user` entity that says who somebody is. */
export interface UserEntity {
  readonly identifier: string;
  readonly title: string | null;
  readonly team: readonly string[];
  readonly properties: Readonly<Record<string, unknown>>;
}

export const SERVICE_ACCOUNT = "Service Account";

const MODERATOR = /^(.+)-moderator$/;

export const moderatorOf = (blueprint: string): string => `${blueprint}-moderator`;

/** `Staged`: known, not invited. `Invited`: may sign in for the first time. `Active`. `Disabled`: may not sign in. */
export const statusOf = (user: UserEntity): string => textOf(user, "status") ?? "Staged";
export const typeOf = (user: UserEntity): string => textOf(user, "port_type") ?? "Standard";

/** `Admin` or `Member`, then one role for each blueprint they moderate. */
export function rolesOf(user: UserEntity): string[] {
  const moderated = user.properties["moderated_blueprints"];
  return [
    textOf(user, "port_role") === "Admin" ? "Admin" : "Member",
    ...(isStringArray(moderated) ? moderated.map(moderatorOf) : []),
  ];
}

/** The blueprints that somebody with these roles moderates. */
export const moderatedBy = (roles: readonly string[]): string[] =>
  roles.flatMap((role) => MODERATOR.exec(role)?.[1] ?? []);

/** @throws AppError invalid_request: not a role, or none */
export function roleProperties(
  roles: readonly string[],
  field: string,
): { readonly port_role: string; readonly moderated_blueprints: readonly string[] | null } {
  if (roles.length === 0) throw invalid(`${field} must name at least one role`);
  const moderated = new Set<string>();
  for (const role of roles) {
    if (role === "Admin" || role === "Member" || role === "Moderator") continue;
    const blueprint = MODERATOR.exec(role)?.[1];
    if (blueprint === undefined)
      throw invalid(`${field}: ${show(role)} is not one of Admin, Member, <blueprint>-moderator`);
    moderated.add(blueprint);
  }
  const isModerator = moderated.size > 0 || roles.includes("Moderator");
  return {
    port_role: roles.includes("Admin") ? "Admin" : isModerator ? "Moderator" : "Member",
    moderated_blueprints: moderated.size === 0 ? null : [...moderated],
  };
}

/** Whether somebody who might sign in no longer may. */
export const isShutOut = (before: UserEntity, after: UserEntity): boolean =>
  maySignInAs(statusOf(before)) && !maySignInAs(statusOf(after));

const maySignInAs = (status: string): boolean => status === "Active" || status === "Invited";

/** Who asks, as contexts and permissions see them; null for somebody who may not sign in. */
export function personOf(user: UserEntity): Person | null {
  if (statusOf(user) !== "Active") return null;
  return { email: user.identifier, name: nameOf(user), roles: rolesOf(user), teams: user.team };
}

export const nameOf = (user: UserEntity): string => user.title ?? user.identifier;

export const isAdmin = (person: Person): boolean => person.roles.includes("Admin");

function textOf({ properties }: UserEntity, id: string): string | null {
  const value = properties[id];
  return typeof value === "string" ? value : null;
}

/** Team names and e-mails of invitees (data-model.md §2.3). */
const NAME = /^[^;#/?\s][^;#/?]*[^;#/?\s]$/;
const MAX_NAME = 200;
const CONTROL = /\p{Cc}/u;

export const isTeamName = (text: string): boolean =>
  text.length <= MAX_NAME && NAME.test(text) && !CONTROL.test(text) && !/\p{Cs}/u.test(text);

export function checkTeamName(value: string, field: string): string {
  if (!isTeamName(value))
    throw invalid(
      `${field} ${show(value)} must have 2 to ${MAX_NAME} characters, none of ; # / ? and no space at its ends`,
    );
  return value;
}

const EMAIL = /^[^@\s]+@[^@\s]+$/;
/** The domain of service accounts: `<name>@serviceaccounts.getport.io`, or any other `serviceaccounts.…`. */
const SERVICE_DOMAIN = /@serviceaccounts\./i;

export const isServiceAddress = (email: string): boolean => SERVICE_DOMAIN.test(email);

export function checkEmail(value: string, field: string): string {
  if (!EMAIL.test(value)) throw invalid(`${field} ${show(value)} is not an e-mail address`);
  return value;
}
