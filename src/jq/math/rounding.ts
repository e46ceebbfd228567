import { scale, split } from "./bits.ts";

/** `round`: halves away from zero. */
export function round(x: number): number {
  const whole = Math.trunc(x);
  return Math.abs(x - whole) >= 0.5 ? whole + Math.sign(x) : whole;
}

/** `rint` and `nearbyint`: halves to the even neighbour. */
export function toEven(x: number): number {
  const whole = Math.trunc(x);
  const rest = Math.abs(x - whole);
  return rest > 0.5 || (rest === 0.5 && whole % 2 !== 0) ? whole + Math.sign(x) : whole;
}

/** `drem` and `remainder`: what is left of x at the multiple of y that is nearest, the even one of two. */
export function remainder(x: number, y: number): number {
  if (!Number.isFinite(x) || Number.isNaN(y) || y === 0) return Number.NaN;
  const unit = Math.abs(y);
  if (unit === Number.POSITIVE_INFINITY) return x;
  // Twice the unit may overflow, half of it underflow.
  let rest = unit < 2 ** 1023 ? Math.abs(x) % (2 * unit) : Math.abs(x);
  if (unit < 1e-300 ? rest + rest > unit : rest > unit / 2) {
    rest -= unit;
    if (unit < 1e-300 ? rest + rest >= unit : rest >= unit / 2) rest -= unit;
  }
  const value = x < 0 ? -rest : rest;
  return value === 0 ? copySign(0, x) : value;
}

/** `fdim` */
export const fdim = (x: number, y: number): number => (x <= y ? 0 : x - y);

/** `fmin` and `fmax`: of a number and nan the number. */
export const fmin = (x: number, y: number): number =>
  Number.isNaN(x) ? y : Number.isNaN(y) ? x : Math.min(x, y);
export const fmax = (x: number, y: number): number =>
  Number.isNaN(x) ? y : Number.isNaN(y) ? x : Math.max(x, y);

/** `copysign` */
export const copySign = (x: number, y: number): number => (isNegative(x) === isNegative(y) ? x : -x);

export const isNegative = (x: number): boolean => x < 0 || Object.is(x, -0);

/** `modf`: fraction and whole, both with the sign. */
export function modf(x: number): [fraction: number, whole: number] {
  const whole = Math.trunc(x);
  return [Number.isFinite(x) ? copySign(x - whole, x) : Number.isNaN(x) ? x : copySign(0, x), whole];
}

/** `logb`: the exponent of a number between 1 and 2 times a power of 2. */
export function logb(x: number): number {
  if (x === 0) return Number.NEGATIVE_INFINITY;
  return Number.isFinite(x) ? split(x)[1] - 1 : Math.abs(x);
}

/** `significand`: the number between 1 and 2 of it. */
export const significand = (x: number): number => (x === 0 || !Number.isFinite(x) ? x : split(x)[0] * 2);

/** `ldexp`: the exponent as C's `int`. */
export const ldexp = (x: number, exponent: number): number => scaleBy(x, exponent, 2 ** 31);

/** `scalbln`: the exponent as C's `long`. */
export const scalbln = (x: number, exponent: number): number => scaleBy(x, exponent, 2 ** 63);

/** The exponent is cut to an integer; one that does not fit its type is the least of it, as processors make of it. */
function scaleBy(x: number, exponent: number, limit: number): number {
  const fits = exponent > -limit - 1 && exponent < limit;
  return scale(x, fits ? Math.max(-1e6, Math.min(1e6, Math.trunc(exponent))) : -1e6);
}

/** `scalb`: the exponent has to be an integer, or infinite. */
export function scalb(x: number, exponent: number): number {
  if (Math.abs(exponent) === Number.POSITIVE_INFINITY) return exponent > 0 ? x * exponent : x / -exponent;
  return Number.isInteger(exponent) ? scalbln(x, Math.max(-1e6, Math.min(1e6, exponent))) : Number.NaN;
}

/** `value` as an integer × 2^exponent. */
function toInteger(value: number): [digits: bigint, exponent: number] {
  const [fraction, exponent] = split(value);
  return [BigInt(fraction * 2 ** 53), exponent - 53];
}

/** `fma`: x × y + z, rounded once. */
export function fma(x: number, y: number, z: number): number {
  if (!Number.isFinite(x) || !Number.isFinite(y) || x === 0 || y === 0) return x * y + z;
  if (!Number.isFinite(z)) return z;
  const [a, aExponent] = toInteger(x);
  const [b, bExponent] = toInteger(y);
  const [c, cExponent] = toInteger(z);
  const exponent = Math.min(aExponent + bExponent, cExponent);
  const total = ((a * b) << BigInt(aExponent + bExponent - exponent)) + (c << BigInt(cExponent - exponent));
  return total === 0n ? 0 : fromInteger(total, exponent);
}

/** digits × 2^exponent, rounded once, halves to even. */
function fromInteger(digits: bigint, exponent: number): number {
  const size = digits < 0n ? -digits : digits;
  const bits = size.toString(2).length;
  // 64 bits are kept, the last of them telling whether anything was cut; subnormals keep fewer.
  const cut = Math.max(0, bits - 64);
  const kept = size >> BigInt(cut);
  const odd = kept << BigInt(cut) === size ? kept : kept | 1n;
  const low = Math.max(0, -1074 - exponent - cut);
  // JavaScript rounds a whole number once; where the result is subnormal, its last place is that of 2^-1074.
  const value = low > 0 ? Number(roundedShift(odd, low)) * 2 ** -1074 : scale(Number(odd), exponent + cut);
  return digits < 0n ? -value : value;
}

/** value / 2^bits to the nearest integer, halves to even. */
function roundedShift(value: bigint, bits: number): bigint {
  const shift = BigInt(bits);
  const whole = value >> shift;
  const rest = value - (whole << shift);
  const half = 1n << (shift - 1n);
  return rest > half || (rest === half && whole % 2n === 1n) ? whole + 1n : whole;
}
