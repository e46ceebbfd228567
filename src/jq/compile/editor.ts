import type { Runtime } from "../runtime.ts";
import { type Json, type JsonObject, readKey, writeKey } from "../value.ts";
import { getPath, setPath } from "../values/paths.ts";

/**
 * A value that is changed at many paths, one after the other. What has been copied once is changed in place after that,
 * so that `.[] |= f` costs as much as the array is long, not its square.
 */
export class Editor {
  private value: Json;
  private readonly rt: Runtime;
  /** Containers that nobody else has seen. */
  private own = new Set<Json>();

  constructor(value: Json, rt: Runtime) {
    this.value = value;
    this.rt = rt;
  }

  /** What is at `path` now. It may be kept by whoever asks, so it is not changed in place any more. */
  get(path: readonly Json[]): Json {
    const found = getPath(this.value, path as Json[], this.rt);
    if (typeof found === "object" && this.own.has(found)) this.own = new Set();
    return found;
  }

  set(path: readonly Json[], item: Json): void {
    const parent = this.parentFor(path);
    const key = path.at(-1);
    if (parent === null || key === undefined) {
      this.value = setPath(this.value, path as Json[], item, this.rt);
      this.own = new Set();
    } else put(parent, key, item);
  }

  result(): Json {
    return this.value;
  }

  /** The container that the last key of the path goes into, ours to change; null: the path is none of the simple ones. */
  private parentFor(path: readonly Json[]): Json[] | JsonObject | null {
    if (path.length === 0 || !isThere(this.value, path)) return null;
    this.value = this.ours(this.value);
    let parent = this.value as Json[] | JsonObject;
    for (let i = 0; i + 1 < path.length; i++) {
      const key = path[i] as Json;
      const mine = this.ours(at(parent, key) as Json);
      put(parent, key, mine);
      parent = mine as Json[] | JsonObject;
    }
    return parent;
  }

  private ours(value: Json): Json {
    if (this.own.has(value)) return value;
    const copy = Array.isArray(value) ? value.slice() : { ...(value as JsonObject) };
    this.rt.meter.items(Array.isArray(copy) ? copy.length : Object.keys(copy).length);
    this.own.add(copy);
    return copy;
  }
}

const at = (container: Json[] | JsonObject, key: Json): Json | undefined =>
  Array.isArray(container) ? container[key as number] : readKey(container, key as string);

function put(container: Json[] | JsonObject, key: Json, item: Json): void {
  if (Array.isArray(container)) container[key as number] = item;
  else writeKey(container, key as string, item);
}

/** Do all containers of the path exist, and may the last key be set without further ado? */
function isThere(value: Json, path: readonly Json[]): boolean {
  let inside: Json | undefined = value;
  for (let i = 0; i < path.length; i++) {
    const key = path[i];
    if (typeof inside !== "object" || inside === null) return false;
    if (Array.isArray(inside)) {
      if (typeof key !== "number" || !Number.isInteger(key) || key < 0 || key >= inside.length) return false;
    } else if (typeof key !== "string") return false;
    inside = at(inside, key ?? null);
  }
  return true;
}
