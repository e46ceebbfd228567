import type { CharSet } from "./char-set.ts";
import { failure } from "./failure.ts";

/** A part of a pattern. `Infinity` as a maximum means no limit. */
export type Node =
  | { readonly kind: "empty" }
  | { readonly kind: "fail" }
  | TextNode
  | { readonly kind: "set"; readonly set: CharSet }
  /** `.`: any code point, line feeds only if `all`. */
  | { readonly kind: "dot"; readonly all: boolean }
  | { readonly kind: "anchor"; readonly anchor: Anchor }
  | LookNode
  | { readonly kind: "atomic"; readonly body: Node }
  /** A group that captures nothing and keeps its text apart from its neighbours'. */
  | { readonly kind: "scope"; readonly body: Node }
  | GroupNode
  | { readonly kind: "either"; readonly branches: readonly Node[] }
  | { readonly kind: "sequence"; readonly items: readonly Node[] }
  | RepeatNode
  | BackNode
  /** Did one of these groups capture anything? */
  | { readonly kind: "check"; readonly groups: readonly number[] }
  | { readonly kind: "if"; readonly condition: Node; readonly yes: Node; readonly no: Node }
  | CallNode
  | { readonly kind: "keep" }
  /** `body` within a range that ends where `absent` first matches; without a body the range stays. */
  | { readonly kind: "range"; readonly absent: Node; readonly body: Node | undefined }
  | { readonly kind: "range-clear" };

export interface TextNode {
  readonly kind: "text";
  readonly text: string;
  readonly ignoreCase: boolean;
}
export interface LookNode {
  readonly kind: "look";
  readonly ahead: boolean;
  readonly negative: boolean;
  readonly body: Node;
}
/** A capturing group. `body` is known when it closes. */
export interface GroupNode {
  readonly kind: "group";
  readonly number: number;
  body: Node;
  /** Is it called by name or number, and does it call itself? */
  called: boolean;
  recursive: boolean;
}
export interface RepeatNode {
  readonly kind: "repeat";
  readonly min: number;
  readonly max: number;
  readonly greedy: boolean;
  readonly body: Node;
}
/** A back reference: to the first of these groups that captured something and matches here. */
export interface BackNode {
  readonly kind: "back";
  readonly groups: readonly number[];
  readonly ignoreCase: boolean;
}
export interface CallNode {
  readonly kind: "call";
  /** As written, for messages. */
  readonly name: string;
  /** -1: by name. */
  number: number;
}

/** Places between code points. */
export type Anchor =
  | "text-start"
  | "text-end"
  | "text-end-or-newline"
  | "line-start"
  | "line-end"
  | "word-boundary"
  | "no-word-boundary"
  | "search-start"
  | "segment-boundary"
  | "no-segment-boundary";

export const EMPTY: Node = { kind: "empty" };

/** The parts of a branch as one: texts that touch are joined, sequences flattened. */
export function sequenceOf(items: readonly Node[]): Node {
  const flat: Node[] = [];
  for (const item of items.flatMap((item) => (item.kind === "sequence" ? item.items : [item]))) {
    const last = flat.at(-1);
    if (item.kind === "empty") continue;
    if (item.kind === "text" && last?.kind === "text" && last.ignoreCase === item.ignoreCase)
      flat[flat.length - 1] = { ...last, text: last.text + item.text };
    else flat.push(item);
  }
  const [only] = flat;
  if (only === undefined) return EMPTY;
  // With something empty beside it, a place may be repeated.
  if (flat.length > 1 || (items.length > 1 && PLACES.has(only.kind)))
    return { kind: "sequence", items: flat };
  return only;
}

export const eitherOf = (branches: readonly Node[]): Node =>
  branches.length === 1 ? (branches[0] as Node) : { kind: "either", branches };

/** `?` `*` `+` `??` `*?` `+?` as 0 to 5, -1 for all others. */
function simpleKind({ min, max, greedy }: RepeatNode): number {
  const kind = max === 1 && min === 0 ? 0 : max === Infinity && min < 2 ? min + 1 : -1;
  return kind < 0 || greedy ? kind : kind + 3;
}

/** What an outer repeat of an inner one comes to: "inner", "both", or the simple repeat that stands for both (P: `(?:x+)??`). */
const REDUCED = [
  ["inner", "*", "*", "??", "*?", "both"],
  ["inner", "inner", "inner", "P", "P", "inner"],
  ["*", "*", "inner", "both", "P", "inner"],
  ["inner", "*?", "*?", "inner", "*?", "*?"],
  ["inner", "inner", "inner", "inner", "inner", "inner"],
  ["both", "*", "+", "*?", "*?", "inner"],
] as const;

const BOUNDS = {
  "*": [0, Infinity, true],
  "+": [1, Infinity, true],
  "*?": [0, Infinity, false],
  "??": [0, 1, false],
} as const;

/** `target` repeated. Repeats of repeats are reduced as Oniguruma reduces them, which can be seen in what they match. */
export function repeatOf(target: Node, min: number, max: number, greedy: boolean): Node {
  if (min === 1 && max === 1) return target;
  const outer: RepeatNode = { kind: "repeat", min, max, greedy, body: target };
  if (target.kind !== "repeat") return outer;
  const outerKind = simpleKind(outer);
  const innerKind = simpleKind(target);
  if (innerKind >= 0 && outerKind >= 0) {
    const how = REDUCED[innerKind]?.[outerKind] ?? "both";
    if (how === "both") return outer;
    if (how === "inner") return target;
    if (how === "P")
      return {
        ...outer,
        min: 0,
        max: 1,
        greedy: false,
        body: { ...target, min: 1, max: Infinity, greedy: true },
      };
    const [low, high, isGreedy] = BOUNDS[how];
    return { ...target, min: low, max: high, greedy: isGreedy };
  }
  if (innerKind >= 0) {
    // (?:x*){2,5} can as well stop at 2.
    if ((innerKind === 1 || innerKind === 2) && max > 1 && max !== Infinity && greedy)
      return { ...outer, max: min === 0 ? 1 : min };
    return outer;
  }
  if (min === max && target.min === target.max) {
    const times = min * target.min;
    if (times > 0x7fffffff) throw failure("too big number for repeat range");
    return { ...outer, min: times, max: times, body: target.body };
  }
  return outer;
}

/** May `node` be repeated? Places may not, nor alternatives of which one is a place. */
export function isRepeatable(node: Node): boolean {
  const open = [node];
  for (let current = open.pop(); current !== undefined; current = open.pop()) {
    if (current.kind === "either") for (const branch of current.branches) open.push(branch);
    else if (PLACES.has(current.kind)) return false;
  }
  return true;
}

const PLACES: ReadonlySet<Node["kind"]> = new Set(["anchor", "look", "keep", "fail"]);
