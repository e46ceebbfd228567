import { Button, FocusTrap, Portal } from "@mantine/core";
import { useClickOutside } from "@mantine/hooks";
import { useState } from "react";
import { type BlueprintDoc, type Column, type EntityDoc, valueIn } from "./blueprint.ts";
import css from "./catalog.module.css";
import { ValueField } from "./value-field.tsx";

export interface Editing {
  readonly entity: EntityDoc;
  readonly column: Column;
  readonly anchor: HTMLElement;
}

const WIDTH = 300;
/** Room that most fields take, so that the editor stays on the screen. */
const HEIGHT = 170;

/** Chosen from a list, one at most. */
const isChoice = ({ id, kind, options }: Column, { relations }: BlueprintDoc): boolean =>
  kind === "boolean" ||
  (kind === "relation" && relations?.[id]?.many !== true) ||
  (kind !== "list" && options.length > 0);

/**
 * Edits one value beside its cell. Enter saves, and so does choosing from a list, which lies over what is below it; Escape
 * leaves it as it was; the focus goes back to the cell.
 */
export function CellEditor({
  blueprint,
  editing: { entity, column, anchor },
  onSave,
  onClose,
}: {
  blueprint: BlueprintDoc;
  editing: Editing;
  onSave: (value: unknown) => void;
  onClose: () => void;
}) {
  const [before] = useState(
    () => (column.id === "$title" ? entity.title : valueIn(entity, column)) ?? undefined,
  );
  const [value, setValue] = useState<unknown>(before);
  const [problem, setProblem] = useState<string | null>(null);
  const [place] = useState(() => {
    const { left, top } = anchor.getBoundingClientRect();
    return {
      left: Math.max(8, Math.min(left - 8, window.innerWidth - WIDTH - 12)),
      top: Math.max(8, Math.min(top - 6, window.innerHeight - HEIGHT)),
    };
  });
  const close = () => {
    onClose();
    anchor.focus({ preventScroll: true });
  };
  // Lists of choices are drawn beside the page.
  const box = useClickOutside<HTMLFormElement>(close, null);
  const isSaved = isChoice(column, blueprint);
  const isSame = JSON.stringify(before ?? null) === JSON.stringify(value ?? null);
  return (
    <Portal>
      <FocusTrap active>
        <form
          ref={box}
          className={css["editor"]}
          style={place}
          role="dialog"
          aria-label={`${column.title} of ${entity.title || entity.identifier}`}
          onKeyDown={(event) => {
            if (event.key !== "Escape") return;
            event.stopPropagation();
            close();
          }}
          onSubmit={(event) => {
            event.preventDefault();
            if (problem !== null) return;
            if (!isSame) onSave(value);
            close();
          }}
        >
          <div className="stack" style={{ gap: 10 }}>
            <ValueField
              blueprint={blueprint}
              column={column}
              value={value}
              onChange={(next) => {
                setValue(next);
                if (!isSaved) return;
                if (JSON.stringify(before ?? null) !== JSON.stringify(next ?? null)) onSave(next);
                close();
              }}
              onProblem={setProblem}
            />
            <div className="row">
              {isSaved ? null : (
                <Button type="submit" size="xs" disabled={problem !== null || isSame}>
                  Save
                </Button>
              )}
              <Button size="xs" variant="default" onClick={close}>
                Cancel
              </Button>
            </div>
          </div>
        </form>
      </FocusTrap>
    </Portal>
  );
}
