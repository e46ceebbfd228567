/** JSON values that came from outside: guards, equality, and what PostgreSQL cannot store. */
import { invalid } from "./error.ts";

export type JsonObject = Readonly<Record<string, unknown>>;

/** Deeper JSON is refused: serialisers and PostgreSQL recurse. */
const MAX_DEPTH = 64;
const SHOWN = 80;

export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function isStringArray(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === "string");
}

/** Why PostgreSQL could not store this text exactly, or null. */
function textFlaw(text: string): string | null {
  if (text.includes("\u0000")) return "contains the character U+0000, which cannot be stored";
  if (/\p{Cs}/u.test(text)) return "contains half of a surrogate pair, which is not Unicode text";
  return null;
}

/** Throws `invalid_request` naming the field, unless `value` is JSON that can be stored and read back unchanged. */
export function checkJson(value: unknown, field: string): void {
  // Places are named only when there is something to say.
  if (isStorable(value, 0)) return;
  const flaw = findFlaw(value, field, 0);
  if (flaw !== null) throw invalid(flaw);
}

/** True when `findFlaw` would find nothing. */
function isStorable(value: unknown, depth: number): boolean {
  if (typeof value === "string") return textFlaw(value) === null;
  if (typeof value === "number") return Number.isFinite(value);
  if (typeof value !== "object" || value === null) return true;
  if (depth >= MAX_DEPTH) return false;
  if (Array.isArray(value)) return value.every((item) => isStorable(item, depth + 1));
  return Object.keys(value).every(
    (key) => textFlaw(key) === null && isStorable((value as JsonObject)[key], depth + 1),
  );
}

function findFlaw(value: unknown, field: string, depth: number): string | null {
  if (typeof value === "string") {
    const flaw = textFlaw(value);
    return flaw === null ? null : `${field} ${flaw}`;
  }
  if (typeof value === "number")
    return Number.isFinite(value) ? null : `${field} is a number outside the range of a 64-bit float`;
  if (typeof value !== "object" || value === null) return null;
  if (depth >= MAX_DEPTH) return `${field} is nested more than ${MAX_DEPTH} levels deep`;
  if (Array.isArray(value)) {
    for (let i = 0; i < value.length; i++) {
      const flaw = findFlaw(value[i], depth < 4 ? `${field}[${i}]` : field, depth + 1);
      if (flaw !== null) return flaw;
    }
    return null;
  }
  for (const [key, item] of Object.entries(value)) {
    const keyFlaw = textFlaw(key);
    if (keyFlaw !== null) return `a key of ${field} ${keyFlaw}`;
    const flaw = findFlaw(item, depth < 4 ? join(field, key) : field, depth + 1);
    if (flaw !== null) return flaw;
  }
  return null;
}

function join(field: string, key: string): string {
  return field === "" ? key.slice(0, SHOWN) : `${field}.${key.slice(0, SHOWN)}`;
}

/** Equality of JSON values; the order of an object's keys does not matter. */
export function sameJson(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  if (Array.isArray(a) || Array.isArray(b)) {
    if (!Array.isArray(a) || !Array.isArray(b) || a.length !== b.length) return false;
    return a.every((item, i) => sameJson(item, b[i]));
  }
  const keys = Object.keys(a);
  if (keys.length !== Object.keys(b).length) return false;
  return keys.every(
    (key) => Object.hasOwn(b, key) && sameJson((a as JsonObject)[key], (b as JsonObject)[key]),
  );
}

/** The value as it appears in messages: JSON, cut to a readable length. Call after `checkJson`. */
export function show(value: unknown): string {
  if (typeof value === "string" && value.length > SHOWN) return `${JSON.stringify(value.slice(0, SHOWN))}…`;
  const text = JSON.stringify(value) ?? "undefined";
  return text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text;
}

/** What kind of JSON value it is, for messages. */
export function kindOf(value: unknown): string {
  if (value === null) return "null";
  return Array.isArray(value) ? "array" : typeof value;
}

/** The same text for the same value, in whatever order its keys come. */
export const canonicalJson = (value: unknown): string =>
  JSON.stringify(value, (_key, item: unknown) =>
    isObject(item)
      ? Object.fromEntries(Object.entries(item).sort(([one], [other]) => (one < other ? -1 : 1)))
      : item,
  );
