/** DevLake's domain tables as rows of texts, and what is common to the steps of the profile `devlake`. */
import type { CsvRow } from "./parse-csv.ts";

/** Rows of one table; cells are texts, the empty text where there is no value. */
export type Table = readonly CsvRow[];

export const cell = (row: CsvRow, column: string): string => row[column] ?? "";

/** Milliseconds; null where the cell is empty. Times without a zone are UTC. @throws RangeError for anything else */
export function timeOf(row: CsvRow, column: string): number | null {
  const text = cell(row, column).trim();
  if (text === "") return null;
  const match =
    /^(\d{4})-(\d{1,2})-(\d{1,2})[ T](\d{1,2}):(\d{2}):(\d{2})(?:\.(\d{1,9}))?(Z|[+-]\d{2}:?\d{2})?$/.exec(
      text,
    );
  if (match === null) throw new RangeError(`${column}: ${JSON.stringify(text)} is no time`);
  const [, year, month, day, hour, minute, second, fraction = "0", zone = "Z"] = match;
  const millis = Math.trunc(Number(`0.${fraction}`) * 1000 + 1e-6);
  const clock = Date.UTC(
    Number(year),
    Number(month) - 1,
    Number(day),
    Number(hour),
    Number(minute),
    Number(second),
    millis,
  );
  return clock - offsetOf(zone);
}

function offsetOf(zone: string): number {
  if (zone === "Z") return 0;
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(-2));
  return (zone.startsWith("-") ? -minutes : minutes) * 60_000;
}

/** As the tables write it: `2023-04-10T06:51:47.000+00:00`; the empty text for null. */
export const timeText = (time: number | null): string =>
  time === null ? "" : new Date(time).toISOString().replace("Z", "+00:00");

/** Minutes rounded up, and only then looked at for their sign: negative ones are no value. */
export function minutesUp(from: number | null, to: number | null): number | null {
  if (from === null || to === null) return null;
  const minutes = Math.ceil((to - from) / 60_000);
  return minutes < 0 ? null : Math.abs(minutes);
}

/** Identifiers that the mapping gives the project in a table, e.g. `repos` or `cicd_scopes`. */
export function mapped(mapping: Table, project: string, table: string): ReadonlySet<string> {
  return new Set(
    mapping
      .filter((row) => cell(row, "project_name") === project && cell(row, "table") === table)
      .map((row) => cell(row, "row_id")),
  );
}

/** Successful production deployments of the project. */
export function productionSuccesses(deployments: Table, mapping: Table, project: string): CsvRow[] {
  const scopes = mapped(mapping, project, "cicd_scopes");
  return deployments.filter(
    (row) =>
      cell(row, "result") === "SUCCESS" &&
      cell(row, "environment") === "PRODUCTION" &&
      scopes.has(cell(row, "cicd_scope_id")),
  );
}

export const byText =
  (column: string) =>
  (left: CsvRow, right: CsvRow): number =>
    cell(left, column) < cell(right, column) ? -1 : cell(left, column) > cell(right, column) ? 1 : 0;
