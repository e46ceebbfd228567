/** Rows of blueprints. */
import { sql } from "kysely";
import type { Blueprint } from "../model/blueprint.ts";
import type { JsonObject } from "../model/json.ts";
import type { Db } from "./db.ts";

interface BlueprintRow {
  readonly identifier: string;
  readonly document: JsonObject;
  readonly generation: number;
  readonly created_at: Date;
  readonly created_by: string;
  readonly updated_at: Date;
  readonly updated_by: string;
}

function toBlueprint(row: BlueprintRow): Blueprint {
  return {
    document: row.document,
    generation: row.generation,
    createdAt: row.created_at,
    createdBy: row.created_by,
    updatedAt: row.updated_at,
    updatedBy: row.updated_by,
  };
}

/**
 * Until this transaction ends nobody else changes a definition. References cross from document to document, so all
 * that change one take this lock first; writers of entities do not, they hold the rows of the blueprints they use.
 */
export async function lockDefinitions(db: Db, org: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`definitions ${org}`}, 0))`.execute(db);
}

const COLUMNS = sql.raw("identifier, document, generation, created_at, created_by, updated_at, updated_by");

export async function readBlueprint(db: Db, org: string, identifier: string): Promise<Blueprint | null> {
  const { rows } = await sql<BlueprintRow>`
    select ${COLUMNS} from blueprint where org = ${org} and identifier = ${identifier}`.execute(db);
  const [row] = rows;
  return row === undefined ? null : toBlueprint(row);
}

/**
 * The generation alone, to ask whether a cached plan is still right.
 * @param lock `share`, for writers of entities: the definition stays as it is until they commit
 */
export async function readGeneration(
  db: Db,
  org: string,
  identifier: string,
  lock: "none" | "share",
): Promise<number | null> {
  const { rows } = await sql<{ generation: number }>`
    select generation from blueprint where org = ${org} and identifier = ${identifier}
    ${lock === "share" ? sql`for share` : sql``}`.execute(db);
  return rows[0]?.generation ?? null;
}

export async function listBlueprints(db: Db, org: string): Promise<Blueprint[]> {
  const { rows } = await sql<BlueprintRow>`
    select ${COLUMNS} from blueprint where org = ${org} order by created_at, identifier`.execute(db);
  return rows.map(toBlueprint);
}

/** All of them, locked in the order of their identifiers against writers of their entities. */
export async function lockBlueprints(
  db: Db,
  org: string,
  identifiers: readonly string[],
): Promise<Map<string, Blueprint>> {
  const { rows } = await sql<BlueprintRow>`
    select ${COLUMNS} from blueprint where org = ${org} and identifier = any(${[...identifiers]}::text[])
    order by identifier for update`.execute(db);
  return new Map(rows.map((row) => [row.identifier, toBlueprint(row)]));
}

/** Identifiers of those that exist. */
export async function existingBlueprints(
  db: Db,
  org: string,
  identifiers: readonly string[],
): Promise<Set<string>> {
  if (identifiers.length === 0) return new Set();
  const { rows } = await sql<{ identifier: string }>`
    select identifier from blueprint
    where org = ${org} and identifier = any(${[...identifiers]}::text[])`.execute(db);
  return new Set(rows.map((row) => row.identifier));
}

const NOW_MICROSECONDS = sql.raw("(extract(epoch from clock_timestamp()) * 1000000)::bigint");

export interface BlueprintWrite {
  readonly identifier: string;
  readonly document: JsonObject;
  readonly at: Date;
  readonly by: string;
}

/**
 * @returns null when the identifier is taken. The generation starts at the database's clock in microseconds: a
 * blueprint that is deleted and made again never repeats a generation that some cache still holds.
 */
export async function insertBlueprint(db: Db, org: string, write: BlueprintWrite): Promise<Blueprint | null> {
  const at = write.at.toISOString();
  const { rows } = await sql<BlueprintRow>`
    insert into blueprint (org, identifier, document, generation, created_at, created_by, updated_at, updated_by)
    values (${org}, ${write.identifier}, ${JSON.stringify(write.document)}::json,
      ${NOW_MICROSECONDS},
      ${at}::timestamptz, ${write.by}, ${at}::timestamptz, ${write.by})
    on conflict do nothing returning ${COLUMNS}`.execute(db);
  const [row] = rows;
  return row === undefined ? null : toBlueprint(row);
}

/** @param write also gives the new identifier; entities and relations to them follow by their foreign keys */
export async function updateBlueprint(
  db: Db,
  org: string,
  identifier: string,
  write: BlueprintWrite,
): Promise<Blueprint> {
  // A rename moves the row to where another blueprint may have been: its generation must not repeat one of that.
  const generation =
    identifier === write.identifier
      ? sql`generation + 1`
      : sql`greatest(generation + 1, ${NOW_MICROSECONDS})`;
  const { rows } = await sql<BlueprintRow>`
    update blueprint set identifier = ${write.identifier}, document = ${JSON.stringify(write.document)}::json,
      generation = ${generation}, updated_at = ${write.at.toISOString()}::timestamptz, updated_by = ${write.by}
    where org = ${org} and identifier = ${identifier} returning ${COLUMNS}`.execute(db);
  const [row] = rows;
  if (row === undefined) throw new Error(`updateBlueprint: "${identifier}" is not there`);
  return toBlueprint(row);
}

export async function deleteBlueprintRow(db: Db, org: string, identifier: string): Promise<void> {
  await sql`delete from blueprint where org = ${org} and identifier = ${identifier}`.execute(db);
}

export interface BlueprintReference {
  readonly blueprint: string;
  readonly relation: string;
  readonly required: boolean;
}

/** Relations of any blueprint that point at `target`. */
export async function relationsTo(db: Db, org: string, target: string): Promise<BlueprintReference[]> {
  const { rows } = await sql<BlueprintReference>`
    select b.identifier as blueprint, r.key as relation, coalesce((r.value ->> 'required')::boolean, false) as required
    from blueprint b, json_each(b.document -> 'relations') r
    where b.org = ${org} and r.value ->> 'target' = ${target}
    order by b.identifier, r.key`.execute(db);
  return rows;
}
