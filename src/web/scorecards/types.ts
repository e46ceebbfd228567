/** Scorecards as the pages read them. */
import type { Rule } from "../lib/catalog-search.ts";

export interface ConditionDoc {
  readonly property?: string;
  readonly relation?: string;
  readonly operator: string;
  readonly value?: unknown;
  readonly not?: boolean;
}

export interface ConditionGroup {
  readonly combinator: "and" | "or";
  readonly conditions: readonly (ConditionDoc | ConditionGroup)[];
}

export interface RuleDoc {
  readonly identifier: string;
  readonly title: string;
  readonly description?: string | null;
  readonly level: string;
  readonly query: ConditionGroup;
}

export interface LevelDoc {
  readonly title: string;
  readonly color: string;
}

export interface ScorecardDoc {
  readonly identifier: string;
  readonly title: string;
  readonly blueprint: string;
  readonly filter?: ConditionGroup | null;
  readonly levels: readonly LevelDoc[];
  readonly rules: readonly RuleDoc[];
  readonly updatedAt?: string;
}

/** What an entity has in one scorecard. */
export interface ScoreDoc {
  readonly level: string;
  readonly rules: readonly { readonly identifier: string; readonly status: string; readonly level: string }[];
}

export const isGroup = (part: ConditionDoc | ConditionGroup): part is ConditionGroup => "combinator" in part;

/** A condition as a row of the filter: relations are columns too. */
export function asRule({ property, relation, operator, value, not }: ConditionDoc): Rule {
  const opposite = operator === "isEmpty" ? "isNotEmpty" : "isEmpty";
  const asked = not === true ? opposite : operator;
  return { property: property ?? relation ?? "", operator: asked, ...(value === undefined ? {} : { value }) };
}
