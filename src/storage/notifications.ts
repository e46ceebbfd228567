/** What people were told, read from the runs that told it: of alerts, initiatives, automations with messages, and approvals that were asked for. */
import { sql } from "kysely";
import {
  type Channel,
  CHANNELS,
  NOBODY_TOLD,
  type NotificationKind,
  type NotificationState,
  TOLD_BUT,
  TRIED_AGAIN,
  WAITS_FOR_APPROVAL,
} from "../model/notification.ts";
import type { Db } from "./db.ts";
import type { Sql } from "./search-values.ts";

export interface NotificationRow {
  readonly id: string;
  readonly seq: number;
  readonly kind: NotificationKind;
  readonly action: string;
  readonly action_title: string | null;
  readonly channel: Channel;
  readonly state: NotificationState;
  /** Attempts that failed, and were or are tried again. */
  readonly retries: number;
  readonly title: string | null;
  readonly text: string | null;
  /** Addresses of e-mail: a text, a list, or null. */
  readonly recipients: unknown;
  /** Of the entity that an alert is about. */
  readonly teams: unknown;
  readonly evidence_url: string | null;
  /** Of a failed or repeated attempt. */
  readonly problem: string | null;
  /** Of approvals: the log's line on who was told. */
  readonly notice: string | null;
  readonly created_by: string;
  readonly created_at: Date;
  readonly ended_at: Date | null;
}

export interface NotificationFilter {
  readonly kind?: NotificationKind | undefined;
  /** Identifier of an alert, an initiative or an action. */
  readonly of?: string | undefined;
  readonly channel?: Channel | undefined;
  readonly state?: NotificationState | undefined;
  /** Older than this run. */
  readonly before?: string | undefined;
  readonly limit: number;
}

/** As the index `action_run_told` says it. */
const IS_TOLD = sql.raw(
  "(r.required_approval <> 'none' or (r.source = 'AUTOMATION' and (r.invocation_type in ('EMAIL', 'SLACK') or r.action like 'alert:%' or r.action like 'initiative:%')))",
);
const KIND =
  sql.raw(`case when r.required_approval <> 'none' then 'approval' when r.source <> 'AUTOMATION' then 'automation'
  when r.action like 'alert:%' then 'alert' when r.action like 'initiative:%' then 'initiative' else 'automation' end`);
const CHANNEL = sql.raw(`case when r.required_approval <> 'none' then
    case when r.action_document #>> '{approvalNotification,type}' is distinct from 'webhook' then 'email'
      when r.action_document #>> '{approvalNotification,format}' = 'slack' then 'slack' else 'webhook' end
  when r.action like 'alert:%' or r.action like 'initiative:%' then substring(r.action from '[^:]*$')
  else lower(r.invocation_type) end`);
const AFTER = (path: string) => sql.raw(`r.context #>> '{event,diff,after,${path}}'`);

/** What the run alone says of its state: the log of those that cannot be it is not read. */
const MAY_BE: Readonly<Record<NotificationState, Sql>> = {
  failed: sql.raw("(r.required_approval <> 'none' or r.status = 'FAILURE')"),
  delivered: sql.raw("(r.required_approval <> 'none' or r.status = 'SUCCESS')"),
  waiting: sql.raw("(r.required_approval <> 'none' or r.status not in ('SUCCESS', 'FAILURE'))"),
  retrying: sql.raw("(r.required_approval = 'none' and r.status not in ('SUCCESS', 'FAILURE'))"),
};

/** Newest first. */
export async function listNotifications(
  db: Db,
  org: string,
  { kind, of, channel, state, before, limit }: NotificationFilter,
): Promise<readonly NotificationRow[]> {
  const { rows } = await sql<NotificationRow>`
    with told as (
      select r.id, r.seq, ${KIND} as kind, r.action, r.action_document ->> 'title' as action_title, ${CHANNEL} as channel,
        case
          when r.required_approval <> 'none' then case when n.message is null then 'waiting'
            when n.message ilike ${`%${NOBODY_TOLD}%`} or n.message like ${`%${TOLD_BUT}%`} then 'failed' else 'delivered' end
          when r.status = 'SUCCESS' then 'delivered' when r.status = 'FAILURE' then 'failed'
          when t.retries > 0 then 'retrying' else 'waiting' end as state,
        t.retries,
        coalesce(${AFTER("message,title")}, r.payload ->> 'subject') as title,
        coalesce(${AFTER("message,text")}, r.payload #>> '{body,text}', r.payload ->> 'text') as text,
        coalesce(r.payload -> 'to', r.context #> '{event,diff,after,recipients,emails}') as recipients,
        r.context #> '{event,diff,after,subject,teams}' as teams,
        ${AFTER("evidenceUrl")} as evidence_url,
        case when r.status = 'FAILURE' then r.summary else t.last end as problem,
        n.message as notice, r.created_by, r.created_at, coalesce(n.at, r.ended_at) as ended_at
      from action_run r
      left join lateral (
        select l.message, l.at from action_run_log l
        where l.org = r.org and l.run = r.id and r.required_approval <> 'none' and l.message like ${`${WAITS_FOR_APPROVAL}%`}
        order by l.seq limit 1) n on true
      left join lateral (
        select count(*)::int as retries, (array_agg(l.message order by l.seq desc))[1] as last from action_run_log l
        where l.org = r.org and l.run = r.id and r.required_approval = 'none' and l.message like ${`%${TRIED_AGAIN}`}) t on true
      where r.org = ${org} and ${IS_TOLD}
        and (r.required_approval = 'none' or n.message is not null or r.status = 'WAITING_FOR_APPROVAL')
        and ${before === undefined ? sql`true` : sql`r.seq < (select b.seq from action_run b where b.org = ${org} and b.id = ${before})`}
        and ${of === undefined ? sql`true` : sql`r.action = any(${namesOf(of)}::text[])`}
        and ${state === undefined ? sql`true` : MAY_BE[state]})
    select * from told
    where ${kind === undefined ? sql`true` : sql`kind = ${kind}`} and ${channel === undefined ? sql`true` : sql`channel = ${channel}`}
      and ${state === undefined ? sql`true` : sql`state = ${state}`}
    order by seq desc limit ${limit}::int`.execute(db);
  return rows;
}

/** Of actions that tell of it. */
const namesOf = (of: string): string[] => [
  of,
  ...["alert", "initiative"].flatMap((kind) => CHANNELS.map((channel) => `${kind}:${of}:${channel}`)),
];
