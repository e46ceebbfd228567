/** Rules about the entities that a relation points at, as SQL (data-model.md §5.2). */
import { sql } from "kysely";
import type { RelationRule, Scalar } from "../model/query-nodes.ts";
import { all, any, FALSE, onText, type Sql, type Test } from "./search-values.ts";
import { hasRelation, isOneOf, type Walk, type WalkScope } from "./search-walks.ts";

/** Blueprints that have the relation, by whether it is many, and what it points at. */
interface Relations {
  readonly kinds: ReadonlyMap<boolean, readonly string[]>;
  readonly targets: ReadonlySet<string>;
}

export function relationsOf(rule: RelationRule, { blueprints, within }: WalkScope): Relations {
  const kinds = new Map<boolean, string[]>();
  const targets = new Set<string>();
  for (const blueprint of within) {
    const relation = blueprints.get(blueprint)?.relations.get(rule.relation);
    if (relation === undefined) continue;
    targets.add(relation.target);
    kinds.set(relation.many, [...(kinds.get(relation.many) ?? []), blueprint]);
  }
  return { kinds, targets };
}

type OnTarget = (text: Sql) => Sql;

/** A target satisfies the condition. */
export function onTargets(
  rule: RelationRule,
  test: Test,
  many: boolean,
  { targets }: Relations,
  scope: WalkScope,
): Sql {
  const isEmpty = sql`not (e.relations ? ${rule.relation}::text)`;
  if (test.op === "isEmpty" || (test.op === "equals" && test.value === null)) return isEmpty;
  const some = (condition: OnTarget): Sql =>
    hasRelation([
      sql`r.org = ${scope.org}`,
      sql`r.relation = ${rule.relation}`,
      isOneOf(sql`r.target_blueprint`, targets),
      targetIs(rule, condition),
    ]);
  const onOne = (): Sql => some((text) => onText(text, withoutNull(test), text));
  const found = many && test.op === "contains" ? containsTargets(test, some) : onOne();
  return test.op === "in" && test.values.includes(null) ? any([found, isEmpty]) : found;
}

/** The target of the relation `r`. */
function targetIs(rule: RelationRule, condition: OnTarget): Sql {
  if (rule.target === "$identifier") return condition(sql`r.target`);
  return sql`exists (select 1 from entity t where t.org = r.org and t.blueprint = r.target_blueprint
    and t.identifier = r.target and ${condition(sql`t.title`)})`;
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
  { kinds, targets }: Relations,
  check: Sql,
  scope: WalkScope,
): Walk | null {
  const values = test.op === "equals" ? [test.value] : test.op === "in" ? test.values : [];
  if (values.length === 0 || values.includes(null) || targets.size === 0) return null;
  const isTarget: OnTarget = (text) => onText(text, { op: "in", values }, text);
  const named =
    rule.target === "$identifier"
      ? sql`entity_relation r where ${isTarget(sql`r.target`)}`
      : sql`entity t join entity_relation r on r.org = t.org and r.target_blueprint = t.blueprint and r.target = t.identifier
          where t.org = ${scope.org} and ${isOneOf(sql`t.blueprint`, targets)} and ${isTarget(sql`t.title`)}`;
  const rows = sql`select r.blueprint, r.identifier from ${named} and ${all([
    sql`r.org = ${scope.org}`,
    isOneOf(sql`r.target_blueprint`, targets),
    isOneOf(sql`r.blueprint`, [...kinds.values()].flat()),
    sql`r.relation = ${rule.relation}`,
  ])}`;
  return { ctes: [], check, rows };
}
