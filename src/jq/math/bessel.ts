import {
  add,
  divide,
  type Double2,
  multiply,
  negate,
  of,
  product,
  round,
  squareRoot,
  subtract,
  times,
} from "./double-double.ts";
import { logarithmOf } from "./exponential.ts";
import { EULER } from "./gamma.ts";
import { PI, sineCosine } from "./trigonometric.ts";

/** Up to here the power series are used, from here on Hankel's expansions. */
const SERIES_TO = 25;
/** Below this, only the first terms are left. */
const TINY = 1e-150;
/** From here on Hankel's expansions are their first term. */
const FAR = 2 ** 50;
const ONLY_P = { p: of(1), q: of(0) };

/** The Bessel functions of order 0 and 1 of a positive x. */
export interface Bessel {
  readonly j0: Double2;
  readonly j1: Double2;
  readonly y0: Double2;
  readonly y1: Double2;
}

/** Power series (DLMF 10.2.2, 10.8.1), x up to 25: absolute error below 1e-20. */
function series(x: number): Bessel {
  const half = x / 2;
  const step = negate(product(half, half));
  let even = of(1);
  let odd = of(half);
  let j0 = even;
  let j1 = odd;
  let sum0 = of(0);
  let sum1 = odd;
  /** 1 + 1/2 + … + 1/k */
  let harmonic = of(0);
  for (let k = 1; k < 120 && Math.abs(even.hi) > 1e-40; k++) {
    even = divide(multiply(even, step), of(k * k));
    odd = divide(multiply(odd, step), of(k * (k + 1)));
    const next = divide(of(1), of(k + 1));
    harmonic = add(harmonic, divide(of(1), of(k)));
    j0 = add(j0, even);
    j1 = add(j1, odd);
    sum0 = add(sum0, multiply(even, harmonic));
    sum1 = add(sum1, multiply(odd, add(times(harmonic, 2), next)));
  }
  const log = add(logarithmOf(of(half)), EULER);
  const twoByPi = divide(of(2), PI);
  const inner1 = subtract(subtract(multiply(log, j1), divide(of(1), of(x))), times(sum1, 0.5));
  return {
    j0,
    j1,
    y0: multiply(twoByPi, subtract(multiply(log, j0), sum0)),
    y1: multiply(twoByPi, inner1),
  };
}

/** Hankel's P and Q of an order (DLMF 10.17.3), summed to their smallest term. */
function hankel(order: number, x: number): { p: Double2; q: Double2 } {
  const square = 4 * order * order;
  let term = of(1);
  let p = term;
  let q = of(0);
  for (let k = 1; k < 200; k++) {
    const next = divide(times(term, square - (2 * k - 1) ** 2), times(of(x), 8 * k));
    if (Math.abs(next.hi) < 1e-34 || Math.abs(next.hi) > Math.abs(term.hi)) break;
    term = next;
    if (k % 2 === 0) p = add(p, k % 4 === 0 ? term : negate(term));
    else q = add(q, k % 4 === 1 ? term : negate(term));
  }
  return { p, q };
}

/** From 25 on: absolute error below 1e-20 up to 2^50, a double's beyond. */
function expansion(x: number): Bessel {
  const { sin, cos } = sineCosine(x);
  const more = add(cos, sin);
  const less = subtract(sin, cos);
  const far = x > FAR;
  const size = far ? of(Math.sqrt(1 / Math.PI / x)) : divide(of(1), squareRoot(times(PI, x)));
  const zero = far ? ONLY_P : hankel(0, x);
  const one = far ? ONLY_P : hankel(1, x);
  const scaled = (a: Double2, b: Double2): Double2 => multiply(size, add(a, b));
  return {
    j0: scaled(multiply(zero.p, more), negate(multiply(zero.q, less))),
    y0: scaled(multiply(zero.p, less), multiply(zero.q, more)),
    j1: scaled(multiply(one.p, less), multiply(one.q, more)),
    y1: scaled(negate(multiply(one.p, more)), multiply(one.q, less)),
  };
}

/** From a positive x that is neither tiny nor infinite. */
export const besselOf = (x: number): Bessel => (x < SERIES_TO ? series(x) : expansion(x));

/** `j0` */
export function j0(x: number): number {
  const size = Math.abs(x);
  if (Number.isNaN(x)) return x;
  if (size === Number.POSITIVE_INFINITY) return 0;
  return size < TINY ? 1 : round(besselOf(size).j0);
}

/** `j1` */
export function j1(x: number): number {
  const size = Math.abs(x);
  if (Number.isNaN(x)) return x;
  if (size === Number.POSITIVE_INFINITY) return x < 0 ? -0 : 0;
  if (size < TINY) return x / 2;
  const value = round(besselOf(size).j1);
  return x < 0 ? -value : value;
}

/** What both functions of the second kind are outside their domain and at its ends; `undefined` inside. */
export function edgeOfSecondKind(x: number): number | undefined {
  if (!(x >= 0)) return Number.NaN;
  if (x === 0) return Number.NEGATIVE_INFINITY;
  return x === Number.POSITIVE_INFINITY ? 0 : undefined;
}

/** `y0` */
export function y0(x: number): number {
  const edge = edgeOfSecondKind(x);
  if (edge !== undefined) return edge;
  return x < TINY ? (2 / Math.PI) * (Math.log(x) - Math.LN2 + EULER.hi) : round(besselOf(x).y0);
}

/** `y1` */
export function y1(x: number): number {
  const edge = edgeOfSecondKind(x);
  if (edge !== undefined) return edge;
  return x < TINY ? -2 / Math.PI / x : round(besselOf(x).y1);
}
