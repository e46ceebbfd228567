/** Identifiers (data-model.md §2.3). */
import { invalid } from "./error.ts";
import { kindOf, show } from "./json.ts";
import { TEAM_BLUEPRINT } from "./query-graph.ts";
import { isTeamName } from "./user.ts";

const BLUEPRINT = /^(?!\.{1,2}$)[\p{L}0-9@_.+:\\/-]+$/u;
const ENTITY = /^(?!\.{1,2}$)[\p{L}0-9@_.+:\\/=-]+$/u;
const PROPERTY = /^[A-Za-z0-9@_=\\-]+$/;

const MAX_BLUEPRINT = 100;
const MAX_PROPERTY = 100;
const MAX_ENTITY = 1000;

export function isBlueprintIdentifier(text: string): boolean {
  return text.length <= MAX_BLUEPRINT && BLUEPRINT.test(text);
}

/**
 * At most 1000 bytes of UTF-8, because two of them with their blueprints must fit the 2704 bytes of an index row
 * (entity_relation). For the characters of ASCII that is Port's limit of 1000 characters. Teams are called by their
 * names (decision 22), which may have spaces.
 */
export function isEntityIdentifier(text: string, blueprint = ""): boolean {
  if (text.length > MAX_ENTITY || utf8Length(text) > MAX_ENTITY) return false;
  return ENTITY.test(text) || (blueprint === TEAM_BLUEPRINT && isTeamName(text));
}

/** Property, relation, mirror, calculation and aggregation identifiers. `__proto__` would not survive JavaScript. */
export function isPropertyIdentifier(text: string): boolean {
  return text.length <= MAX_PROPERTY && PROPERTY.test(text) && text !== "__proto__";
}

function utf8Length(text: string): number {
  let bytes = text.length;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code > 0x7f) bytes += code > 0x7ff && (code < 0xd800 || code > 0xdfff) ? 2 : 1;
  }
  return bytes;
}

export function checkBlueprintIdentifier(value: unknown, field: string): string {
  if (typeof value !== "string") throw invalid(`${field} must be a string, not ${kindOf(value)}`);
  if (!isBlueprintIdentifier(value))
    throw invalid(
      `${field} ${show(value)} must have 1 to ${MAX_BLUEPRINT} characters: letters, digits and @ _ . + : \\ / -, and not be "." or ".."`,
    );
  return value;
}

export function checkEntityIdentifier(value: unknown, field: string, blueprint = ""): string {
  if (typeof value !== "string") throw invalid(`${field} must be a string, not ${kindOf(value)}`);
  if (!isEntityIdentifier(value, blueprint))
    throw invalid(
      `${field} ${show(value)} must have 1 to ${MAX_ENTITY} characters (bytes in UTF-8): letters, digits and @ _ . + : \\ / = -, and not be "." or ".."`,
    );
  return value;
}

export function checkPropertyIdentifier(value: string, field: string): void {
  if (!isPropertyIdentifier(value))
    throw invalid(
      `${field}: the identifier ${show(value)} must have 1 to ${MAX_PROPERTY} characters: A-Z a-z 0-9 @ _ = \\ - (and not be "__proto__")`,
    );
}
