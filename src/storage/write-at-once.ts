/**
 * Reads what a batch of writes starts from, and writes its outcome, each in one statement. The second one writes only
 * if nothing moved in between; then the caller starts over under locks. Against one statement per kind of row in a
 * transaction, this saves eight of ten round trips.
 */
import { sql } from "kysely";
import { originOf } from "../model/actor.ts";
import { type Entity, type EntityKey, keyOf } from "../model/entity.ts";
import type { ChangeRow } from "./changes.ts";
import type { Ctx } from "./context.ts";
import type { Db } from "./db.ts";
import {
  COLUMN_NAMES,
  ENTITY_COLUMNS,
  type EntityRow,
  RECORD_COLUMNS,
  RECORD_FIELDS,
  toEntity,
  toRecord,
} from "./entities.ts";
import { RELATION_FIELDS, type RelationRow, toRelationRecord } from "./relations.ts";

export interface WriteState {
  /** null: the blueprint does not exist. */
  readonly generation: number | null;
  readonly entities: readonly Entity[];
  /** By identifier: changes with every write of the row. */
  readonly versions: ReadonlyMap<string, string>;
  /** `keyOf` of those that exist. */
  readonly targets: ReadonlySet<string>;
}

/** Each look-up goes by the primary key: see `entitiesOf` in entities.ts for `offset 0`. */
export async function readWriteState(
  db: Db,
  org: string,
  blueprint: string,
  identifiers: readonly string[],
  targets: readonly EntityKey[],
): Promise<WriteState> {
  const { rows } = await sql<{ generation: number | null; entities: string; targets: string }>`
    select
      (select generation from blueprint where org = ${org} and identifier = ${blueprint}) as generation,
      (select coalesce(json_agg(e), '[]')::text from unnest(${identifiers}::text[]) as k (identifier)
        cross join lateral (
          select ${ENTITY_COLUMNS}, e.xmin::text as version from entity e
          where e.org = ${org} and e.blueprint = ${blueprint} and e.identifier = k.identifier offset 0) e) as entities,
      (select coalesce(json_agg(t), '[]')::text
        from unnest(${targets.map((t) => t.blueprint)}::text[], ${targets.map((t) => t.identifier)}::text[]) as k (blueprint, identifier)
        cross join lateral (
          select e.blueprint, e.identifier from entity e
          where e.org = ${org} and e.blueprint = k.blueprint and e.identifier = k.identifier offset 0) t) as targets`.execute(
    db,
  );
  const [row] = rows;
  const found = JSON.parse(row?.entities ?? "[]") as (EntityRow & { version: string })[];
  const existing = JSON.parse(row?.targets ?? "[]") as EntityKey[];
  return {
    generation: row?.generation ?? null,
    entities: found.map(toEntity),
    versions: new Map(found.map(({ identifier, version }) => [identifier, version])),
    targets: new Set(existing.map((key) => keyOf(key.blueprint, key.identifier))),
  };
}

export interface AtOnce {
  readonly blueprint: string;
  /** Of the blueprint, as the writes were checked against it. */
  readonly generation: number;
  /** In key order, all of the blueprint. */
  readonly inserts: readonly Entity[];
  readonly updates: readonly { readonly entity: Entity; readonly version: string }[];
  readonly removed: readonly RelationRow[];
  readonly put: readonly RelationRow[];
  readonly changes: readonly ChangeRow[];
}

/**
 * Changes are numbered after the inserts, which may wait for the deletion of what they create anew.
 * @returns false when the blueprint or one of the entities has changed; nothing is written then
 * @throws SQLSTATE 23505 when an entity was created, 23503 when a relation target was deleted meanwhile
 */
export async function writeAtOnce(ctx: Ctx, at: Date, write: AtOnce): Promise<boolean> {
  const { db, org, actor, runId = null } = ctx;
  const { blueprint, generation, inserts, updates, removed, put, changes } = write;
  const updated = JSON.stringify(updates.map(({ entity, version }) => ({ ...toRecord(entity), version })));
  const ok = sql`(select ok from guard)`;
  const { rows } = await sql<{ ok: boolean }>`
    with definition as materialized (
      select 1 from blueprint where org = ${org} and identifier = ${blueprint} and generation = ${generation} for share),
    changed as materialized (
      select * from jsonb_to_recordset(${updated}::jsonb) as r (${RECORD_FIELDS}, version text)),
    locked as materialized (
      select 1 from changed r cross join lateral (
        select 1 from entity e
        where e.org = ${org} and e.blueprint = r.blueprint and e.identifier = r.identifier and e.xmin::text = r.version
        offset 0 for no key update) e),
    guard as materialized (
      select exists (select 1 from definition) and (select count(*) from locked) = ${updates.length}::int as ok),
    inserted as (
      insert into entity (org, ${COLUMN_NAMES})
      select ${org}, ${RECORD_COLUMNS}
      from jsonb_to_recordset(${JSON.stringify(inserts.map(toRecord))}::jsonb) as r (${RECORD_FIELDS}) where ${ok}
      returning 1),
    overwritten as (
      insert into entity (org, ${COLUMN_NAMES}) select ${org}, ${RECORD_COLUMNS} from changed r where ${ok}
      on conflict (org, blueprint, identifier) do update set title = excluded.title, icon = excluded.icon,
        team = excluded.team, properties = excluded.properties, relations = excluded.relations,
        datasource = excluded.datasource, updated_at = excluded.updated_at, updated_by = excluded.updated_by,
        changed_at = excluded.changed_at),
    unrelated as (
      delete from entity_relation where ctid = any(array(
        select t.ctid from jsonb_to_recordset(${JSON.stringify(removed.map(toRelationRecord))}::jsonb) as r (${RELATION_FIELDS})
        cross join lateral (
          select t.ctid from entity_relation t
          where t.org = ${org} and t.blueprint = r.blueprint and t.identifier = r.identifier
            and t.relation = r.relation and t.target = r.target offset 0) t
        where ${ok}))),
    related as (
      insert into entity_relation (org, blueprint, identifier, relation, target_blueprint, target, position)
      select ${org}, r.blueprint, r.identifier, r.relation, r.target_blueprint, r.target, r.position
      from jsonb_to_recordset(${JSON.stringify(put.map(toRelationRecord))}::jsonb) as r (${RELATION_FIELDS}) where ${ok}
      on conflict (org, blueprint, identifier, relation, target) do update set position = excluded.position),
    logged as (
      insert into change (org, kind, action, blueprint, identifier, before, after, actor, actor_kind, origin, run_id, at)
      select ${org}, r.kind, r.action, r.blueprint, r.identifier, r.before, r.after,
        ${actor.id}, ${actor.kind}, ${originOf(actor)}, ${runId}, ${at.toISOString()}::timestamptz
      from jsonb_to_recordset(${JSON.stringify(changes)}::jsonb)
        as r (kind text, action text, blueprint text, identifier text, before jsonb, after jsonb)
      where ${ok} and (select count(*) from inserted) = ${inserts.length}::int)
    select ok from guard`.execute(db);
  return rows[0]?.ok === true;
}
