import type { Runtime } from "../runtime.ts";
import { type Json, type JsonObject, typeOf } from "../value.ts";
import { numberText } from "./number-text.ts";
import { keysOf } from "./objects.ts";
import { utf8Length } from "./text.ts";

/** Deeper values are printed as a remark (jq's MAX_PRINT_DEPTH). */
const MAX_DEPTH = 10_000;
const TOO_DEEP = "<skipped: too deep>";

/** Values in error texts take at most this many bytes (jq's buffers of 30 with the closing NUL). */
const SHOWN_BYTES = 29;

// oxlint-disable-next-line no-control-regex -- control characters are what is looked for
const NEEDS_ESCAPE = /["\\\0-\x1f\x7f\ud800-\udfff]/;
/** With the flag `u` a pair is one character, so only halves match. */
const HALF_PAIR = /[\ud800-\udfff]/gu;

/** A string as JSON: as JSON.stringify does, but DEL is escaped, and half a surrogate pair becomes U+FFFD. */
export function quote(text: string): string {
  if (!NEEDS_ESCAPE.test(text)) return `"${text}"`;
  const json = JSON.stringify(text.replace(HALF_PAIR, "\ufffd"));
  return json.includes("\x7f") ? json.replaceAll("\x7f", "\\u007f") : json;
}

/** A scalar as JSON. */
function scalarJson(value: Json): string {
  if (typeof value === "string") return quote(value);
  if (typeof value === "number") return numberText(value);
  return value === true ? "true" : value === false ? "false" : "null";
}

/** A container that is being printed. */
interface Frame {
  readonly up: Frame | null;
  /** The keys, when it is an object. */
  readonly keys: readonly string[] | null;
  readonly source: Json[] | JsonObject;
  at: number;
}

/** Texts longer than this are set aside as one flat string: a string that was added to piece by piece keeps the pieces. */
const CHUNK_CHARS = 16_384;

/** `value` on one line, as `tojson` and `tostring` print it. */
export function toJson(value: Json, rt: Runtime): string {
  if (typeof value !== "object" || value === null) {
    if (typeof value === "string") rt.meter.chars(value.length);
    return scalarJson(value);
  }
  const limit = rt.meter.maxOutput;
  let top: Frame | null = open(value, null);
  let depth = 0;
  let out = top.keys === null ? "[" : "{";
  const chunks: string[] = [];
  let aside = 0;
  while (top !== null) {
    const { keys, source } = top;
    const count: number = keys === null ? (source as Json[]).length : keys.length;
    let inner: Frame | null = null;
    while (top.at < count) {
      if (out.length > CHUNK_CHARS) {
        // Reading a character makes the string flat.
        if (out.charCodeAt(0) > 0) chunks.push(out);
        aside += out.length;
        out = "";
        if (aside > limit) rt.meter.chars(aside);
      }
      if (top.at > 0) out += ",";
      const at: number = top.at++;
      let item: Json;
      if (keys === null) item = (source as Json[])[at] as Json;
      else {
        const key = keys[at] as string;
        out += `${quote(key)}:`;
        item = (source as JsonObject)[key] as Json;
      }
      if (depth >= MAX_DEPTH) out += TOO_DEEP;
      else if (typeof item === "object" && item !== null) {
        inner = open(item, top);
        break;
      } else out += scalarJson(item);
    }
    if (inner !== null) {
      rt.meter.spend(inner.keys === null ? 1 : 2);
      out += inner.keys === null ? "[" : "{";
      depth++;
      top = inner;
    } else {
      out += keys === null ? "]" : "}";
      depth--;
      top = top.up;
    }
  }
  rt.meter.chars(aside + out.length);
  rt.meter.spend((aside + out.length) / 16);
  return aside === 0 ? out : chunks.join("") + out;
}

function open(value: Json[] | JsonObject, up: Frame | null): Frame {
  return Array.isArray(value)
    ? { up, keys: null, source: value, at: 0 }
    : { up, keys: keysOf(value), source: value, at: 0 };
}

/** What `tostring` gives: a string is itself. */
export function toText(value: Json, rt: Runtime): string {
  return typeof value === "string" ? value : toJson(value, rt);
}

/** The first keys of objects with many, so that naming one in many errors does not list its keys each time. */
const FIRST_KEYS = new WeakMap<JsonObject, string[]>();
const MANY_KEYS = 64;

/** The keys that error texts can show; each takes more than one character. */
function shownKeys(object: JsonObject): readonly string[] {
  const known = FIRST_KEYS.get(object);
  if (known !== undefined) return known;
  const keys = keysOf(object);
  if (keys.length > MANY_KEYS) FIRST_KEYS.set(object, keys.slice(0, SHOWN_BYTES));
  return keys;
}

/** The beginning of the JSON of `value`: all of it, or more than `room` characters; the rest is not looked at. */
function beginning(value: Json, room: number): string {
  if (typeof value === "string") return quote(value.length > room ? value.slice(0, room + 1) : value);
  if (typeof value !== "object" || value === null) return scalarJson(value);
  const keys = Array.isArray(value) ? null : shownKeys(value);
  const count = keys === null ? (value as Json[]).length : keys.length;
  let out = keys === null ? "[" : "{";
  for (let i = 0; i < count && out.length <= room; i++) {
    if (i > 0) out += ",";
    if (keys !== null) out += `${beginning(keys[i] as string, room - out.length)}:`;
    // Every level takes a character, so the recursion ends with the room.
    if (out.length > room) return out;
    const item = keys === null ? (value as Json[])[i] : (value as JsonObject)[keys[i] as string];
    out += beginning(item as Json, room - out.length);
  }
  return out.length > room ? out : out + (keys === null ? "]" : "}");
}

/** The JSON of `value` for an error text: whole when it has 29 bytes or less, else its beginning, dots and its closing mark. */
export function dumpForError(value: Json): string {
  const text = beginning(value, SHOWN_BYTES);
  if (text.length * 3 <= SHOWN_BYTES || utf8Length(text) <= SHOWN_BYTES) return text;
  const first = text[0];
  const mark = first === '"' ? '"' : first === "[" ? "]" : first === "{" ? "}" : "";
  const room = SHOWN_BYTES - 3 - mark.length;
  let bytes = 0;
  let shown = "";
  for (const point of text) {
    bytes += utf8Length(point);
    if (bytes > room) break;
    shown += point;
  }
  return `${shown}...${mark}`;
}

/** `value` with its type, as jq's messages name it: `string ("a")`. */
export const showForError = (value: Json): string => `${typeOf(value)} (${dumpForError(value)})`;
