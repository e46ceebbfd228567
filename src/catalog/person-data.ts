import type { Ctx } from "../storage/context.ts";
import { auditOf, changesBy, changesOf, MAX_TOLD, runsBy, type Told } from "../storage/person-data.ts";

/** What a person did and what was done to their account; of each kind the latest, with a note when there is more. */
export async function personData(ctx: Ctx, email: string): Promise<Readonly<Record<string, unknown>>> {
  const { db, org } = ctx;
  const found: Readonly<Record<string, readonly Told[]>> = {
    account: await changesOf(db, org, email),
    changes: await changesBy(db, org, email),
    auditLog: await auditOf(db, org, email),
    runs: await runsBy(db, org, email),
  };
  const cut = Object.entries(found).flatMap(([name, rows]) => (rows.length >= MAX_TOLD ? [name] : []));
  return { ...found, onlyTheLatestOf: cut };
}
