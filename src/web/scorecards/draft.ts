/** A scorecard while it is edited by its form: the document as it is sent, with what the form can show of it. */
import type { Rule } from "../lib/catalog-search.ts";
import { type Column } from "../catalog/blueprint.ts";
import {
  asRule,
  type ConditionDoc,
  type ConditionGroup,
  isGroup,
  type LevelDoc,
  type RuleDoc,
} from "./types.ts";

export interface Draft {
  readonly identifier: string;
  readonly title: string;
  readonly filter?: ConditionGroup | null;
  readonly levels: readonly LevelDoc[];
  readonly rules: readonly RuleDoc[];
}

const DEFAULT_LEVELS: readonly LevelDoc[] = [
  { title: "Basic", color: "paleBlue" },
  { title: "Bronze", color: "bronze" },
  { title: "Silver", color: "silver" },
  { title: "Gold", color: "gold" },
];

export const EMPTY_DRAFT: Draft = { identifier: "", title: "", levels: DEFAULT_LEVELS, rules: [] };

/** The document of a draft is the draft; of a JSON text it is what can be read of it. */
export function draftOf(document: Readonly<Record<string, unknown>>): Draft {
  const { identifier, title, levels, rules, ...rest } = document;
  return {
    ...rest,
    identifier: typeof identifier === "string" ? identifier : "",
    title: typeof title === "string" ? title : "",
    levels: Array.isArray(levels) ? (levels as LevelDoc[]) : DEFAULT_LEVELS,
    rules: Array.isArray(rules) ? (rules as RuleDoc[]) : [],
  };
}

/** Conditions as rows of the form; null: groups within groups, and operators that it does not offer, are edited as JSON. */
export function rowsOf(query: ConditionGroup, columns: readonly Column[]): Rule[] | null {
  const rows: Rule[] = [];
  for (const part of query.conditions) {
    if (isGroup(part)) return null;
    const rule = asRule(part);
    if (!columns.some(({ id }) => id === rule.property)) return null;
    rows.push(rule);
  }
  return rows;
}

/** A row as it is sent: columns that are relations are asked for as such. */
export function conditionOf(rule: Rule, columns: readonly Column[]): ConditionDoc {
  const { property, ...rest } = rule;
  const isRelation = columns.find(({ id }) => id === property)?.source === "relation";
  return isRelation ? { relation: property, ...rest } : { property, ...rest };
}

/** An identifier that no other rule has. */
export function newRuleIdentifier(rules: readonly RuleDoc[]): string {
  const taken = new Set(rules.map(({ identifier }) => identifier));
  for (let n = rules.length + 1; ; n++) if (!taken.has(`rule${n}`)) return `rule${n}`;
}

export interface Keyed<T> {
  readonly item: T;
  readonly index: number;
  readonly key: string;
}

/** Rows keep what is being typed; when one comes or goes, all begin anew. */
export function keyed<T>(list: readonly T[]): Keyed<T>[] {
  return list.map((item, index) => ({ item, index, key: `${list.length}.${index}` }));
}
