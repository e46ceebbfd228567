import { wordSet } from "./char-set.ts";
import { failure, failureOf } from "./failure.ts";
import { isDigit, type Reader } from "./reader.ts";

/** What stands between the brackets of a reference: a name or a number, maybe with a level of recursion. */
export interface Reference {
  readonly name: string;
  /** `undefined`: by name. Relative numbers have a sign. */
  readonly number: number | undefined;
  readonly relative: boolean;
  readonly level: number | undefined;
}

const CLOSING: Readonly<Record<string, string>> = { "<": ">", "'": "'", "(": ")" };
const PLUS = 43;
const MINUS = 45;
const ROUND = 41;

const isWord = (point: number): boolean => wordSet().has(point);

/** The name of a group that is defined: `reader` is behind the opening bracket, afterwards behind the closing one. */
export function readName(reader: Reader, opening: string): string {
  return readReference(reader, opening, false).name;
}

/**
 * A name or number behind an opening bracket. Without `numbers`, names only. Oniguruma asks for a word character at the beginning
 * alone.
 */
export function readReference(reader: Reader, opening: string, numbers = true): Reference {
  const start = reader.at;
  const end = (CLOSING[opening] ?? "").charCodeAt(0);
  if (reader.done || reader.peek() === end) throw failure("group name is empty");
  const first = reader.next();
  const signed = first === PLUS || first === MINUS;
  let numeric = signed || isDigit(first);
  if (numeric && !numbers) throw misnamed(NAME, reader, start, end);
  if (!numeric && !isWord(first)) throw misnamed(CHARACTER, reader, start, end);
  let nameEnd = reader.text.length;
  let point = first;
  while (!reader.done) {
    nameEnd = reader.at;
    point = reader.next();
    if (point === end || point === ROUND) break;
    if (!isDigit(point)) numeric = false;
  }
  const name = reader.text.slice(start, nameEnd);
  if (point !== end) throw failureOf(NAME, name, ">");
  return { ...numberOf(reader.text, start, numeric, signed, name), level: undefined, name };
}

const NAME = "invalid group name <";
const CHARACTER = "invalid char in group name <";

/** The name of a definition is read to its end for the message. */
function misnamed(what: string, reader: Reader, start: number, end: number): Error {
  let nameEnd = reader.at;
  while (!reader.done) {
    nameEnd = reader.at;
    const point = reader.next();
    if (point === end || point === ROUND) break;
  }
  if (reader.done) nameEnd = reader.text.length;
  return failureOf(what, reader.text.slice(start, nameEnd), ">");
}

function numberOf(
  text: string,
  start: number,
  numeric: boolean,
  signed: boolean,
  name: string,
): { number: number | undefined; relative: boolean } {
  if (!numeric) return { number: undefined, relative: false };
  const digits = /\d+/.exec(text.slice(start))?.[0] ?? "";
  const number = Number(digits);
  if (number > 0x7fffffff) throw failure("too big number");
  if (signed && number === 0) throw failureOf(NAME, name, ">");
  return { number: name.startsWith("-") ? -number : number, relative: signed };
}

/** As `readReference`, where a level of recursion may follow: `name+1`, `2-1`. */
export function readReferenceWithLevel(reader: Reader, opening: string): Reference {
  const start = reader.at;
  const end = (CLOSING[opening] ?? "").charCodeAt(0);
  if (reader.done || reader.peek() === end) throw failure("group name is empty");
  const first = reader.next();
  const signed = first === PLUS || first === MINUS;
  let numeric = signed || isDigit(first);
  let digits = isDigit(first) ? 1 : 0;
  let wrong = numeric || isWord(first) ? "" : CHARACTER;
  let nameEnd = reader.text.length;
  let point = first;
  while (!reader.done) {
    nameEnd = reader.at;
    point = reader.next();
    if (point === end || point === ROUND || point === PLUS || point === MINUS) {
      if (numeric && digits === 0) wrong = NAME;
      break;
    }
    if (numeric && isDigit(point)) digits++;
    else if (numeric) {
      wrong = NAME;
      numeric = false;
    } else if (!isWord(point)) wrong = CHARACTER;
  }
  let level: number | undefined;
  if (wrong === "" && point !== end) {
    const negative = point === MINUS;
    if (negative || point === PLUS) {
      if (reader.done) throw failureOf(CHARACTER, reader.text.slice(start, nameEnd), ">");
      if (isDigit(reader.peek())) {
        const value = reader.decimal();
        if (value === undefined) throw failure("too big number");
        level = negative ? -value : value;
        if (reader.next() !== end) level = undefined;
      }
    }
    if (level === undefined) throw failureOf(NAME, reader.text.slice(start), ">");
  }
  const name = reader.text.slice(start, nameEnd);
  if (wrong !== "") throw failureOf(wrong, name, ">");
  return { ...numberOf(reader.text, start, numeric, signed, name), level, name };
}
