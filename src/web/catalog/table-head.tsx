import { ActionIcon, Menu } from "@mantine/core";
import { IconArrowDown, IconArrowUp, IconDots } from "@tabler/icons-react";
import { type PointerEvent, useRef } from "react";
import { MAX_WIDTH, MIN_WIDTH, type SortKey } from "../lib/catalog-search.ts";
import type { Column } from "./blueprint.ts";
import css from "./catalog.module.css";
import type { TableFeatures } from "./entity-table.tsx";

interface Props {
  column: Column;
  width: number;
  sort: readonly SortKey[];
  onSort: ((sort: SortKey[]) => void) | null;
  features: TableFeatures | undefined;
  /** While the edge is dragged. */
  onSizing: (width: number) => void;
}

/** The head of a column: sorts, and where the table can be arranged is dragged, sized and has a menu. */
export function TableHead({ column, width, sort, onSort, features, onSizing }: Props) {
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
        {features ? <HeadMenu column={column} width={width} features={features} /> : null}
      </span>
      {features ? (
        <Sizer width={width} onSizing={onSizing} onSized={(next) => features.onWidth(column.id, next)} />
      ) : null}
    </th>
  );
}

const STEP = 40;

function HeadMenu({ column, width, features }: { column: Column; width: number; features: TableFeatures }) {
  const clamped = (next: number) => Math.max(MIN_WIDTH, Math.min(MAX_WIDTH, next));
  return (
    <Menu position="bottom-end" width={210} withinPortal>
      <Menu.Target>
        <ActionIcon size={24} className={css["more"] ?? ""} aria-label={`Column ${column.title}`}>
          <IconDots size={15} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {features.headActions(column).map(({ label, onChoose, isOn }) => (
          <Menu.Item key={label} onClick={onChoose} {...(isOn === true && { fw: 600 })}>
            {label}
            {isOn === true ? <span className="sr"> (on)</span> : null}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item
          closeMenuOnClick={false}
          onClick={() => features.onWidth(column.id, clamped(width + STEP))}
        >
          Wider
        </Menu.Item>
        <Menu.Item
          closeMenuOnClick={false}
          onClick={() => features.onWidth(column.id, clamped(width - STEP))}
        >
          Narrower
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

/** The edge that is dragged; the menu does the same without a pointer. */
function Sizer({
  width,
  onSizing,
  onSized,
}: {
  width: number;
  onSizing: (width: number) => void;
  onSized: (width: number) => void;
}) {
  const from = useRef<{ x: number; width: number } | null>(null);
  const at = (event: PointerEvent): number =>
    Math.round(
      Math.max(
        MIN_WIDTH,
        Math.min(MAX_WIDTH, (from.current?.width ?? width) + event.clientX - (from.current?.x ?? 0)),
      ),
    );
  return (
    <span
      className={css["sizer"]}
      aria-hidden
      draggable
      onDragStart={(event) => {
        event.preventDefault();
        event.stopPropagation();
      }}
      onPointerDown={(event) => {
        from.current = { x: event.clientX, width };
        event.currentTarget.setPointerCapture(event.pointerId);
      }}
      onPointerMove={(event) => {
        if (from.current !== null) onSizing(at(event));
      }}
      onPointerUp={(event) => {
        if (from.current !== null) onSized(at(event));
        from.current = null;
      }}
    />
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
