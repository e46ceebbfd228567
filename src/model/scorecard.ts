/** Scorecards of a blueprint as plans (workflows.md §5): levels, rules, and which entities they are about. */
import type { BlueprintPlan } from "./blueprint.ts";
import { type Compared, comparedIn } from "./compared.ts";
import { isObject, type JsonObject } from "./json.ts";
import type { QueryGroup, QueryRule } from "./query-nodes.ts";
import { parseScorecardQuery } from "./scorecard-query.ts";

/** Where a blueprint's stored document keeps its scorecards; the API shows them under addresses of their own. */
export const SCORECARDS_KEY = "scorecards";

/** In a stored scorecard: the identifier of its entity of `_scorecard`, which is not shown. */
export const ROW_KEY = "row";

/** Beside the derived values of an entity: its levels. No property can have this name. */
export const SCORES = "$scorecards";

export interface RulePlan {
  readonly identifier: string;
  /** Place of its level. */
  readonly level: number;
  readonly query: QueryGroup;
}

export interface ScorecardPlan {
  readonly identifier: string;
  readonly title: string;
  /** From the base level up. */
  readonly levels: readonly string[];
  readonly rules: readonly RulePlan[];
  /** null: about every entity. */
  readonly filter: QueryGroup | null;
  /** Another one: results stored under it say nothing of this scorecard's rules. */
  readonly shape: string;
  readonly document: JsonObject;
}

/** The scorecards in a stored document. Nothing is refused; a query that this version does not read is met by nobody. */
export function scorecardPlans(document: JsonObject): ScorecardPlan[] {
  return storedScorecards(document).map(scorecardPlan);
}

/** As they are stored, with times and the identifiers of their entities. */
export function storedScorecards(document: JsonObject): JsonObject[] {
  return objects(document[SCORECARDS_KEY]);
}

function scorecardPlan(document: JsonObject): ScorecardPlan {
  const levels = objects(document["levels"]).map(({ title }) => String(title));
  const rules = objects(document["rules"]).map((rule) => ({
    identifier: String(rule["identifier"]),
    level: Math.max(0, levels.indexOf(String(rule["level"]))),
    query: readable(rule["query"]),
  }));
  const { filter } = document;
  return Object.freeze({
    identifier: String(document["identifier"]),
    title: String(document["title"]),
    levels,
    rules,
    filter: isObject(filter) ? readable(filter) : null,
    shape: shapeOf([levels, rules.map((rule) => [rule.identifier, rule.level])]),
    document,
  });
}

function objects(value: unknown): JsonObject[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

const NOBODY: QueryGroup = {
  kind: "group",
  combinator: "and",
  rules: [{ kind: "rule", property: "$identifier", condition: { op: "in", values: [] }, negated: false }],
};

function readable(query: unknown): QueryGroup {
  try {
    return parseScorecardQuery(query, "query");
  } catch {
    return NOBODY;
  }
}

/** FNV-1a, 32 bits: short, for it is stored with every entity. */
function shapeOf(value: unknown): string {
  let hash = 0x811c9dc5;
  for (const char of JSON.stringify(value)) {
    hash ^= char.codePointAt(0) ?? 0;
    hash = Math.imul(hash, 0x01000193);
  }
  return (hash >>> 0).toString(36);
}

/** Properties, with metas, that rules and filters ask about, each once. */
export function scorecardReads({ scorecards }: BlueprintPlan): ReadonlySet<string> {
  const rules = scorecards.flatMap((one) => [
    ...(one.filter === null ? [] : rulesIn(one.filter)),
    ...one.rules.flatMap((rule) => rulesIn(rule.query)),
  ]);
  return new Set(
    rules.flatMap((rule) =>
      rule.kind === "rule" && typeof rule.property === "string" ? [rule.property] : [],
    ),
  );
}

function rulesIn(group: QueryGroup): QueryRule[] {
  return group.rules.flatMap((rule) => (rule.kind === "group" ? rulesIn(rule) : [rule]));
}

/** Who fails a rule, or stays on the base level, for want of data alone. */
export interface Unjudged {
  /** What they are counted as: FAILURE, or the title of the base level. */
  readonly as: string;
  /** Each of them holds, or has nothing that it compares; null: it cannot be failed for want of data. */
  readonly rules: readonly {
    readonly identifier: string;
    readonly compared: readonly Compared[] | null;
  }[];
}

/** @param rule null: the level, which the rules up to the lowest above the base decide. Null where all are judged */
export function unjudgedBy({ document, levels, rules }: ScorecardPlan, rule: string | null): Unjudged | null {
  const documents = objects(document["rules"]);
  const comparedBy = (id: string): readonly Compared[] | null =>
    comparedIn(documents.find(({ identifier }) => identifier === id)?.["query"]);
  if (rule !== null) {
    const compared = comparedBy(rule);
    return compared === null ? null : { as: "FAILURE", rules: [{ identifier: rule, compared }] };
  }
  const first = Math.min(...rules.flatMap(({ level }) => (level > 0 ? [level] : [])));
  const deciding = rules
    .filter(({ level }) => level <= first)
    .map(({ identifier }) => ({ identifier, compared: comparedBy(identifier) }));
  const isPossible = Number.isFinite(first) && deciding.some(({ compared }) => compared !== null);
  return isPossible ? { as: levels[0] ?? "", rules: deciding } : null;
}
