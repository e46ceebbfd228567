import { JqError } from "../errors.ts";

/** Names in messages are cut at this many bytes of UTF-8, as Oniguruma cuts them. */
const NAME_BYTES = 27;

/** The error of a pattern that is none; the wording after the colon is Oniguruma's. */
export const failure = (what: string): JqError => new JqError(`Regex failure: ${what}`);

/** `failure` of a message with a name or number of the pattern in its middle. */
export const failureOf = (before: string, name: string, after: string): JqError =>
  failure(before + shown(name) + after);

function shown(name: string): string {
  let bytes = 0;
  let text = "";
  for (const character of name) {
    const point = character.codePointAt(0) as number;
    bytes += point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
    if (bytes > NAME_BYTES) return `${text}...`;
    text += character;
  }
  return text;
}
