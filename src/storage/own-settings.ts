/** What people keep for themselves: views of tables, and the like. */
import { sql } from "kysely";
import type { Db } from "./db.ts";

export interface OwnSetting {
  readonly name: string;
  readonly value: Readonly<Record<string, unknown>>;
}

/** In the order of their names. */
export async function readOwnSettings(db: Db, org: string, person: string): Promise<OwnSetting[]> {
  const { rows } = await sql<OwnSetting>`
    select name, value from own_setting where org = ${org} and person = ${person}
    order by name collate "C"`.execute(db);
  return rows;
}

/** Keeps it unless the person has `most` others already; false: so it is. */
export async function putOwnSetting(
  db: Db,
  org: string,
  person: string,
  { name, value }: OwnSetting,
  most: number,
  now: Date,
): Promise<boolean> {
  const { rows } = await sql<{ name: string }>`
    insert into own_setting (org, person, name, value, updated_at)
    select ${org}, ${person}, ${name}, ${JSON.stringify(value)}::json, ${now.toISOString()}::timestamptz
    where (select count(*) from own_setting
      where org = ${org} and person = ${person} and name <> ${name}) < ${most}::int
    on conflict (org, person, name) do update set value = excluded.value, updated_at = excluded.updated_at
    returning name`.execute(db);
  return rows.length > 0;
}

export async function deleteOwnSetting(db: Db, org: string, person: string, name: string): Promise<void> {
  await sql`delete from own_setting where org = ${org} and person = ${person} and name = ${name}`.execute(db);
}

/** Of people who are no longer there. */
export async function forgetOwnSettings(db: Db, org: string, people: readonly string[]): Promise<void> {
  await sql`delete from own_setting where org = ${org} and person = any(${[...people]}::text[])`.execute(db);
}

interface SettingOfPerson extends OwnSetting {
  readonly person: string;
}

/** Those of everybody whose names begin so; nobody else changes them until the transaction ends. */
export async function lockOwnSettings(db: Db, org: string, prefix: string): Promise<SettingOfPerson[]> {
  const { rows } = await sql<SettingOfPerson>`
    select person, name, value from own_setting where org = ${org} and starts_with(name, ${prefix})
    order by person, name for update`.execute(db);
  return rows;
}

/** Another value, under the same name or another one, where what was kept under it goes. When it was kept stays. */
export async function moveOwnSetting(
  db: Db,
  org: string,
  { person, name }: SettingOfPerson,
  next: OwnSetting,
): Promise<void> {
  if (next.name !== name) await deleteOwnSetting(db, org, person, next.name);
  await sql`
    update own_setting set name = ${next.name}, value = ${JSON.stringify(next.value)}::json
    where org = ${org} and person = ${person} and name = ${name}`.execute(db);
}
