import { type CSSProperties, useEffect, useRef } from "react";
import type { WidgetContext } from "../widgets/widget-kind.ts";
import type { Board } from "./board.ts";
import css from "./dashboard.module.css";
import { heightened, moved, placed, type Row, widened } from "./layout.ts";
import { useDrag } from "./use-drag.ts";
import { useSizing } from "./use-sizing.ts";
import { type WidgetActions, WidgetFrame } from "./widget-frame.tsx";

interface Props {
  board: Board;
  context: WidgetContext;
  /** null: nothing can be changed. */
  edit:
    | (Pick<WidgetActions, "onEdit" | "onDuplicate" | "onDelete"> & {
        onRows: (rows: readonly Row[]) => void;
      })
    | null;
}

/** Widgets in rows of twelve columns, one below the other on narrow screens. */
export function BoardGrid({ board, context, edit }: Props) {
  const grid = useRef<HTMLDivElement>(null);
  const focus = useRef<string | null>(null);
  const { rows } = board;
  const drag = useDrag(grid, rows, (id, place) => edit?.onRows(placed(rows, id, place)));
  const sizing = useSizing(grid, rows, (next) => edit?.onRows(next));
  const shown = sizing.rows ?? rows;
  // Whoever moves with the keys keeps the handle: its widget may have another place in the document.
  useEffect(() => {
    const id = focus.current;
    focus.current = null;
    if (id !== null) grid.current?.querySelector<HTMLElement>(`[data-move="${CSS.escape(id)}"]`)?.focus();
  });
  const change = (id: string, next: readonly Row[]) => {
    if (JSON.stringify(next) === JSON.stringify(rows)) return;
    focus.current = id;
    edit?.onRows(next);
  };
  const actions: WidgetActions | null =
    edit === null
      ? null
      : {
          ...edit,
          mayMove: (id, direction) => JSON.stringify(moved(rows, id, direction)) !== JSON.stringify(rows),
          onMove: (id, direction) => change(id, moved(rows, id, direction)),
          onWiden: (id, by) => change(id, widened(rows, id, by)),
          onHeighten: (id, by) => change(id, heightened(rows, id, by)),
          onDragStart: drag.start,
          onSizeStart: sizing.start,
        };
  const byId = new Map(board.widgets.map((widget) => [widget.id, widget]));
  const style = { "--rows": shown.map(({ height }) => `${height}px`).join(" ") } as CSSProperties;
  return (
    <div ref={grid} className={css["board"]} style={style}>
      {shown.flatMap((row, at) =>
        row.columns.map(({ id, size }, i) => {
          const widget = byId.get(id);
          if (widget === undefined) return null;
          const start = row.columns.slice(0, i).reduce((sum, cell) => sum + cell.size, 1);
          const place = { "--row": at + 1, "--start": start, "--span": size, "--height": `${row.height}px` };
          return (
            <div
              key={id}
              className={css["cell"]}
              style={place as CSSProperties}
              data-cell={id}
              data-lifted={drag.lifted === id}
            >
              <WidgetFrame widget={widget} context={context} actions={actions} />
            </div>
          );
        }),
      )}
      {drag.bar === null ? null : <div className={css["bar"]} style={drag.bar} />}
    </div>
  );
}
