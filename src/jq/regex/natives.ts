import type { Native, NativeTable } from "../runtime.ts";
import type { Json } from "../value.ts";
import { add } from "../values/arithmetic.ts";
import { patternAndFlags } from "./regex.ts";
import { captureAll, matchAll, scanAll, splitAll } from "./results.ts";
import type { Runtime } from "../runtime.ts";

const two = (run: (input: Json, a: Json, b: Json, rt: Runtime) => Json): Native => ({ arity: 2, run });

/** Builtins on regular expressions that give one value, and the kernels of those that give several. */
export const regexNatives: NativeTable = new Map<string, Native>([
  [
    "_match_impl/3",
    {
      arity: 3,
      run: (input, pattern, flags, test, rt) => matchAll(input, pattern, flags, test === true, rt),
    },
  ],
  ["test/1", { arity: 1, run: (input, what, rt) => matchAll(input, ...patternAndFlags(what), true, rt) }],
  ["test/2", two((input, pattern, flags, rt) => matchAll(input, pattern, flags, true, rt))],
  ["split/2", two((input, pattern, flags, rt) => splitAll(input, pattern, add(flags, "g", rt), rt))],
  ["_capture_all/2", two((input, pattern, flags, rt) => captureAll(input, pattern, flags, rt))],
  ["_scan_all/2", two((input, pattern, flags, rt) => scanAll(input, pattern, add("g", flags, rt), rt))],
]);
