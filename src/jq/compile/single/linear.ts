import type { Node, NodeOf } from "../../ast.ts";
import { type Json, truthy } from "../../value.ts";
import { deletePaths } from "../../values/paths.ts";
import { bodyOf, insideOf } from "../inline.ts";
import type { Editor } from "../editor.ts";
import { findCallee, SINGLE } from "../environment.ts";
import type { Frame } from "../run.ts";
import { facts, type Single, type Site, withNames } from "../site.ts";
import { stagesOf } from "../spine.ts";
import { operationOf } from "./assign.ts";
import { singlePattern } from "./pattern.ts";

/** Changes a state in place; false: there is no output, and the state does not matter any more. */
export type Step = (editor: Editor, frame: Frame) => boolean;

/**
 * The update of a `reduce` as a change of its state in place; null when it has not the form of one: assignments,
 * additions, and those behind `if` and in a row. Nobody but the update sees the state, so this makes the loop linear.
 */
export function linearStep(node: Node, site: Site): Step | null {
  switch (node.kind) {
    case "identity":
      return () => true;
    case "assign":
      return assigned(node, site);
    case "arithmetic":
      return node.operator === "+" && node.left.kind === "identity" ? added(node.right, site) : null;
    case "pipe":
      return inRow(stagesOf(node), site);
    case "if":
      return decided(node, site);
    case "bind":
      return bound(node, site);
    case "call":
      return called(node, site);
    default:
      return null;
  }
}

/** An expression on the state, after which no part of the state is seen from elsewhere, or everything is disowned. */
type Look = (editor: Editor, frame: Frame) => Json | undefined;

function look(node: Node, site: Site): Look | null {
  if (facts(node, site).kind !== SINGLE) return null;
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
function keysOf(target: Node, site: Site): Single[] | null {
  const keys: Single[] = [];
  let at = target;
  for (; at.kind === "index"; at = at.target) {
    if (facts(at.index, site).kind !== SINGLE) return null;
    keys.push(site.make.single(at.index, site));
  }
  return at.kind === "identity" ? keys.reverse() : null;
}

function assigned(node: NodeOf<"assign">, site: Site): Step | null {
  const keys = keysOf(node.target, site);
  if (keys === null || keys.length === 0) return null;
  const change = node.operator === "|=" ? updated(node.value, site) : replaced(node, site);
  if (change === null) return null;
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

function replaced(node: NodeOf<"assign">, site: Site): Change | null {
  const value = look(node.value, site);
  if (value === null || node.operator === "|=") return null;
  const operation = operationOf(node.operator);
  return (editor, frame, pathOf) => {
    const right = value(editor, frame);
    if (right === undefined) return false;
    const path = pathOf();
    if (path !== undefined) editor.set(path, operation(editor.get(path), right, frame.run));
    return true;
  };
}

function updated(value: Node, site: Site): Change | null {
  if (facts(value, site).kind !== SINGLE) return null;
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

function added(right: Node, site: Site): Step | null {
  const value = look(right, site);
  if (value === null) return null;
  return (editor, frame) => {
    const more = value(editor, frame);
    if (more === undefined) return false;
    editor.add(more);
    return true;
  };
}

function inRow(stages: readonly Node[], site: Site): Step | null {
  const steps: Step[] = [];
  for (const stage of stages) {
    const step = linearStep(stage, site);
    if (step === null) return null;
    steps.push(step);
  }
  return (editor, frame) => steps.every((step) => step(editor, frame));
}

function decided(node: NodeOf<"if">, site: Site): Step | null {
  if (facts(node.condition, site).kind !== SINGLE) return null;
  const condition = site.make.single(node.condition, site);
  const then = linearStep(node.then, site);
  const otherwise = node.otherwise === null ? () => true : linearStep(node.otherwise, site);
  if (then === null || otherwise === null) return null;
  return (editor, frame) => {
    const decision = condition(editor.result(), frame);
    if (decision === undefined) return false;
    return truthy(decision) ? then(editor, frame) : otherwise(editor, frame);
  };
}

function bound(node: NodeOf<"bind">, site: Site): Step | null {
  const [pattern] = node.patterns;
  if (pattern === undefined || facts(node, site).kind !== SINGLE) return null;
  const source = look(node.source, site);
  if (source === null) return null;
  const { bind, inside } = singlePattern(pattern, site);
  const body = linearStep(node.body, inside);
  if (body === null) return null;
  return (editor, frame) => {
    const found = source(editor, frame);
    return found !== undefined && bind(found, frame) && body(editor, frame);
  };
}

/** A function of the program that is compiled into its caller, or an argument of one. */
function called(node: NodeOf<"call">, site: Site): Step | null {
  const callee = findCallee(site.environment, node.name, node.args.length);
  if (callee === null || !facts(node, site).inlined) return null;
  if (callee.kind === "argument") return linearStep(callee.node, withNames(site, callee.environment));
  if (callee.kind !== "function") return null;
  const inside = insideOf(node, callee.definition, site.environment);
  return linearStep(bodyOf(callee.definition), withNames(site, inside));
}
