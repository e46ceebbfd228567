/** Which event of which data source the changes of entities came from. */
import { sql } from "kysely";
import type { Ctx } from "./context.ts";

/** What an event did to an entity. */
export interface ChangeMark {
  readonly blueprint: string;
  readonly identifier: string;
  readonly action: "CREATE" | "UPDATE" | "DELETE";
  readonly event: string;
}

/**
 * Marks the changes that the actor made in this transaction and that are not marked yet. One whose entity was changed
 * more or less often than the marks say gets no event: what follows from other writes cannot be told apart then.
 * @param marks in the order in which they were done
 * @param onlyEvent of all that no mark names, when everything came from one event
 */
export async function markChanges(
  ctx: Ctx,
  source: string,
  marks: readonly ChangeMark[],
  onlyEvent: string | null,
): Promise<void> {
  const { db, org, actor } = ctx;
  await sql`
    with fresh as (
      select c.org, c.xid, c.seq, c.blueprint, c.identifier, c.action,
        row_number() over (partition by c.blueprint, c.identifier, c.action order by c.seq) as n,
        count(*) over (partition by c.blueprint, c.identifier, c.action) as times
      from change c left join change_source s using (org, xid, seq)
      where c.org = ${org} and c.xid = pg_current_xact_id() and c.kind = 'entity' and c.actor = ${actor.id}
        and s.seq is null),
    mark as (
      select m.*, row_number() over (partition by blueprint, identifier, action order by place) as n,
        count(*) over (partition by blueprint, identifier, action) as times
      from rows from (jsonb_to_recordset(${JSON.stringify(marks)}::jsonb)
        as (blueprint text, identifier text, action text, event text)) with ordinality
        as m (blueprint, identifier, action, event, place))
    insert into change_source (org, xid, seq, source, event)
    select f.org, f.xid, f.seq, ${source}, coalesce(m.event, ${onlyEvent}::text)
    from fresh f left join mark m using (blueprint, identifier, action, n, times)`.execute(db);
}
