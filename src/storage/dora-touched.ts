/** Changes of derived values that DORA reads: noted in the transaction that writes them, read by what marks services. */
import { sql } from "kysely";
import type { Db } from "./db.ts";

export interface Touched {
  readonly blueprint: string;
  readonly identifier: string;
  readonly at: Date;
  /** Derived values and owners before the first change that waits. */
  readonly derived: Readonly<Record<string, unknown>>;
  readonly team: readonly string[];
}

/**
 * Of entities of one blueprint; those of a blueprint that DORA does not watch are not noted, but for changes of owners: a
 * definition that makes owners inherited may be applied before DORA has read of it, and who owned what is history.
 */
export async function noteTouched(
  db: Db,
  org: string,
  blueprint: string,
  touched: readonly (Omit<Touched, "blueprint"> & { readonly isOwnerChange: boolean })[],
): Promise<void> {
  if (touched.length === 0) return;
  await sql`
    insert into dora_touched (org, blueprint, identifier, at, derived, team)
    select ${org}, ${blueprint}, x.identifier, x.at, x.derived, x.team
    from jsonb_to_recordset(${JSON.stringify(touched)}::jsonb)
      as x (identifier text, at timestamptz, derived jsonb, team text[], "isOwnerChange" boolean)
    where x."isOwnerChange" or exists (select 1 from dora_watched w where w.org = ${org} and w.blueprint = ${blueprint})
    order by x.identifier
    on conflict do nothing`.execute(db);
}

/** Takes some, for this transaction. */
export async function takeTouched(db: Db, org: string, limit: number): Promise<Touched[]> {
  const result = await sql<Touched>`
    delete from dora_touched t using (
      select blueprint, identifier from dora_touched where org = ${org}
      order by blueprint, identifier limit ${limit}::int for update skip locked) x
    where t.org = ${org} and t.blueprint = x.blueprint and t.identifier = x.identifier
    returning t.blueprint, t.identifier, t.at, t.derived, t.team`.execute(db);
  return result.rows;
}

export async function countTouched(db: Db, org: string, cap: number): Promise<number> {
  const result = await sql<{ n: number }>`
    select count(*) as n from (select 1 from dora_touched where org = ${org} limit ${cap}::int) t`.execute(
    db,
  );
  return result.rows[0]?.n ?? 0;
}

export async function setWatched(db: Db, org: string, blueprints: readonly string[]): Promise<void> {
  const names = [...new Set(blueprints)];
  await sql`delete from dora_watched where org = ${org} and blueprint <> all(${names}::text[])`.execute(db);
  await sql`insert into dora_watched (org, blueprint)
    select ${org}, b from unnest(${names}::text[]) b on conflict do nothing`.execute(db);
}
