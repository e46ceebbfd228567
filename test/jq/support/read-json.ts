import type { Json, JsonObject } from "../../../src/jq/value.ts";

/**
 * Reads one JSON text the way jq reads its input: NaN, nan, Infinity and a sign before them are numbers, lone surrogates
 * become U+FFFD, a byte order mark at the start is skipped. Written apart from the engine's reader, which it is there to test.
 * Throws a SyntaxError that tells the offset.
 */
export function readJson(text: string): Json {
  const { value, end } = readJsonAt(text, text.startsWith("\ufeff") ? 1 : 0);
  if (end < text.length) throw new SyntaxError(`more than one JSON value: ${text}`);
  return value;
}

/** The value that starts at `start`; `end` is the offset behind it and the white space after it. */
export function readJsonAt(text: string, start: number): { readonly value: Json; readonly end: number } {
  let at = start;
  const bad = (): never => {
    throw new SyntaxError(`not JSON at offset ${at}: ${text}`);
  };
  const space = (): void => {
    while (" \t\r\n".includes(text[at] ?? "x")) at++;
  };
  const take = (pattern: RegExp): string | null => {
    pattern.lastIndex = at;
    const found = pattern.exec(text)?.[0] ?? null;
    if (found !== null) at += found.length;
    return found;
  };

  function string(): string {
    const raw = take(/"(?:[^"\\]|\\.)*"/suy) ?? bad();
    return String(JSON.parse(raw)).toWellFormed();
  }

  function array(): Json[] {
    const items: Json[] = [];
    at++;
    space();
    while (text[at] !== "]") {
      items.push(value());
      if (text[at] === ",") at++;
      else if (text[at] !== "]") bad();
      space();
    }
    at++;
    return items;
  }

  function object(): JsonObject {
    const entries: [string, Json][] = [];
    at++;
    space();
    while (text[at] !== "}") {
      const key = string();
      space();
      if (text[at++] !== ":") bad();
      entries.push([key, value()]);
      if (text[at] === ",") at++;
      else if (text[at] !== "}") bad();
      space();
    }
    at++;
    return Object.fromEntries(entries);
  }

  function scalar(): Json {
    const word = take(/[-+.\w]+/uy) ?? bad();
    switch (word.replace(/^-/u, "").toLowerCase()) {
      case "null":
        return null;
      case "true":
        return true;
      case "false":
        return false;
      case "nan":
        return Number.NaN;
      case "infinity":
        return word.startsWith("-") ? -Infinity : Infinity;
      default:
        return Number.isNaN(Number(word)) ? bad() : Number(word);
    }
  }

  function value(): Json {
    space();
    const first = text[at];
    const read = first === "[" ? array() : first === "{" ? object() : first === '"' ? string() : scalar();
    space();
    return read;
  }

  return { value: value(), end: at };
}
