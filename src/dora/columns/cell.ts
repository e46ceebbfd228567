/** Rows of numbers by which everything is folded, and which of them are asked for. */
import { CHANGE, DEPLOYMENT, NOTE } from "./layout.ts";
import { Table } from "./table.ts";

/** One day (of UTC) of an organisation, or a service over many. */
export interface Cell {
  /** Since 1970; NaN over many. */
  readonly day: number;
  /** Rises with each change. */
  stamp: number;
  readonly changes: Table;
  readonly deployments: Table;
  readonly notes: Table;
  /** at, end, key, twin, bits */
  readonly incidents: Table;
}
export const INCIDENT = { width: 5, at: 0, end: 1, key: 2, twin: 3, bits: 4 } as const;

export const TABLES = {
  changes: CHANGE.width,
  deployments: DEPLOYMENT.width,
  notes: NOTE.width,
  incidents: INCIDENT.width,
} as const;

export const emptyCell = (day = Number.NaN): Cell => ({
  day,
  stamp: 0,
  changes: new Table(TABLES.changes),
  deployments: new Table(TABLES.deployments),
  notes: new Table(TABLES.notes),
  incidents: new Table(TABLES.incidents),
});

/** Half-open in time. */
export interface Choice {
  readonly from: number;
  readonly to: number;
  /** Whether the row of a service (by its number) at an instant is asked for; null: every one. */
  readonly isAsked: ((service: number, at: number) => boolean) | null;
  /** Of no other services any row is; absent: of all some may be. */
  readonly services?: readonly number[];
  /** What ended later was open then. */
  readonly until: number;
}

/** The rows of the table that are asked for, as the place of their first number, which is their instant. */
export function rowsIn(table: Table, choice: Choice): readonly number[] {
  const rows: number[] = [];
  if (choice.services === undefined) addRows(rows, table, choice, 0, table.rows);
  // Of a year of an organisation, looking at each row takes 4 ms; a service has few of them.
  else for (const service of choice.services) addRows(rows, table, choice, ...table.placeOf(service));
  return rows;
}

function addRows(
  rows: number[],
  { data, width }: Table,
  { from, to, isAsked }: Choice,
  first: number,
  end: number,
): void {
  for (let row = first * width + 1; row < end * width; row += width) {
    const at = data[row] as number;
    if (at >= from && at < to && (isAsked === null || isAsked(data[row - 1] as number, at))) rows.push(row);
  }
}

/** Counts by the code of a reason. */
export type Counts = number[];

export const addTo = (counts: Counts, code: number, count = 1): void => {
  counts[code] = (counts[code] as number) + count;
};

/** Ascending, with their sum. */
export interface Run {
  readonly values: Float64Array;
  readonly sum: number;
}

export function runOf(values: readonly number[]): Run {
  const sorted = Float64Array.from(values).sort();
  let sum = 0;
  for (const value of sorted) sum += value;
  return { values: sorted, sum };
}
