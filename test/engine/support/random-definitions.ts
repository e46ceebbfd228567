/** Random blueprints: properties, relations, and derived properties of every kind over several hops. */
import type { BlueprintPlan } from "../../../src/model/blueprint.ts";
import type { PropertyType } from "../../../src/model/property.ts";
import type { Random } from "./random.ts";

type Definition = Readonly<Record<string, unknown>>;
type Plans = ReadonlyMap<string, BlueprintPlan>;

export const PROPERTIES: Readonly<Record<string, Definition>> = {
  n: { type: "number" },
  m: { type: "number" },
  s: { type: "string" },
  l: { type: "array" },
  b: { type: "boolean" },
  o: { type: "object" },
  at: { type: "string", format: "date-time" },
};

export function emptyBlueprint(random: Random, identifier: string): Definition {
  const properties = Object.entries(PROPERTIES).filter(([id]) => id === "n" || random.chance(0.8));
  return {
    identifier,
    title: identifier,
    schema: { properties: Object.fromEntries(properties), required: [] },
    ...(random.chance(0.5) && { ownership: { type: "Direct" } }),
  };
}

export function randomRelation(random: Random, plans: Plans): Definition {
  const target = random.pick([...plans.keys()]);
  const many = random.chance(0.4);
  return { target, many, required: !many && random.chance(0.08) };
}

/** Owners of its own, inherited over one relation or two, or none. */
export function randomOwnership(random: Random, plans: Plans, plan: BlueprintPlan): Definition | null {
  const relations = [...plan.relations.values()].filter(({ many }) => !many);
  const first = random.some(relations);
  if (first === undefined || random.chance(0.4)) return random.chance(0.5) ? { type: "Direct" } : null;
  const next = random.some([...(plans.get(first.target)?.relations.keys() ?? [])]);
  const path = next === undefined || random.chance(0.6) ? [first.identifier] : [first.identifier, next];
  return { type: "Inherited", path: path.join(".") };
}

/** A part of a PATCH that adds a derived property, or puts another in its place. */
export function randomDerived(random: Random, plans: Plans, plan: BlueprintPlan): Definition {
  const number = random.below(3);
  return random.weighted<() => Definition>([
    [4, () => ({ mirrorProperties: { [`mirror${number}`]: randomMirror(random, plans, plan) } })],
    [3, () => ({ calculationProperties: { [`calc${number}`]: randomCalculation(random, plan) } })],
    [6, () => ({ aggregationProperties: { [`agg${number}`]: randomAggregation(random, plans, plan) } })],
  ])();
}

const METAS =
  "$identifier $title $icon $team $blueprint $createdAt $updatedAt $createdBy $updatedBy $datasource".split(
    " ",
  );

function names(plan: BlueprintPlan | undefined): string[] {
  return [...(plan?.properties.keys() ?? []), ...(plan?.derived.keys() ?? [])];
}

function randomMirror(random: Random, plans: Plans, plan: BlueprintPlan): Definition {
  const steps: string[] = [];
  let at: BlueprintPlan | undefined = plan;
  for (let left = 1 + random.below(3); left > 0; left--) {
    const relations: string[] = [...(at?.relations.keys() ?? [])];
    const step = random.chance(0.15) || relations.length === 0 ? "$team" : random.pick(relations);
    steps.push(step);
    at = plans.get(step === "$team" ? "_team" : (at?.relations.get(step)?.target ?? ""));
  }
  const last = random.weighted([
    [5, random.some(names(at)) ?? "n"],
    [2, random.pick(METAS)],
    [0.3, "unknown"],
  ]);
  return { path: [...steps, last].join(".") };
}

function randomCalculation(random: Random, plan: BlueprintPlan): Definition {
  const readable = names(plan).filter((id) => plan.derived.get(id) !== "calculation");
  const [a, b] = [random.some(readable) ?? "n", random.some(readable) ?? "n"];
  const [calculation, type] = random.pick<readonly [string, PropertyType]>([
    [`(.properties.${a} // 0) + 1`, "number"],
    [`.properties.${a} + .properties.${b}`, "number"],
    [`.properties["${a}"]`, "string"],
    [`[.properties.${a}, .properties."${b}"]`, "array"],
    [`"\\(.identifier)-\\(.title)-\\(.properties.'${a}')"`, "string"],
    [`.properties | {${a}, n}`, "object"],
    [`.properties.${a} | length`, "number"],
    [`.properties.${a} != null`, "boolean"],
    [`[.team, .relations]`, "array"],
    [`.properties | to_entries | map(select(.value != null) | .key)`, "array"],
    [`(now / 86400 | floor) - ((.properties.at | fromdateiso8601) / 86400 | floor)`, "number"],
    [`if .properties.${a} > 1 then 'high' else 'low' end`, "string"],
    [`. as $all | $all.properties.${a}`, "number"],
    [`.properties.${a} / .properties.${b}`, "number"],
    [`.updatedAt`, "string"],
    [`.properties.(`, "number"],
  ]);
  return { calculation, type };
}

function randomAggregation(random: Random, plans: Plans, plan: BlueprintPlan): Definition {
  const target = random.chance(0.05) ? plan.identifier : random.pick([...plans.keys()]);
  const of = plans.get(target);
  return {
    title: "Aggregation",
    type: "number",
    target,
    calculationSpec: randomSpec(random, of),
    ...(random.chance(0.6) && { query: randomQuery(random, plans, of, 1) }),
    ...(random.chance(0.3) && { pathFilter: [randomPath(random, plans, plan, target)] }),
  };
}

function randomSpec(random: Random, of: BlueprintPlan | undefined): Definition {
  const period = random.pick(["hour", "day", "week", "month", "total"]);
  const numbers = names(of).filter((id) => of?.properties.get(id)?.type !== "object");
  const time = random.weighted([
    [4, "at"],
    [2, "$createdAt"],
    [1, "$updatedAt"],
    [1, random.some(names(of)) ?? "at"],
  ]);
  const average = {
    ...(random.chance(0.8) && { averageOf: period }),
    ...(random.chance(0.8) && { measureTimeBy: time }),
  };
  if (random.chance(0.4))
    return random.chance(0.5)
      ? { calculationBy: "entities", func: "count" }
      : { calculationBy: "entities", func: "average", ...average };
  const func = random.pick(["sum", "min", "max", "median", "average", "p90", "countDistinct"]);
  const property = random.chance(0.6) ? "n" : (random.some(numbers) ?? "n");
  return { calculationBy: "property", func, property, ...(func === "average" && average) };
}

function randomPath(random: Random, plans: Plans, plan: BlueprintPlan, target: string): Definition {
  const isReverse = random.chance(0.5);
  const steps: unknown[] = [];
  let at = plans.get(isReverse ? target : plan.identifier);
  let isRepeated = false;
  for (let left = 1 + random.below(3); left > 0; left--) {
    const relation = random.some([...(at?.relations.keys() ?? [])]);
    if (relation === undefined || random.chance(0.1)) {
      steps.push("$team");
      at = plans.get("_team");
      continue;
    }
    if (!isRepeated && random.chance(0.25)) {
      isRepeated = true;
      steps.push({ relation, maxHops: 1 + random.below(3) });
    } else steps.push(relation);
    at = plans.get(at?.relations.get(relation)?.target ?? "");
  }
  return { path: steps, ...(isReverse && { fromBlueprint: target }) };
}

const PRESETS = [
  "lastDay",
  "lastWeek",
  "lastMonth",
  "last3Months",
  "last12Months",
  "today",
  "yesterday",
  "nextWeek",
];
const INSTANTS = [
  "2026-06-01T00:00:00Z",
  "2026-11-20T12:00:00Z",
  "2026-11-26T00:00:00.000Z",
  "2027-01-01T00:00:00+02:00",
];

function randomQuery(random: Random, plans: Plans, of: BlueprintPlan | undefined, depth: number): Definition {
  const rules = Array.from({ length: random.below(3) + (depth === 1 ? 1 : 0) }, () =>
    depth > 0 && random.chance(0.15)
      ? randomQuery(random, plans, of, depth - 1)
      : randomRule(random, plans, of),
  );
  return { combinator: random.pick(["and", "or"]), rules };
}

function randomRule(random: Random, plans: Plans, of: BlueprintPlan | undefined): Definition {
  const property = random.chance(0.75) ? (random.some(names(of)) ?? "n") : random.pick(METAS);
  const value = random.pick(["x", "y", "e1", "e2", 1, 2.5, true, null, ...INSTANTS]);
  const relation = random.some([...(of?.relations.keys() ?? [])]);
  const identifiers = random.several(["e1", "e2", "e3", "e4", "t1", "t2"], 3);
  return random.weighted<() => Definition>([
    [4, () => ({ property, operator: random.pick(["=", "!="]), value })],
    [2, () => ({ property, operator: random.pick(["in", "notIn", "containsAny"]), value: [value, "x", 10] })],
    [
      2,
      () => ({
        property,
        operator: random.pick(["contains", "beginsWith", "endsWith"]),
        value: value ?? "x",
      }),
    ],
    [
      3,
      () => ({
        property,
        operator: random.pick([">", ">=", "<", "<="]),
        value: random.pick([0, 1, 2.5, ...INSTANTS]),
      }),
    ],
    [2, () => ({ property, operator: random.pick(["isEmpty", "isNotEmpty", "isExpired", "isNotExpired"]) })],
    [
      5,
      () => ({
        property: random.chance(0.6) ? "at" : random.pick(["$createdAt", "$updatedAt", property]),
        operator: random.pick(["between", "between", "notBetween"]),
        value: { preset: random.pick(PRESETS) },
      }),
    ],
    [
      relation === undefined ? 0 : 2,
      () => ({
        relation,
        ...(random.chance(0.3) && { targetProperty: "$title" }),
        operator: random.pick(["in", "notIn", "containsAny"]),
        value: random.chance(0.5) ? identifiers : ["T1", "T2"],
      }),
    ],
    [
      0.6,
      () => ({
        operator: "relatedTo",
        blueprint: random.pick([...plans.keys()]),
        value: identifiers,
        ...(random.chance(0.5) && { direction: random.pick(["upstream", "downstream"]) }),
      }),
    ],
    [
      relation === undefined ? 0 : 0.6,
      () => ({ property: { path: [relation] }, operator: "matchAny", value: identifiers }),
    ],
    [0.4, () => ({ propertySchema: { type: "number" }, operator: "=", value: 1 })],
  ])();
}
