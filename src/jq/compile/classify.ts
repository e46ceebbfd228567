import type { FunctionDefinition, Node, NodeOf } from "../ast.ts";
import { findBuiltin } from "./builtins/lookup.ts";
import { type Binder, childrenOf, keysIn, patternsOf } from "./children.ts";
import {
  bindIn,
  type Environment,
  type Facts,
  findCallee,
  type FrameLayout,
  type Kind,
  MACHINE,
  MANY,
  SINGLE,
} from "./environment.ts";
import { fastForm } from "./fast.ts";
import { bodyOf, insideOf } from "./inline.ts";
import { usageOf } from "./recursion.ts";
import { casesOf, choicesOf, operandsOf, operationsOf, stagesOf } from "./spine.ts";

/** Functions compiled into functions compiled into …; deeper ones are called. */
const MAX_INLINE_DEPTH = 24;
/** Nodes of a function that is compiled into its caller; larger ones are called. */
const MAX_INLINE_SIZE = 2_000;
/** Nodes of an argument that is compiled where it is used; larger ones become closures. */
const MAX_ARGUMENT_SIZE = 400;

/** Nodes of what runs as a plain loop, each of which may be a call inside of the one before. */
const MAX_LOOP_SIZE = 2_000;
/** Nodes in nodes that are judged by recursion. */
const MAX_NESTING = 500;

/** Stands for the frame while code is only looked at. */
const NOWHERE: FrameLayout = { level: 0, size: 0, recursive: false };

/** Facts of what is called, not compiled in. */
const CALLED: Facts = { kind: MACHINE, size: 2, inlined: false };

function worst(kinds: readonly Kind[]): Kind {
  let found: Kind = SINGLE;
  for (const kind of kinds) if (kind > found) found = kind;
  return found;
}

type Leaf = NodeOf<"identity" | "literal" | "format" | "variable" | "break">;
type Inner = Exclude<Node, { kind: Leaf["kind"] }>;

/** Nodes with nothing in them, of which there is nothing to find out. */
function isLeaf(node: Node): node is Leaf {
  const { kind } = node;
  return (
    kind === "identity" || kind === "literal" || kind === "variable" || kind === "format" || kind === "break"
  );
}
const SINGLE_LEAF: Facts = { kind: SINGLE, size: 1, inlined: false };
const MACHINE_LEAF: Facts = { kind: MACHINE, size: 1, inlined: false };

/**
 * How `node` can be compiled: with at most one output and no machine, as a plain loop, or only on the machine.
 * `recursive`: it is part of a function that calls itself, where no machine may run inside of an instruction.
 */
export function factsOf(node: Node, environment: Environment, recursive: boolean): Facts {
  if (isLeaf(node)) return environment.copy.unit.machineOnly ? MACHINE_LEAF : SINGLE_LEAF;
  const known = environment.copy.facts[recursive ? 1 : 0];
  const found = known.get(node);
  if (found !== undefined) return found;
  const { unit, depth } = environment.copy;
  if (unit.nesting >= MAX_NESTING) fromBelow(node, environment, recursive);
  if (depth > 0) unit.budget--;
  unit.nesting++;
  const facts = judge(node, environment, recursive);
  unit.nesting--;
  const tooLong = facts.kind === MANY && facts.size > MAX_LOOP_SIZE;
  const result = unit.machineOnly || tooLong ? { ...facts, kind: MACHINE as Kind } : facts;
  known.set(node, result);
  return result;
}

/**
 * Judges everything below a node, the innermost first, so that the recursion of `judge` ends at once. Definitions that
 * are called are judged where they are called.
 */
function fromBelow(top: Node, around: Environment, recursive: boolean): void {
  const { unit, facts } = around.copy;
  const known = facts[recursive ? 1 : 0];
  const pending: { node: Node; environment: Environment; seen: boolean }[] = [
    { node: top, environment: around, seen: false },
  ];
  const { nesting } = unit;
  unit.nesting = 0;
  for (let at = pending.pop(); at !== undefined; at = pending.pop()) {
    const { node, environment } = at;
    if (isLeaf(node) || known.has(node)) continue;
    if (at.seen) {
      if (node !== top) factsOf(node, environment, recursive);
      continue;
    }
    pending.push({ node, environment, seen: true });
    if (node.kind === "define")
      pending.push({ node: node.body, environment: defined(node, environment), seen: false });
    else
      for (const child of childrenOf(node))
        if (!isLeaf(child)) pending.push({ node: child, environment, seen: false });
  }
  unit.nesting = nesting;
}

/** The environment behind a definition, while code is only looked at. */
const defined = (node: NodeOf<"define">, environment: Environment): Environment =>
  bindIn(environment, {
    kind: "function",
    definition: node.definition,
    environment,
    layout: NOWHERE,
    template: null,
  });

function judge(node: Inner, environment: Environment, recursive: boolean): Facts {
  let size = 1;
  const kindOf = (part: Node, inside = environment): Kind => {
    const facts = factsOf(part, inside, recursive);
    size += facts.size;
    return facts.kind;
  };
  const kindsOf = (parts: readonly Node[]): Kind[] => parts.map((part) => kindOf(part));
  const is = (kind: Kind): Facts => ({ kind, size, inlined: false });
  /** SINGLE when all parts are, or else for the machine. */
  const plain = (parts: readonly Node[]): Facts => is(worst(kindsOf(parts)) === SINGLE ? SINGLE : MACHINE);
  /** A single output, whatever the body does; but the machine may not run just anywhere. */
  const gathered = (kind: Kind): Kind => (kind === MACHINE && recursive ? MACHINE : SINGLE);

  switch (node.kind) {
    case "recurse":
      return is(MANY);
    case "string":
      return plain(node.parts.filter((part) => typeof part !== "string"));
    case "index":
      return is(kindOf(node.index) === SINGLE ? kindOf(node.target) : MACHINE);
    case "slice":
      return is(
        worst(kindsOf([node.from, node.to].filter((part) => part !== null))) === SINGLE
          ? kindOf(node.target)
          : MACHINE,
      );
    case "iterate":
      return is(worst([MANY, kindOf(node.target)]));
    case "array":
      return is(node.body === null ? SINGLE : gathered(kindOf(node.body)));
    case "object":
      return plain(node.entries.flatMap((entry) => [entry.key, entry.value]));
    case "negate":
      return is(kindOf(node.body));
    case "pipe":
      return is(worst(kindsOf(stagesOf(node))));
    case "comma":
      return is(worst([MANY, ...kindsOf(operandsOf(node))]));
    case "arithmetic": {
      const { first, rest } = operationsOf(node);
      const operands = worst(kindsOf(rest.map((operation) => operation.right)));
      const kind = kindOf(first);
      return is(operands === SINGLE ? kind : MACHINE);
    }
    case "comparison":
      return is(kindOf(node.right) === SINGLE ? kindOf(node.left) : MACHINE);
    case "and":
    case "or":
      return plain(operandsOf(node));
    case "alternative":
      return is(worst(kindsOf(choicesOf(node))));
    case "if": {
      const { cases, otherwise } = casesOf(node);
      const conditions = worst(kindsOf(cases.map((one) => one.condition)));
      const branches = cases.map((one) => one.outcome);
      const outcome = worst(kindsOf(otherwise === null ? branches : [...branches, otherwise]));
      return is(conditions === SINGLE ? outcome : MACHINE);
    }
    case "try":
      return is(worst(kindsOf(node.handler === null ? [node.body] : [node.body, node.handler])));
    case "label":
      return is(kindOf(node.body));
    case "reduce": {
      const binding = bindingKind(node, kindOf);
      const loop = worst([kindOf(node.source), kindOf(node.update), binding]);
      // Patterns that try one after the other need the machine, however few outputs there are.
      return is(kindOf(node.init) === SINGLE && binding === SINGLE ? gathered(loop) : MACHINE);
    }
    case "foreach": {
      const parts = [kindOf(node.source), kindOf(node.update), bindingKind(node, kindOf)];
      if (node.extract !== null) parts.push(kindOf(node.extract));
      return is(kindOf(node.init) === SINGLE ? worst([MANY, ...parts]) : MACHINE);
    }
    case "bind":
      return is(worst([kindOf(node.source), kindOf(node.body), bindingKind(node, kindOf)]));
    case "assign": {
      const value = kindOf(node.value);
      if (node.operator !== "|=" && value !== SINGLE) return is(MACHINE);
      return is(gathered(worst([kindOf(node.target), value])));
    }
    case "define":
      return is(kindOf(node.body, defined(node, environment)));
    default:
      return judgeCall(node, environment, recursive);
  }
}

/** Alternatives, and keys with several outputs, are left to the machine. */
function bindingKind(node: Binder, kindOf: (part: Node) => Kind): Kind {
  const patterns = patternsOf(node);
  const keys = worst(patterns.flatMap(keysIn).map((key) => kindOf(key)));
  return patterns.length === 1 && keys === SINGLE ? SINGLE : MACHINE;
}

type Call = NodeOf<"call">;

function judgeCall(node: Call, environment: Environment, recursive: boolean): Facts {
  const callee = findCallee(environment, node.name, node.args.length);
  if (callee?.kind === "closure") return CALLED;
  if (callee?.kind === "argument") {
    const facts = factsOf(callee.node, callee.environment, recursive);
    return facts.size <= MAX_ARGUMENT_SIZE && spend(environment, facts.size)
      ? { kind: facts.kind, size: facts.size, inlined: true }
      : // Its closure is made wherever this text is: arguments inside of arguments must not multiply.
        { kind: MACHINE, size: facts.size, inlined: false };
  }
  if (callee !== null) return inlined(node, callee.definition, environment, recursive);

  const builtin = findBuiltin(`${node.name}/${node.args.length}`);
  if (builtin?.kind === "definition") {
    return (
      fast(builtin.key, node, environment, recursive) ??
      inlined(node, builtin.definition, environment, recursive)
    );
  }
  let size = 2;
  const kinds = node.args.map((arg) => {
    const facts = factsOf(arg, environment, recursive);
    size += facts.size;
    return facts.kind;
  });
  if (builtin?.kind === "core")
    switch (builtin.core) {
      case "empty/0":
        return { kind: SINGLE, size, inlined: false };
      case "range/2":
        return { kind: worst(kinds) === SINGLE ? MANY : MACHINE, size, inlined: false };
      case "_first/1":
      case "_last/1": {
        const [kind = MACHINE] = kinds;
        return { kind: kind === MACHINE && recursive ? MACHINE : SINGLE, size, inlined: false };
      }
      case "_limit/2":
        return { kind: kinds[0] === SINGLE && kinds[1] !== MACHINE ? MANY : MACHINE, size, inlined: false };
      case "path/1":
        return { kind: MACHINE, size, inlined: false };
    }
  return { kind: worst(kinds) === SINGLE ? SINGLE : MACHINE, size, inlined: false };
}

/** Facts of a builtin that has a form of its own, if that form applies to the arguments. */
function fast(key: string, node: Call, environment: Environment, recursive: boolean): Facts | null {
  const form = fastForm(key);
  if (form === undefined) return null;
  const args = node.args.map((arg) => factsOf(arg, environment, recursive));
  const kind = form.kind(
    args.map((arg) => arg.kind),
    recursive,
    node,
  );
  if (kind === null) return null;
  return { kind, size: args.reduce((sum, arg) => sum + arg.size, 3), inlined: false };
}

/** Takes `size` from what may still be compiled into callers. */
function spend(environment: Environment, size: number): boolean {
  const { unit } = environment.copy;
  if (unit.budget < size) return false;
  unit.budget -= size;
  return true;
}

/** Facts of a call whose function is compiled into the caller, if it is small enough and does not call itself. */
export function inlined(
  node: Call,
  definition: FunctionDefinition,
  environment: Environment,
  recursive: boolean,
): Facts {
  const { copy } = environment;
  if (usageOf(definition).recursive || copy.depth >= MAX_INLINE_DEPTH || copy.unit.budget <= 0)
    return called(node, environment, recursive);
  const inside = insideOf(node, definition, environment);
  const { kind, size } = factsOf(bodyOf(definition), inside, recursive);
  if (size > MAX_INLINE_SIZE || !spend(environment, size)) return called(node, environment, recursive);
  return { kind, size: size + 1, inlined: true };
}

/** A call that is left to the machine; its arguments become closures. */
function called(node: Call, environment: Environment, recursive: boolean): Facts {
  let size = 2;
  for (const arg of node.args) size += factsOf(arg, environment, recursive).size;
  return { kind: MACHINE, size, inlined: false };
}
