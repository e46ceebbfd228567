/** Sums of decimals without rounding: in whatever order numbers come and go, the sum is the same. */

interface Decimal {
  readonly digits: bigint;
  /** digits ÷ 10^scale */
  readonly scale: number;
}

/** `sum + Σ added − Σ dropped`. Texts are decimals without exponent, as PostgreSQL writes a `numeric`. */
export function addDecimals(sum: string, added: readonly string[], dropped: readonly string[]): string {
  const small = addIntegers(sum, added, dropped);
  if (small !== null) return small;
  const [first, ...plus] = [sum, ...added].map(parse);
  const minus = dropped.map(parse);
  const all = [first ?? parse("0"), ...plus, ...minus];
  const scale = all.reduce((most, one) => Math.max(most, one.scale), 0);
  const shifted = ({ digits, scale: own }: Decimal): bigint => digits * 10n ** BigInt(scale - own);
  let total = shifted(first ?? parse("0"));
  for (const one of plus) total += shifted(one);
  for (const one of minus) total -= shifted(one);
  return format(total, scale);
}

/** So many digits, and sums of a million of them, are exact as numbers. */
const EXACT_DIGITS = 9;
const INTEGER = /^-?\d+$/;

/** Whole numbers that are small, as most are; null: others are among them. */
function addIntegers(sum: string, added: readonly string[], dropped: readonly string[]): string | null {
  const isSmall = (text: string): boolean => text.length <= EXACT_DIGITS && INTEGER.test(text);
  if (!INTEGER.test(sum) || sum.length > 15) return null;
  let total = Number(sum);
  for (const text of added)
    if (isSmall(text)) total += Number(text);
    else return null;
  for (const text of dropped)
    if (isSmall(text)) total -= Number(text);
    else return null;
  return Number.isSafeInteger(total) ? String(total) : null;
}

function parse(text: string): Decimal {
  const [whole = "", fraction = ""] = text.split(".");
  return { digits: BigInt(whole + fraction), scale: fraction.length };
}

function format(digits: bigint, scale: number): string {
  const sign = digits < 0n ? "-" : "";
  const text = String(digits < 0n ? -digits : digits).padStart(scale + 1, "0");
  if (scale === 0) return sign + text;
  return `${sign}${text.slice(0, -scale)}.${text.slice(-scale)}`.replace(/\.?0+$/, "");
}
