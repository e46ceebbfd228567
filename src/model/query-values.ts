/** Values in rules: scalars, lists, and values of the person who asks (data-model.md §5.4). */
import { invalid } from "./error.ts";
import { isObject, type JsonObject, kindOf, show } from "./json.ts";
import {
  type ContextRef,
  isMetaProperty,
  META_PROPERTIES,
  type Operand,
  type Scalar,
} from "./query-nodes.ts";

/** How much one query may hold. */
export interface Budget {
  rules: number;
  values: number;
  /** Rules that walk over relations. */
  walks: number;
}

const MAX_VALUES = 10_000;
const MAX_WALKS = 30;

/** The texts by which Port's pages mean the teams of whoever looks, as values about teams. */
const MY_TEAMS: readonly unknown[] = ["My Teams", "myTeamsDynamicFilter"];
const TEAMS_OF_USER: ContextRef = { context: "userTeams", property: "$identifier" };

/** Rules are closed objects: a key that is not theirs is a mistake. */
export function closed(value: JsonObject, keys: readonly string[], field: string): void {
  const extra = Object.keys(value).find((key) => !keys.includes(key));
  if (extra !== undefined)
    throw invalid(`${field}.${extra} is not a key of this rule, which takes ${keys.join(", ")}`);
}

export function countWalk(budget: Budget, field: string): void {
  budget.walks++;
  if (budget.walks > MAX_WALKS)
    throw invalid(`${field}: the query has more than ${MAX_WALKS} relatedTo and matchAny rules`);
}

export function textOf(value: unknown, field: string): string {
  if (typeof value !== "string" || value === "")
    throw invalid(`${field} must be a string of 1 or more characters, not ${show(value)}`);
  return value;
}

export function parseContext(value: JsonObject, field: string): ContextRef {
  if (!Object.hasOwn(value, "context"))
    throw invalid(`${field} must be a value or {context, property}, not ${show(value)}`);
  closed(value, ["context", "property"], field);
  const { context, property } = value;
  if (context !== "user" && context !== "userTeams")
    throw invalid(`${field}.context ${show(context)} is not one of user, userTeams`);
  if (
    typeof property !== "string" ||
    property === "" ||
    (property.startsWith("$") && !isMetaProperty(property))
  )
    throw invalid(
      `${field}.property ${show(property)} must be a property identifier or one of ${META_PROPERTIES.join(", ")}`,
    );
  return { context, property };
}

function scalarOf(value: unknown, field: string): Scalar {
  if (value === null || ["string", "number", "boolean"].includes(typeof value)) return value as Scalar;
  throw invalid(`${field} must be a string, number, boolean or null, not ${kindOf(value)}`);
}

/** One value. */
export function parseScalar(value: unknown, field: string, isTeam = false): Operand {
  if (isTeam && MY_TEAMS.includes(value)) return [TEAMS_OF_USER];
  return [isObject(value) ? parseContext(value, field) : scalarOf(value, field)];
}

/** A list of values, or a value of the person, which may be several. */
export function parseList(value: unknown, field: string, budget: Budget, isTeam = false): Operand {
  if (isObject(value)) return [parseContext(value, field)];
  if (!Array.isArray(value)) throw invalid(`${field} must be a list, not ${kindOf(value)}`);
  budget.values += value.length;
  if (budget.values > MAX_VALUES) throw invalid(`${field}: the query has more than ${MAX_VALUES} values`);
  return value.map((item: unknown, i) =>
    (isTeam || item === MY_TEAMS[1]) && MY_TEAMS.includes(item)
      ? TEAMS_OF_USER
      : scalarOf(item, `${field}[${i}]`),
  );
}

export function parseOneOrList(value: unknown, field: string, budget: Budget, isTeam = false): Operand {
  return Array.isArray(value) ? parseList(value, field, budget, isTeam) : parseScalar(value, field, isTeam);
}
