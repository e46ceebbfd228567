/** Rows of integrations: what exporters say of themselves, their mapping, examples, cursors, logs and figures. */
import { sql } from "kysely";
import type { JsonObject } from "../model/json.ts";
import type { Db } from "./db.ts";

export interface IntegrationRow {
  readonly org: string;
  readonly installation_id: string;
  readonly internal_id: string;
  /** What the client sent, without installationId and config. */
  readonly document: JsonObject;
  readonly config: JsonObject | null;
  readonly resync_state: JsonObject | null;
  readonly resync_request_id: string | null;
  readonly resync_requested_at: Date | null;
  readonly created_at: Date;
  readonly updated_at: Date;
}

const COLUMNS = sql.raw(
  "org, installation_id, internal_id, document, config, resync_state, resync_request_id, resync_requested_at, created_at, updated_at",
);
const json = (value: JsonObject | null): string | null => (value === null ? null : JSON.stringify(value));
const time = (at: Date | null): string | null => at?.toISOString() ?? null;

export async function listIntegrations(db: Db, org: string): Promise<IntegrationRow[]> {
  const { rows } = await sql<IntegrationRow>`
    select ${COLUMNS} from integration where org = ${org} order by created_at, installation_id`.execute(db);
  return rows;
}

/** By the installation's id, or the internal one. */
export async function readIntegration(
  db: Db,
  org: string,
  id: string,
  lock = false,
): Promise<IntegrationRow | null> {
  const { rows } = await sql<IntegrationRow>`
    select ${COLUMNS} from integration where org = ${org} and (installation_id = ${id} or internal_id = ${id})
    order by installation_id = ${id} desc limit 1 ${lock ? sql`for update` : sql``}`.execute(db);
  return rows[0] ?? null;
}

/** @returns false when the installation exists */
export async function insertIntegration(db: Db, row: IntegrationRow): Promise<boolean> {
  const { rows } = await sql`
    insert into integration (${COLUMNS})
    values (${row.org}, ${row.installation_id}, ${row.internal_id}, ${json(row.document)}::json,
      ${json(row.config)}::json, ${json(row.resync_state)}::json, ${row.resync_request_id},
      ${time(row.resync_requested_at)}::timestamptz, ${time(row.created_at)}::timestamptz,
      ${time(row.updated_at)}::timestamptz)
    on conflict (org, installation_id) do nothing returning internal_id`.execute(db);
  return rows.length > 0;
}

export async function updateIntegration(db: Db, row: IntegrationRow): Promise<void> {
  await sql`
    update integration set document = ${json(row.document)}::json, config = ${json(row.config)}::json,
      resync_state = ${json(row.resync_state)}::json, resync_request_id = ${row.resync_request_id},
      resync_requested_at = ${time(row.resync_requested_at)}::timestamptz,
      updated_at = ${time(row.updated_at)}::timestamptz
    where org = ${row.org} and installation_id = ${row.installation_id}`.execute(db);
}

export async function deleteIntegrationRow(db: Db, org: string, installation: string): Promise<void> {
  await sql`delete from integration where org = ${org} and installation_id = ${installation}`.execute(db);
}

export async function putExamples(
  db: Db,
  row: Pick<IntegrationRow, "org" | "installation_id">,
  kind: string,
  examples: readonly unknown[],
  now: Date,
): Promise<void> {
  await sql`
    insert into integration_example (org, installation_id, kind, examples, updated_at)
    values (${row.org}, ${row.installation_id}, ${kind}, ${JSON.stringify(examples)}::json, ${time(now)}::timestamptz)
    on conflict (org, installation_id, kind) do update set examples = excluded.examples, updated_at = excluded.updated_at`.execute(
    db,
  );
}

export async function listExamples(
  db: Db,
  row: Pick<IntegrationRow, "org" | "installation_id">,
): Promise<{ kind: string; examples: unknown[]; updated_at: Date }[]> {
  const { rows } = await sql<{ kind: string; examples: unknown[]; updated_at: Date }>`
    select kind, examples, updated_at from integration_example
    where org = ${row.org} and installation_id = ${row.installation_id} order by kind`.execute(db);
  return rows;
}

export async function readCursor(
  db: Db,
  row: Pick<IntegrationRow, "org" | "installation_id">,
  kind: string,
  index: string,
): Promise<JsonObject | null> {
  const { rows } = await sql<{ value: JsonObject }>`
    select value from integration_cursor
    where org = ${row.org} and installation_id = ${row.installation_id} and kind = ${kind} and index = ${index}`.execute(
    db,
  );
  return rows[0]?.value ?? null;
}

export async function putCursor(
  db: Db,
  row: Pick<IntegrationRow, "org" | "installation_id">,
  kind: string,
  index: string,
  value: JsonObject,
  now: Date,
): Promise<void> {
  await sql`
    insert into integration_cursor (org, installation_id, kind, index, value, updated_at)
    values (${row.org}, ${row.installation_id}, ${kind}, ${index}, ${json(value)}::json, ${time(now)}::timestamptz)
    on conflict (org, installation_id, kind, index) do update set value = excluded.value, updated_at = excluded.updated_at`.execute(
    db,
  );
}

export interface LogLine {
  readonly at: string;
  readonly level: string;
  readonly message: string;
  readonly eventId: string | null;
  readonly extra: JsonObject | null;
}

export async function insertLogs(
  db: Db,
  row: Pick<IntegrationRow, "org" | "installation_id">,
  lines: readonly LogLine[],
  now: Date,
): Promise<void> {
  if (lines.length === 0) return;
  await sql`
    insert into integration_log (org, installation_id, at, received_at, level, message, event_id, extra)
    select ${row.org}, ${row.installation_id}, t.at, ${time(now)}::timestamptz, t.level, t.message, t.event_id, t.extra::json
    from unnest(${lines.map((l) => l.at)}::timestamptz[], ${lines.map((l) => l.level)}::text[],
      ${lines.map((l) => l.message)}::text[], ${lines.map((l) => l.eventId)}::text[],
      ${lines.map((l) => json(l.extra))}::text[])
      with ordinality as t (at, level, message, event_id, extra, n) order by n`.execute(db);
}

export interface LogRow {
  readonly id: number;
  readonly at: Date;
  readonly level: string;
  readonly message: string;
  readonly event_id: string | null;
  readonly extra: JsonObject | null;
}

export interface LogQuestion {
  readonly limit: number;
  /** Start here: older ones with `down`, newer ones with `up`. */
  readonly at: Date | null;
  readonly id: number | null;
  readonly direction: "up" | "down";
  readonly eventId: string | null;
  readonly levels: readonly string[] | null;
}

/** Newest first, whichever way they were looked for. */
export async function listLogs(
  db: Db,
  row: Pick<IntegrationRow, "org" | "installation_id">,
  { limit, at, id, direction, eventId, levels }: LogQuestion,
): Promise<LogRow[]> {
  const than = direction === "up" ? sql.raw(">") : sql.raw("<");
  const order = direction === "up" ? sql.raw("asc") : sql.raw("desc");
  const { rows } = await sql<LogRow>`
    select id, at, level, message, event_id, extra from integration_log
    where org = ${row.org} and installation_id = ${row.installation_id}
      and (${id}::bigint is null or id ${than} ${id}::bigint)
      and (${time(at)}::timestamptz is null or at ${than}= ${time(at)}::timestamptz)
      and (${eventId}::text is null or event_id = ${eventId}::text)
      and (${levels}::text[] is null or level = any(${levels}::text[]))
    order by id ${order} limit ${limit}::int`.execute(db);
  return direction === "up" ? rows.reverse() : rows;
}

export interface MetricRow {
  readonly event_id: string;
  readonly kind_identifier: string;
  readonly document: JsonObject;
  readonly created_at: Date;
  readonly updated_at: Date;
}

/** What is known of a kind in a resync; told again, it replaces. */
export async function putMetrics(
  db: Db,
  row: Pick<IntegrationRow, "org" | "installation_id">,
  metrics: readonly { eventId: string; kindIdentifier: string; document: JsonObject }[],
  now: Date,
): Promise<void> {
  // One statement cannot write a row twice: the last word on each counts.
  const last = [...new Map(metrics.map((m) => [`${m.eventId}\n${m.kindIdentifier}`, m])).values()];
  if (last.length === 0) return;
  await sql`
    insert into integration_metric (org, installation_id, event_id, kind_identifier, document, created_at, updated_at)
    select ${row.org}, ${row.installation_id}, t.event_id, t.kind_identifier, t.document::json,
      ${time(now)}::timestamptz, ${time(now)}::timestamptz
    from unnest(${last.map((m) => m.eventId)}::text[], ${last.map((m) => m.kindIdentifier)}::text[],
      ${last.map((m) => json(m.document))}::text[]) as t (event_id, kind_identifier, document)
    on conflict (org, installation_id, event_id, kind_identifier) do update
      set document = excluded.document, updated_at = excluded.updated_at`.execute(db);
}

/** @param eventId null: of the latest resync */
export async function listMetrics(
  db: Db,
  row: Pick<IntegrationRow, "org" | "installation_id">,
  eventId: string | null,
): Promise<MetricRow[]> {
  const { rows } = await sql<MetricRow>`
    select event_id, kind_identifier, document, created_at, updated_at from integration_metric
    where org = ${row.org} and installation_id = ${row.installation_id}
      and event_id = coalesce(${eventId}::text, (
        select event_id from integration_metric
        where org = ${row.org} and installation_id = ${row.installation_id} order by created_at desc limit 1))
    order by created_at, kind_identifier`.execute(db);
  return rows;
}

export interface SyncRow {
  readonly event_id: string;
  readonly started_at: Date;
  readonly updated_at: Date;
  readonly kinds: number;
}

/** Newest first. */
export async function listSyncs(
  db: Db,
  row: Pick<IntegrationRow, "org" | "installation_id">,
  since: Date,
  limit: number,
): Promise<SyncRow[]> {
  const { rows } = await sql<SyncRow>`
    select event_id, min(created_at) as started_at, max(updated_at) as updated_at, count(*)::int as kinds
    from integration_metric where org = ${row.org} and installation_id = ${row.installation_id}
      and created_at >= ${time(since)}::timestamptz
    group by event_id order by min(created_at) desc limit ${limit}::int`.execute(db);
  return rows;
}

/** @returns whether there may be more */
export async function forgetLogs(db: Db, before: Date, limit: number): Promise<boolean> {
  const { rows } = await sql<{ n: number }>`
    with logs as (
      delete from integration_log where ctid = any(array(
        select ctid from integration_log where received_at < ${time(before)}::timestamptz limit ${limit}::int))
      returning 1),
    metrics as (
      delete from integration_metric where ctid = any(array(
        select ctid from integration_metric where created_at < ${time(before)}::timestamptz limit ${limit}::int))
      returning 1)
    select greatest((select count(*) from logs), (select count(*) from metrics))::int as n`.execute(db);
  return (rows[0]?.n ?? 0) === limit;
}
