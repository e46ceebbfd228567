/** Rules of a search while they are designed. */
import type { Rule } from "../lib/catalog-search.ts";

export interface RulesDoc {
  readonly combinator?: string;
  readonly rules?: readonly unknown[];
}

/** The text of an expression; null: it is none. */
export const jqOf = (value: unknown): string | null =>
  typeof value === "object" && value !== null && "jqQuery" in value ? String(value.jqQuery) : null;

/** One about a property; groups and rules about relations stand as text. */
export const isRule = (value: unknown): value is Rule =>
  typeof value === "object" &&
  value !== null &&
  typeof (value as Partial<Rule>).property === "string" &&
  typeof (value as Partial<Rule>).operator === "string";

export const withRule = (doc: RulesDoc | undefined, at: number, rule: unknown): RulesDoc => ({
  ...doc,
  combinator: doc?.combinator ?? "and",
  rules: (doc?.rules ?? []).map((one, i) => (i === at ? rule : one)),
});

/** undefined when none is left. */
export function withoutRule(doc: RulesDoc | undefined, at: number): RulesDoc | undefined {
  const rules = (doc?.rules ?? []).filter((_, i) => i !== at);
  return rules.length === 0 ? undefined : { ...doc, combinator: doc?.combinator ?? "and", rules };
}
