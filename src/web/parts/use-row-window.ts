import { type RefObject, useCallback, useEffect, useRef, useState } from "react";
import { flushSync } from "react-dom";
import { whenIdle } from "../lib/when-idle.ts";

/** Rows beyond the edges that are drawn too, so that keys and quick scrolling find them there. */
const BEYOND = 12;
/** Drawn anew once for so many rows, not for each. */
const STEP = 4;

export interface RowWindow {
  /** Of the element that scrolls. */
  readonly scroll: RefObject<HTMLDivElement | null>;
  /** Drawn are the rows from `first` up to and without `end`. */
  readonly first: number;
  readonly end: number;
  /** Room of the rows that are not drawn, in pixels. */
  readonly before: number;
  readonly after: number;
  /** As little as is needed to see the row. */
  readonly scrollTo: (index: number) => void;
}

/** Which of many rows, all of one height, are on screen. */
export function useRowWindow(count: number, rowHeight: number): RowWindow {
  const scroll = useRef<HTMLDivElement>(null);
  // Before anything is measured: what fits the window.
  const [seen, setSeen] = useState(() => ({ first: 0, end: Math.ceil(innerHeight / rowHeight) }));
  useEffect(() => {
    const element = scroll.current;
    if (element === null) return undefined;
    const measured = () => {
      const top = Math.floor(element.scrollTop / rowHeight / STEP) * STEP;
      const rows = Math.ceil(element.clientHeight / rowHeight / STEP) * STEP;
      return { first: Math.max(0, top - BEYOND), end: top + rows + STEP + BEYOND };
    };
    const look = () => {
      const next = measured();
      setSeen((now) => (now.first === next.first && now.end === next.end ? now : next));
    };
    // In the frame that scrolls: what is drawn one later is blank for so long.
    const onScroll = () => flushSync(look);
    element.addEventListener("scroll", onScroll, { passive: true });
    // Called at once too: what is out of sight waits until the rest of the page is drawn.
    let forget = () => {};
    const observer = new ResizeObserver(() => {
      forget();
      forget = whenIdle(look);
    });
    observer.observe(element);
    return () => {
      forget();
      element.removeEventListener("scroll", onScroll);
      observer.disconnect();
    };
  }, [rowHeight]);
  const scrollTo = useCallback(
    (index: number) => {
      const element = scroll.current;
      if (element === null) return;
      const { paddingTop, paddingBottom } = margins(element);
      const top = index * rowHeight;
      const bottom = top + rowHeight + paddingTop + paddingBottom;
      if (top < element.scrollTop) element.scrollTop = top;
      else if (bottom > element.scrollTop + element.clientHeight)
        element.scrollTop = bottom - element.clientHeight;
    },
    [rowHeight],
  );
  const end = Math.min(count, seen.end);
  const first = Math.min(seen.first, end);
  return { scroll, first, end, before: first * rowHeight, after: (count - end) * rowHeight, scrollTo };
}

/** What stays over the rows at the top and at the bottom. */
function margins(element: HTMLElement): { paddingTop: number; paddingBottom: number } {
  const heightOf = (part: string) => element.querySelector(part)?.getBoundingClientRect().height ?? 0;
  return { paddingTop: heightOf("thead"), paddingBottom: heightOf("tfoot") };
}
