/** Where a person stands in the database, by its own catalogs, so that a table or a column that comes later is not forgotten. */
import { sql } from "kysely";
import type { Db } from "./db.ts";

export interface ErasedColumn {
  readonly name: string;
  readonly type: string;
}

export interface ErasedTable {
  readonly name: string;
  /** The primary key without the organisation. */
  readonly key: readonly ErasedColumn[];
  /** What is rewritten. */
  readonly columns: readonly ErasedColumn[];
  /** It tells of the past: every text and document, and a row whose key names the person goes. */
  readonly isHistory: boolean;
}

/** Of the others only the columns that say who made, changed or decided what is there now. */
const HISTORY: ReadonlySet<string> = new Set([
  ...["action_run", "action_run_log", "alert_event", "audit_event", "change"],
  ...["migration", "migration_failure"],
]);
const TEXTS: ReadonlySet<string> = new Set(["text", "text[]", "json", "jsonb"]);
const MAKER = /(?:_by|^by|^actor)$/;

/** Rows about single entities that nothing needs when the entity is a user who is not there. */
export const OF_ENTITIES = [
  ...(["level_history", "number_history", "timer"] as const),
  ...(["source_entity", "source_name", "webhook_version"] as const),
] as const;

interface Found extends ErasedColumn {
  readonly table: string;
  /** In the primary key. */
  readonly place: number | null;
  /** It has to be what another table has. */
  readonly refers: boolean;
}

/** In the order of their names. */
export async function erasedTables(db: Db): Promise<readonly ErasedTable[]> {
  const { rows } = await sql<Found>`
    select c.relname::text as "table", a.attname::text as name, format_type(a.atttypid, null) as type,
      array_position(i.indkey::int2[], a.attnum) as place,
      exists (select from pg_constraint k
        where k.conrelid = c.oid and k.contype = 'f' and a.attnum = any(k.conkey)) as refers
    from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    join pg_index i on i.indrelid = c.oid and i.indisprimary
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
    order by c.relname collate "C", a.attnum`.execute(db);
  const tables = new Map<string, Found[]>();
  for (const row of rows) tables.set(row.table, [...(tables.get(row.table) ?? []), row]);
  return [...tables].flatMap(([name, all]) => {
    const isHistory = HISTORY.has(name);
    const key = all
      .filter((column) => column.place !== null && column.name !== "org")
      .sort((a, b) => (a.place ?? 0) - (b.place ?? 0));
    const columns = all.filter(
      (column) =>
        column.place === null &&
        !column.refers &&
        TEXTS.has(column.type) &&
        (isHistory || (column.type === "text" && MAKER.test(column.name))),
    );
    const hasOrg = all.some((column) => column.name === "org");
    return columns.length === 0 || !hasOrg ? [] : [{ name, key, columns, isHistory }];
  });
}
