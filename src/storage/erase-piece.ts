/** Replacing a person by a pseudonym in what is told of the past, a piece of a table at a time. */
import { type RawBuilder, sql } from "kysely";
import { type Forgetting, forgetting } from "../model/forget-person.ts";
import { USER_BLUEPRINT } from "../model/user.ts";
import type { Db } from "./db.ts";
import { type ErasedColumn, type ErasedTable, erasedTables, OF_ENTITIES } from "./erasure-tables.ts";

export interface Erased {
  readonly org: string;
  readonly email: string;
  readonly pseudonym: string;
}

/** Rows that one piece looks at. Those of history may be documents of 100 kB each. */
const PIECE = 5000;
const PIECE_OF_HISTORY = 500;

type Row = Readonly<Record<string, string | null>>;

/**
 * @param place where the last piece ended; "": at the beginning
 * @returns where to go on; null: everything is done
 */
export async function erasePiece(db: Db, who: Erased, place: string): Promise<string | null> {
  const at = placeOf(place);
  if (at === null) await forgetOfEntities(db, who);
  const tables = await erasedTables(db);
  const table = tables.find(({ name }) => at === null || name >= at.table);
  if (table === undefined) return null;
  const after = at?.table === table.name ? at.after : [];
  const last = await lastOfPiece(db, who.org, table, after);
  if (last !== null) {
    await rewrite(db, who, table, after, last);
    return JSON.stringify([table.name, ...last]);
  }
  const next = tables[tables.indexOf(table) + 1];
  return next === undefined ? null : JSON.stringify([next.name]);
}

/** null: at the beginning, also of what an earlier version wrote. */
function placeOf(text: string): { readonly table: string; readonly after: readonly string[] } | null {
  if (!text.startsWith("[")) return null;
  const [table, ...after] = JSON.parse(text) as string[];
  return table === undefined ? null : { table, after };
}

/** Of a user who came again meanwhile they stay. */
async function forgetOfEntities(db: Db, { org, email }: Erased): Promise<void> {
  for (const table of OF_ENTITIES)
    await sql`
      delete from ${sql.table(table)} t
      where t.org = ${org} and t.blueprint = ${USER_BLUEPRINT} and lower(t.identifier) = lower(${email}::text)
        and not exists (select from entity e
          where e.org = t.org and e.blueprint = t.blueprint and e.identifier = t.identifier)`.execute(db);
}

const named = (columns: readonly ErasedColumn[]): RawBuilder<unknown> =>
  sql.join(columns.map(({ name }) => sql.ref(name)));

const valuesOf = (key: readonly ErasedColumn[], values: readonly string[]): RawBuilder<unknown> =>
  sql.join(key.map(({ type }, i) => sql`${values[i] ?? ""}::text::${sql.raw(type)}`));

const isAfter = ({ key }: ErasedTable, after: readonly string[]): RawBuilder<unknown> =>
  after.length === 0 ? sql`true` : sql`(${named(key)}) > (${valuesOf(key, after)})`;

/** The key of its last row; null: there is no row any more. */
async function lastOfPiece(
  db: Db,
  org: string,
  table: ErasedTable,
  after: readonly string[],
): Promise<readonly string[] | null> {
  const { name, key, isHistory } = table;
  if (key.length === 0) return after.length === 0 ? ["whole"] : null;
  const { rows } = await sql<Row>`
    with page as (
      select ${named(key)} from ${sql.table(name)} where org = ${org} and ${isAfter(table, after)}
      order by ${named(key)} limit ${isHistory ? PIECE_OF_HISTORY : PIECE}::int)
    select ${sql.join(key.map((one) => sql`${sql.ref(one.name)}::text as ${sql.ref(`_${one.name}`)}`))} from page
    order by ${sql.join(key.map((one) => sql`${sql.ref(one.name)} desc`))} limit 1`.execute(db);
  const [row] = rows;
  return row === undefined ? null : key.map((one) => row[`_${one.name}`] ?? "");
}

/** As text: lists as JSON. */
const asText = ({ name, type }: ErasedColumn): RawBuilder<unknown> =>
  type === "text[]" ? sql`to_json(${sql.ref(name)})::text` : sql`${sql.ref(name)}::text`;

const fromText = ({ name, type }: ErasedColumn): RawBuilder<unknown> => {
  const value = sql.ref(`r.${name}`);
  if (type === "text[]")
    return sql`case when ${value} is not null then array(select json_array_elements_text(${value}::json)) end`;
  return sql`${value}::${sql.raw(type)}`;
};

async function rewrite(
  db: Db,
  who: Erased,
  table: ErasedTable,
  after: readonly string[],
  last: readonly string[],
): Promise<void> {
  const { name, key, columns } = table;
  const forget = forgetting(who.email, who.pseudonym);
  const read = [...key, ...columns];
  const looked = table.isHistory ? read : columns;
  // "C": the letters of an address are those of ASCII, whatever the database takes for a letter.
  const all = sql`lower(concat_ws(' ', ${sql.join(looked.map(asText))}) collate "C")`;
  const has = forget.pieces.map((piece) => sql`strpos(${all}, ${piece}) > 0`);
  const upTo = key.length === 0 ? sql`true` : sql`(${named(key)}) <= (${valuesOf(key, last)})`;
  const { rows } = await sql<Row>`
    select ${sql.join(read.map((one) => sql`${asText(one)} as ${sql.ref(`_${one.name}`)}`))} from ${sql.table(name)}
    where org = ${who.org} and ${key.length === 0 ? sql`true` : isAfter(table, after)} and ${upTo}
      and ${sql.join([sql`true`, ...has], sql` and `)}
    ${key.length === 0 ? sql`` : sql`order by ${named(key)}`} for no key update`.execute(db);
  const found = rows.map((row): Row =>
    Object.fromEntries(read.map((one) => [one.name, row[`_${one.name}`] ?? null])),
  );
  const isGone = (row: Row): boolean => key.some((one) => forget.mentions(row[one.name] ?? ""));
  const gone = table.isHistory ? found.filter(isGone) : [];
  const changed = found
    .filter((row) => !gone.includes(row))
    .flatMap((row) => {
      const now = { ...row, ...forgotten(table, row, forget, who.pseudonym) };
      return columns.some((one) => now[one.name] !== row[one.name]) ? [now] : [];
    });
  const records = (list: readonly Row[], of: readonly ErasedColumn[]): RawBuilder<unknown> => sql`
    json_to_recordset(${JSON.stringify(list)}::text::json)
      as r (${sql.join(of.map((one) => sql`${sql.ref(one.name)} text`))})`;
  const isIt = sql.join(
    [sql`t.org = ${who.org}`, ...key.map((one) => sql`${sql.ref(`t.${one.name}`)} = ${fromText(one)}`)],
    sql` and `,
  );
  if (gone.length > 0)
    await sql`delete from ${sql.table(name)} t using ${records(gone, key)} where ${isIt}`.execute(db);
  if (changed.length > 0)
    await sql`
      update ${sql.table(name)} t
      set ${sql.join(columns.map((one) => sql`${sql.ref(one.name)} = ${fromText(one)}`))}
      from ${records(changed, read)} where ${isIt}`.execute(db);
}

/** What the row is afterwards. */
function forgotten(table: ErasedTable, row: Row, forget: Forgetting, pseudonym: string): Row {
  const { blueprint, identifier } = row;
  const isAboutThem =
    forget.isThem(identifier) && (blueprint === USER_BLUEPRINT || (blueprint ?? null) === null);
  // Of the user nothing is left but that they were there; of all else their address goes, and their name beside it.
  const isTheirState = isAboutThem && table.name === "change" && blueprint === USER_BLUEPRINT;
  return Object.fromEntries(
    table.columns.map(({ name, type }): [string, string | null] => {
      const value = row[name] ?? null;
      if (value === null) return [name, null];
      // What happened to an entity is found by its identifier.
      if (name === "identifier") return [name, isAboutThem ? pseudonym : value];
      if (type === "text") return [name, forget.text(value)];
      if (isTheirState) return [name, JSON.stringify({ identifier: pseudonym })];
      const before: unknown = JSON.parse(value);
      const now = forget.json(before, isAboutThem);
      // What is the same stays as it was written.
      return [name, JSON.stringify(now) === JSON.stringify(before) ? value : JSON.stringify(now)];
    }),
  );
}
