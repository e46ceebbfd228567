/** Everything that is encrypted with the installation's key, wherever it stands. */
import { sql } from "kysely";
import type { SealedKind } from "../model/seal-names.ts";
import type { Db } from "./db.ts";

export interface Sealed {
  readonly kind: SealedKind;
  readonly id: string;
  readonly sealed: Uint8Array;
}

/**
 * Up to `limit` of each kind, the newest ones.
 * @param isInUse without second factors that somebody only began
 */
export async function sealedTexts(
  db: Db,
  org: string,
  limit: number,
  { isInUse = false } = {},
): Promise<Sealed[]> {
  const { rows } = await sql<Sealed>`
    (select 'secret' as kind, name as id, ciphertext as sealed from secret where org = ${org}
      order by updated_at desc limit ${limit}::int)
    union all
    (select 'webhook', identifier, secret from webhook where org = ${org} and secret is not null
      order by updated_at desc limit ${limit}::int)
    union all
    (select 'data source', id, secrets from data_source where org = ${org}
      order by updated_at desc limit ${limit}::int)
    union all
    (select 'webhook of a data source', id, webhook_secret from data_source where org = ${org}
      order by updated_at desc limit ${limit}::int)
    union all
    (select 'second factor', email, secret from second_factor
      where org = ${org} and (confirmed_at is not null or not ${isInUse}::boolean) limit ${limit}::int)`.execute(
    db,
  );
  return rows;
}

/** Where each kind stands: its table, what names the row, the column. */
const PLACES: Readonly<Record<SealedKind, readonly [table: string, id: string, column: string]>> = {
  secret: ["secret", "name", "ciphertext"],
  webhook: ["webhook", "identifier", "secret"],
  "data source": ["data_source", "id", "secrets"],
  "webhook of a data source": ["data_source", "id", "webhook_secret"],
  "second factor": ["second_factor", "email", "secret"],
};

/** @returns false: it has been written by somebody else meanwhile, and stays as it is */
export async function replaceSealed(
  db: Db,
  org: string,
  { kind, id, sealed }: Sealed,
  fresh: Uint8Array,
): Promise<boolean> {
  const [table, idColumn, column] = PLACES[kind];
  const { numAffectedRows } = await sql`
    update ${sql.table(table)} set ${sql.ref(column)} = ${fresh}
    where org = ${org} and ${sql.ref(idColumn)} = ${id} and ${sql.ref(column)} = ${sealed}`.execute(db);
  return (numAffectedRows ?? 0n) > 0n;
}
