import type { Node, NodeOf } from "../../ast.ts";
import { isPlainKey, type Json, readKey } from "../../value.ts";
import { index, slice } from "../../values/access.ts";
import type { Single, Site } from "../site.ts";

/** `.a.b` and `.[i]`: the keys that are known, from the outside in, and what they are applied to. */
function constantKeys(node: Node): { base: Node; keys: Json[] } {
  const keys: Json[] = [];
  let at = node;
  for (; at.kind === "index" && at.index.kind === "literal"; at = at.target) keys.push(at.index.value);
  return { base: at, keys: keys.reverse() };
}

/** `value[key]` for a name; the fast way is for objects that do not inherit anything of that name. */
export function field(key: string): (value: Json, frame: Parameters<Single>[1]) => Json {
  if (!isPlainKey(key))
    return (value, frame) => {
      if (typeof value === "object" && value !== null && !Array.isArray(value))
        return readKey(value, key) ?? null;
      return index(value, key, frame.run);
    };
  return (value, frame) => {
    if (typeof value === "object" && value !== null && !Array.isArray(value)) {
      const found = value[key];
      return found === undefined ? null : found;
    }
    return value === null ? null : index(value, key, frame.run);
  };
}

const allNames = (keys: readonly Json[]): keys is string[] =>
  keys.every((key) => typeof key === "string" && isPlainKey(key));

/** `.a.b.c` in one function: a call per key would take longer than the look-up. */
function fields(keys: readonly string[]): Single {
  const [first = "", second] = keys;
  if (second === undefined) return field(first);
  return (value, frame) => {
    let at = value;
    for (const key of keys)
      if (typeof at === "object" && at !== null && !Array.isArray(at)) {
        const found = at[key];
        at = found === undefined ? null : found;
      } else if (at !== null) at = index(at, key, frame.run);
    return at;
  };
}

/** `target[key]` */
export function singleIndex(node: NodeOf<"index">, site: Site): Single {
  const { base, keys } = constantKeys(node);
  if (keys.length === 0) return computed(node, site);
  const access: Single = allNames(keys) ? fields(keys) : throughAll(keys);
  if (base.kind === "identity") return access;
  const target = site.make.single(base, site);
  return (value, frame) => {
    const container = target(value, frame);
    return container === undefined ? undefined : access(container, frame);
  };
}

function throughAll(keys: readonly Json[]): Single {
  const steps = keys.map((key): ((value: Json, frame: Parameters<Single>[1]) => Json) =>
    typeof key === "string" ? field(key) : (value, frame) => index(value, key, frame.run),
  );
  const [only] = steps;
  if (steps.length === 1 && only !== undefined) return only;
  return (value, frame) => {
    let found = value;
    for (const step of steps) found = step(found, frame);
    return found;
  };
}

/** The key is computed first, then the target. */
function computed(node: NodeOf<"index">, site: Site): Single {
  const key = site.make.single(node.index, site);
  const target = site.make.single(node.target, site);
  return (value, frame) => {
    const name = key(value, frame);
    if (name === undefined) return undefined;
    const container = target(value, frame);
    return container === undefined ? undefined : index(container, name, frame.run);
  };
}

const nothing: Single = () => null;

/** The bounds are computed first, then the target. */
export function singleSlice(node: NodeOf<"slice">, site: Site): Single {
  const from = node.from === null ? nothing : site.make.single(node.from, site);
  const to = node.to === null ? nothing : site.make.single(node.to, site);
  const target = site.make.single(node.target, site);
  return (value, frame) => {
    const low = from(value, frame);
    const high = low === undefined ? undefined : to(value, frame);
    if (low === undefined || high === undefined) return undefined;
    const container = target(value, frame);
    return container === undefined ? undefined : slice(container, low, high, frame.run);
  };
}

/** `.a?`, for a name: no error has to be raised in order to be caught. */
export function optionalField(key: string): Single {
  return (value) => {
    if (typeof value === "object" && value !== null)
      return Array.isArray(value) ? undefined : (readKey(value, key) ?? null);
    return value === null ? null : undefined;
  };
}
