import { JqError } from "../errors.ts";
import type { Options } from "./pattern.ts";

/** What jq's modifiers ask for. */
export interface Flags {
  readonly global: boolean;
  readonly notEmpty: boolean;
  readonly longest: boolean;
  readonly options: Options;
}

const LETTERS = "gixmspln";

/** Reads jq's modifiers: g i x m s p l n. (`^` and `$` mean the ends of the text anyway, which is all that `s` says.) */
export function readFlags(text: string): Flags {
  for (const letter of text)
    if (!LETTERS.includes(letter)) throw new JqError(`${text} is not a valid modifier string`);
  const has = (letter: string): boolean => text.includes(letter);
  const options: Options = {
    ignoreCase: has("i"),
    extended: has("x"),
    dotAll: has("m") || has("p"),
    singleLine: true,
  };
  return { global: has("g"), notEmpty: has("n"), longest: has("l"), options };
}
