import type { AssignmentOperator, Node, NodeOf } from "../../ast.ts";
import { type Json, truthy } from "../../value.ts";
import { deletePaths } from "../../values/paths.ts";
import { bodyOf, insideOf } from "../inline.ts";
import type { Editor } from "../editor.ts";
import { type BindingOf, findCallee, SINGLE } from "../environment.ts";
import type { Frame } from "../run.ts";
import { facts, type Single, type Site, withNames } from "../site.ts";
import { stagesOf } from "../spine.ts";
import { operationOf } from "./assign.ts";
import { singlePattern } from "./pattern.ts";

/** Changes a state in place; false: there is no output, and the state does not matter any more. */
export type Step = (editor: Editor, frame: Frame) => boolean;

/**
 * Can the update of a `reduce` change its state in place? If it consists of assignments and additions, in a row and
 * behind `if`. Nobody but the update sees the state, so such a loop costs what it changes. (Looks only: trying to make
 * the code and failing would take twice as long for every level of nesting.)
 */
export function isLinear(node: Node, site: Site): boolean {
  switch (node.kind) {
    case "identity":
      return true;
    case "assign":
      return node.target.kind === "index" && areKeysSingle(node.target, site) && isSingle(node.value, site);
    case "arithmetic":
      return node.operator === "+" && node.left.kind === "identity" && isSingle(node.right, site);
    case "pipe":
      return stagesOf(node).every((stage) => isLinear(stage, site));
    case "if":
      return (
        isSingle(node.condition, site) &&
        isLinear(node.then, site) &&
        (node.otherwise === null || isLinear(node.otherwise, site))
      );
    case "bind":
      return isSingle(node, site) && isLinear(node.body, site);
    case "call": {
      const callee = findCallee(site.environment, node.name, node.args.length);
      if (callee === null || callee.kind === "closure" || !facts(node, site).inlined) return false;
      return isLinear(...behind(node, callee, site));
    }
    default:
      return false;
  }
}

const isSingle = (node: Node, site: Site): boolean => facts(node, site).kind === SINGLE;

/** Is `target` `.a[$x].b`, each key with one output at most? */
function areKeysSingle(target: Node, site: Site): boolean {
  let at = target;
  for (; at.kind === "index"; at = at.target) if (!isSingle(at.index, site)) return false;
  return at.kind === "identity";
}

/** What a call that is compiled into its caller stands for, and where. */
const behind = (
  node: NodeOf<"call">,
  callee: BindingOf<"function"> | BindingOf<"argument">,
  site: Site,
): [Node, Site] =>
  callee.kind === "argument"
    ? [callee.node, withNames(site, callee.environment)]
    : [bodyOf(callee.definition), withNames(site, insideOf(node, callee.definition, site.environment))];

/** The code of an update for which `isLinear` holds. */
export function linearStep(node: Node, site: Site): Step {
  switch (node.kind) {
    case "identity":
      return () => true;
    case "assign":
      return assigned(node, site);
    case "arithmetic":
      return added(node.right, site);
    case "pipe":
      return inRow(stagesOf(node).map((stage) => linearStep(stage, site)));
    case "if":
      return decided(node, site);
    case "bind":
      return bound(node, site);
    case "call": {
      const callee = findCallee(site.environment, node.name, node.args.length);
      if (callee !== null && callee.kind !== "closure") return linearStep(...behind(node, callee, site));
      throw new Error(`${node.name} is not compiled into its caller`);
    }
    default:
      throw new Error(`${node.kind} does not change its input`);
  }
}

/** An expression on the state, after which no part of the state is seen from elsewhere, or everything is disowned. */
type Look = (editor: Editor, frame: Frame) => Json | undefined;

function look(node: Node, site: Site): Look {
  const single = site.make.single(node, site);
  const safe = isApart(node);
  return (editor, frame) => {
    const found = single(editor.result(), frame);
    if (!safe && typeof found === "object" && found !== null) editor.disown();
    return found;
  };
}

/** Is the value of `node` certain to hold nothing of its input? Variables were looked at when they were bound. */
function isApart(node: Node): boolean {
  switch (node.kind) {
    case "literal":
    case "variable":
    case "string":
    case "comparison":
      return true;
    case "index":
      return isApart(node.target);
    case "array":
      return node.body === null || isApart(node.body);
    case "object":
      return node.entries.every((entry) => isApart(entry.value));
    case "comma":
      return isApart(node.left) && isApart(node.right);
    case "pipe":
      return isApart(node.left);
    default:
      return false;
  }
}

/** The keys of `.a[$x].b`, each computed on the state. */
function keysOf(target: Node, site: Site): Single[] {
  const keys: Single[] = [];
  for (let at = target; at.kind === "index"; at = at.target) keys.push(site.make.single(at.index, site));
  return keys.reverse();
}

function assigned(node: NodeOf<"assign">, site: Site): Step {
  const keys = keysOf(node.target, site);
  const change = node.operator === "|=" ? updated(node.value, site) : replaced(node, node.operator, site);
  return (editor, frame) => change(editor, frame, () => pathOf(keys, editor.result(), frame));
}

/** The keys' values, the last one computed first, as in jq. */
function pathOf(keys: readonly Single[], state: Json, frame: Frame): Json[] | undefined {
  const path: Json[] = Array.from({ length: keys.length });
  for (let i = keys.length - 1; i >= 0; i--) {
    const key = (keys[i] as Single)(state, frame);
    if (key === undefined) return undefined;
    path[i] = key;
  }
  return path;
}

type Change = (editor: Editor, frame: Frame, pathOf: () => Json[] | undefined) => boolean;

function replaced(node: NodeOf<"assign">, operator: Exclude<AssignmentOperator, "|=">, site: Site): Change {
  const value = look(node.value, site);
  const operation = operationOf(operator);
  return (editor, frame, pathOf) => {
    const right = value(editor, frame);
    if (right === undefined) return false;
    const path = pathOf();
    if (path !== undefined) editor.set(path, operation(editor.get(path), right, frame.run));
    return true;
  };
}

function updated(value: Node, site: Site): Change {
  const update = site.make.single(value, site);
  return (editor, frame, pathOf) => {
    const path = pathOf();
    if (path === undefined) return true;
    const after = update(editor.get(path), frame);
    if (after === undefined) editor.replace(deletePaths(editor.result(), [path], frame.run));
    else editor.set(path, after);
    return true;
  };
}

function added(right: Node, site: Site): Step {
  const value = look(right, site);
  return (editor, frame) => {
    const more = value(editor, frame);
    if (more === undefined) return false;
    editor.add(more);
    return true;
  };
}

const inRow =
  (steps: readonly Step[]): Step =>
  (editor, frame) =>
    steps.every((step) => step(editor, frame));

function decided(node: NodeOf<"if">, site: Site): Step {
  const condition = site.make.single(node.condition, site);
  const outcome = linearStep(node.then, site);
  const otherwise: Step = node.otherwise === null ? () => true : linearStep(node.otherwise, site);
  return (editor, frame) => {
    const decision = condition(editor.result(), frame);
    if (decision === undefined) return false;
    return truthy(decision) ? outcome(editor, frame) : otherwise(editor, frame);
  };
}

function bound(node: NodeOf<"bind">, site: Site): Step {
  const source = look(node.source, site);
  const [pattern] = node.patterns;
  if (pattern === undefined) throw new Error("No pattern");
  const { bind, inside } = singlePattern(pattern, site);
  const body = linearStep(node.body, inside);
  return (editor, frame) => {
    const found = source(editor, frame);
    return found !== undefined && bind(found, frame) && body(editor, frame);
  };
}
