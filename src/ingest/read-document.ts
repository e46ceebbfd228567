/** A mapping as people write it, JSON or YAML: its value, where each part stands, and what is wrong in which line. */
import {
  type Document,
  isAlias,
  isCollection,
  isMap,
  isNode,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseDocument,
  visit,
} from "yaml";
import { AppError } from "../model/error.ts";
import { checkJson, kindOf } from "../model/json.ts";
import { indentationHint, PLACEHOLDER_HINT } from "./indentation-hint.ts";

/** Position in the text, from 1; null where the mapping did not come as text. */
export interface Place {
  readonly line: number | null;
  readonly column: number | null;
}

export interface Problem extends Place {
  /** E.g. `resources[0].port.entity.mappings.title`; empty for the document. */
  readonly path: string;
  readonly message: string;
  readonly hint: string | null;
}

export interface MappingText {
  readonly value: unknown;
  /** Where the part stands that is reached by these keys and indexes. */
  placeOf(path: readonly (string | number)[]): Place;
}

export const NOWHERE: Place = { line: null, column: null };
/** Aliases in YAML may not blow a small text up into a huge document. */
const MAX_ALIASES = 100;
/** Ten times a large mapping; what is wrong in each of its characters takes the better part of a second. */
const MAX_TEXT = 200_000;
const TOLD = 20;

/** All problems in `details`, the first in the message. */
export function refusal(problems: readonly Problem[]): AppError {
  const [first] = problems;
  const more = problems.length > 1 ? ` (and ${problems.length - 1} more)` : "";
  return new AppError("invalid_request", `the mapping: ${first === undefined ? "" : tell(first)}${more}`, {
    details: problems.slice(0, TOLD),
  });
}

function tell({ path, line, column, message, hint }: Problem): string {
  const where = line === null ? "" : `line ${line}, column ${column ?? 1}: `;
  return `${where}${path === "" ? "" : `${path} `}${message}${hint === null ? "" : `; ${hint}`}`;
}

/** @param source text (YAML, of which JSON is a part) or the parsed document. @throws AppError with `details` */
export function readMappingDocument(source: unknown): MappingText {
  if (typeof source === "string") return readText(source);
  checkJson(source, "mapping");
  return { value: source, placeOf: () => NOWHERE };
}

function readText(text: string): MappingText {
  const problem = (message: string, hint: string | null = null, place: Place = NOWHERE): AppError =>
    refusal([{ path: "", ...place, message, hint }]);
  if (text.length > MAX_TEXT) throw problem(`has ${text.length} characters; at most ${MAX_TEXT} are allowed`);
  const lines = new LineCounter();
  let document: Document.Parsed;
  try {
    document = parseLines(text, lines);
  } catch (error) {
    if (error instanceof RangeError) throw problem("nests too deeply");
    throw error;
  }
  const [error] = document.errors;
  if (error !== undefined) {
    const at = lines.linePos(error.pos[0]);
    const hint = hintFor(text, error.code, at.line);
    throw problem(`is not YAML: ${error.message.split("\n")[0] ?? ""}`, hint?.text ?? null, {
      line: hint?.line ?? at.line,
      column: hint?.column ?? at.col,
    });
  }
  const key = wrongKey(document);
  if (key !== null) {
    const { line, col: column } = lines.linePos(key.offset);
    throw problem(key.message, null, { line, column });
  }
  let value: unknown;
  try {
    value = document.toJS({ maxAliasCount: MAX_ALIASES });
  } catch (failure) {
    throw problem(failure instanceof RangeError ? "nests too deeply" : (failure as Error).message);
  }
  if (value === null || value === undefined) throw problem("is empty");
  checkJson(value, "mapping");
  return {
    value,
    placeOf: (path) => placeOf(document.contents, path, lines),
  };
}

/**
 * In time that grows with the text: lone carriage returns, line numbers in each error and the parser's own search for
 * repeated keys take the square of it (18,000 carriage returns: 4 seconds).
 */
function parseLines(text: string, lineCounter: LineCounter): Document.Parsed {
  const before = Error.stackTraceLimit;
  // The parser goes on after an error, and makes one for each character perhaps: their stacks were half of its time.
  Error.stackTraceLimit = 0;
  try {
    return parseDocument(text.replaceAll(/\r\n?/g, "\n"), {
      ...{ lineCounter, prettyErrors: false, uniqueKeys: false, merge: true },
      // A mapping is JSON: no bytes, sets and times, which have members of their own.
      resolveKnownTags: false,
      // Its warnings go to the console, with what was sent.
      logLevel: "error",
    });
  } finally {
    Error.stackTraceLimit = before;
  }
}

/**
 * A key that its map has already (`<<` may be there several times), or that is a list or a map: the parser makes text of these
 * for an object, in time that grows with a high power of their depth (400 times `? `: half a minute).
 */
function wrongKey(document: Document): { offset: number; message: string } | null {
  let found: { offset: number; message: string } | null = null;
  visit(document, {
    Map(_key, { items }) {
      const seen = new Set<unknown>();
      for (const { key } of items) {
        if (isCollection(isAlias(key) ? key.resolve(document) : key)) {
          found = { offset: offsetOf(key), message: "has a list or a map for a key: keys are text" };
          return visit.BREAK;
        }
        if (!isScalar(key) || key.value === "<<") continue;
        if (seen.has(key.value)) {
          found = { offset: key.range?.[0] ?? 0, message: "is not YAML: Map keys must be unique" };
          return visit.BREAK;
        }
        seen.add(key.value);
      }
      return undefined;
    },
  });
  return found;
}

const offsetOf = (key: unknown): number => (isNode(key) ? (key.range?.[0] ?? 0) : 0);

/** The place of the value, or of its key where the value begins on a later line. */
function placeOf(root: Node | null, path: readonly (string | number)[], lines: LineCounter): Place {
  let node: unknown = root;
  for (const step of path) {
    let next: unknown;
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => (isScalar(key) ? key.value : key) === step);
      next = pair?.value ?? pair?.key;
    } else if (isSeq(node)) next = node.items[Number(step)];
    if (next === undefined || next === null) break;
    node = next;
  }
  if (!isNode(node) || !node.range) return NOWHERE;
  const { line, col } = lines.linePos(node.range[0]);
  return { line, column: col };
}

const TYPOGRAPHIC = /[\u201c\u201d\u2018\u2019]/;

function hintFor(
  text: string,
  code: string,
  line: number,
): { text: string; line: number; column: number } | null {
  const indentation = indentationHint(text);
  if (indentation !== null) return indentation;
  const row = text.split("\n")[line - 1] ?? "";
  const column = row.length - row.trimStart().length + 1;
  if (/^\s*\.\.\./.test(row)) return { text: PLACEHOLDER_HINT, line, column };
  const quote = TYPOGRAPHIC.exec(row)?.[0];
  if (quote !== undefined)
    return {
      text: `the line holds typographic quotes (${quote}); use plain ones`,
      line,
      column: row.indexOf(quote) + 1,
    };
  if (code === "TAB_AS_INDENT") return { text: "indent with spaces, not tabs", line, column: 1 };
  if (code === "BLOCK_AS_IMPLICIT_KEY" || code === "BAD_SCALAR_START")
    return {
      text: "put a jq expression that holds `: ` or begins with a sign of YAML in single quotes, or after `>-` on the next line",
      line,
      column,
    };
  return null;
}

/** For messages about a part that has the wrong kind. */
export const described = (value: unknown): string =>
  value === undefined ? "is missing" : `is ${kindOf(value)}`;
