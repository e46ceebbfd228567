/** What a chart of lines is drawn of, one above the other; only what changes is painted again. */
import { AxisBottom, AxisLeft } from "@visx/axis";
import { GridRows } from "@visx/grid";
import { Group } from "@visx/group";
import { memo } from "react";
import { axisLabel } from "../charts/axis-label.tsx";
import { roomLeft, roomRight } from "../charts/axis-room.ts";
import { dateTime, dayMonth, decimal, monthYear } from "../lib/format.ts";
import type { DrawnLine, TimeAxis } from "./drawn-line.ts";
import { type LinesGeometry, upAxis } from "./lines-geometry.ts";
import css from "./lines.module.css";

/** Room for the axes; beside the lines it is the least of it. */
export const MARGIN = { top: 8, right: 8, bottom: 24, left: 46 };

export interface Inner {
  readonly left: number;
  readonly width: number;
  readonly height: number;
}

/** What the labels of the axes leave for the lines. */
export function innerOf(
  axis: TimeAxis,
  lines: readonly DrawnLine[],
  baselines: readonly { readonly value: number }[],
  size: { readonly width: number; readonly height: number },
): Inner {
  const { dates } = axis;
  const height = Math.max(20, size.height - MARGIN.top - MARGIN.bottom);
  const left = roomLeft(upAxis(lines, baselines, height).ticks.map(decimal), MARGIN.left);
  const labels = [dates[0], dates.at(-1)].map((start) => (start === undefined ? "" : tickOf(axis, start)));
  const right = roomRight(labels, MARGIN.right, (size.width - left) / Math.max(1, dates.length));
  return { left, width: Math.max(20, size.width - left - right), height };
}

interface GroundProps extends TimeAxis {
  geometry: LinesGeometry;
  baselines: readonly { readonly name: string; readonly value: number }[];
  yTitle: string | null;
  inner: Inner;
  width: number;
  height: number;
}

/** What stands below the lines, whatever is read off them. */
export const Ground = memo(function Ground(props: GroundProps) {
  const { geometry, dates, partial, baselines, yTitle, inner, width, height } = props;
  const { x, y, ticks } = geometry;
  return (
    <svg width={width} height={height} aria-hidden>
      <Group left={inner.left} top={MARGIN.top}>
        <GridRows scale={y} width={inner.width} tickValues={[...ticks]} stroke="var(--line)" />
        {dates
          .filter((start) => partial.has(start))
          .map((start) => (
            <rect
              key={start}
              x={x(String(start)) ?? 0}
              width={x.bandwidth()}
              height={inner.height}
              className={css["unfinished"]}
            />
          ))}
        {baselines.map(({ name, value }) => (
          <g key={`${name} ${value}`}>
            <line x2={inner.width} y1={y(value)} y2={y(value)} className={css["baseline"]} />
            <text x={inner.width} y={y(value) - 4} textAnchor="end" className={css["tick"]}>
              {name}
            </text>
          </g>
        ))}
        <AxisLeft
          scale={y}
          tickValues={[...ticks]}
          tickFormat={(value) => decimal(Number(value))}
          hideAxisLine
          hideTicks
          tickComponent={axisLabel}
          tickLabelProps={{ className: css["tick"] ?? "", textAnchor: "end", dx: -6, dy: 4 }}
        />
        {yTitle === null ? null : (
          <text x={4} y={10} className={css["tick"]}>
            {yTitle}
          </text>
        )}
        <AxisBottom
          scale={x}
          top={inner.height}
          tickValues={tickDates(dates, inner.width)}
          tickFormat={(start) => tickOf(props, Number(start))}
          hideTicks
          stroke="var(--line)"
          tickComponent={axisLabel}
          tickLabelProps={{ className: css["tick"] ?? "", textAnchor: "middle", dy: 2 }}
        />
      </Group>
    </svg>
  );
});

interface DrawnLinesProps extends Pick<TimeAxis, "dates" | "partial"> {
  geometry: LinesGeometry;
  lines: readonly DrawnLine[];
  left: number;
  width: number;
  height: number;
  /** One of them is read, and drawn above. */
  isFaint: boolean;
}

/** A picture of its own, so that it is not painted again with each move of the pointer over thousands of points. */
export const DrawnLines = memo(function DrawnLines({
  geometry,
  dates,
  partial,
  lines,
  left,
  width,
  height,
  isFaint,
}: DrawnLinesProps) {
  return (
    <svg width={width} height={height} aria-hidden className={css["drawn"]} data-faint={isFaint}>
      <Group left={left} top={MARGIN.top}>
        {lines.map((line, i) => (
          <g key={line.key}>
            <path
              d={geometry.paths[i]}
              className={css["line"]}
              stroke={line.look.colour}
              strokeDasharray={line.look.dash}
            />
            {(geometry.alone[i] ?? []).map((point) => (
              <circle
                key={point.index}
                cx={point.x}
                cy={point.y}
                r={3}
                strokeWidth={1.5}
                stroke={line.look.colour}
                fill={partial.has(dates[point.index] ?? 0) ? "var(--surface)" : line.look.colour}
              />
            ))}
          </g>
        ))}
      </Group>
    </svg>
  );
});

const DAYS = 3 * 86_400_000;

function tickOf({ interval, timeZone, dates }: TimeAxis, start: number): string {
  const from = new Date(start).toISOString();
  // Over weeks, hours would not say of which day they are.
  const isLong = (dates.at(-1) ?? start) - (dates[0] ?? start) > DAYS;
  if (interval === "hour" && !isLong) return dateTime(from, timeZone).slice(-5);
  return interval === "month" || interval === "quarter"
    ? monthYear(from, timeZone)
    : dayMonth(from, timeZone);
}

/** As many labels as fit without touching. */
function tickDates(dates: readonly number[], width: number): string[] {
  const room = Math.max(2, Math.floor(width / 66));
  const step = Math.max(1, Math.ceil(dates.length / room));
  return dates.filter((_, index) => index % step === 0).map(String);
}
