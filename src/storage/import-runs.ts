import type { Selectable } from "kysely";
import { sql } from "kysely";
import type { Db } from "./db.ts";
import type { Tables } from "./tables.ts";

export type ImportRunRow = Selectable<Tables["import_run"]>;

export async function insertImportRun(
  db: Db,
  row: Pick<ImportRunRow, "org" | "id" | "repository" | "source" | "services"> & {
    options: unknown;
    totals: Record<string, number>;
    now: Date;
  },
): Promise<ImportRunRow> {
  return db
    .insertInto("import_run")
    .values({
      org: row.org,
      id: row.id,
      repository: row.repository,
      source: row.source,
      services: row.services,
      options: JSON.stringify(row.options),
      totals: JSON.stringify(row.totals),
      sent: "{}",
      status: "running",
      heads: null,
      error: null,
      started_at: row.now,
      updated_at: row.now,
      finished_at: null,
    })
    .returningAll()
    .executeTakeFirstOrThrow();
}

/** Merges counts, sets the rest; undefined when there is no such run. */
export async function updateImportRun(
  db: Db,
  org: string,
  id: string,
  update: {
    sent: Record<string, number>;
    totals: Record<string, number>;
    status: string | null;
    heads: readonly string[] | null;
    error: string | null;
    now: Date;
  },
): Promise<ImportRunRow | undefined> {
  const result = await sql<ImportRunRow>`
    update import_run set sent = sent || ${JSON.stringify(update.sent)}::jsonb,
      totals = totals || ${JSON.stringify(update.totals)}::jsonb,
      status = coalesce(${update.status}::text, status),
      heads = coalesce(${update.heads === null ? null : [...update.heads]}::text[], heads),
      error = coalesce(${update.error}::text, error),
      updated_at = ${update.now},
      finished_at = case when ${update.status}::text in ('completed', 'failed') then ${update.now} else finished_at end
    where org = ${org} and id = ${id} returning *`.execute(db);
  return result.rows[0];
}

export async function listImportRuns(
  db: Db,
  org: string,
  filter: { repository: string | null; status: string | null; limit: number },
): Promise<ImportRunRow[]> {
  let query = db.selectFrom("import_run").selectAll().where("org", "=", org);
  if (filter.repository !== null) query = query.where("repository", "=", filter.repository);
  if (filter.status !== null) query = query.where("status", "=", filter.status);
  return query.orderBy("started_at", "desc").orderBy("id").limit(filter.limit).execute();
}
