import type { NodeOf } from "../ast.ts";
import { findVariable } from "./environment.ts";
import { outward } from "./run.ts";
import type { Single, Site } from "./site.ts";

/** Variables that every program has. */
export const ALWAYS: ReadonlySet<string> = new Set(["ENV", "JQ_BUILD_CONFIGURATION"]);

/** What `$JQ_BUILD_CONFIGURATION` says; of jq itself, the options that its C program was built with. */
const BUILD = "an engine in TypeScript, with numbers of 64 bits";

/** `$name`: bound in the program, declared from outside, or `$ENV`. */
export function singleVariable(node: NodeOf<"variable">, site: Site): Single {
  const { name } = node;
  const binding = findVariable(site.environment, name);
  if (binding === null) {
    if (!site.environment.copy.unit.globals.has(name)) {
      if (name === "ENV") return (_value, frame) => frame.run.env;
      if (name === "JQ_BUILD_CONFIGURATION") return () => BUILD;
    }
    return (_value, frame) => frame.run.args[name] ?? null;
  }
  if (binding.kind === "data") return () => binding.value;
  const { slot } = binding;
  const level = site.layout.level - binding.layout.level;
  if (level === 0) return (_value, frame) => frame.slots[slot];
  return (_value, frame) => outward(frame, level).slots[slot];
}
