/** What exporters report: examples of raw objects, cursors, log lines and figures of their syncs (workflows.md §1.2.8). */
import { AppError, invalid } from "../model/error.ts";
import { parseInstant } from "../model/instant.ts";
import { checkJson, isObject, type JsonObject, kindOf } from "../model/json.ts";
import type { Ctx } from "../storage/context.ts";
import {
  insertLogs,
  listExamples,
  listLogs,
  listMetrics,
  listSyncs,
  type LogLine,
  putCursor,
  putExamples,
  putMetrics,
  readCursor,
} from "../storage/integrations.ts";
import { getIntegration } from "./integrations.ts";

const MAX_EXAMPLES = 5;
const MAX_KIND = 300;
const MAX_KINDS = 500;
const MAX_MESSAGE = 10_000;
const MAX_LINES = 5000;
const MAX_METRICS = 1000;
const LEVELS = ["DEBUG", "INFO", "WARN", "WARNING", "ERROR", "CRITICAL", "FATAL"];
const DEFAULT_LOGS = 100;
const MAX_LOGS = 300;
const SYNC_DAYS_MS = 4 * 86_400_000;
const MAX_SYNCS = 50;

export async function addExamples(ctx: Ctx, id: string, kind: string, examples: unknown): Promise<void> {
  if (!Array.isArray(examples)) throw invalid(`examples must be a list, not ${kindOf(examples)}`);
  checkJson(examples, "examples");
  if (kind.length > MAX_KIND || kind.includes("\u0000"))
    throw invalid(`the kind has ${kind.length} characters; at most ${MAX_KIND} are allowed`);
  const integration = await getIntegration(ctx, id);
  const known = await listExamples(ctx.db, integration);
  if (known.length >= MAX_KINDS && !known.some((one) => one.kind === kind))
    throw new AppError("conflict", `the integration has examples of ${MAX_KINDS} kinds already`);
  await putExamples(ctx.db, integration, kind, examples.slice(0, MAX_EXAMPLES), ctx.now());
}

/** By kind; each example in `data`, where the Kubernetes exporter looks for it. */
export async function getExamples(ctx: Ctx, id: string): Promise<JsonObject> {
  const found = await listExamples(ctx.db, await getIntegration(ctx, id));
  return Object.fromEntries(
    found.map(({ kind, examples, updated_at: at }) => [
      kind,
      {
        examples: examples.map((data, index) => ({ _id: `${kind}-${index}`, data })),
        updatedAt: at.toISOString(),
      },
    ]),
  );
}

const cursorPart = (value: string | undefined, field: string): string => {
  if (value === undefined || value === "") throw invalid(`${field} is missing`);
  if (value.length > MAX_KIND || value.includes("\u0000")) throw invalid(`${field} is too long`);
  return value;
};

export async function getCursor(
  ctx: Ctx,
  id: string,
  place: { kind?: string | undefined; index?: string | undefined },
): Promise<JsonObject | null> {
  const integration = await getIntegration(ctx, id);
  return readCursor(ctx.db, integration, cursorPart(place.kind, "kind"), cursorPart(place.index, "index"));
}

export async function setCursor(
  ctx: Ctx,
  id: string,
  place: { kind?: string | undefined; index?: string | undefined },
  value: unknown,
): Promise<JsonObject> {
  if (!isObject(value)) throw invalid(`the cursor must be an object, not ${kindOf(value)}`);
  checkJson(value, "");
  const integration = await getIntegration(ctx, id);
  const [kind, index] = [cursorPart(place.kind, "kind"), cursorPart(place.index, "index")];
  await putCursor(ctx.db, integration, kind, index, value, ctx.now());
  return value;
}

/** Lines that are none are left out: losing a log line must not stop a sync. */
export async function addLogs(ctx: Ctx, id: string, logs: unknown): Promise<void> {
  if (!Array.isArray(logs)) throw invalid(`logs must be a list, not ${kindOf(logs)}`);
  const integration = await getIntegration(ctx, id);
  const lines = (logs as unknown[])
    .slice(0, MAX_LINES)
    .flatMap((line) => (isObject(line) ? [lineOf(line, ctx.now())] : []));
  await insertLogs(ctx.db, integration, lines, ctx.now());
}

const clean = (text: string): string => text.replaceAll("\u0000", "\ufffd").toWellFormed();

function lineOf(line: JsonObject, now: Date): LogLine {
  const { message, level, timestamp, extra } = line;
  const at =
    typeof timestamp === "string" ? (parseInstant(timestamp) ?? parseInstant(`${timestamp}Z`)) : null;
  const event = isObject(extra) ? (extra["event_id"] ?? extra["eventId"]) : undefined;
  return {
    at: (at === null ? now : new Date(at)).toISOString(),
    level: typeof level === "string" ? clean(level.slice(0, 20)).toUpperCase() : "INFO",
    message: clean(
      (typeof message === "string" ? message : JSON.stringify(message ?? null)).slice(0, MAX_MESSAGE),
    ),
    eventId: typeof event === "string" ? clean(event.slice(0, MAX_KIND)) : null,
    extra: isObject(extra) ? extra : null,
  };
}

export interface LogsQuestion {
  readonly limit?: number | undefined;
  readonly timestamp?: string | undefined;
  readonly log_id?: string | undefined;
  readonly direction?: string | undefined;
  readonly eventId?: string | undefined;
  readonly level?: readonly string[] | undefined;
}

/** Newest first. @throws AppError `not_found`, `invalid_request` */
export async function getLogs(ctx: Ctx, id: string, question: LogsQuestion): Promise<JsonObject[]> {
  const integration = await getIntegration(ctx, id);
  const { limit = DEFAULT_LOGS, timestamp, log_id: logId, direction = "down", eventId, level } = question;
  if (direction !== "up" && direction !== "down") throw invalid("direction must be up or down");
  const at = timestamp === undefined ? null : parseInstant(timestamp);
  if (timestamp !== undefined && at === null) throw invalid("timestamp must be an ISO date-time");
  if (logId !== undefined && !/^\d{1,15}$/.test(logId)) throw invalid("log_id must be the id of a line");
  const wrong = level?.find((one) => !LEVELS.includes(one.toUpperCase()));
  if (wrong !== undefined) throw invalid(`level must be one of ${LEVELS.join(", ")}`);
  const rows = await listLogs(ctx.db, integration, {
    limit: Math.min(limit, MAX_LOGS),
    at: at === null ? null : new Date(at),
    id: logId === undefined ? null : Number(logId),
    direction,
    eventId: eventId === undefined ? null : clean(eventId),
    levels: level?.map((one) => one.toUpperCase()) ?? null,
  });
  return rows.map((row) => ({
    ...{ id: String(row.id), timestamp: row.at.toISOString(), level: row.level, message: row.message },
    ...{ eventId: row.event_id, extra: row.extra },
  }));
}

/** @param place of a single metric, whose address says of which resync and kind it is */
export async function addMetrics(
  ctx: Ctx,
  id: string,
  metrics: unknown,
  place?: { readonly eventId: string; readonly kindIdentifier: string },
): Promise<void> {
  const list: unknown[] = Array.isArray(metrics) ? metrics : [metrics];
  checkJson(list, "metrics");
  if (list.length > MAX_METRICS)
    throw invalid(`${list.length} metrics came; at most ${MAX_METRICS} are allowed`);
  const integration = await getIntegration(ctx, id);
  const found = list.map((metric, index) => {
    if (!isObject(metric)) throw invalid(`metric ${index} must be an object, not ${kindOf(metric)}`);
    const eventId = place?.eventId ?? metric["eventId"];
    const kindIdentifier = place?.kindIdentifier ?? metric["kindIdentifier"];
    if (typeof eventId !== "string" || typeof kindIdentifier !== "string")
      throw invalid(`metric ${index} needs the texts eventId and kindIdentifier`);
    if (
      `${eventId}${kindIdentifier}`.length > 2 * MAX_KIND ||
      `${eventId}${kindIdentifier}`.includes("\u0000")
    )
      throw invalid(`eventId and kindIdentifier of metric ${index} are too long`);
    return { eventId, kindIdentifier, document: metric };
  });
  await putMetrics(ctx.db, integration, found, ctx.now());
}

/** Of the latest resync unless `resyncId` says of which. */
export async function getMetrics(ctx: Ctx, id: string, resyncId: string | undefined): Promise<JsonObject[]> {
  const integration = await getIntegration(ctx, id);
  const rows = await listMetrics(ctx.db, integration, resyncId === undefined ? null : clean(resyncId));
  return rows.map((row) => ({
    ...row.document,
    ...{ eventId: row.event_id, kindIdentifier: row.kind_identifier },
    ...{ createdAt: row.created_at.toISOString(), updatedAt: row.updated_at.toISOString() },
  }));
}

/** The last syncs: four days of them, fifty at most, newest first. */
export async function getSyncs(ctx: Ctx, id: string): Promise<JsonObject[]> {
  const integration = await getIntegration(ctx, id);
  const since = new Date(ctx.now().getTime() - SYNC_DAYS_MS);
  const rows = await listSyncs(ctx.db, integration, since, MAX_SYNCS);
  return rows.map((row) => ({
    ...{ eventId: row.event_id, startedAt: row.started_at.toISOString() },
    ...{ updatedAt: row.updated_at.toISOString(), kinds: row.kinds },
  }));
}
