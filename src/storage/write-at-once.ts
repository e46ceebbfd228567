/**
 * Reads what a batch of writes starts from, and writes its outcome, each in one statement. The second one writes only
 * if nothing moved in between; then the caller starts over under locks. Against one statement per kind of row in a
 * transaction, this saves eight of ten round trips.
 */
import { originOf } from "../model/actor.ts";
import { type Entity, type EntityKey, keyOf } from "../model/entity.ts";
import { CHANGE_FIELDS, type ChangeRow } from "./changes.ts";
import type { Ctx } from "./context.ts";
import type { Db } from "./db.ts";
import {
  COLUMN_NAMES,
  COLUMNS_OF_E,
  type EntityRow,
  OVERWRITE,
  RECORD_COLUMNS,
  RECORD_FIELDS,
  toEntity,
  toRecord,
} from "./entities.ts";
import { shownColumns, type ShownIds, toShown } from "./derived-values.ts";
import { prepared } from "./prepared.ts";
import { currentTrace } from "../tracing/span.ts";
import { RELATION_FIELDS, type RelationRow, toRelationRecord } from "./relations.ts";

export interface WriteState {
  /** null: the blueprint does not exist. */
  readonly generation: number | null;
  readonly entities: readonly Entity[];
  /** By identifier: changes with every write of the row. */
  readonly versions: ReadonlyMap<string, string>;
  /** `keyOf` of those that exist. */
  readonly targets: ReadonlySet<string>;
  /** Of the targets what mirrors need, where that was asked for. */
  readonly shown: readonly Entity[];
}

/** $1 organisation, $2 blueprint, $3 identifiers, $4 and $5 targets. `offset 0`: see `entitiesOf` in entities.ts. */
const stateWith = (targetColumns: string): string =>
  `select
    (select generation from blueprint where org = $1 and identifier = $2) as generation,
    (select coalesce(json_agg(e), '[]')::text from unnest($3::text[]) as k (identifier)
      cross join lateral (
        select ${COLUMNS_OF_E}, e.xmin::text as version from entity e
        where e.org = $1 and e.blueprint = $2 and e.identifier = k.identifier offset 0) e) as entities,
    (select coalesce(json_agg(t), '[]')::text from unnest($4::text[], $5::text[]) as k (blueprint, identifier)
      cross join lateral (
        select ${targetColumns} from entity e
        where e.org = $1 and e.blueprint = k.blueprint and e.identifier = k.identifier offset 0) t) as targets`;
type StateRow = { generation: number | null; entities: string; targets: string };
const readState = prepared<StateRow>("read_write_state", stateWith("e.blueprint, e.identifier"));
/** Mirrors mostly lead to what the written entities are about to point at: a statement of its own costs a third more. */
const readShownState = {
  whole: prepared<StateRow>("read_write_state_whole", stateWith(shownColumns("$6", "$7", true))),
  part: prepared<StateRow>("read_write_state_shown", stateWith(shownColumns("$6", "$7", false))),
};

/** Each look-up goes by the primary key. @param shown properties that mirrors show of the targets; null: none */
export async function readWriteState(
  db: Db,
  org: string,
  blueprint: string,
  identifiers: readonly string[],
  targets: readonly EntityKey[],
  shown: ShownIds | null,
): Promise<WriteState> {
  const parameters = [
    ...[org, blueprint, identifiers],
    targets.map((target) => target.blueprint),
    targets.map((target) => target.identifier),
  ];
  const [row] =
    shown === null
      ? await readState(db, ...parameters)
      : await readShownState[shown.metas ? "whole" : "part"](db, ...parameters, shown.stored, shown.derived);
  const found = JSON.parse(row?.entities ?? "[]") as (EntityRow & { version: string })[];
  const existing = JSON.parse(row?.targets ?? "[]") as EntityKey[];
  return {
    generation: row?.generation ?? null,
    entities: found.map(toEntity),
    versions: new Map(found.map(({ identifier, version }) => [identifier, version])),
    targets: new Set(existing.map((key) => keyOf(key.blueprint, key.identifier))),
    shown: shown === null ? [] : existing.map(toShown),
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

const OK = "(select ok from guard)";

/**
 * $1 organisation, $2 blueprint, $3 its generation; as JSON: $4 updates, $5 inserts, $6 relations removed, $7 put,
 * $8 changes; $9 number of updates, $10 of inserts; of the change rows: $11 actor, $12 its kind, $13 origin, $14 run,
 * $15 time, $16 trace. Changes are numbered after the inserts, which may wait for the deletion of what they create anew.
 */
const write = prepared<{ ok: boolean }>(
  "write_at_once",
  `with definition as materialized (
    select 1 from blueprint where org = $1 and identifier = $2 and generation = $3::bigint for share),
  changed as materialized (select * from jsonb_to_recordset($4::jsonb) as r (${RECORD_FIELDS}, version text)),
  locked as materialized (
    select 1 from changed r cross join lateral (
      select 1 from entity e
      where e.org = $1 and e.blueprint = r.blueprint and e.identifier = r.identifier and e.xmin::text = r.version
      offset 0 for no key update) e),
  guard as materialized (
    select exists (select 1 from definition) and (select count(*) from locked) = $9::int as ok),
  inserted as (
    insert into entity (org, ${COLUMN_NAMES})
    select $1, ${RECORD_COLUMNS} from jsonb_to_recordset($5::jsonb) as r (${RECORD_FIELDS}) where ${OK}
    returning 1),
  overwritten as (
    insert into entity (org, ${COLUMN_NAMES}) select $1, ${RECORD_COLUMNS} from changed r where ${OK}
    on conflict (org, blueprint, identifier) do update set ${OVERWRITE}),
  unrelated as (
    delete from entity_relation where ctid = any(array(
      select t.ctid from jsonb_to_recordset($6::jsonb) as r (${RELATION_FIELDS})
      cross join lateral (
        select t.ctid from entity_relation t
        where t.org = $1 and t.blueprint = r.blueprint and t.identifier = r.identifier
          and t.relation = r.relation and t.target = r.target offset 0) t
      where ${OK}))),
  related as (
    insert into entity_relation (org, blueprint, identifier, relation, target_blueprint, target, position)
    select $1, r.blueprint, r.identifier, r.relation, r.target_blueprint, r.target, r.position
    from jsonb_to_recordset($7::jsonb) as r (${RELATION_FIELDS}) where ${OK}
    on conflict (org, blueprint, identifier, relation, target) do update set position = excluded.position),
  logged as (
    insert into change (org, kind, action, blueprint, identifier, before, after, actor, actor_kind, origin, run_id, at,
      trace)
    select $1, r.kind, r.action, r.blueprint, r.identifier, r.before, r.after, $11, $12, $13, $14, $15::timestamptz, $16
    from jsonb_to_recordset($8::jsonb) as r (${CHANGE_FIELDS})
    where ${OK} and (select count(*) from inserted) = $10::int)
  select ok from guard`,
);

/**
 * @returns false when the blueprint or one of the entities has changed; nothing is written then
 * @throws SQLSTATE 23505 when an entity was created, 23503 when a relation target was deleted meanwhile
 */
export async function writeAtOnce(ctx: Ctx, at: Date, what: AtOnce): Promise<boolean> {
  const { db, org, actor, runId = null } = ctx;
  const { blueprint, generation, inserts, updates, removed, put, changes } = what;
  const [row] = await write(
    db,
    org,
    blueprint,
    generation,
    JSON.stringify(updates.map(({ entity, version }) => ({ ...toRecord(entity), version }))),
    JSON.stringify(inserts.map(toRecord)),
    JSON.stringify(removed.map(toRelationRecord)),
    JSON.stringify(put.map(toRelationRecord)),
    JSON.stringify(changes),
    updates.length,
    inserts.length,
    actor.id,
    actor.kind,
    originOf(actor),
    runId,
    at.toISOString(),
    currentTrace(),
  );
  return row?.ok === true;
}
