/** What the worker of automations reads: the automations that are on, the runs behind changes, and what the guard counts. */
import { sql } from "kysely";
import type { Action } from "../model/action.ts";
import type { JsonObject } from "../model/json.ts";
import { listActions } from "./actions.ts";
import type { Db } from "./db.ts";
import type { FeedRow } from "./feed.ts";

export interface AutomationRow {
  readonly action: Action;
  /** `seq` of the change feed when it was switched on: what was written before is no news to it. */
  readonly since: number;
}

/** Another text whenever an automation, or a blueprint whose changes are posted, was written. */
export async function automationsVersion(db: Db, org: string): Promise<string> {
  const { rows } = await sql<{ version: string }>`
    select concat_ws(' ',
      (select md5(string_agg(identifier || ' ' || xmin::text, ',' order by identifier))
        from action where org = ${org} and trigger_type = 'automation'),
      (select md5(string_agg(identifier || ' ' || xmin::text, ',' order by identifier))
        from blueprint where org = ${org} and (document -> 'changelogDestination') is not null)) as version`.execute(
    db,
  );
  return rows[0]?.version ?? "";
}

/** Blueprints whose changes are posted, and where. */
export async function readChangelogs(
  db: Db,
  org: string,
): Promise<readonly { readonly blueprint: string; readonly destination: JsonObject | null }[]> {
  const { rows } = await sql<{ blueprint: string; destination: JsonObject | null }>`
    select identifier as blueprint, document -> 'changelogDestination' as destination
    from blueprint where org = ${org} and (document -> 'changelogDestination') is not null
    order by identifier`.execute(db);
  return rows;
}

export async function readAutomations(db: Db, org: string): Promise<AutomationRow[]> {
  const actions = await listActions(db, org, { triggerType: "automation", published: true });
  const { rows } = await sql<{ identifier: string; since: number }>`
    select identifier, since from action where org = ${org} and trigger_type = 'automation' and published`.execute(
    db,
  );
  const since = new Map(rows.map((row) => [row.identifier, row.since]));
  return actions.map((action) => ({
    action,
    since: since.get(action.identifier) ?? Number.MAX_SAFE_INTEGER,
  }));
}

/** How many automations stand behind each of the runs, one started by the other. */
export async function depthsOfRuns(
  db: Db,
  org: string,
  runs: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  if (runs.length === 0) return new Map();
  const { rows } = await sql<{ id: string; depth: number }>`
    select id, depth from action_run where org = ${org} and id = any(${[...new Set(runs)]}::text[])`.execute(
    db,
  );
  return new Map(rows.map(({ id, depth }) => [id, depth]));
}

/** Runs of the automations since then, those of each by the entity they are about: `<automation> <blueprint> <entity>`. */
export async function recentRuns(
  db: Db,
  org: string,
  automations: readonly string[],
  since: Date,
): Promise<Map<string, number>> {
  if (automations.length === 0) return new Map();
  const { rows } = await sql<{ key: string; n: number }>`
    select action || ' ' || coalesce(blueprint, '') || ' ' || coalesce(entity, '') as key, count(*) as n
    from action_run where org = ${org} and action = any(${[...new Set(automations)]}::text[])
      and source = 'AUTOMATION' and created_at >= ${since.toISOString()}::timestamptz
    group by 1`.execute(db);
  return new Map(rows.map(({ key, n }) => [key, n]));
}

export interface ScheduleRow {
  readonly automation: string;
  readonly schedule: string;
  readonly next_at: Date | null;
}

/** Locked for this transaction; those that another process is at are left out. */
export async function takeSchedules(db: Db, org: string): Promise<readonly ScheduleRow[]> {
  const { rows } = await sql<ScheduleRow>`
    select automation, schedule, next_at from automation_schedule where org = ${org}
    order by automation for update skip locked`.execute(db);
  return rows;
}

export async function readSchedules(db: Db, org: string): Promise<readonly ScheduleRow[]> {
  const { rows } = await sql<ScheduleRow>`
    select automation, schedule, next_at from automation_schedule where org = ${org}`.execute(db);
  return rows;
}

/** A new one; one that is there stays. @returns false when another process was first */
export async function insertSchedule(
  db: Db,
  org: string,
  automation: string,
  schedule: string,
  next: Date | null,
): Promise<void> {
  await sql`
    insert into automation_schedule (org, automation, schedule, next_at)
    values (${org}, ${automation}, ${schedule}, ${next?.toISOString() ?? null}::timestamptz)
    on conflict do nothing`.execute(db);
}

export async function writeSchedule(
  db: Db,
  org: string,
  automation: string,
  schedule: string,
  next: Date | null,
): Promise<void> {
  await sql`
    update automation_schedule set schedule = ${schedule}, next_at = ${next?.toISOString() ?? null}::timestamptz
    where org = ${org} and automation = ${automation}`.execute(db);
}

export async function dropSchedules(db: Db, org: string, automations: readonly string[]): Promise<void> {
  if (automations.length === 0) return;
  await sql`delete from automation_schedule where org = ${org} and automation = any(${[...automations]}::text[])`.execute(
    db,
  );
}

/** One row of the change feed. */
export async function readChange(db: Db, org: string, seq: string): Promise<FeedRow | null> {
  const { rows } = await sql<FeedRow>`
    select xid, seq, kind, action, blueprint, identifier, before, after, actor, actor_kind as "actorKind", origin,
      run_id as "runId", follows, at
    from change where org = ${org} and seq = ${seq}::bigint`.execute(db);
  return rows[0] ?? null;
}
