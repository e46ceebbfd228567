/** Which blueprints relations lead to: what a walk can skip is known from the definitions, before any entity is read. */
import type { BlueprintPlan } from "./blueprint.ts";
import type { PathStep } from "./query-nodes.ts";

export type Blueprints = ReadonlyMap<string, BlueprintPlan>;

export interface Edge {
  readonly from: string;
  readonly relation: string;
  readonly to: string;
  readonly many: boolean;
}

/** Relations between blueprints. @param required only those that are (not) required; null: all */
export function edgesOf(blueprints: Blueprints, required: boolean | null): Edge[] {
  const edges: Edge[] = [];
  for (const plan of blueprints.values())
    for (const relation of plan.relations.values())
      if (required === null || relation.required === required)
        edges.push({
          from: plan.identifier,
          relation: relation.identifier,
          to: relation.target,
          many: relation.many,
        });
  return edges;
}

export interface Route {
  /** Blueprints that lie on a way from the start to the goal, the start among them. */
  readonly useful: ReadonlySet<string>;
  /** Those of the goal that no way leads on from: their entities need not be collected to find others. */
  readonly ends: readonly string[];
  /** The relations walked. */
  readonly edges: readonly Edge[];
}

/**
 * Where a walk in one direction may go. @param reverse against the relations: from what is pointed at to what points
 * @returns null when no way leads from the start to the goal
 */
export function routeOf(
  edges: readonly Edge[],
  start: string,
  goal: ReadonlySet<string>,
  reverse: boolean,
): Route | null {
  const step = reverse
    ? (edge: Edge): [string, string] => [edge.to, edge.from]
    : (edge: Edge): [string, string] => [edge.from, edge.to];
  const links = edges.map((edge) => ({ edge, link: step(edge) }));
  const ahead = closure(
    [start],
    links.map(({ link }) => link),
  );
  const behind = closure(
    goal,
    links.map(({ link: [a, b] }) => [b, a]),
  );
  const useful = new Set([...ahead].filter((blueprint) => behind.has(blueprint)));
  const walked = links.filter(({ link: [a, b] }) => useful.has(a) && useful.has(b));
  if (walked.length === 0) return null;
  const left = new Set(walked.map(({ link: [a] }) => a));
  const entered = new Set(walked.map(({ link: [, b] }) => b));
  return {
    useful,
    ends: [...entered].filter((blueprint) => !left.has(blueprint)),
    edges: walked.map(({ edge }) => edge),
  };
}

function closure(start: Iterable<string>, links: readonly [string, string][]): Set<string> {
  const next = new Map<string, string[]>();
  for (const [a, b] of links) next.set(a, [...(next.get(a) ?? []), b]);
  const seen = new Set(start);
  const waiting = [...seen];
  for (let at = waiting.pop(); at !== undefined; at = waiting.pop())
    for (const to of next.get(at) ?? [])
      if (!seen.has(to)) {
        seen.add(to);
        waiting.push(to);
      }
  return seen;
}

/** The hidden relation of ownership leads here. */
export const TEAM_BLUEPRINT = "_team";

/** Blueprints in which a step begins and ends, given where the path can be before it. */
export function stepOf(
  blueprints: Blueprints,
  before: ReadonlySet<string>,
  step: PathStep,
): { readonly from: ReadonlySet<string>; readonly to: ReadonlySet<string> } {
  if (step.relation === "$team") return { from: before, to: new Set([TEAM_BLUEPRINT]) };
  const from = new Set<string>();
  const to = new Set<string>();
  const waiting = [...before];
  for (let hop = 0; hop < (step.maxHops ?? 1) && waiting.length > 0; hop++)
    for (const blueprint of waiting.splice(0)) {
      const relation = blueprints.get(blueprint)?.relations.get(step.relation);
      if (relation === undefined || from.has(blueprint)) continue;
      from.add(blueprint);
      to.add(relation.target);
      if (step.maxHops !== null) waiting.push(relation.target);
    }
  return { from, to };
}
