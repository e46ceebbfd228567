/** Definitions as searches read them: first what changed, then that. */
import { sql } from "kysely";
import type { JsonObject } from "../model/json.ts";
import type { Db } from "./db.ts";

/** Identifier and generation of every blueprint, in the database's order of text. */
export async function readGenerations(db: Db, org: string): Promise<(readonly [string, number])[]> {
  const { rows } = await sql<{ identifier: string; generation: number }>`
    select identifier, generation from blueprint where org = ${org} order by identifier`.execute(db);
  return rows.map((row) => [row.identifier, row.generation] as const);
}

export async function readBlueprints(
  db: Db,
  org: string,
  identifiers: readonly string[],
): Promise<{ document: JsonObject; generation: number }[]> {
  if (identifiers.length === 0) return [];
  const { rows } = await sql<{ document: JsonObject; generation: number }>`
    select document, generation from blueprint
    where org = ${org} and identifier = any(${[...identifiers]}::text[])`.execute(db);
  return rows;
}
