/** Rows of migrations: work on all entities of a blueprint, done batch by batch (data-model.md §3.10). */
import { sql } from "kysely";
import type { Actor } from "../model/actor.ts";
import type { JsonObject } from "../model/json.ts";
import type { Migration, MigrationProblem, MigrationStatus } from "../model/migration.ts";
import type { Db } from "./db.ts";
import type { Place } from "./entity-pages.ts";

interface MigrationRow {
  readonly id: string;
  readonly source_blueprint: string;
  readonly mapping: JsonObject | null;
  readonly delete_blueprint: boolean;
  readonly status: MigrationStatus;
  readonly actor: Actor;
  readonly run_id: string | null;
  readonly total: number | null;
  readonly success_count: number;
  readonly failure_count: number;
  readonly after_created_at: Date | null;
  readonly after_identifier: string | null;
  readonly attempt: number;
  readonly helped: number;
  readonly warnings: readonly MigrationProblem[];
  readonly reason: string | null;
  readonly created_at: Date;
  readonly updated_at: Date;
  readonly finished_at: Date | null;
}

const COLUMNS = sql.raw(
  "id, source_blueprint, mapping, delete_blueprint, status, actor, run_id, total, success_count, failure_count, after_created_at, after_identifier, attempt, helped, warnings, reason, created_at, updated_at, finished_at",
);

function toMigration(row: MigrationRow): Migration {
  const { after_created_at: createdAt, after_identifier: identifier } = row;
  return {
    id: row.id,
    sourceBlueprint: row.source_blueprint,
    mapping: row.mapping,
    deleteBlueprint: row.delete_blueprint,
    status: row.status,
    actor: row.actor,
    runId: row.run_id,
    total: row.total,
    successCount: row.success_count,
    failureCount: row.failure_count,
    after: createdAt === null || identifier === null ? null : { createdAt, identifier },
    attempt: row.attempt,
    helped: row.helped,
    warnings: row.warnings,
    reason: row.reason,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    finishedAt: row.finished_at,
  };
}

export async function insertMigration(
  db: Db,
  org: string,
  migration: Pick<
    Migration,
    "id" | "sourceBlueprint" | "mapping" | "deleteBlueprint" | "actor" | "runId" | "createdAt"
  >,
): Promise<void> {
  const { mapping, createdAt } = migration;
  const at = createdAt.toISOString();
  await sql`
    insert into migration (org, id, source_blueprint, mapping, delete_blueprint, status, actor, run_id, created_at, updated_at)
    values (${org}, ${migration.id}, ${migration.sourceBlueprint},
      ${mapping === null ? null : JSON.stringify(mapping)}::json, ${migration.deleteBlueprint}::boolean, 'INITIALIZING',
      ${JSON.stringify(migration.actor)}::json, ${migration.runId}, ${at}::timestamptz, ${at}::timestamptz)`.execute(
    db,
  );
}

/** @param lock keeps it from other transactions until this one ends */
export async function readMigration(
  db: Db,
  org: string,
  id: string,
  lock: boolean,
): Promise<Migration | null> {
  const { rows } = await sql<MigrationRow>`
    select ${COLUMNS} from migration where org = ${org} and id = ${id} ${lock ? sql`for update` : sql``}`.execute(
    db,
  );
  const [row] = rows;
  return row === undefined ? null : toMigration(row);
}

export interface MigrationFilter {
  readonly statuses: readonly string[] | null;
  readonly actor: string | null;
  readonly blueprint: string | null;
  readonly limit: number;
}

/** Newest first. */
export async function listMigrations(db: Db, org: string, filter: MigrationFilter): Promise<Migration[]> {
  const { statuses, actor, blueprint, limit } = filter;
  const { rows } = await sql<MigrationRow>`
    select ${COLUMNS} from migration where org = ${org}
      and ${statuses === null ? sql`true` : sql`status = any(${[...statuses]}::text[])`}
      and ${actor === null ? sql`true` : sql`actor ->> 'id' = ${actor}`}
      and ${blueprint === null ? sql`true` : sql`source_blueprint = ${blueprint}`}
    order by created_at desc, id limit ${limit}::int`.execute(db);
  return rows.map(toMigration);
}

export type MigrationProgress = Pick<
  Migration,
  | "status"
  | "total"
  | "successCount"
  | "failureCount"
  | "after"
  | "attempt"
  | "helped"
  | "warnings"
  | "reason"
  | "updatedAt"
  | "finishedAt"
>;

export async function updateMigration(
  db: Db,
  org: string,
  id: string,
  progress: MigrationProgress,
): Promise<void> {
  const { after, finishedAt } = progress;
  await sql`
    update migration set status = ${progress.status}, total = ${progress.total}::int,
      success_count = ${progress.successCount}::int, failure_count = ${progress.failureCount}::int,
      after_created_at = ${after?.createdAt.toISOString() ?? null}::timestamptz,
      after_identifier = ${after?.identifier ?? null}::text,
      attempt = ${progress.attempt}::int, helped = ${progress.helped}::int,
      warnings = ${JSON.stringify(progress.warnings)}::json, reason = ${progress.reason}::text,
      updated_at = ${progress.updatedAt.toISOString()}::timestamptz,
      finished_at = ${finishedAt?.toISOString() ?? null}::timestamptz
    where org = ${org} and id = ${id}`.execute(db);
}

/** A source entity, and why it could not be done. */
export interface MigrationFailure extends Place {
  readonly message: string;
  /** Something was missing that may come. */
  readonly retry: boolean;
}

export async function putFailures(
  db: Db,
  org: string,
  migration: string,
  failures: readonly MigrationFailure[],
): Promise<void> {
  if (failures.length === 0) return;
  const rows = failures.map(({ createdAt, ...rest }) => ({ created_at: createdAt, ...rest }));
  await sql`
    insert into migration_failure (org, migration, created_at, identifier, message, retry)
    select ${org}, ${migration}, r.created_at, r.identifier, r.message, r.retry
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
      as r (created_at timestamptz, identifier text, message text, retry boolean)
    on conflict (org, migration, created_at, identifier)
      do update set message = excluded.message, retry = excluded.retry`.execute(db);
}

export async function dropFailures(
  db: Db,
  org: string,
  migration: string,
  places: readonly Place[],
): Promise<void> {
  if (places.length === 0) return;
  await sql`
    delete from migration_failure f
    using unnest(${places.map((p) => p.createdAt.toISOString())}::timestamptz[], ${places.map((p) => p.identifier)}::text[])
      as k (created_at, identifier)
    where f.org = ${org} and f.migration = ${migration} and f.created_at = k.created_at
      and f.identifier = k.identifier`.execute(db);
}

/** The first failures, for people. */
export async function firstFailures(
  db: Db,
  org: string,
  migration: string,
  limit: number,
): Promise<MigrationProblem[]> {
  const { rows } = await sql<MigrationProblem>`
    select identifier, message from migration_failure where org = ${org} and migration = ${migration}
    order by created_at, identifier limit ${limit}::int`.execute(db);
  return rows;
}

/** Those that may succeed another time, in the order of the source entities or against it. */
export async function failuresToRetry(
  db: Db,
  org: string,
  migration: string,
  { after, backwards, limit }: { after: Place | null; backwards: boolean; limit: number },
): Promise<Place[]> {
  const direction = backwards ? sql.raw("desc") : sql.raw("asc");
  const beyond = backwards ? sql.raw("<") : sql.raw(">");
  const from =
    after === null
      ? sql`true`
      : sql`(created_at, identifier) ${beyond} (${after.createdAt.toISOString()}::timestamptz, ${after.identifier})`;
  const { rows } = await sql<{ created_at: Date; identifier: string }>`
    select created_at, identifier from migration_failure
    where org = ${org} and migration = ${migration} and retry and ${from}
    order by created_at ${direction}, identifier ${direction} limit ${limit}::int`.execute(db);
  return rows.map(({ created_at: createdAt, identifier }) => ({ createdAt, identifier }));
}

/** Those at work go on under the new name; those that ended tell the name that the blueprint had. */
export async function renameMigrationSource(db: Db, org: string, from: string, to: string): Promise<void> {
  await sql`
    update migration set source_blueprint = ${to}
    where org = ${org} and source_blueprint = ${from} and finished_at is null`.execute(db);
}
