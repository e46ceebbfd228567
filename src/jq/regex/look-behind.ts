import type { CharSet } from "./char-set.ts";
import { failure } from "./failure.ts";
import { added, type Lengths, merged, NOTHING, partsOf, repeated } from "./lengths.ts";
import { type Anchor, EMPTY, type LookNode, type Node } from "./tree.ts";

/** A look-behind, ready: what to match this many code points before; or, if that would be none, what it comes to. */
export type LookBehind = { readonly body: Node; readonly back: number } | { readonly constant: Node };

const BAD_ANCHORS: ReadonlySet<Anchor> = new Set(["text-end", "text-end-or-newline"]);
const MAX_BACK = 65_535;

const invalid = (): Error => failure("invalid pattern in look-behind");

/** A look-behind takes one number of code points. Throws a JqError if its body may take several, or has what is not allowed in it. */
export function lookBehind(node: LookNode, of: (node: Node) => Lengths): LookBehind {
  const keeps = checkParts(node.body, node.negative);
  const body = shortest(node.body);
  const { min, max, sure } = lengthsAfter(body, node.body, of);
  if (min > MAX_BACK || (max !== Infinity && max > MAX_BACK)) throw invalid();
  // It would match before anything.
  if (min === 0 && sure && !keeps) return { constant: node.negative ? { kind: "fail" } : EMPTY };
  if (min !== max) throw invalid();
  return { body, back: min };
}

/** Throws for parts that must not be in it. Is there a `\K`? */
function checkParts(body: Node, negative: boolean): boolean {
  let keeps = false;
  const open = [body];
  for (let part = open.pop(); part !== undefined; part = open.pop()) {
    if (part.kind === "keep") keeps = true;
    const bad =
      (part.kind === "anchor" && BAD_ANCHORS.has(part.anchor)) ||
      (part.kind === "look" && (part.ahead || (part.negative && !negative))) ||
      (part.kind === "group" && negative) ||
      (part.kind === "range" && part.body === undefined) ||
      part.kind === "range-clear";
    if (bad) throw invalid();
    for (const inner of partsOf(part)) open.push(inner);
  }
  return keeps;
}

/** Repeats at the beginning of each branch are as good at their minimum. */
function shortest(body: Node): Node {
  if (body.kind === "either") return { kind: "either", branches: body.branches.map(shortestBranch) };
  return shortestBranch(body);
}

function shortestBranch(branch: Node): Node {
  if (branch.kind === "repeat") return atMinimum(branch);
  if (branch.kind !== "sequence") return branch;
  const items = [...branch.items];
  for (const [i, item] of items.entries()) {
    if (item.kind !== "repeat" || keepsItsOwn(item.body, items[i + 1])) break;
    const reduced = atMinimum(item);
    items[i] = reduced;
    if (reduced.kind !== "empty") break;
  }
  return { kind: "sequence", items };
}

function atMinimum(node: Node & { kind: "repeat" }): Node {
  const { kind } = node.body;
  if (kind !== "text" && kind !== "set" && kind !== "dot" && kind !== "back") return node;
  return node.min === 0 ? EMPTY : { ...node, max: node.min };
}

/** A repeat of what the next part cannot start with is atomic to Oniguruma, and not reduced. */
function keepsItsOwn(body: Node, next: Node | undefined): boolean {
  const first = headOf(body);
  const second = headOf(next);
  if (first === undefined || second === undefined) return false;
  if (typeof first === "string") {
    if (typeof second !== "string") return !second.has(first.codePointAt(0) as number);
    return !first.startsWith(second) && !second.startsWith(first);
  }
  if (typeof second === "string") return !first.has(second.codePointAt(0) as number);
  return (
    !(first.wide && second.wide) && first.ascii.every((member, i) => member === 0 || second.ascii[i] === 0)
  );
}

function headOf(node: Node | undefined): string | CharSet | undefined {
  let current = node;
  for (;;) {
    switch (current?.kind) {
      case "text":
        return current.text;
      case "set":
        return current.set;
      case "sequence":
        current = current.items[0];
        break;
      case "group":
      case "scope":
      case "atomic":
        current = current.body;
        break;
      case "repeat":
        if (current.min === 0) return undefined;
        current = current.body;
        break;
      default:
        return undefined;
    }
  }
}

/** Lengths of a body whose repeats were cut. */
function lengthsAfter(body: Node, original: Node, of: (node: Node) => Lengths): Lengths {
  if (body === original) return of(body);
  const originals = partsOf(original);
  if (body.kind === "either")
    return body.branches.map((branch, i) => lengthsAfter(branch, originals[i] as Node, of)).reduce(merged);
  if (body.kind === "sequence")
    return body.items.map((item, i) => lengthsAfter(item, originals[i] as Node, of)).reduce(added);
  return body.kind === "repeat" ? repeated(body, of(body.body)) : NOTHING;
}
