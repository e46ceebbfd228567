/** How often somebody failed to prove who they are, for all processes together. */
import { sql } from "kysely";
import type { Db } from "./db.ts";

/** So many in so many seconds, from the first on. */
export interface Allowance {
  readonly points: number;
  readonly duration: number;
}

/** Rows whose time is over, that go with each look. */
const SWEPT = 100;

/** Counts one. @param key a hash. @returns null when there was one left; else the milliseconds until there is */
export async function takePoint(
  db: Db,
  org: string,
  key: string,
  { points, duration }: Allowance,
  now: Date,
): Promise<number | null> {
  // In no order that could make two of these wait for each other.
  await sql`
    delete from sign_in_failure where org = ${org} and key in (
      select key from sign_in_failure where org = ${org} and expires_at <= ${now}
      limit ${SWEPT}::int for update skip locked)`.execute(db);
  const until = new Date(now.getTime() + duration * 1000);
  const taken = await sql`
    insert into sign_in_failure as f (org, key, points, expires_at) values (${org}, ${key}, 1, ${until})
    on conflict (org, key) do update set
      points = case when f.expires_at <= ${now} then 1 else f.points + 1 end,
      expires_at = case when f.expires_at <= ${now} then excluded.expires_at else f.expires_at end
    where f.expires_at <= ${now} or f.points < ${points}::int
    returning f.points`.execute(db);
  if (taken.rows.length > 0) return null;
  const { rows } = await sql<{ until: Date }>`
    select expires_at as until from sign_in_failure where org = ${org} and key = ${key}`.execute(db);
  return Math.max(0, (rows[0]?.until ?? until).getTime() - now.getTime());
}

/** It was no failure. */
export async function giveBackPoint(db: Db, org: string, key: string): Promise<void> {
  await sql`
    update sign_in_failure set points = greatest(points - 1, 0) where org = ${org} and key = ${key}`.execute(
    db,
  );
}

/** Whether somebody is signed in from this address, or was and has not signed out. */
export async function isAtHome(
  db: Db,
  org: string,
  email: string,
  address: string,
  now: Date,
): Promise<boolean> {
  const { rows } = await sql`
    select 1 from web_session
    where org = ${org} and lower(email collate "C") = lower(${email}::text collate "C")
      and address = ${address} and expires_at > ${now} limit 1`.execute(db);
  return rows.length > 0;
}
