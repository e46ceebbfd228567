import { JqError } from "../../errors.ts";
import { moduleMeta } from "../../modules/metadata.ts";
import type { Native, Runtime } from "../../runtime.ts";
import { type Json, typeOf } from "../../value.ts";
import { toJson } from "../../values/print.ts";
import { between, capturesOf, replaced } from "./matches.ts";

/** The text of an error that a program raises itself: jq's own for what is not a string. */
const raised = (value: Json, rt: Runtime): JqError =>
  new JqError(typeof value === "string" ? value : `(not a string): ${toJson(value, rt)}`, value);

const unsupported = (name: string): (() => never) => {
  return () => {
    throw new JqError(`${name} is not supported: a program has one input and no process of its own`, "break");
  };
};

/** `test("re")` and `test(["re", "flags"])`: the expression and the flags. */
export function regexArguments(what: Json): Json[] {
  if (typeof what === "string") return [what, null];
  if (Array.isArray(what) && what.length > 0) return [what[0] ?? null, what[1] ?? null];
  throw new JqError(`${typeOf(what)} not a string or array`);
}

type Entry = readonly [string, Native];

const on = (name: string, run: (input: Json, rt: Runtime) => Json): Entry => [`${name}/0`, { arity: 0, run }];

/** Builtins that have to do with the run, and the kernels that prelude.ts is written on. */
export const ownNatives: ReadonlyMap<string, Native> = new Map<string, Native>([
  on("error", (input, rt) => {
    throw raised(input, rt);
  }),
  on("env", (_input, rt) => rt.env),
  on("debug", (input) => input),
  on("stderr", (input) => input),
  on("input", unsupported("input")),
  on("input_filename", unsupported("input_filename")),
  on("halt", unsupported("halt")),
  on("halt_error", unsupported("halt_error")),
  ["halt_error/1", { arity: 1, run: unsupported("halt_error") }],
  on("modulemeta", moduleMeta),
  on("get_search_list", () => []),
  on("get_prog_origin", () => null),
  on("get_jq_origin", () => null),

  on("_captures", capturesOf),
  ["_regex_arguments/1", { arity: 1, run: (_input, what) => regexArguments(what) }],
  ["_between/1", { arity: 1, run: between }],
  ["_replaced/2", { arity: 2, run: replaced }],
]);
