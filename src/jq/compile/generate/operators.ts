import type { Node, NodeOf } from "../../ast.ts";
import { truthy } from "../../value.ts";
import { negate } from "../../values/arithmetic.ts";
import type { Code } from "../machine.ts";
import { arithmetic, comparison, type Operation } from "../operations.ts";
import { type Site, slotIn } from "../site.ts";
import { operandsOf, choicesOf, operationsOf } from "../spine.ts";
import { keep, recall } from "./single.ts";

export function codeComma(node: NodeOf<"comma">, site: Site, paths: boolean, next: Code): Code {
  const branches = operandsOf(node).map((branch) => site.make.code(branch, site, paths, next));
  let code = branches.pop() as Code;
  for (const branch of branches.reverse()) code = either(branch, code);
  return code;
}

const either =
  (first: Code, second: Code): Code =>
  (m) => {
    m.fork(second);
    return first;
  };

/** Operands from the last to the first: those to the right are the outer loops. */
export function codeArithmetic(node: NodeOf<"arithmetic">, site: Site, next: Code): Code {
  const { first, rest } = operationsOf(node);
  const input = slotIn(site);
  const slots = rest.map(() => slotIn(site));
  const operations = rest.map(({ operator }) => arithmetic[operator]);
  const finish: Code = (m) => {
    let result = m.value;
    for (let i = 0; i < operations.length; i++)
      result = (operations[i] as Operation)(result, m.frame.slots[slots[i] as number] ?? null, m.run);
    m.value = result;
    return next;
  };
  let code = recall(input, site.make.code(first, site, false, finish));
  for (const [i, { right }] of rest.entries())
    code = recall(input, site.make.code(right, site, false, keep(slots[i] as number, code)));
  return keep(input, code);
}

export function codeComparison(node: NodeOf<"comparison">, site: Site, next: Code): Code {
  const input = slotIn(site);
  const slot = slotIn(site);
  const operation = comparison[node.operator];
  const left = site.make.code(node.left, site, false, (m) => {
    m.value = operation(m.value, m.frame.slots[slot] ?? null, m.run);
    return next;
  });
  return keep(input, site.make.code(node.right, site, false, keep(slot, recall(input, left))));
}

export const codeNegate = (node: NodeOf<"negate">, site: Site, paths: boolean, next: Code): Code =>
  site.make.code(node.body, site, paths, (m) => {
    m.value = negate(m.value, m.run);
    return next;
  });

export function codeLogic(node: NodeOf<"and"> | NodeOf<"or">, site: Site, paths: boolean, next: Code): Code {
  const input = slotIn(site);
  const decisive = node.kind === "or";
  const operands = operandsOf(node);
  const last = operands.pop() as Node;
  let code = site.make.code(last, site, paths, (m) => {
    m.value = truthy(m.value);
    return next;
  });
  for (const operand of operands.reverse()) {
    const after = recall(input, code);
    code = site.make.code(operand, site, paths, (m) => {
      if (truthy(m.value) !== decisive) return after;
      m.value = decisive;
      return next;
    });
  }
  return keep(input, code);
}

export function codeAlternative(node: NodeOf<"alternative">, site: Site, paths: boolean, next: Code): Code {
  const choices = choicesOf(node);
  let code = site.make.code(choices.pop() as Node, site, paths, next);
  for (const choice of choices.reverse()) code = orElse(choice, code, site, paths, next);
  return code;
}

function orElse(first: Node, second: Code, site: Site, paths: boolean, next: Code): Code {
  const slot = slotIn(site);
  const attempt = site.make.code(first, site, paths, (m) => {
    if (!truthy(m.value)) return m.back();
    m.frame.slots[slot] = true;
    return next;
  });
  const after: Code = (m) => (m.frame.slots[slot] === true ? m.back() : second);
  return (m) => {
    m.frame.slots[slot] = false;
    m.fork(after);
    return attempt;
  };
}

/** Evaluates nodes on the same input, the first one as the outermost loop, and keeps their values in slots. */
export function codeInOrder(
  nodes: readonly Node[],
  site: Site,
  next: (slots: readonly number[]) => Code,
): Code {
  const input = slotIn(site);
  const slots = nodes.map(() => slotIn(site));
  let code = recall(input, next(slots));
  for (let i = nodes.length - 1; i >= 0; i--)
    code = recall(input, site.make.code(nodes[i] as Node, site, false, keep(slots[i] as number, code)));
  return keep(input, code);
}
