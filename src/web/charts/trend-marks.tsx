import { Bar, LinePath } from "@visx/shape";
import type { ChartPoint } from "./chart-data.ts";
import css from "./trend-chart.module.css";

/** From here on single points are no longer told apart. */
export const DENSE = 70;

type Y = (value: number) => number;

/** One bar for each bucket; unfinished ones are hatched. */
export function Bars({
  points,
  x,
  band,
  y,
  height,
  hatch,
}: {
  points: readonly ChartPoint[];
  x: (point: ChartPoint) => number;
  band: number;
  y: Y;
  height: number;
  hatch: string;
}) {
  const width = Math.min(band, 34);
  return points.map((point) =>
    point.y === null ? null : (
      <Bar
        key={point.id}
        x={x(point) + (band - width) / 2}
        width={width}
        y={y(point.y)}
        height={Math.max(point.y === 0 ? 0 : 1.5, height - y(point.y))}
        rx={width > 8 ? 2 : 0}
        className={css["bar"] ?? ""}
        {...(point.partial ? { fill: `url(#${hatch})` } : {})}
        data-partial={point.partial}
      />
    ),
  );
}

/** A line over the finished buckets; unfinished ones stand apart from it, those of few rows are hollow. */
export function Line({
  points,
  center,
  y,
  band,
  height,
  hatch,
}: {
  points: readonly ChartPoint[];
  center: (index: number) => number;
  y: Y;
  band: number;
  height: number;
  hatch: string;
}) {
  const indexes = points.map((point, index) => ({ ...point, index }));
  // Many points: the line alone, dots only for those it does not reach.
  const isDense = points.length > DENSE;
  const isLonely = (index: number) =>
    [indexes[index - 1], indexes[index + 1]].every((point) => !point || point.y === null || point.partial);
  return (
    <>
      {indexes
        .filter(({ partial }) => partial)
        .map(({ id, index }) => (
          <rect
            key={id}
            x={center(index) - band / 2}
            width={band}
            height={height}
            fill={`url(#${hatch})`}
            opacity={0.35}
          />
        ))}
      <LinePath
        data={indexes}
        defined={(point) => point.y !== null && !point.partial}
        x={({ index }) => center(index)}
        y={(point) => y(point.y ?? 0)}
        className={css["line"] ?? ""}
        data-dense={isDense}
      />
      {indexes.map((point) =>
        point.y === null || (isDense && !point.partial && !isLonely(point.index)) ? null : (
          <circle
            key={point.id}
            cx={center(point.index)}
            cy={y(point.y)}
            r={isDense ? 2 : 3}
            className={css["dot"]}
            data-hollow={point.partial || point.isFew}
          />
        ),
      )}
    </>
  );
}
