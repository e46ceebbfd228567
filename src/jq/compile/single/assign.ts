import type { AssignmentOperator, Node, NodeOf } from "../../ast.ts";
import { type Json, type JsonObject, truthy } from "../../value.ts";
import { copyObject } from "../../values/objects.ts";
import { deletePaths, getPath, setPath } from "../../values/paths.ts";
import { Editor } from "../editor.ts";
import { SINGLE } from "../environment.ts";
import { pathOf } from "../generate/core.ts";
import { machineOf, YIELD } from "../machine.ts";
import { arithmetic, type Operation } from "../operations.ts";
import { type Frame, Trail } from "../run.ts";
import { facts, type Single, type Site, slotIn } from "../site.ts";
import { eachOf } from "../within.ts";

/** What an update puts in place of a value; `undefined`: the value is deleted. */
export type Update = (before: Json, frame: Frame) => Json | undefined;

/** `.a["b"][0]`: the keys, when all of them are known and go forward; null: the paths have to be followed. */
export function constantPath(node: Node): Json[] | null {
  const keys: Json[] = [];
  let at = node;
  for (; at.kind === "index"; at = at.target) {
    if (at.index.kind !== "literal") return null;
    const { value } = at.index;
    if (typeof value !== "string" && typeof value !== "number") return null;
    keys.push(value);
  }
  return at.kind === "identity" ? keys.reverse() : null;
}

export function singleAssign(node: NodeOf<"assign">, site: Site): Single {
  const change = changer(node.target, site);
  if (node.operator === "|=") return byUpdate(node.target, node.value, change, site);
  const operation = operationOf(node.operator);
  const operand = site.make.single(node.value, site);
  return (value, frame) => {
    const right = operand(value, frame);
    if (right === undefined) return undefined;
    return change(value, frame, (before) => operation(before, right, frame.run));
  };
}

/** What `a op= b` puts in place of `a`. */
export function operationOf(operator: Exclude<AssignmentOperator, "|=">): Operation {
  if (operator === "=") return (_before, right) => right;
  if (operator === "//=") return (before, right) => (truthy(before) ? before : right);
  return arithmetic[operator.slice(0, 1) as keyof typeof arithmetic];
}

/** Applies an update at all paths of an expression. */
type Change = (value: Json, frame: Frame, update: Update) => Json;

function changer(target: Node, site: Site): Change {
  const path = constantPath(target);
  if (path !== null)
    return (value, frame, update) => {
      const after = update(getPath(value, path, frame.run), frame);
      return after === undefined
        ? deletePaths(value, [path], frame.run)
        : setPath(value, path, after, frame.run);
    };
  const code = site.make.code(target, site, true, YIELD);
  return (value, frame, update) => {
    const editor = new Editor(value, frame.run);
    const deleted: Json[] = [];
    machineOf(frame).within(code, value, frame, new Trail(null, null, value), (m) => {
      const at = pathOf(m);
      const after = update(editor.get(at), frame);
      if (after === undefined) deleted.push(at);
      else editor.set(at, after);
      return false;
    });
    return deleted.length === 0 ? editor.result() : deletePaths(editor.result(), deleted, frame.run);
  };
}

/** `target |= update`: the first output counts; without one, the place is deleted. */
function byUpdate(target: Node, update: Node, change: Change, site: Site): Single {
  const apply = firstOf(update, site);
  if (target.kind === "iterate" && target.target.kind === "identity") {
    return (value, frame) =>
      typeof value === "object" && value !== null
        ? mapItems(value, frame, apply)
        : change(value, frame, apply);
  }
  return (value, frame) => change(value, frame, apply);
}

/** The first output of a node. */
export function firstOf(node: Node, site: Site): Update {
  if (facts(node, site).kind === SINGLE) return site.make.single(node, site);
  const slot = slotIn(site);
  const run = eachOf(node, site, (value, frame) => {
    frame.slots[slot] = value;
    return true;
  });
  return (value, frame) => (run(value, frame) ? frame.slots[slot] : undefined);
}

/** `.[] |= f`, `map_values(f)` */
export function mapItems(value: Json[] | JsonObject, frame: Frame, update: Update): Json {
  const { meter } = frame.run;
  if (Array.isArray(value)) {
    const items: Json[] = [];
    for (const item of value) {
      if (--meter.left < 0) meter.spend(0);
      const after = update(item === undefined ? null : item, frame);
      if (after !== undefined) items.push(after);
    }
    return items;
  }
  const copy = copyObject(value, frame.run);
  for (const key of Object.keys(value)) {
    if (--meter.left < 0) meter.spend(0);
    const item = value[key];
    const after = item === undefined ? undefined : update(item, frame);
    if (after === undefined) delete copy[key];
    else copy[key] = after;
  }
  return copy;
}
