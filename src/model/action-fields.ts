/** Fields of actions, checked one by one; messages name the field by its path, the value and the rule. */
import { invalid } from "./error.ts";
import { isObject, type JsonObject, kindOf, show } from "./json.ts";

/** An expression that the form evaluates: `{jqQuery: "…"}`. */
export interface JqQuery {
  readonly jqQuery: string;
}

export const isJqQuery = (value: unknown): value is JqQuery =>
  isObject(value) && typeof value["jqQuery"] === "string" && Object.keys(value).length === 1;

/** null counts as not given, as clients send it for what is not set. */
export const isGiven = (value: unknown): boolean => value !== undefined && value !== null;

/** @throws AppError invalid_request */
export function objectAt(value: unknown, field: string): JsonObject {
  if (!isObject(value)) throw invalid(`${field} must be an object, not ${kindOf(value)}`);
  return value;
}

/** Refuses keys that are not among `keys`. @throws AppError invalid_request */
export function closedAt(value: JsonObject, keys: readonly string[], field: string): void {
  const extra = Object.keys(value).find((key) => !keys.includes(key));
  if (extra !== undefined)
    throw invalid(`${field}: ${show(extra)} is no key of it; its keys are ${keys.join(", ")}`);
}

/** @throws AppError invalid_request */
export function checkBoolean(value: unknown, field: string): void {
  if (isGiven(value) && typeof value !== "boolean")
    throw invalid(`${field} must be true or false, not ${show(value)}`);
}

/** @throws AppError invalid_request */
export function checkBooleanOrJq(value: unknown, field: string): void {
  if (isGiven(value) && typeof value !== "boolean" && !isJqQuery(value))
    throw invalid(`${field} must be true, false or {jqQuery}, not ${show(value)}`);
}

/** true, false, or a text with a template that gives one of them. @throws AppError invalid_request */
export function checkBooleanOrTemplate(value: unknown, field: string): void {
  const isTemplate = typeof value === "string" && (value.includes("{{") || /^(true|false)$/.test(value));
  if (isGiven(value) && typeof value !== "boolean" && !isTemplate)
    throw invalid(`${field} must be true, false or a text with {{ }}, not ${show(value)}`);
}

/** @throws AppError invalid_request */
export function checkTextAt(
  value: unknown,
  field: string,
  { max = Infinity, required = false }: { readonly max?: number; readonly required?: boolean } = {},
): void {
  if (!isGiven(value)) {
    if (required) throw invalid(`${field} is missing`);
    return;
  }
  if (typeof value !== "string") throw invalid(`${field} must be a string, not ${kindOf(value)}`);
  if (required && value === "") throw invalid(`${field} must not be empty`);
  if (value.length > max)
    throw invalid(`${field} has ${value.length} characters; at most ${max} are allowed`);
}

/** @throws AppError invalid_request */
export function textsAt(value: unknown, field: string): readonly string[] {
  if (!isGiven(value)) return [];
  if (!Array.isArray(value) || !value.every((one): one is string => typeof one === "string"))
    throw invalid(`${field} must be a list of strings`);
  return value;
}

/** @throws AppError invalid_request */
export function checkOneOfAt(value: unknown, field: string, allowed: readonly string[]): void {
  if (typeof value !== "string" || !allowed.includes(value))
    throw invalid(`${field} ${show(value)} is not one of ${allowed.join(", ")}`);
}
