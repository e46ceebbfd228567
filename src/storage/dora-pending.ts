/** What the coverage line of every answer about DORA says of the whole history. */
import type { Db } from "./db.ts";
import { NextAnswer } from "./next-answer.ts";
import { prepared } from "./prepared.ts";

export interface KnownSoFar {
  /** Of the services asked about. */
  readonly deployments: number;
  /** Jobs of the queues. */
  readonly jobs: number;
  /** Changes that are not followed yet. */
  readonly changes: number;
}

export interface Asked {
  readonly queues: readonly string[];
  /** Of the feed. */
  readonly reader: string;
  /** How far changes are counted. */
  readonly cap: number;
}

/** $1 organisation, $2 services (null: all). */
const countDeployments = prepared<{ n: number }>(
  "dora_known",
  `select coalesce(sum(deployments), 0)::float8 as n from dora_service
  where org = $1 and ($2::text[] is null or service = any($2::text[]))`,
);

type Pending = Omit<KnownSoFar, "deployments">;

/** $1 organisation, $2 queues, $3 reader of the feed, $4 how far changes are counted. */
const countPending = prepared<Pending>(
  "dora_pending",
  `select (select count(*) from job where org = $1 and queue = any($2::text[]))::int as jobs,
    ((select count(*) from (
      select 1 from change c where c.org = $1 and (c.xid, c.seq) > (
        select coalesce(max(f.xid), '0'::xid8), coalesce(max(f.seq), 0) from feed_cursor f
        where f.org = $1 and f.reader = $3)
      limit $4::int) t)
    + (select count(*) from (select 1 from dora_touched where org = $1 limit $4::int) t))::int as changes`,
);

const pendingOf = new WeakMap<Db, Map<string, NextAnswer<Pending>>>();

/** The widgets of a dashboard ask at the same time, and it takes milliseconds while much is written. */
function sharedPending(db: Db, org: string, about: Asked): Promise<Pending> {
  const ask = async (): Promise<Pending> =>
    (await countPending(db, org, about.queues, about.reader, about.cap))[0] ?? { jobs: 0, changes: 0 };
  if (db.isTransaction) return ask();
  const key = JSON.stringify([org, about]);
  const own = pendingOf.get(db) ?? new Map<string, NextAnswer<Pending>>();
  pendingOf.set(db, own);
  const answer = own.get(key) ?? new NextAnswer<Pending>();
  own.set(key, answer);
  return answer.ask(ask);
}

export async function readKnownSoFar(
  db: Db,
  org: string,
  services: readonly string[] | null,
  about: Asked,
): Promise<KnownSoFar> {
  const [[known], pending] = await Promise.all([
    countDeployments(db, org, services),
    sharedPending(db, org, about),
  ]);
  return { deployments: known?.n ?? 0, ...pending };
}
