/** The form of a self-service action (workflows.md §3.2.2): its keys, checked; values are left as they were sent. */
import {
  checkBooleanOrJq,
  checkOneOfAt,
  checkTextAt,
  closedAt,
  isGiven,
  isJqQuery,
  objectAt,
  textsAt,
} from "./action-fields.ts";
import { invalid } from "./error.ts";
import { isObject, type JsonObject, kindOf, show } from "./json.ts";

const KEY = /^[A-Za-z0-9@_=-]+$/;
const MAX_KEY = 100;
const MAX_INPUTS = 300;
const TYPES = ["string", "number", "boolean", "object", "array"];
const FORMATS = [
  ...["date-time", "url", "email", "ipv4", "ipv6", "yaml", "entity", "user", "team", "proto", "markdown"],
  ...["multi-line", "labeled-url", "timer", "idn-email"],
];
const KEYS = [
  ...["type", "format", "title", "description", "icon", "blueprint", "dependsOn", "visible", "disabled"],
  ...["default", "enum", "value", "required", "enumColors", "dataset", "sort", "pattern", "minLength"],
  ...["maxLength", "minimum", "maximum", "minItems", "maxItems", "uniqueItems", "encryption", "items"],
  ...["spec", "specAuthentication", "properties", "readOnly", "identifier"],
];
const ITEM_KEYS = [
  ...["type", "format", "blueprint", "dataset", "enum", "enumColors", "pattern", "minLength", "maxLength"],
  ...["minimum", "maximum", "default", "title", "icon", "description", "properties", "required"],
];
const USER_INPUTS = ["properties", "required", "order", "steps", "titles"];
const MAX_TITLE = 140;
const MAX_DESCRIPTION = 1000;

/** @throws AppError invalid_request naming the field */
export function checkUserInputs(value: unknown, field: string): void {
  const inputs = objectAt(value, field);
  closedAt(inputs, USER_INPUTS, field);
  const properties = objectAt(inputs["properties"], `${field}.properties`);
  const keys = Object.keys(properties);
  if (keys.length > MAX_INPUTS)
    throw invalid(`${field}.properties has ${keys.length} inputs; at most ${MAX_INPUTS} are allowed`);
  for (const key of keys) {
    const at = `${field}.properties.${key}`;
    checkInputKey(key, at);
    checkInput(objectAt(properties[key], at), at, keys);
  }
  checkRequired(inputs["required"], `${field}.required`, keys);
  const titles = checkTitles(inputs["titles"], `${field}.titles`, keys);
  checkOrder(inputs, field, [...keys, ...titles]);
}

function checkInputKey(key: string, field: string): void {
  if (key.length > MAX_KEY || !KEY.test(key) || key === "__proto__")
    throw invalid(`${field}: ${show(key)} must have 1 to ${MAX_KEY} characters: A-Z a-z 0-9 @ _ = -`);
}

function checkRequired(value: unknown, field: string, keys: readonly string[]): void {
  if (!isGiven(value) || isJqQuery(value)) return;
  if (isObject(value)) throw invalid(`${field} must be a list of inputs or {jqQuery}, not ${show(value)}`);
  requireKnown(textsAt(value, field), keys, field);
}

function requireKnown(named: readonly string[], keys: readonly string[], field: string): void {
  const unknown = named.find((key) => !keys.includes(key));
  if (unknown !== undefined) throw invalid(`${field}: the form has no input ${show(unknown)}`);
}

/** @returns their keys */
function checkTitles(value: unknown, field: string, keys: readonly string[]): readonly string[] {
  if (!isGiven(value)) return [];
  const titles = objectAt(value, field);
  for (const [key, title] of Object.entries(titles)) {
    const at = `${field}.${key}`;
    checkInputKey(key, at);
    if (keys.includes(key)) throw invalid(`${at}: an input has the same key`);
    const one = objectAt(title, at);
    closedAt(one, ["title", "description", "visible"], at);
    checkTextAt(one["title"], `${at}.title`, { max: MAX_TITLE, required: true });
    checkTextAt(one["description"], `${at}.description`, { max: MAX_DESCRIPTION });
    checkBooleanOrJq(one["visible"], `${at}.visible`);
  }
  return Object.keys(titles);
}

function checkOrder(inputs: JsonObject, field: string, known: readonly string[]): void {
  const { order, steps } = inputs;
  if (isGiven(order) && isGiven(steps))
    throw invalid(`${field} has both order and steps; it takes one of them, or neither`);
  requireKnown(textsAt(order, `${field}.order`), known, `${field}.order`);
  if (!isGiven(steps)) return;
  if (!Array.isArray(steps)) throw invalid(`${field}.steps must be a list, not ${kindOf(steps)}`);
  const seen = new Set<string>();
  for (const [i, step] of steps.entries()) {
    const at = `${field}.steps[${i}]`;
    const one = objectAt(step, at);
    closedAt(one, ["title", "order", "visible"], at);
    checkTextAt(one["title"], `${at}.title`, { max: MAX_TITLE, required: true });
    checkBooleanOrJq(one["visible"], `${at}.visible`);
    const keys = textsAt(one["order"], `${at}.order`);
    requireKnown(keys, known, `${at}.order`);
    const twice = keys.find((key) => seen.has(key));
    if (twice !== undefined) throw invalid(`${at}.order: ${show(twice)} stands in more than one place`);
    for (const key of keys) seen.add(key);
  }
}

function checkInput(input: JsonObject, field: string, keys: readonly string[]): void {
  closedAt(input, KEYS, field);
  checkOneOfAt(input["type"], `${field}.type`, TYPES);
  const { type } = input;
  checkFormat(input, field);
  for (const key of ["title", "description", "icon", "blueprint", "spec"])
    checkTextAt(input[key], `${field}.${key}`);
  for (const key of ["visible", "disabled"]) checkBooleanOrJq(input[key], `${field}.${key}`);
  requireKnown(textsAt(input["dependsOn"], `${field}.dependsOn`), keys, `${field}.dependsOn`);
  if (textsAt(input["dependsOn"], field).some((key) => field.endsWith(`.properties.${key}`)))
    throw invalid(`${field}.dependsOn names the input itself`);
  checkEnum(input["enum"], `${field}.enum`);
  checkLimits(input, field);
  checkPatternAt(input["pattern"], `${field}.pattern`);
  checkDataset(input["dataset"], `${field}.dataset`);
  checkSort(input["sort"], `${field}.sort`);
  checkEncryption(input, field);
  const { items } = input;
  if (isGiven(items)) {
    if (type !== "array") throw invalid(`${field}.items belongs to inputs of type array, not ${show(type)}`);
    checkItems(objectAt(items, `${field}.items`), `${field}.items`);
  }
}

function checkItems(items: JsonObject, field: string): void {
  closedAt(items, ITEM_KEYS, field);
  if (isGiven(items["type"])) checkOneOfAt(items["type"], `${field}.type`, TYPES);
  checkFormat(items, field);
  checkEnum(items["enum"], `${field}.enum`);
  checkPatternAt(items["pattern"], `${field}.pattern`);
  checkDataset(items["dataset"], `${field}.dataset`);
}

function checkFormat(input: JsonObject, field: string): void {
  const { format } = input;
  if (!isGiven(format)) return;
  checkOneOfAt(format, `${field}.format`, FORMATS);
  const isText = input["type"] === "string" || input["type"] === undefined;
  const isObjectFormat = format === "labeled-url";
  if (!isText && !(isObjectFormat && input["type"] === "object"))
    throw invalid(`${field}.format ${show(format)} does not go with type ${show(input["type"])}`);
  if (format === "entity") checkTextAt(input["blueprint"], `${field}.blueprint`, { required: true });
}

function checkEnum(value: unknown, field: string): void {
  if (!isGiven(value) || isJqQuery(value)) return;
  if (!Array.isArray(value) || value.length === 0)
    throw invalid(`${field} must be a list with at least one value, or {jqQuery}, not ${show(value)}`);
}

const COUNTS = ["minLength", "maxLength", "minItems", "maxItems"];

function checkLimits(input: JsonObject, field: string): void {
  for (const key of [...COUNTS, "minimum", "maximum"]) {
    const value = input[key];
    if (!isGiven(value) || isJqQuery(value)) continue;
    const isFine =
      typeof value === "number" && (!COUNTS.includes(key) || (Number.isInteger(value) && value >= 0));
    if (!isFine) throw invalid(`${field}.${key} must be a number or {jqQuery}, not ${show(value)}`);
  }
}

function checkPatternAt(value: unknown, field: string): void {
  if (!isGiven(value) || isJqQuery(value)) return;
  if (typeof value !== "string")
    throw invalid(`${field} must be a regular expression or {jqQuery}, not ${kindOf(value)}`);
  try {
    new RegExp(value, "u");
  } catch {
    throw invalid(`${field} ${show(value)} is no regular expression (ECMAScript, flag u)`);
  }
}

function checkDataset(value: unknown, field: string): void {
  if (!isGiven(value)) return;
  const dataset = objectAt(value, field);
  closedAt(dataset, ["combinator", "rules"], field);
  checkOneOfAt(dataset["combinator"], `${field}.combinator`, ["and", "or"]);
  const { rules } = dataset;
  if (!Array.isArray(rules)) throw invalid(`${field}.rules must be a list, not ${kindOf(rules)}`);
  for (const [i, rule] of rules.entries()) {
    const at = `${field}.rules[${i}]`;
    const one = objectAt(rule, at);
    if (isGiven(one["combinator"])) checkDataset(one, at);
    else checkTextAt(one["operator"], `${at}.operator`, { required: true });
  }
}

function checkSort(value: unknown, field: string): void {
  if (!isGiven(value)) return;
  const sort = objectAt(value, field);
  closedAt(sort, ["property", "order"], field);
  checkTextAt(sort["property"], `${field}.property`, { required: true });
  if (isGiven(sort["order"])) checkOneOfAt(sort["order"], `${field}.order`, ["ASC", "DESC"]);
}

function checkEncryption(input: JsonObject, field: string): void {
  const { encryption, type } = input;
  if (!isGiven(encryption)) return;
  if (type !== "string" && type !== "object")
    throw invalid(`${field}.encryption belongs to inputs of type string and object, not ${show(type)}`);
  if (encryption === "aes256-gcm") return;
  if (!isObject(encryption) || encryption["algorithm"] !== "client-side")
    throw invalid(
      `${field}.encryption must be "aes256-gcm" or {algorithm: "client-side", key}, not ${show(encryption)}`,
    );
  closedAt(encryption, ["algorithm", "key"], `${field}.encryption`);
  const { key } = encryption;
  if (typeof key !== "string" || !key.includes("-----BEGIN"))
    throw invalid(`${field}.encryption.key must be a public RSA key as PEM text`);
}
