import { JqError } from "../errors.ts";
import type { Native, NativeTable } from "../runtime.ts";
import type { Json } from "../value.ts";
import { showForError } from "../values/print.ts";

type Entry = readonly [string, Native];

function number(value: Json): number {
  if (typeof value !== "number") throw new JqError(`${showForError(value)} number required`);
  return value;
}

/** A function of the input. */
const of1 = (name: string, run: (x: number) => Json): Entry => [
  `${name}/0`,
  { arity: 0, run: (input) => run(number(input)) },
];

/** A function of two arguments. */
const of2 = (name: string, run: (x: number, y: number) => number): Entry => [
  `${name}/2`,
  { arity: 2, run: (_input, x, y) => run(number(x), number(y)) },
];

/** Every function of libm.h. */
export const mathNatives: NativeTable = new Map<string, Native>([
  of1("floor", Math.floor),
  of1("ceil", Math.ceil),
  of1("sqrt", Math.sqrt),
  of1("trunc", Math.trunc),
  of1("fabs", Math.abs),
  of1("exp", Math.exp),
  of1("exp2", (x) => 2 ** x),
  of1("exp10", (x) => 10 ** x),
  of1("expm1", Math.expm1),
  of1("log", Math.log),
  of1("log2", Math.log2),
  of1("log10", Math.log10),
  of1("log1p", Math.log1p),
  of1("sin", Math.sin),
  of1("cos", Math.cos),
  of1("tan", Math.tan),
  of2("pow", (x, y) => x ** y),
  of2("atan2", Math.atan2),
  of2("fmod", (x, y) => x % y),
]);
