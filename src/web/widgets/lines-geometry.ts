/** Where the lines of a chart are drawn. Worked out once for a size, not with each move of the pointer. */
import { scaleBand, scaleLinear } from "@visx/scale";
import type { DrawnLine } from "./drawn-line.ts";

interface Size {
  readonly width: number;
  readonly height: number;
}

interface Point {
  readonly index: number;
  readonly x: number;
  readonly y: number;
}

export interface LinesGeometry {
  readonly x: ReturnType<typeof scaleBand<string>>;
  readonly y: ReturnType<typeof scaleLinear<number>>;
  readonly ticks: readonly number[];
  /** The `d` of each line; it is broken where there is no whole value, and has no more points than can be seen. */
  readonly paths: readonly string[];
  /** Of each line the points that it does not show: without neighbours, and of periods that are not whole. */
  readonly alone: readonly (readonly Point[])[];
  readonly xOf: (index: number) => number;
}

/**
 * @param inner without axes and margins
 * @param partial dates of periods that are not whole: joined to the line they would look like a launch or a slump
 */
export function linesGeometry(
  dates: readonly number[],
  lines: readonly DrawnLine[],
  baselines: readonly { readonly value: number }[],
  inner: Size,
  partial: ReadonlySet<number> = new Set(),
): LinesGeometry {
  const { y, ticks } = upAxis(lines, baselines, inner.height);
  const x = scaleBand({ domain: dates.map(String), range: [0, inner.width] });
  const half = x.bandwidth() / 2;
  const starts = dates.map((date) => x(String(date)) ?? 0);
  const xOf = (index: number): number => (starts[index] ?? 0) + half;
  const wholes = lines.map(({ values }) =>
    values.map((value, index) => (partial.has(dates[index] ?? 0) ? null : value)),
  );
  return {
    ...{ x, y, ticks, xOf },
    paths: wholes.map((values) => pathOf(values, xOf, y)),
    alone: lines.map(({ values }, i) =>
      values.flatMap((value, index): Point[] =>
        value !== null && isAlone(wholes[i] ?? [], index) ? [{ index, x: xOf(index), y: y(value) }] : [],
      ),
    ),
  };
}

/** It rests on the height alone, and the width that is left for the lines rests on its labels. */
export function upAxis(
  lines: readonly DrawnLine[],
  baselines: readonly { readonly value: number }[],
  height: number,
): Pick<LinesGeometry, "y" | "ticks"> {
  const { lowest, highest, isWhole } = rangeOf(lines, baselines);
  const y = scaleLinear({
    domain: [Math.min(0, lowest), highest > 0 ? highest : 1],
    range: [height, 0],
    nice: 4,
  });
  const ticks = y
    .ticks(Math.max(2, Math.min(5, Math.floor(height / 34))))
    .filter((tick) => !isWhole || Number.isInteger(tick));
  return { y, ticks };
}

function rangeOf(lines: readonly DrawnLine[], baselines: readonly { readonly value: number }[]) {
  let lowest = 0;
  let highest = 0;
  let isWhole = true;
  const see = (value: number | null): void => {
    if (value === null) return;
    lowest = Math.min(lowest, value);
    highest = Math.max(highest, value);
    isWhole &&= Number.isInteger(value);
  };
  for (const { values } of lines) for (const value of values) see(value);
  for (const { value } of baselines) see(value);
  return { lowest, highest, isWhole };
}

const rounded = (pixels: number): number => Math.round(pixels * 100) / 100;

function pathOf(
  values: readonly (number | null)[],
  xOf: (index: number) => number,
  y: (value: number) => number,
): string {
  let path = "";
  let isDown = false;
  const drawTo = (index: number): void => {
    path += `${isDown ? "L" : "M"}${rounded(xOf(index))},${rounded(y(values[index] ?? 0))}`;
    isDown = true;
  };
  // Of the points over one pixel the lowest and the highest, in their order: what is between them is under the line.
  let column = Number.NaN;
  let [lowest, highest] = [-1, -1];
  const flush = (): void => {
    if (lowest < 0) return;
    drawTo(Math.min(lowest, highest));
    if (lowest !== highest) drawTo(Math.max(lowest, highest));
    lowest = highest = -1;
  };
  for (const [index, value] of values.entries()) {
    if (value === null) {
      flush();
      isDown = false;
      continue;
    }
    const at = Math.floor(xOf(index));
    if (at !== column || lowest < 0) {
      flush();
      column = at;
      lowest = highest = index;
    } else if (value < (values[lowest] ?? 0)) lowest = index;
    else if (value > (values[highest] ?? 0)) highest = index;
  }
  flush();
  return path;
}

/** A point that is no part of the line, or without neighbours in it, would not be seen. */
const isAlone = (whole: readonly (number | null)[], at: number): boolean =>
  (whole[at] ?? null) === null || ((whole[at - 1] ?? null) === null && (whole[at + 1] ?? null) === null);
