import { Link } from "@tanstack/react-router";
import type { Coverage, MetricName, Metrics, NoValue } from "../api/types.ts";
import type { DoraSearch } from "../lib/dora-search.ts";
import type { IncidentSearch } from "../lib/incident-search.ts";
import { metricInterval } from "../lib/format.ts";
import { METRIC_INFO, type CardMetric } from "../lib/metric-info.ts";
import { Bone } from "../parts/bone.tsx";
import { BandChip } from "./band-chip.tsx";
import { Delta } from "./delta.tsx";
import css from "./dora.module.css";
import { ExplainLink } from "./explain-link.tsx";
import {
  fewText,
  headlineText,
  isOfWholePage,
  sampleText,
  thinOf,
  type Thin,
  whyText,
} from "./metric-words.ts";

interface Props {
  metric: CardMetric;
  metrics: Metrics;
  coverage: Coverage;
  evidence: DoraSearch;
  explain: DoraSearch;
  /** The review queue of the same scope and window. */
  incidents: IncidentSearch;
}

/** One headline number; the number itself opens its evidence. */
export function MetricCard({ metric, metrics, coverage, evidence, explain, incidents }: Props) {
  const info = METRIC_INFO[metric];
  const result = metrics[metric];
  const { value, interval95, noValue } = result;
  const few = fewText(metric, metrics);
  const thin = thinOf(metric, result, coverage);
  return (
    <article className={`card ${css["metric"]}`} aria-label={info.title}>
      <div className={css["named"]}>
        <h2>{info.title}</h2>
        <ExplainLink metric={metric} search={explain} />
      </div>
      <ValueLink metric={metric} result={result} evidence={evidence} isThin={thin !== null} />
      <p className={css["measure"]}>
        {isOfWholePage(metric, noValue) ? null : noValue ? (
          <WhyNone noValue={noValue} evidence={evidence} />
        ) : (
          info.measure
        )}
        {thin === null ? null : <Caveat thin={thin} incidents={incidents} />}
      </p>
      {value === null ? null : (
        <>
          <BandChip band={result.band} few={few} isThin={thin !== null} title={info.title} />
          <Delta metric={metric} result={result} isThin={thin !== null} />
          <p className={css["sample"]}>
            {sampleText(metric, metrics)}
            {few === null ? null : <span>Too few for a band: {few}</span>}
            {interval95 ? <span>95 % interval {metricInterval(metric, interval95, value)}</span> : null}
            {metric === "changeFailureRate" && !thin?.isOfIncidents ? (
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

/** Why the number is grey; what a review of incidents would mend leads there. */
export function Caveat({ thin, incidents }: { thin: Thin; incidents: IncidentSearch }) {
  return (
    <strong className={css["thin"]}>
      {thin.text}{" "}
      {thin.isOfIncidents ? (
        <Link to="/dora/incidents" search={incidents}>
          Review incidents
        </Link>
      ) : null}
    </strong>
  );
}

/** The number as a link to its rows; `data-value` carries the API's own number. */
export function ValueLink({
  metric,
  result,
  evidence,
  isThin = false,
}: {
  metric: MetricName;
  result: Metrics[MetricName];
  evidence: DoraSearch;
  /** It rests on too little: grey. */
  isThin?: boolean;
}) {
  const { value, noValue } = result;
  const text = headlineText(metric, result);
  const said = isOfWholePage(metric, noValue) ? "No data" : text;
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
      aria-label={`${said}, ${METRIC_INFO[metric].title}: show evidence`}
    >
      <Value text={text} />
    </Link>
  );
}

/** Figures large, their units smaller. */
function Value({ text }: { text: string }) {
  const parts = text.split(/([\d.,]+)/);
  return parts.length === 1
    ? text
    : parts.map((part, index) => (index % 2 === 1 ? part : <small key={part}>{part}</small>));
}

/** In a table: what kind of none it is, and why: on hover, for who hears it, and by `WhyInRow` or beside it for who goes by the keyboard. */
export function NoNumber({ metric, result }: { metric: MetricName; result: Metrics[MetricName] }) {
  const text = headlineText(metric, result);
  const why = result.noValue?.text;
  return (
    <span className="muted" title={why}>
      <span aria-hidden>{text}</span>
      <span className="sr">{why ?? text}</span>
    </span>
  );
}

/** Why numbers of a row are none or grey: seen while a link in it has the focus by the keyboard, so that no number needs one of its own. */
export function WhyInRow({ of, metrics }: { of: readonly CardMetric[]; metrics: Metrics }) {
  const texts = new Set(of.flatMap((metric) => whyText(metric, metrics) ?? []));
  return (
    <span className="on-focus" aria-hidden>
      {[...texts].join(" ")}
    </span>
  );
}

/** Why there is no number, and where to go on: to the rows that say so, or to what is missing. */
export function WhyNone({
  noValue: { text, rows, reason },
  evidence,
}: {
  noValue: NoValue;
  evidence: DoraSearch;
}) {
  return (
    <>
      {text}{" "}
      {rows !== null ? (
        <Link
          to="/dora"
          search={rows === "counted" ? evidence : { ...evidence, out: "all" }}
          resetScroll={false}
        >
          {rows === "counted" ? "Show them" : "Show what was left out"}
        </Link>
      ) : reason === "no_source" ? (
        <Link to="/sources">Connect a source</Link>
      ) : reason === "no_changes_known" ? (
        <Link to="/dora/definition">What deployments tell</Link>
      ) : null}
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
