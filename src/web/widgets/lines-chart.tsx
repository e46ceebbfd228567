import { useElementSize } from "@mantine/hooks";
import { Group } from "@visx/group";
import { type KeyboardEvent, type MouseEvent, useMemo, useState } from "react";
import type { Look } from "./colours.ts";
import { type DrawnLine, periodOf, type TimeAxis, valueAt } from "./drawn-line.ts";
import { linesGeometry } from "./lines-geometry.ts";
import { DrawnLines, Ground, innerOf, MARGIN } from "./lines-layers.tsx";
import { LinesTable } from "./lines-table.tsx";
import css from "./lines.module.css";

interface Props extends TimeAxis {
  label: string;
  lines: readonly DrawnLine[];
  baselines: readonly { name: string; value: number }[];
  yTitle: string | null;
  onOpen: (line: DrawnLine, at: number) => void;
}

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
          {lines.slice(0, 12).map((one) => (
            <span key={one.key}>
              <i className={css["mark"]} style={markOf(one.look)} />
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

const markOf = ({ colour, dash }: Look) => ({
  borderTopColor: colour,
  borderTopStyle: dash === "" ? ("solid" as const) : ("dashed" as const),
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
  const { dates, lines, baselines, width, height, at, setAt, chosen, setChosen, onOpen } = props;
  const { partial, yTitle, interval, timeZone } = props;
  const { inner, geometry } = useMemo(() => {
    const axis = { dates, partial, interval, timeZone };
    const rest = innerOf(axis, lines, baselines, { width, height });
    return { inner: rest, geometry: linesGeometry(dates, lines, baselines, rest, partial) };
  }, [dates, partial, interval, timeZone, lines, baselines, width, height]);
  const { x, y, paths, xOf } = geometry;
  const place = (event: MouseEvent<SVGElement>) => {
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
  const isOneRead = at !== null && lines.length > 1 && lines[chosen] !== undefined;
  return (
    <>
      <Ground
        {...{ geometry, dates, partial, baselines, yTitle, interval, timeZone, inner, width, height }}
      />
      <DrawnLines
        {...{ geometry, dates, partial, lines, width, height }}
        left={inner.left}
        isFaint={isOneRead}
      />
      <svg width={width} height={height} aria-hidden>
        <Group left={inner.left} top={MARGIN.top}>
          {at === null ? null : (
            <rect
              x={x(String(dates[at])) ?? 0}
              width={x.bandwidth()}
              height={inner.height}
              className={css["cursor"]}
            />
          )}
          {isOneRead ? (
            <path
              d={paths[chosen]}
              className={css["line"]}
              stroke={lines[chosen]?.look.colour}
              strokeDasharray={lines[chosen]?.look.dash}
            />
          ) : null}
          {lines.map((line) =>
            at === null || (line.values[at] ?? null) === null ? null : (
              <circle
                key={line.key}
                cx={xOf(at)}
                cy={y(line.values[at] ?? 0)}
                r={3}
                fill={line.look.colour}
              />
            ),
          )}
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
              const { index, nearest } = place(event);
              const line = lines[nearest];
              if (line) onOpen(line, index);
            }}
          />
        </Group>
      </svg>
    </>
  );
}
