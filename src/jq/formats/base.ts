import { JqError } from "../errors.ts";
import { showForError } from "../values/print.ts";
import { fromAscii, fromUtf8, toUtf8 } from "./utf8.ts";

/** RFC 4648: `bits` of each character, groups of `group` characters filled up with "=". */
interface Base {
  readonly name: string;
  readonly alphabet: string;
  readonly bits: number;
  readonly group: number;
}

export const BASE64: Base = {
  name: "base64",
  alphabet: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/",
  bits: 6,
  group: 4,
};

export const BASE32: Base = {
  name: "base32",
  alphabet: "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567",
  bits: 5,
  group: 8,
};

/** The UTF-8 bytes of `text` in the alphabet of `base`. */
export function encode(text: string, base: Base): string {
  const { alphabet, bits, group } = base;
  const mask = 2 ** bits - 1;
  const bytes = toUtf8(text);
  const out = new Uint8Array(Math.ceil((bytes.length * 8) / bits / group) * group).fill(61);
  let size = 0;
  let held = 0;
  let count = 0;
  for (const byte of bytes) {
    held = ((held << 8) | byte) & 0xffff;
    count += 8;
    while (count >= bits) {
      count -= bits;
      out[size++] = alphabet.charCodeAt((held >> count) & mask);
    }
  }
  if (count > 0) out[size] = alphabet.charCodeAt((held << (bits - count)) & mask);
  return fromAscii(out);
}

/** The text that was encoded: up to the first "=". Bytes that are not UTF-8 become U+FFFD. */
export function decode(text: string, base: Base): string {
  const { bits } = base;
  const values = valuesOf(base);
  const bytes = new Uint8Array(Math.ceil((text.length * bits) / 8));
  let size = 0;
  let held = 0;
  let count = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 61) break;
    const value = values[code] ?? -1;
    if (value < 0) throw new JqError(`${showForError(text)} is not valid ${base.name} data`);
    held = ((held << bits) | value) & 0xffff;
    count += bits;
    if (count >= 8) {
      count -= 8;
      bytes[size++] = held >> count;
    }
  }
  // So many characters cannot come from whole bytes: the last of them stands for nothing.
  if (count >= bits) throw new JqError(`${showForError(text)} trailing ${base.name} byte found`);
  return fromUtf8(bytes.subarray(0, size));
}

const tables = new Map<Base, Int8Array>();

/** By character code: its value, -1 for a character that is none of the alphabet. */
function valuesOf(base: Base): Int8Array {
  let values = tables.get(base);
  if (values === undefined) {
    values = new Int8Array(128).fill(-1);
    for (let i = 0; i < base.alphabet.length; i++) values[base.alphabet.charCodeAt(i)] = i;
    tables.set(base, values);
  }
  return values;
}
