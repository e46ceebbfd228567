import type { Node, NodeOf } from "../../ast.ts";
import { caught } from "../../errors.ts";
import { patternsOf } from "../children.ts";
import { singlePattern } from "../single/pattern.ts";
import { isBreakOf } from "../machine.ts";
import { facts, type Many, type Site, slotIn, turnCost, withName } from "../site.ts";
import { linksOf } from "../spine.ts";
import { withDefinition } from "../template.ts";

/** Makes the code of a link, when that of the rest is there. */
type Linked = (next: Many) => Many;

/** `a | b as $x | c`: names from the front to the end, code from the end to the front. */
export function manyLinks(node: Node, site: Site, next: Many): Many {
  let inside = site;
  const makers: Linked[] = [];
  for (const link of linksOf(node)) {
    const around = inside;
    if (link.kind === "stage") makers.push((after) => site.make.many(link.node, around, after));
    else if (link.node.kind === "define") inside = withDefinition(link.node, around);
    else {
      const made = link.node.kind === "label" ? labelled(link.node, around) : bound(link.node, around);
      makers.push(made.link);
      ({ inside } = made);
    }
  }
  return makers.reduceRight((after, link) => link(after), next);
}

/** `source as $x | …` */
function bound(node: NodeOf<"bind">, site: Site): { link: Linked; inside: Site } {
  const [pattern] = patternsOf(node);
  if (pattern === undefined) throw new Error("No pattern");
  const { bind, inside } = singlePattern(pattern, site);
  const slot = slotIn(site);
  const link: Linked = (body) => {
    const source = site.make.many(node.source, site, (found, frame) =>
      bind(found, frame) ? body(frame.slots[slot] ?? null, frame) : false,
    );
    return (value, frame) => {
      frame.slots[slot] = value;
      return source(value, frame);
    };
  };
  return { link, inside };
}

/** `label $x | …` */
function labelled(node: NodeOf<"label">, site: Site): { link: Linked; inside: Site } {
  const slot = slotIn(site);
  const inside = withName(site, { kind: "label", name: node.name, layout: site.layout, slot });
  const link: Linked = (body) => (value, frame) => {
    const id = ++frame.run.labels;
    frame.slots[slot] = id;
    try {
      return body(value, frame);
    } catch (error) {
      if (!isBreakOf(error, id)) throw error;
      caught(error, frame.run.meter);
      return false;
    }
  };
  return { link, inside };
}

/** `foreach source as $x (init; update; extract)` */
export function manyForeach(node: NodeOf<"foreach">, site: Site, next: Many): Many {
  const init = site.make.single(node.init, site);
  const slot = slotIn(site);
  const { bind, inside } = singlePattern(node.pattern, site);
  const extract = node.extract === null ? next : site.make.many(node.extract, inside, next);
  const cost = turnCost(facts(node.update, inside).size);
  const update = site.make.many(node.update, inside, (state, frame) => {
    frame.slots[slot] = state;
    return extract(state, frame);
  });
  const source = site.make.many(node.source, site, (item, frame) => {
    const { meter } = frame.run;
    if ((meter.left -= cost) < 0) meter.spend(0);
    if (!bind(item, frame)) return false;
    const before = frame.slots[slot] ?? null;
    frame.slots[slot] = null;
    return update(before, frame);
  });
  return (value, frame) => {
    const start = init(value, frame);
    if (start === undefined) return false;
    frame.slots[slot] = start;
    return source(value, frame);
  };
}
