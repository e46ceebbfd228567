import { caught } from "../../errors.ts";
import type { Node, NodeOf } from "../../ast.ts";
import { type Json, truthy } from "../../value.ts";
import { iterate } from "../../values/access.ts";
import { hold } from "../run.ts";
import { facts, type Many, type Single, type Site, slotIn } from "../site.ts";
import { casesOf, choicesOf, operandsOf } from "../spine.ts";

/** A node with at most one output, handed on. */
const CHEAP = 4;
const NODES_PER_STEP = 4;

export function manyOfSingle(node: Node, site: Site, next: Many): Many {
  const single = site.make.single(node, site);
  const { size } = facts(node, site);
  if (size <= CHEAP)
    return (value, frame) => {
      const found = single(value, frame);
      return found === undefined ? false : next(found, frame);
    };
  // What is done for each output of what is before it, and costs more than the turn that brought it.
  const cost = (size - CHEAP) / NODES_PER_STEP;
  return (value, frame) => {
    const { meter } = frame.run;
    if ((meter.left -= cost) < 0) meter.spend(0);
    const found = single(value, frame);
    return found === undefined ? false : next(found, frame);
  };
}

export function manyComma(node: NodeOf<"comma">, site: Site, next: Many): Many {
  const branches = operandsOf(node).map((branch) => site.make.many(branch, site, next));
  return (value, frame) => {
    for (const branch of branches) if (branch(value, frame)) return true;
    return false;
  };
}

/** Hands on every item of the container that it is given. */
const itemsTo =
  (next: Many): Many =>
  (value, frame) => {
    const { run } = frame;
    const { meter } = run;
    for (const item of iterate(value, run)) {
      if (--meter.left < 0) meter.spend(0);
      if (next(item === undefined ? null : item, frame)) return true;
    }
    return false;
  };

export const manyIterate = (node: NodeOf<"iterate">, site: Site, next: Many): Many =>
  site.make.many(node.target, site, itemsTo(next));

/** `.[]?`: what has no items has no outputs. */
function manyOptionalItems(next: Many): Many {
  const items = itemsTo(next);
  return (value, frame) => (typeof value === "object" && value !== null ? items(value, frame) : false);
}

export function manyIf(node: NodeOf<"if">, site: Site, next: Many): Many {
  const { cases, otherwise } = casesOf(node);
  let code = otherwise === null ? next : site.make.many(otherwise, site, next);
  for (const { condition, outcome } of cases.reverse())
    code = choice(site.make.single(condition, site), site.make.many(outcome, site, next), code);
  return code;
}

const choice =
  (condition: Single, then: Many, otherwise: Many): Many =>
  (value, frame) => {
    const decision = condition(value, frame);
    if (decision === undefined) return false;
    return truthy(decision) ? then(value, frame) : otherwise(value, frame);
  };

/** `a // b // c`: all true outputs of the first choice that has any; of the last, all outputs. */
export function manyAlternative(node: NodeOf<"alternative">, site: Site, next: Many): Many {
  const choices = choicesOf(node);
  let code = site.make.many(choices.pop() as Node, site, next);
  for (const choice of choices.reverse()) code = orElse(choice, code, site, next);
  return code;
}

function orElse(first: Node, second: Many, site: Site, next: Many): Many {
  const slot = slotIn(site);
  const attempt = site.make.many(first, site, (value, frame) => {
    if (!truthy(value)) return false;
    frame.slots[slot] = true;
    return next(value, frame);
  });
  return (value, frame) => {
    frame.slots[slot] = false;
    if (attempt(value, frame)) return true;
    return (frame.slots[slot] as Json) === true ? false : second(value, frame);
  };
}

/** Errors of what comes after an output are not the body's: they pass. */
export function manyTry(node: NodeOf<"try">, site: Site, next: Many): Many {
  const { body } = node;
  if (node.handler === null && body.kind === "iterate" && body.target.kind === "identity")
    return manyOptionalItems(next);
  const slot = slotIn(site);
  const attempt = site.make.many(body, site, (value, frame) => {
    let stopped: boolean;
    try {
      stopped = next(value, frame);
    } catch (error) {
      hold(frame, slot, error);
      throw error;
    }
    return stopped;
  });
  const handler = node.handler === null ? null : site.make.many(node.handler, site, next);
  return (value, frame) => {
    let raised: Json;
    hold(frame, slot, null);
    try {
      return attempt(value, frame);
    } catch (error) {
      if ((frame.slots[slot] as unknown) === error) throw error;
      raised = caught(error, frame.run.meter);
    }
    return handler === null ? false : handler(raised, frame);
  };
}
