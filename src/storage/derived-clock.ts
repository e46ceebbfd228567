/**
 * When derived values are due is written by the clock of the process that marks them, and read by that of the one that computes
 * them. Where these differ (a clock that is wrong, and the process that had it is gone) they would wait for the difference.
 */
import { sql } from "kysely";
import type { Db } from "./db.ts";
import { isByClock } from "./derived-queue.ts";

/** Changes are collected for half a minute at most, and failures wait for one (engine). */
const LONGEST_WAIT = "61 seconds";

/**
 * What waits for longer than anything is made to wait is due at once.
 * @param at the clock of this process
 * @returns how many
 */
export async function pullForward(db: Db, org: string, at: Date): Promise<number> {
  const now = sql`least(now(), ${at.toISOString()}::timestamptz)`;
  const { rows } = await sql`
    update derived_dirty set run_at = ${now} where ctid = any(array(
      select ctid from derived_dirty
      where org = ${org} and not ${isByClock} and run_at > ${now} + ${LONGEST_WAIT}::interval
      order by blueprint, unit, identifier limit 10000 for update skip locked))
    returning 1`.execute(db);
  return rows.length;
}
