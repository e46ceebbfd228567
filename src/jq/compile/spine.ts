import type { Node, NodeOf } from "../ast.ts";

/*
 * Chains in a program may be thousands of links long, and the tree of a chain is as deep. Recursion over it would
 * exhaust the stack, so chains are taken as lists.
 */

/** A link of a query: a stage of a pipe, or what holds for all of the rest. */
export type Link =
  | { readonly kind: "stage"; readonly node: Node }
  | { readonly kind: "prefix"; readonly node: NodeOf<"bind"> | NodeOf<"define"> | NodeOf<"label"> };

/** `a | b as $x | def f: c; d` as a list; the last one is a stage, or a label if the list is to end there. */
export function linksOf(node: Node, labels = true): Link[] {
  const links: Link[] = [];
  const pending: Node[] = [node];
  for (let at = pending.pop(); at !== undefined; at = pending.pop())
    if (at.kind === "pipe") pending.push(at.right, at.left);
    else if (pending.length === 0 && (at.kind === "bind" || at.kind === "define" || at.kind === "label")) {
      links.push({ kind: "prefix", node: at });
      if (at.kind !== "label" || labels) pending.push(at.body);
    } else links.push({ kind: "stage", node: at });
  return links;
}

/** `a | b | c` as a list. */
export function stagesOf(node: NodeOf<"pipe">): Node[] {
  const stages: Node[] = [];
  const pending: Node[] = [node];
  for (let at = pending.pop(); at !== undefined; at = pending.pop())
    if (at.kind === "pipe") pending.push(at.right, at.left);
    else stages.push(at);
  return stages;
}

type Left = NodeOf<"comma"> | NodeOf<"and"> | NodeOf<"or">;

/** `a, b, c` or `a and b and c` (grouped to the left) as a list. */
export function operandsOf(node: Left): Node[] {
  const operands: Node[] = [];
  let at: Node = node;
  for (; at.kind === node.kind; at = at.left) operands.push(at.right);
  operands.push(at);
  return operands.reverse();
}

/** `a + b - c` (grouped to the left): the first operand, and the operations on it in their order. */
export function operationsOf(node: NodeOf<"arithmetic">): {
  first: Node;
  rest: NodeOf<"arithmetic">[];
} {
  const rest: NodeOf<"arithmetic">[] = [];
  let at: Node = node;
  for (; at.kind === "arithmetic"; at = at.left) rest.push(at);
  return { first: at, rest: rest.reverse() };
}

/** `a // b // c` (grouped to the right) as a list. */
export function choicesOf(node: NodeOf<"alternative">): Node[] {
  const choices: Node[] = [];
  let at: Node = node;
  for (; at.kind === "alternative"; at = at.right) choices.push(at.left);
  choices.push(at);
  return choices;
}

/** `if a then b elif c then d else e end`: conditions with what belongs to them, and the rest (null: `.`). */
export function casesOf(node: NodeOf<"if">): {
  cases: { condition: Node; outcome: Node }[];
  otherwise: Node | null;
} {
  const cases: { condition: Node; outcome: Node }[] = [];
  let at: Node | null = node;
  for (; at?.kind === "if"; at = at.otherwise) cases.push({ condition: at.condition, outcome: at.then });
  return { cases, otherwise: at };
}
