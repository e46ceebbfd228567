/**
 * Writes migrations/schema.sql: the schema that all migrations together give, from the catalogs, sorted. The same text
 * comes out of the embedded database and of PostgreSQL 15 to 18, so one committed file serves both.
 */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { sql } from "kysely";
import { type Database, openDatabase } from "../src/storage/db.ts";
import { migrate } from "../src/storage/migrate.ts";

const HEADER = "-- What the migrations give. Written by `npm run schema`; do not edit.\n";

interface Column {
  readonly table_name: string;
  readonly name: string;
  readonly type: string;
  readonly not_null: boolean;
  readonly default_value: string | null;
  readonly identity: string;
  readonly generated: string;
}
interface Line {
  readonly table_name: string;
  readonly name: string;
  readonly definition: string;
}

/** The schema as text: tables with columns, constraints and indexes, then functions, triggers, and views with columns. */
export async function dumpSchema(database: Database): Promise<string> {
  const db = database.kysely;
  // PostgreSQL writes names with a schema where the search path does not find them.
  const columns = await sql<Column>`
    select c.relname as table_name, a.attname as name, format_type(a.atttypid, a.atttypmod) as type,
      a.attnotnull as not_null, pg_get_expr(d.adbin, d.adrelid) as default_value,
      a.attidentity::text as identity, a.attgenerated::text as generated
    from pg_class c join pg_attribute a on a.attrelid = c.oid
    left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and a.attnum > 0 and not a.attisdropped
    order by c.relname collate "C", a.attnum`.execute(db);
  // Not-null constraints became rows of their own in PostgreSQL 18; the columns show them already.
  const constraints = await sql<Line>`
    select c.relname as table_name, k.conname as name, pg_get_constraintdef(k.oid) as definition
    from pg_constraint k join pg_class c on c.oid = k.conrelid
    where c.relnamespace = 'public'::regnamespace and k.contype <> 'n'
    order by c.relname collate "C", k.conname collate "C"`.execute(db);
  const indexes = await sql<Line>`
    select t.relname as table_name, i.relname as name, pg_get_indexdef(x.indexrelid) as definition
    from pg_index x join pg_class i on i.oid = x.indexrelid join pg_class t on t.oid = x.indrelid
    where t.relnamespace = 'public'::regnamespace
      and not exists (select 1 from pg_constraint k where k.conindid = x.indexrelid and k.conrelid = x.indrelid)
    order by t.relname collate "C", i.relname collate "C"`.execute(db);
  const triggers = await sql<Line>`
    select c.relname as table_name, g.tgname as name, pg_get_triggerdef(g.oid) as definition
    from pg_trigger g join pg_class c on c.oid = g.tgrelid
    where c.relnamespace = 'public'::regnamespace and not g.tgisinternal
    order by c.relname collate "C", g.tgname collate "C"`.execute(db);
  const others = await sql<{ definition: string }>`
    select 'view ' || c.relname || ' as ' || pg_get_viewdef(c.oid) as definition from pg_class c
      where c.relnamespace = 'public'::regnamespace and c.relkind in ('v', 'm')
    union all select pg_get_functiondef(p.oid) from pg_proc p where p.pronamespace = 'public'::regnamespace
    union all select 'type ' || t.typname || ' ' || t.typtype::text from pg_type t
      where t.typnamespace = 'public'::regnamespace and t.typtype in ('e', 'd', 'r')
    order by definition`.execute(db);

  // Columns only: how PostgreSQL prints the query of a view changed between versions.
  const views = await sql<{ definition: string }>`
    select 'create view fairway_dora.' || c.relname || ' ('
      || string_agg(a.attname || ' ' || format_type(a.atttypid, a.atttypmod), ', ' order by a.attnum) || ')' as definition
    from pg_class c join pg_attribute a on a.attrelid = c.oid join pg_namespace n on n.oid = c.relnamespace
    where n.nspname = 'fairway_dora' and c.relkind = 'v' and a.attnum > 0
    group by c.relname order by c.relname collate "C"`.execute(db);

  const tables = [...new Set(columns.rows.map((column) => column.table_name))];
  const text = tables.map((table) => {
    const lines = [
      ...of(columns.rows, table).map(columnLine),
      ...of(constraints.rows, table).map((c) => `constraint ${c.name} ${c.definition}`),
    ];
    const after = [...of(indexes.rows, table), ...of(triggers.rows, table)].map((i) => `${i.definition};\n`);
    return `create table ${table} (\n${lines.map((line) => `  ${line}`).join(",\n")}\n);\n${after.join("")}`;
  });
  const rest = [...others.rows, ...views.rows].map((row) => `${row.definition};\n`);
  return [HEADER, ...text, ...rest].join("\n");
}

function of<T extends { readonly table_name: string }>(rows: readonly T[], table: string): T[] {
  return rows.filter((row) => row.table_name === table);
}

function columnLine(column: Column): string {
  const identity = { a: " generated always as identity", d: " generated by default as identity" };
  const isStored = column.generated === "s";
  return [
    `${column.name} ${column.type}`,
    column.not_null ? " not null" : "",
    identity[column.identity as "a" | "d"] ?? "",
    column.default_value === null
      ? ""
      : isStored
        ? ` generated always as (${column.default_value}) stored`
        : ` default ${column.default_value}`,
  ].join("");
}

async function main(): Promise<void> {
  const dataDir = await mkdtemp(join(tmpdir(), "fairway-schema-"));
  const database = await openDatabase({
    url: null,
    dataDir: join(dataDir, "database"),
    onError: (error) => process.stderr.write(`${String(error)}\n`),
  });
  try {
    await migrate(database);
    const target = fileURLToPath(new URL("../migrations/schema.sql", import.meta.url));
    await writeFile(target, await dumpSchema(database));
    process.stdout.write(`wrote ${target}\n`);
  } finally {
    await database.close();
    await rm(dataDir, { recursive: true, force: true });
  }
}

if (import.meta.main) await main();
