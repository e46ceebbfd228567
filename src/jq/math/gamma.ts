import { scale } from "./bits.ts";
import {
  add,
  divide,
  type Double2,
  multiply,
  negate,
  of,
  round,
  subtract,
  sum,
  times,
} from "./double-double.ts";
import { exponentialOf, log, logarithmOf, type Scaled } from "./exponential.ts";
import { PI, sinePi } from "./trigonometric.ts";

/** B(2k) / (2k (2k - 1)), the coefficients of Stirling's series (DLMF 5.11.1). */
const STIRLING: readonly (readonly [numerator: number, denominator: number])[] = [
  [1, 12],
  [-1, 360],
  [1, 1260],
  [-1, 1680],
  [1, 1188],
  [-691, 360_360],
  [1, 156],
  [-3617, 122_400],
  [43_867, 244_188],
  [-174_611, 125_400],
  [77_683, 5796],
  [-236_364_091, 1_506_960],
];
/** From here on the series has 28 digits. */
const STIRLING_FROM = 20;
/** ln(2 pi) / 2 and ln pi. */
const HALF_LN_2PI = of(0.9189385332046728, -3.8782941580672414e-17);
/** Euler's constant. */
export const EULER = of(0.5772156649015329, -4.942915152430645e-18);
/** 1 / gamma function is as good as x below this. */
const TINY = 1e-20;
/** Beyond this a double's precision is all there is. */
const HUGE = 1e290;

/** ln Γ(x) for x of 20 or more. */
function stirling(x: Double2): Double2 {
  const inverse = divide(of(1), x);
  const square = multiply(inverse, inverse);
  let series = of(0);
  for (let i = STIRLING.length - 1; i >= 0; i--) {
    const [numerator, denominator] = STIRLING[i] as readonly [number, number];
    series = add(multiply(series, square), divide(of(numerator), of(denominator)));
  }
  const main = subtract(multiply(subtract(x, of(0.5)), logarithmOf(x)), x);
  return add(add(main, HALF_LN_2PI), multiply(series, inverse));
}

/** `x` moved up to where Stirling's series holds, and the product of what was passed: Γ(x) = Γ(moved) / passed. */
function raise(x: number): { moved: Double2; passed: Double2 } {
  let moved = of(x);
  let passed = of(1);
  for (let steps = 0; moved.hi < STIRLING_FROM; steps++) {
    passed = multiply(passed, moved);
    moved = sum(x, steps + 1);
  }
  return { moved, passed };
}

/** ln Γ(x) of a positive x. */
export function logGammaOf(x: number): Double2 {
  if (x >= STIRLING_FROM) return stirling(of(x));
  const { moved, passed } = raise(x);
  return subtract(stirling(moved), logarithmOf(passed));
}

/** ln Γ(1 + e), or with `two` ln Γ(2 + e), for a small e (DLMF 5.7.3). */
function nearZero(e: number, two: boolean): number {
  if (e === 0) return 0;
  const one = two ? 1 : 0;
  const rest =
    e *
    ((1.6449340668482264 - one) / 2 -
      e * ((1.2020569031595942 - one) / 3 - (e * (1.0823232337111381 - one)) / 4));
  const slope = two ? add(of(1), negate(EULER)) : negate(EULER);
  return round(add(times(slope, e), of(e * rest)));
}

/** `lgamma`: ln |Γ(x)| */
export function lgamma(x: number): number {
  const size = Math.abs(x);
  if (Number.isNaN(x)) return x;
  if (size === Number.POSITIVE_INFINITY || (x <= 0 && Number.isInteger(x))) return Number.POSITIVE_INFINITY;
  if (size < TINY) return -log(size);
  if (x > HUGE) return x * (Math.log(x) - 1);
  if (Math.abs(x - 1) < 1e-5) return nearZero(x - 1, false);
  if (Math.abs(x - 2) < 1e-5) return nearZero(x - 2, true);
  if (x > 0) return round(logGammaOf(x));
  // Γ(x) Γ(-x) = -π / (x sin πx)
  const sine = times(sinePi(size), size);
  const mirror = logarithmOf(divide(PI, sine.hi < 0 ? times(sine, -1) : sine));
  return round(subtract(mirror, logGammaOf(size)));
}

/** The sign of Γ(x); of a pole that of the zero, or 1. */
export const signOfGamma = (x: number): number =>
  (x < 0 && Number.isFinite(x) && !Number.isInteger(x) && Math.floor(x) % 2 !== 0) || Object.is(x, -0)
    ? -1
    : 1;

/** Γ(x) of a positive x. */
function gammaOf(x: number): Scaled {
  if (x >= STIRLING_FROM) return exponentialOf(stirling(of(x)));
  const { moved, passed } = raise(x);
  const { value, exponent } = exponentialOf(stirling(moved));
  return { value: divide(value, passed), exponent };
}

/** `tgamma`: Γ(x) */
export function tgamma(x: number): number {
  if (Number.isNaN(x) || x === Number.POSITIVE_INFINITY) return x;
  if (x === 0) return 1 / x;
  if (x < 0 && Number.isInteger(x)) return Number.NaN;
  if (x === Number.NEGATIVE_INFINITY) return Number.NaN;
  if (Math.abs(x) < TINY) return 1 / x;
  if (x > 172) return Number.POSITIVE_INFINITY;
  if (x < -190) return signOfGamma(x) < 0 ? -0 : 0;
  if (x > 0) {
    const { value, exponent } = gammaOf(x);
    return scale(round(value), exponent);
  }
  const { value, exponent } = gammaOf(-x);
  const quotient = divide(PI, multiply(times(sinePi(x), -x), value));
  return scale(round(quotient), -exponent);
}
