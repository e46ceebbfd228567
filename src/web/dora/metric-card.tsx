import { Link } from "@tanstack/react-router";
import type { MetricName, Metrics } from "../api/types.ts";
import type { DoraSearch } from "../lib/dora-search.ts";
import { metricInterval, metricValue } from "../lib/format.ts";
import { METRIC_INFO, type CardMetric } from "../lib/metric-info.ts";
import { Bone } from "../parts/bone.tsx";
import { BandChip } from "./band-chip.tsx";
import { Delta } from "./delta.tsx";
import css from "./dora.module.css";
import { sampleText } from "./metric-words.ts";

/** One headline number; the number itself opens its evidence. */
export function MetricCard({
  metric,
  metrics,
  evidence,
}: {
  metric: CardMetric;
  metrics: Metrics;
  evidence: DoraSearch;
}) {
  const info = METRIC_INFO[metric];
  const result = metrics[metric];
  const { value, interval95 } = result;
  return (
    <article className={`card ${css["metric"]}`} aria-label={info.title}>
      <h2>{info.title}</h2>
      <ValueLink metric={metric} value={value} evidence={evidence} />
      <p className={css["measure"]}>{value === null ? info.noData : info.measure}</p>
      {value === null ? null : (
        <>
          <BandChip band={result.band} few={result.few} title={info.title} />
          <Delta metric={metric} value={value} previous={result.previous} trend={result.trend} />
          <p className={css["sample"]}>
            {sampleText(metric, metrics)}
            {interval95 ? <span>95 % interval {metricInterval(metric, interval95, value)}</span> : null}
          </p>
        </>
      )}
    </article>
  );
}

/** The number as a link to its rows; `data-value` carries the API's own number. */
export function ValueLink({
  metric,
  value,
  evidence,
}: {
  metric: MetricName;
  value: number | null;
  evidence: DoraSearch;
}) {
  const text = value === null ? "No data" : metricValue(metric, value);
  return (
    <Link
      to="/dora"
      search={evidence}
      resetScroll={false}
      className={css["value"]}
      data-metric={metric}
      data-value={value ?? ""}
      data-none={value === null}
      aria-label={`${text}, ${METRIC_INFO[metric].title}: show evidence`}
    >
      <Value text={text} />
    </Link>
  );
}

/** The figure large, its unit smaller. */
function Value({ text }: { text: string }) {
  const figure = /^[\d.,]+/.exec(text)?.[0];
  if (!figure) return text;
  return (
    <>
      {figure}
      <small>{text.slice(figure.length)}</small>
    </>
  );
}

/** Takes the card's place while it loads. */
export function MetricCardBones() {
  return (
    <div className={`card ${css["metric-bones"]}`}>
      <Bone width="70%" height={16} />
      <Bone width="50%" height={30} />
      <Bone width="85%" height={12} />
      <Bone width="60%" height={22} />
      <Bone width="90%" height={12} />
      <Bone width="75%" height={12} />
    </div>
  );
}
