/** Conditions of scorecard rules and filters (workflows.md §5.2): search queries about the entity alone. */
import { invalid } from "./error.ts";
import { isObject, type JsonObject, show } from "./json.ts";
import { contextRefs, type QueryGroup } from "./query-nodes.ts";
import { parseConditions } from "./query.ts";

const OPPOSITE: Readonly<Record<string, string>> = { isEmpty: "isNotEmpty", isNotEmpty: "isEmpty" };

/**
 * `{combinator, conditions}` with at least one condition; groups may be nested.
 * @throws AppError `invalid_request` naming the condition
 */
export function parseScorecardQuery(value: unknown, field: string): QueryGroup {
  const group = parseConditions(withoutNot(value, field), field);
  if (group.rules.length === 0) throw invalid(`${field}.conditions must hold at least 1 condition`);
  refuseOthers(group, field);
  if (contextRefs(group).length > 0)
    throw invalid(
      `${field}: context is not allowed here: nobody in particular asks for the level of an entity`,
    );
  return group;
}

/** `not: true` beside isEmpty or isNotEmpty asks for the opposite. */
function withoutNot(value: unknown, field: string): unknown {
  if (!isObject(value)) return value;
  const list = Object.hasOwn(value, "conditions") ? "conditions" : "rules";
  const conditions = value[list];
  if (!Array.isArray(conditions)) return value;
  return {
    ...value,
    [list]: conditions.map((condition: unknown, i) => {
      const at = `${field}.${list}[${i}]`;
      if (!isObject(condition)) return condition;
      if (Object.hasOwn(condition, "combinator")) return withoutNot(condition, at);
      return Object.hasOwn(condition, "not") ? turned(condition, at) : condition;
    }),
  };
}

function turned(condition: JsonObject, field: string): JsonObject {
  const { not, ...rest } = condition;
  const opposite = OPPOSITE[String(rest["operator"])];
  if (typeof not !== "boolean" || opposite === undefined)
    throw invalid(`${field}.not ${show(not)} must be a boolean, beside isEmpty or isNotEmpty`);
  return not ? { ...rest, operator: opposite } : rest;
}

function refuseOthers(group: QueryGroup, field: string): void {
  group.rules.forEach((rule, i) => {
    const at = `${field}.conditions[${i}]`;
    if (rule.kind === "group") return refuseOthers(rule, at);
    if (rule.kind === "relation" && rule.target === "$title")
      throw invalid(
        `${at}.targetProperty "$title" is not allowed here: a mirror property can show the title`,
      );
    if (rule.kind !== "rule" && rule.kind !== "relation")
      throw invalid(`${at} must be about a property or a relation of the entity itself`);
  });
}
