import { useElementSize } from "@mantine/hooks";
import { AxisBottom, AxisLeft } from "@visx/axis";
import { GridRows } from "@visx/grid";
import { Group } from "@visx/group";
import { scaleBand, scaleLinear } from "@visx/scale";
import { LinePath } from "@visx/shape";
import { useId, type KeyboardEvent, type MouseEvent } from "react";
import { axisLabel } from "./axis-label.tsx";
import { roomLeft, roomRight } from "./axis-room.ts";
import type { ChartData, ChartPoint } from "./chart-data.ts";
import { LANE, NoteMarks, noteText } from "./note-marks.tsx";
import css from "./trend-chart.module.css";
import { Bars, Line } from "./trend-marks.tsx";

const HEIGHT = 188;
const MARGIN = { top: LANE + 8, right: 6, bottom: 24, left: 44 };

interface Props {
  data: ChartData;
  /** Name of the chart for those who hear it. */
  label: string;
  /** Index of the point being read, or null. */
  cursor: number | null;
  onCursor: (index: number | null) => void;
  onOpen: (bucket: string) => void;
  /** Texts of the notes on days of a bucket, by its id. */
  notes: ReadonlyMap<string, readonly string[]>;
  /** Opens the notes of a bucket, also where it has none; absent: there is nobody to write any. */
  onNotes?: (bucket: string) => void;
}

/**
 * Bars or a line over the buckets of a window: one tab stop, arrows read the points, Enter opens the evidence, N the notes.
 * Unfinished buckets are hatched; the previous window is a dashed line; notes are flags above.
 */
export function TrendChart(props: Props) {
  const { data, label, cursor, onCursor, onOpen, notes, onNotes } = props;
  const { ref, width } = useElementSize<HTMLDivElement>();
  const { points } = data;
  const at = cursor === null ? undefined : points[cursor];

  const onKeyDown = (event: KeyboardEvent) => {
    const last = points.length - 1;
    const now = cursor ?? last;
    const next = {
      ArrowLeft: now - 1,
      ArrowDown: now - 1,
      ArrowRight: now + 1,
      ArrowUp: now + 1,
      Home: 0,
      End: last,
    }[event.key];
    if (next !== undefined) {
      event.preventDefault();
      onCursor(Math.min(last, Math.max(0, next)));
    } else if (event.key === "Enter" && at) {
      event.preventDefault();
      onOpen(at.id);
    } else if (event.key === "n" && !event.ctrlKey && !event.metaKey && at && onNotes) {
      event.preventDefault();
      onNotes(at.id);
    }
  };

  return (
    <div
      ref={ref}
      className={css["chart"]}
      style={{ height: HEIGHT }}
      role="slider"
      tabIndex={0}
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={Math.max(0, points.length - 1)}
      aria-valuenow={cursor ?? Math.max(0, points.length - 1)}
      aria-valuetext={`${pointText(at ?? points.at(-1), data.versus)}${noteText(notes.get((at ?? points.at(-1))?.id ?? ""))}`}
      onKeyDown={onKeyDown}
      onFocus={() => onCursor(cursor ?? points.length - 1)}
      onBlur={() => onCursor(null)}
    >
      {width > 0 ? <Plot {...props} width={width} /> : null}
    </div>
  );
}

/** A point as it is read out. */
export function pointText(point: ChartPoint | undefined, versus: string): string {
  if (!point) return "No periods";
  const parts = [
    point.value,
    point.sample,
    point.isFew ? "too few to judge" : "",
    point.partial ? "unfinished or cut period" : "",
    point.before === null ? "" : `${versus}: ${point.before}`,
  ];
  return `${point.period}: ${parts.filter((part) => part !== "").join(", ")}`;
}

function Plot({ data, width, cursor, onCursor, onOpen, notes, onNotes }: Props & { width: number }) {
  const id = useId();
  const { points, previous, kind } = data;
  const height = HEIGHT - MARGIN.top - MARGIN.bottom;
  const top = Math.max(...points.map((point) => point.y ?? 0), ...previous.map((y) => y ?? 0));
  const y = scaleLinear({ domain: [0, top > 0 ? top : 1], range: [height, 0], nice: 4 });
  const whole = kind === "bars" || y.domain().every(Number.isInteger);
  const ticks = y.ticks(4).filter((tick) => kind !== "bars" || Number.isInteger(tick));
  const tickText = (value: number): string => data.formatTick(whole ? Math.round(value * 100) / 100 : value);
  const left = roomLeft(ticks.map(tickText), MARGIN.left);
  const right = roomRight(
    points.map(({ tick }) => tick),
    MARGIN.right,
    (width - left) / Math.max(1, points.length),
  );
  const inner = { width: Math.max(40, width - left - right), height };
  const x = scaleBand({
    domain: points.map((point) => point.id),
    range: [0, inner.width],
    paddingInner: 0.28,
    paddingOuter: 0.14,
  });
  const band = x.bandwidth();
  const center = (index: number) => (x(points[index]?.id ?? "") ?? 0) + band / 2;

  const nearest = (event: MouseEvent<SVGElement>) => {
    const left = event.currentTarget.getBoundingClientRect().left;
    const index = Math.floor((event.clientX - left) / x.step());
    return Math.min(points.length - 1, Math.max(0, index));
  };

  // Over bars it could not be followed without a ground of its own.
  const line = (kind: "previous" | "halo") => (
    <LinePath
      data={previous.map((value, index) => ({ value, index }))}
      defined={({ value }) => value !== null}
      x={({ index }) => center(index)}
      y={({ value }) => y(value ?? 0)}
      className={css[kind] ?? ""}
    />
  );

  return (
    <svg width={width} height={HEIGHT} aria-hidden data-chart className={css["svg"]}>
      <defs>
        <pattern id={id} width={6} height={6} patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
          <rect width={6} height={6} className={css["hatch-ground"]} />
          <rect width={2.4} height={6} className={css["hatch-line"]} />
        </pattern>
      </defs>
      <Group left={left} top={MARGIN.top}>
        <GridRows scale={y} width={inner.width} tickValues={ticks} stroke="var(--line)" />
        {cursor !== null && points[cursor] ? (
          <rect
            x={center(cursor) - x.step() / 2}
            width={x.step()}
            height={inner.height}
            className={css["cursor"]}
            data-cursor
          />
        ) : null}
        {kind === "bars" ? (
          <>
            <Bars
              points={points}
              x={(point) => x(point.id) ?? 0}
              band={band}
              y={y}
              height={inner.height}
              hatch={id}
            />
            {line("halo")}
            {line("previous")}
          </>
        ) : (
          <>
            {line("previous")}
            <Line points={points} center={center} y={y} band={band} height={inner.height} hatch={id} />
          </>
        )}
        <AxisLeft
          scale={y}
          tickValues={ticks}
          tickFormat={(value) => tickText(Number(value))}
          hideAxisLine
          hideTicks
          tickComponent={axisLabel}
          tickLabelProps={{ className: css["tick"] ?? "", textAnchor: "end", dx: -6, dy: 4 }}
        />
        <AxisBottom
          scale={x}
          top={inner.height}
          tickValues={tickIds(points, inner.width)}
          tickFormat={(id) => points.find((point) => point.id === id)?.tick ?? ""}
          hideTicks
          stroke="var(--line)"
          tickComponent={axisLabel}
          tickLabelProps={{ className: css["tick"] ?? "", textAnchor: "middle", dy: 2 }}
        />
        <rect
          width={inner.width}
          height={inner.height + MARGIN.bottom}
          className={css["hit"]}
          data-hit
          onPointerMove={(event) => onCursor(nearest(event))}
          onPointerLeave={() => onCursor(null)}
          onClick={(event) => {
            const point = points[nearest(event)];
            if (point) onOpen(point.id);
          }}
        />
        <NoteMarks
          points={points}
          center={center}
          step={x.step()}
          height={inner.height}
          cursor={cursor}
          notes={notes}
          {...(onNotes ? { onNotes } : {})}
          onCursor={onCursor}
        />
      </Group>
    </svg>
  );
}

/** As many labels as fit without touching, evenly spaced, counted from the end. */
function tickIds(points: readonly ChartPoint[], width: number): string[] {
  const room = Math.max(2, Math.floor(width / 58));
  const step = Math.max(1, Math.ceil(points.length / room));
  return points.filter((_, index) => index % step === 0).map(({ id }) => id);
}
