/** Strings as jq sees them: sequences of code points, ordered and measured as UTF-8. Half a surrogate pair counts as one. */

const SURROGATE = /[\ud800-\udfff]/;
const NOT_ASCII = /[^\0-\x7f]/;

const isHigh = (unit: number): boolean => unit >= 0xd800 && unit <= 0xdbff;
const isLow = (unit: number): boolean => unit >= 0xdc00 && unit <= 0xdfff;

/** Does every code point take one UTF-16 unit, so that offsets of both kinds are the same? */
export const isFlat = (text: string): boolean => !SURROGATE.test(text);

/** Equal beginnings of long texts are passed over in pieces of this many units, which is faster than one by one. */
const PIECE = 512;

/** The order of code points (that of UTF-8 bytes too), where JavaScript's `<` has the order of UTF-16 units. */
export function compareText(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  let i = 0;
  while (i + PIECE <= length && a.slice(i, i + PIECE) === b.slice(i, i + PIECE)) i += PIECE;
  for (; i < length; i++) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(i);
    if (x === y) continue;
    // Surrogates stand for code points above U+FFFF.
    if (x >= 0xd800 && y >= 0xd800)
      return isHigh(x) || isLow(x) ? (y >= 0xe000 || x > y ? 1 : -1) : orderBmp(x, y);
    return x < y ? -1 : 1;
  }
  return a.length === b.length ? 0 : a.length < b.length ? -1 : 1;
}

/** `x` is above the surrogates, `y` is one of them or above. */
const orderBmp = (x: number, y: number): number => (y < 0xe000 || x < y ? -1 : 1);

/** The number of code points that begin before the UTF-16 offset `end`. */
export function countPoints(text: string, end: number, start = 0): number {
  let count = 0;
  for (let i = start; i < end; i++) {
    if (isHigh(text.charCodeAt(i)) && isLow(text.charCodeAt(i + 1))) i++;
    count++;
  }
  return count;
}

/** The UTF-16 offset `points` code points after the offset `start`; at most the end. */
function offsetAfter(text: string, points: number, start = 0): number {
  let i = start;
  for (let left = points; left > 0 && i < text.length; left--)
    i += isHigh(text.charCodeAt(i)) && isLow(text.charCodeAt(i + 1)) ? 2 : 1;
  return i;
}

/** The code points from `start` up to `end`, both counted in code points and not negative. */
export function slicePoints(text: string, start: number, end: number): string {
  if (isFlat(text)) return text.slice(start, end);
  const from = offsetAfter(text, start);
  return text.slice(from, offsetAfter(text, end - start, from));
}

/** The number of bytes of `text` in UTF-8. */
export function utf8Length(text: string): number {
  if (!NOT_ASCII.test(text)) return text.length;
  let bytes = 0;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit < 0x80) bytes += 1;
    else if (unit < 0x800) bytes += 2;
    else if (isHigh(unit) && isLow(text.charCodeAt(i + 1))) {
      bytes += 4;
      i++;
    } else bytes += 3;
  }
  return bytes;
}
