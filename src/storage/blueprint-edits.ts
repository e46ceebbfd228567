/** What a change of a definition does to the stored entities. No write of the entities: their `updated_at` stays. */
import { sql } from "kysely";
import type { EntityEdit } from "../model/blueprint-edit.ts";
import type { Db } from "./db.ts";

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

/** Applies one edit to every stored entity of the blueprint. */
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
      return;
    case "drop-owners":
      await sql`update entity set team = '{}' where ${where} and team <> '{}'`.execute(db);
  }
}

/**
 * Values go to the new key. What an earlier property of the new name left behind goes: it would come back as a value
 * of this one.
 */
export async function renamePropertyValues(
  db: Db,
  org: string,
  blueprint: string,
  from: string,
  to: string,
): Promise<void> {
  await sql`
    update entity set properties = (properties - ${from}::text - ${to}::text) || case
        when properties ? ${from}::text then jsonb_build_object(${to}::text, properties -> ${from}::text)
        else '{}'::jsonb end
    where org = ${org} and blueprint = ${blueprint} and properties ?| array[${from}::text, ${to}::text]`.execute(
    db,
  );
}

/** Values of a derived property stay readable under the new key. */
export async function renameDerivedValues(
  db: Db,
  org: string,
  blueprint: string,
  from: string,
  to: string,
): Promise<void> {
  await sql`
    update entity set derived = (derived - ${from}::text - ${to}::text) || case
        when derived ? ${from}::text then jsonb_build_object(${to}::text, derived -> ${from}::text)
        else '{}'::jsonb end
    where org = ${org} and blueprint = ${blueprint} and derived ?| array[${from}::text, ${to}::text]`.execute(
    db,
  );
}

export async function renameRelationValues(
  db: Db,
  org: string,
  blueprint: string,
  from: string,
  to: string,
): Promise<void> {
  await sql`
    update entity set relations =
        (relations - ${from}::text) || jsonb_build_object(${to}::text, relations -> ${from}::text)
    where org = ${org} and blueprint = ${blueprint} and relations ? ${from}::text`.execute(db);
  await sql`
    update entity_relation set relation = ${to}
    where org = ${org} and blueprint = ${blueprint} and relation = ${from}`.execute(db);
}

/** Values of a property that are identifiers of blueprints (text, or lists of it) follow a rename. */
export async function renameBlueprintValues(
  db: Db,
  org: string,
  { blueprint, property }: { readonly blueprint: string; readonly property: string },
  from: string,
  to: string,
): Promise<void> {
  const value = sql`properties -> ${property}::text`;
  await sql`
    update entity set properties = jsonb_set(properties, array[${property}::text], case jsonb_typeof(${value})
        when 'array' then (
          select jsonb_agg(case when v = to_jsonb(${from}::text) then to_jsonb(${to}::text) else v end order by n)
          from jsonb_array_elements(${value}) with ordinality as t (v, n))
        else to_jsonb(${to}::text) end)
    where org = ${org} and blueprint = ${blueprint} and case jsonb_typeof(${value})
        when 'array' then ${value} @> jsonb_build_array(${from}::text)
        when 'string' then properties ->> ${property}::text = ${from}
        else false end`.execute(db);
}

/** The settings of the organisation list blueprints that the pages do not show. */
export async function renameHiddenBlueprint(db: Db, org: string, from: string, to: string): Promise<void> {
  const hidden = sql`settings -> 'hiddenBlueprints'`;
  await sql`
    update organization set settings = jsonb_set(settings, '{hiddenBlueprints}', (
      select jsonb_agg(case when v = to_jsonb(${from}::text) then to_jsonb(${to}::text) else v end order by n)
      from jsonb_array_elements(${hidden}) with ordinality as t (v, n)))
    where id = ${org} and jsonb_typeof(${hidden}) = 'array' and ${hidden} @> jsonb_build_array(${from}::text)`.execute(
    db,
  );
}
