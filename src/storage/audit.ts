/** Reads the change feed as an audit log, newest first. */
import { sql } from "kysely";
import type { Db } from "./db.ts";

export interface AuditFilter {
  readonly seq?: string;
  readonly entity?: string;
  readonly blueprint?: string;
  readonly runId?: string;
  /** Of a data source, e.g. `webhook:ci`. */
  readonly source?: string;
  /** Of an event of a data source. */
  readonly event?: string;
  /** Of an integration that writes through the API: its identifier is in the User-Agent (data-model.md §1.2). */
  readonly installation?: string;
  readonly origins?: readonly string[];
  readonly kinds?: readonly string[];
  readonly actions?: readonly string[];
  /** Who did it: e-mail addresses, client ids. */
  readonly actors?: readonly string[];
  /** Without what Fairway wrote by itself. */
  readonly isWithoutSystem?: boolean;
  /** Of actions and their runs: `self-service`, `automation`. */
  readonly actionTypes?: readonly string[];
  readonly from?: Date;
  /** Not included. */
  readonly to?: Date;
  readonly limit: number;
}

export interface AuditRow {
  readonly seq: string;
  readonly kind: string;
  readonly action: string;
  readonly blueprint: string | null;
  readonly identifier: string | null;
  /** Of what is no entity: as it was called then. */
  readonly title: string | null;
  readonly before: unknown;
  readonly after: unknown;
  readonly actor: string;
  readonly actor_kind: string;
  readonly origin: string;
  readonly run_id: string | null;
  /** The data source that it came from; null: none. */
  readonly source: string | null;
  readonly event: string | null;
  readonly at: Date;
}

/**
 * Not by Fairway itself. Automations write entities as machines; what is done for whoever signs in or comes by a link has the
 * origin UI, what the provider of identities says an actor of its own. The index change_acted is of the same condition.
 */
export const BY_OTHERS = sql`(
  (actor_kind <> 'system' and (actor <> 'fairway:automation' or origin <> 'AUTOMATION'))
  or origin = 'UI' or actor = 'fairway:sso')`;

/** Documents of definitions are small; those of entities are not read for it. */
export const TITLE = sql`case when kind not in ('entity', 'timer') then left(coalesce(
  after ->> 'title', before ->> 'title', after ->> 'name', before ->> 'name',
  after -> 'action' ->> 'title', after -> 'alert' ->> 'title', after -> 'initiative' ->> 'title'), 200) end as title`;

/** @param withDiff false spares reading the documents, which are most of a row */
export async function readAudit(
  db: Db,
  org: string,
  filter: AuditFilter,
  withDiff: boolean,
): Promise<readonly AuditRow[]> {
  const {
    seq,
    entity,
    blueprint,
    runId,
    source,
    event,
    installation,
    origins,
    kinds,
    actions,
    actors,
    actionTypes,
    isWithoutSystem = false,
    from,
    to,
    limit,
  } = filter;
  const isOfSource = source !== undefined || event !== undefined;
  const conditions = [
    sql`org = ${org}`,
    ...(seq === undefined ? [] : [sql`seq = ${seq}::bigint`]),
    ...(source === undefined ? [] : [sql`source = ${source}`]),
    ...(event === undefined ? [] : [sql`event = ${event}`]),
    ...(installation === undefined ? [] : [ofInstallation(installation)]),
    ...(entity === undefined ? [] : [sql`identifier = ${entity}`]),
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
  ];
  const documents = withDiff ? sql`before, after` : sql`null as before, null as after`;
  // The primary key is (org, xid, seq); the rows of a subject, a run or a source have an index by seq.
  const isOfFew = entity !== undefined || runId !== undefined || isOfSource;
  const order = isOfFew ? sql`seq desc` : sql`xid desc, seq desc`;
  // The sources of the rows that are answered only: the log has millions of others.
  const { rows } = await sql<AuditRow>`
    select c.seq::text as seq, kind, action, blueprint, identifier, title, before, after, actor, actor_kind, origin, run_id,
      at, s.source, s.event
    from (
      select org, xid, seq, kind, action, blueprint, identifier, ${TITLE}, ${documents}, actor, actor_kind, origin, run_id, at
      from change ${isOfSource ? sql`join change_source using (org, xid, seq)` : sql``}
      where ${sql.join(conditions, sql` and `)} order by ${order} limit ${limit}::int) c
    left join change_source s using (org, xid, seq)
    order by ${isOfFew ? sql`c.seq desc` : sql`c.xid desc, c.seq desc`}`.execute(db);
  return rows;
}

/** `port-ocean/<type>/<version>/<identifier>/<feature>`, `port-k8s-exporter/<version> (statekey/<identifier>)`. */
const ofInstallation = (id: string) => sql`(
  (origin like 'port-ocean/%' and split_part(origin, '/', 4) = ${id})
  or (origin like 'port-k8s-exporter/%' and split_part(origin, ' ', 2) = ${`(statekey/${id})`}))`;

/** Of an action its trigger says it, of a run who started it: automations start theirs themselves. */
export const ofActionType = (types: readonly string[]) => sql`(
  (kind = 'action' and coalesce(after, before) -> 'trigger' ->> 'type' = any(${types}::text[]))
  or (kind = 'run' and case when coalesce(after, before) ->> 'source' = 'AUTOMATION' then 'automation'
    else 'self-service' end = any(${types}::text[])))`;
