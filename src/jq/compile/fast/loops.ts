import type { Node } from "../../ast.ts";
import { truthy } from "../../value.ts";
import { compare } from "../../values/order.ts";
import { type Kind, MACHINE, MANY, SINGLE } from "../environment.ts";
import { manyRecurse } from "../many/recurse.ts";
import { arithmetic } from "../operations.ts";
import type { Frame } from "../run.ts";
import { facts, type Many, type Single, type Site, turnCost } from "../site.ts";
import type { Call, FormEntry } from "./form.ts";

const allSingle = (kinds: readonly Kind[]): boolean => kinds.every((kind) => kind === SINGLE);
const plus = arithmetic["+"];

/** Makes sure that a loop ends: each turn costs what its body is worth. */
function turn(nodes: readonly Node[], site: Site): (frame: Frame) => void {
  const cost = turnCost(nodes.reduce((sum, node) => sum + facts(node, site).size, 0));
  return (frame) => {
    const { meter } = frame.run;
    if ((meter.left -= cost) < 0) meter.spend(0);
  };
}

/** `until(stop; next)` */
function until(node: Call, site: Site): Single {
  const [stop, next] = node.args.map((arg) => site.make.single(arg, site)) as [Single, Single];
  const pay = turn(node.args, site);
  return (value, frame) => {
    for (let at = value; ;) {
      pay(frame);
      const decision = stop(at, frame);
      if (decision === undefined) return undefined;
      if (truthy(decision)) return at;
      const after = next(at, frame);
      if (after === undefined) return undefined;
      at = after;
    }
  };
}

/** `while(go; next)` */
function whileGoing(node: Call, site: Site, next: Many): Many {
  const [go, step] = node.args.map((arg) => site.make.single(arg, site)) as [Single, Single];
  const pay = turn(node.args, site);
  return (value, frame) => {
    for (let at = value; ;) {
      pay(frame);
      const decision = go(at, frame);
      if (decision === undefined || !truthy(decision)) return false;
      if (next(at, frame)) return true;
      const after = step(at, frame);
      if (after === undefined) return false;
      at = after;
    }
  };
}

/** `repeat(f)`: the outputs of `f`, over and over. */
function repeat(node: Call, site: Site, next: Many): Many {
  const [body] = node.args as [Node];
  const outputs = site.make.many(body, site, next);
  const pay = turn(node.args, site);
  return (value, frame) => {
    for (;;) {
      pay(frame);
      if (outputs(value, frame)) return true;
    }
  };
}

/** `recurse(f)`: the value, then `f` of it, and so on. */
function recurse(node: Call, site: Site, next: Many): Many {
  const [step] = node.args.map((arg) => site.make.single(arg, site)) as [Single];
  const pay = turn(node.args, site);
  return (value, frame) => {
    for (let at = value; ;) {
      pay(frame);
      if (next(at, frame)) return true;
      const after = step(at, frame);
      if (after === undefined) return false;
      at = after;
    }
  };
}

/** `recurse(f; go)` */
function recurseWhile(node: Call, site: Site, next: Many): Many {
  const [step, go] = node.args.map((arg) => site.make.single(arg, site)) as [Single, Single];
  const pay = turn(node.args, site);
  return (value, frame) => {
    for (let at = value; ;) {
      pay(frame);
      if (next(at, frame)) return true;
      const after = step(at, frame);
      const decision = after === undefined ? undefined : go(after, frame);
      if (after === undefined || decision === undefined || !truthy(decision)) return false;
      at = after;
    }
  };
}

/** `range(from; to; by)`, of any type that can be compared and added, as in jq. */
function rangeBy(node: Call, site: Site, next: Many): Many {
  const [from, to, by] = node.args.map((arg) => site.make.single(arg, site)) as [Single, Single, Single];
  return (value, frame) => {
    const { run } = frame;
    const start = from(value, frame);
    const end = start === undefined ? undefined : to(value, frame);
    const step = end === undefined ? undefined : by(value, frame);
    if (start === undefined || end === undefined || step === undefined) return false;
    const direction = compare(step, 0, run);
    if (direction === 0) return false;
    for (let at = start; compare(at, end, run) * direction < 0; at = plus(at, step, run)) {
      if (--run.meter.left < 0) run.meter.spend(0);
      if (next(at, frame)) return true;
    }
    return false;
  };
}

const loop = (key: string, many: (node: Call, site: Site, next: Many) => Many): FormEntry => [
  key,
  { kind: (kinds) => (allSingle(kinds) ? MANY : null), many },
];

export const loops: readonly FormEntry[] = [
  ["until/2", { kind: (kinds) => (allSingle(kinds) ? SINGLE : null), single: until }],
  loop("while/2", whileGoing),
  ["repeat/1", { kind: ([kind]) => (kind === MACHINE ? null : MANY), many: repeat }],
  loop("recurse/1", recurse),
  loop("recurse/2", recurseWhile),
  loop("recurse/0", (_node, _site, next) => manyRecurse(next)),
  loop("range/3", rangeBy),
];
