import type { Node, NodeOf } from "../ast.ts";

type PipeNode = NodeOf<"pipe">;
type CommaNode = NodeOf<"comma">;

/** `a | b | c` (grouped to the right) as a list: chains are often long, and recursion over them would be deep. */
export function stagesOf(node: PipeNode): Node[] {
  const stages: Node[] = [];
  let at: Node = node;
  for (; at.kind === "pipe"; at = at.right) stages.push(at.left);
  stages.push(at);
  return stages;
}

/** `a, b, c` (grouped to the left) as a list. */
export function branchesOf(node: CommaNode): Node[] {
  const branches: Node[] = [];
  let at: Node = node;
  for (; at.kind === "comma"; at = at.left) branches.push(at.right);
  branches.push(at);
  return branches.reverse();
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
