import type { Node, NodeOf } from "../../ast.ts";
import { findBuiltin } from "../builtins/lookup.ts";
import { bodyOf, insideOf } from "../inline.ts";
import { findCallee, SINGLE } from "../environment.ts";
import { fastForm } from "../fast.ts";
import { formatter } from "../format.ts";
import { facts, type Single, type Site, withNames } from "../site.ts";
import { singleVariable } from "../variable.ts";
import { singleIndex, singleSlice } from "./access.ts";
import { singleAssign } from "./assign.ts";
import { singleArray, singleObject, singleString } from "./build.ts";
import { singleAlternative, singleBreak, singleIf, singleLinks, singleReduce, singleTry } from "./control.ts";
import { singleCore, singleNative } from "./native.ts";
import { singleArithmetic, singleComparison, singleLogic, singleNegate } from "./operators.ts";

/** A node with at most one output as a function. */
export function makeSingle(node: Node, site: Site): Single {
  switch (node.kind) {
    case "identity":
      return (value) => value;
    case "literal": {
      const { value } = node;
      return () => value;
    }
    case "variable":
      return singleVariable(node, site);
    case "format": {
      const format = formatter(node.name);
      return (value, frame) => format(value, frame.run);
    }
    case "string":
      return singleString(node, site);
    case "index":
      return singleIndex(node, site);
    case "slice":
      return singleSlice(node, site);
    case "array":
      return singleArray(node, site);
    case "object":
      return singleObject(node, site);
    case "negate":
      return singleNegate(node, site);
    case "pipe":
    case "bind":
    case "define":
    case "label":
      return singleLinks(node, site);
    case "arithmetic":
      return singleArithmetic(node, site);
    case "comparison":
      return singleComparison(node, site);
    case "and":
    case "or":
      return singleLogic(node, site);
    case "alternative":
      return singleAlternative(node, site);
    case "assign":
      return singleAssign(node, site);
    case "if":
      return singleIf(node, site);
    case "try":
      return singleTry(node, site);
    case "reduce":
      return singleReduce(node, site);
    case "break":
      return singleBreak(node, site);
    case "call":
      return singleCall(node, site);
    default:
      throw new Error(`${node.kind} has many outputs`);
  }
}

function singleCall(node: NodeOf<"call">, site: Site): Single {
  const callee = findCallee(site.environment, node.name, node.args.length);
  if (callee?.kind === "argument") return site.make.single(callee.node, withNames(site, callee.environment));
  if (callee?.kind === "function")
    return site.make.single(
      bodyOf(callee.definition),
      withNames(site, insideOf(node, callee.definition, site.environment)),
    );
  const builtin = findBuiltin(`${node.name}/${node.args.length}`);
  if (builtin?.kind === "core") return singleCore(builtin.core, node, site);
  if (builtin?.kind === "native") return singleNative(builtin.native, node.args, site);
  if (builtin?.kind !== "definition") throw new Error(`${node.name} cannot be called`);
  const { inlined, kind } = facts(node, site);
  const fast = inlined || kind !== SINGLE ? undefined : fastForm(builtin.key);
  if (fast?.single !== undefined) return fast.single(node, site);
  return site.make.single(
    bodyOf(builtin.definition),
    withNames(site, insideOf(node, builtin.definition, site.environment)),
  );
}
