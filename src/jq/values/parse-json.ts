import { JqError } from "../errors.ts";
import type { Runtime } from "../runtime.ts";
import { type Json, type JsonObject, writeKey } from "../value.ts";
import { readNumber } from "./number-text.ts";
import { utf8Length } from "./text.ts";

/** jq's MAX_PARSING_DEPTH. */
const MAX_DEPTH = 10_000;

/** Escapes that JSON.parse takes though they are half a surrogate pair, or could be. */
const SURROGATE_ESCAPE = /\\u[dD][89a-fA-F]/;

/**
 * `fromjson`: one JSON value, with jq's liberties (nan, Infinity, +1, .5, 01) and jq's messages, whose columns count
 * bytes and stop where jq's parser does.
 */
export function parseJson(text: string, rt: Runtime): Json {
  rt.meter.chars(text.length);
  rt.meter.spend(text.length / 64);
  if (isShallow(text) && !SURROGATE_ESCAPE.test(text)) {
    try {
      return JSON.parse(text) as Json;
    } catch {
      // Not JSON to the letter: jq's own parser decides.
    }
  }
  rt.meter.spend(32 + text.length / 16);
  try {
    return new Parser(text).parse();
  } catch (error) {
    if (error instanceof Flaw) throw new JqError(`${error.message} (while parsing '${upToNul(text)}')`);
    throw error;
  }
}

/** Is the nesting certainly not deeper than allowed? In an object jq counts the key as a level too. */
function isShallow(text: string): boolean {
  if (text.length <= MAX_DEPTH) return true;
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const mark = text[at];
    if (mark === '"') at = endOfString(text, at + 1);
    else if (mark === "[") depth += 1;
    else if (mark === "{") depth += 2;
    else if (mark === "]") depth -= 1;
    else if (mark === "}") depth -= 2;
    if (depth > MAX_DEPTH) return false;
  }
  return true;
}

/** Where the string that begins at `from` has its closing quote; the length of the text or more when it has none. */
function endOfString(text: string, from: number): number {
  let end = from;
  while (end < text.length && text[end] !== '"') end += text[end] === "\\" ? 2 : 1;
  return end;
}

const upToNul = (text: string): string => {
  const nul = text.indexOf("\0");
  return nul < 0 ? text : text.slice(0, nul);
};

class Flaw extends Error {}

const ESCAPES: Readonly<Record<string, string>> = {
  '"': '"',
  "\\": "\\",
  "/": "/",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
};
// oxlint-disable-next-line no-control-regex -- control characters are what is looked for
const CONTROL = /[\0-\x1f]/;
const HEX4 = /^[0-9a-fA-F]{4}$/;
const STRUCTURE = "[]{}:,";
const LITERAL_END = /[ \t\r\n"[\],{:}]/g;

/** A container that is open; `key` is set between a colon and the end of its value. */
interface Open {
  readonly array: Json[] | null;
  readonly object: JsonObject;
  count: number;
  key: string | null;
}

/** The grammar of jq's parser, which looks at one token at a time and at the value before it. */
class Parser {
  private readonly text: string;
  private at: number;
  private readonly stack: Open[] = [];
  /** How many of the open containers have a key: jq keeps those on its stack too. */
  private keys = 0;
  /** The value that was read and belongs nowhere yet. */
  private next: Json | undefined = undefined;

  constructor(text: string) {
    this.text = text;
    // A byte order mark is no part of the text, nor of its columns.
    this.at = text.startsWith("\ufeff") ? 1 : 0;
  }

  parse(): Json {
    // Of characters from U+F000 the first byte is that of the byte order mark, U+FEFF.
    const first = this.at === 0 ? this.text.charCodeAt(0) : 0;
    if (first >= 0xf000) throw new Flaw("Malformed BOM");
    const value = this.value();
    if (value === undefined) throw new Flaw("Expected JSON value");
    if (this.value() !== undefined) throw new Flaw("Unexpected extra JSON values");
    return value;
  }

  /** The next whole value; `undefined` at the end. */
  private value(): Json | undefined {
    const { text } = this;
    while (this.at < text.length) {
      const mark = text[this.at] as string;
      if (mark === '"') this.string();
      else if (" \t\r\n".includes(mark)) this.at++;
      else if (STRUCTURE.includes(mark)) {
        this.at++;
        this.structure(mark);
      } else this.literal();
      if (this.stack.length === 0 && this.next !== undefined) return this.take(mark);
    }
    if (this.stack.length > 0) throw this.atEnd("Unfinished JSON term");
    return undefined;
  }

  /** The whole value that began (a literal) or ended with `mark`. */
  private take(mark: string): Json {
    const value = this.next as Json;
    this.next = undefined;
    const after = this.text[this.at] ?? " ";
    // jq finds the end of a literal when it has read what follows, and complains of that first.
    if (!STRUCTURE.includes(mark) && mark !== '"' && STRUCTURE.includes(after)) {
      this.at++;
      this.structure(after);
    }
    return value;
  }

  private put(value: Json, end: number): void {
    if (this.next !== undefined) throw this.flaw("Expected separator between values", end);
    this.next = value;
  }

  private structure(mark: string): void {
    const top = this.stack.at(-1);
    switch (mark) {
      case "[":
      case "{":
        if (this.stack.length + this.keys >= MAX_DEPTH) throw this.flaw("Exceeds depth limit for parsing");
        if (this.next !== undefined) throw this.flaw("Expected separator between values");
        this.stack.push({ array: mark === "[" ? [] : null, object: {}, count: 0, key: null });
        return;
      case ":":
        if (this.next === undefined) throw this.flaw("Expected string key before ':'");
        if (top === undefined || top.array !== null || top.key !== null)
          throw this.flaw("':' not as part of an object");
        if (typeof this.next !== "string") throw this.flaw("Object keys must be strings");
        top.key = this.next;
        this.keys++;
        this.next = undefined;
        return;
      case ",":
        if (this.next === undefined) throw this.flaw("Expected value before ','");
        if (top === undefined) throw this.flaw("',' not as part of an object or array");
        this.append(top);
        return;
      case "]":
        if (top === undefined || top.array === null) throw this.flaw("Unmatched ']'");
        if (this.next !== undefined) this.append(top);
        else if (top.count > 0) throw this.flaw("Expected another array element");
        break;
      default:
        if (top === undefined) throw this.flaw("Unmatched '}'");
        if (this.next !== undefined) this.append(top, true);
        else if (top.array !== null || top.key !== null) throw this.flaw("Unmatched '}'");
        else if (top.count > 0) throw this.flaw("Expected another key-value pair");
    }
    this.stack.pop();
    this.next = top.array ?? top.object;
  }

  private append(top: Open, closing = false): void {
    if (top.array !== null && !closing) top.array.push(this.next as Json);
    else if (top.key === null) throw this.flaw("Objects must consist of key:value pairs");
    else {
      writeKey(top.object, top.key, this.next as Json);
      top.key = null;
      this.keys--;
    }
    top.count++;
    this.next = undefined;
  }

  private string(): void {
    const { text } = this;
    const from = this.at + 1;
    const end = endOfString(text, from);
    if (end >= text.length) throw this.atEnd("Unfinished string");
    this.at = end + 1;
    this.put(this.unescape(text.slice(from, end)), this.at);
  }

  private unescape(raw: string): string {
    let out = "";
    let from = 0;
    for (;;) {
      const escape = raw.indexOf("\\", from);
      const plain = raw.slice(from, escape < 0 ? raw.length : escape);
      if (CONTROL.test(plain))
        throw this.flaw("Invalid string: control characters from U+0000 through U+001F must be escaped");
      out += plain;
      if (escape < 0) return out;
      const letter = raw[escape + 1] as string;
      from = escape + 2;
      if (letter === "u") {
        const [point, length] = this.unicode(raw, from);
        out += point;
        from += length;
      } else {
        const meaning = ESCAPES[letter];
        if (meaning === undefined) throw this.flaw("Invalid escape");
        out += meaning;
      }
    }
  }

  /** The code point whose four digits begin at `from`, and how many characters it takes from there. */
  private unicode(raw: string, from: number): [string, number] {
    if (from + 4 > raw.length) throw this.flaw("Invalid \\uXXXX escape");
    const digits = raw.slice(from, from + 4);
    if (!HEX4.test(digits)) throw this.flaw("Invalid characters in \\uXXXX escape");
    const unit = Number.parseInt(digits, 16);
    if (unit < 0xd800 || unit > 0xdfff) return [String.fromCharCode(unit), 4];
    if (unit > 0xdbff) return ["\ufffd", 4];
    const low = raw.slice(from + 6, from + 10);
    const second = raw.slice(from + 4, from + 6) === "\\u" && HEX4.test(low) ? Number.parseInt(low, 16) : 0;
    if (second < 0xdc00 || second > 0xdfff) throw this.flaw("Invalid \\uXXXX\\uXXXX surrogate pair escape");
    return [String.fromCharCode(unit, second), 10];
  }

  /** A run of anything that is no blank, bracket, comma, colon or quote. */
  private literal(): void {
    LITERAL_END.lastIndex = this.at;
    const end = LITERAL_END.exec(this.text)?.index ?? this.text.length;
    const word = this.text.slice(this.at, end);
    this.at = end;
    const flaw = (message: string): Flaw =>
      end === this.text.length ? this.atEnd(message) : this.flaw(message, end + 1);
    const value = readLiteral(word, flaw);
    if (this.next !== undefined) throw flaw("Expected separator between values");
    this.next = value;
  }

  private flaw(message: string, end: number = this.at): Flaw {
    return new Flaw(`${message} at ${this.place(end)}`);
  }

  private atEnd(message: string): Flaw {
    return new Flaw(`${message} at EOF at ${this.place(this.text.length)}`);
  }

  /** After the first `end` characters; a column counts bytes. */
  private place(end: number): string {
    const start = this.text.startsWith("\ufeff") ? 1 : 0;
    const before = this.text.slice(start, end);
    const line = before.lastIndexOf("\n") + 1;
    return `line ${before.split("\n").length}, column ${utf8Length(before.slice(line))}`;
  }
}

function readLiteral(word: string, flaw: (message: string) => Flaw): Json {
  const first = word[0];
  if (first === "t" || first === "f" || word.startsWith("nu")) {
    if (word === "true") return true;
    if (word === "false") return false;
    if (word === "null") return null;
    throw flaw("Invalid literal");
  }
  if (first === "'") throw flaw("Invalid string literal; expected \", but got '");
  const number = readNumber(upToNul(word));
  if (number === undefined) throw flaw("Invalid numeric literal");
  return number;
}
