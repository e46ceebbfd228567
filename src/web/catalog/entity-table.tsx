import { type KeyboardEvent, type ReactNode, useState } from "react";
import { MIN_WIDTH, type SortKey } from "../lib/catalog-search.ts";
import { ScrollTable } from "../parts/scroll-table.tsx";
import { useRowWindow } from "../parts/use-row-window.ts";
import type { Column, EntityDoc } from "./blueprint.ts";
import css from "./catalog.module.css";
import { TableHead } from "./table-head.tsx";
import { TableRow } from "./table-row.tsx";

const ROW = 37;

/** What a table can do that is arranged and edited, not only read. */
export interface TableFeatures {
  readonly widths: Readonly<Record<string, number>>;
  /** Puts a column before another. */
  readonly onMove: (id: string, before: string) => void;
  /** In the head of a column. @param onSizing while its edge is dragged; null when that is over */
  readonly headTools: (column: Column, width: number, onSizing: (width: number | null) => void) => ReactNode;
  /** Below a column; null: no column has anything below it. */
  readonly footer: ((column: Column) => ReactNode) | null;
  readonly selected: ReadonlySet<string>;
  readonly onSelect: (identifiers: readonly string[], isOn: boolean) => void;
  readonly canSelect: boolean;
  /** Before and behind the title of a row. */
  readonly titleTools: (entity: EntityDoc) => { readonly before: ReactNode; readonly after: ReactNode };
  /** In a cell, besides its value. */
  readonly cellTools: (entity: EntityDoc, column: Column) => ReactNode;
  readonly canEdit: (column: Column) => boolean;
  readonly onEdit: (entity: EntityDoc, column: Column, anchor: HTMLElement) => void;
}

interface Props {
  label: string;
  blueprint: string;
  columns: readonly Column[];
  rows: readonly EntityDoc[];
  /** Of all that match, loaded or not; null while it is counted. */
  total: number | null;
  sort: readonly SortKey[];
  /** null: the order is not for this table to choose. */
  onSort: ((sort: SortKey[]) => void) | null;
  more: boolean;
  onMore: () => void;
  /** Answers are on their way while older ones stay. */
  busy: boolean;
  /** At most so high, in pixels; without it as high as the page allows. */
  height?: number;
  features?: TableFeatures;
}

/** Rows of one blueprint; only those on screen are drawn, and the next page comes while scrolling. */
export function EntityTable(props: Props) {
  const { label, blueprint, columns, rows, total, sort, onSort, more, onMore, busy, height, features } =
    props;
  const window = useRowWindow(rows.length, ROW);
  const [sizing, setSizing] = useState<{ id: string; width: number } | null>(null);
  const widthOf = (column: Column): number =>
    sizing?.id === column.id
      ? sizing.width
      : Math.max(MIN_WIDTH, features?.widths[column.id] ?? usualWidth(column));
  const keys = useCellKeys(rows.length, columns.length, window.scrollTo);

  return (
    <ScrollTable
      label={label}
      window={window}
      columns={columns.map((column) => ({ id: column.id, width: widthOf(column) }))}
      head={columns.map((column) => (
        <TableHead
          key={column.id}
          column={column}
          before={
            column.kind === "title" && features?.canSelect ? <RowsChoice {...{ rows, features }} /> : null
          }
          width={widthOf(column)}
          sort={sort}
          onSort={onSort}
          features={features}
          onSizing={(width) => setSizing(width === null ? null : { id: column.id, width })}
        />
      ))}
      rowHeight={ROW}
      count={rows.length}
      renderRow={(index) => {
        const entity = rows[index] as EntityDoc;
        return (
          <TableRow
            key={entity.identifier}
            {...{ blueprint, columns, entity, index, features }}
            stop={keys.stopIn(index, window.first)}
          />
        );
      }}
      foot={
        features?.footer
          ? columns.map((column) => (
              <td key={column.id} className={column.kind === "number" ? "num" : undefined}>
                {features.footer?.(column)}
              </td>
            ))
          : null
      }
      more={more}
      onMore={onMore}
      ahead={60}
      total={total ?? -1}
      busy={busy}
      grid={features ? { onKeyDown: keys.onKeyDown } : undefined}
      className={css["grid"]}
      height={height}
    />
  );
}

/** Selects all rows that are loaded. */
function RowsChoice({ rows, features }: { rows: readonly EntityDoc[]; features: TableFeatures }) {
  const identifiers = rows.map(({ identifier }) => identifier);
  return (
    <input
      type="checkbox"
      aria-label="All rows shown"
      checked={rows.length > 0 && identifiers.every((identifier) => features.selected.has(identifier))}
      onChange={(event) => features.onSelect(identifiers, event.currentTarget.checked)}
    />
  );
}

/** One cell takes part in the order of Tab; arrows go on from it. */
function useCellKeys(rowCount: number, columnCount: number, scrollTo: (index: number) => void) {
  const [stop, setStop] = useState<{ row: number; column: number } | null>(null);
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    const cell =
      event.target instanceof HTMLElement ? event.target.closest<HTMLElement>("[data-place]") : null;
    if (cell === null || event.target !== cell) return;
    const [row = 0, column = 0] = (cell.dataset["place"] ?? "").split(":").map(Number);
    const to = placeAfter(event, row, column, rowCount - 1, columnCount - 1);
    if (to === null) return;
    event.preventDefault();
    setStop(to);
    const body = event.currentTarget;
    const find = () => body.querySelector<HTMLElement>(`[data-place="${to.row}:${to.column}"]`);
    const next = find();
    if (next !== null) {
      next.focus();
      return;
    }
    // It is drawn when the table has scrolled there.
    scrollTo(to.row);
    requestAnimationFrame(() => requestAnimationFrame(() => find()?.focus()));
  };
  /** The column of a row; -1: none. @param first drawn, where nobody has been yet or the cell is not drawn */
  const stopIn = (row: number, first: number): number => {
    if (stop === null) return row === first ? 0 : -1;
    return row === stop.row ? stop.column : -1;
  };
  return { onKeyDown, stopIn };
}

const PAGE = 15;

function placeAfter(
  { key, ctrlKey, metaKey }: KeyboardEvent,
  row: number,
  column: number,
  lastRow: number,
  lastColumn: number,
): { row: number; column: number } | null {
  const isFar = ctrlKey || metaKey;
  switch (key) {
    case "ArrowDown":
      return { row: Math.min(lastRow, row + 1), column };
    case "ArrowUp":
      return { row: Math.max(0, row - 1), column };
    case "ArrowRight":
      return { row, column: Math.min(lastColumn, column + 1) };
    case "ArrowLeft":
      return { row, column: Math.max(0, column - 1) };
    case "PageDown":
      return { row: Math.min(lastRow, row + PAGE), column };
    case "PageUp":
      return { row: Math.max(0, row - PAGE), column };
    case "Home":
      return { row: isFar ? 0 : row, column: 0 };
    case "End":
      return { row: isFar ? lastRow : row, column: lastColumn };
    default:
      return null;
  }
}

/** Of a letter in a head, in pixels. */
const LETTER = 7.5;
/** Its menu and the space around. */
const ASIDE = 56;

/** As its values need, or as its title does in two lines; a title of a whole sentence is cut. */
function usualWidth({ kind, title }: Column): number {
  const word = Math.max(...title.split(" ").map(({ length }) => length));
  const line = Math.min(24, Math.max(word, title.length / 2 + 2));
  return Math.max(WIDTHS[kind], Math.ceil(line * LETTER) + ASIDE);
}

const WIDTHS: Readonly<Record<Column["kind"], number>> = {
  title: 260,
  text: 180,
  number: 120,
  boolean: 120,
  time: 140,
  url: 220,
  email: 200,
  list: 220,
  object: 240,
  relation: 180,
  team: 180,
  any: 180,
};
