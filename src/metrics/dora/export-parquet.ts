/** Evidence as Apache Parquet: written group by group, so that an export of any size holds one group in memory. */
import { type BasicType, ByteWriter, ParquetWriter, schemaFromColumnData } from "hyparquet-writer";
import type { EvidencePage } from "./evidence.ts";
import { EXPORT_COLUMNS, type ExportColumn, type ExportRow, exportRows } from "./export-rows.ts";

/** Encoding 5,000 rows takes 50 ms of the event loop: of so many, 20. */
const GROUP = 2000;

const TYPES: Readonly<Partial<Record<ExportColumn, BasicType>>> = {
  counted: "BOOLEAN",
  open: "BOOLEAN",
  value: "DOUBLE",
  count: "INT32",
  at: "TIMESTAMP",
};
const typeOf = (column: ExportColumn): BasicType => TYPES[column] ?? "STRING";

/** All columns are optional; `at` is a timestamp in milliseconds of UTC. The footer names scope, window and definition. */
export async function* parquetOf(pages: AsyncIterable<EvidencePage>): AsyncIterable<Uint8Array> {
  const bytes = new ByteWriter();
  const writer = new ParquetWriter({
    writer: bytes,
    schema: schemaFromColumnData({ columnData: columnsOf([]) }),
  });
  let rows: ExportRow[] = [];
  for await (const page of pages) {
    const { scope, window, definition } = page;
    writer.kvMetadata ??= [{ key: "fairway", value: JSON.stringify({ scope, window, definition }) }];
    rows.push(...exportRows(page));
    if (rows.length < GROUP) continue;
    await writer.write({ columnData: columnsOf(rows), rowGroupSize: rows.length });
    rows = [];
    yield drained(bytes);
  }
  if (rows.length > 0) await writer.write({ columnData: columnsOf(rows), rowGroupSize: rows.length });
  await writer.finish();
  yield drained(bytes);
}

const columnsOf = (rows: readonly ExportRow[]) =>
  EXPORT_COLUMNS.map((name) => ({
    ...{ name, type: typeOf(name), nullable: true, offsetIndex: false },
    data: rows.map((row) => cellOf(row, name)),
  }));

function cellOf(row: ExportRow, column: ExportColumn): string | number | boolean | Date | null {
  const value = row[column] ?? null;
  return column === "at" && typeof value === "string" ? new Date(value) : value;
}

/** What was written since the last time; offsets in the file go on. */
function drained(bytes: ByteWriter): Uint8Array {
  const chunk = bytes.getBytes().slice();
  bytes.index = 0;
  return chunk;
}
