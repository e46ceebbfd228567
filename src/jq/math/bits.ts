const view = new DataView(new ArrayBuffer(8));

/** `value` as fraction × 2^exponent, the fraction in [0.5, 1); zero, infinite and nan are their own fraction. */
export function split(value: number): [fraction: number, exponent: number] {
  if (value === 0 || !Number.isFinite(value)) return [value, 0];
  view.setFloat64(0, value);
  let high = view.getUint32(0);
  let exponent = (high >>> 20) & 0x7ff;
  if (exponent === 0) {
    // Subnormal: 54 binary places up it is not.
    view.setFloat64(0, value * 2 ** 54);
    high = view.getUint32(0);
    exponent = ((high >>> 20) & 0x7ff) - 54;
  }
  view.setUint32(0, (high & 0x800f_ffff) | (1022 << 20));
  return [view.getFloat64(0), exponent - 1022];
}

/** value × 2^exponent (an integer), rounded once. */
export function scale(value: number, exponent: number): number {
  const [fraction, own] = split(value);
  const total = own + exponent;
  if (value === 0 || !Number.isFinite(value)) return value;
  if (total > 1024) return value * Number.POSITIVE_INFINITY;
  if (total < -1080) return value < 0 ? -0 : 0;
  // Where the result may be subnormal it is the last of two steps, the first being exact.
  return total < -1000 ? fraction * 2 ** (total + 100) * 2 ** -100 : fraction * 2 * 2 ** (total - 1);
}

/** The next double from `from` in the direction of `to`. */
export function nextAfter(from: number, to: number): number {
  if (Number.isNaN(from) || Number.isNaN(to)) return Number.NaN;
  if (from === to) return to;
  if (from === 0) return to > 0 ? Number.MIN_VALUE : -Number.MIN_VALUE;
  view.setFloat64(0, from);
  view.setBigInt64(0, view.getBigInt64(0) + (to > from === from > 0 ? 1n : -1n));
  return view.getFloat64(0);
}
