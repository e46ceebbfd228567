/** When a data source was last heard of, whatever kind of source it is. */
import { sql } from "kysely";
import type { Db } from "./db.ts";

export interface Heard {
  readonly title: string;
  /** A system that Fairway reads, a webhook, or a program that writes through the API. */
  readonly kind: "connection" | "webhook" | "integration";
  /** An event, or the end of a run that was not broken off; since it was made, where there was nothing yet. */
  readonly at: Date;
  /** Why the last run failed; null where it did not, or nothing runs here. */
  readonly failure: string | null;
}

/** @param id of a connected system, identifier of a webhook, or installation id of an integration. @returns null: there is none */
export async function lastHeard(db: Db, org: string, id: string): Promise<Heard | null> {
  const { rows } = await sql<Heard>`
    select coalesce(nullif(title, ''), ${id}::text) as title, kind, at, failure from (
      select d.title, 'connection' as kind,
        case when d.run ->> 'status' = 'failed' then d.run ->> 'message' end as failure, greatest(d.created_at, d.last_event_at,
        case when d.run ->> 'status' = 'completed' then as_instant(d.run ->> 'finishedAt') end) as at
      from data_source d where d.org = ${org} and d.id = ${id}
      union all
      select w.document ->> 'title', 'webhook', null, greatest(w.created_at, (
        select i.received_at from inbox i where i.org = w.org and i.source = w.source order by i.seq desc limit 1))
      from webhook w where w.org = ${org} and w.identifier = ${id}
      union all
      select n.document ->> 'title', 'integration', null, greatest(n.created_at, as_instant(n.resync_state ->> 'lastResyncEnd'), (
        select max(m.updated_at) from integration_metric m
        where m.org = n.org and m.installation_id = n.installation_id))
      from integration n where n.org = ${org} and n.installation_id = ${id}) s
    order by at desc limit 1`.execute(db);
  return rows[0] ?? null;
}
