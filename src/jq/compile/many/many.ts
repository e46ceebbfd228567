import { JqError } from "../../errors.ts";
import type { Node, NodeOf } from "../../ast.ts";
import { findBuiltin } from "../builtins/lookup.ts";
import { bodyOf, insideOf } from "../inline.ts";
import { findCallee, SINGLE } from "../environment.ts";
import { fastForm } from "../fast.ts";
import { facts, type Many, type Single, type Site, slotIn, withNames } from "../site.ts";
import { subtract } from "../../values/arithmetic.ts";
import { manyForeach, manyLinks } from "./binding.ts";
import { manyAlternative, manyComma, manyIf, manyIterate, manyOfSingle, manyTry } from "./flow.ts";
import { manyArithmetic, manyComparison, manyIndex, manyNegate, manySlice } from "./operators.ts";
import { manyRecurse } from "./recurse.ts";

/** A node with any number of outputs as a loop. */
export function makeMany(node: Node, site: Site, next: Many): Many {
  if (facts(node, site).kind === SINGLE && node.kind !== "identity") return manyOfSingle(node, site, next);
  switch (node.kind) {
    case "identity":
      return next;
    case "recurse":
      return manyRecurse(next);
    case "index":
      return manyIndex(node, site, next);
    case "slice":
      return manySlice(node, site, next);
    case "iterate":
      return manyIterate(node, site, next);
    case "negate":
      return manyNegate(node, site, next);
    case "pipe":
    case "bind":
    case "label":
    case "define":
      return manyLinks(node, site, next);
    case "comma":
      return manyComma(node, site, next);
    case "arithmetic":
      return manyArithmetic(node, site, next);
    case "comparison":
      return manyComparison(node, site, next);
    case "alternative":
      return manyAlternative(node, site, next);
    case "if":
      return manyIf(node, site, next);
    case "try":
      return manyTry(node, site, next);
    case "foreach":
      return manyForeach(node, site, next);
    case "call":
      return manyCall(node, site, next);
    default:
      throw new Error(`${node.kind} has no form with many outputs`);
  }
}

function manyCall(node: NodeOf<"call">, site: Site, next: Many): Many {
  const callee = findCallee(site.environment, node.name, node.args.length);
  if (callee?.kind === "argument")
    return site.make.many(callee.node, withNames(site, callee.environment), next);
  if (callee?.kind === "function")
    return site.make.many(
      bodyOf(callee.definition),
      withNames(site, insideOf(node, callee.definition, site.environment)),
      next,
    );
  const builtin = findBuiltin(`${node.name}/${node.args.length}`);
  if (builtin?.kind === "core" && builtin.core === "range/2") return range(node, site, next);
  if (builtin?.kind === "core" && builtin.core === "_limit/2") return limit(node, site, next);
  if (builtin?.kind !== "definition") throw new Error(`${node.name} has no form with many outputs`);
  const fast = facts(node, site).inlined ? undefined : fastForm(builtin.key);
  if (fast?.many !== undefined) return fast.many(node, site, next);
  return site.make.many(
    bodyOf(builtin.definition),
    withNames(site, insideOf(node, builtin.definition, site.environment)),
    next,
  );
}

type Call = NodeOf<"call">;

function range(node: Call, site: Site, next: Many): Many {
  const [from, to] = node.args.map((arg) => site.make.single(arg, site)) as [Single, Single];
  return (value, frame) => {
    const start = from(value, frame);
    const end = start === undefined ? undefined : to(value, frame);
    if (start === undefined || end === undefined) return false;
    if (typeof start !== "number" || typeof end !== "number")
      throw new JqError("Range bounds must be numeric");
    const { meter } = frame.run;
    for (let at = start; at < end; at++) {
      if (--meter.left < 0) meter.spend(0);
      if (next(at, frame)) return true;
    }
    return false;
  };
}

/** At most so many outputs; the count is positive. */
function limit(node: Call, site: Site, next: Many): Many {
  const [count, body] = node.args as [Node, Node];
  const most = site.make.single(count, site);
  const left = slotIn(site);
  const done = slotIn(site);
  const run = site.make.many(body, site, (value, frame) => {
    const { slots } = frame;
    const rest = subtract(slots[left] ?? null, 1, frame.run) as number;
    slots[left] = rest;
    if (next(value, frame)) return true;
    slots[done] = rest <= 0;
    return rest <= 0;
  });
  return (value, frame) => {
    const start = most(value, frame);
    if (start === undefined) return false;
    frame.slots[left] = start;
    frame.slots[done] = false;
    // It has stopped for its own reason, or for one of what follows.
    return run(value, frame) && (frame.slots[done] as unknown) !== true;
  };
}
