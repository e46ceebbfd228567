/** Queries of a policy while they are designed: `{combinator: "and", rules: [$blueprint is …, others]}`. */
import type { RulesDoc } from "./rules-draft.ts";

type Doc = Readonly<Record<string, unknown>>;

const isDoc = (value: unknown): value is Doc =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const rulesIn = (query: unknown): readonly unknown[] =>
  isDoc(query) && Array.isArray(query["rules"]) ? query["rules"] : [];

const isBlueprintRule = (rule: unknown): rule is Doc =>
  isDoc(rule) &&
  rule["property"] === "$blueprint" &&
  rule["operator"] === "=" &&
  typeof rule["value"] === "string";

/** Among which entities it looks; null: it is of another shape, and stands as JSON. */
export function blueprintOfQuery(query: unknown): string | null {
  const [first] = rulesIn(query);
  const isAll = isDoc(query) && (query["combinator"] ?? "and") === "and";
  return isAll && isBlueprintRule(first) ? String(first["value"]) : null;
}

/** Its other rules: in one group where one of them is enough. */
export function rulesOfQuery(query: unknown): RulesDoc | undefined {
  const others = rulesIn(query).slice(1);
  const [only] = others;
  if (others.length === 1 && isDoc(only) && Array.isArray(only["rules"])) return only;
  return others.length === 0 ? undefined : { combinator: "and", rules: others };
}

export function asQuery(blueprint: string, rules: RulesDoc | undefined): Doc {
  const own = { property: "$blueprint", operator: "=", value: blueprint };
  const others = rules?.rules ?? [];
  const isGroup = rules?.combinator === "or" && others.length > 1;
  return { combinator: "and", rules: [own, ...(isGroup ? [rules] : others)] };
}

export function freshName(queries: Doc): string {
  for (let n = 1; ; n++) if (!Object.hasOwn(queries, `query${n}`)) return `query${n}`;
}

export const without = (queries: Doc, name: string): Doc =>
  Object.fromEntries(Object.entries(queries).filter(([other]) => other !== name));

/** In the same place; a name that is taken or none changes nothing. */
export const renamed = (queries: Doc, from: string, to: string): Doc =>
  to === "" || Object.hasOwn(queries, to)
    ? queries
    : Object.fromEntries(Object.entries(queries).map(([name, query]) => [name === from ? to : name, query]));
