/** Which objects a data source saw, and which entities each became. Everything works on sets. */
import { sql } from "kysely";
import type { EntityKey } from "../model/entity.ts";
import type { JsonObject } from "../model/json.ts";
import type { Db } from "./db.ts";

export interface ObjectKey {
  readonly kind: string;
  readonly key: string;
}

export interface SeenObject extends ObjectKey {
  readonly version: string | null;
  readonly gone: boolean;
}

export interface ObjectRow {
  readonly key: string;
  readonly version: string | null;
  readonly parent: string | null;
  readonly ref: JsonObject | null;
}

export interface Claim extends ObjectKey, EntityKey {}

export async function readObjects(
  db: Db,
  org: string,
  source: string,
  kind: string,
  keys: readonly string[],
): Promise<Map<string, SeenObject>> {
  if (keys.length === 0) return new Map();
  const { rows } = await sql<SeenObject>`
    select kind, key, version, gone from source_object
    where org = ${org} and source = ${source} and kind = ${kind} and key = any(${[...keys]}::text[])`.execute(
    db,
  );
  return new Map(rows.map((row) => [row.key, row]));
}

/** Notes that the objects were seen. A version never goes back. */
export async function putObjects(
  db: Db,
  org: string,
  source: string,
  about: { readonly kind: string; readonly parentKind: string | null; readonly seen: number },
  objects: readonly ObjectRow[],
): Promise<void> {
  if (objects.length === 0) return;
  await sql`
    insert into source_object as o (org, source, kind, key, parent_kind, parent, version, seen, gone, ref)
    select ${org}, ${source}, ${about.kind}, r.key, ${about.parentKind}::text, r.parent, r.version, ${about.seen}::int, false, r.ref
    from json_to_recordset(${JSON.stringify(objects)}::json) as r (key text, version text, parent text, ref json)
    order by r.key
    on conflict (org, source, kind, key) do update set parent_kind = excluded.parent_kind,
      parent = coalesce(excluded.parent, o.parent), seen = greatest(o.seen, excluded.seen), gone = false,
      version = case when o.version > excluded.version collate "C" then o.version else coalesce(excluded.version, o.version) end,
      ref = coalesce(excluded.ref, o.ref)`.execute(db);
}

export async function claimsOf(
  db: Db,
  org: string,
  source: string,
  objects: readonly ObjectKey[],
): Promise<Claim[]> {
  if (objects.length === 0) return [];
  const { rows } = await sql<Claim>`
    select k.kind, k.key, e.blueprint, e.identifier
    from unnest(${objects.map((o) => o.kind)}::text[], ${objects.map((o) => o.key)}::text[]) as k (kind, key)
    cross join lateral (
      select e.blueprint, e.identifier from source_entity e
      where e.org = ${org} and e.source = ${source} and e.kind = k.kind and e.key = k.key offset 0) e`.execute(
    db,
  );
  return rows;
}

export async function putClaims(
  db: Db,
  org: string,
  source: string,
  claims: readonly Claim[],
): Promise<void> {
  if (claims.length === 0) return;
  await sql`
    insert into source_entity (org, source, kind, key, blueprint, identifier)
    select ${org}, ${source}, r.kind, r.key, r.blueprint, r.identifier
    from json_to_recordset(${JSON.stringify(claims)}::json) as r (kind text, key text, blueprint text, identifier text)
    on conflict do nothing`.execute(db);
}

/** @returns the entities that nothing of this source makes any more */
export async function dropClaims(
  db: Db,
  org: string,
  source: string,
  claims: readonly Claim[],
): Promise<EntityKey[]> {
  if (claims.length === 0) return [];
  const { rows } = await sql<EntityKey>`
    with gone as (
      delete from source_entity e
      using json_to_recordset(${JSON.stringify(claims)}::json) as r (kind text, key text, blueprint text, identifier text)
      where e.org = ${org} and e.source = ${source} and e.kind = r.kind and e.key = r.key
        and e.blueprint = r.blueprint and e.identifier = r.identifier
      returning e.kind, e.key, e.blueprint, e.identifier)
    select distinct g.blueprint, g.identifier from gone g
    where not exists (
      select from source_entity e
      where e.org = ${org} and e.source = ${source} and e.blueprint = g.blueprint and e.identifier = g.identifier
        and not exists (select from gone h where h.kind = e.kind and h.key = e.key
          and h.blueprint = e.blueprint and h.identifier = e.identifier))
    order by 1, 2`.execute(db);
  return rows;
}

/** Objects that are gone at the source; a row stays, so that a late event does not bring them back. */
export async function markGone(
  db: Db,
  org: string,
  source: string,
  objects: readonly (ObjectKey & { readonly version: string | null })[],
): Promise<void> {
  if (objects.length === 0) return;
  await sql`
    insert into source_object as o (org, source, kind, key, version, seen, gone)
    select ${org}, ${source}, r.kind, r.key, r.version, 0, true
    from json_to_recordset(${JSON.stringify(objects)}::json) as r (kind text, key text, version text)
    order by r.kind, r.key
    on conflict (org, source, kind, key) do update set gone = true,
      version = case when o.version > excluded.version collate "C" then o.version else coalesce(excluded.version, o.version) end`.execute(
    db,
  );
}

/** Objects below the given one, however deep, that are not known to be gone. */
export async function objectsUnder(
  db: Db,
  org: string,
  source: string,
  object: ObjectKey,
): Promise<ObjectKey[]> {
  const { rows } = await sql<ObjectKey>`
    with recursive below as (
      select kind, key from source_object
      where org = ${org} and source = ${source} and parent_kind = ${object.kind} and parent = ${object.key} and not gone
      union
      select o.kind, o.key from below b join source_object o
        on o.org = ${org} and o.source = ${source} and o.parent_kind = b.kind and o.parent = b.key and not o.gone)
    select kind, key from below order by kind, key`.execute(db);
  return rows;
}

export interface Parent {
  readonly key: string;
  readonly ref: JsonObject;
}

export async function readParent(
  db: Db,
  org: string,
  source: string,
  kind: string,
  key: string,
): Promise<Parent | null> {
  const { rows } = await sql<{ ref: JsonObject | null }>`
    select ref from source_object
    where org = ${org} and source = ${source} and kind = ${kind} and key = ${key} and not gone`.execute(db);
  const [row] = rows;
  return row === undefined ? null : { key, ref: row.ref ?? {} };
}

/** Counts objects of the kind (of one parent, or all) as seen, though they could not be looked at. */
export async function touchObjects(
  db: Db,
  org: string,
  source: string,
  about: { readonly kind: string; readonly parent: string | null; readonly seen: number },
): Promise<void> {
  await sql`
    update source_object set seen = ${about.seen}::int
    where org = ${org} and source = ${source} and kind = ${about.kind} and not gone
      and (${about.parent}::text is null or parent = ${about.parent})`.execute(db);
}

/** The object of the kind, seen in or after run `seen`, that comes after `after` in the order of keys. */
export async function nextParent(
  db: Db,
  org: string,
  source: string,
  kind: string,
  { seen, after }: { readonly seen: number; readonly after: string | null },
): Promise<Parent | null> {
  const { rows } = await sql<{ key: string; ref: JsonObject | null }>`
    select key, ref from source_object
    where org = ${org} and source = ${source} and kind = ${kind} and not gone and seen >= ${seen}::int
      and ${after === null ? sql`true` : sql`key collate "C" > ${after}`}
    order by key collate "C" limit 1`.execute(db);
  const [row] = rows;
  return row === undefined ? null : { key: row.key, ref: row.ref ?? {} };
}

export async function countObjects(
  db: Db,
  org: string,
  source: string,
  kind: string,
  seen: number,
): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    select count(*)::int as n from source_object
    where org = ${org} and source = ${source} and kind = ${kind} and not gone and seen >= ${seen}::int`.execute(
    db,
  );
  return rows[0]?.n ?? 0;
}

/** Of the entities that the source makes: all, and those that only objects make that run `seen` did not see. */
export async function countStale(
  db: Db,
  org: string,
  source: string,
  seen: number,
): Promise<{ all: number; stale: number }> {
  const { rows } = await sql<{ all: number; stale: number }>`
    select count(*)::int as all, count(*) filter (where newest < ${seen}::int)::int as stale
    from (
      select max(o.seen) as newest from source_entity e
      join source_object o on o.org = e.org and o.source = e.source and o.kind = e.kind and o.key = e.key
      where e.org = ${org} and e.source = ${source} group by e.blueprint, e.identifier) x`.execute(db);
  return rows[0] ?? { all: 0, stale: 0 };
}

/** Objects that run `seen` did not see. */
export async function staleObjects(
  db: Db,
  org: string,
  source: string,
  seen: number,
  limit: number,
): Promise<ObjectKey[]> {
  const { rows } = await sql<ObjectKey>`
    select kind, key from source_object
    where org = ${org} and source = ${source} and not gone and seen < ${seen}::int
    order by kind, key limit ${limit}::int`.execute(db);
  return rows;
}

/** Forgets what went long ago. */
export async function forgetGone(db: Db, org: string, source: string, before: number): Promise<void> {
  await sql`
    delete from source_object where org = ${org} and source = ${source} and gone and seen < ${before}::int`.execute(
    db,
  );
}
