import { SECOND } from "./calendar.ts";

/** Things that happen at a time, to the second; whatever is due earlier runs earlier, equals in the order they were added. */
export interface EventQueue {
  add(at: number, action: (at: number) => void): void;
  /** Runs everything that is due before `end`. */
  runUntil(end: number): void;
}

interface Entry {
  readonly at: number;
  readonly order: number;
  readonly action: (at: number) => void;
}

const isBefore = (a: Entry, b: Entry) => a.at < b.at || (a.at === b.at && a.order < b.order);

export function createEventQueue(): EventQueue {
  const heap: Entry[] = [];
  let order = 0;

  function rise(entry: Entry): void {
    let index = heap.length;
    heap.push(entry);
    while (index > 0) {
      const up = (index - 1) >> 1;
      const parent = heap[up];
      if (parent === undefined || !isBefore(entry, parent)) break;
      heap[index] = parent;
      index = up;
    }
    heap[index] = entry;
  }

  function take(): Entry | undefined {
    const first = heap[0];
    const last = heap.pop();
    if (first === undefined || last === undefined || heap.length === 0) return first;
    let index = 0;
    for (;;) {
      const left = heap[2 * index + 1];
      const right = heap[2 * index + 2];
      if (left === undefined) break;
      const [least, at] =
        right !== undefined && isBefore(right, left) ? [right, 2 * index + 2] : [left, 2 * index + 1];
      if (!isBefore(least, last)) break;
      heap[index] = least;
      index = at;
    }
    heap[index] = last;
    return first;
  }

  return {
    add: (at, action) => {
      order += 1;
      rise({ at: Math.round(at / SECOND) * SECOND, order, action });
    },
    runUntil: (end) => {
      for (let entry = take(); entry !== undefined && entry.at < end; entry = take()) entry.action(entry.at);
    },
  };
}
