import type { NodeOf } from "../../ast.ts";
import { index, slice } from "../../values/access.ts";
import { negate } from "../../values/arithmetic.ts";
import { arithmetic, comparison, type Operation } from "../operations.ts";
import type { Many, Site } from "../site.ts";
import { slotIn } from "../site.ts";
import { operationsOf } from "../spine.ts";
import { field } from "../single/access.ts";

/** `target[key]`, where the target has many outputs: the key comes first, and stays. */
export function manyIndex(node: NodeOf<"index">, site: Site, next: Many): Many {
  if (node.index.kind === "literal") {
    const key = node.index.value;
    if (typeof key === "string") {
      const access = field(key);
      return site.make.many(node.target, site, (value, frame) => next(access(value, frame), frame));
    }
    return site.make.many(node.target, site, (value, frame) => next(index(value, key, frame.run), frame));
  }
  const slot = slotIn(site);
  const key = site.make.single(node.index, site);
  const target = site.make.many(node.target, site, (value, frame) =>
    next(index(value, frame.slots[slot] ?? null, frame.run), frame),
  );
  return (value, frame) => {
    const found = key(value, frame);
    if (found === undefined) return false;
    frame.slots[slot] = found;
    return target(value, frame);
  };
}

export function manySlice(node: NodeOf<"slice">, site: Site, next: Many): Many {
  const low = slotIn(site);
  const high = slotIn(site);
  const from = node.from === null ? null : site.make.single(node.from, site);
  const to = node.to === null ? null : site.make.single(node.to, site);
  const target = site.make.many(node.target, site, (value, frame) =>
    next(slice(value, frame.slots[low] ?? null, frame.slots[high] ?? null, frame.run), frame),
  );
  return (value, frame) => {
    const start = from === null ? null : from(value, frame);
    const end = start === undefined ? undefined : to === null ? null : to(value, frame);
    if (start === undefined || end === undefined) return false;
    frame.slots[low] = start;
    frame.slots[high] = end;
    return target(value, frame);
  };
}

export const manyNegate = (node: NodeOf<"negate">, site: Site, next: Many): Many =>
  site.make.many(node.body, site, (value, frame) => next(negate(value, frame.run), frame));

/** `many + one - one`: the operands to the right come first, from the last to the first, and stay. */
export function manyArithmetic(node: NodeOf<"arithmetic">, site: Site, next: Many): Many {
  const { first, rest } = operationsOf(node);
  const slots = rest.map(() => slotIn(site));
  const operands = rest.map(({ right }) => site.make.single(right, site));
  const operations = rest.map(({ operator }) => arithmetic[operator]);
  const left = site.make.many(first, site, (value, frame) => {
    let result = value;
    for (let i = 0; i < operations.length; i++)
      result = (operations[i] as Operation)(result, frame.slots[slots[i] as number] ?? null, frame.run);
    return next(result, frame);
  });
  return (value, frame) => {
    for (let i = operands.length - 1; i >= 0; i--) {
      const operand = operands[i]?.(value, frame);
      if (operand === undefined) return false;
      frame.slots[slots[i] as number] = operand;
    }
    return left(value, frame);
  };
}

export function manyComparison(node: NodeOf<"comparison">, site: Site, next: Many): Many {
  const slot = slotIn(site);
  const operation = comparison[node.operator];
  const right = site.make.single(node.right, site);
  const left = site.make.many(node.left, site, (value, frame) =>
    next(operation(value, frame.slots[slot] ?? null, frame.run), frame),
  );
  return (value, frame) => {
    const operand = right(value, frame);
    if (operand === undefined) return false;
    frame.slots[slot] = operand;
    return left(value, frame);
  };
}
