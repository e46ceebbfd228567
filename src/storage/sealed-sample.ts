/** Some of what is encrypted with the installation's key, to see whether a key is the one. */
import { sql } from "kysely";
import type { Db } from "./db.ts";

export interface SealedText {
  /** Under which it is encrypted. */
  readonly name: string;
  readonly sealed: Uint8Array;
}

/** The newest ones of each kind; second factors that somebody only began count for nothing. */
export async function sealedSample(db: Db, org: string, limit: number): Promise<SealedText[]> {
  const { rows } = await sql<SealedText>`
    (select name, ciphertext as sealed from secret where org = ${org} order by updated_at desc limit ${limit}::int)
    union all
    (select 'webhook/' || identifier, secret from webhook where org = ${org} and secret is not null
      order by updated_at desc limit ${limit}::int)
    union all
    (select 'data-source/' || id || '/settings', secrets from data_source where org = ${org}
      order by updated_at desc limit ${limit}::int)
    union all
    (select 'second-factor:' || email, secret from second_factor
      where org = ${org} and confirmed_at is not null limit ${limit}::int)`.execute(db);
  return rows;
}
