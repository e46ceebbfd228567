/** Rows of runs of actions, and of their logs. */
import { sql } from "kysely";
import { isObject, type JsonObject } from "../model/json.ts";
import type { Decision, Named, Run, RunSource, RunStatus } from "../model/run.ts";
import type { Db } from "./db.ts";
import { RUN_REPORTS_QUEUE } from "./queues.ts";

interface RunRow {
  readonly id: string;
  readonly seq: number;
  readonly action: string;
  readonly action_document: JsonObject;
  readonly status: RunStatus;
  readonly status_label: string | null;
  readonly blueprint: string | null;
  readonly entity: string | null;
  readonly subject: JsonObject;
  readonly properties: JsonObject | null;
  readonly raw_properties: JsonObject | null;
  readonly source: RunSource;
  readonly trigger: JsonObject;
  readonly context: JsonObject;
  readonly payload: unknown;
  readonly response: unknown;
  readonly link: readonly string[];
  readonly summary: string | null;
  readonly required_approval: Run["requiredApproval"];
  readonly approvals: readonly Decision[];
  readonly policy_approvers: readonly string[] | null;
  readonly external_run_id: string | null;
  readonly installation_id: string | null;
  readonly pending_execution: boolean;
  readonly claimed_until: Date | null;
  readonly depth: number;
  readonly created_at: Date;
  readonly created_by: string;
  readonly updated_at: Date;
  readonly updated_by: string;
  readonly ended_at: Date | null;
  readonly impersonated_by: string | null;
}

const COLUMNS =
  sql.raw(`id, seq, action, action_document, status, status_label, blueprint, entity, subject, properties,
  raw_properties, source, trigger, context, payload, response, link, summary, required_approval, approvals,
  policy_approvers, external_run_id, installation_id, pending_execution, claimed_until, depth, created_at, created_by,
  updated_at, updated_by, ended_at, impersonated_by`);

function namedOf(identifier: string | null, subject: JsonObject, key: string): Named | null {
  if (identifier === null) return null;
  const own = subject[key];
  const text = (name: string): string | null => {
    const value = isObject(own) ? own[name] : null;
    return typeof value === "string" ? value : null;
  };
  return { identifier, title: text("title"), icon: text("icon") };
}

function toRun(row: RunRow): Run {
  return {
    id: row.id,
    status: row.status,
    statusLabel: row.status_label,
    action: { identifier: row.action, document: row.action_document },
    blueprint: namedOf(row.blueprint, row.subject, "blueprint"),
    entity: namedOf(row.entity, row.subject, "entity"),
    properties: row.properties,
    rawProperties: row.raw_properties,
    source: row.source,
    trigger: row.trigger,
    context: row.context,
    payload: row.payload,
    response: row.response,
    link: row.link,
    summary: row.summary,
    requiredApproval: row.required_approval,
    approvals: row.approvals,
    policyApprovers: row.policy_approvers,
    externalRunId: row.external_run_id,
    installationId: row.installation_id,
    pendingExecution: row.pending_execution,
    claimedUntil: row.claimed_until,
    depth: row.depth,
    createdAt: row.created_at,
    createdBy: row.created_by,
    updatedAt: row.updated_at,
    updatedBy: row.updated_by,
    endedAt: row.ended_at,
    impersonatedBy: row.impersonated_by,
  };
}

const json = (value: unknown): string | null =>
  value === null || value === undefined ? null : JSON.stringify(value);

/** @returns false when the action has a run of this key already: nothing is written */
export async function insertRun(db: Db, org: string, run: Run, key: string | null): Promise<boolean> {
  const invocation = run.action.document["invocationMethod"];
  const type = isObject(invocation) ? String(invocation["type"]) : "";
  const { rows } = await sql`
    insert into action_run (org, id, action, action_document, key, status, status_label, blueprint, entity, subject,
      properties, raw_properties, source, trigger, context, payload, response, link, summary, required_approval,
      approvals, policy_approvers, external_run_id, installation_id, invocation_type, pending_execution,
      claimed_until, depth, created_at, created_by, updated_at, updated_by, ended_at, impersonated_by)
    values (${org}, ${run.id}, ${run.action.identifier}, ${json(run.action.document)}::json, ${key}, ${run.status},
      ${run.statusLabel}, ${run.blueprint?.identifier ?? null}, ${run.entity?.identifier ?? null},
      ${json({ blueprint: run.blueprint, entity: run.entity })}::json, ${json(run.properties)}::json,
      ${json(run.rawProperties)}::json, ${run.source}, ${json(run.trigger)}::json, ${json(run.context)}::json,
      ${json(run.payload)}::json, ${json(run.response)}::json, ${[...run.link]}::text[], ${run.summary},
      ${run.requiredApproval}, ${json(run.approvals)}::json,
      ${run.policyApprovers === null ? null : [...run.policyApprovers]}::text[], ${run.externalRunId},
      ${run.installationId}, ${type}, ${run.pendingExecution}, null, ${run.depth}::int,
      ${run.createdAt.toISOString()}::timestamptz, ${run.createdBy}, ${run.updatedAt.toISOString()}::timestamptz,
      ${run.updatedBy}, ${run.endedAt?.toISOString() ?? null}::timestamptz, ${run.impersonatedBy})
    on conflict do nothing returning id`.execute(db);
  return rows.length > 0;
}

/** The run that was started under this key. */
export async function readRunOfKey(db: Db, org: string, action: string, key: string): Promise<Run | null> {
  const { rows } = await sql<RunRow>`
    select ${COLUMNS} from action_run where org = ${org} and action = ${action} and key = ${key}`.execute(db);
  const [row] = rows;
  return row === undefined ? null : toRun(row);
}

/** @param lock nobody else changes it until the transaction ends */
export async function readRun(db: Db, org: string, id: string, lock = false): Promise<Run | null> {
  const { rows } = await sql<RunRow>`
    select ${COLUMNS} from action_run where org = ${org} and id = ${id}
    ${lock ? sql`for update` : sql``}`.execute(db);
  const [row] = rows;
  return row === undefined ? null : toRun(row);
}

/** The first of the action's runs that the server has to carry out. */
export async function nextPendingRun(db: Db, org: string, action: string): Promise<Run | null> {
  const { rows } = await sql<RunRow>`
    select ${COLUMNS} from action_run
    where org = ${org} and action = ${action} and status = 'IN_PROGRESS' and pending_execution
      and installation_id is null
    order by seq limit 1`.execute(db);
  const [row] = rows;
  return row === undefined ? null : toRun(row);
}

/** What may change of a run. */
export async function writeRun(db: Db, org: string, run: Run): Promise<void> {
  await sql`
    update action_run set status = ${run.status}, status_label = ${run.statusLabel},
      payload = ${json(run.payload)}::json, response = ${json(run.response)}::json,
      link = ${[...run.link]}::text[], summary = ${run.summary}, approvals = ${json(run.approvals)}::json,
      external_run_id = ${run.externalRunId}, installation_id = ${run.installationId},
      pending_execution = ${run.pendingExecution},
      claimed_until = ${run.claimedUntil?.toISOString() ?? null}::timestamptz,
      updated_at = ${run.updatedAt.toISOString()}::timestamptz, updated_by = ${run.updatedBy},
      ended_at = ${run.endedAt?.toISOString() ?? null}::timestamptz
    where org = ${org} and id = ${run.id}`.execute(db);
}

export interface RunFilter {
  readonly entity?: string | undefined;
  readonly blueprint?: string | undefined;
  readonly action?: string | undefined;
  /** Not ended. */
  readonly active?: boolean | undefined;
  readonly status?: RunStatus | undefined;
  readonly createdBy?: string | undefined;
  readonly externalRunId?: string | undefined;
  readonly sources?: readonly string[] | undefined;
  /** Runs older than this one. */
  readonly before?: string | undefined;
  readonly limit: number;
}

/** Newest first. */
export async function listRuns(db: Db, org: string, filter: RunFilter): Promise<Run[]> {
  const { entity, blueprint, action, active, status, createdBy, externalRunId, sources, before, limit } =
    filter;
  const conditions = [
    sql`org = ${org}`,
    ...(entity === undefined ? [] : [sql`entity = ${entity}`]),
    ...(blueprint === undefined ? [] : [sql`blueprint = ${blueprint}`]),
    ...(action === undefined ? [] : [sql`action = ${action}`]),
    ...(active === undefined
      ? []
      : [
          active
            ? sql`status in ('IN_PROGRESS', 'WAITING_FOR_APPROVAL')`
            : sql`status not in ('IN_PROGRESS', 'WAITING_FOR_APPROVAL')`,
        ]),
    ...(status === undefined ? [] : [sql`status = ${status}`]),
    ...(createdBy === undefined ? [] : [sql`created_by = ${createdBy}`]),
    ...(externalRunId === undefined ? [] : [sql`external_run_id = ${externalRunId}`]),
    ...(sources === undefined ? [] : [sql`source = any(${[...sources]}::text[])`]),
    ...(before === undefined
      ? []
      : [sql`seq < (select b.seq from action_run b where b.org = ${org} and b.id = ${before})`]),
  ];
  const { rows } = await sql<RunRow>`
    select ${COLUMNS} from action_run where ${sql.join(conditions, sql` and `)}
    order by seq desc limit ${limit}::int`.execute(db);
  return rows.map(toRun);
}

/** Runs on their way that nobody has changed or logged to since, and whose end nobody is asked for, oldest first. */
export async function staleRuns(db: Db, org: string, before: Date, limit: number): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select id from action_run r
    where org = ${org} and status = 'IN_PROGRESS' and updated_at < ${before.toISOString()}::timestamptz
      and not exists (select 1 from action_run_log l
        where l.org = r.org and l.run = r.id and l.at >= ${before.toISOString()}::timestamptz)
      and not exists (select 1 from job j
        where j.org = r.org and j.queue = ${RUN_REPORTS_QUEUE} and j.key = r.id)
    order by updated_at limit ${limit}::int`.execute(db);
  return rows.map(({ id }) => id);
}

/** Until the transaction ends nobody else finds out which id of another system belongs to a run. */
export async function lockExternalIds(db: Db, org: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`external runs ${org}`}, 0))`.execute(db);
}

/** Which of the ids that other systems gave belong to runs of ours, this one not counted. */
export async function takenExternalIds(
  db: Db,
  org: string,
  ids: readonly string[],
  besides: string,
): Promise<ReadonlySet<string>> {
  if (ids.length === 0) return new Set();
  const { rows } = await sql<{ id: string }>`
    select external_run_id as id from action_run
    where org = ${org} and external_run_id = any(${[...ids]}::text[]) and id <> ${besides}`.execute(db);
  return new Set(rows.map(({ id }) => id));
}

export interface RunLog {
  readonly id: string;
  readonly runId: string;
  readonly message: string;
  readonly terminationStatus: string | null;
  readonly statusLabel: string | null;
  readonly createdAt: string;
}

export interface RunLogWrite {
  readonly run: string;
  readonly message: string;
  readonly terminationStatus?: string | null | undefined;
  readonly statusLabel?: string | null | undefined;
  readonly at: Date;
  readonly by: string;
}

interface RunLogRow {
  readonly seq: number;
  readonly run: string;
  readonly message: string;
  readonly termination_status: string | null;
  readonly status_label: string | null;
  readonly at: Date;
}

const toLog = (row: RunLogRow): RunLog => ({
  id: `log_${row.seq}`,
  runId: row.run,
  message: row.message,
  terminationStatus: row.termination_status,
  statusLabel: row.status_label,
  createdAt: row.at.toISOString(),
});

export async function insertRunLog(db: Db, org: string, log: RunLogWrite): Promise<RunLog> {
  const { rows } = await sql<RunLogRow>`
    insert into action_run_log (org, run, message, termination_status, status_label, at, by)
    values (${org}, ${log.run}, ${log.message}, ${log.terminationStatus ?? null}, ${log.statusLabel ?? null},
      ${log.at.toISOString()}::timestamptz, ${log.by})
    returning seq, run, message, termination_status, status_label, at`.execute(db);
  const [row] = rows;
  if (row === undefined) throw new Error("insertRunLog: no row");
  return toLog(row);
}

/** Lines after that number, oldest first. */
export async function readRunLogsAfter(
  db: Db,
  org: string,
  run: string,
  after: number,
  limit: number,
): Promise<RunLog[]> {
  const { rows } = await sql<RunLogRow>`
    select seq, run, message, termination_status, status_label, at from action_run_log
    where org = ${org} and run = ${run} and seq > ${after}::bigint order by seq limit ${limit}::int`.execute(
    db,
  );
  return rows.map(toLog);
}

/** Of each run another text whenever it changed or got a line. */
export async function readRunMarks(
  db: Db,
  org: string,
  runs: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const { rows } = await sql<{ id: string; mark: string }>`
    select r.id, concat_ws(' ', r.updated_at::text, r.status,
      (select max(l.seq)::text from action_run_log l where l.org = r.org and l.run = r.id)) as mark
    from action_run r where r.org = ${org} and r.id = any(${[...runs]}::text[])`.execute(db);
  return new Map(rows.map(({ id, mark }) => [id, mark]));
}

/** Oldest first. */
export async function readRunLogs(
  db: Db,
  org: string,
  run: string,
  { limit, offset }: { readonly limit: number; readonly offset: number },
): Promise<RunLog[]> {
  const { rows } = await sql<RunLogRow>`
    select seq, run, message, termination_status, status_label, at from action_run_log
    where org = ${org} and run = ${run} order by seq limit ${limit}::int offset ${offset}::int`.execute(db);
  return rows.map(toLog);
}
