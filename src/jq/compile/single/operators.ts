import type { Node, NodeOf } from "../../ast.ts";
import { type Json, truthy } from "../../value.ts";
import { negate } from "../../values/arithmetic.ts";
import { arithmetic, comparison, type Operation } from "../operations.ts";
import type { Single, Site } from "../site.ts";
import { operandsOf, operationsOf } from "../spine.ts";

/** Operations in a row from which on they are done by a loop, not by nested calls. */
const LONG = 8;

/** The right side is computed first, as in jq: with several errors, its own is the one that is raised. */
export function singleArithmetic(node: NodeOf<"arithmetic">, site: Site): Single {
  const { first, rest } = operationsOf(node);
  if (rest.length > LONG) return inRow(first, rest, site);
  let left = site.make.single(first, site);
  for (const { operator, right } of rest) left = binary(arithmetic[operator], left, right, site);
  return left;
}

export const singleComparison = (node: NodeOf<"comparison">, site: Site): Single =>
  binary(comparison[node.operator], site.make.single(node.left, site), node.right, site);

function binary(operation: Operation, left: Single, rightNode: Node, site: Site): Single {
  if (rightNode.kind === "literal") {
    const { value: b } = rightNode;
    return (value, frame) => {
      const a = left(value, frame);
      return a === undefined ? undefined : operation(a, b, frame.run);
    };
  }
  const right = site.make.single(rightNode, site);
  return (value, frame) => {
    const b = right(value, frame);
    if (b === undefined) return undefined;
    const a = left(value, frame);
    return a === undefined ? undefined : operation(a, b, frame.run);
  };
}

function inRow(first: Node, rest: readonly NodeOf<"arithmetic">[], site: Site): Single {
  const start = site.make.single(first, site);
  const operations = rest.map((node) => arithmetic[node.operator]);
  const operands = rest.map((node) => site.make.single(node.right, site));
  return (value, frame) => {
    const values: Json[] = [];
    for (let i = operands.length - 1; i >= 0; i--) {
      const operand = (operands[i] as Single)(value, frame);
      if (operand === undefined) return undefined;
      values.push(operand);
    }
    let result = start(value, frame);
    for (let i = 0; i < operations.length && result !== undefined; i++)
      result = (operations[i] as Operation)(result, values[operands.length - 1 - i] as Json, frame.run);
    return result;
  };
}

export function singleNegate(node: NodeOf<"negate">, site: Site): Single {
  const body = site.make.single(node.body, site);
  return (value, frame) => {
    const number = body(value, frame);
    return number === undefined ? undefined : negate(number, frame.run);
  };
}

/** What comes after the first that decides is not computed. */
export function singleLogic(node: NodeOf<"and"> | NodeOf<"or">, site: Site): Single {
  const operands = operandsOf(node).map((operand) => site.make.single(operand, site));
  const decisive = node.kind === "or";
  const [left, right] = operands;
  if (operands.length === 2 && left !== undefined && right !== undefined)
    return (value, frame) => {
      const a = left(value, frame);
      if (a === undefined) return undefined;
      if (truthy(a) === decisive) return decisive;
      const b = right(value, frame);
      return b === undefined ? undefined : truthy(b);
    };
  return (value, frame) => {
    for (const operand of operands) {
      const found = operand(value, frame);
      if (found === undefined) return undefined;
      if (truthy(found) === decisive) return decisive;
    }
    return !decisive;
  };
}
