/** Replacing a person's address by a pseudonym in what is told of the past, a piece at a time. */
import { type RawBuilder, sql } from "kysely";
import type { Db } from "./db.ts";

export interface Erasure {
  readonly id: string;
  /** null: it is done. */
  readonly email: string | null;
  readonly requestedAt: Date;
  readonly requestedBy: string;
  readonly finishedAt: Date | null;
  readonly step: number;
  /** How far the step is, in its own terms. */
  readonly place: string;
}

const COLUMNS = [
  ...(["id", "email", "requested_at as requestedAt", "requested_by as requestedBy"] as const),
  ...(["finished_at as finishedAt", "step", "place"] as const),
] as const;

export async function insertErasure(
  db: Db,
  org: string,
  row: Pick<Erasure, "id" | "email" | "requestedAt" | "requestedBy">,
): Promise<void> {
  await db
    .insertInto("erasure")
    .values({
      org,
      id: row.id,
      email: row.email,
      requested_at: row.requestedAt,
      requested_by: row.requestedBy,
    })
    .execute();
}

/** Newest first. */
export const listErasures = (db: Db, org: string): Promise<Erasure[]> =>
  db
    .selectFrom("erasure")
    .select(COLUMNS)
    .where("org", "=", org)
    .orderBy("requested_at", "desc")
    .limit(1000)
    .execute();

/** Locked. */
export const takeErasure = (db: Db, org: string, id: string): Promise<Erasure | undefined> =>
  db
    .selectFrom("erasure")
    .select(COLUMNS)
    .where("org", "=", org)
    .where("id", "=", id)
    .forUpdate()
    .executeTakeFirst();

/** The one of this address that is not done. */
export const openErasure = (db: Db, org: string, email: string): Promise<Erasure | undefined> =>
  db
    .selectFrom("erasure")
    .select(COLUMNS)
    .where("org", "=", org)
    .where("email", "=", email)
    .executeTakeFirst();

export async function moveErasure(
  db: Db,
  org: string,
  id: string,
  to: { readonly step: number; readonly place: string; readonly finishedAt: Date | null },
): Promise<void> {
  await db
    .updateTable("erasure")
    .set({
      ...{ step: to.step, place: to.place, finished_at: to.finishedAt },
      ...(to.finishedAt !== null && { email: null }),
    })
    .where("org", "=", org)
    .where("id", "=", id)
    .execute();
}

interface Who {
  readonly org: string;
  readonly email: string;
  readonly pseudonym: string;
}

/** @returns where to go on; null: the step is done */
type Step = (db: Db, who: Who, place: string) => Promise<string | null>;

/** Rows that one piece looks at. */
const PIECE = 5000;

/**
 * Columns that say who made, changed or decided what is there now. By their names, so that a table that comes later is
 * not forgotten; what has documents beside has a step of its own.
 */
async function makerColumns(db: Db): Promise<readonly { readonly table: string; readonly column: string }[]> {
  const { rows } = await sql<{ table: string; column: string }>`
    select c.table_name as table, c.column_name as column from information_schema.columns c
    join information_schema.tables t on t.table_schema = c.table_schema and t.table_name = c.table_name
    where c.table_schema = 'public' and t.table_type = 'BASE TABLE' and c.data_type = 'text'
      and (c.column_name like '%\\_by' or c.column_name in ('by', 'actor'))
      and c.table_name not in ('change', 'audit_event')
    order by 1, 2`.execute(db);
  return rows;
}

/** The address as a whole, not as a part of a longer one. */
function pattern(email: string): string {
  const inJson = JSON.stringify(email).slice(1, -1);
  const quoted = inJson.replaceAll(/[^A-Za-z0-9@_\u0080-\uffff]/g, (c) => `\\${c}`);
  return `(?<![A-Za-z0-9._%+-])${quoted}(?![A-Za-z0-9-]|\\.[A-Za-z0-9])`;
}

const replaced = (column: RawBuilder<unknown>, { email, pseudonym }: Who): RawBuilder<unknown> =>
  sql`regexp_replace(${column}::text, ${pattern(email)}, ${pseudonym}, 'g')`;

const RUN_DOCUMENTS = [
  ...(["action_document", "subject", "properties", "raw_properties", "trigger", "context"] as const),
  ...(["payload", "response", "approvals"] as const),
];

const STEPS: readonly Step[] = [
  async (db, { org, email, pseudonym }) => {
    for (const { table, column } of await makerColumns(db))
      await sql`
        update ${sql.table(table)} set ${sql.ref(column)} = ${pseudonym}
        where org = ${org} and ${sql.ref(column)} = ${email}`.execute(db);
    return null;
  },
  async (db, who) => {
    await sql`
      update migration set actor = ${replaced(sql.ref("actor"), who)}::json
      where org = ${who.org} and strpos(actor::text, ${who.email}) > 0`.execute(db);
    return null;
  },
  async (db, who, place) => {
    const documents = sql.join(
      RUN_DOCUMENTS.map((name) => sql`${sql.ref(name)} = ${replaced(sql.ref(name), who)}::json`),
    );
    const held = sql.join(RUN_DOCUMENTS.map((name) => sql`${sql.ref(name)}::text`));
    return bySeq(
      db,
      "action_run",
      place,
      who.org,
      (first, last) =>
        sql`update action_run set ${documents}, summary = ${replaced(sql.ref("summary"), who)},
          policy_approvers = array_replace(policy_approvers, ${who.email}, ${who.pseudonym})
        where org = ${who.org} and seq > ${first}::bigint and seq <= ${last}::bigint
          and strpos(concat(${held}, summary, policy_approvers::text), ${who.email}) > 0`,
    );
  },
  async (db, who, place) =>
    bySeq(
      db,
      "audit_event",
      place,
      who.org,
      (first, last) =>
        sql`update audit_event set
          actor = case when actor = ${who.email} then ${who.pseudonym} else actor end,
          identifier = case when identifier = ${who.email} then ${who.pseudonym} else identifier end,
          before = ${replaced(sql.ref("before"), who)}::jsonb, after = ${replaced(sql.ref("after"), who)}::jsonb,
          message = ${replaced(sql.ref("message"), who)}
        where org = ${who.org} and seq > ${first}::bigint and seq <= ${last}::bigint
          and strpos(concat(actor, ' ', identifier, ' ', before::text, after::text, message), ${who.email}) > 0`,
    ),
  async (db, who, place) => {
    const [xid, seq] = place === "" ? ["0", "0"] : place.split(":");
    // Of the user themselves nothing is left but that they were there; of all else their address goes.
    const isThem = sql`(c.blueprint = '_user' and c.identifier = ${who.email})`;
    const document = (column: RawBuilder<unknown>): RawBuilder<unknown> => sql`
      case when ${column} is null then null
        when ${isThem} then jsonb_build_object('identifier', ${who.pseudonym}::text)
        else ${replaced(column, who)}::jsonb end`;
    const { rows } = await sql<{ xid: string; seq: string }>`
      with page as (
        select xid, seq from change
        where org = ${who.org} and (xid, seq) > (${xid}::xid8, ${seq}::bigint)
        order by xid, seq limit ${PIECE}::int),
      done as (
        update change c set
          actor = case when c.actor = ${who.email} then ${who.pseudonym} else c.actor end,
          identifier = case when ${isThem} then ${who.pseudonym} else c.identifier end,
          before = ${document(sql.ref("c.before"))}, after = ${document(sql.ref("c.after"))}
        from page p where c.org = ${who.org} and c.xid = p.xid and c.seq = p.seq
          and strpos(concat(c.actor, ' ', c.identifier, ' ', c.before::text, c.after::text), ${who.email}) > 0)
      select xid::text as xid, seq::text as seq from page order by page.xid desc, page.seq desc limit 1`.execute(
      db,
    );
    const [last] = rows;
    return last === undefined ? null : `${last.xid}:${last.seq}`;
  },
];

/** A piece of a table whose rows are numbered. */
async function bySeq(
  db: Db,
  table: "action_run" | "audit_event",
  place: string,
  org: string,
  update: (first: string, last: string) => RawBuilder<unknown>,
): Promise<string | null> {
  const first = place === "" ? "0" : place;
  const { rows } = await sql<{ last: string | null }>`
    select max(seq)::text as last from (
      select seq from ${sql.table(table)} where org = ${org} and seq > ${first}::bigint
      order by seq limit ${PIECE}::int) page`.execute(db);
  const last = rows[0]?.last ?? null;
  if (last === null) return null;
  await update(first, last).execute(db);
  return last;
}

/** One piece. @returns where to go on; null: everything is done */
export async function eraseSome(
  db: Db,
  who: Who,
  at: { readonly step: number; readonly place: string },
): Promise<{ readonly step: number; readonly place: string } | null> {
  const step = STEPS[at.step];
  if (step === undefined) return null;
  const place = await step(db, who, at.place);
  return place === null ? { step: at.step + 1, place: "" } : { step: at.step, place };
}
