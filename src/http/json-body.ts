/** Parses JSON bodies: nesting is bounded, and what is not JSON is told with line, column and the place. */
import type { FastifyInstance } from "fastify";
import { AppError } from "../model/error.ts";

/** Deeper bodies are an attack: validators and serializers recurse. Real documents nest a dozen levels. */
export const MAX_NESTING = 200;
const EXCERPT = 40;
/** Looking for the position parses a dozen times. */
const MAX_SEARCHED = 65_536;

export function useJsonBodies(app: FastifyInstance): void {
  app.addContentTypeParser("application/json", { parseAs: "string" }, (_request, body: string, done) => {
    try {
      done(null, parseJson(body));
    } catch (error) {
      done(error as AppError);
    }
  });
}

/** @throws AppError invalid_json */
export function parseJson(text: string): unknown {
  if (text === "") throw new AppError("invalid_json", "the body is empty; JSON is expected");
  if (nestsDeeper(text, MAX_NESTING))
    throw new AppError("invalid_request", `the body nests deeper than ${MAX_NESTING} levels`);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new AppError("invalid_json", describe(error as SyntaxError, text));
  }
  // The text is searched first, for a walk over every body would cost more than the parsing.
  if (POISON.test(text)) refusePoison(value);
  return value;
}

/** Keys that reach a prototype when objects are copied or merged; escapes hide their letters. */
const POISON = /__proto__|constructor|\\u00/;

function refusePoison(value: unknown): void {
  if (typeof value !== "object" || value === null) return;
  for (const [key, item] of Object.entries(value)) {
    const poisoned =
      key === "__proto__" ||
      (key === "constructor" &&
        typeof item === "object" &&
        item !== null &&
        Object.hasOwn(item, "prototype"));
    if (poisoned) throw new AppError("invalid_json", `the key ${JSON.stringify(key)} is not allowed`);
    refusePoison(item);
  }
}

/** Does the text open more than `limit` brackets at once, outside strings? Linear, for text that need not be JSON. */
function nestsDeeper(text: string, limit: number): boolean {
  if (hasFewer(text, "{", limit / 2) && hasFewer(text, "[", limit / 2)) return false;
  let depth = 0;
  let inString = false;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (inString) {
      if (code === 0x5c) at += 1;
      else if (code === 0x22) inString = false;
    } else if (code === 0x22) inString = true;
    else if (code === 0x5b || code === 0x7b) {
      depth += 1;
      if (depth > limit) return true;
    } else if (code === 0x5d || code === 0x7d) depth -= 1;
  }
  return false;
}

/** Is `character` in the text at most `count` times? Far faster than looking at each character. */
function hasFewer(text: string, character: string, count: number): boolean {
  let at = -1;
  for (let seen = 0; seen <= count; seen += 1) {
    at = text.indexOf(character, at + 1);
    if (at < 0) return true;
  }
  return false;
}

/** `line 2, column 3: unexpected “ near …; use plain quotes`. */
function describe(error: SyntaxError, body: string): string {
  const offset = offsetOf(error, body);
  if (offset === null) return `the body is not valid JSON: ${error.message}`;
  const before = body.slice(0, offset);
  const line = before.split("\n").length;
  const column = Array.from(before.slice(before.lastIndexOf("\n") + 1)).length + 1;
  const place = `line ${line}, column ${column}`;
  if (offset >= body.length) return `the body is not valid JSON: it ends too early (${place})`;
  const character = String.fromCodePoint(body.codePointAt(offset) ?? 0);
  const start = Math.max(before.lastIndexOf("\n") + 1, offset - EXCERPT / 2);
  const near = (body.slice(start, start + EXCERPT).split("\n")[0] ?? "").trim();
  const hint = /[\u2018\u2019\u201c\u201d]/.test(character)
    ? "; it holds typographic quotes, use plain ones"
    : "";
  return `the body is not valid JSON: unexpected ${JSON.stringify(character)} at ${place}, near ${JSON.stringify(near)}${hint}`;
}

const toldOffset = (error: Error, text: string): number | null => {
  const position = /at position (\d+)/.exec(error.message)?.[1];
  if (position !== undefined) return Number(position);
  return /Unexpected end/.test(error.message) ? text.length : null;
};

/** V8 tells the position in most messages; else the longest beginning that could still become JSON is looked for. */
function offsetOf(error: SyntaxError, body: string): number | null {
  const told = toldOffset(error, body);
  if (told !== null || body.length > MAX_SEARCHED) return told;
  let [fine, wrong] = [0, body.length];
  while (wrong - fine > 1) {
    const middle = (fine + wrong) >> 1;
    if (isBeginning(body.slice(0, middle))) fine = middle;
    else wrong = middle;
  }
  return fine;
}

function isBeginning(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch (error) {
    return toldOffset(error as Error, text) === text.length;
  }
}
