import type { Node, NodeOf } from "../../ast.ts";
import { truthy } from "../../value.ts";
import { type Binder, patternsOf } from "../children.ts";
import { findLabel } from "../environment.ts";
import { breakError, type Code } from "../machine.ts";
import { outward } from "../run.ts";
import { type Site, slotIn, withName } from "../site.ts";
import { casesOf, linksOf } from "../spine.ts";
import { withDefinition } from "../template.ts";
import { codeOptional, isAccess } from "./optional.ts";
import { codePatterns } from "./pattern.ts";
import { keep, recall } from "./single.ts";

export function codeIf(node: NodeOf<"if">, site: Site, paths: boolean, next: Code): Code {
  const input = slotIn(site);
  const { cases, otherwise } = casesOf(node);
  let code = otherwise === null ? next : site.make.code(otherwise, site, paths, next);
  for (const { condition, outcome } of cases.reverse())
    code = site.make.code(
      condition,
      site,
      false,
      choice(input, site.make.code(outcome, site, paths, next), code),
    );
  return keep(input, code);
}

const choice =
  (input: number, then: Code, otherwise: Code): Code =>
  (m) => {
    const decision = m.value;
    m.value = m.frame.slots[input] ?? null;
    return truthy(decision) ? then : otherwise;
  };

export function codeTry(node: NodeOf<"try">, site: Site, paths: boolean, next: Code): Code {
  if (node.handler === null && isAccess(node.body)) return codeOptional(node.body, site, paths, next);
  const handler: Code =
    node.handler === null ? (m) => m.back() : site.make.code(node.handler, site, paths, next);
  const body = site.make.code(node.body, site, paths, (m) => {
    m.tried();
    return next;
  });
  return (m) => {
    m.attempt(handler);
    return body;
  };
}

export function codeBreak(node: NodeOf<"break">, site: Site): Code {
  const label = findLabel(site.environment, node.name);
  if (label === null) throw new Error(`No label ${node.name}`);
  const level = site.layout.level - label.layout.level;
  return (m) => {
    throw breakError(outward(m.frame, level).slots[label.slot] as number);
  };
}

/** Makes the code of a link, when that of the rest is there. */
type Linked = (next: Code) => Code;

/** `a | b as $x | c`: names from the front to the end, code from the end to the front. */
export function codeLinks(node: Node, site: Site, paths: boolean, next: Code): Code {
  let inside = site;
  const makers: Linked[] = [];
  for (const link of linksOf(node)) {
    const around = inside;
    if (link.kind === "stage") makers.push((after) => site.make.code(link.node, around, paths, after));
    else if (link.node.kind === "define") inside = withDefinition(link.node, around);
    else {
      const made = link.node.kind === "label" ? labelled(link.node, around) : bound(link.node, around, paths);
      makers.push(made.link);
      ({ inside } = made);
    }
  }
  return makers.reduceRight((after, link) => link(after), next);
}

/** `source as $x | …` */
function bound(node: NodeOf<"bind">, site: Site, paths: boolean): { link: Linked; inside: Site } {
  const input = slotIn(site);
  const patterns = codePatterns(node.patterns, site, paths);
  const link: Linked = (next) =>
    keep(input, site.make.code(node.source, site, false, patterns.code(recall(input, next))));
  return { link, inside: patterns.inside };
}

/** `label $x | …` */
function labelled(node: NodeOf<"label">, site: Site): { link: Linked; inside: Site } {
  const slot = slotIn(site);
  const inside = withName(site, { kind: "label", name: node.name, layout: site.layout, slot });
  const link: Linked = (next) => (m) => {
    const id = ++m.run.labels;
    m.frame.slots[slot] = id;
    m.label(id);
    return next;
  };
  return { link, inside };
}

/** The part that `reduce` and `foreach` share: starts with `init`, then goes through the source. */
function loop(
  node: Extract<Binder, { kind: "reduce" | "foreach" }>,
  site: Site,
  paths: boolean,
  state: number,
  turn: (inside: Site) => Code,
): { init: (source: Code) => Code; source: Code; input: number } {
  const input = slotIn(site);
  const patterns = codePatterns(patternsOf(node), site, paths);
  const update = turn(patterns.inside);
  const begin: Code = (m) => {
    const { slots } = m.frame;
    m.value = slots[state] ?? null;
    slots[state] = null;
    return update;
  };
  const source = site.make.code(node.source, site, paths, patterns.code(begin));
  return {
    init: (begin) => keep(input, site.make.code(node.init, site, paths, keep(state, recall(input, begin)))),
    source,
    input,
  };
}

export function codeReduce(node: NodeOf<"reduce">, site: Site, paths: boolean, next: Code): Code {
  const state = slotIn(site);
  const { init, source, input } = loop(node, site, paths, state, (inside) =>
    site.make.code(node.update, inside, paths, (m) => {
      m.frame.slots[state] = m.value;
      return m.back();
    }),
  );
  const done = recall(state, next);
  return init((m) => {
    m.fork(done);
    // After the first output of `init`, the source gets null: so it is in every jq, to save a reference.
    m.frame.slots[input] = null;
    return source;
  });
}

export function codeForeach(node: NodeOf<"foreach">, site: Site, paths: boolean, next: Code): Code {
  const state = slotIn(site);
  const { init, source } = loop(node, site, paths, state, (inside) => {
    const extract = node.extract === null ? next : site.make.code(node.extract, inside, paths, next);
    return site.make.code(node.update, inside, paths, keep(state, extract));
  });
  return init(source);
}
