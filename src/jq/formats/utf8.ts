/** UTF-8 by hand. Half a surrogate pair is written as U+FFFD. */

/** The bytes of `text`. */
export function toUtf8(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length * 3);
  let size = 0;
  for (let i = 0; i < text.length; i++) {
    let point = text.charCodeAt(i);
    if (point < 0x80) {
      bytes[size++] = point;
      continue;
    }
    if (point < 0x800) {
      bytes[size++] = 0xc0 | (point >> 6);
      bytes[size++] = 0x80 | (point & 63);
      continue;
    }
    if (point >= 0xd800 && point <= 0xdfff) {
      const low = text.charCodeAt(i + 1);
      if (point < 0xdc00 && low >= 0xdc00 && low <= 0xdfff) {
        point = 0x10000 + ((point - 0xd800) << 10) + low - 0xdc00;
        i++;
        bytes[size++] = 0xf0 | (point >> 18);
        bytes[size++] = 0x80 | ((point >> 12) & 63);
        bytes[size++] = 0x80 | ((point >> 6) & 63);
        bytes[size++] = 0x80 | (point & 63);
        continue;
      }
      point = 0xfffd;
    }
    bytes[size++] = 0xe0 | (point >> 12);
    bytes[size++] = 0x80 | ((point >> 6) & 63);
    bytes[size++] = 0x80 | (point & 63);
  }
  return bytes.subarray(0, size);
}

/** The least code point that takes so many bytes. */
const LEAST = [0, 0, 0x80, 0x800, 0x10000] as const;
const PIECE = 8192;

/** Not by spreading the arguments, which takes 50 ns each. */
const fromUnits = (units: ArrayLike<number>): string => String.fromCharCode.apply(null, units as number[]);

/** How many bytes begin with `first`; 0 for a byte that cannot begin anything. */
const sizeOf = (first: number): number =>
  first < 0x80 ? 1 : first < 0xc2 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf5 ? 4 : 0;

/** The text of `bytes`. U+FFFD stands for each stretch that jq takes for one damaged character. */
export function fromUtf8(bytes: Uint8Array): string {
  let text = "";
  let units: number[] = [];
  for (let at = 0; at < bytes.length;) {
    const first = bytes[at] as number;
    let size = sizeOf(first);
    let point = -1;
    if (size === 0) size = 1;
    else if (size === 1) point = first;
    else if (at + size > bytes.length) size = bytes.length - at;
    else {
      point = first & (0x7f >> size);
      for (let i = 1; i < size; i++) {
        const next = bytes[at + i] as number;
        if ((next & 0xc0) !== 0x80) {
          point = -1;
          size = i;
          break;
        }
        point = (point << 6) | (next & 63);
      }
      if (point < (LEAST[size] as number) || (point >= 0xd800 && point <= 0xdfff) || point > 0x10ffff)
        point = -1;
    }
    if (point < 0) point = 0xfffd;
    if (point > 0xffff) units.push(0xd7c0 + (point >> 10), 0xdc00 + (point & 0x3ff));
    else units.push(point);
    at += size;
    if (units.length >= PIECE) {
      text += fromUnits(units);
      units = [];
    }
  }
  return text + fromUnits(units);
}

/** The text of bytes below 0x80. */
export function fromAscii(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.length; at += PIECE) text += fromUnits(bytes.subarray(at, at + PIECE));
  return text;
}
