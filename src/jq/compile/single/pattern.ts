import type { Node, Pattern, PatternEntry } from "../../ast.ts";
import type { Json } from "../../value.ts";
import { index } from "../../values/access.ts";
import type { Environment } from "../environment.ts";
import { bindIn } from "../environment.ts";
import type { Frame } from "../run.ts";
import { field } from "./access.ts";
import { type Single, type Site, slotIn, withNames } from "../site.ts";

/** Puts the parts of a value into the slots of a pattern's variables; false: a key had no output, so nothing follows. */
export type Binder = (value: Json, frame: Frame) => boolean;

/**
 * A pattern whose keys have one output each, and the site with its variables. Keys do not see the variables of their own
 * pattern. Of variables with the same name the one that is written first counts; arrays are written from the end.
 */
export function singlePattern(pattern: Pattern, site: Site): { bind: Binder; inside: Site } {
  if (pattern.kind === "variable") {
    const slot = slotIn(site);
    const inside = bindIn(site.environment, {
      kind: "variable",
      name: pattern.name,
      layout: site.layout,
      slot,
    });
    return {
      bind: (value, frame) => {
        frame.slots[slot] = value;
        return true;
      },
      inside: withNames(site, inside),
    };
  }
  const slots: [string, number][] = [];
  const bind = part(pattern, site, slots);
  let environment: Environment = site.environment;
  for (const [name, slot] of slots.toReversed())
    environment = bindIn(environment, { kind: "variable", name, layout: site.layout, slot });
  return { bind, inside: withNames(site, environment) };
}

function store(name: string, site: Site, slots: [string, number][]): Binder {
  const slot = slotIn(site);
  slots.push([name, slot]);
  return (value, frame) => {
    frame.slots[slot] = value;
    return true;
  };
}

function part(pattern: Pattern, site: Site, slots: [string, number][]): Binder {
  switch (pattern.kind) {
    case "variable":
      return store(pattern.name, site, slots);
    case "array": {
      const items = pattern.items
        .map((item, at) => [item, at] as const)
        .reverse()
        .map(([item, at]) => ({ at, bind: part(item, site, slots) }));
      return (value, frame) => {
        for (const { at, bind } of items) if (!bind(index(value, at, frame.run), frame)) return false;
        return true;
      };
    }
    default: {
      const entries = pattern.entries.map((entry) => entryOf(entry, site, slots));
      return (value, frame) => {
        for (const bind of entries) if (!bind(value, frame)) return false;
        return true;
      };
    }
  }
}

function entryOf(entry: PatternEntry, site: Site, slots: [string, number][]): Binder {
  const access = keyed(entry.key, site);
  const keep = entry.variable === null ? null : store(entry.variable, site, slots);
  const inner = entry.pattern === null ? null : part(entry.pattern, site, slots);
  return (value, frame) => {
    const found = access(value, frame);
    if (found === undefined) return false;
    keep?.(found, frame);
    return inner === null || inner(found, frame);
  };
}

/** The value under a pattern's key. */
function keyed(key: Node, site: Site): Single {
  if (key.kind === "literal" && typeof key.value === "string") return field(key.value);
  const name = site.make.single(key, site);
  return (value, frame) => {
    const found = name(value, frame);
    return found === undefined ? undefined : index(value, found, frame.run);
  };
}
