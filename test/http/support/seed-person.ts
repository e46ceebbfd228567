/** Rows of each table that name a person in each of their columns, and finding what is left of them. */
import { sql } from "kysely";
import type { Ctx } from "../../../src/storage/context.ts";
import { transact } from "../../../src/storage/transact.ts";

interface Column {
  readonly table: string;
  readonly column: string;
  readonly type: string;
  readonly isGenerated: boolean;
}

async function allColumns(ctx: Ctx): Promise<readonly Column[]> {
  const { rows } = await sql<Column>`
    select c.relname::text as "table", a.attname::text as "column", format_type(a.atttypid, null) as type,
      a.attidentity <> '' as "isGenerated"
    from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
    order by c.relname, a.attnum`.execute(ctx.db);
  return rows;
}

/** Columns that are the address as a whole. */
const WHOLE = /(_by|^by|^actor|^identifier|^email|^person|^subject|^entity)$/;
const SIMPLE: Readonly<Record<string, string>> = {
  ...{ boolean: "false", date: "2026-01-01", bytea: "", xid8: "1", pg_snapshot: "1:1:" },
  ...{ "timestamp with time zone": "2026-01-01T00:00:00Z" },
};

function valueOf({ column, type }: Column, org: string, email: string): string {
  const inText = `see\n${email.toUpperCase()}\tand mailto:${encodeURIComponent(email)}`;
  const about = { id: email, title: "Ada Lovelace", firstName: "Ada", lastName: "Lovelace" };
  if (column === "org") return org;
  if (column === "blueprint") return "_user";
  if (column === "approvals")
    return JSON.stringify([{ state: "APPROVED", userId: email, description: "fine", at: inText }]);
  if (type === "text")
    return WHOLE.test(column) ? email : /^(id|run|migration|alert)$/.test(column) ? "x" : inText;
  if (type === "text[]") return `{"${inText}",${email}}`;
  if (type === "json" || type === "jsonb")
    return JSON.stringify({ by: about, list: [inText, about], [email]: { name: "Ada Lovelace" } });
  return SIMPLE[type] ?? "1";
}

/** One row a table, whatever it refers to. @returns the tables */
export async function seedRows(
  ctx: Ctx,
  email: string,
  isMeant: (table: string) => boolean,
): Promise<readonly string[]> {
  const tables = new Map<string, Column[]>();
  for (const column of await allColumns(ctx))
    if (isMeant(column.table) && !column.isGenerated)
      tables.set(column.table, [...(tables.get(column.table) ?? []), column]);
  await transact(ctx, async ({ db, org }) => {
    // References are not asked for.
    await sql`set local session_replication_role = replica`.execute(db);
    for (const [table, columns] of tables) {
      const values = columns.map((one) => sql`${valueOf(one, org, email)}::text::${sql.raw(one.type)}`);
      await sql`
        insert into ${sql.table(table)} (${sql.join(columns.map((one) => sql.ref(one.column)))})
        values (${sql.join(values)}) on conflict do nothing`.execute(db);
    }
  });
  return [...tables.keys()];
}

/** Columns with a text that the pattern matches, in any letters. */
export async function columnsWith(
  ctx: Ctx,
  pattern: string,
): Promise<readonly { readonly table: string; readonly column: string }[]> {
  const found: { table: string; column: string }[] = [];
  for (const { table, column, type } of await allColumns(ctx)) {
    if (!/^(text|text\[\]|json|jsonb)$/.test(type)) continue;
    const { rows } = await sql`
      select from ${sql.table(table)} where ${sql.ref(column)}::text ~* ${pattern} limit 1`.execute(ctx.db);
    if (rows.length > 0) found.push({ table, column });
  }
  return found;
}
