/** Puts a pseudonym in the place of a person: of their address wherever it stands, of their name beside it. */
import { isObject, type JsonObject } from "./json.ts";
import { USER_BLUEPRINT } from "./user.ts";

/** Members that say whom an object is about. */
const WHO = ["id", "email", "identifier", "$identifier"];
/** What such an object may call them. Texts of others in it stay. */
const NAMES = new Set(["name", "title", "$title", "displayName", "firstName", "givenName", "formatted"]);
const LAST_NAMES = new Set(["lastName", "familyName"]);
/** What else the entity of a user has. */
const KEPT_ABOUT = new Set(["properties", "relations"]);

export interface Forgetting {
  /** Whether the text is their address and nothing else, however it is written. */
  readonly isThem: (value: unknown) => boolean;
  readonly mentions: (text: string) => boolean;
  readonly text: (text: string) => string;
  /** @param isAboutThem the value as a whole is of them, which it need not say itself */
  readonly json: (value: unknown, isAboutThem?: boolean) => unknown;
  /** Pieces of the address, in small letters, that every text has which it stands in, encoded or not. */
  readonly pieces: readonly string[];
}

/**
 * The address as a whole, not as a part of a longer one, in any letters, also as in a URL. Escapes count as what they
 * stand for, for JSON may be inside of a text.
 */
function pattern(email: string): RegExp {
  const written = Array.from(email, (c) => {
    if (/[A-Za-z0-9]/.test(c)) return c;
    const code = c.codePointAt(0) ?? 0;
    const plain = `\\u{${code.toString(16)}}`;
    const inUrl = encodeURIComponent(c);
    return `(?:${plain}|${inUrl === c ? `%${code.toString(16)}` : inUrl})`;
  });
  const atStart = [
    "(?<![A-Za-z0-9._%+\\-])",
    // No address begins with a dot, or has two in a row.
    "(?<=(?:^|[^A-Za-z0-9._%+\\-]|\\.)\\.)",
    "(?<=\\\\[bfnrt])",
    "(?<=\\\\u[0-9A-Fa-f]{4})",
    // Encoded, and none of % + - . _
    "(?<=%(?!2[5BDE]|5F)[0-9A-Fa-f]{2})",
  ];
  const atEnd = "(?![A-Za-z0-9]|(?:-+|\\.|%2[DE])[A-Za-z0-9])";
  return new RegExp(`(?:${atStart.join("|")})${written.join("")}${atEnd}`, "giu");
}

export function forgetting(email: string, pseudonym: string): Forgetting {
  const known = pattern(email);
  const small = email.toLowerCase();
  const isThem = (value: unknown): boolean => typeof value === "string" && value.toLowerCase() === small;
  const mentions = (text: string): boolean => text.search(known) >= 0;
  const replaced = (text: string): string => text.replace(known, pseudonym);
  const text = (value: string): string => {
    const inside = /^[{[]/.test(value) && mentions(value) ? parsed(value) : null;
    return inside === null ? replaced(value) : JSON.stringify(json(inside));
  };
  const json = (value: unknown, isAboutThem = false): unknown => {
    if (typeof value === "string") return text(value);
    if (Array.isArray(value)) return value.map((item) => json(item));
    if (!isObject(value)) return value;
    return object(value, isAboutThem || WHO.some((name) => isThem(value[name])));
  };
  const object = (value: JsonObject, isAboutThem: boolean): JsonObject => {
    const isUser = isAboutThem && value["blueprint"] === USER_BLUEPRINT;
    return Object.fromEntries(
      Object.entries(value).map(([name, item]) => {
        if (isAboutThem && typeof item === "string" && NAMES.has(name)) return [name, pseudonym];
        if (isAboutThem && typeof item === "string" && LAST_NAMES.has(name)) return [name, ""];
        if (isUser && isObject(item) && KEPT_ABOUT.has(name)) return [name, {}];
        return [replaced(name), json(item, isThem(name))];
      }),
    );
  };
  const pieces = (email.match(/[A-Za-z0-9]+/g) ?? []).map((piece) => piece.toLowerCase());
  return { isThem, mentions, text, json, pieces };
}

/** JSON that is the same when it is written again; null: the text is something else. */
function parsed(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return JSON.stringify(value) === text ? value : null;
  } catch {
    return null;
  }
}
