import type { Column, EntityDoc } from "./blueprint.ts";
import css from "./catalog.module.css";

const nameOf = ({ title, identifier }: EntityDoc): string => title || identifier;

/** Selects a row. */
export function RowChoice({
  entity,
  isChosen,
  onChoose,
}: {
  entity: EntityDoc;
  isChosen: boolean;
  onChoose: (isOn: boolean) => void;
}) {
  return (
    <input
      type="checkbox"
      tabIndex={-1}
      aria-label={`Select ${nameOf(entity)}`}
      checked={isChosen}
      onChange={(event) => onChoose(event.currentTarget.checked)}
    />
  );
}

/** Opens the menu of a row. Signs of what stands in every row are drawn by the style sheet: as elements they were a third of the table. */
export function RowMenuButton({
  entity,
  onOpen,
}: {
  entity: EntityDoc;
  onOpen: (anchor: HTMLElement) => void;
}) {
  return (
    <button
      type="button"
      className={css["rowMenu"]}
      aria-haspopup="menu"
      aria-label={`Actions for ${nameOf(entity)}`}
      onClick={(event) => onOpen(event.currentTarget)}
    />
  );
}

/** Edits a cell; keys do the same on the cell itself. */
export function EditButton({
  entity,
  column,
  onEdit,
}: {
  entity: EntityDoc;
  column: Column;
  onEdit: (cell: HTMLElement) => void;
}) {
  return (
    <button
      type="button"
      tabIndex={-1}
      className={css["edit"]}
      aria-label={`Edit ${column.title} of ${nameOf(entity)}`}
      onClick={(event) => {
        const cell = event.currentTarget.parentElement;
        if (cell !== null) onEdit(cell);
      }}
    />
  );
}
