import { sql } from "kysely";
import type { Db } from "./db.ts";

/** Whether an incident that began in [from, to) is one of services of both sides. */
export async function shareIncidents(
  db: Db,
  org: string,
  left: readonly string[],
  right: readonly string[],
  { from, to }: { readonly from: number; readonly to: number },
): Promise<boolean> {
  const of = (services: readonly string[]) => sql`
    select blueprint, id from dora_incident
    where org = ${org} and started_at >= ${new Date(from).toISOString()}::timestamptz
      and started_at < ${new Date(to).toISOString()}::timestamptz and service = any(${[...services]}::text[])`;
  const { rows } = await sql<{ shared: boolean }>`
    select exists (${of(left)} intersect ${of(right)}) as shared`.execute(db);
  return rows[0]?.shared ?? false;
}
