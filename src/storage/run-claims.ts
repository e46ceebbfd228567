/** Claims of runs: a lease on the row, which SKIP LOCKED keeps two claimants out of (as in queue.ts). */
import { sql } from "kysely";
import type { Db } from "./db.ts";

export interface RunClaim {
  readonly installationId: string;
  readonly limit: number;
  readonly invocationMethod: string | null;
  readonly exclude: readonly string[];
  readonly now: Date;
  readonly until: Date;
}

/** Takes the oldest runs that are free, locked for this transaction. @returns their ids, oldest first */
export async function claimRuns(db: Db, org: string, claim: RunClaim): Promise<string[]> {
  const { rows } = await sql<{ id: string; seq: number }>`
    with picked as materialized (
      select org, id from action_run
      where org = ${org} and installation_id = ${claim.installationId} and pending_execution
        and status = 'IN_PROGRESS'
        and (claimed_until is null or claimed_until <= ${claim.now.toISOString()}::timestamptz)
        and (${claim.invocationMethod}::text is null or invocation_type = ${claim.invocationMethod}::text)
        and not (action = any(${[...claim.exclude]}::text[]))
      order by seq limit ${claim.limit}::int for update skip locked)
    update action_run r set claimed_until = ${claim.until.toISOString()}::timestamptz
    from picked p where r.org = p.org and r.id = p.id
    returning r.id, r.seq`.execute(db);
  return rows.sort((a, b) => a.seq - b.seq).map(({ id }) => id);
}
