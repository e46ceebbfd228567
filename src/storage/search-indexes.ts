/**
 * Indexes on single properties of single blueprints, made because searches were slow without them, and dropped when
 * nobody uses them (measurements in bench/queries.md). The table search_index holds what searches wished for and what
 * there is; PostgreSQL's own statistics tell what is used.
 */
import { createHash } from "node:crypto";
import { sql } from "kysely";
import { isMetaProperty } from "../model/query-nodes.ts";
import type { Db } from "./db.ts";
import type { IndexKey, IndexKind, Indexes } from "./search-drive.ts";
import { type Sql, textKey } from "./search-values.ts";

export interface IndexRow extends IndexKey {
  /** Slow searches that asked for it. */
  readonly uses: number;
  /** null while there is none. */
  readonly name: string | null;
  /** Not used for so many days; null while there is none. */
  readonly idleDays: number | null;
}

/** A row of the table: `kind` says of derived values that they are. */
interface Stored {
  readonly blueprint: string;
  readonly property: string;
  readonly kind: string;
}

const DERIVED = "derived ";

function storedOf({ blueprint, property, kind, column }: IndexKey): Stored {
  return { blueprint, property, kind: column === "derived" ? `${DERIVED}${kind}` : kind };
}

function keyOf<T extends Stored>(row: T): Omit<T, "kind"> & Pick<IndexKey, "kind" | "column"> {
  const isDerived = row.kind.startsWith(DERIVED);
  const kind = (isDerived ? row.kind.slice(DERIVED.length) : row.kind) as IndexKind;
  return { ...row, kind, ...(isDerived && { column: "derived" }) };
}

/** Those that exist. */
export async function readIndexes(db: Db, org: string): Promise<Indexes> {
  const { rows } = await sql<Stored>`
    select blueprint, property, kind from search_index where org = ${org} and name is not null`.execute(db);
  const keys = new Set(rows.map((row) => textOf(keyOf(row))));
  return { has: (key) => keys.has(textOf(key)) };
}

function textOf(key: IndexKey): string {
  const { blueprint, property, kind } = storedOf(key);
  return [blueprint, property, kind].join("\u0000");
}

/** A search was slow and would have been fast with these. @param uses as how many searches it counts */
export async function noteWishes(db: Db, org: string, wishes: readonly IndexKey[], uses = 1): Promise<void> {
  const sorted = [...new Map(wishes.map((wish) => [textOf(wish), wish])).entries()].sort(([a], [b]) =>
    a < b ? -1 : 1,
  );
  const column = (key: keyof Stored): Sql => sql`${sorted.map(([, wish]) => storedOf(wish)[key])}::text[]`;
  await sql`
    insert into search_index (org, blueprint, property, kind, uses)
    select ${org}, w.blueprint, w.property, w.kind, ${uses}::int
    from unnest(${column("blueprint")}, ${column("property")}, ${column("kind")}) w (blueprint, property, kind)
    on conflict (org, blueprint, property, kind) do update
      set uses = search_index.uses + excluded.uses, asked_at = now()`.execute(db);
}

/** What is wished for and what there is, most wanted first; and notes how much each index is used. */
export async function reviewIndexes(db: Db, org: string): Promise<IndexRow[]> {
  // A wish that nobody repeats within a week was a passing one.
  await sql`
    delete from search_index where org = ${org} and name is null and asked_at < now() - interval '7 days'`.execute(
    db,
  );
  // One that is gone, or that a process left unfinished when it was killed, is a wish again.
  await sql`
    update search_index s set name = null where org = ${org} and name is not null and not exists (
      select 1 from pg_class c join pg_index i on i.indexrelid = c.oid and i.indisvalid
      where c.relname = s.name and c.relnamespace = current_schema()::regnamespace)`.execute(db);
  await sql`
    update search_index s set scans = u.idx_scan, used_at = now() from pg_stat_user_indexes u
    where s.org = ${org} and u.indexrelname = s.name and u.schemaname = current_schema()
      and u.idx_scan <> s.scans`.execute(db);
  const { rows } = await sql<Stored & Omit<IndexRow, keyof IndexKey>>`
    select blueprint, property, kind, uses, name,
      case when name is not null then extract(epoch from now() - coalesce(used_at, built_at)) / 86400 end as "idleDays"
    from search_index where org = ${org} order by uses desc, blueprint, property, kind`.execute(db);
  return rows.map(keyOf);
}

/** Whether the blueprint (any, when empty) has so many entities; reads no more than it must. */
export async function hasRows(db: Db, org: string, blueprint: string, rows: number): Promise<boolean> {
  const found = await sql<{ n: number }>`
    select count(*)::int as n from (
      select 1 from entity where ${onlyOf(org, blueprint)} limit ${rows}::int) e`.execute(db);
  return (found.rows[0]?.n ?? 0) >= rows;
}

const SAMPLE = 2000;
const FEW_VALUES = 20;

/** Whether most values occur often, as of an enumeration: an index on it helps with the rare ones only. */
export async function hasFewValues(db: Db, org: string, key: IndexKey): Promise<boolean> {
  if (key.kind === "list") return false;
  const found = await sql<{ n: number }>`
    select count(distinct v)::int as n from (
      select ${expressionOf(key)} as v from entity where ${onlyOf(org, key.blueprint)} limit ${SAMPLE}::int) e`.execute(
    db,
  );
  return (found.rows[0]?.n ?? 0) < FEW_VALUES;
}

/** What else was asked for on a blueprint that has just got an index must be asked for again. */
export async function forgetWishes(db: Db, org: string, blueprint: string): Promise<void> {
  await sql`update search_index set uses = 0 where org = ${org} and blueprint = ${blueprint}`.execute(db);
}

/** How many there are in the database, of all organisations. */
export async function countIndexes(db: Db): Promise<number> {
  const found = await sql<{ n: number }>`
    select count(*)::int as n from pg_class
    where relname like 'search\\_%' and relkind = 'i' and relnamespace = current_schema()::regnamespace
      and relname <> 'search_index_pkey'`.execute(db);
  return found.rows[0]?.n ?? 0;
}

/**
 * Makes the index and gives the planner statistics of what is in it (it takes none from an index of a part of the
 * table). Concurrently on PostgreSQL, so that nobody waits; the embedded database has one connection, which waits.
 * Outside a transaction.
 * @returns false when the database cannot have such an index
 */
export async function buildIndex(
  db: Db,
  org: string,
  key: IndexKey,
  concurrently: boolean,
): Promise<boolean> {
  const name = nameOf(org, key);
  if (key.kind === "part" && !(await hasTrigrams(db))) {
    // Asked for again, it is tried again.
    await sql`update search_index set uses = 0 where org = ${org} and ${isKey(key)}`.execute(db);
    return false;
  }
  const how = concurrently ? sql.raw("concurrently") : sql.raw("");
  // One that was left unfinished would be taken for the index.
  await sql`drop index ${how} if exists ${sql.ref(name)}`.execute(db);
  await sql`create index ${how} ${sql.ref(name)} on entity ${definitionOf(org, key)}`.execute(db);
  if (!isMetaProperty(key.property) && key.kind !== "part") {
    const statistics = statisticsOf(key);
    await sql`create statistics if not exists ${statistics} on (${expressionOf(key)}) from entity`.execute(
      db,
    );
  }
  await sql`analyze entity`.execute(db);
  await sql`
    update search_index set name = ${name}, uses = 0, built_at = now(), used_at = now(), scans = 0
    where org = ${org} and ${isKey(key)}`.execute(db);
  return true;
}

/** The extension that knows parts of texts; making it takes a right that not every owner of a database has. */
async function hasTrigrams(db: Db): Promise<boolean> {
  try {
    await sql`create extension if not exists pg_trgm`.execute(db);
    return true;
  } catch {
    return false;
  }
}

function isKey(key: IndexKey): Sql {
  const { blueprint, property, kind } = storedOf(key);
  return sql`blueprint = ${blueprint} and property = ${property} and kind = ${kind}`;
}

/** Outside a transaction. */
export async function dropIndex(db: Db, org: string, key: IndexKey, concurrently: boolean): Promise<void> {
  const how = concurrently ? sql.raw("concurrently") : sql.raw("");
  await sql`drop index ${how} if exists ${sql.ref(nameOf(org, key))}`.execute(db);
  await sql`delete from search_index where org = ${org} and ${isKey(key)}`.execute(db);
  await sql`drop statistics if exists ${statisticsOf(key)}`.execute(db);
}

function shortHash(parts: readonly string[]): string {
  return createHash("sha256").update(parts.join("\u0000")).digest("hex").slice(0, 16);
}

function nameOf(org: string, { blueprint, property, kind, column }: IndexKey): string {
  const derived = column === "derived" ? [column] : [];
  return `search_${kind}_${shortHash([org, blueprint, property, ...derived])}`;
}

/** Of the expression, whichever blueprint. */
function statisticsOf(key: IndexKey): Sql {
  return sql.ref(`search_${shortHash([key.property, storedOf(key).kind])}`);
}

const COLUMNS: Readonly<Record<string, string>> = {
  $identifier: "identifier",
  $title: "title",
  $icon: "icon",
  $createdBy: "created_by",
  $updatedBy: "updated_by",
  $updatedAt: "updated_at",
  $datasource: "datasource",
};

/** The same expression as in search-values.ts, else the planner does not see that they belong together. */
function expressionOf({ property, kind, column: values = "properties" }: IndexKey): Sql {
  const column = COLUMNS[property];
  const of = sql.ref(values);
  const text = column === undefined ? sql`(${of} ->> ${sql.lit(property)})` : sql.ref(column);
  switch (kind) {
    case "text":
      return textKey(text);
    case "number":
      return sql`as_number(${of} -> ${sql.lit(property)})`;
    case "list":
      return sql`(${of} -> ${sql.lit(property)})`;
    case "instant":
      return column === undefined ? sql`as_instant(${text})` : text;
    default:
      return text;
  }
}

function onlyOf(org: string, blueprint: string): Sql {
  const ofOrg = sql`org = ${sql.lit(org)}`;
  return blueprint === "" ? ofOrg : sql`${ofOrg} and blueprint = ${sql.lit(blueprint)}`;
}

/** Definitions take no parameters: identifiers are written as literals, quoted. */
function definitionOf(org: string, key: IndexKey): Sql {
  const { blueprint, kind } = key;
  const expression = expressionOf(key);
  const only = sql`where ${onlyOf(org, blueprint)}`;
  // Equality meets its rows in the order of the answer, and stops with the page.
  const order = blueprint === "" ? sql`, blueprint, created_at, identifier` : sql`, created_at, identifier`;
  switch (kind) {
    case "list":
      return sql`using gin ((${expression}) jsonb_path_ops) ${only}`;
    case "part":
      return sql`using gin ((${expression}) gin_trgm_ops) ${only}`;
    case "instant":
      return sql`((${expression})) ${only}`;
    default:
      return sql`((${expression})${order}) ${only}`;
  }
}
