import type { Filter, Rule } from "../lib/catalog-search.ts";
import { rulesOf } from "./scope.ts";

/** A dataset as the form of filters reads it. */
export function filterOf(dataset: unknown, blueprint: string): Filter {
  const isOr = (dataset as { combinator?: unknown } | null)?.combinator === "or";
  const whole = rulesOf(dataset, blueprint, []);
  const [only] = whole;
  const conditions =
    isOr && whole.length === 1 && Array.isArray((only as { rules?: unknown }).rules)
      ? (only as { rules: object[] }).rules
      : whole;
  const plain = conditions.filter(
    (rule): rule is Rule =>
      typeof (rule as Partial<Rule>).property === "string" &&
      typeof (rule as Partial<Rule>).operator === "string",
  );
  const more = conditions.filter((rule) => !plain.includes(rule as Rule));
  return { combinator: isOr ? "or" : "and", rules: plain, ...(more.length > 0 ? { more } : {}) };
}
