import { JqError } from "../errors.ts";
import { showForError } from "../values/print.ts";

/** With the flag `u` a pair is one character, so only halves match. */
const HALF_PAIR = /[\ud800-\udfff]/gu;
/** Reserved in RFC 3986, but not in the older one that JavaScript follows. */
const STILL_RESERVED = /[!'()*]/g;

const escape = (character: string): string => `%${character.charCodeAt(0).toString(16).toUpperCase()}`;

/** Percent-encoding of every byte but those of RFC 3986's unreserved characters. */
export const encodeUri = (text: string): string =>
  encodeURIComponent(text.replace(HALF_PAIR, "\ufffd")).replace(STILL_RESERVED, escape);

/** The reverse; a "+" stays one. Bytes that are not UTF-8 are an error. */
export function decodeUri(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new JqError(`${showForError(text)} is not a valid uri encoding`);
  }
}
