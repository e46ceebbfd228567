import type { KeyboardEvent } from "react";
import { EntityRef } from "../parts/entity-ref.tsx";
import { Tag } from "../parts/tag.tsx";
import { type Column, type EntityDoc, valueIn } from "./blueprint.ts";
import css from "./catalog.module.css";
import type { TableFeatures } from "./entity-table.tsx";
import { Value } from "./value.tsx";

interface Props {
  blueprint: string;
  column: Column;
  entity: EntityDoc;
  features: TableFeatures | undefined;
  /** Row and column, for the arrow keys. */
  place: string;
  /** It takes part in the order of Tab. */
  isStop: boolean;
}

/** One value; where the table can be edited, Enter or a double click edits it. */
export function TableCell(props: Props) {
  const { column, entity, features, place, isStop } = props;
  const value = valueIn(entity, column);
  const cell = features ? { "data-place": place, tabIndex: isStop ? 0 : -1 } : {};
  if (column.kind === "title") return <Title {...props} cell={cell} title={String(value)} />;
  const isNumber = column.kind === "number" || typeof value === "number";
  const isEditable = features?.canEdit(column) === true;
  const edit = (anchor: HTMLElement) => features?.onEdit(entity, column, anchor);
  return (
    <td
      {...cell}
      role={features ? "gridcell" : undefined}
      className={isNumber ? "num" : undefined}
      title={typeof value === "string" ? value : undefined}
      onDoubleClick={isEditable ? (event) => edit(event.currentTarget) : undefined}
      onKeyDown={
        features
          ? (event) => {
              if (event.target !== event.currentTarget) return;
              if (isEditable && (event.key === "Enter" || event.key === "F2")) {
                event.preventDefault();
                edit(event.currentTarget);
              } else onKey(event, entity, features);
            }
          : undefined
      }
    >
      {column.score?.isUnjudged?.(entity) ? <Tag>No data</Tag> : <Value column={column} value={value} />}
      {isEditable ? features?.cellTools(entity, column) : null}
    </td>
  );
}

/** Space chooses the row, Ctrl or Cmd and C copies the value. */
function onKey(event: KeyboardEvent<HTMLElement>, entity: EntityDoc, features: TableFeatures): void {
  if (event.key === " ") {
    event.preventDefault();
    features.onSelect([entity.identifier], !features.selected.has(entity.identifier));
  } else if (event.key.toLowerCase() === "c" && (event.ctrlKey || event.metaKey)) {
    if (document.getSelection()?.isCollapsed !== false)
      void navigator.clipboard.writeText(event.currentTarget.title || event.currentTarget.textContent);
  }
}

function Title({ blueprint, entity, features, cell, title }: Props & { cell: object; title: string }) {
  const { identifier } = entity;
  const link = <EntityRef blueprint={blueprint} identifier={identifier} title={title} />;
  if (features === undefined) return <th scope="row">{link}</th>;
  const tools = features.titleTools(entity);
  return (
    <th
      {...cell}
      scope="row"
      onKeyDown={(event) => {
        if (event.target !== event.currentTarget) return;
        if (event.key === "Enter") event.currentTarget.querySelector("a")?.click();
        else onKey(event, entity, features);
      }}
    >
      <span className={css["title"]}>
        {tools.before}
        {link}
        {tools.after}
      </span>
    </th>
  );
}
