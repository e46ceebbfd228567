import type { NodeOf } from "../ast.ts";
import { findVariable } from "./environment.ts";
import { outward } from "./run.ts";
import type { Single, Site } from "./site.ts";

/** `$name`: bound in the program, declared from outside, or `$ENV`. */
export function singleVariable(node: NodeOf<"variable">, site: Site): Single {
  const { name } = node;
  const binding = findVariable(site.environment, name);
  if (binding === null) {
    if (name === "ENV" && !site.environment.copy.unit.globals.has(name))
      return (_value, frame) => frame.run.env;
    return (_value, frame) => frame.run.args[name] ?? null;
  }
  if (binding.kind === "data") return () => binding.value;
  const { slot } = binding;
  const level = site.layout.level - binding.layout.level;
  if (level === 0) return (_value, frame) => frame.slots[slot];
  return (_value, frame) => outward(frame, level).slots[slot];
}
