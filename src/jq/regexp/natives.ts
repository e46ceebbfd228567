import { JqError } from "../errors.ts";
import type { Native, NativeTable, Runtime } from "../runtime.ts";
import type { Json } from "../value.ts";
import { showForError } from "../values/print.ts";
import { matchAll } from "./match-all.ts";

function matchNative(input: Json, source: Json, flags: Json, testOnly: Json, rt: Runtime): Json {
  if (typeof input !== "string")
    throw new JqError(`${showForError(input)} cannot be matched, as it is not a string`);
  if (typeof source !== "string") throw new JqError(`${showForError(source)} is not a string`);
  if (flags !== null && typeof flags !== "string")
    throw new JqError(`${showForError(flags)} is not a string`);
  return matchAll(input, source, flags ?? "", testOnly === true, rt);
}

/** `_match_impl(re; flags; test)`: a boolean for `test`, else all matches. */
export const regexNatives: NativeTable = new Map<string, Native>([
  ["_match_impl/3", { arity: 3, run: matchNative }],
]);
