import type { Node, Pattern, PatternEntry } from "../../ast.ts";
import { index } from "../../values/access.ts";
import { variablesOf } from "../children.ts";
import { bindIn, type Environment } from "../environment.ts";
import type { Code } from "../machine.ts";
import { type Site, slotIn, withNames } from "../site.ts";
import { stepTo } from "./access.ts";
import { keep, recall } from "./single.ts";

/** Names and the slots of their values. */
type Slots = [name: string, slot: number][];

function withSlots(site: Site, slots: Slots): Site {
  let environment: Environment = site.environment;
  for (const [name, slot] of slots.toReversed())
    environment = bindIn(environment, { kind: "variable", name, layout: site.layout, slot });
  return withNames(site, environment);
}

/** Taking a value apart: the site that has the variables, and the code, given what follows it. */
interface Taken {
  readonly inside: Site;
  code(next: Code): Code;
}

/** While a path is followed, taking apart follows it too, as in jq. */
function onlyPattern(pattern: Pattern, site: Site, paths: boolean): Taken {
  const slots: Slots = [];
  declare(pattern, site, slots);
  // Code is made from its end, so the slots are handed out by name beforehand.
  const queue = slots.slice();
  return {
    inside: withSlots(site, slots),
    code: (next) => part(pattern, site, paths, next, () => queue.pop()?.[1] as number),
  };
}

/** The variables in the order in which they are written: arrays from the end. */
function declare(pattern: Pattern, site: Site, slots: Slots): void {
  if (pattern.kind === "variable") slots.push([pattern.name, slotIn(site)]);
  else if (pattern.kind === "array")
    for (const item of pattern.items.toReversed()) declare(item, site, slots);
  else
    for (const entry of pattern.entries) {
      if (entry.variable !== null) slots.push([entry.variable, slotIn(site)]);
      if (entry.pattern !== null) declare(entry.pattern, site, slots);
    }
}

/** `source as p ?// q | …`: an error, in what follows too, goes on with the next pattern. */
export function codePatterns(patterns: readonly Pattern[], site: Site, paths: boolean): Taken {
  const [only] = patterns;
  if (patterns.length === 1 && only !== undefined) return onlyPattern(only, site, paths);
  const slots: Slots = [...new Set(patterns.flatMap(variablesOf))].map((name) => [name, slotIn(site)]);
  const inside = withSlots(site, slots);
  return { inside, code: (next) => firstThatFits(patterns, slots, inside, paths, next) };
}

function firstThatFits(
  patterns: readonly Pattern[],
  slots: Slots,
  inside: Site,
  paths: boolean,
  next: Code,
): Code {
  const byName = new Map(slots);
  const codes = patterns.map((pattern) => {
    // Variables are asked for in the opposite order of the one in which they are written.
    const queue: number[] = [];
    names(pattern, (name) => queue.push(byName.get(name) as number));
    return part(pattern, inside, paths, next, () => queue.pop() as number);
  });
  let code = cleared(slots, codes.pop() as Code);
  for (const first of codes.reverse()) {
    const other = code;
    const attempt = cleared(slots, first);
    code = (m) => {
      m.otherwise(other);
      return attempt;
    };
  }
  return code;
}

function names(pattern: Pattern, each: (name: string) => void): void {
  if (pattern.kind === "variable") each(pattern.name);
  else if (pattern.kind === "array") for (const item of pattern.items.toReversed()) names(item, each);
  else
    for (const entry of pattern.entries) {
      if (entry.variable !== null) each(entry.variable);
      if (entry.pattern !== null) names(entry.pattern, each);
    }
}

const cleared =
  (slots: Slots, next: Code): Code =>
  (m) => {
    for (const [, slot] of slots) m.frame.slots[slot] = null;
    return next;
  };

function part(pattern: Pattern, site: Site, paths: boolean, next: Code, slotOf: () => number): Code {
  if (pattern.kind === "variable") return keep(slotOf(), next);
  const whole = slotIn(site);
  let code = next;
  if (pattern.kind === "array")
    for (const [at, item] of pattern.items.entries()) {
      const inner = part(item, site, paths, code, slotOf);
      code = recall(
        whole,
        paths
          ? (m) => {
              stepTo(m, at);
              return inner;
            }
          : (m) => {
              m.value = index(m.value, at, m.run);
              return inner;
            },
      );
    }
  else
    for (const entry of pattern.entries.toReversed())
      code = recall(whole, entryOf(entry, site, paths, code, slotOf));
  return keep(whole, code);
}

function entryOf(entry: PatternEntry, site: Site, paths: boolean, next: Code, slotOf: () => number): Code {
  const inner = entry.pattern === null ? next : part(entry.pattern, site, paths, next, slotOf);
  const found = entry.variable === null ? inner : keep(slotOf(), inner);
  return keyed(entry.key, site, paths, found);
}

/** Goes to the key of an entry, which is computed on the value that is taken apart. */
function keyed(key: Node, site: Site, paths: boolean, next: Code): Code {
  const whole = slotIn(site);
  const slot = slotIn(site);
  const access: Code = (m) => {
    const name = m.frame.slots[slot] ?? null;
    if (paths) stepTo(m, name);
    else m.value = index(m.value, name, m.run);
    return next;
  };
  return keep(whole, site.make.code(key, site, false, keep(slot, recall(whole, access))));
}
