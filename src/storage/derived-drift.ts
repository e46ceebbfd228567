/** How many derived values were found wrong: one number for all processes, as any of them may compare. */
import { sql } from "kysely";
import type { Db } from "./db.ts";

/** null: nothing has been compared yet. */
export async function readDrift(db: Db, org: string): Promise<number | null> {
  const { rows } = await sql<{ drift: number | null }>`
    select derived_drift as drift from organization where id = ${org}`.execute(db);
  return rows[0]?.drift ?? null;
}

/** Of a full check: what samples found before is counted in it. */
export async function setDrift(db: Db, org: string, drift: number): Promise<void> {
  await sql`update organization set derived_drift = ${drift}::int where id = ${org}`.execute(db);
}

/** Of a sample; one that finds nothing writes nothing, but the first. */
export async function addDrift(db: Db, org: string, drift: number): Promise<void> {
  await sql`update organization set derived_drift = coalesce(derived_drift, 0) + ${drift}::int
    where id = ${org} and (${drift}::int > 0 or derived_drift is null)`.execute(db);
}
