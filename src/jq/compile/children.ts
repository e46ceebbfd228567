import type { Node, NodeOf, Pattern } from "../ast.ts";

const NONE: readonly Node[] = [];

/** The nodes directly below `node`: bodies of definitions and keys in patterns too. */
export function childrenOf(node: Node): readonly Node[] {
  switch (node.kind) {
    case "identity":
    case "recurse":
    case "literal":
    case "format":
    case "variable":
    case "break":
      return NONE;
    case "string":
      return node.parts.filter((part) => typeof part !== "string");
    case "index":
      return [node.index, node.target];
    case "slice":
      return [node.from, node.to, node.target].filter((part) => part !== null);
    case "iterate":
      return [node.target];
    case "array":
      return node.body === null ? NONE : [node.body];
    case "object":
      return node.entries.flatMap((entry) => [entry.key, entry.value]);
    case "negate":
    case "label":
      return [node.body];
    case "pipe":
    case "comma":
    case "arithmetic":
    case "comparison":
    case "and":
    case "or":
    case "alternative":
      return [node.left, node.right];
    case "assign":
      return [node.target, node.value];
    case "if":
      return node.otherwise === null
        ? [node.condition, node.then]
        : [node.condition, node.then, node.otherwise];
    case "try":
      return node.handler === null ? [node.body] : [node.body, node.handler];
    case "reduce":
      return [node.source, ...patternsOf(node).flatMap(keysIn), node.init, node.update];
    case "foreach": {
      const parts = [node.source, ...patternsOf(node).flatMap(keysIn), node.init, node.update];
      return node.extract === null ? parts : [...parts, node.extract];
    }
    case "bind":
      return [node.source, ...node.patterns.flatMap(keysIn), node.body];
    case "define":
      return [node.definition.body, node.body];
    default:
      return node.args;
  }
}

export type Binder = NodeOf<"reduce" | "foreach" | "bind">;

/** The patterns that are tried one after the other. */
export const patternsOf = (node: Binder): readonly Pattern[] =>
  node.kind === "bind" ? node.patterns : [node.pattern, ...node.alternatives];

/** The expressions that a pattern's keys are computed by. */
export function keysIn(pattern: Pattern): Node[] {
  if (pattern.kind === "variable") return [];
  if (pattern.kind === "array") return pattern.items.flatMap(keysIn);
  return pattern.entries.flatMap((entry) => [
    entry.key,
    ...(entry.pattern === null ? [] : keysIn(entry.pattern)),
  ]);
}

/** The variables of a pattern, in the order of the text. */
export function variablesOf(pattern: Pattern): string[] {
  if (pattern.kind === "variable") return [pattern.name];
  if (pattern.kind === "array") return pattern.items.flatMap(variablesOf);
  return pattern.entries.flatMap((entry) => [
    ...(entry.variable === null ? [] : [entry.variable]),
    ...(entry.pattern === null ? [] : variablesOf(entry.pattern)),
  ]);
}
