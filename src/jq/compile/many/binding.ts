import type { NodeOf } from "../../ast.ts";
import type { Json } from "../../value.ts";
import { patternsOf } from "../children.ts";
import { hold, held } from "../run.ts";
import { singlePattern } from "../single/pattern.ts";
import { facts, type Many, type Site, slotIn, turnCost } from "../site.ts";

/** `source as $x | body` */
export function manyBind(node: NodeOf<"bind">, site: Site, next: Many): Many {
  const slot = slotIn(site);
  const [pattern] = patternsOf(node);
  if (pattern === undefined) throw new Error("No pattern");
  const { bind, inside } = singlePattern(pattern, site);
  const body = site.make.many(node.body, inside, next);
  const source = site.make.many(node.source, site, (found, frame) =>
    bind(found, frame) ? body(held<Json>(frame, slot), frame) : false,
  );
  return (value, frame) => {
    hold(frame, slot, value);
    return source(value, frame);
  };
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
