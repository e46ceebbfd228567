/**
 * What an operator means for one value, as SQL, by the type of the value (data-model.md §5.3, decisions 13–16). Only
 * parameters, nothing spliced. Expressions are written as the indexes of search-indexes.ts have them; a change here
 * makes those useless.
 */
import { type RawBuilder, sql } from "kysely";
import { isInstant } from "../model/instant.ts";
import type { PropertyType } from "../model/property.ts";
import type { Comparison, Scalar } from "../model/query-nodes.ts";

export type Sql = RawBuilder<unknown>;

export const TRUE = sql`true`;
export const FALSE = sql`false`;

/** A condition whose operands are known. */
export type Test =
  | { readonly op: "equals"; readonly value: Scalar }
  | { readonly op: "in"; readonly values: readonly Scalar[] }
  | { readonly op: "contains"; readonly values: readonly Scalar[]; readonly every: boolean }
  | { readonly op: "beginsWith" | "endsWith"; readonly values: readonly Scalar[] }
  | { readonly op: "compare"; readonly comparison: Comparison; readonly values: readonly Scalar[] }
  /** Half-open. */
  | { readonly op: "between"; readonly from: string; readonly to: string }
  | { readonly op: "isEmpty" }
  | { readonly op: "isExpired"; readonly now: string }
  /** Nothing fulfils it. */
  | { readonly op: "never" };

/** Index entries of text are cut to so many characters: a btree entry may have 2,700 bytes. */
const KEY_LENGTH = 200;
/** So many alternatives are written out, which an index on lists can serve; more are checked one by one. */
const MAX_WRITTEN = 50;

export function all(parts: readonly Sql[]): Sql {
  return join(parts, sql` and `, TRUE, FALSE);
}

export function any(parts: readonly Sql[]): Sql {
  return join(parts, sql` or `, FALSE, TRUE);
}

/** @param none what changes nothing. @param decided what decides alone */
function join(parts: readonly Sql[], operator: Sql, none: Sql, decided: Sql): Sql {
  if (parts.includes(decided)) return decided;
  const some = parts.filter((part) => part !== none);
  const [only, ...others] = some;
  if (only === undefined) return none;
  return others.length === 0 ? only : sql`(${sql.join(some, operator)})`;
}

export function textKey(text: Sql): Sql {
  return sql`left(${text}, ${sql.lit(KEY_LENGTH)})`;
}

/** Where values are: those that were written, those that follow from others. */
export type Column = "properties" | "derived";
const COLUMN: Readonly<Record<Column, Sql>> = {
  properties: sql.raw("e.properties"),
  derived: sql.raw("e.derived"),
};

/** The value of a property as text, as JSON, as a number. */
export const property = {
  text: (id: string, column: Column = "properties"): Sql => sql`(${COLUMN[column]} ->> ${id}::text)`,
  json: (id: string, column: Column = "properties"): Sql => sql`(${COLUMN[column]} -> ${id}::text)`,
  number: (id: string, column: Column = "properties"): Sql =>
    sql`as_number(${COLUMN[column]} -> ${id}::text)`,
};

export function onProperty(id: string, type: PropertyType, test: Test, column: Column = "properties"): Sql {
  switch (type) {
    case "string":
      return onText(property.text(id, column), test);
    case "number":
      return onNumber(property.number(id, column), property.text(id, column), test);
    case "boolean":
      return onBoolean(property.text(id, column), test);
    case "array":
      return onList(property.json(id, column), test);
    default:
      return isNullTest(test) ? sql`${property.json(id, column)} is null` : FALSE;
  }
}

function isNullTest(test: Test): boolean {
  return (
    test.op === "isEmpty" ||
    (test.op === "equals" && test.value === null) ||
    (test.op === "in" && test.values.includes(null))
  );
}

/** A value that is always null. */
export function onNull(test: Test): Sql {
  return isNullTest(test) ? TRUE : FALSE;
}

/** Text of a property or column. @param key what equality compares; the index's expression */
export function onText(text: Sql, test: Test, key: Sql = textKey(text)): Sql {
  switch (test.op) {
    case "equals":
      return textIn(text, key, [test.value]);
    case "in":
      return textIn(text, key, test.values);
    case "contains": {
      const parts = test.values.map((value) => like(text, "%", value, "%"));
      return test.every && parts.length > 0 ? all(parts) : any(parts);
    }
    case "beginsWith":
      return any(test.values.map((value) => like(text, "", value, "%")));
    case "endsWith":
      return any(test.values.map((value) => like(text, "%", value, "")));
    case "isEmpty":
      return sql`${key} is null`;
    default:
      return onInstant(sql`as_instant(${text})`, test);
  }
}

function textIn(text: Sql, key: Sql, values: readonly Scalar[]): Sql {
  const texts = values.filter((value) => typeof value === "string");
  // Text that is shorter than the key equals the key; the cut of a longer one has the full length.
  const isShort = (value: string): boolean => key === text || value.length < KEY_LENGTH;
  const short = texts.filter(isShort);
  const long = texts.filter((value) => !isShort(value));
  return any([
    ...(short.length === 0 ? [] : [equalsAny(key, short)]),
    ...(long.length === 0 ? [] : [equalsAny(text, long)]),
    ...(values.includes(null) ? [sql`${key} is null`] : []),
  ]);
}

function equalsAny(text: Sql, values: readonly string[]): Sql {
  return values.length === 1 ? sql`${text} = ${values[0]}` : sql`${text} = any(${[...values]}::text[])`;
}

/** Case does not matter (decision 14); wildcards in the value stand for themselves. */
function like(text: Sql, before: string, value: Scalar, after: string): Sql {
  if (value === null) return FALSE;
  const escaped = String(value).replaceAll(/[\\%_]/g, String.raw`\$&`);
  return sql`${text} ilike ${`${before}${escaped}${after}`}`;
}

function onBoolean(text: Sql, test: Test): Sql {
  const asText = (value: Scalar): Scalar[] =>
    value === null || typeof value === "boolean" ? [value === null ? null : String(value)] : [];
  switch (test.op) {
    case "equals":
      return textIn(text, textKey(text), asText(test.value));
    case "in":
      return textIn(text, textKey(text), test.values.flatMap(asText));
    case "compare":
    case "between":
    case "isExpired":
      return FALSE;
    default:
      return onText(text, test);
  }
}

function onNumber(number: Sql, text: Sql, test: Test): Sql {
  switch (test.op) {
    case "equals":
      return numberIn(number, [test.value]);
    case "in":
      return numberIn(number, test.values);
    case "compare":
      return any(
        test.values
          .filter((value) => typeof value === "number")
          .map((value) => sql`${number} ${sql.raw(test.comparison)} ${JSON.stringify(value)}::numeric`),
      );
    case "isEmpty":
      return sql`${number} is null`;
    case "between":
    case "isExpired":
      return FALSE;
    default:
      return onText(text, test);
  }
}

function numberIn(number: Sql, values: readonly Scalar[]): Sql {
  const numbers = values.filter((value) => typeof value === "number").map((value) => JSON.stringify(value));
  return any([
    ...(numbers.length === 1 ? [sql`${number} = ${numbers[0]}::numeric`] : []),
    ...(numbers.length > 1 ? [sql`${number} = any(${numbers}::numeric[])`] : []),
    ...(values.includes(null) ? [sql`${number} is null`] : []),
  ]);
}

function onList(list: Sql, test: Test): Sql {
  const holds = (values: readonly Scalar[]): Sql => sql`${list} @> ${JSON.stringify(values)}::jsonb`;
  const holdsAny = (values: readonly Scalar[]): Sql => {
    if (values.length <= MAX_WRITTEN) return any(values.map((value) => holds([value])));
    return sql`${list} @> any(${values.map((value) => JSON.stringify([value]))}::jsonb[])`;
  };
  switch (test.op) {
    case "contains":
      return test.every && test.values.length > 0 ? holds(test.values) : holdsAny(test.values);
    case "in": {
      const present = holdsAny(test.values.filter((value) => value !== null));
      return test.values.includes(null) ? any([present, sql`${list} is null`]) : present;
    }
    default:
      return isNullTest(test) ? sql`${list} is null` : FALSE;
  }
}

function instantsOf(values: readonly Scalar[]): string[] {
  return values.filter((value): value is string => typeof value === "string" && isInstant(value));
}

/** A point in time. */
export function onInstant(at: Sql, test: Test): Sql {
  switch (test.op) {
    case "equals":
    case "in": {
      const values = test.op === "in" ? test.values : [test.value];
      const instants = instantsOf(values);
      return any([
        ...(instants.length === 0 ? [] : [sql`${at} = any(${instants}::text[]::timestamptz[])`]),
        ...(values.includes(null) ? [sql`${at} is null`] : []),
      ]);
    }
    case "compare":
      return any(
        instantsOf(test.values).map((value) => sql`${at} ${sql.raw(test.comparison)} ${value}::timestamptz`),
      );
    case "between":
      return sql`(${at} >= ${test.from}::timestamptz and ${at} < ${test.to}::timestamptz)`;
    case "isExpired":
      return sql`${at} <= ${test.now}::timestamptz`;
    case "isEmpty":
      return sql`${at} is null`;
    default:
      return FALSE;
  }
}

/** The index on teams holds only entities that have one, and serves only conditions that say so. */
function isOwnedBy(operator: Sql, teams: readonly string[]): Sql {
  return sql`e.team <> '{}' and e.team ${operator} ${[...teams]}::text[]`;
}

/** The owning teams. `=`: exactly this one; `in` and `containsAny`: one of them; `contains`: every one. */
export function onTeam(test: Test): Sql {
  const texts = (values: readonly Scalar[]): string[] => values.filter((value) => value !== null).map(String);
  switch (test.op) {
    case "equals":
      return test.value === null
        ? sql`e.team = '{}'`
        : sql`(${isOwnedBy(sql`@>`, [String(test.value)])} and cardinality(e.team) = 1)`;
    case "in":
    case "contains": {
      const teams = texts(test.values);
      if (test.op === "contains" && test.every && teams.length > 0)
        return test.values.includes(null) ? FALSE : isOwnedBy(sql`@>`, teams);
      return any([
        ...(teams.length === 0 ? [] : [isOwnedBy(sql`&&`, teams)]),
        ...(test.op === "in" && test.values.includes(null) ? [sql`e.team = '{}'`] : []),
      ]);
    }
    case "isEmpty":
      return sql`e.team = '{}'`;
    default:
      return FALSE;
  }
}

/** A value that is not stored, of the person who asks. */
export function onLiteral(value: Scalar, test: Test): Sql {
  switch (typeof value) {
    case "string": {
      const text = sql`${value}::text`;
      return onText(text, test, text);
    }
    case "number":
      return onLiteralNumber(value, test);
    case "boolean":
      return onBoolean(sql`${String(value)}::text`, test);
    default:
      return onNull(test);
  }
}

function onLiteralNumber(value: number, test: Test): Sql {
  const number = sql`${JSON.stringify(value)}::numeric`;
  switch (test.op) {
    case "equals":
      return numberIn(number, [test.value]);
    case "in":
      return numberIn(number, test.values);
    case "compare":
      return any(
        test.values
          .filter((other) => typeof other === "number")
          .map((other) => sql`${number} ${sql.raw(test.comparison)} ${JSON.stringify(other)}::numeric`),
      );
    case "between":
    case "isExpired":
    case "isEmpty":
      return FALSE;
    default:
      return onText(sql`${JSON.stringify(value)}::text`, test);
  }
}
