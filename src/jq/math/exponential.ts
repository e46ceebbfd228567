import { scale, split } from "./bits.ts";
import {
  add,
  divide,
  type Double2,
  multiply,
  of,
  product,
  round,
  squareRoot,
  subtract,
  times,
} from "./double-double.ts";

/** ln 2 and ln 10. */
const LN2 = of(Math.LN2, 2.3190468138462996e-17);
const LN10 = of(Math.LN10, -2.1707562233822494e-16);
/** Beyond these the result overflows, or underflows to 0. */
const HIGHEST = 710;
const LOWEST = -746;

/** A number as value × 2^exponent, the value between 0.5 and 2, so that it never over- or underflows. */
export interface Scaled {
  readonly value: Double2;
  readonly exponent: number;
}

/** e^x. Relative error 1e-29 times |x|. */
export function exponentialOf(x: Double2): Scaled {
  const exponent = Math.round(x.hi / LN2.hi);
  // e^r - 1 from its series for the 64th part of r, squared six times: (1 + y)^2 - 1 = 2y + y^2.
  const part = times(subtract(x, times(LN2, exponent)), 1 / 64);
  let term = part;
  let less = part;
  for (let n = 2; n < 12; n++) {
    term = multiply(term, divide(part, of(n)));
    less = add(less, term);
  }
  for (let i = 0; i < 6; i++) less = add(times(less, 2), multiply(less, less));
  return { value: add(less, of(1)), exponent };
}

/** ln x of a positive x, from JavaScript's and one step of Newton's. */
export function logarithmOf(x: Double2): Double2 {
  const guess = Math.log(x.hi);
  const power = exponentialOf(of(guess));
  const back = { hi: scale(power.value.hi, power.exponent), lo: scale(power.value.lo, power.exponent) };
  const error = divide(subtract(x, back), back);
  // ln(1 + error), the error being of the size of a rounding.
  return add(of(guess), subtract(error, times(multiply(error, error), 0.5)));
}

const unscaled = ({ value, exponent }: Scaled): number => scale(round(value), exponent);

/** `exp` */
export function exp(x: number): number {
  if (Number.isNaN(x)) return x;
  if (x > HIGHEST) return Number.POSITIVE_INFINITY;
  return x < LOWEST ? 0 : unscaled(exponentialOf(of(x)));
}

/** `exp10` */
export function exp10(x: number): number {
  if (Number.isNaN(x)) return x;
  if (x > 309) return Number.POSITIVE_INFINITY;
  return x < -324 ? 0 : unscaled(exponentialOf(times(LN10, x)));
}

/** Between these the corrected logarithm neither over- nor underflows on its way. */
const isMiddle = (x: number): boolean => x > 1e-280 && x < 1e280;

/** `log` */
export const log = (x: number): number => (isMiddle(x) && x !== 1 ? round(logarithmOf(of(x))) : Math.log(x));

/** `pow`: where C says 1 and JavaScript nan, 1. */
export const pow = (x: number, y: number): number =>
  x === 1 || (x === -1 && Math.abs(y) === Number.POSITIVE_INFINITY) ? 1 : x ** y;

/** `cosh` */
export function cosh(x: number): number {
  const size = Math.abs(x);
  if (!(size <= HIGHEST)) return Math.cosh(x);
  if (size < 0.35) {
    const less = Math.expm1(size);
    return 1 + (less * less) / (2 * (1 + less));
  }
  const power = exp(size);
  return power / 2 + 0.5 / power;
}

/** `acosh` */
export function acosh(x: number): number {
  if (!(x > 2 && x < 2 ** 28)) return Math.acosh(x);
  return log(2 * x - 1 / (x + Math.sqrt(x * x - 1)));
}

/** `asinh` */
export function asinh(x: number): number {
  const size = Math.abs(x);
  if (!(size > 2 && size < 2 ** 28)) return Math.asinh(x);
  const value = log(2 * size + 1 / (Math.sqrt(x * x + 1) + size));
  return x < 0 ? -value : value;
}

/** `cbrt`: JavaScript's and one step of Newton's. */
export function cbrt(x: number): number {
  const guess = Math.cbrt(x);
  if (!isMiddle(Math.abs(x))) return guess;
  const cube = times(product(guess, guess), guess);
  return round(add(of(guess), divide(subtract(of(x), cube), times(product(guess, guess), 3))));
}

/** `hypot` */
export function hypot(x: number, y: number): number {
  const larger = Math.max(Math.abs(x), Math.abs(y));
  if (!Number.isFinite(larger) || larger === 0) return Math.hypot(x, y);
  // Scaled so that no square over- or underflows; one that does is too small to matter.
  const exponent = split(larger)[1];
  const a = scale(x, -exponent);
  const b = scale(y, -exponent);
  return scale(round(squareRoot(add(product(a, a), product(b, b)))), exponent);
}
