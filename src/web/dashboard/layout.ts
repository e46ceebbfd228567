/** Rows of twelve columns, and how they change when a widget is moved or sized. Pure; what comes out is always valid. */

export interface Cell {
  readonly id: string;
  readonly size: number;
}

export interface Row {
  readonly height: number;
  readonly columns: readonly Cell[];
}

const COLUMNS = 12;
export const MAX_IN_ROW = 4;
const MIN_SIZE = 3;
const MIN_HEIGHT = 140;
const MAX_HEIGHT = 1600;
export const HEIGHT_STEP = 40;
const DEFAULT_HEIGHT = 400;

/** As a stored layout says, as far as it can be used; widgets that have no place in it come below. */
export function readRows(layout: unknown, ids: readonly string[]): Row[] {
  const known = new Set(ids);
  const rows: Row[] = [];
  for (const row of Array.isArray(layout) ? (layout as { height?: unknown; columns?: unknown }[]) : []) {
    const columns = (Array.isArray(row?.columns) ? (row.columns as Partial<Cell>[]) : []).flatMap(
      (cell): Cell[] => {
        const { id, size } = cell ?? {};
        return typeof id === "string" && known.delete(id)
          ? [{ id, size: typeof size === "number" ? size : 0 }]
          : [];
      },
    );
    const height = typeof row?.height === "number" ? row.height : DEFAULT_HEIGHT;
    for (let at = 0; at < columns.length; at += MAX_IN_ROW)
      rows.push({ height, columns: fitted(columns.slice(at, at + MAX_IN_ROW)) });
  }
  return [...rows, ...[...known].map((id) => ({ height: DEFAULT_HEIGHT, columns: [{ id, size: COLUMNS }] }))];
}

/** The sizes as they are when they fill the row, otherwise even ones. */
function fitted(columns: readonly Cell[]): Cell[] {
  const sum = columns.reduce((total, { size }) => total + size, 0);
  const isFine = sum === COLUMNS && columns.every(({ size }) => size >= MIN_SIZE && Number.isInteger(size));
  return isFine ? [...columns] : columns.map(({ id }) => ({ id, size: COLUMNS / columns.length }));
}

const rowOf = (rows: readonly Row[], id: string): number =>
  rows.findIndex(({ columns }) => columns.some((cell) => cell.id === id));

/** Without it; its neighbours take the room, a row of nothing goes. */
export function withoutCell(rows: readonly Row[], id: string): Row[] {
  return rows.flatMap((row) => {
    const left = row.columns.filter((cell) => cell.id !== id);
    if (left.length === row.columns.length) return [row];
    return left.length === 0 ? [] : [{ ...row, columns: fitted(left) }];
  });
}

/** Where a widget goes: into a row, before the widget at `index`, or (null) into a row of its own before `row`. */
export interface Place {
  readonly row: number;
  readonly index: number | null;
}

/** `place` counts rows and widgets as they are now, with the one that moves. */
export function placed(rows: readonly Row[], id: string, { row, index }: Place): Row[] {
  const from = rowOf(rows, id);
  const source = rows[from];
  const target = rows[row];
  if (source === undefined) return [...rows];
  if (index !== null && target !== undefined) {
    if (row === from)
      return rows.map((one, at) => (at === from ? { ...one, columns: reordered(one, id, index) } : one));
    if (target.columns.length < MAX_IN_ROW) {
      const columns = [...target.columns.slice(0, index), { id, size: 0 }, ...target.columns.slice(index)];
      const next = rows.map((one, at) =>
        at === row ? { ...one, columns: fitted(columns) } : at === from ? withoutId(one, id) : one,
      );
      return next.filter(({ columns: left }) => left.length > 0);
    }
  }
  if (source.columns.length === 1 && (row === from || row === from + 1)) return [...rows];
  const own: Row = { height: source.height, columns: [{ id, size: COLUMNS }] };
  return [
    ...rows.slice(0, row).map((one) => withoutId(one, id)),
    own,
    ...rows.slice(row).map((one) => withoutId(one, id)),
  ].filter(({ columns }, at) => columns.length > 0 || at === row);
}

function withoutId(row: Row, id: string): Row {
  const left = row.columns.filter((cell) => cell.id !== id);
  return left.length === row.columns.length
    ? row
    : { ...row, columns: left.length === 0 ? [] : fitted(left) };
}

function reordered({ columns }: Row, id: string, index: number): Cell[] {
  const at = columns.findIndex((cell) => cell.id === id);
  const cell = columns[at];
  if (cell === undefined) return [...columns];
  const rest = columns.filter((one) => one !== cell);
  const to = index > at ? index - 1 : index;
  return [...rest.slice(0, to), cell, ...rest.slice(to)];
}

export type Direction = "left" | "right" | "up" | "down";

/**
 * One step: aside within its row; up and down out of its row into one of its own, and from there into the next one.
 */
export function moved(rows: readonly Row[], id: string, direction: Direction): Row[] {
  const at = rowOf(rows, id);
  const row = rows[at];
  if (row === undefined) return [...rows];
  const index = row.columns.findIndex((cell) => cell.id === id);
  if (direction === "left") return index === 0 ? [...rows] : placed(rows, id, { row: at, index: index - 1 });
  if (direction === "right")
    return index === row.columns.length - 1 ? [...rows] : placed(rows, id, { row: at, index: index + 2 });
  if (row.columns.length > 1) return placed(rows, id, { row: direction === "up" ? at : at + 1, index: null });
  const next = direction === "up" ? at - 1 : at + 1;
  const beside = rows[next];
  if (beside === undefined) return [...rows];
  if (beside.columns.length < MAX_IN_ROW)
    return placed(rows, id, { row: next, index: beside.columns.length });
  return placed(rows, id, { row: direction === "up" ? next : next + 1, index: null });
}

/** Wider or narrower by columns, at the expense of the neighbour. */
export function widened(rows: readonly Row[], id: string, by: number): Row[] {
  return rows.map((row) => {
    const at = row.columns.findIndex((cell) => cell.id === id);
    const cell = row.columns[at];
    const other = row.columns[at + 1] ?? row.columns[at - 1];
    if (at < 0 || cell === undefined || other === undefined) return row;
    const step = Math.max(MIN_SIZE - cell.size, Math.min(by, other.size - MIN_SIZE));
    const columns = row.columns.map((one) => {
      if (one === cell) return { ...one, size: one.size + step };
      return one === other ? { ...one, size: one.size - step } : one;
    });
    return { ...row, columns };
  });
}

/** The row of the widget, higher or lower. */
export function heightened(rows: readonly Row[], id: string, by: number): Row[] {
  const at = rowOf(rows, id);
  return rows.map((row, i) =>
    i === at
      ? { ...row, height: Math.min(MAX_HEIGHT, Math.max(MIN_HEIGHT, Math.round(row.height + by))) }
      : row,
  );
}

/** With a new widget: in the last row when there is room of its size and about its height, otherwise below. */
export function added(rows: readonly Row[], id: string, size: number, height: number): Row[] {
  const last = rows.at(-1);
  const isRoom =
    last !== undefined &&
    last.columns.length < Math.min(MAX_IN_ROW, Math.floor(COLUMNS / size)) &&
    Math.abs(last.height - height) <= 80;
  if (!isRoom) return [...rows, { height, columns: [{ id, size: COLUMNS }] }];
  return [...rows.slice(0, -1), { ...last, columns: fitted([...last.columns, { id, size: 0 }]) }];
}
