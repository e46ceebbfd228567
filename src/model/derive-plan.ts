/**
 * The derivation plan: every derived property of every blueprint as a node, with what it reads, its level, and cycles
 * (data-model.md §6). Incremental engine and twin share it; how values are computed is theirs.
 */
import { type BlueprintPlan, definitions } from "./blueprint.ts";
import type {
  AggregationDefinition,
  AggregationFunction,
  CalculationDefinition,
  DerivationPlan,
  DerivedDefinition,
  Hop,
  Leaf,
  MirrorDefinition,
} from "./derive-nodes.ts";
import { programReads, readsClock, readsScorecards } from "./derive-program.ts";
import { OWNERS, ownersDefinition, ownersRead } from "./derive-team.ts";
import { derivedType } from "./derive-types.ts";
import { hopUp, waysOf } from "./derive-ways.ts";
import { AppError, invalid } from "./error.ts";
import { isObject, type JsonObject } from "./json.ts";
import { parseQuery } from "./query.ts";
import { PERIODS, type Period } from "./query-aggregate.ts";
import type { PropertyType } from "./property.ts";
import type { Blueprints } from "./query-graph.ts";
import { isMetaProperty, type QueryGroup } from "./query-nodes.ts";
import { scorecardReads, SCORES } from "./scorecard.ts";

/** Nothing is refused: what cannot be followed gives null. */
export function parseDerivations(blueprints: Blueprints): DerivationPlan {
  const raw = new Map<string, Map<string, DerivedDefinition>>();
  for (const plan of blueprints.values())
    raw.set(plan.identifier, new Map(parseOne(blueprints, plan).map((one) => [one.id, one])));
  const { levels, cycles } = levelsOf(blueprints, raw);
  const types = typesOf(blueprints, raw, levels);
  const leveled = [...raw].map(([blueprint, own]) => {
    const list = [...own.values()].map((one): DerivedDefinition => {
      const level = levels.get(nameOf(blueprint, one.id));
      const type = types.get(nameOf(blueprint, one.id)) ?? null;
      return Object.freeze({ ...one, level: level ?? 0, isCyclic: level === undefined, type });
    });
    return [blueprint, new Map(list.map((one) => [one.id, one]))] as const;
  });
  return Object.freeze({ definitions: new Map(leveled), cycles });
}

/**
 * @param before as they are stored
 * @throws AppError `invalid_request` that spells out the first cycle through `blueprint`, or that its relations close
 */
export function refuseCycles(before: Blueprints, blueprints: Blueprints, blueprint: string): void {
  const { cycles } = parseDerivations(blueprints);
  if (cycles.length === 0) return;
  const known = new Set(parseDerivations(before).cycles.map(membersOf));
  const found = cycles.find(
    (cycle) =>
      cycle.some((name) => name.slice(0, name.lastIndexOf(".")) === blueprint) ||
      !known.has(membersOf(cycle)),
  );
  if (found !== undefined)
    throw invalid(`derived properties cannot depend on themselves: ${found.join(" → ")}`);
}

/** As `derivedType` says, which would follow each chain of mirrors anew. */
function typesOf(
  blueprints: Blueprints,
  all: ReadonlyMap<string, ReadonlyMap<string, DerivedDefinition>>,
  levels: ReadonlyMap<string, number>,
): ReadonlyMap<string, PropertyType | null> {
  const types = new Map<string, PropertyType | null>();
  const levelOf = ({ blueprint, id }: DerivedDefinition): number => levels.get(nameOf(blueprint, id)) ?? 0;
  const list = [...all.values()].flatMap((own) => [...own.values()]);
  for (const one of list.sort((a, b) => levelOf(a) - levelOf(b))) {
    const isShown = one.kind === "mirror" && one.id !== OWNERS && !one.many && one.leaf.kind === "derived";
    const plan = blueprints.get(one.blueprint);
    const shown = isShown ? types.get(nameOf(one.path?.at(-1)?.target ?? one.blueprint, one.leaf.id)) : null;
    const isKnown = plan === undefined || one.id === OWNERS;
    types.set(
      nameOf(one.blueprint, one.id),
      isShown ? (shown ?? null) : isKnown ? one.type : derivedType(blueprints, plan, one.id),
    );
  }
  return types;
}

function membersOf(cycle: readonly string[]): string {
  return [...new Set(cycle)].sort().join(" ");
}

function nameOf(blueprint: string, id: string): string {
  return `${blueprint}.${id}`;
}

/** Properties that a definition reads, derived ones and inherited owners, as [blueprint, property]. */
function readsOf(blueprints: Blueprints, one: DerivedDefinition): (readonly [string, string])[] {
  switch (one.kind) {
    case "mirror": {
      const path = one.path ?? [];
      const end = path.at(-1)?.target;
      const owners = ownersRead(blueprints, path, end, [one.leaf]);
      return end !== undefined && one.leaf.kind === "derived" ? [[end, one.leaf.id], ...owners] : owners;
    }
    case "calculation":
      return [
        ...one.reads.map((id) => [one.blueprint, id] as const),
        ...(one.readsScores ? [[one.blueprint, SCORES] as const] : []),
        // The document that it sees has them.
        ...ownersRead(blueprints, [], one.blueprint, [{ kind: "meta", id: OWNERS }]),
      ];
    default: {
      const leaves = leavesOf(one);
      return [
        ...leaves.filter((leaf) => leaf.kind === "derived").map((leaf) => [one.target, leaf.id] as const),
        ...ownersRead(blueprints, one.ways.flat(), one.target, leaves),
      ];
    }
  }
}

/** What an aggregation reads of the entities that it counts. */
export function leavesOf({ property, func, measureTimeBy, queryReads }: AggregationDefinition): Leaf[] {
  const time = func === "average" ? [measureTimeBy] : [];
  return [...(property === null ? [] : [property]), ...time, ...queryReads];
}

function parseOne(blueprints: Blueprints, plan: BlueprintPlan): DerivedDefinition[] {
  const { document } = plan;
  const owners = ownersDefinition(blueprints, plan);
  return [
    ...(owners === null ? [] : [owners]),
    ...definitions(document, "mirrorProperties").map(([id, one]) => mirror(blueprints, plan, id, one)),
    ...definitions(document, "calculationProperties").map(([id, one]) => calculation(plan, id, one)),
    ...definitions(document, "aggregationProperties").map(([id, one]) =>
      aggregation(blueprints, plan, id, one),
    ),
  ];
}

const shared = (plan: BlueprintPlan, id: string) => ({
  blueprint: plan.identifier,
  id,
  level: 0,
  isCyclic: false,
  type: null,
});

function mirror(
  blueprints: Blueprints,
  plan: BlueprintPlan,
  id: string,
  definition: JsonObject,
): MirrorDefinition {
  const segments = String(definition["path"]).split(".");
  const last = segments.pop() ?? "";
  const path: Hop[] = [];
  let at = plan.identifier;
  let isWhole = true;
  for (const segment of segments) {
    const hop = hopUp(blueprints, at, segment);
    if (hop === null) {
      isWhole = false;
      break;
    }
    path.push(hop);
    at = hop.target;
  }
  const base = { ...shared(plan, id), kind: "mirror" } as const;
  if (!isWhole) return { ...base, path: null, leaf: { kind: "none", id: last }, many: false };
  return { ...base, path, leaf: leafOf(blueprints.get(at), last), many: path.some((hop) => hop.many) };
}

function leafOf(plan: BlueprintPlan | undefined, id: string): Leaf {
  if (isMetaProperty(id)) return { kind: "meta", id };
  const stored = plan?.properties.get(id);
  if (stored !== undefined) return { kind: "stored", id, type: stored.type };
  const derived = plan?.derived.get(id);
  return derived === undefined ? { kind: "none", id } : { kind: "derived", id, derived };
}

function calculation(plan: BlueprintPlan, id: string, definition: JsonObject): CalculationDefinition {
  const program = String(definition["calculation"]);
  const readable = [...plan.derived].filter(([, kind]) => kind !== "calculation").map(([name]) => name);
  return {
    ...shared(plan, id),
    kind: "calculation",
    program,
    reads: programReads(program, readable),
    usesClock: readsClock(program),
    readsScores: plan.scorecards.length > 0 && readsScorecards(program),
  };
}

const FUNCTIONS: readonly AggregationFunction[] = [
  ...(["count", "average", "sum", "min", "max", "median"] as const),
  ...(["p75", "p90", "p95", "countDistinct"] as const),
];

function aggregation(
  blueprints: Blueprints,
  plan: BlueprintPlan,
  id: string,
  definition: JsonObject,
): AggregationDefinition {
  const spec = isObject(definition["calculationSpec"]) ? definition["calculationSpec"] : {};
  const target = String(definition["target"]);
  const of = blueprints.get(target);
  const func = FUNCTIONS.find((known) => known === spec["func"]) ?? "count";
  const isByProperty = spec["calculationBy"] === "property";
  const { averageOf, measureTimeBy } = spec;
  const query = queryOf(definition["query"]);
  return {
    ...shared(plan, id),
    kind: "aggregation",
    target,
    ways: waysOf(blueprints, plan.identifier, target, definition["pathFilter"]),
    query,
    queryReads: query === null || of === undefined ? [] : queryLeaves(query, of),
    func,
    property: isByProperty ? leafOf(of, String(spec["property"])) : null,
    averageOf: typeof averageOf === "string" ? periodOf(averageOf) : isByProperty ? "total" : "day",
    measureTimeBy: leafOf(of, typeof measureTimeBy === "string" ? measureTimeBy : "$createdAt"),
  };
}

function periodOf(text: string): Period | "total" {
  return (Object.keys(PERIODS) as Period[]).find((period) => period === text) ?? "total";
}

const NOTHING: QueryGroup = {
  kind: "group",
  combinator: "and",
  rules: [{ kind: "rule", property: "$identifier", condition: { op: "in", values: [] }, negated: false }],
};

/** A query that an earlier version accepted and this one does not reads as none that matches. */
function queryOf(value: unknown): QueryGroup | null {
  if (!isObject(value)) return null;
  try {
    return parseQuery(value, "query");
  } catch (error) {
    if (error instanceof AppError) return NOTHING;
    throw error;
  }
}

/** Properties of the counted entities that the query asks about. */
function queryLeaves(group: QueryGroup, of: BlueprintPlan): Leaf[] {
  return group.rules.flatMap((rule): Leaf[] => {
    if (rule.kind === "group") return queryLeaves(rule, of);
    if (rule.kind === "rule") return typeof rule.property === "string" ? [leafOf(of, rule.property)] : [];
    if (rule.kind === "scorecard") return [{ kind: "derived", id: SCORES, derived: "calculation" }];
    if (rule.kind !== "schema") return [];
    return [...of.properties.keys()].map((id) => leafOf(of, id));
  });
}

/** Levels of what is in no cycle and reads no cycle. */
function levelsOf(
  blueprints: Blueprints,
  all: ReadonlyMap<string, ReadonlyMap<string, DerivedDefinition>>,
): { levels: ReadonlyMap<string, number>; cycles: string[][] } {
  const reads = new Map<string, string[]>();
  for (const own of all.values())
    for (const one of own.values())
      reads.set(
        nameOf(one.blueprint, one.id),
        readsOf(blueprints, one).map(([blueprint, id]) => nameOf(blueprint, id)),
      );
  for (const plan of blueprints.values())
    if (plan.scorecards.length > 0)
      reads.set(
        nameOf(plan.identifier, SCORES),
        [...scorecardReads(plan)]
          .filter((id) => plan.derived.has(id))
          .map((id) => nameOf(plan.identifier, id)),
      );
  const levels = new Map<string, number>();
  const cycles: string[][] = [];
  const broken = new Set<string>();
  const path: string[] = [];
  const places = new Map<string, number>();
  const visit = (name: string): void => {
    if (levels.has(name) || broken.has(name)) return;
    const at = places.get(name);
    if (at !== undefined) {
      const cycle = path.slice(at);
      cycles.push([...cycle, name]);
      for (const member of cycle) broken.add(member);
      return;
    }
    places.set(name, path.length);
    path.push(name);
    let level = 0;
    for (const read of reads.get(name) ?? []) {
      visit(read);
      if (broken.has(read)) broken.add(name);
      level = Math.max(level, (levels.get(read) ?? -1) + 1);
    }
    path.pop();
    places.delete(name);
    if (!broken.has(name)) levels.set(name, level);
  };
  for (const name of reads.keys()) visit(name);
  return { levels, cycles };
}
