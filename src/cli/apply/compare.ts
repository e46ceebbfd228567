/** What an apply would change: the declared document beside the stored one. */
import { isDeepStrictEqual } from "node:util";
import type { JsonObject } from "../client.ts";
import { isObject } from "./document.ts";

export interface Difference {
  /** Dotted, e.g. `schema.properties.tier.title`. */
  readonly path: string;
  /** `undefined`: not there. */
  readonly before: unknown;
  readonly after: unknown;
}

/** Written by the server, in blueprints and entities alike. */
const SERVER_KEYS = new Set(["createdAt", "createdBy", "updatedAt", "updatedBy", "id", "_id"]);
/** Maps of a blueprint in which PATCH merges by key. */
const MERGED = new Set(["relations", "mirrorProperties", "calculationProperties", "aggregationProperties"]);

const absent = (value: unknown): boolean => value === undefined || value === null;
const same = (a: unknown, b: unknown): boolean => (absent(a) && absent(b)) || isDeepStrictEqual(a, b);

/** Every declared key that differs; with `replace` also what is stored and not declared. */
export function compareBlueprint(declared: JsonObject, stored: JsonObject, replace: boolean): Difference[] {
  return keysOf(declared, stored, replace).flatMap((key) => {
    const [a, b] = [stored[key], declared[key]];
    if (MERGED.has(key)) return compareMap(key, a, b, replace);
    if (key === "schema" && isObject(b)) {
      const before = isObject(a) ? a : {};
      return [
        ...compareMap("schema.properties", before["properties"], b["properties"], replace),
        ...differ(
          "schema.required",
          before["required"] ?? [],
          b["required"] ?? (replace ? [] : (before["required"] ?? [])),
        ),
      ];
    }
    return differ(key, a, b);
  });
}

/** Every declared key that differs; with `replace` also what is stored and not declared. Levels have a default. */
export function compareScorecard(declared: JsonObject, stored: JsonObject, replace: boolean): Difference[] {
  return keysOf(declared, stored, replace)
    .filter((key) => key !== "blueprint" && (key !== "levels" || declared[key] !== undefined))
    .flatMap((key) => differ(key, stored[key], declared[key]));
}

/**
 * The values of an entity that differ. A relation given as a query differs from what it found, so it is always sent.
 * @param derived paths that the server computes, e.g. `properties.leadTime`
 */
export function compareEntity(
  declared: JsonObject,
  stored: JsonObject,
  replace: boolean,
  derived: ReadonlySet<string>,
): Difference[] {
  return ["title", "icon", "team", "properties", "relations"].flatMap((key) => {
    const [a, b] = [stored[key], declared[key]];
    if (b === undefined && !replace) return [];
    if (key === "properties" || key === "relations")
      return compareMap(key, a, b, replace).filter(({ path }) => !derived.has(path));
    return key === "team" ? differ(key, listOf(a), listOf(b)) : differ(key, a, b);
  });
}

const listOf = (value: unknown): unknown => (absent(value) ? [] : Array.isArray(value) ? value : [value]);

function keysOf(declared: JsonObject, stored: JsonObject, replace: boolean): string[] {
  const keys = new Set(Object.keys(declared));
  if (replace) for (const key of Object.keys(stored)) keys.add(key);
  return [...keys].filter((key) => !SERVER_KEYS.has(key) && key !== "identifier");
}

function compareMap(name: string, stored: unknown, declared: unknown, replace: boolean): Difference[] {
  const before = isObject(stored) ? stored : {};
  const after = isObject(declared) ? declared : {};
  const keys = replace
    ? new Set([...Object.keys(before), ...Object.keys(after)])
    : new Set(Object.keys(after));
  return [...keys].flatMap((key) => compareValue(`${name}.${key}`, before[key], after[key]));
}

/** Objects on both sides are compared by their own keys, so that a message names what changed; defaults of the server are no difference. */
function compareValue(path: string, before: unknown, after: unknown): Difference[] {
  if (!isObject(before) || !isObject(after)) return differ(path, emptied(before, after), after);
  const keys = new Set([...Object.keys(after), ...Object.keys(before)]);
  return [...keys].flatMap((key) => {
    if (after[key] === undefined && isDefault(before[key])) return [];
    return differ(`${path}.${key}`, before[key], after[key]);
  });
}

/** `false`, `null` and empty things are what the server answers for keys that were never given. */
const isDefault = (value: unknown): boolean =>
  absent(value) || value === false || (Array.isArray(value) && value.length === 0);

/** An unset many relation is answered as []. */
const emptied = (before: unknown, after: unknown): unknown =>
  Array.isArray(before) && before.length === 0 && absent(after) ? null : before;

function differ(path: string, before: unknown, after: unknown): Difference[] {
  return same(before, after) ? [] : [{ path, before, after }];
}
