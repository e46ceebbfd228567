import { IconArrowDown, IconArrowUp } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useRef } from "react";
import type { SortKey } from "../lib/catalog-search.ts";
import { Bone } from "../parts/bone.tsx";
import { type Column, type EntityDoc, valueIn } from "./blueprint.ts";
import css from "./catalog.module.css";
import { Value } from "./value.tsx";

const ROW = 37;
/** So many rows before the end of what is loaded the next page is asked for. */
const AHEAD = 60;

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
}

/** Rows of one blueprint; only those on screen are drawn, and the next page comes while scrolling. */
export function EntityTable(props: Props) {
  const { label, blueprint, columns, rows, total, sort, onSort, more, onMore, busy, height } = props;
  const scroll = useRef<HTMLDivElement>(null);
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
      <table aria-rowcount={total === null ? -1 : total + 1}>
        <colgroup>
          {columns.map(({ id, kind }) => (
            <col key={id} style={{ width: WIDTHS[kind] }} />
          ))}
        </colgroup>
        <thead>
          <tr aria-rowindex={1}>
            {columns.map((column) => (
              <Head key={column.id} column={column} sort={sort} onSort={onSort} />
            ))}
          </tr>
        </thead>
        <tbody>
          {before > 0 ? <Gap height={before} /> : null}
          {items.map(({ index }) => {
            const entity = rows[index] as EntityDoc;
            return (
              <tr key={entity.identifier} aria-rowindex={index + 2}>
                {columns.map((column) => (
                  <Cell key={column.id} blueprint={blueprint} column={column} entity={entity} />
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
      </table>
    </div>
  );
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

function Cell({ blueprint, column, entity }: { blueprint: string; column: Column; entity: EntityDoc }) {
  const value = valueIn(entity, column);
  if (column.kind === "title")
    return (
      <th scope="row">
        <Link to="/c/$blueprint/$id" params={{ blueprint, id: entity.identifier }} title={entity.identifier}>
          {String(value)}
        </Link>
      </th>
    );
  const isNumber = column.kind === "number" || typeof value === "number";
  return (
    <td className={isNumber ? "num" : undefined} title={typeof value === "string" ? value : undefined}>
      <Value column={column} value={value} />
    </td>
  );
}

function Head({
  column,
  sort,
  onSort,
}: {
  column: Column;
  sort: readonly SortKey[];
  onSort: ((sort: SortKey[]) => void) | null;
}) {
  const at = sort.findIndex(({ property }) => property === column.id);
  const key = sort[at];
  const Arrow = key?.direction === "desc" ? IconArrowDown : IconArrowUp;
  const isNumber = column.kind === "number";
  const title = column.description ?? undefined;
  if (onSort === null || !column.sortable)
    return (
      <th scope="col" className={isNumber ? "num" : undefined} title={title}>
        {column.title}
      </th>
    );
  return (
    <th
      scope="col"
      className={isNumber ? "num" : undefined}
      aria-sort={key === undefined ? "none" : key.direction === "desc" ? "descending" : "ascending"}
    >
      <button
        type="button"
        className={css["sort"]}
        title={title ?? "Sort; with Shift as a further order"}
        onClick={(event) => onSort(nextSort(sort, column.id, event.shiftKey))}
      >
        <span>{column.title}</span>
        {key === undefined ? null : (
          <>
            <Arrow size={13} aria-hidden />
            {sort.length > 1 ? <sup>{at + 1}</sup> : null}
          </>
        )}
      </button>
    </th>
  );
}

/** Up, down, not at all; `further` keeps the other keys. */
function nextSort(sort: readonly SortKey[], property: string, further: boolean): SortKey[] {
  const key = sort.find((other) => other.property === property);
  const next: SortKey[] =
    key === undefined
      ? [{ property, direction: "asc" }]
      : key.direction === "asc"
        ? [{ property, direction: "desc" }]
        : [];
  if (!further) return next;
  if (key === undefined) return [...sort, ...next].slice(-5);
  return sort.flatMap((other) => (other === key ? next : [other]));
}
