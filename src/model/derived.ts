/** Definitions of mirror, calculation and aggregation properties (data-model.md §3.6): shape only. */
import { invalid } from "./error.ts";
import { checkBlueprintIdentifier, checkPropertyIdentifier } from "./identifier.ts";
import { isObject, type JsonObject, kindOf, show } from "./json.ts";
import { checkColors, checkOneOf, checkOptionalText, checkText, PROPERTY_TYPES } from "./property.ts";

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
const PROPERTY_FUNCTIONS = ["sum", "min", "max", "median", "average"];
const PERIODS = ["hour", "day", "week", "month", "total"];

function start(identifier: string, value: unknown, field: string): JsonObject {
  checkPropertyIdentifier(identifier, field);
  if (!isObject(value)) throw invalid(`${field} must be an object, not ${kindOf(value)}`);
  checkOptionalText(value["title"], `${field}.title`, 100);
  checkOptionalText(value["description"], `${field}.description`);
  checkOptionalText(value["icon"], `${field}.icon`);
  return value;
}

/** @returns the first step of the path: a relation of the blueprint, or a meta property */
export function parseMirror(identifier: string, value: unknown, field: string): string {
  const { path } = start(identifier, value, field);
  checkText(path, `${field}.path`, 1000);
  if (!PATH.test(path as string))
    throw invalid(
      `${field}.path ${show(path)} must be relations and a property joined by dots, such as service.language`,
    );
  return (path as string).split(".")[0] ?? "";
}

export function parseCalculation(identifier: string, value: unknown, field: string): void {
  const { calculation, type, format, colorized, colors } = start(identifier, value, field);
  checkText(calculation, `${field}.calculation`, 20_000, 1);
  checkOneOf(type, PROPERTY_TYPES, `${field}.type`);
  if (format !== undefined) checkOneOf(format, CALCULATION_FORMATS, `${field}.format`);
  if (colorized !== undefined && typeof colorized !== "boolean")
    throw invalid(`${field}.colorized must be a boolean, not ${kindOf(colorized)}`);
  if (colors !== undefined && colors !== null) checkColors(colors, `${field}.colors`);
}

/** Keys that do not belong to a variant of `calculationSpec` are kept (decision 5). */
export function parseAggregation(identifier: string, value: unknown, field: string): void {
  const { title, target, calculationSpec, query, pathFilter } = start(identifier, value, field);
  checkText(title, `${field}.title`, 100);
  checkBlueprintIdentifier(target, `${field}.target`);
  checkSpec(calculationSpec, `${field}.calculationSpec`);
  if (query !== undefined && !isObject(query))
    throw invalid(`${field}.query must be an object or absent, not ${kindOf(query)}`);
  if (pathFilter === undefined || pathFilter === null) return;
  if (!Array.isArray(pathFilter) || pathFilter.length > 1)
    throw invalid(`${field}.pathFilter must be a list of at most 1 path`);
  for (const item of pathFilter as unknown[]) {
    if (!isObject(item) || !Array.isArray(item["path"]) || item["path"].length === 0)
      throw invalid(`${field}.pathFilter[0].path must be a list of 1 or more relations`);
    if (item["fromBlueprint"] !== undefined)
      checkBlueprintIdentifier(item["fromBlueprint"], `${field}.pathFilter[0].fromBlueprint`);
  }
}

function checkSpec(spec: unknown, field: string): void {
  if (!isObject(spec)) throw invalid(`${field} must be an object, not ${kindOf(spec)}`);
  const { calculationBy, func, averageOf, property, measureTimeBy } = spec;
  checkOneOf(calculationBy, ["entities", "property"], `${field}.calculationBy`);
  checkOneOf(func, calculationBy === "entities" ? ENTITY_FUNCTIONS : PROPERTY_FUNCTIONS, `${field}.func`);
  if (calculationBy === "property") checkText(property, `${field}.property`, 100, 1);
  if (averageOf !== undefined) checkOneOf(averageOf, PERIODS, `${field}.averageOf`);
  if (measureTimeBy !== undefined) checkText(measureTimeBy, `${field}.measureTimeBy`, 100, 1);
}
