/** `matchAny` with a path as SQL (data-model.md §5.6). */
import { sql } from "kysely";
import { type Edge, edgesOf, stepOf, TEAM_BLUEPRINT } from "../model/query-graph.ts";
import type { PathRule, PathStep } from "../model/query-nodes.ts";
import { all, type Sql } from "./search-values.ts";
import {
  closure,
  FORWARD,
  type Goal,
  isMember,
  isOneOf,
  leadsInto,
  NOTHING,
  REVERSE,
  textArray,
  type Walk,
  type WalkScope,
} from "./search-walks.ts";

/** Entities at one place of the path: given by identifier, or a definition of the statement. */
type Place =
  | { readonly kind: "given"; readonly blueprints: ReadonlySet<string>; readonly values: readonly string[] }
  | { readonly kind: "defined"; readonly name: Sql };

/** A step with the blueprints that it can begin and end in. */
interface Leg {
  readonly step: PathStep;
  readonly from: ReadonlySet<string>;
  /** After the step, with those before it where it may be left out. */
  readonly after: ReadonlySet<string>;
  /** A repeated step that follows others adds 0 or more hops, one that begins the path 1 or more. */
  readonly mayRest: boolean;
}

export function pathWalk(rule: PathRule, values: readonly string[], scope: WalkScope): Walk {
  if (values.length === 0) return NOTHING;
  const start = rule.from === null ? scope.within : new Set([rule.from]);
  const legs = legsOf(rule, start, scope);
  if (legs === null) return NOTHING;
  return rule.from === null
    ? fromCandidates(legs, values, scope)
    : toCandidates(legs, { kind: "given", blueprints: start, values }, scope);
}

/** null when no blueprint has the path. */
function legsOf(rule: PathRule, start: ReadonlySet<string>, scope: WalkScope): Leg[] | null {
  const legs: Leg[] = [];
  let before = start;
  for (const [i, step] of rule.path.entries()) {
    const { from, to } = stepOf(scope.blueprints, before, step);
    const mayRest = step.maxHops !== null && i > 0;
    const after = mayRest ? new Set([...before, ...to]) : to;
    if (after.size === 0) return null;
    legs.push({ step, from, after, mayRest });
    before = after;
  }
  return legs;
}

/** From the given ends back to the entities that the path can begin at. */
function fromCandidates(legs: readonly Leg[], values: readonly string[], scope: WalkScope): Walk {
  const ctes: Sql[] = [];
  let place: Place = { kind: "given", blueprints: legs.at(-1)?.after ?? new Set(), values };
  for (const leg of legs.slice(1).reverse()) {
    const name = scope.newName();
    ctes.push(before(leg, place, name, scope));
    place = { kind: "defined", name };
  }
  const [first] = legs;
  if (first === undefined) return NOTHING;
  const { step, from } = first;
  if (step.maxHops !== null) {
    const name = scope.newName();
    const rows = sql`select w.blueprint, w.identifier from ${name} w where w.hop > 0`;
    return {
      ctes: [...ctes, before(first, place, name, scope)],
      check: isMember(sql`e.blueprint`, sql`e.identifier`, rows),
      rows,
    };
  }
  if (step.relation === "$team") {
    const owned = all([isOneOf(sql`e.blueprint`, from), isOwnedBy(place)]);
    return {
      ctes,
      check: owned,
      rows: sql`select e.blueprint, e.identifier from entity e where e.org = ${scope.org} and ${owned}`,
    };
  }
  const relation = relationOf(first, scope);
  return {
    ctes,
    check: leadsInto(edgesIn(first, scope), goalOf(place), scope),
    rows: sql`select r.blueprint, r.identifier from ${joined(place, REVERSE)} and ${all(relation)}`,
  };
}

/** From the given starts forward. */
function toCandidates(legs: readonly Leg[], start: Place, scope: WalkScope): Walk {
  const ctes: Sql[] = [];
  let place = start;
  for (const leg of legs) {
    const name = scope.newName();
    ctes.push(after(leg, place, name, scope));
    place = { kind: "defined", name };
  }
  const rows = sql`select w.blueprint, w.identifier from ${place.kind === "defined" ? place.name : sql``} w
    where ${isOneOf(sql`w.blueprint`, scope.within)}`;
  return { ctes, check: isMember(sql`e.blueprint`, sql`e.identifier`, rows), rows };
}

/** The entities from which the step leads to the place. */
function before(leg: Leg, place: Place, name: Sql, scope: WalkScope): Sql {
  const { step, from } = leg;
  if (step.maxHops !== null)
    return closure(name, membersOf(place), "reverse", relationOf(leg, scope), step.maxHops);
  const rows =
    step.relation === "$team"
      ? sql`select e.blueprint, e.identifier from entity e
          where e.org = ${scope.org} and ${isOneOf(sql`e.blueprint`, from)} and ${isOwnedBy(place)}`
      : sql`select distinct r.blueprint, r.identifier from ${joined(place, REVERSE)} and ${all(relationOf(leg, scope))}`;
  return sql`${name} (blueprint, identifier) as materialized (${rows})`;
}

/** The entities that the step leads to from the place. */
function after(leg: Leg, place: Place, name: Sql, scope: WalkScope): Sql {
  const { step, mayRest } = leg;
  if (step.maxHops !== null) {
    const walk = closure(name, membersOf(place), "forward", relationOf(leg, scope), step.maxHops);
    if (mayRest) return walk;
    const walked = scope.newName();
    return sql`${closure(walked, membersOf(place), "forward", relationOf(leg, scope), step.maxHops)},
      ${name} (blueprint, identifier) as materialized (
        select distinct w.blueprint, w.identifier from ${walked} w where w.hop > 0)`;
  }
  const rows =
    step.relation === "$team"
      ? sql`select distinct ${TEAM_BLUEPRINT}::text, t.team from (${membersOf(place)}) w (blueprint, identifier, hop)
          join entity e on e.org = ${scope.org} and e.blueprint = w.blueprint and e.identifier = w.identifier
          cross join unnest(e.team) t (team)`
      : sql`select distinct r.target_blueprint, r.target from ${joined(place, FORWARD)} and ${all(relationOf(leg, scope))}`;
  return sql`${name} (blueprint, identifier) as materialized (${rows})`;
}

/** Conditions on a relation `r` that the step follows. */
function relationOf({ step, from }: Leg, scope: WalkScope): Sql[] {
  return [sql`r.org = ${scope.org}`, isOneOf(sql`r.blueprint`, from), sql`r.relation = ${step.relation}`];
}

/** The place with the relations `r` that touch it, up to further conditions. */
function joined(place: Place, link: Sql): Sql {
  if (place.kind === "defined") return sql`${place.name} w join entity_relation r on ${link}`;
  const [blueprint, identifier] =
    link === REVERSE ? [sql`r.target_blueprint`, sql`r.target`] : [sql`r.blueprint`, sql`r.identifier`];
  return sql`entity_relation r where ${isOneOf(blueprint, place.blueprints)} and ${isOneOf(identifier, place.values)}`;
}

function goalOf(place: Place): Goal {
  return place.kind === "given"
    ? { given: place.values }
    : { set: sql`select w.blueprint, w.identifier from ${place.name} w` };
}

/** The relations that the step follows. */
function edgesIn({ step, from }: Leg, { blueprints }: WalkScope): Edge[] {
  return edgesOf(blueprints, null).filter((edge) => edge.relation === step.relation && from.has(edge.from));
}

function membersOf(place: Place): Sql {
  return place.kind === "given"
    ? sql`select b, s, 0 from unnest(${textArray(place.blueprints)}) b, unnest(${textArray(place.values)}) s`
    : sql`select distinct w.blueprint, w.identifier, 0 from ${place.name} w`;
}

function isOwnedBy(place: Place): Sql {
  return sql`e.team <> '{}' and e.team && ${teamsIn(place)}`;
}

function teamsIn(place: Place): Sql {
  return place.kind === "given"
    ? textArray(place.blueprints.has(TEAM_BLUEPRINT) ? place.values : [])
    : sql`array(select w.identifier from ${place.name} w where w.blueprint = ${TEAM_BLUEPRINT})`;
}
