import { type PointerEvent, type RefObject, useEffect, useRef, useState } from "react";
import { heightened, type Row, widened } from "./layout.ts";

/** Sizing a widget by its corner: columns aside, pixels down; what is drawn follows the pointer. */
export function useSizing(
  grid: RefObject<HTMLDivElement | null>,
  rows: readonly Row[],
  onDone: (rows: readonly Row[]) => void,
) {
  const [shown, setShown] = useState<readonly Row[] | null>(null);
  const stop = useRef<(() => void) | null>(null);
  useEffect(() => () => stop.current?.(), []);

  const start = (id: string, event: PointerEvent<HTMLElement>) => {
    const width = grid.current?.clientWidth ?? 0;
    if (event.button !== 0 || width === 0) return;
    event.preventDefault();
    const [x, y] = [event.clientX, event.clientY];
    let next: readonly Row[] | null = null;
    const onMove = (move: globalThis.PointerEvent) => {
      const columns = Math.round((move.clientX - x) / (width / 12));
      next = heightened(widened(rows, id, columns), id, move.clientY - y);
      setShown(next);
    };
    const end = (isDone: boolean) => {
      stop.current = null;
      removeEventListener("pointermove", onMove);
      removeEventListener("pointerup", onUp);
      removeEventListener("pointercancel", onCancel);
      setShown(null);
      if (isDone && next !== null) onDone(next);
    };
    const onUp = () => end(true);
    const onCancel = () => end(false);
    addEventListener("pointermove", onMove);
    addEventListener("pointerup", onUp);
    addEventListener("pointercancel", onCancel);
    stop.current = onCancel;
  };
  return { start, rows: shown };
}
