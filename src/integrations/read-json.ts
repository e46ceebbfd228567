/** Reading JSON of other systems: what is missing or of another type is null, never an exception. */
import { isObject, type JsonObject } from "../model/json.ts";

const NOTHING: JsonObject = {};

export const objectAt = (from: unknown, key: string): JsonObject => {
  const value = isObject(from) ? from[key] : undefined;
  return isObject(value) ? value : NOTHING;
};

export const textAt = (from: unknown, key: string): string | null => {
  const value = isObject(from) ? from[key] : undefined;
  return typeof value === "string" && value !== "" ? value : null;
};

export const numberAt = (from: unknown, key: string): number | null => {
  const value = isObject(from) ? from[key] : undefined;
  return typeof value === "number" ? value : null;
};

/** The objects of a list. */
export const objectsAt = (from: unknown, key: string): JsonObject[] =>
  objects(isObject(from) ? from[key] : undefined);

export const objects = (value: unknown): JsonObject[] => (Array.isArray(value) ? value.filter(isObject) : []);

/** A number or text as the key of an object; empty when there is none. */
export const keyAt = (from: unknown, key: string): string => {
  const value = isObject(from) ? from[key] : undefined;
  return typeof value === "string" || typeof value === "number" ? String(value) : "";
};

/** A time with any offset (`2026-09-01T14:00:00.000+0200` too) in UTC. */
export function utcAt(from: unknown, key: string): string | null {
  const time = Date.parse(textAt(from, key) ?? "");
  return Number.isNaN(time) ? null : new Date(time).toISOString();
}
