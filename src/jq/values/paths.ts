import { JqError } from "../errors.ts";
import type { Runtime } from "../runtime.ts";
import { type Json, type JsonObject, typeOf, writeKey } from "../value.ts";
import { index, setIndex } from "./access.ts";
import { deleteKeys } from "./delete-keys.ts";
import { isObject } from "./objects.ts";
import { equals } from "./order.ts";
import { sortBy } from "./sort.ts";

/** jq's MAX_PATH_DEPTH. */
const MAX_LENGTH = 10_000;

function checkPath(path: Json): readonly Json[] {
  if (!Array.isArray(path)) throw new JqError("Path must be specified as an array");
  if (path.length > MAX_LENGTH) throw new JqError("Path too deep");
  return path;
}

/** `getpath(path)` */
export function getPath(value: Json, path: Json, rt: Runtime): Json {
  const keys = checkPath(path);
  rt.meter.left -= keys.length / 16;
  let found = value;
  for (const key of keys) found = index(found, key, rt);
  return found;
}

/** `setpath(path; item)` */
export function setPath(value: Json, path: Json, item: Json, rt: Runtime): Json {
  const keys = checkPath(path);
  const containers: Json[] = [];
  let inside = value;
  for (const key of keys) {
    const below = index(inside, key, rt);
    // What cannot be set is found on the way down, as in jq; a slice is checked on the way up.
    if (!isObject(key) && !isSettable(inside, key)) setIndex(inside, key, null, rt);
    containers.push(inside);
    inside = below;
  }
  let result = item;
  for (let i = containers.length - 1; i >= 0; i--)
    result = setIndex(containers[i] as Json, keys[i] as Json, result, rt);
  return result;
}

/** Is it certain that `setIndex` works? When not, it is tried. */
const isSettable = (value: Json, key: Json): boolean =>
  typeof key === "string"
    ? value === null || isObject(value)
    : typeof key === "number" && Array.isArray(value) && key >= 0 && key < value.length;

/** Paths with the same beginning, whose ends are deleted from one value. */
interface Level {
  readonly up: Level | null;
  /** The value below `up` that is being changed. */
  value: Json;
  /** The sorted paths, all longer than `depth`. */
  readonly paths: readonly (readonly Json[])[];
  readonly depth: number;
  at: number;
  /** Has `value` been copied, so that it may be changed? */
  own: boolean;
  /** The key under which the value of the level below belongs. */
  key: Json;
  readonly deleted: Json[];
}

/** `delpaths(paths)`: all of them go at once; what is inside of something deleted does not matter. */
export function deletePaths(value: Json, paths: Json, rt: Runtime): Json {
  if (!Array.isArray(paths)) throw new JqError("Paths must be specified as an array");
  rt.meter.spend(4 + paths.length);
  const sorted = sortBy(paths, paths, rt);
  for (const path of sorted) {
    if (!Array.isArray(path)) throw new JqError(`Path must be specified as array, not ${typeOf(path)}`);
    if (path.length > MAX_LENGTH) throw new JqError("Path too deep");
  }
  const all = sorted as Json[][];
  if (all.length === 0) return value;
  if (all[0]?.length === 0) return null;
  let level: Level = { up: null, value, paths: all, depth: 0, at: 0, own: false, key: null, deleted: [] };
  for (;;) {
    const below: Level | null = nextLevel(level, rt);
    if (below !== null) {
      level = below;
      continue;
    }
    const result = deleteKeys(level.value, level.deleted, rt);
    if (level.up === null) return result;
    level = level.up;
    putBack(level, result, rt);
  }
}

/** Puts what is left of a value below into its place; the container is copied for the first one only. */
function putBack(level: Level, item: Json, rt: Runtime): void {
  const { value, key, own } = level;
  if (own && typeof key === "string") writeKey(value as JsonObject, key, item);
  else if (own && Array.isArray(value) && typeof key === "number" && Number.isInteger(key) && key >= 0)
    value[key] = item;
  else level.value = setIndex(value, key, item, rt);
  level.own = true;
}

/** Goes on through the paths of a level, up to the next value that has to be changed inside; null: there is none. */
function nextLevel(level: Level, rt: Runtime): Level | null {
  const { paths, depth, value } = level;
  while (level.at < paths.length) {
    const first = paths[level.at] as readonly Json[];
    const key = first[depth] as Json;
    const from = level.at;
    do level.at++;
    while (level.at < paths.length && equals(key, paths[level.at]?.[depth] as Json, rt));
    rt.meter.spend(1);
    if (first.length === depth + 1) level.deleted.push(key);
    else {
      const inside = index(value, key, rt);
      if (inside === null) continue;
      level.key = key;
      const part = from === 0 && level.at === paths.length ? paths : paths.slice(from, level.at);
      const inner = { up: level, value: inside, paths: part, depth: depth + 1, at: 0 };
      return { ...inner, own: false, key: null, deleted: [] };
    }
  }
  return null;
}
