import { JqError } from "../errors.ts";
import type { Native, NativeTable, Runtime } from "../runtime.ts";
import type { Json } from "../value.ts";
import { showForError } from "../values/print.ts";
import { applyFormat } from "./apply-format.ts";

/** `format(name)` */
function format(input: Json, name: Json, rt: Runtime): string {
  if (typeof name !== "string") throw new JqError(`${showForError(name)} is not a valid format`);
  return applyFormat(name, input, rt);
}

export const formatNatives: NativeTable = new Map<string, Native>([["format/1", { arity: 1, run: format }]]);
