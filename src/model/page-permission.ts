/** Who may read and who may change a page (data-model.md §8.6). */
import type { Person } from "./actor.ts";
import { invalid } from "./error.ts";
import { checkJson, isObject, kindOf, show } from "./json.ts";
import { parseList, renamedNames } from "./permission.ts";
import { isAdmin } from "./user.ts";

const LISTS = ["roles", "users", "teams"] as const;
const OPERATIONS = ["read", "update"] as const;

export type PageBlock = Readonly<Record<(typeof LISTS)[number], readonly string[]>>;
export type PagePermissions = Readonly<Record<(typeof OPERATIONS)[number], PageBlock>>;

/** Until somebody sends others: everybody reads, administrators change. */
export const PAGE_DEFAULTS: PagePermissions = {
  read: { roles: ["Admin", "Member"], users: [], teams: [] },
  update: { roles: ["Admin"], users: [], teams: [] },
};

/** A list that is sent is the whole list, null is the empty one; what is not sent stays. @throws AppError invalid_request */
export function patchPagePermissions(before: PagePermissions, body: unknown): PagePermissions {
  checkJson(body, "");
  if (!isObject(body)) throw invalid(`the permissions must be an object, not ${kindOf(body)}`);
  const extra = Object.keys(body).find((key) => !(OPERATIONS as readonly string[]).includes(key));
  if (extra !== undefined) throw invalid(`${show(extra)} is not one of ${OPERATIONS.join(", ")}`);
  const block = (operation: (typeof OPERATIONS)[number]): PageBlock => {
    const sent = body[operation] ?? {};
    if (!isObject(sent)) throw invalid(`${operation} must be an object, not ${kindOf(sent)}`);
    const unknown = Object.keys(sent).find((key) => !(LISTS as readonly string[]).includes(key));
    if (unknown !== undefined)
      throw invalid(`${operation}: ${show(unknown)} is not one of ${LISTS.join(", ")}`);
    const list = (name: (typeof LISTS)[number]): readonly string[] =>
      sent[name] === undefined ? before[operation][name] : parseList(sent[name], `${operation}.${name}`);
    return { roles: list("roles"), users: list("users"), teams: list("teams") };
  };
  return { read: block("read"), update: block("update") };
}

/** Administrators and API credentials (without a person) may always. */
export function mayReadPage(person: Person | undefined, permissions: PagePermissions | null): boolean {
  return permissions === null || isIn(person, permissions.read);
}

/** The same of changing it. */
export function mayUpdatePage(person: Person | undefined, permissions: PagePermissions | null): boolean {
  return isIn(person, (permissions ?? PAGE_DEFAULTS).update);
}

function isIn(person: Person | undefined, { roles, users, teams }: PageBlock): boolean {
  if (person === undefined || isAdmin(person)) return true;
  const shares = (a: readonly string[], b: readonly string[]): boolean => a.some((one) => b.includes(one));
  return shares(roles, person.roles) || users.includes(person.email) || shares(teams, person.teams);
}

/** After roles, teams or people got other names, or went. A restriction to nobody stays one. */
export function withPageNames(
  permissions: PagePermissions,
  list: "roles" | "teams" | "users",
  rename: (name: string) => string | null,
): PagePermissions {
  const block = (before: PageBlock): PageBlock => ({ ...before, [list]: renamedNames(before[list], rename) });
  return { read: block(permissions.read), update: block(permissions.update) };
}
