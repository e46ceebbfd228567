/**
 * `next` of a page: the place of its last entity. It carries no rights and no secrets, so it is not signed; what does not
 * read back to exactly the same text, or belongs to another blueprint, is refused.
 */
import { invalid } from "../model/error.ts";
import { isEntityIdentifier } from "../model/identifier.ts";
import { isInstant } from "../model/instant.ts";
import type { SortKey } from "../model/sort.ts";
import type { Place } from "../storage/search.ts";
import type { SortedPlace } from "../storage/search-sorted.ts";

/** An identifier has up to 1000 bytes, a blueprint up to 400, each 6 at most in JSON. */
const MAX_LENGTH = 12_000;

export function encodeCursor({ blueprint, createdAt, identifier }: Place): string {
  return Buffer.from(JSON.stringify([blueprint, createdAt, identifier])).toString("base64url");
}

/** @throws AppError `invalid_request` */
export function decodeCursor(text: string, blueprint: string): Place {
  const place = text.length > MAX_LENGTH ? null : read(text);
  if (place === null || encodeCursor(place) !== text)
    throw invalid("from is not a cursor: send the `next` of the page before, unchanged");
  if (place.blueprint !== blueprint)
    throw invalid(`from is a cursor of blueprint "${place.blueprint}", not of "${blueprint}"`);
  return place;
}

function read(text: string): Place | null {
  try {
    const value: unknown = JSON.parse(Buffer.from(text, "base64url").toString("utf8"));
    if (!Array.isArray(value) || value.length !== 3) return null;
    const [blueprint, createdAt, identifier] = value as unknown[];
    return typeof blueprint === "string" &&
      typeof createdAt === "string" &&
      isInstant(createdAt) &&
      typeof identifier === "string" &&
      isEntityIdentifier(identifier, blueprint)
      ? { blueprint, createdAt, identifier }
      : null;
  } catch {
    return null;
  }
}

/** Keys may be 5, their values have up to 200 characters. */
const MAX_SORTED_LENGTH = 24_000;

/** `next` of a page in an order that was asked for: it holds that order, and serves no other. */
export function encodeSortedCursor(place: SortedPlace, keys: readonly SortKey[]): string {
  const order = keys.map((key) => [key.property, key.descending]);
  const text = JSON.stringify([place.blueprint, place.createdAt, place.identifier, order, place.values]);
  return Buffer.from(text).toString("base64url");
}

/** @throws AppError `invalid_request` */
export function decodeSortedCursor(text: string, blueprint: string, keys: readonly SortKey[]): SortedPlace {
  const place = text.length > MAX_SORTED_LENGTH ? null : readSorted(text, keys);
  if (place === null || place.blueprint !== blueprint || encodeSortedCursor(place, keys) !== text)
    throw invalid(
      "from is not a cursor of this search: send the `next` of the page before, with the same sort",
    );
  return place;
}

function readSorted(text: string, keys: readonly SortKey[]): SortedPlace | null {
  try {
    const value: unknown = JSON.parse(Buffer.from(text, "base64url").toString("utf8"));
    if (!Array.isArray(value) || value.length !== 5) return null;
    const [blueprint, createdAt, identifier, , values] = value as unknown[];
    if (typeof blueprint !== "string" || typeof createdAt !== "string" || !isInstant(createdAt)) return null;
    if (typeof identifier !== "string" || !isEntityIdentifier(identifier, blueprint)) return null;
    if (!Array.isArray(values) || values.length !== keys.length) return null;
    return keys.every((key, index) => isValueOf(key, values[index]))
      ? { blueprint, createdAt, identifier, values: values as (string | null)[] }
      : null;
  } catch {
    return null;
  }
}

/** What is read back is cast by the database, which must not fail on it. */
function isValueOf({ type }: SortKey, value: unknown): boolean {
  if (value === null) return true;
  if (typeof value !== "string" || value.includes("\u0000") || !value.isWellFormed()) return false;
  if (type === "number") return /^-?\d{1,400}(\.\d{1,400})?$/.test(value);
  // As the database writes it: with a space for the T, and hours only in the offset.
  return type !== "instant" || isInstant(value.replace(" ", "T").replace(/([+-]\d{2})$/, "$1:00"));
}
