/** `relatedTo` as SQL (data-model.md §5.5). */
import { sql } from "kysely";
import { type Edge, edgesOf, type Route, routeOf } from "../model/query-graph.ts";
import type { RelatedRule } from "../model/query-nodes.ts";
import { any, type Sql } from "./search-values.ts";
import {
  closure,
  isEdge,
  isMember,
  isOneOf,
  leadsInto,
  NOTHING,
  REVERSE,
  textArray,
  type Walk,
  type WalkScope,
} from "./search-walks.ts";

/** The entities asked about are not in the answer. @param values their identifiers */
export function relatedWalk(rule: RelatedRule, values: readonly string[], scope: WalkScope): Walk {
  if (values.length === 0) return NOTHING;
  const edges = edgesOf(scope.blueprints, rule.required);
  return either(
    rule.directions.map((direction) => {
      const route = routeOf(edges, rule.blueprint, scope.within, direction === "downstream");
      if (route === null) return NOTHING;
      return direction === "upstream"
        ? upstream(rule, values, route, scope)
        : downstream(rule, values, route, scope);
    }),
  );
}

function either(walks: readonly Walk[]): Walk {
  const some = walks.filter((walk) => walk !== NOTHING);
  const [only, ...others] = some;
  if (only === undefined) return NOTHING;
  if (others.length === 0) return only;
  const rows = sql.join(
    some.map((walk) => walk.rows),
    sql` union all `,
  );
  return {
    ctes: some.flatMap((walk) => walk.ctes),
    check: any(some.map((walk) => walk.check)),
    rows,
  };
}

/** What the sources depend on. */
function upstream(rule: RelatedRule, values: readonly string[], route: Route, scope: WalkScope): Walk {
  const name = scope.newName();
  const conditions = [
    sql`r.org = ${scope.org}`,
    isOneOf(sql`r.target_blueprint`, route.useful),
    ...edgeFilter(rule, route.edges),
  ];
  const goal = [...route.useful].filter((blueprint) => scope.within.has(blueprint));
  const reached = reachedIn(name, goal, rule, values);
  return {
    ctes: [closure(name, sourcesOf(rule, values), "forward", conditions, rule.maxHops)],
    check: isMember(sql`e.blueprint`, sql`e.identifier`, reached),
    rows: reached,
  };
}

/**
 * What depends on the sources. Entities of blueprints that nothing leads on from (deployments, say, by the hundred
 * thousand) are not collected: they pass when one of their relations points into the rest, the core.
 */
function downstream(rule: RelatedRule, values: readonly string[], route: Route, scope: WalkScope): Walk {
  const core = scope.newName();
  const filter = [sql`r.org = ${scope.org}`, ...edgeFilter(rule, route.edges)];
  const ends = new Set(route.ends);
  const inner = [...new Set(route.edges.map((edge) => edge.from))].filter(
    (blueprint) => !ends.has(blueprint),
  );
  const definition =
    inner.length === 0
      ? sql`${core} (blueprint, identifier, hop) as materialized (${sourcesOf(rule, values)})`
      : closure(
          core,
          sourcesOf(rule, values),
          "reverse",
          [...filter, isOneOf(sql`r.blueprint`, inner)],
          rule.maxHops,
        );
  const goal = inner.filter((blueprint) => scope.within.has(blueprint));
  const parts: Walk[] = [];
  if (goal.length > 0) {
    const reached = reachedIn(core, goal, rule, values);
    parts.push({ ctes: [], check: isMember(sql`e.blueprint`, sql`e.identifier`, reached), rows: reached });
  }
  if (ends.size > 0) {
    const bound = rule.maxHops === null ? sql`` : sql` where w.hop < ${rule.maxHops}::int`;
    const last = [...filter, isOneOf(sql`r.blueprint`, ends)];
    const set = sql`select w.blueprint, w.identifier from ${core} w${bound}`;
    parts.push({
      ctes: [],
      check: leadsInto(
        route.edges.filter((edge) => ends.has(edge.from)),
        { set },
        scope,
      ),
      rows: sql`select r.blueprint, r.identifier from ${core} w join entity_relation r
        on ${sql.join([REVERSE, ...last], sql` and `)}${bound}`,
    });
  }
  return { ...either(parts), ctes: [definition] };
}

function reachedIn(
  name: Sql,
  blueprints: readonly string[],
  rule: RelatedRule,
  values: readonly string[],
): Sql {
  return sql`select w.blueprint, w.identifier from ${name} w where ${isOneOf(sql`w.blueprint`, blueprints)}
    and not (w.blueprint = ${rule.blueprint} and ${isOneOf(sql`w.identifier`, values)})`;
}

function sourcesOf(rule: RelatedRule, values: readonly string[]): Sql {
  return sql`select ${rule.blueprint}::text, s.identifier, 0 from unnest(${textArray(values)}) s (identifier)`;
}

/** Only relations that are (not) required. */
function edgeFilter(rule: RelatedRule, edges: readonly Edge[]): Sql[] {
  return rule.required === null ? [] : [isEdge(edges)];
}
