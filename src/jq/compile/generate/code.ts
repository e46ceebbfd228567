import type { Node } from "../../ast.ts";
import { JqError } from "../../errors.ts";
import { dumpForError } from "../../values/print.ts";
import { SINGLE } from "../environment.ts";
import { formatter } from "../format.ts";
import type { Code } from "../machine.ts";
import { facts, type Site, withNames } from "../site.ts";
import { singleVariable } from "../variable.ts";
import { aside, codeIndex, codeIterate, codeSlice } from "./access.ts";
import { codeAssign } from "./assign.ts";
import { codeArray, codeObject, codeString } from "./build.ts";
import { codeCall } from "./call.ts";
import { codeBreak, codeForeach, codeIf, codeLinks, codeReduce, codeTry } from "./control.ts";
import {
  codeAlternative,
  codeArithmetic,
  codeComma,
  codeComparison,
  codeLogic,
  codeNegate,
} from "./operators.ts";
import { instructionOf } from "./single.ts";

/**
 * Code of a node, with what follows it. `paths`: where a value came from is followed; then nothing is left to direct
 * functions but what makes values of its own.
 */
export function makeCode(node: Node, site: Site, paths: boolean, next: Code): Code {
  if (paths) return pathCode(node, site, next);
  const { kind, size } = facts(node, site);
  if (kind === SINGLE) return instructionOf(site.make.single(node, site), size, next);
  return codeOf(node, site, false, next);
}

/** The error of an update in the middle of a path. */
const leftPath: Code = (m) => {
  throw new JqError(
    `Invalid path expression near attempt to access element 0 of ${dumpForError([m.value, []])}`,
  );
};

function pathCode(node: Node, site: Site, next: Code): Code {
  switch (node.kind) {
    case "literal":
    case "string":
    case "format":
    case "arithmetic":
      return makeCode(node, site, false, aside(next));
    case "variable":
    case "object":
    case "comparison":
      return makeCode(node, site, false, next);
    case "assign":
      // jq's update goes on from a pair of the result and the paths to delete, which no path leads to.
      return makeCode(node, site, false, node.operator === "=" ? next : leftPath);
    default:
      return codeOf(node, site, true, next);
  }
}

function codeOf(node: Node, site: Site, paths: boolean, next: Code): Code {
  switch (node.kind) {
    case "identity":
      return next;
    case "recurse":
      return codeCall({ kind: "call", at: node.at, name: "recurse", args: [] }, outside(site), paths, next);
    case "literal": {
      const { value } = node;
      return (m) => {
        m.value = value;
        return next;
      };
    }
    case "variable":
      return instructionOf(singleVariable(node, site), 1, next);
    case "format": {
      const format = formatter(node.name);
      return (m) => {
        m.value = format(m.value, m.run);
        return next;
      };
    }
    case "string":
      return codeString(node, site, next);
    case "index":
      return codeIndex(node, site, paths, next);
    case "slice":
      return codeSlice(node, site, paths, next);
    case "iterate":
      return codeIterate(node, site, paths, next);
    case "array":
      return codeArray(node, site, paths, next);
    case "object":
      return codeObject(node, site, next);
    case "negate":
      return codeNegate(node, site, paths, next);
    case "pipe":
    case "bind":
    case "label":
    case "define":
      return codeLinks(node, site, paths, next);
    case "comma":
      return codeComma(node, site, paths, next);
    case "arithmetic":
      return codeArithmetic(node, site, next);
    case "comparison":
      return codeComparison(node, site, next);
    case "and":
    case "or":
      return codeLogic(node, site, paths, next);
    case "alternative":
      return codeAlternative(node, site, paths, next);
    case "assign":
      return codeAssign(node, site, next);
    case "if":
      return codeIf(node, site, paths, next);
    case "try":
      return codeTry(node, site, paths, next);
    case "reduce":
      return codeReduce(node, site, paths, next);
    case "foreach":
      return codeForeach(node, site, paths, next);
    case "break":
      return codeBreak(node, site);
    default:
      return codeCall(node, site, paths, next);
  }
}

/** The same frame, with no names but the builtins. */
const outside = (site: Site): Site => {
  const { copy } = site.environment;
  return withNames(site, { binding: null, outer: null, copy });
};
