/** What `fairway doctor` asks a database, whatever state it is in. Nothing here writes. */
import { sql } from "kysely";
import type { Database, Db } from "./db.ts";

/** One connection that can only read, and that gives up a statement in time; for a process that then ends. */
export function withReader<T>(
  database: Database,
  statementMs: number,
  work: (db: Db) => Promise<T>,
): Promise<T> {
  // What is set for a session may not stay with a connection that a pooler gives to others.
  return database.direct.connection().execute(async (db) => {
    await sql`select set_config('default_transaction_read_only', 'on', false),
      set_config('statement_timeout', ${String(statementMs)}, false)`.execute(db);
    return work(db);
  });
}

/** @returns null: nobody has started a server on this database */
export async function firstOrganization(db: Db): Promise<string | null> {
  const { rows } = await sql<{ id: string }>`
    select id from organization order by created_at, id limit 1`.execute(db);
  return rows[0]?.id ?? null;
}

export interface ServerState {
  readonly version: string;
  readonly at: Date;
  readonly bytes: number;
  readonly connections: number;
  readonly maxConnections: number;
  /** Settings that trade what was acknowledged for speed, and are set so. */
  readonly unsafe: readonly string[];
  readonly isReplica: boolean;
}

export async function serverState(db: Db): Promise<ServerState> {
  const { rows } = await sql<ServerState>`
    select current_setting('server_version') as version, clock_timestamp() as at,
      pg_database_size(current_database())::float8 as bytes,
      (select count(*)::int from pg_stat_activity where backend_type = 'client backend') as connections,
      current_setting('max_connections')::int as "maxConnections", pg_is_in_recovery() as "isReplica",
      array(select name || ' = ' || setting from pg_settings
        where name in ('fsync', 'full_page_writes', 'synchronous_commit') and setting = 'off' order by name) as unsafe`.execute(
    db,
  );
  const [row] = rows;
  if (row === undefined) throw new Error("the database gave no answer");
  return row;
}

/** Asked of a replica. */
export async function replicaState(
  db: Db,
): Promise<{ readonly isReplica: boolean; readonly lateSeconds: number | null }> {
  // Where nothing is written, the last that was replayed is old, and nothing is missing.
  const { rows } = await sql<{ isReplica: boolean; lateSeconds: number | null }>`
    select pg_is_in_recovery() as "isReplica",
      case when pg_last_wal_receive_lsn() is distinct from pg_last_wal_replay_lsn()
        then extract(epoch from clock_timestamp() - pg_last_xact_replay_timestamp())::float8 end as "lateSeconds"`.execute(
    db,
  );
  return rows[0] ?? { isReplica: false, lateSeconds: null };
}

export interface LongTransaction {
  readonly pid: number;
  readonly application: string;
  readonly database: string;
  readonly state: string;
  readonly seconds: number;
}

/** Of the whole cluster: the change feed waits for the oldest one, whoever began it. */
export async function longTransactions(db: Db, seconds: number): Promise<LongTransaction[]> {
  const { rows } = await sql<LongTransaction>`
    select pid, coalesce(application_name, '') as application, coalesce(datname, '') as database,
      coalesce(state, '') as state, extract(epoch from now() - xact_start)::float8 as seconds
    from pg_stat_activity
    where pid <> pg_backend_pid() and xact_start < now() - make_interval(secs => ${seconds}::float8)
    order by xact_start limit 5`.execute(db);
  return rows;
}

export interface ReplicationSlot {
  readonly slot: string;
  readonly isActive: boolean;
  /** What the server keeps for it. */
  readonly bytes: number;
}

export async function replicationSlots(db: Db): Promise<ReplicationSlot[]> {
  const { rows } = await sql<ReplicationSlot>`
    select slot_name::text as slot, active as "isActive",
      case when pg_is_in_recovery() then 0
        else coalesce(pg_wal_lsn_diff(pg_current_wal_lsn(), restart_lsn), 0) end::float8 as bytes
    from pg_replication_slots order by 3 desc limit 20`.execute(db);
  return rows;
}

export interface FailingJob {
  readonly queue: string;
  readonly key: string;
  readonly attempts: number;
  readonly error: string;
}

/** Those that failed most often. */
export async function failingJobs(db: Db, org: string, limit: number): Promise<FailingJob[]> {
  const { rows } = await sql<FailingJob>`
    select queue, key, attempts, last_error as error from job
    where org = ${org} and last_error is not null and attempts > 0
    order by attempts desc, queue, key limit ${limit}::int`.execute(db);
  return rows;
}

export interface Underivable {
  readonly count: number;
  readonly example: string | null;
  readonly error: string | null;
}

/** Entities whose derived values could not be computed, and are tried again. */
export async function underivable(db: Db, org: string): Promise<Underivable> {
  const { rows } = await sql<Underivable>`
    select count(*)::int as count, min(blueprint || '/' || identifier) as example,
      (array_agg(last_error order by blueprint, identifier))[1] as error
    from derived_dirty where org = ${org} and last_error is not null`.execute(db);
  return rows[0] ?? { count: 0, example: null, error: null };
}

export interface FailedEvents {
  /** Inbox source: `webhook:…`, `integration:…`, `data-source:…`. */
  readonly source: string;
  readonly failed: number;
  readonly error: string | null;
}

/** Events since then of which nothing was written, by source, with the reason of the last one. */
export async function failedEvents(db: Db, org: string, since: Date): Promise<FailedEvents[]> {
  const { rows } = await sql<FailedEvents>`
    select source, count(*)::int as failed,
      (array_agg(coalesce(outcome #>> '{errors,0,reason}', outcome ->> 'reason', outcome ->> 'error')
        order by seq desc))[1] as error
    from inbox where org = ${org} and status = 'failed' and received_at >= ${since.toISOString()}::timestamptz
    group by source order by 2 desc limit 20`.execute(db);
  return rows;
}

export interface SourceCondition {
  readonly kind: "data source" | "integration";
  readonly id: string;
  readonly title: string;
  readonly status: string | null;
  readonly message: string | null;
  /** Objects of its last run that were refused. */
  readonly refused: number;
  readonly refusal: string | null;
  /** When it should have begun by itself; null: it is asked for. */
  readonly dueAt: Date | null;
}

/** How the last run of everything that is connected ended. */
export async function sourceConditions(db: Db, org: string): Promise<SourceCondition[]> {
  const { rows } = await sql<SourceCondition>`
    select 'data source' as kind, id, coalesce(nullif(title, ''), id) as title, run ->> 'status' as status,
      run ->> 'message' as message, coalesce((run #>> '{counts,failed}')::int, 0) as refused,
      run #>> '{errors,0,reason}' as refusal, least(next_full_at, next_quick_at) as "dueAt"
    from data_source where org = ${org}
    union all
    select 'integration', installation_id, coalesce(nullif(document ->> 'title', ''), installation_id),
      resync_state ->> 'status', null, 0, null, null
    from integration where org = ${org}
    order by 1, 2`.execute(db);
  return rows;
}

/** Of the credentials that the settings had at the last start; null: there are none of this name. */
export async function credentialHash(db: Db, org: string, clientId: string): Promise<string | null> {
  const { rows } = await sql<{ hash: string }>`
    select secret_hash as hash from credential where org = ${org} and client_id = ${clientId} and configured`.execute(
    db,
  );
  return rows[0]?.hash ?? null;
}
