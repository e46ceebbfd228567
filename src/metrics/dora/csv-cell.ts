import type { ExportCell } from "./export-rows.ts";

/** Text that a spreadsheet would run as a formula gets an apostrophe before it; numbers are left as they are. */
export function csvCell(value: ExportCell): string {
  if (value === null || value === undefined) return "";
  if (typeof value !== "string") return String(value);
  // Also behind what other spreadsheets take for the end of a cell.
  const guarded = value.replaceAll(/(?<=^|[;\t\r\n])(?=[=+\-@\t\r])/g, "'");
  return /[",\r\n]/.test(guarded) ? `"${guarded.replaceAll('"', '""')}"` : guarded;
}
