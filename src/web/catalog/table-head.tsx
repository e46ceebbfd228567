import { IconArrowDown, IconArrowUp } from "@tabler/icons-react";
import type { ReactNode } from "react";
import type { SortKey } from "../lib/catalog-search.ts";
import type { Column } from "./blueprint.ts";
import css from "./catalog.module.css";
import type { TableFeatures } from "./entity-table.tsx";

interface Props {
  column: Column;
  /** The title. */
  before: ReactNode;
  width: number;
  sort: readonly SortKey[];
  onSort: ((sort: SortKey[]) => void) | null;
  features: TableFeatures | undefined;
  /** While the edge is dragged; null when that is over. */
  onSizing: (width: number | null) => void;
}

/** The head of a column: sorts, and where the table can be arranged is dragged, sized and has a menu. */
export function TableHead({ column, before, width, sort, onSort, features, onSizing }: Props) {
  const at = sort.findIndex(({ property }) => property === column.id);
  const key = sort[at];
  const Arrow = key?.direction === "desc" ? IconArrowDown : IconArrowUp;
  const isNumber = column.kind === "number";
  const title = column.description ?? undefined;
  const isSortable = onSort !== null && column.sortable;
  const isMovable = features !== undefined && column.id !== "$title";
  return (
    <th
      scope="col"
      aria-label={features ? column.title : undefined}
      className={isNumber ? "num" : undefined}
      title={isSortable ? undefined : title}
      aria-sort={
        isSortable
          ? key === undefined
            ? "none"
            : key.direction === "desc"
              ? "descending"
              : "ascending"
          : undefined
      }
      draggable={isMovable}
      onDragStart={isMovable ? (event) => event.dataTransfer.setData("text/plain", column.id) : undefined}
      onDragOver={isMovable ? (event) => event.preventDefault() : undefined}
      onDrop={
        isMovable
          ? (event) => {
              event.preventDefault();
              features.onMove(event.dataTransfer.getData("text/plain"), column.id);
            }
          : undefined
      }
    >
      <span className={css["head"]}>
        {before}
        {isSortable ? (
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
        ) : (
          <span className={css["named"]}>{column.title}</span>
        )}
        {features?.headTools(column, width, onSizing)}
      </span>
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
