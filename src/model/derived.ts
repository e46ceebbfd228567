/** Definitions of mirror, calculation and aggregation properties (data-model.md §3.6): shape only. */
import { invalid } from "./error.ts";
import { checkBlueprintIdentifier, checkPropertyIdentifier } from "./identifier.ts";
import { isObject, type JsonObject, kindOf, show } from "./json.ts";
import {
  checkColors,
  checkOneOf,
  checkOptionalText,
  checkSpec,
  checkText,
  isGiven,
  PROPERTY_TYPES,
  type PropertyType,
} from "./property.ts";
import { parseQuery } from "./query.ts";

const CALCULATION_FORMATS = [
  "date-time",
  "url",
  "email",
  "idn-email",
  "ipv4",
  "ipv6",
  "markdown",
  "yaml",
  "user",
  "team",
  "proto",
  "labeled-url",
];
const PATH = /^[A-Za-z0-9@_=\\$-]+(\.[A-Za-z0-9@_=\\$-]+)+$/;
const ENTITY_FUNCTIONS = ["count", "average"];
/** Percentiles and `countDistinct` are ours. */
const PROPERTY_FUNCTIONS = ["sum", "min", "max", "median", "average", "p75", "p90", "p95", "countDistinct"];
const PERIODS = ["hour", "day", "week", "month", "total"];
/** Of one element of a path (data-model.md §2.7). */
const MAX_HOPS = 15;
/** As many as a path of a search has: each is a step of one statement, of which a database plans hundreds for minutes. */
export const MAX_STEPS = 15;

function start(identifier: string, value: unknown, field: string): JsonObject {
  checkPropertyIdentifier(identifier, field);
  if (!isObject(value)) throw invalid(`${field} must be an object, not ${kindOf(value)}`);
  checkOptionalText(value["title"], `${field}.title`, 100);
  checkOptionalText(value["description"], `${field}.description`);
  checkOptionalText(value["icon"], `${field}.icon`);
  return value;
}

/** @returns the first step of the path: a relation of the blueprint, or a meta property */
export function checkMirror(identifier: string, value: unknown, field: string): string {
  const { path } = start(identifier, value, field);
  checkText(path, `${field}.path`, 1000);
  if (!PATH.test(path as string))
    throw invalid(
      `${field}.path ${show(path)} must be relations and a property joined by dots, such as service.language`,
    );
  const steps = (path as string).split(".");
  if (steps.length - 1 > MAX_STEPS)
    throw invalid(`${field}.path leads over ${steps.length - 1} relations; at most ${MAX_STEPS} are allowed`);
  return steps[0] ?? "";
}

export function checkCalculation(identifier: string, value: unknown, field: string): void {
  const definition = start(identifier, value, field);
  const { calculation, type, format, colorized, colors, items } = definition;
  checkText(calculation, `${field}.calculation`, 20_000, 1);
  checkOneOf(type, PROPERTY_TYPES, `${field}.type`);
  if (isGiven(format)) checkOneOf(format, CALCULATION_FORMATS, `${field}.format`);
  checkSpec(type as PropertyType, definition, field);
  if (isGiven(items) && !isObject(items))
    throw invalid(`${field}.items must be an object, not ${kindOf(items)}`);
  if (isGiven(colorized) && typeof colorized !== "boolean")
    throw invalid(`${field}.colorized must be a boolean, not ${kindOf(colorized)}`);
  if (isGiven(colors)) checkColors(colors, `${field}.colors`);
}

/** Keys that do not belong to a variant of `calculationSpec` are kept (decision 5). */
export function checkAggregation(identifier: string, value: unknown, field: string): void {
  const { title, target, calculationSpec, query, pathFilter } = start(identifier, value, field);
  checkText(title, `${field}.title`, 100);
  checkBlueprintIdentifier(target, `${field}.target`);
  checkCalculationSpec(calculationSpec, `${field}.calculationSpec`);
  if (query !== undefined) {
    if (!isObject(query)) throw invalid(`${field}.query must be an object or absent, not ${kindOf(query)}`);
    parseQuery(query, `${field}.query`);
  }
  if (isGiven(pathFilter)) checkPathFilter(pathFilter, `${field}.pathFilter`);
}

function checkPathFilter(value: unknown, field: string): void {
  if (!Array.isArray(value) || value.length > 1)
    throw invalid(`${field} must be a list of at most 1 path, not ${show(value)}`);
  for (const item of value as unknown[]) {
    if (!isObject(item) || !Array.isArray(item["path"]) || item["path"].length === 0)
      throw invalid(`${field}[0].path must be a list of 1 or more relations`);
    const steps = item["path"] as unknown[];
    if (steps.length > MAX_STEPS)
      throw invalid(`${field}[0].path has ${steps.length} steps; at most ${MAX_STEPS} are allowed`);
    steps.forEach((step, i) => checkPathStep(step, `${field}[0].path[${i}]`));
    if (steps.filter((step) => isObject(step)).length > 1)
      throw invalid(`${field}[0].path: only one step may have maxHops`);
    const from = item["fromBlueprint"];
    if (isGiven(from)) checkBlueprintIdentifier(from, `${field}[0].fromBlueprint`);
  }
}

/** A relation, `$team`, or `{relation, maxHops}`. */
function checkPathStep(step: unknown, field: string): void {
  const relation = isObject(step) ? step["relation"] : step;
  checkText(relation, isObject(step) ? `${field}.relation` : field, 100, 1);
  if (relation !== "$team" || isObject(step)) checkPropertyIdentifier(relation as string, field);
  if (!isObject(step)) return;
  const { maxHops } = step;
  if (typeof maxHops !== "number" || !Number.isInteger(maxHops) || maxHops < 1 || maxHops > MAX_HOPS)
    throw invalid(`${field}.maxHops ${show(maxHops)} must be a whole number from 1 to ${MAX_HOPS}`);
}

function checkCalculationSpec(spec: unknown, field: string): void {
  if (!isObject(spec)) throw invalid(`${field} must be an object, not ${kindOf(spec)}`);
  const { calculationBy, func, averageOf, property, measureTimeBy } = spec;
  checkOneOf(calculationBy, ["entities", "property"], `${field}.calculationBy`);
  checkOneOf(func, calculationBy === "entities" ? ENTITY_FUNCTIONS : PROPERTY_FUNCTIONS, `${field}.func`);
  if (calculationBy === "property") checkText(property, `${field}.property`, 100, 1);
  if (isGiven(averageOf)) checkOneOf(averageOf, PERIODS, `${field}.averageOf`);
  if (isGiven(measureTimeBy)) checkText(measureTimeBy, `${field}.measureTimeBy`, 100, 1);
}
