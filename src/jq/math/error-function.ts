import { scale } from "./bits.ts";
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
import { exponentialOf, type Scaled } from "./exponential.ts";

const TWO_BY_ROOT_PI = of(1.1283791670955126, 1.533545961316588e-17);
const ROOT_PI = of(1.772453850905516, -7.666586499825799e-17);
/** Up to here the series is used, from here on the continued fraction. */
const SERIES_TO = 3;
/** erf is 1 from here on. */
const ONE_FROM = 6;
/** erfc is 0 from here on. */
const ZERO_FROM = 27.3;

/** e^(-x²) */
const bell = (x: number): Scaled => exponentialOf(negate(product(x, x)));

/** erf x = 2/√π e^(-x²) Σ 2^n x^(2n+1) / (1·3·…·(2n+1)) (DLMF 7.6.2), for x up to 6. */
function series(x: number): Double2 {
  const square = times(product(x, x), 2);
  let term = of(x);
  let total = term;
  for (let n = 1; term.hi > total.hi * 1e-33 && n < 300; n++) {
    term = divide(multiply(term, square), of(2 * n + 1));
    total = add(total, term);
  }
  const { value, exponent } = bell(x);
  return times(multiply(multiply(TWO_BY_ROOT_PI, total), value), 2 ** exponent);
}

/** erfc x = e^(-x²) / √π · 1/(x + (1/2)/(x + 1/(x + (3/2)/(x + …)))) (DLMF 7.9.1), for x from 3 on. */
function fraction(x: number): number {
  let below = of(x);
  for (let n = Math.ceil(20 + 1000 / (x * x)); n > 0; n--) below = add(of(x), divide(of(n / 2), below));
  const { value, exponent } = bell(x);
  return scale(round(divide(value, multiply(ROOT_PI, below))), exponent);
}

/** `erf` */
export function erf(x: number): number {
  if (Number.isNaN(x)) return x;
  if (Math.abs(x) < 1e-150) return x * TWO_BY_ROOT_PI.hi;
  const value = Math.abs(x) > ONE_FROM ? 1 : round(series(Math.abs(x)));
  return x < 0 ? -value : value;
}

/** `erfc`: 1 - erf x, without what that would cost in digits. */
export function erfc(x: number): number {
  if (Number.isNaN(x)) return x;
  if (x > ZERO_FROM) return 0;
  if (x > SERIES_TO) return fraction(x);
  if (x < -ONE_FROM) return 2;
  if (Math.abs(x) < 1e-20) return 1;
  const value = series(Math.abs(x));
  return round(subtract(of(1), x < 0 ? negate(value) : value));
}
