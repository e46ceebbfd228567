import type { Meter } from "../meter.ts";
import { besselOf, edgeOfSecondKind, j0, j1, y0, y1 } from "./bessel.ts";
import { scale } from "./bits.ts";
import { divide, type Double2, multiply, of, round, subtract, times } from "./double-double.ts";
import { exponentialOf, logarithmOf } from "./exponential.ts";
import { logGammaOf } from "./gamma.ts";
import { isNegative } from "./rounding.ts";

/** Values of a recurrence are brought back below this. */
const LARGE = 1e200;
const DOWN = 2 ** -600;
/** No double has an exponent beyond. */
const BEYOND = 2200;

/** Where 2n / x is nothing whatever the order. */
const FAR = 1e30;

/** Steps for the orders 0 and 1. */
const SERIES = 40;

/** Neighbours in a recurrence over the order, times 2^-exponent. */
interface Pair {
  before: Double2;
  last: Double2;
  exponent: number;
}

/** One step: 2 order / x · last - before. */
function step(pair: Pair, order: number, x: number): void {
  const next = subtract(multiply(pair.last, divide(of(2 * order), of(x))), pair.before);
  pair.before = pair.last;
  pair.last = next;
  if (Math.abs(next.hi) < LARGE) return;
  pair.before = times(pair.before, DOWN);
  pair.last = times(pair.last, DOWN);
  pair.exponent += 600;
}

/** The order as C's `int`; `undefined` for what is no number of that size. */
function toOrder(n: number): number | undefined {
  const order = Math.trunc(n);
  return Math.abs(order) < 2 ** 31 ? order : undefined;
}

/**
 * `jn`. Orders up to x by recurrence from 0 and 1 upwards, where that is stable, above by Miller's downwards. Each order
 * on the way costs a step.
 */
export function jn(n: number, x: number, meter: Meter): number {
  const order = toOrder(n);
  if (order === undefined || Number.isNaN(x)) return Number.NaN;
  meter.spend(SERIES);
  const size = Math.abs(order);
  const z = Math.abs(x);
  const odd = size % 2 === 1;
  const flipped = odd && order < 0 !== isNegative(x);
  const value = size === 0 ? j0(z) : size === 1 ? j1(z) : positiveOrder(size, z, meter);
  return flipped ? -value : value;
}

function positiveOrder(order: number, x: number, meter: Meter): number {
  if (x === 0 || x === Number.POSITIVE_INFINITY) return 0;
  // So far out, the term of the last order is nothing: each is minus the one before the last.
  if (x > FAR) return (order % 4 < 2 ? 1 : -1) * (order % 2 === 0 ? j0(x) : j1(x));
  if (order <= x) {
    meter.spend(order);
    const { j0: zero, j1: one } = besselOf(x);
    const pair: Pair = { before: zero, last: one, exponent: 0 };
    for (let k = 1; k < order; k++) step(pair, k, x);
    return round(pair.last);
  }
  // The size of J is about (e x / 2n)^n.
  if (order * (1 + Math.log(x / 2 / order)) < -760) return 0;
  return x < 1e-8 ? firstTerm(order, x) : downwards(order, x, meter);
}

/** (x / 2)^n / n!, for a tiny x. */
function firstTerm(order: number, x: number): number {
  const log = subtract(times(logarithmOf(of(x / 2)), order), logGammaOf(order + 1));
  const { value, exponent } = exponentialOf(log);
  return scale(round(value), exponent);
}

/** Miller's algorithm: down from an order where J is nothing, then scaled to the larger of J0 and J1. */
function downwards(order: number, x: number, meter: Meter): number {
  const start = order + 40 + Math.ceil(Math.sqrt(200 * order));
  meter.spend(start);
  const pair: Pair = { before: of(0), last: of(1), exponent: 0 };
  let wanted = of(0);
  let at = 0;
  for (let k = start; k > 0; k--) {
    step(pair, k, x);
    if (k - 1 === order) {
      wanted = pair.last;
      at = pair.exponent;
    }
  }
  const { j0: zero, j1: one } = besselOf(x);
  const useZero = Math.abs(zero.hi) > Math.abs(one.hi);
  const ratio = divide(wanted, useZero ? pair.last : pair.before);
  return scale(round(multiply(ratio, useZero ? zero : one)), at - pair.exponent);
}

/** `yn`: by recurrence from orders 0 and 1 upwards, which is always stable. Each order costs a step. */
export function yn(n: number, x: number, meter: Meter): number {
  const order = toOrder(n);
  if (order === undefined) return Number.NaN;
  meter.spend(SERIES);
  const size = Math.abs(order);
  const sign = order < 0 && size % 2 === 1 ? -1 : 1;
  const edge = edgeOfSecondKind(x);
  if (edge !== undefined) return edge === 0 ? 0 : sign * edge;
  if (x > FAR) return sign * (size % 4 < 2 ? 1 : -1) * (size % 2 === 0 ? y0(x) : y1(x));
  if (size < 2) return sign * (size === 0 ? y0(x) : y1(x));
  // 2 / (π x), the smallest of them, is infinite already.
  if (x < 1e-150) return sign * Number.NEGATIVE_INFINITY;
  const { y0: zero, y1: one } = besselOf(x);
  const pair: Pair = { before: zero, last: one, exponent: 0 };
  for (let k = 1; k < size && pair.exponent < BEYOND; k++) {
    meter.spend(1);
    step(pair, k, x);
  }
  return sign * scale(round(pair.last), pair.exponent);
}
