/** Rows of data sources: native connectors that somebody set up. */
import { type Selectable, sql } from "kysely";
import type { Db } from "./db.ts";
import type { Job } from "./queue.ts";
import type { Tables } from "./tables.ts";

export type DataSourceRow = Selectable<Tables["data_source"]>;

export async function insertDataSource(db: Db, row: DataSourceRow): Promise<void> {
  const { settings, mapping, run, ...rest } = row;
  await db
    .insertInto("data_source")
    .values({
      ...rest,
      settings: JSON.stringify(settings),
      mapping: JSON.stringify(mapping),
      run: run === null ? null : JSON.stringify(run),
    })
    .execute();
}

/** @param lock keeps it from other transactions until this one ends */
export async function readDataSource(
  db: Db,
  org: string,
  id: string,
  lock = false,
): Promise<DataSourceRow | undefined> {
  const query = db.selectFrom("data_source").selectAll().where("org", "=", org).where("id", "=", id);
  return (lock ? query.forUpdate() : query).executeTakeFirst();
}

export function listDataSources(db: Db, org: string): Promise<DataSourceRow[]> {
  return db
    .selectFrom("data_source")
    .selectAll()
    .where("org", "=", org)
    .orderBy("created_at")
    .orderBy("id")
    .execute();
}

/** By the key in its webhook address, whatever organisation it belongs to. */
export function dataSourceOfKey(db: Db, key: string): Promise<DataSourceRow | undefined> {
  return db.selectFrom("data_source").selectAll().where("webhook_key", "=", key).executeTakeFirst();
}

export interface DataSourceChange {
  readonly title?: string;
  readonly settings?: Readonly<Record<string, string>>;
  readonly secrets?: Uint8Array;
  readonly webhook_secret?: Uint8Array;
  readonly strategies?: string[];
  readonly mapping?: unknown;
  readonly resync_minutes?: number | null;
  readonly refresh_minutes?: number | null;
  readonly run?: unknown;
  readonly next_full_at?: Date | null;
  readonly next_quick_at?: Date | null;
  readonly updated_at?: Date;
  readonly updated_by?: string;
}

export async function updateDataSource(
  db: Db,
  org: string,
  id: string,
  { settings, mapping, run, ...rest }: DataSourceChange,
): Promise<void> {
  const change = {
    ...rest,
    ...(settings === undefined ? {} : { settings: JSON.stringify(settings) }),
    ...(mapping === undefined ? {} : { mapping: JSON.stringify(mapping) }),
    ...(run === undefined ? {} : { run: JSON.stringify(run) }),
  };
  if (Object.keys(change).length === 0) return;
  await db.updateTable("data_source").set(change).where("org", "=", org).where("id", "=", id).execute();
}

export async function noteEvent(db: Db, org: string, id: string, at: Date): Promise<void> {
  await sql`update data_source set last_event_at = ${at} where org = ${org} and id = ${id}`.execute(db);
}

/** What it saw goes with it, by foreign keys; entities stay. */
export async function deleteDataSource(db: Db, org: string, id: string): Promise<boolean> {
  const { numDeletedRows } = await db
    .deleteFrom("data_source")
    .where("org", "=", org)
    .where("id", "=", id)
    .executeTakeFirst();
  return numDeletedRows > 0n;
}

export interface WaitingDelivery {
  readonly deliveryId: string;
  readonly receivedAt: Date;
  readonly payload: unknown;
}

/** Deliveries that wait, in the order in which they came. */
export async function waitingDeliveries(
  db: Db,
  org: string,
  source: string,
  limit: number,
): Promise<WaitingDelivery[]> {
  const { rows } = await sql<WaitingDelivery>`
    select delivery_id as "deliveryId", received_at as "receivedAt", payload from inbox
    where org = ${org} and source = ${source} and status = 'received'
    order by seq limit ${limit}::int`.execute(db);
  return rows;
}

export async function countDeliveries(
  db: Db,
  org: string,
  source: string,
): Promise<{ waiting: number; failed: number }> {
  const { rows } = await sql<{ waiting: number; failed: number }>`
    select count(*) filter (where status = 'received')::int as waiting,
      count(*) filter (where status = 'failed')::int as failed
    from inbox where org = ${org} and source = ${source} and status in ('received', 'failed')`.execute(db);
  return rows[0] ?? { waiting: 0, failed: 0 };
}

/** Deliveries that were processed before `before`: nobody sends them again. */
export async function dropDeliveries(db: Db, org: string, source: string, before: Date): Promise<void> {
  await sql`
    delete from inbox where org = ${org} and source = ${source} and status <> 'received'
      and processed_at < ${before}`.execute(db);
}

export async function dropAllDeliveries(db: Db, org: string, source: string): Promise<void> {
  await sql`delete from inbox where org = ${org} and source = ${source}`.execute(db);
}

/**
 * Puts the job that runs off until `delayMs` from now, unless somebody marked it meanwhile: then it runs at once.
 * For use in the transaction that settles it.
 */
export async function postpone(db: Db, job: Job, delayMs: number): Promise<void> {
  await sql`
    update job set ticket = ticket + 1, run_at = now() + make_interval(secs => ${delayMs / 1000}::float8)
    where org = ${job.org} and queue = ${job.queue} and key = ${job.key} and lease_token = ${job.leaseToken}
      and ticket = ${job.ticket}::bigint`.execute(db);
}
