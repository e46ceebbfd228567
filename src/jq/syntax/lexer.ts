import { compileError } from "./compile-error.ts";

/** Words that are no names; as in jq, `true`, `false` and `null` are names. */
export const KEYWORDS = new Set([
  ...["and", "as", "break", "catch", "def", "elif", "else", "end", "foreach", "if", "import", "include"],
  ...["label", "module", "or", "reduce", "then", "try"],
]);

/** Operators of more than one character by their first one, the longest first. */
const LONG = new Map([
  ["!", ["!="]],
  ["=", ["=="]],
  ["/", ["//=", "//", "/="]],
  ["|", ["|="]],
  ["+", ["+="]],
  ["-", ["-="]],
  ["*", ["*="]],
  ["%", ["%="]],
  ["<", ["<="]],
  [">", [">="]],
  [".", [".."]],
  ["?", ["?//"]],
]);

const SINGLE = new Set(".?=;,:|+-*/%$<>()[]{}");

/** Classes of ASCII characters. */
const SPACE = 1;
const LETTER = 2;
const DIGIT = 3;
const CLASS = new Uint8Array(128);
for (const character of " \t\r\n") CLASS[character.charCodeAt(0)] = SPACE;
for (const character of "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_")
  CLASS[character.charCodeAt(0)] = LETTER;
for (const character of "0123456789") CLASS[character.charCodeAt(0)] = DIGIT;

const NUMBER = /(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?/y;

const HINTS = new Map([
  ["&", "; jq writes `and` for both conditions"],
  ["!", "; jq writes `not` after a pipe: `.a | not`"],
  ["'", "; strings are written in double quotes"],
  ["“", "; strings are written in plain double quotes"],
  ["”", "; strings are written in plain double quotes"],
  ["‘", "; strings are written in plain double quotes"],
  ["’", "; strings are written in plain double quotes"],
]);

/**
 * The tokens of a program, one at a time. `kind` is the operator or keyword itself, or one of: `name`, `field` (`.a`),
 * `variable` (`$a`), `format` (`@a`), `number`, `string` (its opening quote; the parser reads the rest), `bad`, `eof`.
 */
export class Lexer {
  readonly text: string;
  /** Are strings in single quotes taken too? jq has none: no program of jq's changes its meaning. */
  readonly singleQuotes: boolean;
  /** Was a string in single quotes seen? */
  sawSingleQuotes = false;
  kind = "eof";
  /** Offsets of the current token. */
  start = 0;
  end = 0;
  /** Name of a `name`, `field`, `variable` or `format`. */
  name = "";

  constructor(text: string, singleQuotes: boolean) {
    this.text = text;
    this.singleQuotes = singleQuotes;
  }

  /** Goes to the next token, which begins at `from` or behind it. */
  advance(from: number = this.end): void {
    const { text } = this;
    let at = from;
    let code = text.charCodeAt(at);
    while (CLASS[code] === SPACE || code === 35) {
      at = code === 35 ? this.#skipComment(at) : at + 1;
      code = text.charCodeAt(at);
    }
    this.start = at;
    // Behind the end of the text the code is NaN.
    if (at >= text.length) this.#token("eof", at);
    else if (CLASS[code] === LETTER) this.#word(at);
    else if (CLASS[code] === DIGIT) this.#number(at);
    else this.#symbol(at);
  }

  /** Is the current token of this kind? (A call, so that no compiler takes `kind` for unchanged by `advance`.) */
  is(kind: string): boolean {
    return this.kind === kind;
  }

  /** Throws the error of a token that does not fit. */
  unexpected(expected: string): never {
    const hint = this.kind === "bad" ? (HINTS.get(this.found()) ?? "") : "";
    this.fail(this.start, `Found ${this.describe()} where ${expected} was expected${hint}`);
  }

  fail(at: number, message: string): never {
    throw compileError(this.text, at, message);
  }

  /** The current token for a message. */
  describe(): string {
    if (this.kind === "eof") return "the end of the text";
    return this.kind === "string" ? "a string" : `\`${this.found()}\``;
  }

  /** Text of the current token; a character no token begins with is named by its code where it cannot be seen. */
  found(): string {
    if (this.kind === "bad") {
      const code = this.text.codePointAt(this.start) ?? 0;
      const character = String.fromCodePoint(code);
      return /[\p{C}\p{Z}]/u.test(character)
        ? `U+${code.toString(16).toUpperCase().padStart(4, "0")}`
        : character;
    }
    const text = this.text.slice(this.start, this.end);
    return text.length > 40 ? `${text.slice(0, 40)}…` : text;
  }

  #token(kind: string, end: number): void {
    this.kind = kind;
    this.end = end;
  }

  /** Offset behind the comment: a backslash before the line's end, itself not escaped, continues it. */
  #skipComment(from: number): number {
    const { text } = this;
    for (let at = from + 1; at < text.length; at++) {
      const code = text.charCodeAt(at);
      if (code === 10) return at;
      if (code !== 92) continue;
      const next = text.charCodeAt(at + 1);
      if (next === 92 || next === 10) at++;
      else if (next === 13 && text.charCodeAt(at + 2) === 10) at += 2;
    }
    return text.length;
  }

  /** Offset behind the letters, digits and underscores from `at`. */
  #wordEnd(at: number): number {
    const { text } = this;
    let end = at;
    while ((CLASS[text.charCodeAt(end)] ?? 0) >= LETTER) end++;
    return end;
  }

  /** Offset behind `a::b::c` from `at`, where a word begins. */
  #nameEnd(at: number): number {
    const { text } = this;
    let end = this.#wordEnd(at);
    while (
      text.charCodeAt(end) === 58 &&
      text.charCodeAt(end + 1) === 58 &&
      CLASS[text.charCodeAt(end + 2)] === LETTER
    )
      end = this.#wordEnd(end + 2);
    return end;
  }

  #word(at: number): void {
    const end = this.#nameEnd(at);
    const word = this.text.slice(at, end);
    this.name = word;
    this.#token(KEYWORDS.has(word) ? word : "name", end);
  }

  #number(at: number): void {
    NUMBER.lastIndex = at;
    NUMBER.test(this.text);
    this.#token("number", NUMBER.lastIndex);
  }

  #symbol(at: number): void {
    const { text } = this;
    const code = text.charCodeAt(at);
    const next = CLASS[text.charCodeAt(at + 1)] ?? 0;
    if (code === 46 && next === DIGIT) return this.#number(at);
    if (code === 46 && next === LETTER) return this.#named("field", at, this.#wordEnd(at + 1));
    if (code === 36 && next === LETTER) return this.#named("variable", at, this.#nameEnd(at + 1));
    if (code === 64 && next >= LETTER) return this.#named("format", at, this.#wordEnd(at + 1));
    if (code === 34) return this.#token("string", at + 1);
    if (code === 39 && this.singleQuotes) {
      this.sawSingleQuotes = true;
      return this.#token("string", at + 1);
    }
    const first = text.charAt(at);
    for (const operator of LONG.get(first) ?? [])
      if (text.startsWith(operator, at)) return this.#token(operator, at + operator.length);
    return this.#token(SINGLE.has(first) ? first : "bad", at + 1);
  }

  #named(kind: string, at: number, end: number): void {
    this.name = this.text.slice(at + 1, end);
    this.#token(kind, end);
  }
}
