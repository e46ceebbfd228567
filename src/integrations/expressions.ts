/** jq that several default mappings share. The texts go into the mapping as they are, for the user to read and change. */
import type { JsonObject } from "../model/json.ts";

/**
 * Text as an entity identifier: a character that it cannot hold is written `=XX`, its UTF-8 bytes in hex, as git
 * imports do, so that both name the same deployment alike.
 */
export const identifierOf = (expression: string): string =>
  `${expression} | gsub("(?<c>[^\\\\p{L}0-9@_.+:\\\\\\\\/-])"; .c | @uri | gsub("%"; "="))`;

/** Production, Staging or Testing by the words that most teams use; no environment means production. */
export const environmentOf = (expression: string): string =>
  `(${expression} // "production") | ascii_downcase | if test("pre-?prod|non-?prod|stag|uat|accept|preview") then "Staging" elif test("prod|live") then "Production" else "Testing" end`;

/** Hours between two times, to two digits; null unless both are there. */
export const hoursBetween = (from: string, to: string): string =>
  `if ${from} == null or ${to} == null then null else (((${to} | sub("\\\\.[0-9]+"; "") | fromdateiso8601) - (${from} | sub("\\\\.[0-9]+"; "") | fromdateiso8601)) / 36 | floor) / 100 end`;

/** Minutes between two times, to one digit; null unless both are there. */
export const minutesBetween = (from: string, to: string): string =>
  `if ${from} == null or ${to} == null then null else (((${to} | sub("\\\\.[0-9]+"; "") | fromdateiso8601) - (${from} | sub("\\\\.[0-9]+"; "") | fromdateiso8601)) / 6 | floor) / 10 end`;

/**
 * The services that are called so: by their title, or by one of their `aliases`.
 * @param names jq that gives a list of texts
 */
export const servicesNamed = (names: string): JsonObject => ({
  combinator: `"or"`,
  rules: [
    { property: `"$title"`, operator: `"in"`, value: names },
    { property: `"aliases"`, operator: `"containsAny"`, value: names },
  ],
});

interface EntityMapping {
  readonly identifier: string;
  readonly title?: string;
  readonly properties: Readonly<Record<string, string>>;
  readonly relations?: Readonly<Record<string, unknown>>;
}

/** One block of a mapping. */
export function resource(kind: string, query: string, blueprint: string, entity: EntityMapping): JsonObject {
  const { identifier, title, properties, relations } = entity;
  return {
    kind,
    selector: { query },
    port: {
      entity: {
        mappings: {
          identifier,
          ...(title === undefined ? {} : { title }),
          blueprint: JSON.stringify(blueprint),
          properties,
          ...(relations === undefined ? {} : { relations }),
        },
      },
    },
  };
}
