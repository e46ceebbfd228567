import type { Runtime } from "../runtime.ts";
import type { Json } from "../value.ts";
import { isObject, keysOf, valuesOf } from "./objects.ts";

interface Branch {
  readonly up: Branch | null;
  /** `null`: an array, whose keys are positions. */
  readonly keys: readonly string[] | null;
  readonly items: readonly Json[];
  at: number;
}

/** All of `tostream`: [path, leaf] for scalars and empty containers, [path] after the last item of each other container. */
export function toStream(value: Json, rt: Runtime): Json[] {
  const events: Json[] = [];
  const path: Json[] = [];
  let top = branch(value, null);
  if (top === null) return [[[], value]];
  /** Of all events together. */
  let size = 0;
  const charge = (): void => {
    size += path.length + 4;
    if (size * 8 > rt.meter.maxOutput) rt.meter.items(size);
    rt.meter.items(path.length + 16);
  };
  while (top !== null) {
    let inner: Branch | null = null;
    while (top.at < top.items.length) {
      const at: number = top.at++;
      const item = top.items[at] as Json;
      path.push(top.keys === null ? at : (top.keys[at] as string));
      inner = branch(item, top);
      if (inner !== null) break;
      charge();
      events.push([path.slice(), item]);
      path.pop();
    }
    if (inner === null) {
      // The event that closes a container has the path of its last item.
      charge();
      const last: number = top.items.length - 1;
      events.push([[...path, top.keys === null ? last : (top.keys[last] as string)]]);
      path.pop();
      top = top.up;
    } else top = inner;
  }
  return events;
}

/** A container that is not empty. */
function branch(value: Json, up: Branch | null): Branch | null {
  if (Array.isArray(value)) return value.length === 0 ? null : { up, keys: null, items: value, at: 0 };
  if (!isObject(value)) return null;
  const keys = keysOf(value);
  return keys.length === 0 ? null : { up, keys, items: valuesOf(value, keys), at: 0 };
}
