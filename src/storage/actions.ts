/** Rows of actions. */
import { sql } from "kysely";
import { type Action, blueprintOf, isPublished, triggerOf, triggerTypeOf } from "../model/action.ts";
import type { ActionPermissions } from "../model/action-permission.ts";
import { isObject, type JsonObject } from "../model/json.ts";
import type { Db } from "./db.ts";

interface ActionRow {
  readonly id: string;
  readonly identifier: string;
  readonly document: JsonObject;
  readonly permissions: ActionPermissions | null;
  readonly trusted: boolean;
  readonly created_at: Date;
  readonly created_by: string;
  readonly updated_at: Date;
  readonly updated_by: string;
}

const COLUMNS = sql.raw(
  "id, identifier, document, permissions, trusted, created_at, created_by, updated_at, updated_by",
);

function toAction(row: ActionRow): Action {
  return {
    id: row.id,
    identifier: row.identifier,
    document: row.document,
    permissions: row.permissions,
    trusted: row.trusted,
    createdAt: row.created_at,
    createdBy: row.created_by,
    updatedAt: row.updated_at,
    updatedBy: row.updated_by,
  };
}

export interface ActionFilter {
  readonly identifiers?: readonly string[] | undefined;
  readonly blueprints?: readonly string[] | undefined;
  readonly operations?: readonly string[] | undefined;
  readonly published?: boolean | undefined;
  readonly triggerType?: string | undefined;
  readonly events?: readonly string[] | undefined;
  readonly eventActions?: readonly string[] | undefined;
}

/** Oldest first. */
export async function listActions(db: Db, org: string, filter: ActionFilter = {}): Promise<Action[]> {
  const { identifiers, blueprints, operations, published, triggerType, events, eventActions } = filter;
  const conditions = [
    sql`org = ${org}`,
    ...(identifiers === undefined ? [] : [sql`identifier = any(${[...identifiers]}::text[])`]),
    ...(blueprints === undefined ? [] : [sql`blueprint = any(${[...blueprints]}::text[])`]),
    ...(operations === undefined
      ? []
      : [sql`document -> 'trigger' ->> 'operation' = any(${[...operations]}::text[])`]),
    ...(published === undefined ? [] : [sql`published = ${published}`]),
    ...(triggerType === undefined ? [] : [sql`trigger_type = ${triggerType}`]),
    ...(events === undefined ? [] : [sql`event = any(${[...events]}::text[])`]),
    ...(eventActions === undefined ? [] : [sql`event_action = any(${[...eventActions]}::text[])`]),
  ];
  const { rows } = await sql<ActionRow>`
    select ${COLUMNS} from action where ${sql.join(conditions, sql` and `)}
    order by created_at, identifier`.execute(db);
  return rows.map(toAction);
}

/** @param lock nobody else changes it until the transaction ends */
export async function readAction(
  db: Db,
  org: string,
  identifier: string,
  lock = false,
): Promise<Action | null> {
  const { rows } = await sql<ActionRow>`
    select ${COLUMNS} from action where org = ${org} and identifier = ${identifier}
    ${lock ? sql`for update` : sql``}`.execute(db);
  const [row] = rows;
  return row === undefined ? null : toAction(row);
}

function columnsOf(document: JsonObject): {
  readonly triggerType: string;
  readonly event: string | null;
  readonly eventAction: string | null;
  readonly blueprint: string | null;
  readonly published: boolean;
} {
  const { event } = triggerOf({ document });
  const text = (key: string): string | null => {
    const value = isObject(event) ? event[key] : undefined;
    return typeof value === "string" ? value : null;
  };
  return {
    triggerType: triggerTypeOf({ document }),
    event: text("type"),
    eventAction: text("actionIdentifier"),
    blueprint: blueprintOf({ document }),
    published: isPublished({ document }),
  };
}

export interface ActionWrite {
  readonly identifier: string;
  readonly document: JsonObject;
  readonly at: Date;
  readonly by: string;
  readonly trusted: boolean;
}

/** @returns false when the identifier is taken */
export async function insertAction(db: Db, org: string, id: string, write: ActionWrite): Promise<boolean> {
  const { triggerType, event, eventAction, blueprint, published } = columnsOf(write.document);
  const at = write.at.toISOString();
  const { rows } = await sql`
    insert into action (org, identifier, id, document, trigger_type, event, event_action, blueprint, published, trusted,
      created_at, created_by, updated_at, updated_by)
    values (${org}, ${write.identifier}, ${id}, ${JSON.stringify(write.document)}::json, ${triggerType}, ${event},
      ${eventAction}, ${blueprint}, ${published}, ${write.trusted}, ${at}::timestamptz, ${write.by}, ${at}::timestamptz, ${write.by})
    on conflict do nothing returning id`.execute(db);
  return rows.length > 0;
}

export async function updateAction(
  db: Db,
  org: string,
  identifier: string,
  write: ActionWrite,
): Promise<void> {
  const { triggerType, event, eventAction, blueprint, published } = columnsOf(write.document);
  await sql`
    update action set identifier = ${write.identifier}, document = ${JSON.stringify(write.document)}::json,
      since = case when published and event is not distinct from ${event} and blueprint is not distinct from ${blueprint}
        and event_action is not distinct from ${eventAction} then since
        else coalesce(pg_sequence_last_value('change_seq_seq'::regclass), 0) end,
      trigger_type = ${triggerType}, event = ${event}, event_action = ${eventAction}, blueprint = ${blueprint},
      published = ${published}, trusted = ${write.trusted}, updated_at = ${write.at.toISOString()}::timestamptz, updated_by = ${write.by}
    where org = ${org} and identifier = ${identifier}`.execute(db);
}

export async function writeActionPermissions(
  db: Db,
  org: string,
  identifier: string,
  permissions: ActionPermissions,
): Promise<void> {
  await sql`
    update action set permissions = ${JSON.stringify(permissions)}::json
    where org = ${org} and identifier = ${identifier}`.execute(db);
}

export async function deleteAction(db: Db, org: string, identifier: string): Promise<void> {
  await sql`delete from action where org = ${org} and identifier = ${identifier}`.execute(db);
}

/** Which of the identifiers are those of actions. */
export async function existingActions(
  db: Db,
  org: string,
  identifiers: readonly string[],
): Promise<Set<string>> {
  const { rows } = await sql<{ identifier: string }>`
    select identifier from action where org = ${org} and identifier = any(${[...identifiers]}::text[])`.execute(
    db,
  );
  return new Set(rows.map(({ identifier }) => identifier));
}
