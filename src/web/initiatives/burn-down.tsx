import { useElementSize } from "@mantine/hooks";
import { scaleLinear } from "@visx/scale";
import { ChartEnds } from "../charts/chart-ends.tsx";
import { date } from "../lib/format.ts";
import css from "./initiatives.module.css";
import { dueAt, type InitiativeDoc, type ProgressDoc } from "./queries.ts";

const HEIGHT = 170;
const MARGIN = { top: 12, right: 12, bottom: 8, left: 34 };
const DAY_MS = 86_400_000;

const iso = (at: number): string => new Date(at).toISOString();
const day = (at: number): string => date(iso(at), "UTC");

/** What is left to do, from the beginning to the day it is due; the dashed line would end at nothing there. */
export function BurnDown({ initiative, progress }: { initiative: InitiativeDoc; progress: ProgressDoc }) {
  const { ref, width } = useElementSize<HTMLDivElement>();
  const { points } = progress;
  const [first, last] = [points[0], points.at(-1)];
  if (first === undefined || last === undefined)
    return <p className="muted">Not counted yet: the first numbers come within a minute.</p>;
  const text = `${first.total - first.done} left on ${date(first.at, "UTC")}, ${last.total - last.done} now, due on ${day(dueAt(initiative.dueDate) - 1)}.`;
  const due = dueAt(initiative.dueDate);
  const isDueLast = due >= Date.parse(last.at);
  return (
    <div className={css["chart"]} role="img" aria-label={text}>
      <p className="muted small">Left to do</p>
      <div ref={ref} style={{ height: HEIGHT }}>
        {width > 0 ? <Plot width={width} initiative={initiative} progress={progress} /> : null}
      </div>
      <ChartEnds from={first.at} to={isDueLast ? iso(due - 1) : last.at} toWord={isDueLast ? "due " : ""} />
    </div>
  );
}

function Plot({
  width,
  initiative,
  progress: { points },
}: {
  width: number;
  initiative: InitiativeDoc;
  progress: ProgressDoc;
}) {
  const left = points.map(({ at, total, done }) => ({ at: Date.parse(at), left: total - done }));
  const due = dueAt(initiative.dueDate);
  const begin = left[0]?.at ?? due;
  const end = Math.max(due, left.at(-1)?.at ?? due, begin + DAY_MS);
  const most = Math.max(1, ...left.map((point) => point.left));
  const x = scaleLinear({ domain: [begin, end], range: [MARGIN.left, width - MARGIN.right] });
  const y = scaleLinear({ domain: [0, most], range: [HEIGHT - MARGIN.bottom, MARGIN.top] });
  const last = left.at(-1);
  // It stays what it is until the next change.
  const steps = left.flatMap((point, i) => {
    const before = left[i - 1];
    return [
      ...(before === undefined ? [] : [[point.at, before.left] as const]),
      [point.at, point.left] as const,
    ];
  });
  const path = steps.map(([at, value], i) => `${i === 0 ? "M" : "L"}${x(at)},${y(value)}`).join("");
  return (
    <svg width={width} height={HEIGHT} aria-hidden>
      {[0, most].map((value) => (
        <g key={value}>
          <line
            className={css["grid"]}
            x1={MARGIN.left}
            x2={width - MARGIN.right}
            y1={y(value)}
            y2={y(value)}
          />
          <text className={css["tick"]} x={MARGIN.left - 6} y={y(value) + 4} textAnchor="end">
            {value}
          </text>
        </g>
      ))}
      <line className={css["ideal"]} x1={x(begin)} y1={y(left[0]?.left ?? 0)} x2={x(due)} y2={y(0)} />
      <line className={css["due"]} x1={x(due)} x2={x(due)} y1={MARGIN.top} y2={HEIGHT - MARGIN.bottom} />
      <path className={css["line"]} d={path} />
      {last === undefined ? null : <circle className={css["now"]} cx={x(last.at)} cy={y(last.left)} r={4} />}
    </svg>
  );
}
