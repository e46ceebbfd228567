import { JqError } from "../../errors.ts";
import type { Native, Runtime } from "../../runtime.ts";
import { type Json, type JsonObject, typeOf, writeKey } from "../../value.ts";
import { add, joinTexts } from "../../values/arithmetic.ts";
import { index } from "../../values/access.ts";
import { slicePoints } from "../../values/text.ts";
import { toJson } from "../../values/print.ts";

/** The text of an error that a program raises itself: jq's own for what is not a string. */
export const raised = (value: Json, rt: Runtime): JqError =>
  new JqError(typeof value === "string" ? value : `(not a string): ${toJson(value, rt)}`, value);

const unsupported = (name: string): (() => never) => {
  return () => {
    throw new JqError(`${name} is not supported: a program has one input and no process of its own`, "break");
  };
};

/** `test("re")` and `test(["re", "flags"])`: the expression and the flags. */
function regexArguments(what: Json): Json[] {
  if (typeof what === "string") return [what, null];
  if (Array.isArray(what) && what.length > 0) return [what[0] ?? null, what[1] ?? null];
  throw new JqError(`${typeOf(what)} not a string or array`);
}

/** The named captures of a match, as an object. */
export function capturesOf(match: Json, rt: Runtime): JsonObject {
  const captures = index(match, "captures", rt) as Json[];
  const named: JsonObject = {};
  for (const capture of captures) {
    const { name, string } = capture as JsonObject;
    if (typeof name === "string") writeKey(named, name, string ?? null);
  }
  return named;
}

/** The parts of `text` between the matches. */
function between(matches: Json, text: Json, rt: Runtime): Json[] {
  const parts: Json[] = [];
  let from = 0;
  for (const match of matches as Json[]) {
    const { offset, length } = match as JsonObject;
    parts.push(part(text, from, offset as number, rt));
    from = (offset as number) + (length as number);
  }
  parts.push(part(text, from, null, rt));
  return parts;
}

function part(text: Json, from: number, to: number | null, rt: Runtime): string {
  rt.meter.spend(1 + (text as string).length / 256);
  return slicePoints(text as string, from, to ?? (text as string).length);
}

/**
 * `text` with its matches replaced: one result per output that the replacement has for each match (they are paired by
 * position).
 */
function replaced(text: Json, matches: Json, replacements: Json, rt: Runtime): Json[] {
  const results: string[] = [];
  let from = 0;
  for (const [at, match] of (matches as Json[]).entries()) {
    const { offset, length } = match as JsonObject;
    const gap = part(text, from, offset as number, rt);
    for (const [i, replacement] of ((replacements as Json[])[at] as Json[]).entries()) {
      const added = add(gap, replacement, rt) as string;
      const before = results[i];
      results[i] = before === undefined ? added : joinTexts(before, added, rt);
    }
    from = (offset as number) + (length as number);
  }
  const rest = part(text, from, null, rt);
  return results.length === 0 ? [text] : results.map((result) => joinTexts(result, rest, rt));
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
  on("modulemeta", unsupported("modulemeta")),
  on("get_search_list", () => []),
  on("get_prog_origin", () => null),
  on("get_jq_origin", () => null),

  on("_captures", capturesOf),
  ["_regex_arguments/1", { arity: 1, run: (_input, what) => regexArguments(what) }],
  ["_between/1", { arity: 1, run: between }],
  ["_replaced/2", { arity: 2, run: replaced }],
]);
