import { JqError } from "../errors.ts";
import type { Runtime } from "../runtime.ts";
import type { Json } from "../value.ts";
import { findBuiltin } from "./builtins/lookup.ts";

/** `@name` as a function. */
export function formatter(name: string): (value: Json, rt: Runtime) => Json {
  const builtin = findBuiltin("format/1");
  if (builtin?.kind === "native" && builtin.native.arity === 1) {
    const { run } = builtin.native;
    return (value, rt) => run(value, name, rt);
  }
  return () => {
    throw new JqError(`${name} is not a valid format`);
  };
}
