import { failure, failureOf } from "./failure.ts";
import { type Lengths, partsOf } from "./lengths.ts";
import type { Pattern } from "./pattern.ts";
import type { CallNode, GroupNode, Node } from "./tree.ts";

/**
 * Checks what refers to groups and resolves calls. A pattern that calls itself as a whole becomes group 0. Throws JqErrors with
 * Oniguruma's messages.
 */
export function resolve(pattern: Pattern): Pattern {
  for (const back of pattern.backs)
    for (const group of back.groups)
      if (group >= pattern.groups.length) throw failure("invalid backref number/name");
  if (pattern.calls.length === 0) return pattern;
  let { root } = pattern;
  const groups = [...pattern.groups];
  for (const call of pattern.calls) {
    if (call.number === -1) call.number = numberOf(call, pattern);
    if (call.number >= groups.length) throw failureOf("undefined group <", call.name, "> reference");
    if (call.number === 0 && groups[0] === undefined)
      root = groups[0] = { kind: "group", number: 0, body: root, called: true, recursive: false };
  }
  for (const call of pattern.calls) (groups[call.number] as GroupNode).called = true;
  markRecursion(groups);
  return { ...pattern, root, groups };
}

function numberOf(call: CallNode, { names }: Pattern): number {
  const numbers = names.get(call.name);
  if (numbers === undefined) throw failureOf("undefined name <", call.name, "> reference");
  if (numbers.length > 1) throw failureOf("multiplex definition name <", call.name, "> call");
  return numbers[0] as number;
}

/** A group is recursive if calls inside of it lead back to it. */
function markRecursion(groups: readonly (GroupNode | undefined)[]): void {
  const next = new Map<number, readonly number[]>();
  let edges = 0;
  for (const group of groups) {
    if (group === undefined) continue;
    const found = inside(group.body);
    next.set(group.number, found);
    edges += found.length;
  }
  if (edges * groups.length > MAX_WORK) throw failure("the expression is too large");
  for (const group of groups) {
    if (group === undefined) continue;
    const seen = new Set<number>();
    const open = [...(next.get(group.number) ?? [])];
    for (let number = open.pop(); number !== undefined; number = open.pop()) {
      if (seen.has(number)) continue;
      seen.add(number);
      for (const other of next.get(number) ?? []) open.push(other);
    }
    group.recursive = seen.has(group.number);
  }
}

/** The groups that are in a part, or called there. */
function inside(part: Node): number[] {
  const numbers: number[] = [];
  const open = [part];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    // What is in an inner group is that one's.
    if (node.kind === "group" || node.kind === "call") numbers.push(node.number);
    else for (const inner of partsOf(node)) open.push(inner);
  }
  return numbers;
}

/** What the checks of a pattern with calls may take. */
const MAX_WORK = 1_000_000;

const EXISTS = 1;
const MUST = 2;
const ENDLESS = 4;
/** Patterns with calls may be nested this deep. */
const MAX_DEPTH = 200;

/** Throws if a group that calls itself could do nothing else, or does so before it has taken anything. */
export function checkRecursion({ groups }: Pattern, of: (node: Node) => Lengths): void {
  const busy = new Set<GroupNode>();
  const takes = (node: Node): boolean => of(node).min > 0;

  let visits = 0;
  // Recursion of our own, bounded by MAX_DEPTH.
  const visit = (node: Node, origin: GroupNode, head: boolean, depth: number): number => {
    if (depth > MAX_DEPTH) throw failure("parse depth limit over");
    if (++visits > MAX_WORK / 10) throw failure("the expression is too large");
    const down = (part: Node, isHead = head): number => visit(part, origin, isHead, depth + 1);
    switch (node.kind) {
      case "sequence": {
        let result = 0;
        let isHead = head;
        for (const item of node.items) {
          result |= down(item, isHead);
          if (takes(item)) isHead = false;
        }
        return result;
      }
      case "either": {
        let result = 0;
        let must = MUST;
        for (const branch of node.branches) {
          const found = down(branch);
          result |= found & (EXISTS | ENDLESS);
          must &= found;
        }
        return result | must;
      }
      case "repeat":
        if (node.max === 0) return 0;
        return node.min === 0 ? down(node.body) & ~MUST : down(node.body);
      case "look":
      case "atomic":
      case "scope":
        return down(node.body);
      case "if": {
        const yes = down(node.condition) | down(node.yes, head && !takes(node.condition));
        const no = down(node.no);
        return (no & MUST) === 0 ? (yes | (no & EXISTS)) & ~MUST : yes | no;
      }
      case "call":
        return down(groups[node.number] as Node);
      case "group": {
        if (busy.has(node)) return 0;
        if (node === origin) return head ? EXISTS | MUST | ENDLESS : EXISTS | MUST;
        busy.add(node);
        const result = down(node.body);
        busy.delete(node);
        return result;
      }
      default:
        return 0;
    }
  };

  for (const group of groups)
    if (group?.recursive && group.called && (visit(group.body, group, true, 0) & (MUST | ENDLESS)) !== 0)
      throw failure("never ending recursion");
}
