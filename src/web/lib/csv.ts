/** CSV as RFC 4180 has it, safe to open in a spreadsheet. */
export type Cell = string | number | boolean | null | undefined;

/** Rows joined by CRLF, with a byte-order mark so that spreadsheets read UTF-8. */
export function csv(header: readonly string[], rows: readonly (readonly Cell[])[]): string {
  return `\ufeff${[header, ...rows].map((row) => row.map(cell).join(",")).join("\r\n")}\r\n`;
}

/** Text that a spreadsheet would run as a formula gets an apostrophe before it; numbers are left as they are. */
function cell(value: Cell): string {
  if (value === null || value === undefined) return "";
  if (typeof value !== "string") return String(value);
  // Also behind what other spreadsheets take for the end of a cell.
  const guarded = value.replaceAll(/(?<=^|[;\t\r\n])(?=[=+\-@\t\r])/g, "'");
  return /[",\r\n]/.test(guarded) ? `"${guarded.replaceAll('"', '""')}"` : guarded;
}
