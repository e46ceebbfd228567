/** Rows of pages. */
import { sql } from "kysely";
import type { JsonObject } from "../model/json.ts";
import type { Page } from "../model/page.ts";
import type { PagePermissions } from "../model/page-permission.ts";
import type { Db } from "./db.ts";

interface PageRow {
  readonly identifier: string;
  readonly document: JsonObject;
  readonly permissions: PagePermissions | null;
  readonly created_at: Date;
  readonly created_by: string;
  readonly updated_at: Date;
  readonly updated_by: string;
}

const COLUMNS = sql.raw("identifier, document, permissions, created_at, created_by, updated_at, updated_by");

function toPage(row: PageRow): Page {
  return {
    identifier: row.identifier,
    document: row.document,
    permissions: row.permissions,
    createdAt: row.created_at,
    createdBy: row.created_by,
    updatedAt: row.updated_at,
    updatedBy: row.updated_by,
  };
}

export async function listPages(db: Db, org: string): Promise<Page[]> {
  const { rows } = await sql<PageRow>`
    select ${COLUMNS} from page where org = ${org} order by created_at, identifier`.execute(db);
  return rows.map(toPage);
}

export async function readPage(db: Db, org: string, identifier: string): Promise<Page | null> {
  const { rows } = await sql<PageRow>`
    select ${COLUMNS} from page where org = ${org} and identifier = ${identifier}`.execute(db);
  const [row] = rows;
  return row === undefined ? null : toPage(row);
}

/** The same, and nobody else changes it until the transaction ends. */
export async function lockPage(db: Db, org: string, identifier: string): Promise<Page | null> {
  const { rows } = await sql<PageRow>`
    select ${COLUMNS} from page where org = ${org} and identifier = ${identifier} for update`.execute(db);
  const [row] = rows;
  return row === undefined ? null : toPage(row);
}

export async function writePagePermissions(
  db: Db,
  org: string,
  identifier: string,
  permissions: PagePermissions,
): Promise<void> {
  await sql`
    update page set permissions = ${JSON.stringify(permissions)}::json
    where org = ${org} and identifier = ${identifier}`.execute(db);
}

/** The oldest page that lists the entities of the blueprint. */
export async function readBlueprintPage(db: Db, org: string, blueprint: string): Promise<Page | null> {
  const { rows } = await sql<PageRow>`
    select ${COLUMNS} from page
    where org = ${org} and blueprint = ${blueprint} and document ->> 'type' = 'blueprint-entities'
    order by created_at limit 1`.execute(db);
  const [row] = rows;
  return row === undefined ? null : toPage(row);
}

/** Which of the identifiers are taken. */
export async function takenPages(db: Db, org: string, identifiers: readonly string[]): Promise<Set<string>> {
  const { rows } = await sql<{ identifier: string }>`
    select identifier from page where org = ${org} and identifier = any(${[...identifiers]}::text[])`.execute(
    db,
  );
  return new Set(rows.map((row) => row.identifier));
}

export interface PageWrite {
  readonly identifier: string;
  readonly blueprint: string | null;
  readonly document: JsonObject;
  readonly at: Date;
  readonly by: string;
}

export async function insertPage(db: Db, org: string, write: PageWrite): Promise<void> {
  const at = write.at.toISOString();
  await sql`
    insert into page (org, identifier, blueprint, document, created_at, created_by, updated_at, updated_by)
    values (${org}, ${write.identifier}, ${write.blueprint}, ${JSON.stringify(write.document)}::json,
      ${at}::timestamptz, ${write.by}, ${at}::timestamptz, ${write.by})`.execute(db);
}

export async function updatePage(
  db: Db,
  org: string,
  identifier: string,
  write: Omit<PageWrite, "blueprint">,
): Promise<void> {
  await sql`
    update page set identifier = ${write.identifier}, document = ${JSON.stringify(write.document)}::json,
      updated_at = ${write.at.toISOString()}::timestamptz, updated_by = ${write.by}
    where org = ${org} and identifier = ${identifier}`.execute(db);
}

export async function deletePage(db: Db, org: string, identifier: string): Promise<void> {
  await sql`delete from page where org = ${org} and identifier = ${identifier}`.execute(db);
}
