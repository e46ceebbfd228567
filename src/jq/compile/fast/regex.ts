import type { Node } from "../../ast.ts";
import type { Runtime } from "../../runtime.ts";
import type { Json } from "../../value.ts";
import { add } from "../../values/arithmetic.ts";
import { capturesOf, replaceEach } from "../builtins/matches.ts";
import { findBuiltin } from "../builtins/lookup.ts";
import { regexArguments } from "../builtins/natives.ts";
import { type Kind, SINGLE } from "../environment.ts";
import type { Single, Site } from "../site.ts";
import type { Call, FormEntry } from "./form.ts";

/** The kernel of all that has to do with regular expressions. */
function matcher(): (text: Json, expression: Json, flags: Json, testOnly: Json, rt: Runtime) => Json {
  const builtin = findBuiltin("_match_impl/3");
  if (builtin?.kind !== "native" || builtin.native.arity !== 3) throw new Error("No regular expressions");
  return builtin.native.run;
}

/** `test(re)`; a flag may come with it, in an array. */
function tested(node: Call, site: Site): Single {
  const expression = site.make.single(node.args[0] as Node, site);
  const match = matcher();
  return (value, frame) => {
    const what = expression(value, frame);
    if (what === undefined) return undefined;
    if (typeof what === "string") return match(value, what, null, true, frame.run);
    const [source = null, flags = null] = regexArguments(what);
    return match(value, source, flags, true, frame.run);
  };
}

/** `sub` and `gsub`, where expression, replacement and flags have one output each. */
function substitute(node: Call, site: Site, all: boolean): Single {
  const [first, second, third] = node.args as [Node, Node, Node | undefined];
  const expression = site.make.single(first, site);
  const replacement = site.make.single(second, site);
  const flags = third === undefined ? null : site.make.single(third, site);
  const match = matcher();
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

const allSingle = (kinds: readonly Kind[]): Kind | null =>
  kinds.every((kind) => kind === SINGLE) ? SINGLE : null;

const form = (key: string, all: boolean): FormEntry => [
  key,
  {
    kind: allSingle,
    single: (node, site) => substitute(node, site, all),
  },
];

export const regexes: readonly FormEntry[] = [
  ["test/1", { kind: allSingle, single: tested }],
  form("sub/2", false),
  form("sub/3", false),
  form("gsub/2", true),
  form("gsub/3", true),
];
