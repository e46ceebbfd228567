/** Requests of the aggregate endpoints as nodes (data-model.md §7, decisions 5, 7 and 8). */
import { invalid } from "./error.ts";
import { isObject, isStringArray, type JsonObject, kindOf, show } from "./json.ts";
import { INTERVALS, type Interval, parseTimeZone } from "./query-calendar.ts";
import { isMetaProperty } from "./query-nodes.ts";
import { parsePreset, type Range } from "./query-range.ts";
import { closed, textOf } from "./query-values.ts";

/** Milliseconds of the periods that averages divide by (decision 7). */
export const PERIODS = {
  hour: 3_600_000,
  day: 86_400_000,
  week: 604_800_000,
  month: 2_592_000_000,
} as const;
export type Period = keyof typeof PERIODS;

export type Aggregate =
  | { readonly kind: "count" }
  | { readonly kind: "property"; readonly property: string; readonly func: "sum" | "min" | "max" | "median" }
  /** `total`: for each entity that has a value (property), or simply their number. */
  | {
      readonly kind: "average";
      readonly property: string | null;
      readonly period: Period | "total";
      readonly measureTimeBy: string;
    }
  | ValuesAggregate;

/** How often each value occurs. With `scorecard`: each level, or with `rule` SUCCESS and FAILURE. */
export interface ValuesAggregate {
  readonly kind: "values";
  readonly of: "property" | "relation" | "scorecard";
  readonly id: string;
  /** Of a scorecard; null: the level. */
  readonly rule: string | null;
}

const OF_ENTITIES = ["count", "average"];
const OF_PROPERTY = ["sum", "average", "min", "max", "median"];
const KEYS = [
  "func",
  "property",
  "relation",
  "scorecard",
  "rule",
  "averageOf",
  "measureTimeBy",
  "calculationBy",
  "query",
];

/** Everything but the query. @throws AppError `invalid_request` */
export function parseAggregate(body: unknown): Aggregate {
  if (!isObject(body)) throw invalid(`the body must be an object, not ${kindOf(body)}`);
  closed(body, KEYS, "body");
  const { func, property, averageOf, measureTimeBy, calculationBy } = body;
  if (func === "countValues") return parseValues(body);
  for (const key of ["relation", "scorecard", "rule"])
    if (body[key] !== undefined) throw invalid(`${key} belongs to func countValues, not ${show(func)}`);
  if (calculationBy !== undefined && calculationBy !== "entities" && calculationBy !== "property")
    throw invalid(`calculationBy ${show(calculationBy)} is not one of entities, property`);
  const by = calculationBy ?? (property === undefined ? "entities" : "property");
  const allowed = by === "entities" ? OF_ENTITIES : OF_PROPERTY;
  if (typeof func !== "string" || !allowed.includes(func))
    throw invalid(`func ${show(func)} is not one of ${allowed.join(", ")}, countValues (by ${by})`);
  const of = by === "property" ? subjectOf(property, "property") : null;
  if (func === "count") return { kind: "count" };
  if (func === "average")
    return {
      kind: "average",
      property: of,
      period: parsePeriod(averageOf, of === null ? "day" : "total"),
      measureTimeBy: measureTimeBy === undefined ? "$createdAt" : subjectOf(measureTimeBy, "measureTimeBy"),
    };
  return { kind: "property", property: of ?? "", func: func as "sum" | "min" | "max" | "median" };
}

function parseValues({ property, relation, scorecard, rule }: JsonObject): ValuesAggregate {
  const given = [property, relation, scorecard].filter((one) => one !== undefined);
  if (given.length !== 1) throw invalid("func countValues takes one of property, relation, scorecard");
  if (rule !== undefined && scorecard === undefined)
    throw invalid("rule belongs to a scorecard, which is not given");
  if (scorecard !== undefined)
    return {
      ...{ kind: "values", of: "scorecard", id: textOf(scorecard, "scorecard") },
      rule: rule === undefined || rule === null ? null : textOf(rule, "rule"),
    };
  return property === undefined
    ? { kind: "values", of: "relation", id: textOf(relation, "relation"), rule: null }
    : { kind: "values", of: "property", id: subjectOf(property, "property"), rule: null };
}

function parsePeriod(value: unknown, otherwise: Period | "total"): Period | "total" {
  if (value === undefined) return otherwise;
  const known = [...Object.keys(PERIODS), "total"] as (Period | "total")[];
  const period = known.find((name) => name === value);
  if (period === undefined) throw invalid(`averageOf ${show(value)} is not one of ${known.join(", ")}`);
  return period;
}

/** A property identifier or a meta property. */
function subjectOf(value: unknown, field: string): string {
  const text = textOf(value, field);
  if (text.startsWith("$") && !isMetaProperty(text))
    throw invalid(`${field} ${show(text)} is not a meta property`);
  return text;
}

export const PRESETS = [
  "today",
  "yesterday",
  "lastDay",
  "lastWeek",
  "last2Weeks",
  "lastMonth",
  "last3Months",
  "last6Months",
  "last12Months",
  "last2Years",
  "last3Years",
];
/** More points than a quarter of a year each make are not drawn for these (§7.2). */
const BY_QUARTER = ["last2Years", "last3Years"];

export interface TimeAxis {
  readonly range: Range;
  readonly interval: Interval;
  readonly timeZone: string;
}

export function parseTimeAxis(timeRange: unknown, timeInterval: unknown): TimeAxis {
  if (!isObject(timeRange)) throw invalid(`timeRange must be {preset, timeZone}, not ${kindOf(timeRange)}`);
  closed(timeRange, ["preset", "timeZone"], "timeRange");
  const timeZone = parseTimeZone(timeRange["timeZone"], "timeRange.timeZone");
  const { preset } = timeRange;
  const range = parsePreset(preset, "timeRange.preset", timeZone, PRESETS);
  const interval = INTERVALS.find((name) => name === timeInterval);
  if (interval === undefined)
    throw invalid(`timeInterval ${show(timeInterval)} is not one of ${INTERVALS.join(", ")}`);
  if (BY_QUARTER.includes(preset as string) && interval !== "quarter")
    throw invalid(`timeInterval ${show(timeInterval)} must be quarter for timeRange.preset ${show(preset)}`);
  return { range, interval, timeZone };
}

const SERIES_FUNCTIONS = ["average", "sum", "min", "max", "median", "last"] as const;
export type SeriesFunction = (typeof SERIES_FUNCTIONS)[number];

export type Series =
  | { readonly kind: "properties"; readonly func: SeriesFunction; readonly properties: readonly string[] }
  | { readonly kind: "entities"; readonly func: "count" | "average"; readonly breakdown: string | null };

export interface OverTime {
  readonly blueprint: string;
  readonly axis: TimeAxis;
  readonly measureTimeBy: string;
  readonly series: Series;
}

const OVER_TIME_KEYS = [
  "blueprint",
  "timeRange",
  "timeInterval",
  "query",
  "measureTimeBy",
  "aggregationType",
  "func",
  "properties",
  "breakdownProperty",
];
const MAX_PROPERTIES = 10;

/** Everything but the query. @throws AppError `invalid_request` */
export function parseOverTime(body: unknown): OverTime {
  if (!isObject(body)) throw invalid(`the body must be an object, not ${kindOf(body)}`);
  closed(body, OVER_TIME_KEYS, "body");
  return {
    blueprint: textOf(body["blueprint"], "blueprint"),
    axis: parseTimeAxis(body["timeRange"], body["timeInterval"]),
    measureTimeBy: subjectOf(body["measureTimeBy"], "measureTimeBy"),
    series: parseSeries(body["aggregationType"], body["func"], body["properties"], body["breakdownProperty"]),
  };
}

function parseSeries(type: unknown, func: unknown, properties: unknown, breakdown: unknown): Series {
  if (type === "countEntities") {
    if (func !== "count" && func !== "average")
      throw invalid(`func ${show(func)} is not one of count, average (countEntities)`);
    if (properties !== undefined) throw invalid("properties belongs to aggregatePropertiesValues");
    const by =
      breakdown === undefined || breakdown === null ? null : subjectOf(breakdown, "breakdownProperty");
    return { kind: "entities", func, breakdown: by };
  }
  if (type !== "aggregatePropertiesValues")
    throw invalid(`aggregationType ${show(type)} is not one of countEntities, aggregatePropertiesValues`);
  const known = SERIES_FUNCTIONS.find((name) => name === func);
  if (known === undefined)
    throw invalid(
      `func ${show(func)} is not one of ${SERIES_FUNCTIONS.join(", ")} (aggregatePropertiesValues)`,
    );
  if (breakdown !== undefined) throw invalid("breakdownProperty belongs to countEntities");
  return { kind: "properties", func: known, properties: parseNames(properties, "properties") };
}

/** Up to ten property identifiers, each once. */
export function parseNames(value: unknown, field: string): string[] {
  if (!isStringArray(value) || value.length === 0)
    throw invalid(`${field} must be a list of 1 or more property identifiers, not ${show(value)}`);
  const names = [...new Set(value)];
  if (names.length > MAX_PROPERTIES) throw invalid(`${field} holds more than ${MAX_PROPERTIES} properties`);
  return names;
}
