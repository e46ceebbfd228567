import { Link } from "@tanstack/react-router";
import type { MetricName, Metrics } from "../api/types.ts";
import type { DoraSearch } from "../lib/dora-search.ts";
import type { IncidentSearch } from "../lib/incident-search.ts";
import { metricInterval, metricValue } from "../lib/format.ts";
import { METRIC_INFO, type CardMetric } from "../lib/metric-info.ts";
import { Bone } from "../parts/bone.tsx";
import { BandChip } from "./band-chip.tsx";
import { Delta } from "./delta.tsx";
import css from "./dora.module.css";
import { ExplainLink } from "./explain-link.tsx";
import { sampleText, thinText } from "./metric-words.ts";

interface Props {
  metric: CardMetric;
  metrics: Metrics;
  /** The share of rows below which a number is greyed. */
  floor: number | undefined;
  evidence: DoraSearch;
  explain: DoraSearch;
  /** The review queue of the same scope and window, for the number that hangs on it. */
  incidents?: IncidentSearch;
}

/** One headline number; the number itself opens its evidence. */
export function MetricCard({ metric, metrics, floor, evidence, explain, incidents }: Props) {
  const info = METRIC_INFO[metric];
  const result = metrics[metric];
  const { value, interval95 } = result;
  const thin = value === null ? null : thinText(metric, result, floor);
  return (
    <article className={`card ${css["metric"]}`} aria-label={info.title}>
      <div className={css["named"]}>
        <h2>{info.title}</h2>
        <ExplainLink metric={metric} search={explain} />
      </div>
      <ValueLink metric={metric} value={value} evidence={evidence} isThin={thin !== null} />
      <p className={css["measure"]}>
        {value === null ? info.noData : info.measure}
        {thin === null ? null : <strong className={css["thin"]}>{thin}</strong>}
      </p>
      {value === null ? null : (
        <>
          <BandChip band={result.band} few={result.few} title={info.title} />
          <Delta metric={metric} value={value} previous={result.previous} trend={result.trend} />
          <p className={css["sample"]}>
            {sampleText(metric, metrics)}
            {interval95 ? <span>95 % interval {metricInterval(metric, interval95, value)}</span> : null}
            {incidents ? (
              <Link to="/dora/incidents" search={incidents}>
                Review incidents
              </Link>
            ) : null}
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
  isThin = false,
}: {
  metric: MetricName;
  value: number | null;
  evidence: DoraSearch;
  /** It rests on too little: grey. */
  isThin?: boolean;
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
      data-thin={isThin}
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
