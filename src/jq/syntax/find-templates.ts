import { compileError } from "./compile-error.ts";

/** An expression between `{{` and `}}`: offsets of its text, without the braces. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** The `{{ … }}` in `text`, in order; throws a JqCompileError where they are nested or not balanced. */
export function findTemplates(text: string): Span[] {
  const spans: Span[] = [];
  for (let at = 0; ;) {
    const closing = text.indexOf("}}", at);
    const opening = text.indexOf("{{", at);
    if (closing >= 0 && (opening < 0 || closing < opening))
      throw compileError(text, closing, `Found \`}}\` at offset ${closing} without a \`{{\` before it`);
    if (opening < 0) return spans;
    const end = findEnd(text, opening + 2, opening);
    spans.push({ start: opening + 2, end });
    at = end + 2;
  }
}

/** Offset of the `}}` that closes the `{{` at `opening`. */
function findEnd(text: string, from: number, opening: number): number {
  let depth = 0;
  for (let at = from; at < text.length; at++) {
    const character = text.charAt(at);
    if (character === '"' || character === "'") at = skipString(text, at);
    else if (character === "#") at = skipComment(text, at);
    else if (character === "{") {
      // jq never has a brace right behind a brace.
      if (text.charAt(at + 1) === "{")
        throw compileError(
          text,
          at,
          `Found \`{{\` at offset ${at} inside the template that begins at offset ${opening}`,
        );
      depth++;
    } else if (character === "}") {
      if (depth > 0) depth--;
      else if (text.charAt(at + 1) === "}") return at;
    }
  }
  throw compileError(text, opening, `Found \`{{\` at offset ${opening} without a \`}}\` that closes it`);
}

/** Offset of the last character of the string that begins at `at`; of what is interpolated in it, quotes nest. */
function skipString(text: string, from: number): number {
  /** Quotes of the strings around the current place, and `(` for what is interpolated or in parentheses in it. */
  const open = [text.charAt(from)];
  for (let at = from + 1; at < text.length; at++) {
    const character = text.charAt(at);
    const around = open.at(-1);
    if (around === "(") {
      if (character === "(" || character === '"' || character === "'") open.push(character);
      else if (character === ")") open.pop();
    } else if (character === "\\") {
      at++;
      if (text.charAt(at) === "(") open.push("(");
    } else if (character === around && (around === '"' || !isApostrophe(text, at))) {
      open.pop();
      if (open.length === 0) return at;
    }
  }
  return text.length;
}

/** Offset of the last character of the comment that begins at `from`: it ends with its line, or with the template. */
function skipComment(text: string, from: number): number {
  const stop = text.slice(from).search(/\n|\}\}/);
  return stop < 0 ? text.length : from + stop - 1;
}

/** Is the single quote at `at` between two letters or digits? Then it neither opens nor closes a string. */
export const isApostrophe = (text: string, at: number): boolean =>
  isWord(text.charAt(at - 1)) && isWord(text.charAt(at + 1));

const isWord = (character: string): boolean => /[\p{L}\p{N}_]/u.test(character);
