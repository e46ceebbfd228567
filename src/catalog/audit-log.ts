/** The audit log: every write with who, from where, in which run, before and after (data-model.md §8.1). */
import {
  ALERT_KIND,
  INITIATIVE_KIND,
  type ExpiredTimer,
  RUN_KIND,
  TIMER_EXPIRED,
  TIMER_KIND,
} from "../model/automation-event.ts";
import type { EntityKey } from "../model/entity.ts";
import { AppError } from "../model/error.ts";
import { parseInstant } from "../model/instant.ts";
import { mayReadPage } from "../model/page-permission.ts";
import { type AuditFilter, type AuditRow, readAudit } from "../storage/audit.ts";
import { type AuditEventRow, readAuditEvents } from "../storage/audit-events.ts";
import type { Ctx } from "../storage/context.ts";
import { listPages } from "../storage/pages.ts";
import { restricted } from "./guard.ts";
import { readableKeys } from "./readable-keys.ts";

export interface AuditQuestion {
  readonly identifier?: string | undefined;
  readonly entity?: string | undefined;
  readonly blueprint?: string | undefined;
  readonly run_id?: string | undefined;
  readonly origin?: readonly string[] | undefined;
  readonly resources?: readonly string[] | undefined;
  readonly action?: readonly string[] | undefined;
  readonly actor?: readonly string[] | undefined;
  readonly actionType?: readonly string[] | undefined;
  readonly status?: readonly string[] | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly limit?: number | undefined;
  /** Without what Fairway wrote by itself. */
  readonly isWithoutSystem?: boolean;
  readonly includes?: readonly string[] | undefined;
  readonly webhookId?: string | undefined;
  readonly webhookEventId?: string | undefined;
  readonly InstallationId?: string | undefined;
}

export type AuditEvent = Readonly<Record<string, unknown>>;

const DEFAULT_LIMIT = 100;
const MAX_LIMIT = 1000;
/** Of the change feed; with an x of everything else. */
const EVENT = /^event_(x?)(\d{1,18})$/;
/** In front of its identifier, as source of what it wrote. */
const WEBHOOK = "webhook:";
/** What members may ask about. Settings and credentials are for administrators. */
const MEMBER_KINDS = ["entity", "blueprint", "scorecard", "permissions", "page_permissions"];

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
  const rows = await readRows(ctx, question, includes?.has("diff") ?? true);
  const keys = rows.flatMap(keyOfRow);
  const isReadable = await readableKeys(ctx, keys);
  const isOfReadablePage = await pageTest(ctx, rows);
  return rows
    .filter((row) => keyOfRow(row).every(isReadable) && isForThem(ctx, row) && isOfReadablePage(row))
    .map((row) => project(eventOf(ctx.org, row), includes));
}

/**
 * Runs tell inputs and answers: members read of their own here, of others at /v1/actions/runs, which knows who may. Alerts
 * and initiatives tell recipients and addresses of channels: they are for administrators, as at /v1/alerts.
 */
function isForThem(ctx: Ctx, { kind, after, actor }: Row): boolean {
  const person = restricted(ctx);
  if (person === null) return true;
  if (kind !== RUN_KIND) return kind !== ALERT_KIND && kind !== INITIATIVE_KIND;
  const { createdBy } = (after ?? {}) as { createdBy?: unknown };
  return createdBy === person.email || actor === person.email;
}

/** Who may read a page is told to those who may. */
async function pageTest(ctx: Ctx, rows: readonly Row[]): Promise<(row: Row) => boolean> {
  const person = restricted(ctx);
  if (person === null || !rows.some(({ kind }) => kind === "page_permissions")) return () => true;
  const pages = await listPages(ctx.db, ctx.org);
  const readable = new Set(
    pages.flatMap((page) => (mayReadPage(person, page.permissions) ? [page.identifier] : [])),
  );
  return ({ kind, identifier }) =>
    kind !== "page_permissions" || (identifier !== null && readable.has(identifier));
}

type Row = AuditRow | AuditEventRow;

/** From the change feed and the other events, whichever can have what is asked for. */
async function readRows(ctx: Ctx, question: AuditQuestion, withDiff: boolean): Promise<Row[]> {
  const { db, org } = ctx;
  const [, isOther] = EVENT.exec(question.identifier ?? "") ?? [];
  const filter = filterOf(question);
  const statuses = question.status;
  const ofFeed = isOther !== "x" && statuses?.includes("SUCCESS") !== false;
  const person = restricted(ctx);
  const rows = ofFeed ? await readAudit(db, org, filter, withDiff) : [];
  const isOfFeed = isOther === "" || [filter.source, filter.event, filter.installation].some(isGiven);
  if (isOfFeed) return [...rows];
  const events = await readAuditEvents(
    db,
    org,
    {
      ...filter,
      ...(statuses === undefined ? {} : { statuses }),
      ...(person === null ? {} : { only: { kinds: MEMBER_KINDS, refusedTo: ctx.actor.id } }),
    },
    withDiff,
  );
  return newestFirst(rows, events).slice(0, filter.limit);
}

/** Two lists in order as one; each keeps its own order. */
function newestFirst(a: readonly Row[], b: readonly Row[]): Row[] {
  const merged: Row[] = [];
  let i = 0;
  let j = 0;
  for (let one = a[i], other = b[j]; one !== undefined || other !== undefined; one = a[i], other = b[j]) {
    const isFirst = other === undefined || (one !== undefined && one.at >= other.at);
    merged.push((isFirst ? one : other) as Row);
    if (isFirst) i += 1;
    else j += 1;
  }
  return merged;
}

/** The entity that the row is about, if it is about one. */
function keyOfRow({ kind, blueprint, identifier }: Row): EntityKey[] {
  return (kind !== "entity" && kind !== TIMER_KIND) || blueprint === null || identifier === null
    ? []
    : [{ blueprint, identifier }];
}

const isGiven = (value: unknown): boolean => value !== undefined;

function matchesNothing({ identifier }: AuditQuestion): boolean {
  return identifier !== undefined && !EVENT.test(identifier);
}

function filterOf(question: AuditQuestion): AuditFilter {
  const seq = EVENT.exec(question.identifier ?? "")?.[2];
  const { entity, blueprint, run_id: runId, origin: origins, resources: kinds, action: actions } = question;
  const { actor: actors, actionType: actionTypes } = question;
  const { webhookId, webhookEventId: event, InstallationId: installation } = question;
  const instants = { from: question.from, to: question.to };
  return {
    ...(seq === undefined ? {} : { seq }),
    ...(entity === undefined ? {} : { entity }),
    ...(blueprint === undefined ? {} : { blueprint }),
    ...(runId === undefined ? {} : { runId }),
    ...(webhookId === undefined ? {} : { source: `${WEBHOOK}${webhookId}` }),
    ...(event === undefined ? {} : { event }),
    ...(installation === undefined ? {} : { installation }),
    ...(origins === undefined ? {} : { origins }),
    ...(kinds === undefined ? {} : { kinds: kindsOf(kinds) }),
    ...(actions === undefined ? {} : { actions }),
    ...(actors === undefined ? {} : { actors }),
    ...(actionTypes === undefined ? {} : { actionTypes }),
    ...Object.fromEntries(
      Object.entries(instants).flatMap(([name, text]) =>
        text === undefined ? [] : [[name, instant(name, text)]],
      ),
    ),
    ...(question.isWithoutSystem === true ? { isWithoutSystem: true } : {}),
    limit: Math.min(question.limit ?? DEFAULT_LIMIT, MAX_LIMIT),
  };
}

/** Expired timers are events of entities. */
const kindsOf = (resources: readonly string[]): readonly string[] =>
  resources.includes("entity") ? [...resources, TIMER_KIND] : resources;

function instant(name: string, text: string): Date {
  const at = parseInstant(text);
  if (at === null)
    throw new AppError(
      "invalid_request",
      `${name} ${JSON.stringify(text.slice(0, 60))} is not an ISO date-time with an offset`,
    );
  return new Date(at);
}

function eventOf(orgId: string, row: Row): AuditEvent {
  const by = row.actor_kind === "system" ? { orgId, byPort: true } : { orgId, userId: row.actor };
  const isOther = "status" in row;
  if (row.kind === TIMER_KIND) return expiryOf(orgId, row);
  return {
    identifier: `event_${isOther ? "x" : ""}${row.seq}`,
    action: row.action,
    resourceType: row.kind,
    status: isOther ? row.status : "SUCCESS",
    trigger: { by, origin: row.origin, at: row.at.toISOString() },
    context: {
      blueprint: row.blueprint,
      ...(row.identifier === null ? {} : { [row.kind]: row.identifier }),
      ...(row.run_id === null ? {} : { runId: row.run_id }),
      ...(isOther ? {} : webhookOf(row)),
    },
    diff: { before: row.before, after: row.after },
    // Entities are called by their titles of today; those of others are told as they were.
    additionalData: row.title === null ? {} : { title: row.title },
    ...(isOther && row.message !== null ? { message: row.message } : {}),
  };
}

/** A timer that expired is an event of its entity (data-model.md §6.4). */
function expiryOf(orgId: string, { seq, blueprint, identifier, before, after }: Row): AuditEvent {
  const { propertyIdentifier, value, expiredAt } = (before ?? {}) as Partial<ExpiredTimer>;
  return {
    ...{ identifier: `event_${seq}`, action: TIMER_EXPIRED, resourceType: "entity", status: "SUCCESS" },
    trigger: { by: { orgId, byPort: true }, origin: "API", at: expiredAt },
    context: { blueprint, entity: identifier },
    diff: { before: after, after },
    additionalData: { propertyIdentifier, value },
  };
}

function webhookOf({ source, event }: AuditRow): object {
  if (source?.startsWith(WEBHOOK) !== true) return {};
  return { webhookId: source.slice(WEBHOOK.length), ...(event === null ? {} : { webhookEventId: event }) };
}

function project(event: AuditEvent, includes: ReadonlySet<string> | null): AuditEvent {
  if (includes === null) return event;
  return Object.fromEntries(Object.entries(event).filter(([key]) => includes.has(key)));
}
