import type { Runtime } from "../runtime.ts";
import { type Json, type JsonObject, readKey, writeKey } from "../value.ts";
import { add } from "../values/arithmetic.ts";
import { copyObject } from "../values/objects.ts";
import { getPath, setPath } from "../values/paths.ts";

const isContainer = (value: Json | undefined): value is Json[] | JsonObject =>
  typeof value === "object" && value !== null;

/**
 * A value that is changed in many places, one after the other. What it has copied once it changes in place after that:
 * `.[] |= f` and `reduce … (.[$key] += 1)` cost what they change, not the size of the whole each time.
 *
 * A container of its own is only reachable through the value, and what is above it is its own too. Whoever lets a part
 * of the value out has to `disown`.
 */
export class Editor {
  private value: Json;
  private readonly rt: Runtime;
  private own = new Set<Json>();

  constructor(value: Json, rt: Runtime) {
    this.value = value;
    this.rt = rt;
  }

  result(): Json {
    return this.value;
  }

  /** Puts another value in the place of the whole. */
  replace(value: Json): void {
    this.value = value;
    this.disown();
  }

  /** From here on, everything may be seen from elsewhere too. */
  disown(): void {
    if (this.own.size > 0) this.own = new Set();
  }

  /** What is at `path` now; it may be kept by whoever asks. */
  get(path: readonly Json[]): Json {
    const found = getPath(this.value, path as Json[], this.rt);
    if (isContainer(found) && this.own.has(found)) this.disown();
    return found;
  }

  set(path: readonly Json[], item: Json): void {
    const parent = this.parentOf(path);
    if (parent === null) this.replace(setPath(this.value, path as Json[], item, this.rt));
    else {
      const key = path.at(-1) ?? null;
      // A new key costs as much as ten other steps, most of all in an object with many.
      if (!Array.isArray(parent) && parent[key as string] === undefined) this.rt.meter.spend(8);
      put(parent, key, item);
    }
  }

  /** `. + more` */
  add(more: Json): void {
    if (more === null) return;
    const { meter } = this.rt;
    if (Array.isArray(this.value) && Array.isArray(more)) {
      const array = this.ours(this.value) as Json[];
      meter.items(more.length);
      for (const item of more) array.push(item);
      if (array.length * 8 > meter.maxOutput) meter.items(array.length);
      this.value = array;
    } else if (isObject(this.value) && isObject(more)) {
      const object = this.ours(this.value) as JsonObject;
      for (const key of Object.keys(more)) {
        const item = more[key];
        meter.left--;
        if (item !== undefined) writeKey(object, key, item);
      }
      meter.spend(0);
      this.value = object;
    } else this.replace(add(this.value, more, this.rt));
  }

  /** The container that the last key of the path goes into, ours to change; null: it is none of the simple paths. */
  private parentOf(path: readonly Json[]): Json[] | JsonObject | null {
    if (path.length === 0 || !isSimple(this.value, path)) return null;
    this.rt.meter.left -= path.length / 4;
    let parent = this.ours(this.value ?? {});
    this.value = parent;
    for (let i = 0; i + 1 < path.length; i++) {
      const key = path[i] as Json;
      const inside = this.ours(at(parent, key) ?? {});
      put(parent, key, inside);
      parent = inside;
    }
    return parent;
  }

  /** The container itself if it is ours, or else a copy that is. */
  private ours(value: Json): Json[] | JsonObject {
    if (this.own.has(value)) return value as Json[] | JsonObject;
    if (Array.isArray(value)) this.rt.meter.items(value.length);
    const copy = Array.isArray(value) ? value.slice() : copyObject(value as JsonObject, this.rt);
    this.own.add(copy);
    return copy;
  }
}

const isObject = (value: Json): value is JsonObject => isContainer(value) && !Array.isArray(value);

const at = (container: Json[] | JsonObject, key: Json): Json | undefined =>
  Array.isArray(container) ? container[key as number] : readKey(container, key as string);

function put(container: Json[] | JsonObject, key: Json, item: Json): void {
  if (Array.isArray(container)) container[key as number] = item;
  else writeKey(container, key as string, item);
}

/** Names in objects (or in nothing, which becomes an object), and items that arrays have or are just about to have? */
function isSimple(value: Json, path: readonly Json[]): boolean {
  let inside: Json | undefined = value;
  for (const key of path) {
    if (inside === null || inside === undefined) {
      if (typeof key !== "string") return false;
      inside = undefined;
    } else if (typeof inside !== "object") return false;
    else if (Array.isArray(inside)) {
      if (typeof key !== "number" || !Number.isInteger(key) || key < 0 || key > inside.length) return false;
      inside = at(inside, key);
    } else {
      if (typeof key !== "string") return false;
      inside = at(inside, key);
    }
  }
  return true;
}
