/** How new the state is that a webhook data source brought of each entity. */
import { sql } from "kysely";
import type { EntityKey } from "../model/entity.ts";
import type { Db } from "./db.ts";
import { prepared } from "./prepared.ts";

export interface KnownVersion extends EntityKey {
  readonly version: string;
  /** The event deleted it. */
  readonly gone: boolean;
}

/** $1 organisation, $2 source, $3 blueprints, $4 identifiers. `offset 0`: each by the primary key. */
const read = prepared<KnownVersion>(
  "read_webhook_versions",
  `select v.blueprint, v.identifier, v.version, v.gone
  from unnest($3::text[], $4::text[]) as k (blueprint, identifier)
  cross join lateral (
    select * from webhook_version v
    where v.org = $1 and v.source = $2 and v.blueprint = k.blueprint and v.identifier = k.identifier offset 0) v`,
);

export async function readWebhookVersions(
  db: Db,
  org: string,
  source: string,
  keys: readonly EntityKey[],
): Promise<readonly KnownVersion[]> {
  if (keys.length === 0) return [];
  return read(
    db,
    org,
    source,
    keys.map((k) => k.blueprint),
    keys.map((k) => k.identifier),
  );
}

/** $1 organisation, $2 source, $3 JSON. */
const put = prepared<object>(
  "put_webhook_versions",
  `insert into webhook_version (org, source, blueprint, identifier, version, gone)
  select $1, $2, r.blueprint, r.identifier, r.version, r.gone
  from json_to_recordset($3::json) as r (blueprint text, identifier text, version text, gone boolean)
  order by r.blueprint, r.identifier
  on conflict (org, source, blueprint, identifier) do update set version = excluded.version, gone = excluded.gone,
    -- By the day: a new value each time would write the index as well.
    at = case when webhook_version.at < now() - interval '1 day' then now() else webhook_version.at end`,
);

export async function putWebhookVersions(
  db: Db,
  org: string,
  source: string,
  versions: readonly KnownVersion[],
): Promise<void> {
  if (versions.length > 0) await put(db, org, source, JSON.stringify(versions));
}

export async function forgetWebhookVersions(db: Db, org: string, source: string): Promise<void> {
  await sql`delete from webhook_version where org = ${org} and source = ${source}`.execute(db);
}
