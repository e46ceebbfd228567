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

/** Steps that are charged for a function that takes a microsecond, and for one that sums a series. */
const SLOW = 4;
const SERIES = 40;

/** A function of the input that takes longer than a step of a program does. */
const costly = (name: string, steps: number, run: (x: number) => Json): Entry => [
  `${name}/0`,
  {
    arity: 0,
    run: (input, rt) => {
      const x = number(input);
      rt.meter.spend(steps);
      return run(x);
    },
  },
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

  costly("exp", SLOW, exponential.exp),
  of1("exp2", (x) => 2 ** x),
  costly("exp10", SLOW, exponential.exp10),
  of1("expm1", Math.expm1),
  costly("log", SLOW, exponential.log),
  of1("log2", Math.log2),
  of1("log10", Math.log10),
  of1("log1p", Math.log1p),

  costly("sin", SLOW, trigonometric.sin),
  costly("cos", SLOW, trigonometric.cos),
  costly("tan", SLOW, trigonometric.tan),
  costly("asin", SLOW, trigonometric.asin),
  costly("acos", SLOW, trigonometric.acos),
  costly("atan", SLOW, trigonometric.atan),
  of1("sinh", Math.sinh),
  costly("cosh", SLOW, exponential.cosh),
  of1("tanh", Math.tanh),
  costly("asinh", SLOW, exponential.asinh),
  costly("acosh", SLOW, exponential.acosh),
  of1("atanh", Math.atanh),

  costly("gamma", SERIES, lgamma),
  costly("lgamma", SERIES, lgamma),
  costly("tgamma", SERIES, tgamma),
  costly("erf", SERIES, erf),
  costly("erfc", SERIES, erfc),
  costly("j0", SERIES, j0),
  costly("j1", SERIES, j1),
  costly("y0", SERIES, y0),
  costly("y1", SERIES, y1),

  of1("frexp", split),
  of1("modf", rounding.modf),
  costly("lgamma_r", SERIES, (x) => [lgamma(x), signOfGamma(x)]),

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
