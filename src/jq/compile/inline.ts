import type { FunctionDefinition, Node, NodeOf } from "../ast.ts";
import { bindIn, type Copy, type Environment, findCallee, inCopy, newCopy } from "./environment.ts";

type Call = NodeOf<"call">;

/** The environment of the body of a function that is compiled into the call `node`. */
export function insideOf(node: Call, definition: FunctionDefinition, environment: Environment): Environment {
  const { copy } = environment;
  let inner = copy.inner.get(node);
  if (inner === undefined) {
    inner = newCopy(copy.unit, copy.depth + 1);
    copy.inner.set(node, inner);
  }
  let inside = inCopy(homeOf(node, environment), inner);
  for (const [i, param] of definition.params.entries())
    inside = bindIn(inside, {
      kind: "argument",
      name: param.name,
      node: node.args[i] as Node,
      environment,
      closures: new Map(),
    });
  return inside;
}

/** Where the function that `node` calls was defined: the names that its body sees, itself among them. */
function homeOf(node: Call, environment: Environment): Environment {
  const callee = findCallee(environment, node.name, node.args.length);
  if (callee?.kind === "function") return bindIn(callee.environment, callee);
  return rootOf(environment.copy);
}

/** The environment of the bodies of builtins. */
export function rootOf(copy: Copy): Environment {
  return (copy.unit.root ??= { binding: null, outer: null, copy: newCopy(copy.unit, 0) });
}

const bodies = new WeakMap<FunctionDefinition, Node>();

/** The body of a definition, with its `$name` parameters bound: `def f($a): b` is `def f(a): a as $a | b`. */
export function bodyOf(definition: FunctionDefinition): Node {
  const known = bodies.get(definition);
  if (known !== undefined) return known;
  let { body } = definition;
  const { at } = definition;
  for (const { name, value } of definition.params.toReversed())
    if (value)
      body = {
        kind: "bind",
        at,
        source: { kind: "call", at, name, args: [] },
        patterns: [{ kind: "variable", at, name }],
        body,
      };
  bodies.set(definition, body);
  return body;
}
