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

/** Reads string literals, with what is interpolated. */
export abstract class StringParser extends Lexer {
  /** A whole program, up to a token that cannot continue it. */
  protected abstract query(): Node;

  /** The literal whose opening quote is the current token; goes to the token behind its closing quote. */
  protected string(format: string | null): Node {
    const at = this.start;
    const quote = this.text.charAt(at);
    const parts: (string | Node)[] = [];
    let text = "";
    let place = at + 1;
    for (;;) {
      const stop = this.#plainEnd(place, quote);
      if (stop >= this.text.length) this.fail(at, "The string that begins here is not closed");
      text += wellFormed(this.text.slice(place, stop));
      if (this.text.charAt(stop) === quote) {
        this.advance(stop + 1);
        break;
      }
      if (this.text.charAt(stop + 1) === "(") {
        if (text !== "") parts.push(text);
        text = "";
        parts.push(this.#interpolated(stop));
        place = this.end;
      } else {
        const escape = this.#escape(stop, quote);
        text += escape.text;
        place = escape.end;
      }
    }
    if (parts.length === 0) return { kind: "literal", at, value: text };
    if (text !== "") parts.push(text);
    return { kind: "string", at, format, parts };
  }

  /** Offset of the next backslash or closing quote. */
  #plainEnd(from: number, quote: string): number {
    const { text } = this;
    const closing = quote.charCodeAt(0);
    for (let at = from; at < text.length; at++) {
      const code = text.charCodeAt(at);
      if (code === 92 || (code === closing && (code === 34 || !isApostrophe(text, at)))) return at;
    }
    return text.length;
  }

  /** `\(…)` whose backslash is at `at`: leaves its closing parenthesis as the current token. */
  #interpolated(at: number): Node {
    this.advance(at + 2);
    const node = this.query();
    if (!this.is(")")) this.unexpected("the `)` of the interpolation");
    return node;
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

/** Halves of surrogate pairs that stand alone are no characters. */
const wellFormed = (text: string): string =>
  text.replaceAll(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, "\ufffd");
