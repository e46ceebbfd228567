/** Rows of alerts: what is watched, what is known of each subject, what was told. */
import { randomUUID } from "node:crypto";
import { sql } from "kysely";
import type { AlertState } from "../model/alert-state.ts";
import type { JsonObject } from "../model/json.ts";
import type { Db } from "./db.ts";
import type { Sql } from "./search-values.ts";

export interface AlertRow {
  readonly identifier: string;
  readonly document: JsonObject;
  readonly created_at: Date;
  readonly created_by: string;
  readonly updated_at: Date;
  readonly updated_by: string;
  readonly digest_at: Date | null;
}

const COLUMNS = sql.raw("identifier, document, created_at, created_by, updated_at, updated_by, digest_at");

export async function listAlerts(db: Db, org: string): Promise<readonly AlertRow[]> {
  const { rows } = await sql<AlertRow>`
    select ${COLUMNS} from alert where org = ${org} order by created_at, identifier`.execute(db);
  return rows;
}

export async function readAlert(
  db: Db,
  org: string,
  identifier: string,
  lock = false,
): Promise<AlertRow | null> {
  const { rows } = await sql<AlertRow>`
    select ${COLUMNS} from alert where org = ${org} and identifier = ${identifier}
    ${lock ? sql`for update` : sql``}`.execute(db);
  return rows[0] ?? null;
}

interface Write {
  readonly identifier: string;
  readonly document: JsonObject;
  readonly at: Date;
  readonly by: string;
}

/** @returns false when the identifier is taken */
export async function insertAlert(
  db: Db,
  org: string,
  { identifier, document, at, by }: Write,
): Promise<boolean> {
  const { rows } = await sql`
    insert into alert (org, identifier, document, created_at, created_by, updated_at, updated_by)
    values (${org}, ${identifier}, ${JSON.stringify(document)}::json, ${at.toISOString()}::timestamptz, ${by},
      ${at.toISOString()}::timestamptz, ${by})
    on conflict do nothing returning identifier`.execute(db);
  return rows.length > 0;
}

/** What was known under the former document stays: it is judged by the new one. */
export async function updateAlert(
  db: Db,
  org: string,
  { identifier, document, at, by }: Write,
): Promise<void> {
  await sql`
    update alert set document = ${JSON.stringify(document)}::json, updated_at = ${at.toISOString()}::timestamptz,
      updated_by = ${by}
    where org = ${org} and identifier = ${identifier}`.execute(db);
}

/** What it names is called otherwise now: nobody changed it. */
export async function writeAlertDocument(
  db: Db,
  org: string,
  identifier: string,
  document: JsonObject,
): Promise<void> {
  await sql`update alert set document = ${JSON.stringify(document)}::json
    where org = ${org} and identifier = ${identifier}`.execute(db);
}

/** Locked until the transaction ends. Whoever looks at them loses the lease: what it has read is another by then. */
export async function takeAlerts(
  db: Db,
  org: string,
  alerts: readonly string[],
): Promise<readonly Pick<AlertRow, "identifier" | "document">[]> {
  // In order, so that two that lock the same rows do it in the same order.
  const { rows } = await sql<AlertRow>`
    update alert set lease_token = null, lease_until = null
    where org = ${org} and identifier = any(array(
      select identifier from alert where org = ${org} and identifier = any(${[...alerts]}::text[])
      order by identifier for update))
    returning identifier, document`.execute(db);
  return rows;
}

/** What alerts know of an entity stays its own under its other identifier. @param alerts are taken (`takeAlerts`) */
export async function renameAlertSubject(
  db: Db,
  org: string,
  alerts: readonly string[],
  from: string,
  to: string,
): Promise<void> {
  const ours = sql`org = ${org} and alert = any(${[...alerts]}::text[])`;
  // Of one that was called so before.
  await sql`delete from alert_state where ${ours} and subject = ${to}`.execute(db);
  await sql`update alert_state set subject = ${to} where ${ours} and subject = ${from}`.execute(db);
}

/** What is known of entities of a blueprint stays theirs: what was told is not told again. */
export async function renameAlertSubjects(db: Db, org: string, from: string, to: string): Promise<void> {
  await sql`
    update alert_state set subject = ${to}::text || substr(subject, length(${from}::text) + 1)
    where org = ${org} and (subject = ${from} or starts_with(subject, ${from}::text || ':'))`.execute(db);
}

export async function deleteAlert(db: Db, org: string, identifier: string): Promise<void> {
  await sql`delete from alert where org = ${org} and identifier = ${identifier}`.execute(db);
}

/** @returns a token, and what the alert is now, or null while another process is at it */
export async function leaseAlert(
  db: Db,
  org: string,
  identifier: string,
  seconds: number,
): Promise<{ readonly token: string; readonly document: JsonObject } | null> {
  const token = randomUUID();
  const { rows } = await sql<{ document: JsonObject }>`
    update alert set lease_token = ${token}, lease_until = now() + make_interval(secs => ${seconds}::float8)
    where org = ${org} and identifier = ${identifier} and (lease_until is null or lease_until < now())
    returning document`.execute(db);
  return rows[0] === undefined ? null : { token, document: rows[0].document };
}

/** It is still looked at: nobody else may have it for another `seconds`. */
export async function extendAlert(
  db: Db,
  org: string,
  identifier: string,
  token: string,
  seconds: number,
): Promise<void> {
  await sql`update alert set lease_until = now() + make_interval(secs => ${seconds}::float8)
    where org = ${org} and identifier = ${identifier} and lease_token = ${token}`.execute(db);
}

/** Ends the lease, in the transaction that writes what was found. @returns what the alert is now; null when it was lost */
export async function endLease(
  db: Db,
  org: string,
  identifier: string,
  token: string,
): Promise<JsonObject | null> {
  const { rows } = await sql<{ document: JsonObject }>`
    update alert set lease_token = null, lease_until = null
    where org = ${org} and identifier = ${identifier} and lease_token = ${token} returning document`.execute(
    db,
  );
  return rows[0]?.document ?? null;
}

/** What a process held that was killed; only where no other can be at work (the embedded database). */
export async function releaseAlertLeases(db: Db): Promise<void> {
  await sql`update alert set lease_token = null, lease_until = null where lease_token is not null`.execute(
    db,
  );
}

export interface StateRow {
  readonly subject: string;
  readonly title: string;
  readonly state: AlertState;
  readonly is_firing: boolean;
  readonly value: number | null;
  readonly updated_at: Date;
}

/** @param subjects only these; null: all */
export async function readStates(
  db: Db,
  org: string,
  alert: string,
  subjects: readonly string[] | null = null,
): Promise<readonly StateRow[]> {
  const { rows } = await sql<StateRow>`
    select subject, title, state, is_firing, value, updated_at from alert_state
    where org = ${org} and alert = ${alert}
      and ${subjects === null ? sql`true` : sql`subject = any(${[...subjects]}::text[])`} order by is_firing desc, subject`.execute(
    db,
  );
  return rows;
}

export async function writeStates(
  db: Db,
  org: string,
  alert: string,
  states: readonly Omit<StateRow, "is_firing" | "updated_at">[],
  at: Date,
): Promise<void> {
  if (states.length === 0) return;
  await sql`
    insert into alert_state (org, alert, subject, title, state, is_firing, value, updated_at)
    select ${org}, ${alert}, r.subject, r.title, r.state, (r.state ->> 'isFiring')::boolean, r.value,
      ${at.toISOString()}::timestamptz
    from jsonb_to_recordset(${JSON.stringify(states)}::jsonb) as r (subject text, title text, state json, value float8)
    order by r.subject
    on conflict (org, alert, subject) do update set title = excluded.title, state = excluded.state,
      is_firing = excluded.is_firing, value = excluded.value, updated_at = excluded.updated_at`.execute(db);
}

export async function dropSubjects(
  db: Db,
  org: string,
  alert: string,
  subjects: readonly string[],
): Promise<void> {
  if (subjects.length === 0) return;
  await sql`delete from alert_state where org = ${org} and alert = ${alert} and subject = any(${[...subjects]}::text[])`.execute(
    db,
  );
}

export interface AlertEventRow {
  readonly seq: number;
  readonly subject: string;
  readonly transition: string;
  readonly document: JsonObject;
  readonly at: Date;
  readonly told_at: Date | null;
}

export async function insertAlertEvents(
  db: Db,
  org: string,
  alert: string,
  events: readonly { subject: string; transition: string; document: JsonObject }[],
  at: Date,
  isTold: boolean,
): Promise<void> {
  if (events.length === 0) return;
  const time = at.toISOString();
  await sql`
    insert into alert_event (org, alert, subject, transition, document, at, told_at)
    select ${org}, ${alert}, r.subject, r.transition, r.document, ${time}::timestamptz, ${isTold ? time : null}::timestamptz
    from jsonb_to_recordset(${JSON.stringify(events)}::jsonb) as r (subject text, transition text, document json)`.execute(
    db,
  );
}

/** Newest first. */
export async function readAlertEvents(
  db: Db,
  org: string,
  alert: string,
  limit: number,
): Promise<readonly AlertEventRow[]> {
  const { rows } = await sql<AlertEventRow>`
    select seq, subject, transition, document, at, told_at from alert_event
    where org = ${org} and alert = ${alert} order by seq desc limit ${limit}::int`.execute(db);
  return rows;
}

/** What waits for a digest, in order; told from now on. */
export async function takeUntold(
  db: Db,
  org: string,
  alert: string,
  at: Date,
): Promise<readonly AlertEventRow[]> {
  const { rows } = await sql<AlertEventRow>`
    update alert_event set told_at = ${at.toISOString()}::timestamptz
    where org = ${org} and alert = ${alert} and told_at is null
    returning seq, subject, transition, document, at, told_at`.execute(db);
  return [...rows].sort((a, b) => a.seq - b.seq);
}

export async function setDigestAt(db: Db, org: string, alert: string, at: Date | null): Promise<void> {
  await sql`update alert set digest_at = ${at?.toISOString() ?? null}::timestamptz
    where org = ${org} and identifier = ${alert}`.execute(db);
}

export interface SubjectValue {
  readonly identifier: string;
  readonly title: string | null;
  readonly team: readonly string[];
  readonly value: number | null;
}

const isAmong = (identifier: Sql, among: readonly string[] | null): Sql =>
  among === null ? sql`true` : sql`${identifier} = any(${[...among]}::text[])`;

/** A number property, stored or derived, of the entities of a blueprint. @param among only these; null: all */
export async function readNumbersOf(
  db: Db,
  org: string,
  blueprint: string,
  property: string,
  among: readonly string[] | null,
): Promise<readonly SubjectValue[]> {
  const { rows } = await sql<SubjectValue>`
    select identifier, title, team,
      as_number(coalesce(properties -> ${property}::text, derived -> ${property}::text))::float8 as value
    from entity where org = ${org} and blueprint = ${blueprint}
      and ${isAmong(sql`identifier`, among)}`.execute(db);
  return rows;
}

/** Titles of the levels that the entities of a blueprint have in one scorecard. */
export async function readLevelsOf(
  db: Db,
  org: string,
  blueprint: string,
  scorecard: string,
  among: readonly string[] | null,
): Promise<readonly (Omit<SubjectValue, "value"> & { readonly level: string | null })[]> {
  const { rows } = await sql<Omit<SubjectValue, "value"> & { level: string | null }>`
    select identifier, title, team, derived -> '$scorecards' -> ${scorecard}::text ->> 'l' as level
    from entity where org = ${org} and blueprint = ${blueprint}
      and ${isAmong(sql`identifier`, among)}`.execute(db);
  return rows;
}

/** Timers that have passed, with the time at which they did; all other entities of the blueprint have none. */
export async function readOverdue(
  db: Db,
  org: string,
  blueprint: string,
  property: string,
  among: readonly string[] | null,
): Promise<readonly (Omit<SubjectValue, "value"> & { readonly due_at: Date | null })[]> {
  const { rows } = await sql<Omit<SubjectValue, "value"> & { due_at: Date | null }>`
    select e.identifier, e.title, e.team, t.due_at
    from entity e left join timer t on t.org = e.org and t.blueprint = e.blueprint and t.identifier = e.identifier
      and t.property = ${property} and t.value = e.properties ->> ${property}::text
    where e.org = ${org} and e.blueprint = ${blueprint} and ${isAmong(sql`e.identifier`, among)}`.execute(db);
  return rows;
}

/** When the newest entity of the blueprint came or changed; null: there is none. */
export async function newestChange(db: Db, org: string, blueprint: string): Promise<Date | null> {
  const { rows } = await sql<{ at: Date | null }>`
    select max(greatest(created_at, updated_at)) as at from entity where org = ${org} and blueprint = ${blueprint}`.execute(
    db,
  );
  return rows[0]?.at ?? null;
}

/** Owners of the entities by identifier. */
export async function teamsOf(
  db: Db,
  org: string,
  blueprint: string,
  identifiers: readonly string[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  const { rows } = await sql<{ identifier: string; team: string[] }>`
    select e.identifier, e.team from unnest(${[...identifiers]}::text[]) k (identifier)
    join entity e on e.org = ${org} and e.blueprint = ${blueprint} and e.identifier = k.identifier`.execute(
    db,
  );
  return new Map(rows.map(({ identifier, team }) => [identifier, team]));
}
