/** Whom to forget, and how far it is. */
import { sql } from "kysely";
import { USER_BLUEPRINT } from "../model/user.ts";
import type { Db } from "./db.ts";

export interface Erasure {
  readonly id: string;
  /** null: it is done. */
  readonly email: string | null;
  readonly requestedAt: Date;
  readonly requestedBy: string;
  readonly finishedAt: Date | null;
  /** As `erasePiece` told it; "": at the beginning. */
  readonly place: string;
}

const COLUMNS = [
  ...(["id", "email", "requested_at as requestedAt", "requested_by as requestedBy"] as const),
  ...(["finished_at as finishedAt", "place"] as const),
] as const;

/** @returns false: there is one of this address that is not done */
export async function insertErasure(
  db: Db,
  org: string,
  row: Pick<Erasure, "id" | "email" | "requestedAt" | "requestedBy">,
): Promise<boolean> {
  const inserted = await db
    .insertInto("erasure")
    .values({
      org,
      id: row.id,
      email: row.email,
      requested_at: row.requestedAt,
      requested_by: row.requestedBy,
    })
    .onConflict((conflict) => conflict.doNothing())
    .returning("id")
    .execute();
  return inserted.length > 0;
}

/** Users of this address, in whatever letters of ASCII. */
export async function usersSpelled(db: Db, org: string, email: string): Promise<readonly string[]> {
  const { rows } = await sql<{ identifier: string }>`
    select identifier from entity
    where org = ${org} and blueprint = ${USER_BLUEPRINT} and lower(identifier collate "C") = lower(${email}::text collate "C")
    order by identifier`.execute(db);
  return rows.map(({ identifier }) => identifier);
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

/**
 * Whether somebody who follows the changes has still to read that the user went: what they make of it (history, runs of
 * automations) names them.
 */
export async function isDeletionUnread(db: Db, org: string, email: string): Promise<boolean> {
  const { rows } = await sql`
    select from change c join feed_cursor f on f.org = c.org and (f.xid, f.seq) < (c.xid, c.seq)
    where c.org = ${org} and c.blueprint = ${USER_BLUEPRINT} and c.action = 'DELETE'
      and lower(c.identifier) = lower(${email}::text) limit 1`.execute(db);
  return rows.length > 0;
}

/** The one of this address that is not done. */
export const openErasure = (db: Db, org: string, email: string): Promise<Erasure | undefined> =>
  db
    .selectFrom("erasure")
    .select(COLUMNS)
    .where("org", "=", org)
    .where(sql<boolean>`lower(email) = lower(${email}::text)`)
    .executeTakeFirst();

export async function moveErasure(
  db: Db,
  org: string,
  id: string,
  to: { readonly place: string; readonly finishedAt: Date | null },
): Promise<void> {
  await db
    .updateTable("erasure")
    .set({
      ...{ place: to.place, finished_at: to.finishedAt },
      ...(to.finishedAt !== null && { email: null }),
    })
    .where("org", "=", org)
    .where("id", "=", id)
    .execute();
}
