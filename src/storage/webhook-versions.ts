/** How new the state is that a webhook data source brought of each entity. */
import { sql } from "kysely";
import type { EntityKey } from "../model/entity.ts";
import type { Db } from "./db.ts";

export interface KnownVersion extends EntityKey {
  readonly version: string;
  /** The event deleted it. */
  readonly gone: boolean;
}

export async function readWebhookVersions(
  db: Db,
  org: string,
  source: string,
  keys: readonly EntityKey[],
): Promise<KnownVersion[]> {
  if (keys.length === 0) return [];
  const { rows } = await sql<KnownVersion>`
    select v.blueprint, v.identifier, v.version, v.gone
    from unnest(${keys.map((k) => k.blueprint)}::text[], ${keys.map((k) => k.identifier)}::text[])
      as k (blueprint, identifier)
    cross join lateral (
      select * from webhook_version v
      where v.org = ${org} and v.source = ${source} and v.blueprint = k.blueprint and v.identifier = k.identifier
      offset 0) v`.execute(db);
  return rows;
}

export async function putWebhookVersions(
  db: Db,
  org: string,
  source: string,
  versions: readonly KnownVersion[],
): Promise<void> {
  if (versions.length === 0) return;
  await sql`
    insert into webhook_version (org, source, blueprint, identifier, version, gone)
    select ${org}, ${source}, r.blueprint, r.identifier, r.version, r.gone
    from json_to_recordset(${JSON.stringify(versions)}::json) as r (blueprint text, identifier text, version text, gone boolean)
    order by r.blueprint, r.identifier
    on conflict (org, source, blueprint, identifier) do update set version = excluded.version, gone = excluded.gone`.execute(
    db,
  );
}

export async function forgetWebhookVersions(db: Db, org: string, source: string): Promise<void> {
  await sql`delete from webhook_version where org = ${org} and source = ${source}`.execute(db);
}
