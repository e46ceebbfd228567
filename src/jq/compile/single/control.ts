import { caught } from "../../errors.ts";
import type { Node, NodeOf } from "../../ast.ts";
import { type Json, truthy } from "../../value.ts";
import { patternsOf } from "../children.ts";
import { breakError, isBreakOf } from "../machine.ts";
import { Editor } from "../editor.ts";
import { type Frame, held, hold, outward } from "../run.ts";
import { findLabel } from "../environment.ts";
import { facts, type Single, type Site, slotIn, turnCost, withName } from "../site.ts";
import { casesOf, choicesOf, linksOf } from "../spine.ts";
import { withDefinition } from "../template.ts";
import { eachOf } from "../within.ts";
import { isLinear, linearStep, type Step } from "./linear.ts";
import { optionalField } from "./access.ts";
import { singlePattern } from "./pattern.ts";

/** `a | b as $x | c`: every link is a step from value to value; a binding leaves it as it is. */
export function singleLinks(node: Node, site: Site): Single {
  let inside = site;
  const steps: Single[] = [];
  for (const link of linksOf(node, false)) {
    if (link.kind === "stage") steps.push(site.make.single(link.node, inside));
    else if (link.node.kind === "define") inside = withDefinition(link.node, inside);
    else if (link.node.kind === "label") steps.push(labelled(link.node, inside));
    else {
      const bound = binding(link.node, inside);
      steps.push(bound.step);
      inside = bound.inside;
    }
  }
  return inOrder(steps);
}

function inOrder(steps: readonly Single[]): Single {
  const [first, second, third] = steps;
  if (steps.length === 1 && first !== undefined) return first;
  if (steps.length === 2 && first !== undefined && second !== undefined)
    return (value, frame) => {
      const between = first(value, frame);
      return between === undefined ? undefined : second(between, frame);
    };
  if (steps.length === 3 && first !== undefined && second !== undefined && third !== undefined)
    return (value, frame) => {
      const one = first(value, frame);
      const two = one === undefined ? undefined : second(one, frame);
      return two === undefined ? undefined : third(two, frame);
    };
  // The text bounds a chain, but a loop may go through it many times.
  const cost = steps.length >> 1;
  return (value, frame) => {
    const { meter } = frame.run;
    if ((meter.left -= cost) < 0) meter.spend(0);
    let result: Json | undefined = value;
    for (const step of steps) {
      result = step(result, frame);
      if (result === undefined) return undefined;
    }
    return result;
  };
}

/** `source as $x` */
function binding(node: NodeOf<"bind">, site: Site): { step: Single; inside: Site } {
  const source = site.make.single(node.source, site);
  const [pattern] = patternsOf(node);
  if (pattern === undefined) throw new Error("No pattern");
  const { bind, inside } = singlePattern(pattern, site);
  const step: Single = (value, frame) => {
    const found = source(value, frame);
    return found !== undefined && bind(found, frame) ? value : undefined;
  };
  return { step, inside };
}

/** `a // b`: what is false or null, or no output at all, is passed over; errors are not. */
export function singleAlternative(node: NodeOf<"alternative">, site: Site): Single {
  const choices = choicesOf(node).map((choice) => site.make.single(choice, site));
  const last = choices.pop() as Single;
  const [only] = choices;
  if (choices.length === 1 && only !== undefined)
    return (value, frame) => {
      const found = only(value, frame);
      return found !== undefined && truthy(found) ? found : last(value, frame);
    };
  return (value, frame) => {
    for (const choice of choices) {
      const found = choice(value, frame);
      if (found !== undefined && truthy(found)) return found;
    }
    return last(value, frame);
  };
}

export function singleIf(node: NodeOf<"if">, site: Site): Single {
  const parts = casesOf(node);
  const cases = parts.cases.map(({ condition, outcome }) => ({
    condition: site.make.single(condition, site),
    outcome: site.make.single(outcome, site),
  }));
  const otherwise: Single = parts.otherwise === null ? itself : site.make.single(parts.otherwise, site);
  const [only] = cases;
  if (cases.length === 1 && only !== undefined) {
    const { condition, outcome } = only;
    return (value, frame) => {
      const decision = condition(value, frame);
      if (decision === undefined) return undefined;
      return truthy(decision) ? outcome(value, frame) : otherwise(value, frame);
    };
  }
  return (value, frame) => {
    for (const { condition, outcome } of cases) {
      const decision = condition(value, frame);
      if (decision === undefined) return undefined;
      if (truthy(decision)) return outcome(value, frame);
    }
    return otherwise(value, frame);
  };
}

const itself: Single = (value) => value;

/** Errors of the body go to the handler; without one they are dropped. Limits are nobody's to catch. */
export function singleTry(node: NodeOf<"try">, site: Site): Single {
  const { body } = node;
  if (
    node.handler === null &&
    body.kind === "index" &&
    body.target.kind === "identity" &&
    body.index.kind === "literal" &&
    typeof body.index.value === "string"
  )
    return optionalField(body.index.value);
  const attempt = site.make.single(body, site);
  const handler: Single = node.handler === null ? () => undefined : site.make.single(node.handler, site);
  return (value, frame) => {
    let raised: Json;
    try {
      return attempt(value, frame);
    } catch (error) {
      raised = caught(error, frame.run.meter);
    }
    return handler(raised, frame);
  };
}

/** `label $x | body` */
function labelled(node: NodeOf<"label">, site: Site): Single {
  const slot = slotIn(site);
  const inside = withName(site, { kind: "label", name: node.name, layout: site.layout, slot });
  const body = site.make.single(node.body, inside);
  return (value, frame) => {
    const id = ++frame.run.labels;
    frame.slots[slot] = id;
    try {
      return body(value, frame);
    } catch (error) {
      if (!isBreakOf(error, id)) throw error;
      caught(error, frame.run.meter);
      return undefined;
    }
  };
}

/** `break $x`: an error that only its label knows what to do with. */
export function singleBreak(node: NodeOf<"break">, site: Site): Single {
  const label = findLabel(site.environment, node.name);
  if (label === null) throw new Error(`No label ${node.name}`);
  const level = site.layout.level - label.layout.level;
  return (_value, frame) => {
    throw breakError(outward(frame, level).slots[label.slot] as number);
  };
}

/** `reduce source as $x (init; update)`: the last output of `update` counts; without one, null. */
export function singleReduce(node: NodeOf<"reduce">, site: Site): Single {
  const init = site.make.single(node.init, site);
  const { bind, inside } = singlePattern(node.pattern, site);
  const cost = turnCost(facts(node.update, inside).size);
  const loop = isLinear(node.update, inside)
    ? edited(linearStep(node.update, inside), site)
    : replaced(node.update, inside);
  const run = eachOf(node.source, site, (value, frame) => {
    const { meter } = frame.run;
    if ((meter.left -= cost) < 0) meter.spend(0);
    if (bind(value, frame)) loop.turn(frame);
    return false;
  });
  return (value, frame) => {
    const start = init(value, frame);
    if (start === undefined) return undefined;
    loop.begin(frame, start);
    run(value, frame);
    return loop.end(frame);
  };
}

/** How a loop keeps its state. */
interface Loop {
  begin(frame: Frame, start: Json): void;
  turn(frame: Frame): void;
  end(frame: Frame): Json | undefined;
}

/** The state is a value, each turn makes another one. */
function replaced(update: Node, site: Site): Loop {
  const slot = slotIn(site);
  const turn = eachOf(update, site, (value, frame) => {
    frame.slots[slot] = value;
    return false;
  });
  return {
    begin: (frame, start) => {
      frame.slots[slot] = start;
    },
    turn: (frame) => {
      const before = frame.slots[slot] ?? null;
      frame.slots[slot] = null;
      turn(before, frame);
    },
    end: (frame) => frame.slots[slot],
  };
}

/** The state is changed in place. */
function edited(step: Step, site: Site): Loop {
  const slot = slotIn(site);
  return {
    begin: (frame, start) => hold(frame, slot, new Editor(start, frame.run)),
    turn: (frame) => {
      const editor = held<Editor>(frame, slot);
      if (!step(editor, frame)) editor.replace(null);
    },
    end: (frame) => held<Editor>(frame, slot).result(),
  };
}
