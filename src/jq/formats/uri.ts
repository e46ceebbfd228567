import { JqError } from "../errors.ts";
import { showForError } from "../values/print.ts";
import { fromAscii, fromUtf8, toUtf8 } from "./utf8.ts";

/** Bytes that stay as they are: RFC 3986's unreserved characters. */
const UNRESERVED = new Uint8Array(256);
for (const character of "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.~")
  UNRESERVED[character.charCodeAt(0)] = 1;
const HEX = "0123456789ABCDEF";

/** Percent-encoding of every byte that is not unreserved. */
export function encodeUri(text: string): string {
  if (!/[^A-Za-z0-9\-_.~]/.test(text)) return text;
  const bytes = toUtf8(text);
  const out = new Uint8Array(bytes.length * 3);
  let size = 0;
  for (const byte of bytes) {
    if (UNRESERVED[byte] === 1) out[size++] = byte;
    else {
      out[size++] = 37;
      out[size++] = HEX.charCodeAt(byte >> 4);
      out[size++] = HEX.charCodeAt(byte & 15);
    }
  }
  return fromAscii(out.subarray(0, size));
}

/** The reverse; a "+" stays one. Bytes that are not UTF-8 are an error. */
export function decodeUri(text: string): string {
  if (!text.includes("%")) return text;
  const bytes = toUtf8(text);
  let size = 0;
  for (let i = 0; i < bytes.length; i++) {
    let byte = bytes[i] as number;
    if (byte === 0x25) {
      const high = hexValue(bytes[++i]);
      const low = high < 0 ? -1 : hexValue(bytes[++i]);
      if (low < 0) throw invalid(text);
      byte = high * 16 + low;
    }
    bytes[size++] = byte;
  }
  const decoded = fromUtf8(bytes.subarray(0, size), true);
  if (decoded === null) throw invalid(text);
  return decoded;
}

const invalid = (text: string): JqError => new JqError(`${showForError(text)} is not a valid uri encoding`);

function hexValue(code = 0): number {
  if (code >= 48 && code <= 57) return code - 48;
  const letter = code | 32;
  return letter >= 97 && letter <= 102 ? letter - 87 : -1;
}
