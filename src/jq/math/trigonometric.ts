import {
  add,
  divide,
  type Double2,
  multiply,
  negate,
  of,
  product,
  round,
  subtract,
  times,
} from "./double-double.ts";

/** Half of pi in three doubles: 160 bits, for the reduction of large angles. */
const HALF_PI = [1.5707963267948966, 6.123233995736766e-17, -1.4973849048591698e-33] as const;
export const PI = of(Math.PI, 1.2246467991473532e-16);
/** Up to here an angle is reduced exactly enough; beyond, JavaScript's functions answer. */
const LARGEST = 2 ** 50;
/** Terms of the series below this change nothing. */
const NOTHING = 1e-34;

/** Sine and cosine of one angle. */
export interface SineCosine {
  readonly sin: Double2;
  readonly cos: Double2;
}

/** Of an angle of at most pi / 4 in size. */
function smallAngle(angle: Double2): SineCosine {
  let sin = angle;
  let cos = of(1);
  let term = angle;
  for (let n = 2; Math.abs(term.hi) > NOTHING && n < 32; n++) {
    term = divide(multiply(term, angle), of(n));
    const signed = n % 4 > 1 ? negate(term) : term;
    if (n % 2 === 0) cos = add(cos, signed);
    else sin = add(sin, signed);
  }
  return { sin, cos };
}

/** The angle moved by `quarters` right angles. */
function turned({ sin, cos }: SineCosine, quarters: number): SineCosine {
  switch (((quarters % 4) + 4) % 4) {
    case 1:
      return { sin: cos, cos: negate(sin) };
    case 2:
      return { sin: negate(sin), cos: negate(cos) };
    case 3:
      return { sin: negate(cos), cos: sin };
    default:
      return { sin, cos };
  }
}

/** Sine and cosine of `angle`; relative error 1e-30 below 2^50, a double's beyond. */
export function sineCosine(angle: number): SineCosine {
  if (Math.abs(angle) > LARGEST) return { sin: of(Math.sin(angle)), cos: of(Math.cos(angle)) };
  const quarters = Math.round(angle / HALF_PI[0]);
  let rest = of(angle);
  for (const part of HALF_PI) rest = subtract(rest, product(quarters, part));
  return turned(smallAngle(rest), quarters);
}

/** sin(pi x) */
export function sinePi(x: number): Double2 {
  const turn = x % 2;
  const quarters = Math.round(turn * 2);
  return turned(smallAngle(times(PI, turn - quarters / 2)), quarters).sin;
}

/** Is `x` so small that the functions below are `x` itself (or 1) but for its last place? JavaScript's do these well. */
const isTiny = (x: number): boolean => Math.abs(x) < 1e-8;

/** `sin` */
export const sin = (x: number): number =>
  isTiny(x) || !(Math.abs(x) < LARGEST) ? Math.sin(x) : round(sineCosine(x).sin);

/** `cos` */
export const cos = (x: number): number =>
  isTiny(x) || !(Math.abs(x) < LARGEST) ? Math.cos(x) : round(sineCosine(x).cos);

/** `tan` */
export function tan(x: number): number {
  if (isTiny(x) || !(Math.abs(x) < LARGEST)) return Math.tan(x);
  const angle = sineCosine(x);
  return round(divide(angle.sin, angle.cos));
}

/** `guess` and the correction that makes it the angle of the point (x, y). */
function corrected(guess: number, y: Double2, x: Double2): number {
  const { sin: s, cos: c } = sineCosine(guess);
  const across = subtract(multiply(y, c), multiply(x, s));
  return guess + across.hi / add(multiply(x, c), multiply(y, s)).hi;
}

/** `atan` */
export function atan(x: number): number {
  return isTiny(x) || !(Math.abs(x) < 1e100) ? Math.atan(x) : corrected(Math.atan(x), of(x), of(1));
}

/** `atan2` */
export function atan2(y: number, x: number): number {
  const small = Math.min(Math.abs(x), Math.abs(y));
  const large = Math.max(Math.abs(x), Math.abs(y));
  const guess = Math.atan2(y, x);
  if (!(small > 1e-100 && large < 1e100 && small > large * 1e-8)) return guess;
  return corrected(guess, of(y), of(x));
}

/** `asin` */
export function asin(x: number): number {
  if (isTiny(x) || !(Math.abs(x) < 1)) return Math.asin(x);
  const guess = Math.asin(x);
  const { sin: s, cos: c } = sineCosine(guess);
  return guess + subtract(of(x), s).hi / c.hi;
}

/** `acos` */
export function acos(x: number): number {
  if (isTiny(x) || !(Math.abs(x) < 1)) return Math.acos(x);
  const guess = Math.acos(x);
  const { sin: s, cos: c } = sineCosine(guess);
  return guess + subtract(c, of(x)).hi / s.hi;
}
