import { Button } from "@mantine/core";
import { IconChartBar, IconTable } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useId, useMemo, useRef, useState } from "react";
import type { MetricsAnswer, SeriesPoint } from "../api/types.ts";
import { chartData, summary, type ChartData } from "../charts/chart-data.ts";
import { noteText } from "../charts/note-marks.tsx";
import { pointText, TrendChart } from "../charts/trend-chart.tsx";
import { DENSE } from "../charts/trend-marks.tsx";
import { METRIC_INFO, type CardMetric } from "../lib/metric-info.ts";
import { Bone } from "../parts/bone.tsx";
import { ChartMenu } from "./chart-menu.tsx";
import { notesByBucket } from "./notes-by-bucket.ts";
import type { Note } from "./note-queries.ts";
import css from "./trend-card.module.css";
import { headlineText } from "./metric-words.ts";
import type { DoraAddress } from "./use-dora-search.ts";

interface Props {
  metric: CardMetric;
  answer: MetricsAnswer;
  previous: readonly SeriesPoint[];
  address: DoraAddress;
  /** What happened in the window, beside the numbers. */
  notes: readonly Note[];
  /** What the dashed line is. */
  versus?: string;
}

/** One metric over time, as a chart or as the table of the same numbers. */
export function TrendCard({
  metric,
  answer,
  previous,
  address,
  notes: all,
  versus = "previous window",
}: Props) {
  const [asTable, setAsTable] = useState(false);
  const [cursor, setCursor] = useState<number | null>(null);
  const { timezone, interval } = answer.window;
  const series = answer.series[metric];
  const data = useMemo(() => {
    const points = series ?? [];
    // Two dense lines over each other are a tangle.
    return chartData(metric, points, points.length > DENSE ? [] : previous, timezone, interval, versus);
  }, [metric, series, previous, timezone, interval, versus]);
  const notes = useMemo(() => notesByBucket(all, series ?? [], timezone), [all, series, timezone]);
  const texts = useMemo(
    () => new Map([...notes].map(([id, list]) => [id, list.map((note) => note.text)])),
    [notes],
  );
  const [problem, setProblem] = useState<string | null>(null);
  const card = useRef<HTMLElement>(null);
  const heading = useId();
  const info = METRIC_INFO[metric];
  const result = answer.metrics[metric];
  const title =
    metric === "deploymentFrequency" ? `Deployments per ${interval}` : `${info.title} by ${interval}`;
  const reading = cursor === null ? undefined : data.points[cursor];
  const empty = data.points.every(({ y }) => y === null);

  return (
    <figure className="card" aria-labelledby={heading} ref={card}>
      <div className={css["head"]}>
        <h2 id={heading}>{title}</h2>
        <span className={css["tools"]}>
          <Button
            size="compact-xs"
            variant="subtle"
            color="gray"
            aria-label={`${asTable ? "As chart" : "As table"}: ${title}`}
            leftSection={
              asTable ? <IconChartBar size={14} aria-hidden /> : <IconTable size={14} aria-hidden />
            }
            onClick={() => setAsTable(!asTable)}
          >
            {asTable ? "As chart" : "As table"}
          </Button>
          <ChartMenu
            metric={metric}
            title={title}
            answer={answer}
            data={data}
            address={address}
            card={card}
            notes={notes}
            isDrawn={!asTable && !empty}
            onProblem={setProblem}
          />
        </span>
      </div>
      {problem ? (
        <p role="alert" className={`small ${css["problem"]}`}>
          The file could not be saved: {problem}
        </p>
      ) : null}
      <figcaption className={css["reading"]}>
        {reading ? (
          <>
            <strong>{pointText(reading, versus)}</strong>
            {noteText(texts.get(reading.id))}
          </>
        ) : (
          summary(data, metric)
        )}
      </figcaption>
      {asTable ? (
        <TrendTable data={data} title={title} metric={metric} address={address} />
      ) : empty ? (
        <div className={css["none"]}>
          <strong>{headlineText(metric, result)}</strong>
          <span>{result.noValue?.text ?? "No single period has enough for a number."}</span>
        </div>
      ) : (
        <TrendChart
          data={data}
          label={`${title}. Arrow keys read the periods, Enter opens the evidence, N the notes.`}
          cursor={cursor}
          onCursor={setCursor}
          onOpen={(bucket) => address.open({ metric, bucket })}
          notes={texts}
          onNotes={(bucket) => address.openNote({ kind: "bucket", bucket })}
        />
      )}
      <div className={css["legend"]} aria-hidden={asTable || empty}>
        {asTable || empty ? null : (
          <>
            <span>{data.axisUnit === "%" ? "share of deployments" : data.axisUnit}</span>
            {data.previous.some((y) => y !== null) ? (
              <span>
                <i data-kind="previous" /> {versus}
              </span>
            ) : null}
            {data.points.some(({ partial }) => partial) ? (
              <span>
                <i data-kind="partial" /> unfinished period
              </span>
            ) : null}
            {data.points.some(({ isFew }) => isFew) ? (
              <span>
                <i data-kind="few" /> fewer than 5 rows
              </span>
            ) : null}
            {texts.size > 0 ? (
              <span>
                <i data-kind="note" /> notes
              </span>
            ) : null}
          </>
        )}
      </div>
    </figure>
  );
}

function TrendTable({
  data,
  title,
  metric,
  address,
}: {
  data: ChartData;
  title: string;
  metric: CardMetric;
  address: DoraAddress;
}) {
  const hasPrevious = data.points.some(({ before }) => before !== null);
  return (
    <div className={css["table"]}>
      <table className="data">
        <caption className="sr">{title}</caption>
        <thead>
          <tr>
            <th scope="col">Period</th>
            <th scope="col" className="num">
              Value
            </th>
            <th scope="col" className="num">
              {metric === "deploymentFrequency" ? "Rate" : "From"}
            </th>
            {hasPrevious ? (
              <th scope="col" className="num">
                {data.versus}
              </th>
            ) : null}
          </tr>
        </thead>
        <tbody>
          {data.points.map((point) => (
            <tr key={point.id}>
              <td>
                <Link
                  to="/dora"
                  search={address.evidenceSearch({ metric, bucket: point.id })}
                  resetScroll={false}
                >
                  {point.period}
                </Link>
                {point.partial ? <span className="muted"> · unfinished</span> : null}
              </td>
              <td className="num">{point.value}</td>
              <td className="num muted">{point.sample}</td>
              {hasPrevious ? <td className="num muted">{point.before ?? "–"}</td> : null}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** Takes the card's place while it loads. */
export function TrendCardBones() {
  return (
    <div className="card">
      <div className={css["head"]}>
        <Bone width="40%" height={16} />
      </div>
      <div className={css["reading"]}>
        <Bone width="65%" height={12} />
      </div>
      <Bone height={188} />
      <div className={css["legend"]} />
    </div>
  );
}
