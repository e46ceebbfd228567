/** Fields of widgets, checked one by one. */
import { invalid } from "./error.ts";
import { isObject, type JsonObject, kindOf, show } from "./json.ts";
import { parseQuery } from "./query.ts";

/** @returns the text, or null when there is none. @throws AppError invalid_request */
export function optionalText(object: JsonObject, key: string, field: string): string | null {
  const value = object[key];
  if (value === undefined || value === null) return null;
  if (typeof value !== "string") throw invalid(`${field}.${key} must be a string, not ${kindOf(value)}`);
  return value;
}

/** @throws AppError invalid_request when it is missing or empty */
export function requiredText(object: JsonObject, key: string, field: string): string {
  const text = optionalText(object, key, field);
  if (text === null || text === "") throw invalid(`${field}.${key} must be a string that is not empty`);
  return text;
}

/** @throws AppError invalid_request when it is not one of the values */
export function oneOf(object: JsonObject, key: string, field: string, allowed: readonly string[]): string {
  const value = object[key];
  if (typeof value !== "string" || !allowed.includes(value))
    throw invalid(`${field}.${key} ${show(value)} is not one of ${allowed.join(", ")}`);
  return value;
}

/** The same, when there is a value. */
export function optionalOneOf(
  object: JsonObject,
  key: string,
  field: string,
  allowed: readonly string[],
): string | null {
  return object[key] === undefined || object[key] === null ? null : oneOf(object, key, field, allowed);
}

/** @throws AppError invalid_request when it is no list of texts with as many as asked for */
export function texts(object: JsonObject, key: string, field: string, least = 0): readonly string[] {
  const value = object[key] ?? [];
  const isFine =
    Array.isArray(value) &&
    value.length >= least &&
    value.every((one) => typeof one === "string" && one !== "");
  if (!isFine)
    throw invalid(`${field}.${key} must be a list of ${least === 0 ? "" : `${least} or more `}strings`);
  return value as string[];
}

/** @throws AppError invalid_request when it is no list of objects with as many as asked for */
export function objects(object: JsonObject, key: string, field: string, least = 0): readonly JsonObject[] {
  const value = object[key] ?? [];
  if (!Array.isArray(value) || value.length < least || !value.every(isObject))
    throw invalid(`${field}.${key} must be a list of ${least === 0 ? "" : `${least} or more `}objects`);
  return value;
}

/**
 * Which entities: a query, or a list of queries that all hold. Values may be templates of entity pages, as
 * `{{url.identifier}}`, which are texts to the query.
 */
export function dataset(object: JsonObject, field: string): void {
  const value = object["dataset"];
  if (value === undefined || value === null) return;
  if (Array.isArray(value))
    value.forEach((part: unknown, i) =>
      // Older clients send bare rules too.
      parseQuery(
        isObject(part) && part["rules"] !== undefined ? part : { combinator: "and", rules: [part] },
        `${field}.dataset[${i}]`,
      ),
    );
  else parseQuery(value, `${field}.dataset`);
}
