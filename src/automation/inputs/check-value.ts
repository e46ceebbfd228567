/** One value of a form against the rules of its input; what it says is wrong begins with the input's key. */
import { FORMAT_HINTS, FORMATS } from "../../catalog/formats.ts";
import { guardedPattern, PatternTimeout } from "../../catalog/pattern-guard.ts";
import { invalid } from "../../model/error.ts";
import { isObject, type JsonObject, kindOf, sameJson, show } from "../../model/json.ts";

/** Longer texts are not matched by the expressions of formats. */
const MAX_FORMATTED = 8192;
const ANY_TEXT = new Set(["yaml", "proto", "markdown", "multi-line", "entity", "labeled-url"]);

/**
 * @param input the input with its expressions settled
 * @throws AppError invalid_request
 */
export function checkValue(key: string, input: JsonObject, value: unknown): void {
  checkType(key, input["type"], value);
  checkEnum(key, input["enum"], value);
  if (typeof value === "string") checkText(key, input, value);
  if (typeof value === "number") checkNumber(key, input, value);
  if (Array.isArray(value)) checkList(key, input, value);
  if (isObject(value) && input["format"] === "labeled-url") checkLabeledUrl(key, value);
}

function checkType(key: string, type: unknown, value: unknown): void {
  if (typeof type === "string" && kindOf(value) !== type)
    throw invalid(`properties.${key} must be of type ${type}, not ${kindOf(value)}`);
}

function checkEnum(key: string, allowed: unknown, value: unknown): void {
  if (!Array.isArray(allowed) || Array.isArray(value)) return;
  if (!allowed.some((one) => sameJson(one, value)))
    throw invalid(`properties.${key} ${show(value)} is not one of ${show(allowed)}`);
}

function checkText(key: string, input: JsonObject, text: string): void {
  const { format, minLength: min, maxLength: max, pattern } = input;
  if (typeof min === "number" && text.length < min)
    throw invalid(`properties.${key} has ${text.length} characters; at least ${min} are asked for`);
  if (typeof max === "number" && text.length > max)
    throw invalid(`properties.${key} has ${text.length} characters; at most ${max} are allowed`);
  if (typeof format === "string" && !ANY_TEXT.has(format)) {
    const isFine = FORMATS[format];
    if (isFine !== undefined && (text.length > MAX_FORMATTED || !isFine(text)))
      throw invalid(`properties.${key} ${show(text)} is not ${FORMAT_HINTS[format] ?? `a ${format}`}`);
  }
  checkPattern(key, pattern, text);
}

function checkPattern(key: string, pattern: unknown, text: string): void {
  // An expression may give the texts that are allowed.
  if (Array.isArray(pattern)) return checkEnum(key, pattern, text);
  if (typeof pattern !== "string" || pattern === "") return;
  let matches: boolean;
  try {
    matches = guardedPattern(pattern).test(text);
  } catch (error) {
    if (error instanceof PatternTimeout) throw invalid(`properties.${key} ${error.message}`);
    if (error instanceof SyntaxError)
      throw invalid(`properties.${key}: its pattern ${show(pattern)} is no regular expression`);
    throw error;
  }
  if (!matches) throw invalid(`properties.${key} ${show(text)} does not match the pattern ${pattern}`);
}

function checkNumber(key: string, { minimum, maximum }: JsonObject, value: number): void {
  if (typeof minimum === "number" && value < minimum)
    throw invalid(`properties.${key} ${value} is less than ${minimum}`);
  if (typeof maximum === "number" && value > maximum)
    throw invalid(`properties.${key} ${value} is more than ${maximum}`);
}

function checkList(key: string, input: JsonObject, list: readonly unknown[]): void {
  const { minItems: min, maxItems: max, uniqueItems, items, enum: allowed } = input;
  if (typeof min === "number" && list.length < min)
    throw invalid(`properties.${key} has ${list.length} items; at least ${min} are asked for`);
  if (typeof max === "number" && list.length > max)
    throw invalid(`properties.${key} has ${list.length} items; at most ${max} are allowed`);
  if (uniqueItems === true && new Set(list.map((one) => JSON.stringify(one))).size < list.length)
    throw invalid(`properties.${key} names an item twice`);
  const rules: JsonObject = {
    ...(isObject(items) ? items : {}),
    ...(allowed === undefined ? {} : { enum: allowed }),
  };
  for (const [i, one] of list.entries()) checkValue(`${key}[${i}]`, rules, one);
}

function checkLabeledUrl(key: string, { url, displayText, ...rest }: JsonObject): void {
  if (typeof url !== "string" || FORMATS["url"]?.(url) !== true)
    throw invalid(`properties.${key}.url ${show(url)} is not ${FORMAT_HINTS["url"] ?? "a URL"}`);
  if (displayText !== undefined && displayText !== null && typeof displayText !== "string")
    throw invalid(`properties.${key}.displayText must be a string, not ${kindOf(displayText)}`);
  const [extra] = Object.keys(rest);
  if (extra !== undefined) throw invalid(`properties.${key}: ${show(extra)} is not one of url, displayText`);
}
