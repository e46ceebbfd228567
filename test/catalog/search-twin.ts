/**
 * Search as an obviously correct program in memory: every entity is looked at, every path walked step by step, a value
 * at a time. It reads query bodies as clients send them, and knows nothing of src/.
 */
export type TwinType = "string" | "number" | "boolean" | "array" | "object";

export interface TwinProperty {
  readonly type: TwinType;
  readonly format?: string;
  readonly items?: { readonly type?: string; readonly format?: string };
}
export interface TwinRelation {
  readonly target: string;
  readonly many: boolean;
  readonly required: boolean;
}
export interface TwinBlueprint {
  readonly properties: Readonly<Record<string, TwinProperty>>;
  /** Computed properties, without a value. */
  readonly derived: readonly string[];
  readonly relations: Readonly<Record<string, TwinRelation>>;
}
export interface TwinEntity {
  readonly blueprint: string;
  readonly identifier: string;
  readonly title: string | null;
  readonly icon: string | null;
  readonly team: readonly string[];
  readonly properties: Readonly<Record<string, unknown>>;
  readonly relations: Readonly<Record<string, readonly string[]>>;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly createdBy: string;
  readonly updatedBy: string;
  readonly datasource: string | null;
}
export interface TwinPerson {
  readonly email: string;
  readonly name: string;
  readonly teams: readonly string[];
}
export interface TwinCatalog {
  readonly blueprints: Readonly<Record<string, TwinBlueprint>>;
  readonly entities: readonly TwinEntity[];
  readonly now: string;
  /** null: a machine asks. */
  readonly person: TwinPerson | null;
}

type Rule = Readonly<Record<string, unknown>>;

/** The matching entities of the blueprints, oldest first within each. */
export function twinSearch(catalog: TwinCatalog, query: unknown, within: readonly string[]): TwinEntity[] {
  return [...catalog.entities]
    .filter((entity) => within.includes(entity.blueprint) && matches(catalog, entity, query as Rule, "UTC"))
    .sort(
      (a, b) =>
        compare(a.blueprint, b.blueprint) ||
        Date.parse(a.createdAt) - Date.parse(b.createdAt) ||
        compare(a.identifier, b.identifier),
    );
}

function textOf(value: unknown): string {
  return String(value);
}

function compare(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

function matches(catalog: TwinCatalog, entity: TwinEntity, rule: Rule, zone: string): boolean {
  if (!("rules" in rule)) return matchesRule(catalog, entity, rule, zone);
  const rules = rule["rules"] as Rule[];
  const inner = (rule["timeZone"] as string | undefined) ?? zone;
  if (rules.length === 0) return true;
  return rule["combinator"] === "and"
    ? rules.every((part) => matches(catalog, entity, part, inner))
    : rules.some((part) => matches(catalog, entity, part, inner));
}

const POSITIVE: Readonly<Record<string, string>> = {
  "!=": "=",
  notIn: "in",
  doesNotContains: "contains",
  doesNotBeginsWith: "beginsWith",
  doesNotEndsWith: "endsWith",
  notBetween: "between",
  isNotEmpty: "isEmpty",
  isNotExpired: "isExpired",
};

function matchesRule(catalog: TwinCatalog, entity: TwinEntity, rule: Rule, zone: string): boolean {
  const given = rule["operator"] as string;
  if (given === "relatedTo") return isRelated(catalog, entity, rule);
  if (given === "matchAny") return matchesAny(catalog, entity, rule, zone);
  const operator = POSITIVE[given] ?? given;
  const negated = operator !== given;
  const blueprint = catalog.blueprints[entity.blueprint];
  const isTeam = rule["property"] === "$team";
  const operand = operandOf(catalog, rule["value"], isTeam);
  if (operand === null) return false;
  const test = { operator, ...operand, zone, now: catalog.now };

  if ("propertySchema" in rule) {
    const schema = rule["propertySchema"] as TwinProperty;
    const fitting = Object.entries(blueprint?.properties ?? {}).filter(([, p]) => fits(schema, p));
    if (fitting.length === 0) return false;
    const holds = fitting.some(([id]) => holdsFor(schema.type, entity.properties[id] ?? null, test));
    return holds !== negated;
  }
  if ("relation" in rule) {
    const relation = blueprint?.relations[rule["relation"] as string];
    if (relation === undefined) return false;
    const targets = entity.relations[rule["relation"] as string] ?? [];
    const texts =
      rule["targetProperty"] === "$title"
        ? targets.map((target) => find(catalog, relation.target, target)?.title ?? null)
        : targets;
    return holdsForTargets(relation.many, texts, test) !== negated;
  }
  const { property } = rule;
  if (typeof property === "object" && property !== null) {
    const values = personValues(catalog, property as Rule);
    if (values.length === 0) return false;
    return values.some((value) => holdsFor(typeof value as TwinType, value, test)) !== negated;
  }
  const id = property as string;
  if (id.startsWith("$")) return holdsForMeta(entity, id, test) !== negated;
  const own = blueprint?.properties[id];
  if (own === undefined)
    return blueprint?.derived.includes(id) === true && holdsFor("object", null, test) !== negated;
  return holdsFor(own.type, entity.properties[id] ?? null, test) !== negated;
}

function fits(schema: TwinProperty, property: TwinProperty): boolean {
  return (
    schema.type === property.type &&
    (schema.format === undefined || schema.format === property.format) &&
    (schema.items?.type === undefined || schema.items.type === property.items?.type) &&
    (schema.items?.format === undefined || schema.items.format === property.items?.format)
  );
}

interface Test {
  readonly operator: string;
  readonly values: readonly unknown[];
  /** Values came from the person: one of them must fit. */
  readonly personal: boolean;
  readonly zone: string;
  readonly now: string;
}

/** null: values of the person are asked for, and there are none. */
function operandOf(
  catalog: TwinCatalog,
  value: unknown,
  isTeam: boolean,
): { values: readonly unknown[]; personal: boolean } | null {
  const list = Array.isArray(value) ? (value as unknown[]) : [value];
  let personal = false;
  const values = list.flatMap((item): readonly unknown[] => {
    const mine = item === "myTeamsDynamicFilter" || (isTeam && item === "My Teams");
    if (mine) {
      personal = true;
      return catalog.person?.teams ?? [];
    }
    if (typeof item !== "object" || item === null || !("context" in item)) return [item];
    personal = true;
    return personValues(catalog, item);
  });
  return personal && values.length === 0 ? null : { values, personal };
}

/** Values of the person who asks, without nulls. */
function personValues(catalog: TwinCatalog, ref: Rule): unknown[] {
  const { person } = catalog;
  if (person === null) return [];
  const { context, property } = ref as { context: string; property: string };
  const entities =
    context === "user"
      ? [find(catalog, "_user", person.email)]
      : person.teams.map((team) => find(catalog, "_team", team));
  if (property === "$identifier") return context === "user" ? [person.email] : [...person.teams];
  if (property === "$team" && context === "user") return [...person.teams];
  if (property === "$title" && context === "user" && entities[0] === undefined) return [person.name];
  return entities
    .flatMap((entity) => (entity === undefined ? [] : [valueOf(entity, property)]))
    .flat()
    .filter((value) => value !== null && value !== undefined && typeof value !== "object");
}

function find(catalog: TwinCatalog, blueprint: string, identifier: string): TwinEntity | undefined {
  return catalog.entities.find((e) => e.blueprint === blueprint && e.identifier === identifier);
}

function valueOf(entity: TwinEntity, property: string): unknown {
  const metas: Readonly<Record<string, unknown>> = {
    $identifier: entity.identifier,
    $title: entity.title,
    $icon: entity.icon,
    $team: entity.team,
    $blueprint: entity.blueprint,
    $createdAt: entity.createdAt,
    $updatedAt: entity.updatedAt,
    $createdBy: entity.createdBy,
    $updatedBy: entity.updatedBy,
    $datasource: entity.datasource,
  };
  return property.startsWith("$") ? metas[property] : (entity.properties[property] ?? null);
}

function holdsForMeta(entity: TwinEntity, meta: string, test: Test): boolean {
  const value = valueOf(entity, meta);
  if (meta === "$team") return holdsForTeam(entity.team, test);
  if (meta === "$createdAt" || meta === "$updatedAt")
    return holdsForInstant(Date.parse(value as string), test);
  // Columns of text: a number asks for its text.
  const values = test.values.map((item) =>
    typeof item === "number" || typeof item === "boolean" ? textOf(item) : item,
  );
  return holdsFor("string", value, { ...test, values });
}

function holdsForTeam(team: readonly string[], test: Test): boolean {
  if (isRange(test.values[0])) return false;
  const wanted = test.values.filter((value) => value !== null).map(textOf);
  const some = wanted.some((value) => team.includes(value));
  switch (test.operator) {
    case "isEmpty":
      return team.length === 0;
    case "=":
      if (test.personal) return some;
      return test.values[0] === null ? team.length === 0 : team.length === 1 && team[0] === wanted[0];
    case "in":
      return some || (test.values.includes(null) && team.length === 0);
    case "contains":
      if (test.personal) return some;
      return (
        test.values.length > 0 && test.values.every((value) => value !== null && team.includes(textOf(value)))
      );
    case "containsAny":
      return some;
    default:
      return false;
  }
}

/** A many relation is a list, a single one a text or nothing. */
function holdsForTargets(many: boolean, texts: readonly (string | null)[], test: Test): boolean {
  const asText = (value: unknown): unknown =>
    typeof value === "number" || typeof value === "boolean" ? textOf(value) : value;
  const textTest = { ...test, values: test.values.map(asText) };
  if (test.operator === "isEmpty") return texts.length === 0;
  if (test.operator === "=" && test.values[0] === null && !test.personal) return texts.length === 0;
  if (test.operator === "in" && test.values.includes(null) && texts.length === 0) return true;
  if (many && test.operator === "contains" && !test.personal)
    return (
      test.values.length > 0 && test.values.every((value) => value !== null && texts.includes(textOf(value)))
    );
  if (many && (test.operator === "containsAny" || test.operator === "contains"))
    return test.values.some((value) => value !== null && texts.includes(textOf(value)));
  const present = {
    ...textTest,
    values: textTest.values.filter((v) => test.operator !== "in" || v !== null),
  };
  return texts.some((text) => text !== null && holdsFor("string", text, present));
}

function holdsFor(type: TwinType, value: unknown, test: Test): boolean {
  const { operator, values } = test;
  const wantsNull =
    operator === "isEmpty" ||
    (operator === "=" && !test.personal && values[0] === null) ||
    (operator === "in" && values.includes(null));
  if (value === null) return wantsNull;
  if (type === "array") return holdsForList(value as unknown[], test);
  if (type === "object") return false;
  const text = textOf(value).toLowerCase();
  const some = (check: (part: string) => boolean): boolean =>
    values.some((part) => part !== null && check(textOf(part).toLowerCase()));
  switch (operator) {
    case "=":
    case "in":
      if (isRange(values[0])) return type === "string" && holdsForInstant(instantOf(value), test);
      return values.includes(value);
    case "contains":
      if (test.personal) return some((part) => text.includes(part));
      return (
        values.length > 0 &&
        values.every((part) => part !== null && text.includes(textOf(part).toLowerCase()))
      );
    case "containsAny":
      return some((part) => text.includes(part));
    case "beginsWith":
      return some((part) => text.startsWith(part));
    case "endsWith":
      return some((part) => text.endsWith(part));
    case "isEmpty":
      return false;
    case ">":
    case ">=":
    case "<":
    case "<=":
      if (type === "number")
        return values.some((other) => typeof other === "number" && ordered(value as number, operator, other));
      return type === "string" && holdsForInstant(instantOf(value), test);
    default:
      return type === "string" && holdsForInstant(instantOf(value), test);
  }
}

function holdsForList(list: readonly unknown[], { operator, values, personal }: Test): boolean {
  if (operator === "contains" && !personal)
    return values.length > 0 && values.every((value) => list.includes(value));
  if (operator === "contains" || operator === "containsAny")
    return values.some((value) => list.includes(value));
  if (operator === "in" || (operator === "=" && personal))
    return values.some((value) => value !== null && list.includes(value));
  return false;
}

function ordered(a: number, operator: string, b: number): boolean {
  return operator === ">" ? a > b : operator === ">=" ? a >= b : operator === "<" ? a < b : a <= b;
}

function isRange(value: unknown): value is Rule {
  return typeof value === "object" && value !== null && !("context" in value);
}

const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/;

function instantOf(value: unknown): number {
  return typeof value === "string" && INSTANT.test(value) ? Date.parse(value) : Number.NaN;
}

function holdsForInstant(at: number, { operator, values, now, zone }: Test): boolean {
  if (Number.isNaN(at)) return false;
  switch (operator) {
    case "isExpired":
      return at <= Date.parse(now);
    case "=":
    case "in":
      if (!isRange(values[0])) return values.some((value) => instantOf(value) === at);
      break;
    case "between":
      break;
    case ">":
    case ">=":
    case "<":
    case "<=":
      return values.some(
        (value) => !Number.isNaN(instantOf(value)) && ordered(at, operator, instantOf(value)),
      );
    default:
      return false;
  }
  const range = values[0];
  if (!isRange(range)) return false;
  const [from, to] = ends(range, Date.parse(now), (range["timeZone"] as string | undefined) ?? zone);
  return at >= from && at < to;
}

const DAY = 86_400_000;
const ROLLING: Readonly<Record<string, number>> = {
  lastDay: 1,
  lastWeek: 7,
  last2Weeks: 14,
  lastMonth: 30,
  last3Months: 90,
  last6Months: 180,
  last12Months: 365,
  last2Years: 730,
  last3Years: 1095,
};
const COMING: Readonly<Record<string, number>> = {
  nextDay: 1,
  nextWeek: 7,
  next2Weeks: 14,
  nextMonth: 30,
  next3Months: 90,
  next6Months: 180,
  next12Months: 365,
};

function ends(range: Rule, now: number, zone: string): [number, number] {
  const { preset, from, to } = range as { preset?: string; from?: string; to?: string };
  if (preset === undefined) return [Date.parse(from ?? ""), Date.parse(to ?? "")];
  const back = ROLLING[preset];
  if (back !== undefined) return [now - back * DAY, now];
  const ahead = COMING[preset];
  if (ahead !== undefined) return [now, now + ahead * DAY];
  // The calendar day by walking minute by minute over what the clock of the zone shows.
  const offset = { yesterday: -1, today: 0, tomorrow: 1 }[preset] ?? 0;
  const dayOf = (at: number): string => new Date(at).toLocaleDateString("sv-SE", { timeZone: zone });
  const today = dayOf(now);
  const target = new Date(Date.parse(`${today}T00:00:00Z`) + offset * DAY).toISOString().slice(0, 10);
  const minute = 60_000;
  let start = Math.floor(now / minute) * minute - 3 * DAY;
  while (dayOf(start) < target) start += 15 * minute;
  let end = start;
  while (dayOf(end) <= target) end += 15 * minute;
  return [start, end];
}

function isRelated(catalog: TwinCatalog, entity: TwinEntity, rule: Rule): boolean {
  const { blueprint, direction, required, maxHops } = rule as {
    blueprint: string;
    direction?: string;
    required?: boolean;
    maxHops?: number;
  };
  const operand = operandOf(catalog, rule["value"], false);
  const sources = (operand?.values ?? []).filter((value) => typeof value === "string");
  const isSource = entity.blueprint === blueprint && sources.includes(entity.identifier);
  if (isSource) return false;
  const key = `${entity.blueprint}\n${entity.identifier}`;
  return ["upstream", "downstream"].some((way) => {
    if (direction !== undefined && direction !== way) return false;
    let edge = sources.map((source) => `${blueprint}\n${source}`);
    const seen = new Set(edge);
    for (let hop = 0; hop < (maxHops ?? Infinity) && edge.length > 0; hop++) {
      edge = edge.flatMap((at) => neighbours(catalog, at, way, required)).filter((at) => !seen.has(at));
      for (const at of edge) seen.add(at);
    }
    return seen.has(key);
  });
}

function neighbours(catalog: TwinCatalog, at: string, way: string, required?: boolean): string[] {
  const found: string[] = [];
  for (const entity of catalog.entities)
    for (const [id, relation] of Object.entries(catalog.blueprints[entity.blueprint]?.relations ?? {})) {
      if (required !== undefined && relation.required !== required) continue;
      for (const target of entity.relations[id] ?? []) {
        const from = `${entity.blueprint}\n${entity.identifier}`;
        const to = `${relation.target}\n${target}`;
        if (way === "upstream" && from === at) found.push(to);
        if (way === "downstream" && to === at) found.push(from);
      }
    }
  return found;
}

type Step = string | { readonly relation: string; readonly maxHops: number };

function matchesAny(catalog: TwinCatalog, entity: TwinEntity, rule: Rule, zone: string): boolean {
  const { property } = rule;
  const operand = operandOf(catalog, rule["value"], property === "$team");
  if (operand === null) return false;
  if (
    typeof property === "string" ||
    (property !== null && typeof property === "object" && "context" in property)
  ) {
    const isEqual = matchesRule(catalog, entity, { property, operator: "in", value: operand.values }, zone);
    if (typeof property !== "string" || property.startsWith("$")) return isEqual;
    return isEqual || endsIn(catalog, entity, [property], operand.values);
  }
  const { path, fromBlueprint } = property as { path: Step[]; fromBlueprint?: string };
  if (fromBlueprint === undefined) return endsIn(catalog, entity, path, operand.values);
  return operand.values.some((value) =>
    walk(catalog, `${fromBlueprint}\n${textOf(value)}`, path).has(
      `${entity.blueprint}\n${entity.identifier}`,
    ),
  );
}

function endsIn(
  catalog: TwinCatalog,
  entity: TwinEntity,
  path: readonly Step[],
  values: readonly unknown[],
): boolean {
  const reached = walk(catalog, `${entity.blueprint}\n${entity.identifier}`, path);
  return [...reached].some((at) => values.includes(at.split("\n")[1]));
}

/** Where the path ends, step by step. */
function walk(catalog: TwinCatalog, start: string, path: readonly Step[]): Set<string> {
  let places = new Set([start]);
  for (const [i, step] of path.entries()) {
    const relation = typeof step === "string" ? step : step.relation;
    const hops = typeof step === "string" ? 1 : step.maxHops;
    const reached = new Set<string>(i > 0 && typeof step !== "string" ? places : []);
    let edge = places;
    for (let hop = 0; hop < hops; hop++) {
      edge = new Set([...edge].flatMap((at) => over(catalog, at, relation)));
      for (const at of edge) reached.add(at);
    }
    places = reached;
  }
  return places;
}

function over(catalog: TwinCatalog, at: string, relation: string): string[] {
  const [blueprint = "", identifier = ""] = at.split("\n");
  const entity = find(catalog, blueprint, identifier);
  if (entity === undefined) return [];
  if (relation === "$team") return entity.team.map((team) => `_team\n${team}`);
  const target = catalog.blueprints[blueprint]?.relations[relation]?.target;
  return (entity.relations[relation] ?? []).map((to) => `${target}\n${to}`);
}
