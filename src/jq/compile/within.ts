import type { Node } from "../ast.ts";
import type { Json } from "../value.ts";
import { MACHINE } from "./environment.ts";
import { machineOf, YIELD } from "./machine.ts";
import type { Frame } from "./run.ts";
import { facts, type Many, type Site } from "./site.ts";

/** Runs something that may have many outputs, from inside of code that has none of its own to give yet. */
export type Each = (value: Json, frame: Frame) => boolean;

/**
 * Hands every output of `node` to `sink`: as a plain loop, or on the machine where that is what the node needs.
 * The result says whether the sink asked to stop.
 */
export function eachOf(node: Node, site: Site, sink: Each): Many {
  if (facts(node, site).kind !== MACHINE) return site.make.many(node, site, sink);
  const code = site.make.code(node, site, false, YIELD);
  return (value, frame) => {
    let stopped = false;
    machineOf(frame).within(code, value, frame, null, (m) => {
      stopped = sink(m.value, frame);
      return stopped;
    });
    return stopped;
  };
}
