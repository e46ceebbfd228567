import { useElementSize } from "@mantine/hooks";
import { AxisBottom, AxisLeft } from "@visx/axis";
import { GridRows } from "@visx/grid";
import { Group } from "@visx/group";
import { type KeyboardEvent, type PointerEvent, useMemo, useState } from "react";
import { dateTime, dayMonth, decimal, monthYear } from "../lib/format.ts";
import { colourAt, dashAt } from "./colours.ts";
import { type DrawnLine, periodOf, type TimeAxis, valueAt } from "./drawn-line.ts";
import { linesGeometry } from "./lines-geometry.ts";
import { LinesTable } from "./lines-table.tsx";
import css from "./lines.module.css";

interface Props extends TimeAxis {
  label: string;
  lines: readonly DrawnLine[];
  baselines: readonly { name: string; value: number }[];
  yTitle: string | null;
  onOpen: (line: DrawnLine, at: number) => void;
}

const MARGIN = { top: 8, right: 8, bottom: 24, left: 46 };

/**
 * Lines over buckets of time: one tab stop; left and right read the points, up and down choose a line, Enter opens what
 * is behind the point. What is read stands above the lines in words.
 */
export function LinesChart(props: Props) {
  const { label, dates, lines, onOpen } = props;
  const { ref, width, height } = useElementSize<HTMLDivElement>();
  const [at, setAt] = useState<number | null>(null);
  const [chosen, setChosen] = useState(0);
  const [isTable, setTable] = useState(false);
  const last = Math.max(0, dates.length - 1);
  const line = lines[Math.min(chosen, lines.length - 1)];
  const onKeyDown = (event: KeyboardEvent) => {
    const now = at ?? last;
    const next = { ArrowLeft: now - 1, ArrowRight: now + 1, Home: 0, End: last }[event.key];
    const other = { ArrowUp: chosen - 1, ArrowDown: chosen + 1 }[event.key];
    if (next !== undefined) setAt(Math.min(last, Math.max(0, next)));
    else if (other !== undefined) setChosen(Math.min(lines.length - 1, Math.max(0, other)));
    else if (event.key === "Enter" && line) onOpen(line, now);
    else return;
    event.preventDefault();
  };
  const read = at ?? last;
  const toggle = (
    <button type="button" className={css["toggle"]} onClick={() => setTable(!isTable)}>
      {isTable ? "As chart" : "As table"}
    </button>
  );
  if (isTable)
    return (
      <div className={css["lines"]}>
        {toggle}
        <LinesTable {...props} />
      </div>
    );
  return (
    <div className={css["lines"]}>
      <div className={css["top"]}>
        <p className={css["reading"]} aria-hidden>
          <span>{periodOf(props, read)}</span>
          {lines.slice(0, 12).map((one, i) => (
            <span key={one.key}>
              <i className={css["mark"]} style={markOf(i)} />
              {one.title} <b>{valueAt(one, read)}</b>
            </span>
          ))}
        </p>
        {toggle}
      </div>
      <div
        ref={ref}
        className={css["plot"]}
        role="slider"
        tabIndex={0}
        aria-label={`${label}. Left and right read the points${lines.length > 1 ? ", up and down choose a line" : ""}, Enter opens the entities`}
        aria-valuemin={0}
        aria-valuemax={last}
        aria-valuenow={read}
        aria-valuetext={line ? `${line.title}, ${periodOf(props, read)}: ${valueAt(line, read)}` : "No lines"}
        onKeyDown={onKeyDown}
        onFocus={() => setAt(at ?? last)}
        onBlur={() => setAt(null)}
      >
        {width > 40 && height > 60 ? (
          <Plot
            {...props}
            width={width}
            height={height}
            at={at}
            setAt={setAt}
            chosen={chosen}
            setChosen={setChosen}
          />
        ) : null}
      </div>
    </div>
  );
}

const markOf = (index: number) => ({
  borderTopColor: colourAt(index),
  borderTopStyle: dashAt(index) === "" ? ("solid" as const) : ("dashed" as const),
});

interface PlotProps extends Props {
  width: number;
  height: number;
  at: number | null;
  setAt: (at: number | null) => void;
  chosen: number;
  setChosen: (line: number) => void;
}

function Plot(props: PlotProps) {
  const { dates, partial, lines, baselines, width, height, at, setAt, chosen, setChosen, onOpen, yTitle } =
    props;
  const inner = {
    width: Math.max(20, width - MARGIN.left - MARGIN.right),
    height: Math.max(20, height - MARGIN.top - MARGIN.bottom),
  };
  const { x, y, ticks, paths, alone, xOf } = useMemo(
    () =>
      linesGeometry(dates, lines, baselines, {
        width: Math.max(20, width - MARGIN.left - MARGIN.right),
        height: Math.max(20, height - MARGIN.top - MARGIN.bottom),
      }),
    [dates, lines, baselines, width, height],
  );
  const place = (event: PointerEvent<SVGElement>) => {
    const box = event.currentTarget.getBoundingClientRect();
    const index = Math.min(dates.length - 1, Math.max(0, Math.floor((event.clientX - box.left) / x.step())));
    const height = event.clientY - box.top;
    let nearest = 0;
    let distance = Number.POSITIVE_INFINITY;
    lines.forEach((line, i) => {
      const value = line.values[index];
      if (value === null || value === undefined) return;
      const away = Math.abs(y(value) - height);
      if (away < distance) [nearest, distance] = [i, away];
    });
    return { index, nearest };
  };
  return (
    <svg width={width} height={height} aria-hidden>
      <Group left={MARGIN.left} top={MARGIN.top}>
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
        {at === null ? null : (
          <rect
            x={x(String(dates[at])) ?? 0}
            width={x.bandwidth()}
            height={inner.height}
            className={css["cursor"]}
          />
        )}
        {baselines.map(({ name, value }) => (
          <g key={`${name} ${value}`}>
            <line x2={inner.width} y1={y(value)} y2={y(value)} className={css["baseline"]} />
            <text x={inner.width} y={y(value) - 4} textAnchor="end" className={css["tick"]}>
              {name}
            </text>
          </g>
        ))}
        {lines.map((line, i) => (
          <g key={line.key}>
            <path
              d={paths[i]}
              className={css["line"]}
              stroke={colourAt(i)}
              strokeDasharray={dashAt(i)}
              strokeOpacity={at !== null && lines.length > 1 && i !== chosen ? 0.45 : 1}
            />
            {(alone[i] ?? []).map((point) => (
              <circle key={point.index} cx={point.x} cy={point.y} r={3} fill={colourAt(i)} />
            ))}
            {at === null || (line.values[at] ?? null) === null ? null : (
              <circle cx={xOf(at)} cy={y(line.values[at] ?? 0)} r={3} fill={colourAt(i)} />
            )}
          </g>
        ))}
        <AxisLeft
          scale={y}
          tickValues={[...ticks]}
          tickFormat={(value) => decimal(Number(value))}
          hideAxisLine
          hideTicks
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
          tickLabelProps={{ className: css["tick"] ?? "", textAnchor: "middle", dy: 2 }}
        />
        <rect
          width={inner.width}
          height={inner.height + MARGIN.bottom}
          className={css["hit"]}
          onPointerMove={(event) => {
            const { index, nearest } = place(event);
            setAt(index);
            setChosen(nearest);
          }}
          onPointerLeave={() => setAt(null)}
          onClick={(event) => {
            const { index, nearest } = place(event as unknown as PointerEvent<SVGElement>);
            const line = lines[nearest];
            if (line) onOpen(line, index);
          }}
        />
      </Group>
    </svg>
  );
}

function tickOf({ interval, timeZone }: Props, start: number): string {
  const from = new Date(start).toISOString();
  if (interval === "hour") return dateTime(from, timeZone).slice(-5);
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
