import type { Rule } from "../lib/catalog-search.ts";
import type { Column } from "./blueprint.ts";

/** No value. */
export const isEmpty = (value: unknown) => value === null || value === undefined;

/** What the entities of a group have in common. */
export function ruleOf(by: Column, value: unknown): Rule {
  if (by.score !== null) {
    const { scorecard, rule } = by.score;
    return {
      scorecard,
      ...(rule === null ? {} : { scorecardRule: rule }),
      ...(isEmpty(value) ? { operator: "isEmpty" } : { operator: "=", value }),
    } as unknown as Rule;
  }
  if (by.source === "relation")
    return isEmpty(value)
      ? ({ relation: by.id, operator: "isEmpty" } as unknown as Rule)
      : ({ relation: by.id, operator: "contains", value } as unknown as Rule);
  if (isEmpty(value)) return { property: by.id, operator: "isEmpty" };
  return { property: by.id, operator: by.kind === "list" || by.kind === "team" ? "contains" : "=", value };
}
