/** What the coverage line of every answer about DORA says of the whole history, in one statement. */
import type { Db } from "./db.ts";
import { prepared } from "./prepared.ts";

export interface KnownSoFar {
  /** Of the services asked about. */
  readonly deployments: number;
  /** Jobs of the queues. */
  readonly jobs: number;
  /** Changes that are not followed yet. */
  readonly changes: number;
}

/** $1 organisation, $2 services (null: all), $3 queues, $4 reader of the feed, $5 how far changes are counted. */
const known = prepared<KnownSoFar>(
  "dora_known",
  `select
    (select coalesce(sum(deployments), 0) from dora_service
      where org = $1 and ($2::text[] is null or service = any($2::text[])))::float8 as deployments,
    (select count(*) from job where org = $1 and queue = any($3::text[]))::int as jobs,
    ((select count(*) from (
      select 1 from change c where c.org = $1 and (c.xid, c.seq) > (
        select coalesce(max(f.xid), '0'::xid8), coalesce(max(f.seq), 0) from feed_cursor f
        where f.org = $1 and f.reader = $4)
      limit $5::int) t)
    + (select count(*) from (select 1 from dora_touched where org = $1 limit $5::int) t))::int as changes`,
);

export async function readKnownSoFar(
  db: Db,
  org: string,
  services: readonly string[] | null,
  about: { readonly queues: readonly string[]; readonly reader: string; readonly cap: number },
): Promise<KnownSoFar> {
  const [row] = await known(db, org, services, about.queues, about.reader, about.cap);
  return row ?? { deployments: 0, jobs: 0, changes: 0 };
}
