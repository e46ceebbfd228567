/** Rows of blueprints, and what a change of a definition does to the stored entities. */
import { sql } from "kysely";
import type { Blueprint } from "../model/blueprint.ts";
import type { EntityEdit } from "../model/blueprint-edit.ts";
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

const COLUMNS = sql.raw("identifier, document, generation, created_at, created_by, updated_at, updated_by");
const LOCKS = {
  none: sql.raw(""),
  /** Writers of entities: the definition stays as it is until they commit. */
  share: sql.raw("for share"),
  update: sql.raw("for update"),
};

export async function readBlueprint(
  db: Db,
  org: string,
  identifier: string,
  lock: keyof typeof LOCKS,
): Promise<Blueprint | null> {
  const { rows } = await sql<BlueprintRow>`
    select ${COLUMNS} from blueprint where org = ${org} and identifier = ${identifier} ${LOCKS[lock]}`.execute(
    db,
  );
  const [row] = rows;
  return row === undefined ? null : toBlueprint(row);
}

/** The generation alone, to ask whether a cached plan is still right. */
export async function readGeneration(
  db: Db,
  org: string,
  identifier: string,
  lock: "none" | "share",
): Promise<number | null> {
  const { rows } = await sql<{ generation: number }>`
    select generation from blueprint where org = ${org} and identifier = ${identifier} ${LOCKS[lock]}`.execute(
    db,
  );
  return rows[0]?.generation ?? null;
}

export async function listBlueprints(db: Db, org: string): Promise<Blueprint[]> {
  const { rows } = await sql<BlueprintRow>`
    select ${COLUMNS} from blueprint where org = ${org} order by created_at, identifier`.execute(db);
  return rows.map(toBlueprint);
}

/** Identifiers of those that exist; they cannot be deleted before this transaction ends. */
export async function shareBlueprints(
  db: Db,
  org: string,
  identifiers: readonly string[],
): Promise<Set<string>> {
  if (identifiers.length === 0) return new Set();
  const { rows } = await sql<{ identifier: string }>`
    select identifier from blueprint where org = ${org} and identifier = any(${[...identifiers]}::text[])
    order by identifier for share`.execute(db);
  return new Set(rows.map((row) => row.identifier));
}

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
    values (${org}, ${write.identifier}, ${JSON.stringify(write.document)}::jsonb,
      (extract(epoch from clock_timestamp()) * 1000000)::bigint,
      ${at}::timestamptz, ${write.by}, ${at}::timestamptz, ${write.by})
    on conflict do nothing returning ${COLUMNS}`.execute(db);
  const [row] = rows;
  return row === undefined ? null : toBlueprint(row);
}

export async function updateBlueprint(db: Db, org: string, write: BlueprintWrite): Promise<Blueprint> {
  const { rows } = await sql<BlueprintRow>`
    update blueprint set document = ${JSON.stringify(write.document)}::jsonb, generation = generation + 1,
      updated_at = ${write.at.toISOString()}::timestamptz, updated_by = ${write.by}
    where org = ${org} and identifier = ${write.identifier} returning ${COLUMNS}`.execute(db);
  const [row] = rows;
  if (row === undefined) throw new Error(`updateBlueprint: "${write.identifier}" is not there`);
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
    from blueprint b, jsonb_each(b.document -> 'relations') r
    where b.org = ${org} and r.value ->> 'target' = ${target}
    order by b.identifier, r.key`.execute(db);
  return rows;
}

/** How many entities hold several values in a relation. */
export async function countSeveral(
  db: Db,
  org: string,
  blueprint: string,
  relation: string,
): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    select count(*)::int as n from entity
    where org = ${org} and blueprint = ${blueprint} and case jsonb_typeof(relations -> ${relation}::text)
        when 'array' then jsonb_array_length(relations -> ${relation}::text) > 1 else false end`.execute(db);
  return rows[0]?.n ?? 0;
}

/** Applies one edit to every stored entity of the blueprint. Not a write of the entities: `updated_at` stays. */
export async function editEntities(db: Db, org: string, blueprint: string, edit: EntityEdit): Promise<void> {
  const where = sql`org = ${org} and blueprint = ${blueprint}`;
  switch (edit.kind) {
    case "drop-mismatched-values":
      await sql`update entity set properties = properties - ${edit.property}::text
        where ${where} and properties ? ${edit.property}::text
          and jsonb_typeof(properties -> ${edit.property}::text) <> ${edit.type}`.execute(db);
      return;
    case "drop-relation":
      await sql`delete from entity_relation where ${where} and relation = ${edit.relation}`.execute(db);
      await sql`update entity set relations = relations - ${edit.relation}::text
        where ${where} and relations ? ${edit.relation}::text`.execute(db);
      return;
    case "relation-to-many":
      await sql`update entity set relations = jsonb_set(relations, array[${edit.relation}::text], jsonb_build_array(relations -> ${edit.relation}::text))
        where ${where} and jsonb_typeof(relations -> ${edit.relation}::text) = 'string'`.execute(db);
      return;
    case "relation-to-single":
      await sql`update entity set relations = jsonb_set(relations, array[${edit.relation}::text], relations -> ${edit.relation}::text -> 0)
        where ${where} and jsonb_typeof(relations -> ${edit.relation}::text) = 'array'`.execute(db);
  }
}
