/** What the audit log tells besides the change feed: permissions, settings and credentials, and what was refused. */
import { sql } from "kysely";
import { originOf } from "../model/actor.ts";
import { type AuditFilter, type AuditRow, BY_OTHERS, ofActionType, TITLE } from "./audit.ts";
import type { Ctx } from "./context.ts";
import type { Db } from "./db.ts";

export interface AuditEventInput {
  /** What it is about, e.g. "permissions"; of a refusal "entity" or "blueprint" too. */
  readonly kind: string;
  readonly action: "CREATE" | "UPDATE" | "DELETE";
  readonly blueprint?: string | null;
  readonly identifier?: string | null;
  readonly before?: unknown;
  readonly after?: unknown;
  /** Why it was refused; absent: it was done. */
  readonly refusal?: string;
}

/**
 * Of refusals the latest are kept, so that nobody fills the disk with them; of signing in and of the rest apart: strangers
 * who only guess push out none of those of people who are in.
 */
const REFUSALS_KEPT = 100_000;
const SIGN_IN = "sign_in";
/** Old ones go when so many have come. */
const TRIM_EVERY = 1000;

/** One statement. Call in the transaction of what was done; after the end of that of what was refused. */
export async function appendAuditEvents(ctx: Ctx, rows: readonly AuditEventInput[]): Promise<void> {
  if (rows.length === 0) return;
  const { db, org, actor, runId = null } = ctx;
  const values = rows.map(({ refusal, ...row }) => ({ ...row, message: refusal ?? null }));
  const { rows: written } = await sql<{ seq: number }>`
    insert into audit_event (org, kind, action, status, blueprint, identifier, before, after, message, actor,
      actor_kind, origin, run_id, at)
    select ${org}, r.kind, r.action, case when r.message is null then 'SUCCESS' else 'FAILURE' end, r.blueprint,
      r.identifier, r.before, r.after, r.message, ${actor.id}, ${actor.kind}, ${originOf(actor)}, ${runId},
      ${ctx.now().toISOString()}::timestamptz
    from jsonb_to_recordset(${JSON.stringify(values)}::jsonb)
      as r (kind text, action text, blueprint text, identifier text, before jsonb, after jsonb, message text)
    returning seq`.execute(db);
  if (written.some(({ seq }) => seq % TRIM_EVERY === 0)) await trimRefusals(db, org);
}

/** @param kept of each of the two */
export async function trimRefusals(db: Db, org: string, kept = REFUSALS_KEPT): Promise<void> {
  for (const some of [sql`kind = ${SIGN_IN}`, sql`kind <> ${SIGN_IN}`])
    await sql`
      delete from audit_event where org = ${org} and status = 'FAILURE' and ${some} and seq <= (
        select seq from audit_event where org = ${org} and status = 'FAILURE' and ${some}
        order by seq desc offset ${kept}::int limit 1)`.execute(db);
}

export interface AuditEventRow extends Omit<AuditRow, "source" | "event"> {
  readonly status: string;
  readonly message: string | null;
}

export interface AuditEventFilter extends AuditFilter {
  readonly statuses?: readonly string[];
  /** Only those of these kinds, and refusals only of this actor. */
  readonly only?: { readonly kinds: readonly string[]; readonly refusedTo: string };
}

/** Newest first. @param withDiff false spares reading the documents */
export async function readAuditEvents(
  db: Db,
  org: string,
  filter: AuditEventFilter,
  withDiff: boolean,
): Promise<readonly AuditEventRow[]> {
  const {
    seq,
    entity,
    blueprint,
    runId,
    origins,
    kinds,
    actions,
    actors,
    actionTypes,
    isWithoutSystem = false,
    from,
    to,
    limit,
    statuses,
    only,
  } = filter;
  const conditions = [
    sql`org = ${org}`,
    ...(seq === undefined ? [] : [sql`seq = ${seq}::bigint`]),
    ...(entity === undefined ? [] : [sql`identifier = ${entity} and kind = 'entity'`]),
    ...(blueprint === undefined ? [] : [sql`blueprint = ${blueprint}`]),
    ...(runId === undefined ? [] : [sql`run_id = ${runId}`]),
    ...(origins === undefined ? [] : [sql`origin = any(${origins}::text[])`]),
    ...(kinds === undefined ? [] : [sql`kind = any(${kinds}::text[])`]),
    ...(actions === undefined ? [] : [sql`action = any(${actions}::text[])`]),
    ...(actors === undefined ? [] : [sql`actor = any(${actors}::text[])`]),
    ...(actionTypes === undefined ? [] : [ofActionType(actionTypes)]),
    ...(isWithoutSystem ? [BY_OTHERS] : []),
    ...(from === undefined ? [] : [sql`at >= ${from.toISOString()}::timestamptz`]),
    ...(to === undefined ? [] : [sql`at < ${to.toISOString()}::timestamptz`]),
    ...(statuses === undefined ? [] : [sql`status = any(${statuses}::text[])`]),
    ...(only === undefined
      ? []
      : [sql`kind = any(${only.kinds}::text[]) and (status <> 'FAILURE' or actor = ${only.refusedTo})`]),
  ];
  const documents = withDiff ? sql`before, after` : sql`null as before, null as after`;
  const { rows } = await sql<AuditEventRow>`
    select seq::text as seq, kind, action, status, blueprint, identifier, ${TITLE}, ${documents}, message, actor, actor_kind,
      origin, run_id, at
    from audit_event where ${sql.join(conditions, sql` and `)}
    order by audit_event.seq desc limit ${limit}::int`.execute(db);
  return rows;
}
