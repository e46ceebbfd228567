/**
 * Numbers of about 106 bits: the sum of two doubles, the second no more than half a unit in the last place of the first
 * (Dekker 1971, Knuth TAOCP 4.2.2). With them the functions below come out rounded right but for rare last bits.
 * The exact product needs magnitudes between 1e-290 and 1e290.
 */
export interface Double2 {
  readonly hi: number;
  readonly lo: number;
}

export const of = (hi: number, lo = 0): Double2 => ({ hi, lo });

/** The same value with a normalized pair; `lo` is the smaller. */
function pair(hi: number, lo: number): Double2 {
  const sum = hi + lo;
  return { hi: sum, lo: lo - (sum - hi) };
}

/** The exact sum of two doubles. */
export function sum(a: number, b: number): Double2 {
  const hi = a + b;
  const part = hi - a;
  return { hi, lo: a - (hi - part) + (b - part) };
}

/** 2^27 + 1 cuts a double into two halves of 26 bits. */
const CUT = 134_217_729;

/** The exact product of two doubles. */
export function product(a: number, b: number): Double2 {
  const hi = a * b;
  const aCut = a * CUT;
  const aHigh = aCut - (aCut - a);
  const aLow = a - aHigh;
  const bCut = b * CUT;
  const bHigh = bCut - (bCut - b);
  const bLow = b - bHigh;
  return { hi, lo: aLow * bLow - (hi - aHigh * bHigh - aLow * bHigh - aHigh * bLow) };
}

export function add(a: Double2, b: Double2): Double2 {
  const high = sum(a.hi, b.hi);
  const low = sum(a.lo, b.lo);
  const first = pair(high.hi, high.lo + low.hi);
  return pair(first.hi, first.lo + low.lo);
}

export const negate = (a: Double2): Double2 => ({ hi: -a.hi, lo: -a.lo });

export const subtract = (a: Double2, b: Double2): Double2 => add(a, negate(b));

export function multiply(a: Double2, b: Double2): Double2 {
  const high = product(a.hi, b.hi);
  return pair(high.hi, high.lo + (a.hi * b.lo + a.lo * b.hi));
}

/** `a` times a double. */
export function times(a: Double2, b: number): Double2 {
  const high = product(a.hi, b);
  return pair(high.hi, high.lo + a.lo * b);
}

export function divide(a: Double2, b: Double2): Double2 {
  const first = a.hi / b.hi;
  const rest = subtract(a, times(b, first));
  const second = rest.hi / b.hi;
  const left = subtract(rest, times(b, second));
  return add(pair(first, second), of(left.hi / b.hi));
}

export function squareRoot(a: Double2): Double2 {
  const root = Math.sqrt(a.hi);
  if (root === 0) return of(root);
  return pair(root, subtract(a, product(root, root)).hi / (2 * root));
}

/** The nearest double. */
export const round = (a: Double2): number => a.hi + a.lo;
