import { JqError } from "../errors.ts";
import type { Options } from "./pattern.ts";

/** What jq's modifiers ask for. */
export interface Flags {
  readonly global: boolean;
  readonly notEmpty: boolean;
  readonly longest: boolean;
  readonly options: Options;
  /** Which of the sets of options it is. */
  readonly key: number;
}

const LETTERS = "gixmspln";
const IGNORE_CASE = 1;
const EXTENDED = 2;
const DOT_ALL = 4;

const known = new Map<string, Flags>();

/** Reads jq's modifiers: g i x m s p l n. (`^` and `$` mean the ends of the text anyway, which is all that `s` says.) */
export function readFlags(text: string): Flags {
  const before = known.get(text);
  if (before !== undefined) return before;
  for (const letter of text)
    if (!LETTERS.includes(letter)) throw new JqError(`${text} is not a valid modifier string`);
  const has = (letter: string): boolean => text.includes(letter);
  const dotAll = has("m") || has("p");
  const options: Options = { ignoreCase: has("i"), extended: has("x"), dotAll, singleLine: true };
  const key = (has("i") ? IGNORE_CASE : 0) | (has("x") ? EXTENDED : 0) | (dotAll ? DOT_ALL : 0);
  const flags = { global: has("g"), notEmpty: has("n"), longest: has("l"), options, key };
  // Whoever makes flags up gets no place for them.
  if (known.size < 100 && text.length < 10) known.set(text, flags);
  return flags;
}
