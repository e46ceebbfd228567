import { JqError } from "../../errors.ts";
import type { Node, NodeOf } from "../../ast.ts";
import type { Json } from "../../value.ts";
import { subtract } from "../../values/arithmetic.ts";
import { getPath } from "../../values/paths.ts";
import { dumpForError } from "../../values/print.ts";
import type { Core } from "../builtins/lookup.ts";
import { type Code, follow, type Machine } from "../machine.ts";
import { held, hold, keysOf, Trail } from "../run.ts";
import { type Site, slotIn } from "../site.ts";
import { isOnTrail } from "./access.ts";
import { codeInOrder } from "./operators.ts";
import { keep, recall } from "./single.ts";

type Call = NodeOf<"call">;

/** What steers the machine, or follows paths. */
export function codeCore(core: Core | "getpath/1", node: Call, site: Site, paths: boolean, next: Code): Code {
  const [first, second] = node.args;
  switch (core) {
    case "empty/0":
      return (m) => m.back();
    case "path/1":
      return codePath(first as Node, site, next);
    case "range/2":
      return codeInOrder(node.args, site, ([from = 0, to = 0]) => range(from, to, next));
    case "_first/1":
      return codeFirst(first as Node, site, paths, next);
    case "_last/1":
      return codeLast(first as Node, site, paths, next);
    case "_limit/2":
      return codeLimit(first as Node, second as Node, site, paths, next);
    default:
      return codeGetPath(first as Node, site, next);
  }
}

/** The path that the machine has followed; an error when the value is not what it leads to. */
export function pathOf(m: Machine): Json[] {
  if (!isOnTrail(m.value, m.trail))
    throw new JqError(`Invalid path expression with result ${dumpForError(m.value)}`);
  const trail = m.trail as Trail;
  m.run.meter.spend(trail.length / 4);
  return keysOf(trail);
}

/** `path(body)` */
function codePath(body: Node, site: Site, next: Code): Code {
  const outside = slotIn(site);
  const followed = site.make.code(body, site, true, (m) => {
    m.value = pathOf(m);
    m.trail = held<Trail | null>(m.frame, outside);
    return next;
  });
  return (m) => {
    hold(m.frame, outside, m.trail);
    m.trail = new Trail(null, null, m.value);
    return followed;
  };
}

function range(from: number, to: number, next: Code): Code {
  const resume: Code = (m) => {
    const end = m.frame.slots[to] as number;
    const { count } = m;
    if (count + 1 < end) m.fork(resume, count + 1);
    m.value = count;
    return next;
  };
  return (m) => {
    const { slots } = m.frame;
    const start = slots[from];
    const end = slots[to];
    if (typeof start !== "number" || typeof end !== "number")
      throw new JqError("Range bounds must be numeric");
    if (!(start < end)) return m.back();
    m.count = start;
    return resume(m);
  };
}

/** The first output; what else the body could give is forgotten. */
function codeFirst(body: Node, site: Site, paths: boolean, next: Code): Code {
  const slot = slotIn(site);
  const code = site.make.code(body, site, paths, (m) => {
    m.cut(m.frame.slots[slot] as number);
    return next;
  });
  return (m) => {
    m.frame.slots[slot] = m.top;
    return code;
  };
}

const NONE = Symbol("none");

function codeLast(body: Node, site: Site, paths: boolean, next: Code): Code {
  const slot = slotIn(site);
  const code = site.make.code(body, site, paths, (m) => {
    m.frame.slots[slot] = m.value;
    return m.back();
  });
  const done: Code = (m) => {
    const last = held<Json | typeof NONE>(m.frame, slot);
    if (last === NONE) return m.back();
    m.value = last;
    return next;
  };
  return (m) => {
    hold(m.frame, slot, NONE);
    m.fork(done);
    return code;
  };
}

/** At most so many outputs; `count` is positive. */
function codeLimit(count: Node, body: Node, site: Site, paths: boolean, next: Code): Code {
  const input = slotIn(site);
  const left = slotIn(site);
  const top = slotIn(site);
  const code = site.make.code(body, site, paths, (m) => {
    const { slots } = m.frame;
    const rest = subtract(slots[left] ?? null, 1, m.run) as number;
    slots[left] = rest;
    if (rest <= 0) m.cut(slots[top] as number);
    return next;
  });
  const begin = recall(input, (m: Machine) => {
    m.frame.slots[top] = m.top;
    return code;
  });
  return keep(input, site.make.code(count, site, false, keep(left, begin)));
}

/** `getpath(path)` where a path is followed: goes all of it, if the value is on the path. */
function codeGetPath(path: Node, site: Site, next: Code): Code {
  const input = slotIn(site);
  return keep(
    input,
    site.make.code(path, site, false, (m) => {
      const keys = m.value;
      const from = m.frame.slots[input] ?? null;
      const found = getPath(from, keys, m.run);
      if (isOnTrail(from, m.trail)) {
        m.run.meter.items((keys as Json[]).length);
        for (const key of keys as Json[]) m.trail = follow(m.trail, key, found);
      }
      m.value = found;
      return next;
    }),
  );
}
