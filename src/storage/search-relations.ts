/** Rules about the entities that a relation points at, as SQL (data-model.md §5.2). */
import { sql } from "kysely";
import { type Edge, edgesOf } from "../model/query-graph.ts";
import type { RelationRule, Scalar } from "../model/query-nodes.ts";
import { all, any, FALSE, onText, type Sql, type Test } from "./search-values.ts";
import { isOneOf, type Walk, type WalkScope } from "./search-walks.ts";

/** The relation on each blueprint that has it. */
export function relationsOf(rule: RelationRule, { blueprints, within }: WalkScope): Edge[] {
  return edgesOf(blueprints, null).filter((edge) => edge.relation === rule.relation && within.has(edge.from));
}

type OnTarget = (text: Sql) => Sql;

/** A target of the relation of `e` satisfies the condition. */
export function onTargets(rule: RelationRule, test: Test, edge: Edge, org: string): Sql {
  const isEmpty = sql`not (e.relations ? ${rule.relation}::text)`;
  if (test.op === "isEmpty" || (test.op === "equals" && test.value === null)) return isEmpty;
  const some = (condition: OnTarget): Sql => someTarget(rule, edge, condition, org);
  const found =
    edge.many && test.op === "contains"
      ? containsTargets(test, some)
      : some((text) => onText(text, withoutNull(test), text));
  return test.op === "in" && test.values.includes(null) ? any([found, isEmpty]) : found;
}

/** The entity holds the identifiers of its relations itself; titles are looked up. */
function someTarget(rule: RelationRule, { to, many }: Edge, condition: OnTarget, org: string): Sql {
  const value = sql`(e.relations ->> ${rule.relation}::text)`;
  const values = sql`jsonb_array_elements_text(case jsonb_typeof(e.relations -> ${rule.relation}::text)
    when 'array' then e.relations -> ${rule.relation}::text end)`;
  if (rule.target === "$identifier")
    return many ? sql`exists (select 1 from ${values} x where ${condition(sql`x`)})` : condition(value);
  const isTarget = many ? sql`t.identifier in (select x from ${values} x)` : sql`t.identifier = ${value}`;
  return sql`exists (select 1 from entity t where t.org = ${org} and t.blueprint = ${to}
    and ${isTarget} and ${condition(sql`t.title`)})`;
}

/** A many relation is a list: `contains` asks for elements (decision 14). */
function containsTargets(test: Test & { op: "contains" }, some: (condition: OnTarget) => Sql): Sql {
  const present = test.values.filter((value) => value !== null).map(String);
  const isOne = (values: readonly Scalar[]): Sql => some((text) => onText(text, { op: "in", values }, text));
  if (!test.every) return present.length === 0 ? FALSE : isOne(present);
  if (present.length < test.values.length || present.length === 0) return FALSE;
  return all(present.map((value) => isOne([value])));
}

function withoutNull(test: Test): Test {
  return test.op === "in" ? { ...test, values: test.values.filter((value) => value !== null) } : test;
}

/** The same, beginning at the targets, where they are named; null where they are not. */
export function relationWalk(
  rule: RelationRule,
  test: Test,
  edges: readonly Edge[],
  check: Sql,
  scope: WalkScope,
): Walk | null {
  const values = test.op === "equals" ? [test.value] : test.op === "in" ? test.values : [];
  if (values.length === 0 || values.includes(null) || edges.length === 0) return null;
  const targets = new Set(edges.map((edge) => edge.to));
  const named =
    rule.target === "$identifier"
      ? sql`entity_relation r where ${onText(sql`r.target`, { op: "in", values }, sql`r.target`)}`
      : sql`entity t join entity_relation r on r.org = t.org and r.target_blueprint = t.blueprint and r.target = t.identifier
          where t.org = ${scope.org} and ${isOneOf(sql`t.blueprint`, targets)} and ${onText(sql`t.title`, { op: "in", values })}`;
  const rows = sql`select r.blueprint, r.identifier from ${named} and ${all([
    sql`r.org = ${scope.org}`,
    isOneOf(sql`r.target_blueprint`, targets),
    isOneOf(
      sql`r.blueprint`,
      edges.map((edge) => edge.from),
    ),
    sql`r.relation = ${rule.relation}`,
  ])}`;
  return { ctes: [], check, rows };
}
