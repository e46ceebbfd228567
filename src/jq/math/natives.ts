import { JqError } from "../errors.ts";
import type { Native, NativeTable, Runtime } from "../runtime.ts";
import type { Json } from "../value.ts";
import { showForError } from "../values/print.ts";
import { j0, j1, y0, y1 } from "./bessel.ts";
import { jn, yn } from "./bessel-order.ts";
import { nextAfter, split } from "./bits.ts";
import { erf, erfc } from "./error-function.ts";
import * as exponential from "./exponential.ts";
import { lgamma, signOfGamma, tgamma } from "./gamma.ts";
import * as rounding from "./rounding.ts";
import * as trigonometric from "./trigonometric.ts";

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
const of2 = (name: string, run: (x: number, y: number, rt: Runtime) => number): Entry => [
  `${name}/2`,
  { arity: 2, run: (_input, x, y, rt) => run(number(x), number(y), rt) },
];

/**
 * Every function of jq's libm.h. Exact, or within one unit in the last place; the Bessel functions within 1e-20 near
 * their zeros (and a double's precision for arguments above 2^50). Those not imported here are JavaScript's.
 */
export const mathNatives: NativeTable = new Map<string, Native>([
  of1("floor", Math.floor),
  of1("ceil", Math.ceil),
  of1("trunc", Math.trunc),
  of1("round", rounding.round),
  of1("rint", rounding.toEven),
  of1("nearbyint", rounding.toEven),
  of1("fabs", Math.abs),
  of1("sqrt", Math.sqrt),
  of1("cbrt", exponential.cbrt),
  of1("significand", rounding.significand),
  of1("logb", rounding.logb),

  of1("exp", exponential.exp),
  of1("exp2", (x) => 2 ** x),
  of1("exp10", exponential.exp10),
  of1("expm1", Math.expm1),
  of1("log", exponential.log),
  of1("log2", Math.log2),
  of1("log10", Math.log10),
  of1("log1p", Math.log1p),

  of1("sin", trigonometric.sin),
  of1("cos", trigonometric.cos),
  of1("tan", trigonometric.tan),
  of1("asin", trigonometric.asin),
  of1("acos", trigonometric.acos),
  of1("atan", trigonometric.atan),
  of1("sinh", Math.sinh),
  of1("cosh", exponential.cosh),
  of1("tanh", Math.tanh),
  of1("asinh", exponential.asinh),
  of1("acosh", exponential.acosh),
  of1("atanh", Math.atanh),

  of1("gamma", lgamma),
  of1("lgamma", lgamma),
  of1("tgamma", tgamma),
  of1("erf", erf),
  of1("erfc", erfc),
  of1("j0", j0),
  of1("j1", j1),
  of1("y0", y0),
  of1("y1", y1),

  of1("frexp", split),
  of1("modf", rounding.modf),
  of1("lgamma_r", (x) => [lgamma(x), signOfGamma(x)]),

  of2("pow", exponential.pow),
  of2("atan2", trigonometric.atan2),
  of2("hypot", exponential.hypot),
  of2("fmod", (x, y) => x % y),
  of2("remainder", rounding.remainder),
  of2("drem", rounding.remainder),
  of2("fdim", rounding.fdim),
  of2("fmin", rounding.fmin),
  of2("fmax", rounding.fmax),
  of2("copysign", rounding.copySign),
  of2("nextafter", nextAfter),
  of2("nexttoward", nextAfter),
  of2("ldexp", rounding.ldexp),
  of2("scalb", rounding.scalb),
  of2("scalbln", rounding.scalbln),
  of2("jn", (n, x, rt) => jn(n, x, rt.meter)),
  of2("yn", (n, x, rt) => yn(n, x, rt.meter)),

  ["fma/3", { arity: 3, run: (_input, x, y, z) => rounding.fma(number(x), number(y), number(z)) }],
]);
