/** The audit log: every write with who, from where, in which run, before and after (data-model.md §8.1). */
import type { EntityKey } from "../model/entity.ts";
import { AppError } from "../model/error.ts";
import { parseInstant } from "../model/instant.ts";
import { type AuditFilter, type AuditRow, readAudit } from "../storage/audit.ts";
import type { Ctx } from "../storage/context.ts";
import { readableKeys } from "./readable-keys.ts";

export interface AuditQuestion {
  readonly identifier?: string | undefined;
  readonly entity?: string | undefined;
  readonly blueprint?: string | undefined;
  readonly run_id?: string | undefined;
  readonly origin?: readonly string[] | undefined;
  readonly resources?: readonly string[] | undefined;
  readonly action?: readonly string[] | undefined;
  readonly status?: readonly string[] | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly limit?: number | undefined;
  readonly includes?: readonly string[] | undefined;
  /** Filters of writers that do not exist yet: nothing was written by them. */
  readonly webhookId?: string | undefined;
  readonly webhookEventId?: string | undefined;
  readonly InstallationId?: string | undefined;
}

export type AuditEvent = Readonly<Record<string, unknown>>;

const DEFAULT_LIMIT = 100;
const MAX_LIMIT = 1000;
const EVENT = /^event_(\d{1,18})$/;

/** Newest first. @throws AppError forbidden for members who ask for more than one entity, run or event; invalid_request */
export async function auditLog(ctx: Ctx, question: AuditQuestion): Promise<AuditEvent[]> {
  const { person } = ctx.actor;
  const narrow = question.identifier ?? question.entity ?? question.run_id;
  if (person !== undefined && !person.roles.includes("Admin") && narrow === undefined)
    throw new AppError(
      "forbidden",
      "only administrators may read the whole audit log; name an entity, identifier or run_id",
    );
  if (matchesNothing(question)) return [];
  const includes = question.includes === undefined ? null : new Set(question.includes);
  const rows = await readAudit(ctx.db, ctx.org, filterOf(question), includes?.has("diff") ?? true);
  const keys = rows.flatMap(keyOfRow);
  const isReadable = await readableKeys(ctx, keys);
  return rows
    .filter((row) => keyOfRow(row).every(isReadable))
    .map((row) => project(eventOf(ctx.org, row), includes));
}

/** The entity that the row is about, if it is about one. */
function keyOfRow({ blueprint, identifier }: AuditRow): EntityKey[] {
  return blueprint === null || identifier === null ? [] : [{ blueprint, identifier }];
}

function matchesNothing(question: AuditQuestion): boolean {
  const { identifier, status } = question;
  if (identifier !== undefined && !EVENT.test(identifier)) return true;
  // What was refused is not recorded; the request log has it.
  if (status !== undefined && !status.includes("SUCCESS")) return true;
  return [question.webhookId, question.webhookEventId, question.InstallationId].some(
    (id) => id !== undefined,
  );
}

function filterOf(question: AuditQuestion): AuditFilter {
  const seq = EVENT.exec(question.identifier ?? "")?.[1];
  const { entity, blueprint, run_id: runId, origin: origins, resources: kinds, action: actions } = question;
  const instants = { from: question.from, to: question.to };
  return {
    ...(seq === undefined ? {} : { seq }),
    ...(entity === undefined ? {} : { entity }),
    ...(blueprint === undefined ? {} : { blueprint }),
    ...(runId === undefined ? {} : { runId }),
    ...(origins === undefined ? {} : { origins }),
    ...(kinds === undefined ? {} : { kinds }),
    ...(actions === undefined ? {} : { actions }),
    ...Object.fromEntries(
      Object.entries(instants).flatMap(([name, text]) =>
        text === undefined ? [] : [[name, instant(name, text)]],
      ),
    ),
    limit: Math.min(question.limit ?? DEFAULT_LIMIT, MAX_LIMIT),
  };
}

function instant(name: string, text: string): Date {
  const at = parseInstant(text);
  if (at === null)
    throw new AppError(
      "invalid_request",
      `${name} ${JSON.stringify(text.slice(0, 60))} is not an ISO date-time with an offset`,
    );
  return new Date(at);
}

function eventOf(orgId: string, row: AuditRow): AuditEvent {
  const by = row.actor_kind === "system" ? { orgId, byPort: true } : { orgId, userId: row.actor };
  return {
    identifier: `event_${row.seq}`,
    action: row.action,
    resourceType: row.kind,
    status: "SUCCESS",
    trigger: { by, origin: row.origin, at: row.at.toISOString() },
    context: {
      blueprint: row.blueprint,
      ...(row.identifier === null ? {} : { entity: row.identifier }),
      ...(row.run_id === null ? {} : { runId: row.run_id }),
    },
    diff: { before: row.before, after: row.after },
    additionalData: {},
  };
}

function project(event: AuditEvent, includes: ReadonlySet<string> | null): AuditEvent {
  if (includes === null) return event;
  return Object.fromEntries(Object.entries(event).filter(([key]) => includes.has(key)));
}
