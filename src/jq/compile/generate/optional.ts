import { caught } from "../../errors.ts";
import type { Node, NodeOf } from "../../ast.ts";
import type { Json } from "../../value.ts";
import { index } from "../../values/access.ts";
import { dumpForError } from "../../values/print.ts";
import { type Code, follow, type Machine } from "../machine.ts";
import type { Site } from "../site.ts";
import { checkTrail, codeIterate } from "./access.ts";

/** `.[]`, `.a` or `.[$x]` of the input itself. */
export type Access = NodeOf<"iterate"> | NodeOf<"index">;

/** Is `node` what stands before the `?` of an optional access? Its key, if it is computed, has been so before. */
export const isAccess = (node: Node): node is Access =>
  (node.kind === "iterate" && node.target.kind === "identity") ||
  (node.kind === "index" &&
    node.target.kind === "identity" &&
    (node.index.kind === "literal" || node.index.kind === "variable"));

/**
 * `.[]?`, `.a?`: without a `try`, since raising and catching an error takes twenty times as long as looking. That a path
 * was left before is an error all the same, as in jq.
 */
export function codeOptional(node: Access, site: Site, paths: boolean, next: Code): Code {
  if (node.kind === "iterate") {
    const items = codeIterate(node, site, paths, next);
    return (m) => {
      if (paths) checkTrail(m, () => "iterate through");
      return typeof m.value === "object" && m.value !== null ? items : m.back();
    };
  }
  const key = site.make.single(node.index, site);
  return (m) => {
    const name = key(m.value, m.frame) ?? null;
    if (paths) checkTrail(m, () => `access element ${dumpForError(name)} of`);
    const found = lookUp(m, name);
    if (found === undefined) return m.back();
    m.value = found;
    if (paths) m.trail = follow(m.trail, name, found);
    return next;
  };
}

/** The value under `key`; `undefined` when there cannot be one. */
function lookUp(m: Machine, key: Json): Json | undefined {
  const { value } = m;
  // The usual case that cannot be: a name of what has no fields.
  if (typeof key === "string" && value !== null && (typeof value !== "object" || Array.isArray(value)))
    return undefined;
  try {
    return index(value, key, m.run);
  } catch (error) {
    caught(error, m.run.meter);
    return undefined;
  }
}
