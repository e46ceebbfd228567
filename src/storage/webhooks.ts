/** Rows of webhook data sources. */
import { sql } from "kysely";
import type { JsonObject } from "../model/json.ts";
import type { Db } from "./db.ts";

export interface WebhookRow {
  readonly org: string;
  readonly identifier: string;
  /** Inbox source of its events; stays when the webhook is renamed. */
  readonly source: string;
  readonly key: string;
  /** What the client sent, without the secret. */
  readonly document: JsonObject;
  /** Encrypted; null: signatures are not checked. */
  readonly secret: Uint8Array | null;
  readonly created_at: Date;
  readonly created_by: string;
  readonly updated_at: Date;
  readonly updated_by: string;
}

const COLUMNS = sql.raw(
  "org, identifier, source, key, document, secret, created_at, created_by, updated_at, updated_by",
);

export async function listWebhooks(db: Db, org: string): Promise<WebhookRow[]> {
  const { rows } = await sql<WebhookRow>`
    select ${COLUMNS} from webhook where org = ${org} order by created_at, identifier`.execute(db);
  return rows;
}

export async function readWebhook(
  db: Db,
  org: string,
  identifier: string,
  lock = false,
): Promise<WebhookRow | null> {
  const { rows } = await sql<WebhookRow>`
    select ${COLUMNS} from webhook where org = ${org} and identifier = ${identifier} ${lock ? sql`for update` : sql``}`.execute(
    db,
  );
  return rows[0] ?? null;
}

/** By the inbox source of its events. */
export async function readWebhookOf(db: Db, org: string, source: string): Promise<WebhookRow | null> {
  const { rows } = await sql<WebhookRow>`
    select ${COLUMNS} from webhook where org = ${org} and source = ${source}`.execute(db);
  return rows[0] ?? null;
}

/** Of any organisation: the key alone says whose it is. */
export async function findWebhook(db: Db, key: string): Promise<WebhookRow | null> {
  const { rows } = await sql<WebhookRow>`select ${COLUMNS} from webhook where key = ${key}`.execute(db);
  return rows[0] ?? null;
}

/** Of any organisation, in the order of the names. */
export async function webhooksNamed(db: Db, identifiers: readonly string[]): Promise<WebhookRow[]> {
  const { rows } = await sql<WebhookRow>`
    select ${COLUMNS} from webhook where identifier = any(${[...identifiers]}::text[])
    order by array_position(${[...identifiers]}::text[], identifier), org limit 20`.execute(db);
  return rows;
}

/** @returns false when the identifier (or, by a renamed webhook, the source) is taken */
export async function insertWebhook(db: Db, row: WebhookRow): Promise<boolean> {
  const at = row.created_at.toISOString();
  const { rows } = await sql`
    insert into webhook (${COLUMNS})
    values (${row.org}, ${row.identifier}, ${row.source}, ${row.key}, ${JSON.stringify(row.document)}::json, ${row.secret},
      ${at}::timestamptz, ${row.created_by}, ${at}::timestamptz, ${row.updated_by})
    on conflict do nothing returning key`.execute(db);
  return rows.length > 0;
}

/** @param from its identifier so far */
export async function updateWebhook(db: Db, from: string, row: WebhookRow): Promise<void> {
  await sql`
    update webhook set identifier = ${row.identifier}, document = ${JSON.stringify(row.document)}::json, secret = ${row.secret},
      updated_at = ${row.updated_at.toISOString()}::timestamptz, updated_by = ${row.updated_by}
    where org = ${row.org} and identifier = ${from}`.execute(db);
}

/** @returns false when it was not there */
export async function deleteWebhookRow(db: Db, org: string, identifier: string): Promise<boolean> {
  const { rows } = await sql`
    delete from webhook where org = ${org} and identifier = ${identifier} returning key`.execute(db);
  return rows.length > 0;
}
