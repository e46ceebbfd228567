import type { Node } from "../../ast.ts";
import { add } from "../../values/arithmetic.ts";
import { capturesOf, replaceEach } from "../builtins/matches.ts";
import { findBuiltin } from "../builtins/lookup.ts";
import { SINGLE } from "../environment.ts";
import type { Single, Site } from "../site.ts";
import type { Call, FormEntry } from "./form.ts";

/** `sub` and `gsub`, where expression, replacement and flags have one output each. */
function substitute(node: Call, site: Site, all: boolean): Single {
  const [first, second, third] = node.args as [Node, Node, Node | undefined];
  const expression = site.make.single(first, site);
  const replacement = site.make.single(second, site);
  const flags = third === undefined ? null : site.make.single(third, site);
  const builtin = findBuiltin("_match_impl/3");
  if (builtin?.kind !== "native" || builtin.native.arity !== 3) throw new Error("No regular expressions");
  const { run: match } = builtin.native;
  return (value, frame) => {
    const { run } = frame;
    const pattern = expression(value, frame);
    const given = pattern === undefined ? undefined : flags === null ? "" : flags(value, frame);
    if (pattern === undefined || given === undefined) return undefined;
    const matches = match(value, pattern, all ? add(given, "g", run) : given, false, run);
    if (!Array.isArray(matches) || matches.length === 0) return value;
    // Without named captures, there is nothing that the replacement could see.
    return replaceEach(value as string, matches, (found) => replacement(capturesOf(found, run), frame), run);
  };
}

const form = (key: string, all: boolean): FormEntry => [
  key,
  {
    kind: (kinds) => (kinds.every((kind) => kind === SINGLE) ? SINGLE : null),
    single: (node, site) => substitute(node, site, all),
  },
];

export const replacements: readonly FormEntry[] = [
  form("sub/2", false),
  form("sub/3", false),
  form("gsub/2", true),
  form("gsub/3", true),
];
