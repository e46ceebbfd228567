import type { Json } from "../value.ts";

/** Text that is not JSON: `line` from 1. */
export class InputError extends Error {
  override readonly name = "InputError";
  readonly line: number;

  constructor(message: string, line: number) {
    super(message);
    this.line = line;
  }
}

const SPACE = /[ \t\r\n]*/y;
/** A number or word, and whatever else is not JSON, up to what can follow it. */
const WORD = /[^ \t\r\n[\]{},:"]+/y;

/**
 * The JSON values in `text`, one behind the other (JSON lines, or anything else with or without white space between).
 * @throws InputError when it comes to what is not JSON; the values before it have been given.
 */
export function* readValues(text: string): Generator<Json, void, undefined> {
  let at = text.startsWith("\uFEFF") ? 1 : 0;
  let line = 1;
  for (;;) {
    SPACE.lastIndex = at;
    SPACE.test(text);
    line += countLines(text, at, SPACE.lastIndex);
    at = SPACE.lastIndex;
    if (at >= text.length) return;
    const end = valueEnd(text, at);
    yield parse(text.slice(at, end), line);
    line += countLines(text, at, end);
    at = end;
  }
}

function parse(text: string, line: number): Json {
  try {
    return JSON.parse(text) as Json;
  } catch (error) {
    const reason = error instanceof SyntaxError ? error.message : String(error);
    throw new InputError(`the input is not JSON, in the value that begins on line ${line}: ${reason}`, line);
  }
}

/** Offset behind the value that begins at `from`; of what is not JSON, behind at least one character. */
function valueEnd(text: string, from: number): number {
  let depth = 0;
  for (let at = from; at < text.length; at++) {
    const character = text.charAt(at);
    if (character === '"') at = stringEnd(text, at + 1);
    else if (character === "[" || character === "{") depth++;
    else if (character === "]" || character === "}") depth--;
    else if (depth === 0) {
      WORD.lastIndex = at;
      return WORD.test(text) ? WORD.lastIndex : at + 1;
    }
    if (depth <= 0) return at + 1;
  }
  return text.length;
}

/** Offset of the quote that closes the string whose first character is at `from`. */
function stringEnd(text: string, from: number): number {
  let at = from;
  while (at < text.length && text.charAt(at) !== '"') at += text.charAt(at) === "\\" ? 2 : 1;
  return at;
}

function countLines(text: string, from: number, to: number): number {
  let lines = 0;
  for (let at = text.indexOf("\n", from); at >= 0 && at < to; at = text.indexOf("\n", at + 1)) lines++;
  return lines;
}
