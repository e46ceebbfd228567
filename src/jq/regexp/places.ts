/** Places in a text: positions are UTF-16 units between code points. */
import { foldCase, inSet, WORD } from "./char-set.ts";
import type { Assertion } from "./node.ts";

const NEWLINE = 10;

/** Units of the code point at `position`. */
export function widthAt(text: string, position: number): number {
  const code = text.codePointAt(position);
  return code !== undefined && code > 0xffff ? 2 : 1;
}

export function widthBefore(text: string, position: number): number {
  return position >= 2 && splitsPair(text, position - 1) ? 2 : 1;
}

/** Is `position` inside a surrogate pair? */
export function splitsPair(text: string, position: number): boolean {
  const low = text.charCodeAt(position);
  if (!(low >= 0xdc00 && low <= 0xdfff) || position === 0) return false;
  const high = text.charCodeAt(position - 1);
  return high >= 0xd800 && high <= 0xdbff;
}

/** `count` code points before `position`; -1 when there are not so many. */
export function back(text: string, position: number, count: number): number {
  let here = position;
  for (let left = count; left > 0; left -= 1) {
    if (here === 0) return -1;
    here -= widthBefore(text, here);
  }
  return here;
}

const isWord = (text: string, position: number): boolean => inSet(WORD, text.codePointAt(position) ?? 0);

/** @param from where the search began */
export function holds(what: Assertion, text: string, position: number, from: number): boolean {
  const end = text.length;
  switch (what) {
    case "start":
      return position === 0;
    case "end":
      return position === end;
    case "semiEnd":
      return position === end || (position === end - 1 && text.charCodeAt(position) === NEWLINE);
    case "lineStart":
      // Behind a line break that ends the text there is no line.
      return position === 0 || (text.charCodeAt(position - 1) === NEWLINE && position < end);
    case "lineEnd":
      return position === end || text.charCodeAt(position) === NEWLINE;
    case "searchStart":
      return position === from;
    default: {
      const before = position > 0 && isWord(text, position - widthBefore(text, position));
      const after = position < end && isWord(text, position);
      return (before !== after) === (what === "word");
    }
  }
}

const folded = (text: string): string =>
  Array.from(text, (character) => foldCase(character.codePointAt(0) ?? 0)).join();

/** Is `wanted` at `position`? */
export function standsAt(text: string, position: number, wanted: string, fold: boolean): boolean {
  const found = text.slice(position, position + wanted.length);
  return fold ? folded(found) === folded(wanted) : found === wanted;
}
