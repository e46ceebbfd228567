/** What can be told of an expression without matching: how it begins, how wide it is, whether it can be empty. */
import { type CharSet, charSet, foldCase, inSet } from "./char-set.ts";
import type { RegexNode } from "./node.ts";

export interface Width {
  /** Characters. */
  readonly min: number;
  readonly max: number;
}

const NONE: Width = { min: 0, max: 0 };
const ONE: Width = { min: 1, max: 1 };
const ANY: Width = { min: 0, max: Infinity };

/** How many characters a match takes; a call of a group counts as anything. */
export function width(node: RegexNode): Width {
  switch (node.kind) {
    case "char":
    case "set":
      return ONE;
    case "sequence":
      return node.items
        .map((item) => width(item))
        .reduce((a, b) => ({ min: a.min + b.min, max: a.max + b.max }), NONE);
    case "either":
      return between(node.items.map((item) => width(item)));
    case "condition":
      return between([width(node.yes), width(node.no)]);
    case "repeat": {
      const body = width(node.body);
      return { min: body.min * node.min, max: body.max === 0 || node.max === 0 ? 0 : body.max * node.max };
    }
    case "group":
    case "atomic":
      return width(node.body);
    case "backreference":
    case "call":
      return ANY;
    default:
      return NONE;
  }
}

const between = (widths: readonly Width[]): Width => ({
  min: Math.min(...widths.map(({ min }) => min)),
  max: Math.max(...widths.map(({ max }) => max)),
});

export const nullable = (node: RegexNode): boolean => width(node).min === 0;

/** The characters that a match can begin with; null when it can be empty or that is not known. */
export function firstSet(node: RegexNode): CharSet | null {
  switch (node.kind) {
    case "char": {
      const { code } = node;
      const folded = foldCase(code);
      return charSet(node.fold ? (other) => foldCase(other) === folded : (other) => other === code);
    }
    case "set":
      return node.set;
    case "sequence": {
      // What takes no characters is passed over; what may take none ends the search.
      const item = node.items.find(
        ({ kind }) => kind !== "assert" && kind !== "look" && kind !== "keep" && kind !== "empty",
      );
      return item === undefined ? null : firstSet(item);
    }
    case "either": {
      const sets = node.items.map(firstSet);
      if (sets.some((set) => set === null)) return null;
      return charSet((code) => sets.some((set) => set !== null && inSet(set, code)));
    }
    case "repeat":
      return node.min > 0 ? firstSet(node.body) : null;
    case "group":
    case "atomic":
      return firstSet(node.body);
    default:
      return null;
  }
}

/** The text that every match begins with. */
export function prefixOf(node: RegexNode): string {
  let prefix = "";
  const items = node.kind === "sequence" ? node.items : [node];
  for (const item of items) {
    if (item.kind !== "char" || item.fold || item.code > 0x10ffff) break;
    prefix += String.fromCodePoint(item.code);
  }
  return prefix;
}
