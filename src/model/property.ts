/** Property definitions of a blueprint (data-model.md §3.3, §3.4). */
import { invalid } from "./error.ts";
import { checkPropertyIdentifier } from "./identifier.ts";
import { isObject, isStringArray, type JsonObject, kindOf, show } from "./json.ts";

export const PROPERTY_TYPES = ["string", "number", "boolean", "object", "array"] as const;
export type PropertyType = (typeof PROPERTY_TYPES)[number];

export interface PropertyPlan {
  readonly identifier: string;
  readonly type: PropertyType;
  readonly format: string | null;
  /** The definition as it was given. */
  readonly definition: JsonObject;
}

export const STRING_FORMATS = [
  "date-time",
  "url",
  "email",
  "idn-email",
  "ipv4",
  "ipv6",
  "markdown",
  "yaml",
  "user",
  "blueprints",
  "team",
  "timer",
  "proto",
];
export const OBJECT_FORMATS = ["labeled-url"];
export const ARRAY_FORMATS = ["blueprints", "team", "user"];
export const SPECS = ["open-api", "embedded-url", "async-api"];
/** Of values, levels and alike. */
export const COLORS = [
  "blue",
  "turquoise",
  "orange",
  "purple",
  "pink",
  "yellow",
  "green",
  "red",
  "gold",
  "silver",
  "paleBlue",
  "darkGray",
  "lightGray",
  "bronze",
  "lime",
  "olive",
  "brown",
] as const;

export function checkText(value: unknown, field: string, max?: number, min = 0): void {
  if (typeof value !== "string") throw invalid(`${field} must be a string, not ${kindOf(value)}`);
  if (max !== undefined && value.length > max)
    throw invalid(`${field} has ${value.length} characters; at most ${max} are allowed`);
  if (value.length < min) throw invalid(`${field} must have at least ${min} character`);
}

/** Like `checkText`; absent and null are fine. */
export function checkOptionalText(value: unknown, field: string, max?: number): void {
  if (value !== undefined && value !== null) checkText(value, field, max);
}

export function checkOneOf(value: unknown, allowed: readonly string[], field: string): void {
  if (typeof value !== "string" || !allowed.includes(value))
    throw invalid(`${field} ${show(value)} is not one of ${allowed.join(", ")}`);
}

/** Map from value to colour: `enumColors`, `colors`. */
export function checkColors(value: unknown, field: string): void {
  if (!isObject(value)) throw invalid(`${field} must be an object, not ${kindOf(value)}`);
  for (const [key, color] of Object.entries(value)) checkOneOf(color, COLORS, `${field}.${show(key)}`);
}

/** In definitions null says the same as nothing. */
export const isGiven = (value: unknown): boolean => value !== undefined && value !== null;

/** Checks what a client may get wrong and must be told; keys that we do not know are kept. */
export function checkProperty(identifier: string, value: unknown, field: string): void {
  checkPropertyIdentifier(identifier, field);
  if (!isObject(value)) throw invalid(`${field} must be an object, not ${kindOf(value)}`);
  if (value["type"] === undefined)
    throw invalid(`${field}.type is missing; it must be one of ${PROPERTY_TYPES.join(", ")}`);
  checkOneOf(value["type"], PROPERTY_TYPES, `${field}.type`);
  const type = value["type"] as PropertyType;
  const { title, description, icon } = value;
  checkOptionalText(title, `${field}.title`, 100);
  checkOptionalText(description, `${field}.description`);
  checkOptionalText(icon, `${field}.icon`);
  checkConstraints(type, value, field);
  checkSpec(type, value, field);
  checkOptionalText(value["blueprint"], `${field}.blueprint`);
}

function checkConstraints(type: PropertyType | null, value: JsonObject, field: string): void {
  const { format, pattern, items, enumColors } = value;
  if (isGiven(format)) {
    const allowed =
      type === "string"
        ? STRING_FORMATS
        : type === "object"
          ? OBJECT_FORMATS
          : type === "array"
            ? ARRAY_FORMATS
            : [];
    if (allowed.length === 0)
      throw invalid(`${field}.format ${show(format)} does not belong to type ${type ?? "any"}`);
    checkOneOf(format, allowed, `${field}.format`);
  }
  if (isGiven(value["enum"])) checkEnum(type, value["enum"], `${field}.enum`);
  if (isGiven(enumColors)) checkColors(enumColors, `${field}.enumColors`);
  for (const key of ["minLength", "maxLength", "minItems", "maxItems"] as const)
    if (isGiven(value[key])) checkCount(value[key], `${field}.${key}`);
  for (const key of ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"] as const)
    if (isGiven(value[key]) && typeof value[key] !== "number")
      throw invalid(`${field}.${key} must be a number, not ${kindOf(value[key])}`);
  for (const [low, high] of BOUNDS) checkBounds(value, low, high, field);
  if (isGiven(pattern)) checkPattern(pattern, `${field}.pattern`);
  if (isGiven(value["uniqueItems"]) && typeof value["uniqueItems"] !== "boolean")
    throw invalid(`${field}.uniqueItems must be a boolean, not ${kindOf(value["uniqueItems"])}`);
  if (isGiven(items)) checkItems(items, `${field}.items`);
}

function checkItems(items: unknown, field: string): void {
  if (!isObject(items)) throw invalid(`${field} must be an object, not ${kindOf(items)}`);
  const type = items["type"];
  if (isGiven(type)) checkOneOf(type, PROPERTY_TYPES, `${field}.type`);
  if (type === "array") return;
  checkConstraints(
    (type as PropertyType | null | undefined) ?? (isGiven(items["format"]) ? "string" : null),
    items,
    field,
  );
}

function checkEnum(type: PropertyType | null, values: unknown, field: string): void {
  if (!Array.isArray(values) || values.length === 0)
    throw invalid(`${field} must be a list with 1 or more values`);
  const fits = (value: unknown): boolean => type === null || kindOf(value) === type;
  const wrong: unknown = values.find((value) => !fits(value));
  if (wrong !== undefined)
    throw invalid(`${field} contains ${show(wrong)}, which is not of type ${type ?? "any"}`);
}

/** Nothing could ever fit between bounds that are the wrong way round. */
const BOUNDS = [
  ["minLength", "maxLength"],
  ["minItems", "maxItems"],
  ["minimum", "maximum"],
] as const;

function checkBounds(value: JsonObject, low: string, high: string, field: string): void {
  const [from, to] = [value[low], value[high]];
  if (typeof from === "number" && typeof to === "number" && from > to)
    throw invalid(`${field}.${low} ${from} is greater than ${high} ${to}`);
}

function checkCount(value: unknown, field: string): void {
  if (typeof value !== "number" || !Number.isInteger(value) || value < 0)
    throw invalid(`${field} ${show(value)} must be a whole number of 0 or more`);
}

export function checkPattern(value: unknown, field: string): void {
  checkText(value, field, 2000);
  try {
    new RegExp(value as string, "u");
  } catch (error) {
    throw invalid(
      `${field} ${show(value)} is not a regular expression (ECMA, flag u): ${(error as Error).message}`,
    );
  }
}

/** `spec` and what belongs to it; in calculation properties too. */
export function checkSpec(type: PropertyType, value: JsonObject, field: string): void {
  const { spec, specAuthentication: auth, dateFormat } = value;
  if (isGiven(spec)) {
    checkOneOf(spec, SPECS, `${field}.spec`);
    if (type !== "string" && type !== "object")
      throw invalid(`${field}.spec belongs to type string or object, not ${type}`);
    if (spec === "embedded-url" && type !== "string")
      throw invalid(`${field}.spec "embedded-url" belongs to type string, not ${type}`);
  }
  if (isGiven(auth)) checkAuthentication(auth, `${field}.specAuthentication`);
  checkOptionalText(dateFormat, `${field}.dateFormat`);
}

function checkAuthentication(value: unknown, field: string): void {
  if (!isObject(value)) throw invalid(`${field} must be an object, not ${kindOf(value)}`);
  checkText(value["clientId"], `${field}.clientId`);
  for (const key of ["authorizationUrl", "tokenUrl"] as const) checkUrl(value[key], `${field}.${key}`);
  const scope = value["authorizationScope"];
  if (isGiven(scope) && !isStringArray(scope))
    throw invalid(`${field}.authorizationScope must be a list of strings, not ${show(scope)}`);
}

export function checkUrl(value: unknown, field: string): void {
  checkText(value, field, 2000);
  if (!/^[A-Za-z][A-Za-z0-9+.-]*:\/\/[^\s/]\S*$/.test(value as string))
    throw invalid(`${field} ${show(value)} must be an absolute URL, such as https://example.com/path`);
}
