/** One row per relation value, for reverse look-ups and delete protection. */
import type { EntityKey } from "../model/entity.ts";
import type { Db } from "./db.ts";
import { prepared } from "./prepared.ts";

export interface RelationRow {
  readonly blueprint: string;
  readonly identifier: string;
  readonly relation: string;
  readonly targetBlueprint: string;
  readonly target: string;
  /** Index in a many relation. */
  readonly position: number;
}

/** A relation as a record of `jsonb_to_recordset(…) as r (RELATION_FIELDS)`. */
export const toRelationRecord = (r: RelationRow): object => ({
  blueprint: r.blueprint,
  identifier: r.identifier,
  relation: r.relation,
  target_blueprint: r.targetBlueprint,
  target: r.target,
  position: r.position,
});
const toJson = (rows: readonly RelationRow[]): string => JSON.stringify(rows.map(toRelationRecord));

export const RELATION_FIELDS =
  "blueprint text, identifier text, relation text, target_blueprint text, target text, position integer";

const put = prepared(
  "put_relations",
  `insert into entity_relation (org, blueprint, identifier, relation, target_blueprint, target, position)
  select $1, r.blueprint, r.identifier, r.relation, r.target_blueprint, r.target, r.position
  from jsonb_to_recordset($2::jsonb) as r (${RELATION_FIELDS})
  on conflict (org, blueprint, identifier, relation, target) do update set position = excluded.position`,
);

/** @throws SQLSTATE 23503 when a target does not exist */
export async function putRelations(db: Db, org: string, rows: readonly RelationRow[]): Promise<void> {
  if (rows.length > 0) await put(db, org, toJson(rows));
}

const remove = prepared(
  "remove_relations",
  `delete from entity_relation where ctid = any(array(
    select t.ctid from jsonb_to_recordset($2::jsonb) as r (${RELATION_FIELDS}) cross join lateral (
      select t.ctid from entity_relation t
      where t.org = $1 and t.blueprint = r.blueprint and t.identifier = r.identifier
        and t.relation = r.relation and t.target = r.target offset 0) t))`,
);

/** The look-ups stay out of the planner's hands, as in entities.ts. */
export async function removeRelations(db: Db, org: string, rows: readonly RelationRow[]): Promise<void> {
  if (rows.length > 0) await remove(db, org, toJson(rows));
}

const references = prepared<RelationRow>(
  "references_to",
  `select t.blueprint, t.identifier, t.relation, t.target_blueprint as "targetBlueprint", t.target, t.position
  from unnest($2::text[], $3::text[]) as k (blueprint, identifier)
  cross join lateral (
    select t.* from entity_relation t
    where t.org = $1 and t.target_blueprint = k.blueprint and t.target = k.identifier offset 0) t
  order by t.blueprint, t.identifier, t.relation, t.position`,
);

/** Every relation value that points at one of `targets`, in key order. */
export async function referencesTo(
  db: Db,
  org: string,
  targets: readonly EntityKey[],
): Promise<readonly RelationRow[]> {
  if (targets.length === 0) return [];
  return references(
    db,
    org,
    targets.map((target) => target.blueprint),
    targets.map((target) => target.identifier),
  );
}
