import type { NodeOf } from "../../ast.ts";
import { truthy } from "../../value.ts";
import { type Binder, patternsOf } from "../children.ts";
import { findLabel } from "../environment.ts";
import { breakError, type Code } from "../machine.ts";
import { outward } from "../run.ts";
import { type Site, slotIn, withName } from "../site.ts";
import { codeOptional, isAccess } from "./optional.ts";
import { codePatterns } from "./pattern.ts";
import { keep, recall } from "./single.ts";

export function codeIf(node: NodeOf<"if">, site: Site, paths: boolean, next: Code): Code {
  const input = slotIn(site);
  const then = site.make.code(node.then, site, paths, next);
  const otherwise = node.otherwise === null ? next : site.make.code(node.otherwise, site, paths, next);
  const decide: Code = (m) => {
    const decision = m.value;
    m.value = m.frame.slots[input] ?? null;
    return truthy(decision) ? then : otherwise;
  };
  return keep(input, site.make.code(node.condition, site, false, decide));
}

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

export function codeLabel(node: NodeOf<"label">, site: Site, paths: boolean, next: Code): Code {
  const slot = slotIn(site);
  const inside = withName(site, { kind: "label", name: node.name, layout: site.layout, slot });
  const body = site.make.code(node.body, inside, paths, next);
  return (m) => {
    const id = ++m.run.labels;
    m.frame.slots[slot] = id;
    m.label(id);
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

export function codeBind(node: NodeOf<"bind">, site: Site, paths: boolean, next: Code): Code {
  const input = slotIn(site);
  const patterns = codePatterns(node.patterns, site, paths, (inside) =>
    recall(input, site.make.code(node.body, inside, paths, next)),
  );
  return keep(input, site.make.code(node.source, site, false, patterns));
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
  const source = site.make.code(
    node.source,
    site,
    paths,
    codePatterns(patternsOf(node), site, paths, (inside) => {
      const update = turn(inside);
      return (m) => {
        const { slots } = m.frame;
        m.value = slots[state] ?? null;
        slots[state] = null;
        return update;
      };
    }),
  );
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
