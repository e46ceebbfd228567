import { useVirtualizer } from "@tanstack/react-virtual";
import { type KeyboardEvent, type ReactNode, useEffect, useRef, useState } from "react";
import type { SortKey } from "../lib/catalog-search.ts";
import { Bone } from "../parts/bone.tsx";
import type { Column, EntityDoc } from "./blueprint.ts";
import css from "./catalog.module.css";
import { TableCell } from "./table-cell.tsx";
import { TableHead } from "./table-head.tsx";

const ROW = 37;
/** So many rows before the end of what is loaded the next page is asked for. */
const AHEAD = 60;

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
  readonly onSelect: (identifier: string, isOn: boolean) => void;
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
  const scroll = useRef<HTMLDivElement>(null);
  const [sizing, setSizing] = useState<{ id: string; width: number } | null>(null);
  // No compiler memoizes here, so nothing that it returns can be stale.
  // oxlint-disable-next-line react/incompatible-library
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroll.current,
    estimateSize: () => ROW,
    overscan: 12,
  });
  const items = virtual.getVirtualItems();
  const last = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (more && last >= rows.length - AHEAD) onMore();
  }, [more, last, rows.length, onMore]);
  const before = items[0]?.start ?? 0;
  const after = virtual.getTotalSize() - (items.at(-1)?.end ?? 0);
  const widthOf = ({ id, kind }: Column): number =>
    sizing?.id === id ? sizing.width : (features?.widths[id] ?? WIDTHS[kind]);
  const keys = useCellKeys(rows.length, columns.length, (index) => virtual.scrollToIndex(index));

  return (
    <div
      ref={scroll}
      className={css["grid"]}
      style={height === undefined ? undefined : { maxHeight: height }}
      tabIndex={0}
      role="region"
      aria-label={label}
      aria-busy={busy}
    >
      <table
        role={features ? "grid" : undefined}
        aria-label={features ? label : undefined}
        aria-rowcount={total === null ? -1 : total + 1}
        data-arranged={features ? true : undefined}
      >
        <colgroup>
          {columns.map((column) => (
            <col key={column.id} style={{ width: widthOf(column) }} />
          ))}
        </colgroup>
        <thead>
          <tr aria-rowindex={1}>
            {columns.map((column) => (
              <TableHead
                key={column.id}
                column={column}
                width={widthOf(column)}
                sort={sort}
                onSort={onSort}
                features={features}
                onSizing={(width) => setSizing(width === null ? null : { id: column.id, width })}
              />
            ))}
          </tr>
        </thead>
        <tbody onKeyDown={features ? keys.onKeyDown : undefined}>
          {before > 0 ? <Gap height={before} /> : null}
          {items.map(({ index }) => {
            const entity = rows[index] as EntityDoc;
            const isSelected = features?.selected.has(entity.identifier);
            return (
              <tr key={entity.identifier} aria-rowindex={index + 2} aria-selected={isSelected}>
                {columns.map((column, at) => (
                  <TableCell
                    key={column.id}
                    blueprint={blueprint}
                    column={column}
                    entity={entity}
                    features={features}
                    place={`${index}:${at}`}
                    isStop={keys.isStop(index, at, items[0]?.index ?? 0)}
                  />
                ))}
              </tr>
            );
          })}
          {after > 0 ? <Gap height={after} /> : null}
          {more ? (
            <tr>
              <td colSpan={columns.length}>
                <Bone height={16} />
              </td>
            </tr>
          ) : null}
        </tbody>
        {features?.footer ? (
          <tfoot>
            <tr>
              {columns.map((column) => (
                <td key={column.id} className={column.kind === "number" ? "num" : undefined}>
                  {features.footer?.(column)}
                </td>
              ))}
            </tr>
          </tfoot>
        ) : null}
      </table>
    </div>
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
  /** @param first drawn, where nobody has been yet or the cell is not drawn */
  const isStop = (row: number, column: number, first: number): boolean =>
    stop === null ? row === first && column === 0 : row === stop.row && column === stop.column;
  return { onKeyDown, isStop };
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

const WIDTHS: Readonly<Record<Column["kind"], number>> = {
  title: 260,
  text: 180,
  number: 120,
  boolean: 100,
  time: 140,
  url: 220,
  email: 200,
  list: 220,
  object: 240,
  relation: 180,
  team: 180,
  any: 180,
};

/** Room of rows that are not drawn. */
function Gap({ height }: { height: number }) {
  return (
    <tr aria-hidden className={css["gap"]}>
      <td style={{ height }} />
    </tr>
  );
}
