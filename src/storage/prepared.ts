/**
 * Statements that every write asks: PostgreSQL parses and plans them once per connection. For a bulk request of 20
 * entities, parsing and planning was a third of the database's time (ADR 0013). Their text is built once as well.
 */
import { CompiledQuery } from "kysely";
import type { Db } from "./db.ts";

/** Numbers go as texts; the statement says by `::type` what a parameter is. Lists become arrays. */
export type Parameter = string | number | boolean | null | readonly string[];

/**
 * Plans are made anew after this time: one made while a table was small reads all of it, and would still do so after
 * an import of a million rows, until statistics are next taken. Planning again costs a millisecond.
 */
export const PLANS_MS = 1000;

const names = new Map<string, string>();

/** By its text, what the drivers call a prepared statement; undefined for all others. */
export const preparedName = (text: string): string | undefined => names.get(text);

/**
 * @param name unique in the program
 * @param text with `$1`, `$2` …; constant, for each connection keeps the plans of all of them
 */
export function prepared<R>(
  name: string,
  text: string,
): (db: Db, ...parameters: Parameter[]) => Promise<readonly R[]> {
  names.set(text, `fairway_${name}`);
  return async (db, ...parameters) =>
    (await db.executeQuery<R>(CompiledQuery.raw(text, parameters.map(toText)))).rows;
}

/** As both drivers send it, so that none of them has to look at it again. */
function toText(value: Parameter): string | null {
  if (value === null || typeof value === "string") return value;
  if (typeof value !== "object") return String(value);
  return `{${value.map((item) => `"${item.replace(/["\\]/g, "\\$&")}"`).join(",")}}`;
}
