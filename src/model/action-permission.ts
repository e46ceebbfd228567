/** Who may run an action and who approves of its runs (workflows.md §3.7). */
import { checkBoolean, closedAt, isGiven, objectAt } from "./action-fields.ts";
import type { Person } from "./actor.ts";
import { invalid } from "./error.ts";
import { isObject, type JsonObject, kindOf } from "./json.ts";
import { parseList } from "./permission.ts";
import { isAdmin } from "./user.ts";

export interface Grant {
  readonly users: readonly string[];
  readonly roles: readonly string[];
  readonly teams: readonly string[];
  /** `{queries: {name: search}, conditions: [jq]}`; decided for each run. */
  readonly policy: JsonObject | null;
}

export interface ActionPermissions {
  readonly execute: Grant & { readonly ownedByTeam: boolean };
  readonly approve: Grant;
}

/** Of an action for which nobody said otherwise: everybody runs it, administrators approve. */
export const ACTION_DEFAULTS: ActionPermissions = {
  execute: { users: [], roles: ["Admin", "Member"], teams: [], ownedByTeam: false, policy: null },
  approve: { users: [], roles: ["Admin"], teams: [], policy: null },
};

const MAX_QUERIES = 20;
const MAX_CONDITIONS = 20;

/** Each list that is sent is the whole list. @throws AppError invalid_request */
export function patchActionPermissions(before: ActionPermissions, body: unknown): ActionPermissions {
  const sent = objectAt(body, "permissions");
  closedAt(sent, ["execute", "approve"], "permissions");
  const { execute, approve } = sent;
  return {
    execute: isGiven(execute)
      ? {
          ...patchGrant(before.execute, execute, "permissions.execute", ["ownedByTeam"]),
          ownedByTeam: ownedByTeamOf(execute, before.execute.ownedByTeam),
        }
      : before.execute,
    approve: isGiven(approve)
      ? patchGrant(before.approve, approve, "permissions.approve", [])
      : before.approve,
  };
}

function ownedByTeamOf(value: unknown, before: boolean): boolean {
  const owned = isObject(value) ? value["ownedByTeam"] : undefined;
  checkBoolean(owned, "permissions.execute.ownedByTeam");
  return typeof owned === "boolean" ? owned : before;
}

function patchGrant(before: Grant, value: unknown, field: string, more: readonly string[]): Grant {
  const sent = objectAt(value, field);
  closedAt(sent, ["users", "roles", "teams", "policy", ...more], field);
  const list = (key: "users" | "roles" | "teams"): readonly string[] =>
    sent[key] === undefined ? before[key] : parseList(sent[key], `${field}.${key}`);
  return {
    users: list("users"),
    roles: list("roles"),
    teams: list("teams"),
    policy: sent["policy"] === undefined ? before.policy : parsePolicy(sent["policy"], `${field}.policy`),
  };
}

function parsePolicy(value: unknown, field: string): JsonObject | null {
  if (value === null || (isObject(value) && Object.keys(value).length === 0)) return null;
  const policy = objectAt(value, field);
  closedAt(policy, ["queries", "conditions"], field);
  const queries = objectAt(policy["queries"] ?? {}, `${field}.queries`);
  if (Object.keys(queries).length > MAX_QUERIES)
    throw invalid(`${field}.queries has more than ${MAX_QUERIES} queries`);
  // Their values may be templates: they are read when they are asked.
  for (const [name, query] of Object.entries(queries)) objectAt(query, `${field}.queries.${name}`);
  const { conditions } = policy;
  const isFine =
    Array.isArray(conditions) &&
    conditions.length > 0 &&
    conditions.length <= MAX_CONDITIONS &&
    conditions.every((one) => typeof one === "string" && one !== "");
  if (!isFine)
    throw invalid(
      `${field}.conditions must be a list of 1 to ${MAX_CONDITIONS} jq expressions, not ${kindOf(conditions)}`,
    );
  return policy;
}

/** By users, roles and teams alone. With a policy that says who sees the action; the policy says who runs it. */
export function isGranted(grant: Grant, person: Person): boolean {
  const shares = (a: readonly string[], b: readonly string[]): boolean => a.some((one) => b.includes(one));
  return (
    isAdmin(person) ||
    grant.users.includes(person.email) ||
    shares(grant.roles, person.roles) ||
    shares(grant.teams, person.teams)
  );
}

/** Whether somebody sees the action at all. Apps see everything. */
export function maySee(person: Person | undefined, { execute }: ActionPermissions): boolean {
  return (
    person === undefined || isGranted(execute, person) || (execute.ownedByTeam && person.teams.length > 0)
  );
}
