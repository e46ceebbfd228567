import type { Ctx } from "../storage/context.ts";
import {
  approvalsBy,
  auditOf,
  changesBy,
  changesOf,
  MAX_TOLD,
  ownSettingsOf,
  providersOf,
  runLogBy,
  runsBy,
  type Told,
} from "../storage/person-data.ts";

/** What a person did and what was done to their account; of each kind the latest, with a note when there is more. */
export async function personData(ctx: Ctx, email: string): Promise<Readonly<Record<string, unknown>>> {
  const { db, org } = ctx;
  const found: Readonly<Record<string, readonly Told[]>> = {
    account: await changesOf(db, org, email),
    changes: await changesBy(db, org, email),
    auditLog: await auditOf(db, org, email),
    runs: await runsBy(db, org, email),
    approvals: await approvalsBy(db, org, email),
    runLog: await runLogBy(db, org, email),
    settings: await ownSettingsOf(db, org, email),
  };
  const cut = Object.entries(found).flatMap(([name, rows]) => (rows.length >= MAX_TOLD ? [name] : []));
  return { providers: await providersOf(db, org, email), ...found, onlyTheLatestOf: cut };
}
