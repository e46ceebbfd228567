import { type PointerEvent, type RefObject, useEffect, useRef, useState } from "react";
import { MAX_IN_ROW, type Place, type Row } from "./layout.ts";

/** So far a pointer has to go before it drags. */
const THRESHOLD = 5;
/** Nearer than this to the edge of a row means between the rows. */
const EDGE = 22;

interface Bar {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** Where a widget would land: between two rows, or beside a widget; `bar` shows it, in pixels of the grid. */
export interface Landing {
  readonly place: Place;
  readonly bar: Bar;
}

interface Box {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/**
 * @param boxes of the widgets, in pixels of the grid
 * @param x, y in the same pixels
 */
export function landingAt(
  rows: readonly Row[],
  boxes: ReadonlyMap<string, Box>,
  width: number,
  id: string,
  [x, y]: readonly [number, number],
): Landing | null {
  const bands = rows.map(({ columns }) => {
    const cells = columns.flatMap((cell) => boxes.get(cell.id) ?? []);
    return {
      top: Math.min(...cells.map(({ top }) => top)),
      bottom: Math.max(...cells.map(({ bottom }) => bottom)),
    };
  });
  const last = bands.at(-1);
  if (last === undefined) return null;
  const between = (row: number, top: number): Landing => ({
    place: { row, index: null },
    bar: { left: 0, top: top - 2, width, height: 4 },
  });
  if (y >= last.bottom - EDGE) return between(rows.length, last.bottom + 7);
  const at = bands.findIndex(({ bottom }) => y < bottom + 7);
  const band = bands[at];
  const row = rows[at];
  if (band === undefined || row === undefined) return null;
  if (y < band.top + EDGE) return between(at, band.top - 7);
  if (y > band.bottom - EDGE) return between(at + 1, band.bottom + 7);
  const isFull = row.columns.length >= MAX_IN_ROW && !row.columns.some((cell) => cell.id === id);
  if (isFull)
    return between(
      y < (band.top + band.bottom) / 2 ? at : at + 1,
      y < (band.top + band.bottom) / 2 ? band.top - 7 : band.bottom + 7,
    );
  const cells = row.columns.map((cell) => boxes.get(cell.id)).filter((box): box is Box => box !== undefined);
  const index = cells.filter((box) => x > (box.left + box.right) / 2).length;
  const edge = index === 0 ? (cells[0]?.left ?? 0) - 7 : (cells[index - 1]?.right ?? 0) + 7;
  return {
    place: { row: at, index },
    bar: { left: edge - 2, top: band.top, width: 4, height: band.bottom - band.top },
  };
}

/** Dragging a widget by its handle; Escape gives up. */
export function useDrag(
  grid: RefObject<HTMLDivElement | null>,
  rows: readonly Row[],
  onDrop: (id: string, place: Place) => void,
) {
  const [lifted, setLifted] = useState<string | null>(null);
  const [bar, setBar] = useState<Bar | null>(null);
  const stop = useRef<(() => void) | null>(null);
  useEffect(() => () => stop.current?.(), []);

  const start = (id: string, event: PointerEvent<HTMLElement>) => {
    if (event.button !== 0 || grid.current === null) return;
    const from = [event.clientX, event.clientY] as const;
    let landing: Landing | null = null;
    let isDragging = false;
    const onMove = (move: globalThis.PointerEvent) => {
      if (!isDragging && Math.hypot(move.clientX - from[0], move.clientY - from[1]) < THRESHOLD) return;
      isDragging = true;
      setLifted(id);
      const frame = grid.current?.getBoundingClientRect();
      if (frame === undefined) return;
      landing = landingAt(rows, boxesIn(grid.current, frame), frame.width, id, [
        move.clientX - frame.left,
        move.clientY - frame.top,
      ]);
      setBar(landing?.bar ?? null);
    };
    const end = (drop: boolean) => {
      stop.current = null;
      removeEventListener("pointermove", onMove);
      removeEventListener("pointerup", onUp);
      removeEventListener("pointercancel", onCancel);
      removeEventListener("keydown", onKey);
      setLifted(null);
      setBar(null);
      if (drop && landing !== null) onDrop(id, landing.place);
    };
    const onUp = () => end(isDragging);
    const onCancel = () => end(false);
    const onKey = (key: globalThis.KeyboardEvent) => {
      if (key.key === "Escape") end(false);
    };
    addEventListener("pointermove", onMove);
    addEventListener("pointerup", onUp);
    addEventListener("pointercancel", onCancel);
    addEventListener("keydown", onKey);
    stop.current = onCancel;
  };
  return { start, lifted, bar };
}

function boxesIn(grid: HTMLElement | null, frame: DOMRect): Map<string, Box> {
  const boxes = new Map<string, Box>();
  for (const cell of grid?.querySelectorAll<HTMLElement>("[data-cell]") ?? []) {
    const { left, right, top, bottom } = cell.getBoundingClientRect();
    boxes.set(cell.dataset["cell"] ?? "", {
      left: left - frame.left,
      right: right - frame.left,
      top: top - frame.top,
      bottom: bottom - frame.top,
    });
  }
  return boxes;
}
