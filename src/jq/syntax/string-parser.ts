import type { Node } from "../ast.ts";
import { isApostrophe } from "./find-templates.ts";
import { Lexer } from "./lexer.ts";

const ESCAPES = new Map([
  ["n", "\n"],
  ["t", "\t"],
  ["r", "\r"],
  ["b", "\b"],
  ["f", "\f"],
  ["/", "/"],
  ["\\", "\\"],
  ['"', '"'],
]);

const BACKSLASH = 92;

/** Reads string literals, with what is interpolated. */
export abstract class StringParser extends Lexer {
  /** Where in the text of a string the reading is. */
  #place = 0;

  /** A whole program, up to a token that cannot continue it. */
  protected abstract query(): Node;

  /** The literal whose opening quote is the current token; goes to the token behind its closing quote. */
  protected string(format: string | null): Node {
    const at = this.start;
    const parts: (string | Node)[] = [];
    this.#place = at + 1;
    for (;;) {
      const text = this.#plainText(at);
      if (text !== "") parts.push(text);
      if (this.text.charCodeAt(this.#place) !== BACKSLASH) break;
      this.advance(this.#place + 2);
      parts.push(this.query());
      if (!this.is(")")) this.unexpected("the `)` of the interpolation");
      this.#place = this.end;
    }
    this.advance(this.#place + 1);
    return stringNode(at, format, parts);
  }

  /** Text up to the next `\(` or to the closing quote of the string that begins at `opened`. */
  #plainText(opened: number): string {
    const quote = this.text.charAt(opened);
    let text = "";
    for (;;) {
      const stop = this.#plainEnd(this.#place, quote);
      if (stop >= this.text.length) this.fail(opened, "The string that begins here is not closed");
      text += wellFormed(this.text.slice(this.#place, stop));
      this.#place = stop;
      if (this.text.charCodeAt(stop) !== BACKSLASH || this.text.charAt(stop + 1) === "(") return text;
      const escape = this.#escape(stop, quote);
      text += escape.text;
      this.#place = escape.end;
    }
  }

  /** Offset of the next backslash or closing quote. */
  #plainEnd(from: number, quote: string): number {
    const { text } = this;
    const closing = quote.charCodeAt(0);
    for (let at = from; at < text.length; at++) {
      const code = text.charCodeAt(at);
      if (code === BACKSLASH || (code === closing && (code === 34 || !isApostrophe(text, at)))) return at;
    }
    return text.length;
  }

  #escape(at: number, quote: string): { readonly text: string; readonly end: number } {
    const { text } = this;
    const letter = text.charAt(at + 1);
    if (letter === "u") return this.#unicode(at);
    const meaning = ESCAPES.get(letter) ?? (letter === "'" && quote === "'" ? "'" : undefined);
    if (meaning === undefined)
      this.fail(at, `Found \`\\${letter}\` in a string; that is no escape (a backslash is written \`\\\\\`)`);
    return { text: meaning, end: at + 2 };
  }

  /** `\u…` at `at`; the two halves of a surrogate pair are one character. */
  #unicode(at: number): { readonly text: string; readonly end: number } {
    const unit = this.#unit(at);
    if (unit < 0) this.fail(at, "Found `\\u` without four hexadecimal digits in a string");
    // As jq: a high half alone is an error, a low one becomes the replacement character.
    if (unit >= 0xdc00 && unit <= 0xdfff) return { text: "\ufffd", end: at + 6 };
    if (unit < 0xd800 || unit > 0xdfff) return { text: String.fromCharCode(unit), end: at + 6 };
    const low = this.#unit(at + 6);
    if (low < 0xdc00 || low > 0xdfff)
      this.fail(at, "Found the first half of a surrogate pair without its second half in a string");
    return { text: String.fromCharCode(unit, low), end: at + 12 };
  }

  /** The code unit of `\uXXXX` at `at`; -1 when there is none. */
  #unit(at: number): number {
    const match = /^\\u([0-9a-fA-F]{4})$/.exec(this.text.slice(at, at + 6));
    return match?.[1] === undefined ? -1 : Number.parseInt(match[1], 16);
  }
}

function stringNode(at: number, format: string | null, parts: readonly (string | Node)[]): Node {
  const [first = ""] = parts;
  if (parts.length < 2 && typeof first === "string") return { kind: "literal", at, value: first };
  return { kind: "string", at, format, parts };
}

/** Halves of surrogate pairs that stand alone are no characters. */
const wellFormed = (text: string): string =>
  text.replaceAll(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, "\ufffd");
