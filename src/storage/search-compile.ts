/** Search queries as one condition on the entity `e` (data-model.md §5, decisions 13–16). */
import { sql } from "kysely";
import type { BlueprintPlan } from "../model/blueprint.ts";
import { derivedType } from "../model/derive-types.ts";
import { own } from "../model/entity.ts";
import type { PropertyPlan, PropertyType } from "../model/property.ts";
import type { Blueprints, Edge } from "../model/query-graph.ts";
import {
  isContextRef,
  isMetaProperty,
  type MetaProperty,
  type PropertyRule,
  type QueryGroup,
  type QueryRule,
  type RelationRule,
  type Scalar,
  type SchemaRule,
  type ScorecardRule,
} from "../model/query-nodes.ts";
import { type Compilation, compileKinds, negate, operands, spend, testOf } from "./search-compilation.ts";
import { pathWalk } from "./search-paths.ts";
import { relatedWalk } from "./search-related.ts";
import { onTargets, relationsOf, relationWalk } from "./search-relations.ts";
import { scoreKinds, type ScorePlace, scoreText } from "./search-scores.ts";
import {
  all,
  any,
  type Column,
  FALSE,
  onInstant,
  onLiteral,
  onNull,
  onProperty,
  onTeam,
  onText,
  type Sql,
  type Test,
  TRUE,
} from "./search-values.ts";
import { textArray, type Walk } from "./search-walks.ts";

export function compile(rule: QueryRule | QueryGroup, to: Compilation): Sql {
  if (rule === to.fulfilled) return TRUE;
  switch (rule.kind) {
    case "group": {
      if (rule.rules.length === 0) return TRUE;
      const parts = rule.rules.map((part) => compile(part, to));
      return rule.combinator === "and" ? all(parts) : any(parts);
    }
    case "rule":
      return compileProperty(rule, to);
    case "schema":
      return compileSchema(rule, to);
    case "relation":
      return compileRelation(rule, to);
    case "scorecard":
      return compileScorecard(rule, to);
    default:
      return walkOf(rule, to)?.check ?? FALSE;
  }
}

/** The walk of a rule that has one, made once. */
export function walkOf(rule: QueryRule, to: Compilation): Walk | null {
  const known = to.walks.get(rule);
  if (known !== undefined) return known;
  const walk = makeWalk(rule, to);
  if (walk !== null) to.walks.set(rule, walk);
  return walk;
}

function makeWalk(rule: QueryRule, to: Compilation): Walk | null {
  if (rule.kind === "rule") return identifierWalk(rule, to);
  if (rule.kind === "relation") {
    const test = rule.negated ? null : testOf(rule.condition, to);
    if (test === null) return null;
    return relationWalk(rule, asTexts(test), relationsOf(rule, to), compileRelation(rule, to), to);
  }
  if (rule.kind !== "relatedTo" && rule.kind !== "path") return null;
  const values = (operands(rule.values, to) ?? []).filter((value) => typeof value === "string");
  return rule.kind === "relatedTo" ? relatedWalk(rule, values, to) : pathWalk(rule, values, to);
}

/** So many keys are looked up one by one; the primary key begins with the blueprint. */
const MAX_KEYS = 20_000;

/** `$identifier` over several blueprints: each identifier in each. */
function identifierWalk(rule: PropertyRule, to: Compilation): Walk | null {
  if (rule.property !== "$identifier" || rule.negated || to.within.size === 1) return null;
  const test = testOf(rule.condition, to);
  const values = test?.op === "equals" ? [test.value] : test?.op === "in" ? test.values : [];
  const identifiers = [...new Set(values.filter((value) => value !== null).map(String))];
  if (identifiers.length === 0 || identifiers.length * to.within.size > MAX_KEYS) return null;
  const rows = sql`select b, i from unnest(${textArray(to.within)}) b, unnest(${textArray(identifiers)}) i`;
  return { ctes: [], check: compileProperty(rule, to), rows, isBounded: true };
}

function compileProperty(rule: PropertyRule, to: Compilation): Sql {
  const test = testOf(rule.condition, to);
  if (test === null) return FALSE;
  if (isContextRef(rule.property)) {
    // The left side is a value of the person; of several, one must fit.
    const values = to.person(rule.property);
    spend(to, test, values.length);
    return values.length === 0 ? FALSE : negate(any(values.map((v) => onLiteral(v, test))), rule.negated);
  }
  if (isMetaProperty(rule.property)) {
    spend(to, test, 1);
    return negate(onMeta(rule.property, test), rule.negated);
  }
  const id = rule.property;
  return compileKinds(kindsOf(id, to), to, (kind, times) => {
    spend(to, test, times);
    return negate(kind === null ? onNull(test) : onProperty(id, kind.type, test, kind.column), rule.negated);
  });
}

export interface Kind {
  readonly type: PropertyType;
  readonly column: Column;
}

/** Blueprints that have the property, by what it is there; null stands for mirrors of what there is not. */
export function kindsOf(id: string, { within, blueprints }: Compilation): Map<Kind | null, string[]> {
  const kinds = new Map<string, { readonly kind: Kind | null; readonly of: string[] }>();
  for (const blueprint of within) {
    const plan = blueprints.get(blueprint);
    const kind = plan === undefined ? undefined : kindOf(id, plan, blueprints);
    if (kind === undefined) continue;
    const key = kind === null ? "" : `${kind.column} ${kind.type}`;
    const known = kinds.get(key) ?? { kind, of: [] };
    known.of.push(blueprint);
    kinds.set(key, known);
  }
  return new Map([...kinds.values()].map(({ kind, of }) => [kind, of]));
}

function kindOf(id: string, plan: BlueprintPlan, blueprints: Blueprints): Kind | null | undefined {
  const stored = plan.properties.get(id)?.type;
  if (stored !== undefined) return { type: stored, column: "properties" };
  if (!plan.derived.has(id)) return undefined;
  const type = derivedType(blueprints, plan, id);
  return type === null ? null : { type, column: "derived" };
}

export const COLUMNS: Readonly<Record<MetaProperty, Sql>> = {
  $identifier: sql`e.identifier`,
  $title: sql`e.title`,
  $icon: sql`e.icon`,
  $team: sql`e.team`,
  $blueprint: sql`e.blueprint`,
  $createdAt: sql`e.created_at`,
  $updatedAt: sql`e.updated_at`,
  $createdBy: sql`e.created_by`,
  $updatedBy: sql`e.updated_by`,
  $datasource: sql`e.datasource`,
};

function onMeta(meta: MetaProperty, test: Test): Sql {
  const column = COLUMNS[meta];
  if (meta === "$team") return onTeam(test);
  if (meta === "$createdAt" || meta === "$updatedAt") return onInstant(column, test);
  // These two are in the primary key, which compares all of the text.
  return meta === "$identifier" || meta === "$blueprint"
    ? onText(column, asTexts(test), column)
    : onText(column, asTexts(test));
}

/** Columns of text: a number or boolean asks for its text, as for an identifier that looks like a number. */
function asTexts(test: Test): Test {
  const asText = (value: Scalar): Scalar => (value === null ? null : String(value));
  if (test.op === "equals") return { ...test, value: asText(test.value) };
  return test.op === "in" ? { ...test, values: test.values.map(asText) } : test;
}

/** Some property whose definition fits satisfies the condition; negated: none does. */
function compileSchema(rule: SchemaRule, to: Compilation): Sql {
  const test = testOf(rule.condition, to);
  if (test === null) return FALSE;
  const ids = new Map<string, string[]>();
  for (const { blueprint, property } of fittingProperties(rule, to))
    ids.set(blueprint, [...(ids.get(blueprint) ?? []), property]);
  const kinds = new Map<string, string[]>();
  // Property identifiers have no line breaks.
  for (const [blueprint, list] of ids)
    kinds.set(list.join("\n"), [...(kinds.get(list.join("\n")) ?? []), blueprint]);
  return compileKinds(kinds, to, (key, times) => {
    const list = key.split("\n");
    spend(to, test, times * list.length);
    return negate(any(list.map((id) => onProperty(id, rule.schema.type, test))), rule.negated);
  });
}

/** Properties whose definition fits, of every blueprint searched. */
export function fittingProperties(
  rule: SchemaRule,
  { within, blueprints }: Compilation,
): { readonly blueprint: string; readonly property: string; readonly type: PropertyType }[] {
  return [...within].flatMap((blueprint) =>
    [...(blueprints.get(blueprint)?.properties.values() ?? [])]
      .filter((property) => fits(rule, property))
      .map(({ identifier, type }) => ({ blueprint, property: identifier, type }))
      .sort((a, b) => (a.property < b.property ? -1 : 1)),
  );
}

/** A format that the rule does not name does not matter. */
function fits({ schema }: SchemaRule, property: PropertyPlan): boolean {
  if (property.type !== schema.type) return false;
  if (schema.format !== null && property.format !== schema.format) return false;
  if (schema.items === null) return true;
  const items = own(property.definition, "items") as { type?: unknown; format?: unknown } | null | undefined;
  return (
    (schema.items.type === null || items?.type === schema.items.type) &&
    (schema.items.format === null || items?.format === schema.items.format)
  );
}

/** Of blueprints that have the scorecard (and the rule); an entity that it is not about has no level. */
function compileScorecard(rule: ScorecardRule, to: Compilation): Sql {
  const test = testOf(rule.condition, to);
  if (test === null) return FALSE;
  return compileKinds(scoreKinds(rule.scorecard, rule.rule, to), to, (kind, times) => {
    spend(to, test, times);
    const text = scoreText(rule.scorecard, JSON.parse(kind) as ScorePlace);
    return negate(onText(text, asTexts(test), text), rule.negated);
  });
}

function compileRelation(rule: RelationRule, to: Compilation): Sql {
  const test = testOf(rule.condition, to);
  if (test === null) return FALSE;
  const kinds = new Map<string, { readonly edge: Edge; readonly from: string[] }>();
  for (const edge of relationsOf(rule, to)) {
    const key = JSON.stringify([edge.to, edge.many]);
    const kind = kinds.get(key) ?? { edge, from: [] };
    kind.from.push(edge.from);
    kinds.set(key, kind);
  }
  return compileKinds(
    new Map([...kinds.values()].map(({ edge, from }) => [edge, from])),
    to,
    (edge, times) => {
      spend(to, test, times);
      return negate(onTargets(rule, asTexts(test), edge, to.org), rule.negated);
    },
  );
}
