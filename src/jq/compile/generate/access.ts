import { JqError } from "../../errors.ts";
import type { Node, NodeOf } from "../../ast.ts";
import type { Json, JsonObject } from "../../value.ts";
import { index, iterate, slice } from "../../values/access.ts";
import { dumpForError, showForError } from "../../values/print.ts";
import { type Code, follow, type Machine } from "../machine.ts";
import { NOWHERE, Trail } from "../run.ts";
import { type Site, slotIn } from "../site.ts";
import { keep, recall } from "./single.ts";

/** Is `value` what the path that is being followed leads to? (jq compares references; values without one by content.) */
export function isOnTrail(value: Json, trail: Trail | null): boolean {
  const at = trail?.value ?? null;
  return at !== NOWHERE && (at === value || (Number.isNaN(at) && Number.isNaN(value)));
}

/** Throws when the value has left the path, so that nothing in it can be reached. */
export function checkTrail(m: Machine, attempt: () => string): void {
  if (!isOnTrail(m.value, m.trail))
    throw new JqError(`Invalid path expression near attempt to ${attempt()} ${dumpForError(m.value)}`);
}

/** The value is new: a path does not lead to it, even if it looks like what is there. */
export const aside =
  (next: Code): Code =>
  (m) => {
    const { trail, value } = m;
    if (trail?.value === value && (typeof value === "number" || typeof value === "string"))
      m.trail = new Trail(trail.before, trail.key, NOWHERE);
    return next;
  };

/** Goes to `key` of the value, on the path too. */
export function stepTo(m: Machine, key: Json): void {
  checkTrail(m, () => `access element ${dumpForError(key)} of`);
  m.value = index(m.value, key, m.run);
  m.trail = follow(m.trail, key, m.value);
}

/** `target[key]`: the key is computed first, aside from the path. */
export function codeIndex(node: NodeOf<"index">, site: Site, paths: boolean, next: Code): Code {
  if (node.index.kind === "literal") {
    const key = node.index.value;
    return site.make.code(
      node.target,
      site,
      paths,
      paths
        ? (m) => {
            stepTo(m, key);
            return next;
          }
        : (m) => {
            m.value = index(m.value, key, m.run);
            return next;
          },
    );
  }
  const input = slotIn(site);
  const slot = slotIn(site);
  const access: Code = (m) => {
    const key = m.frame.slots[slot] ?? null;
    if (paths) stepTo(m, key);
    else m.value = index(m.value, key, m.run);
    return next;
  };
  const target = site.make.code(node.target, site, paths, access);
  const key = site.make.code(node.index, site, false, keep(slot, recall(input, target)));
  return keep(input, key);
}

export function codeSlice(node: NodeOf<"slice">, site: Site, paths: boolean, next: Code): Code {
  const input = slotIn(site);
  const low = slotIn(site);
  const high = slotIn(site);
  const access: Code = (m) => {
    const { slots } = m.frame;
    const start = slots[low] ?? null;
    const end = slots[high] ?? null;
    if (paths) stepTo(m, { start, end });
    else m.value = slice(m.value, start, end, m.run);
    return next;
  };
  let code = recall(input, site.make.code(node.target, site, paths, access));
  code = bound(node.to, high, input, site, code);
  code = bound(node.from, low, input, site, code);
  return keep(input, code);
}

/** A bound of a slice: computed on the input, kept in a slot. */
function bound(node: Node | null, slot: number, input: number, site: Site, next: Code): Code {
  if (node === null)
    return (m) => {
      m.frame.slots[slot] = null;
      return next;
    };
  return recall(input, site.make.code(node, site, false, keep(slot, next)));
}

export const codeIterate = (node: NodeOf<"iterate">, site: Site, paths: boolean, next: Code): Code =>
  site.make.code(node.target, site, paths, paths ? itemsOnTrail(next) : items(next));

/** Every item of the container, the last one without leaving an alternative behind. */
function items(next: Code): Code {
  const go = (m: Machine, array: readonly Json[], at: number): Code => {
    if (at + 1 < array.length) m.fork(resume, at + 1, array);
    const item = array[at];
    m.value = item === undefined ? null : item;
    return next;
  };
  const resume: Code = (m) => go(m, m.thing as Json[], m.count);
  return (m) => {
    const array = iterate(m.value, m.run);
    return array.length === 0 ? m.back() : go(m, array, 0);
  };
}

interface Items {
  readonly container: Json[] | JsonObject;
  readonly keys: readonly Json[];
}

function itemsOnTrail(next: Code): Code {
  const go = (m: Machine, items: Items, at: number): Code => {
    if (at + 1 < items.keys.length) m.fork(resume, at + 1, items);
    const key = items.keys[at] as Json;
    m.value = index(items.container, key, m.run);
    m.trail = follow(m.trail, key, m.value);
    return next;
  };
  const resume: Code = (m) => go(m, m.thing as Items, m.count);
  return (m) => {
    checkTrail(m, () => "iterate through");
    const container = m.value;
    if (typeof container !== "object" || container === null)
      throw new JqError(`Cannot iterate over ${showForError(container)}`);
    const keys: Json[] = Array.isArray(container)
      ? container.map((_, at) => at)
      : Object.keys(container).filter((key) => container[key] !== undefined);
    m.run.meter.items(keys.length);
    return keys.length === 0 ? m.back() : go(m, { container, keys }, 0);
  };
}
