/**
 * `next` of a page: the place of its last entity. It carries no rights and no secrets, so it is not signed; what does not
 * read back to exactly the same text, or belongs to another blueprint, is refused.
 */
import { invalid } from "../model/error.ts";
import { isEntityIdentifier } from "../model/identifier.ts";
import { isInstant } from "../model/instant.ts";
import type { Place } from "../storage/search.ts";

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
