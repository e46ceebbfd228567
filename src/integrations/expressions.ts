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

/** Does a name say that a run deploys? */
export const saysDeploy = (expression: string): string =>
  `(${expression} | test("(^|[^a-z])(deploy[a-z]*|release|cd)([^a-z]|$)"; "i"))`;

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

/** The block once for each element of a list, which it sees as `.item`. */
export const eachOf = (items: string, block: JsonObject): JsonObject => ({
  ...block,
  port: { ...(block["port"] as JsonObject), itemsToParse: items },
});

/** Parts of names that tell where something runs. */
const STAGING = "pre-?prod|non-?prod|stag(e|ing)?|stg|uat|accept(ance)?|preview";
const TESTING = "dev|develop(ment)?|test(ing)?|tst|qa|sandbox|int(egration)?|ci";
const PRODUCTION = "prod|production|prd|live";
const part = (words: string): string => `(^|[^a-z])(${words})([^a-z]|$)`;

/** The environment by the first of the texts that has a word for one; Production when none has. */
export const environmentAmong = (expressions: readonly string[]): string =>
  `[${expressions.map((one) => `(${one})?`).join(", ")}] | map(strings | ascii_downcase | if test("${part(STAGING)}") then "Staging" elif test("${part(TESTING)}") then "Testing" elif test("${part(PRODUCTION)}") then "Production" else empty end) | .[0] // "Production"`;

/** A name without the environment that it begins or ends with: `shop-prod` is `shop`. */
export const withoutEnvironment = (expression: string): string =>
  `(${expression} | sub("[-_.](${STAGING}|${TESTING}|${PRODUCTION})$"; "") | sub("^(${STAGING}|${TESTING}|${PRODUCTION})[-_.]"; ""))`;

/** The service in a version tag of a monorepo (`cart@1.2.3`, `@acme/cart@1.2.3`, `cart/v1.2.3`, `cart-v1.2.3`); else null. */
export const serviceOfTag = (tag: string): string =>
  `((${tag} | capture("^(?:@[^/]+/)?(?:.*/)?(?<service>[^/]+?)(?:@|/v?|[-_]v?)[0-9]{1,9}([.][0-9]{1,9}){1,3}") | .service) // null | if . == null or test("^(release|rel|version|ver|v)$"; "i") then null else . end)`;
