import { Link } from "@tanstack/react-router";
import { METRICS, type MetricName, type Metrics, type MetricsAnswer } from "../api/types.ts";
import { encodeDoraSearch, type DoraQuery } from "../lib/dora-search.ts";
import { metricValue } from "../lib/format.ts";
import { METRIC_INFO } from "../lib/metric-info.ts";
import { Tag } from "../parts/tag.tsx";
import { differenceOf } from "./difference.ts";
import { NoNumber } from "./metric-card.tsx";
import { sampleText } from "./metric-words.ts";
import css from "./compare.module.css";

export interface Side {
  readonly name: string;
  /** Its question on the DORA page. */
  readonly query: DoraQuery;
}

interface Props {
  answer: MetricsAnswer;
  other: NonNullable<MetricsAnswer["comparedWith"]>;
  sides: readonly [Side, Side];
}

/** Every metric of both sides, by how much they differ, and whether that may be chance. */
export function CompareTable({ answer, other, sides: [first, second] }: Props) {
  return (
    <div className="scroll-x" tabIndex={0} role="region" aria-label="Comparison">
      <table className={`data stacked ${css["table"]}`}>
        <thead>
          <tr>
            <th scope="col">Metric</th>
            <th scope="col" className="num">
              {first.name}
            </th>
            <th scope="col" className="num">
              {second.name}
            </th>
            <th scope="col">Difference</th>
            <th scope="col">Chance?</th>
          </tr>
        </thead>
        <tbody>
          {METRICS.map((metric) => {
            const change = differenceOf(metric, answer.metrics[metric], other.metrics[metric].value);
            return (
              <tr key={metric}>
                <th scope="row" className={css["metric"]}>
                  {METRIC_INFO[metric].title}
                </th>
                <Value metric={metric} side={first} metrics={answer.metrics} />
                <Value metric={metric} side={second} metrics={other.metrics} />
                <td data-label="Difference" data-tone={change.tone} className={css["difference"]}>
                  <span>{change.text}</span>
                </td>
                <td data-label="Chance?">
                  <span>
                    {change.verdict === null ? (
                      <span className="muted">–</span>
                    ) : (
                      <Tag {...(change.verdict.isSure ? { tone: "good" as const } : {})}>
                        {change.verdict.text}
                      </Tag>
                    )}
                  </span>
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

function Value({ metric, side, metrics }: { metric: MetricName; side: Side; metrics: Metrics }) {
  const { value, few, covered } = metrics[metric];
  return (
    <td className="num" data-label={side.name}>
      {value === null ? (
        <span>
          <NoNumber metric={metric} result={metrics[metric]} />
          <span className={css["sample"]} aria-hidden>
            {metrics[metric].noValue?.text}
          </span>
        </span>
      ) : (
        <span>
          <Link
            to="/dora"
            search={encodeDoraSearch({ ...side.query, evidence: { metric, bucket: null } })}
            aria-label={`${METRIC_INFO[metric].title}, ${side.name}: ${metricValue(metric, value)}, evidence`}
            className={few || covered === false ? "muted" : undefined}
          >
            {metricValue(metric, value)}
          </Link>
          <span className={css["sample"]}>
            {sampleText(metric, metrics)}
            {few ? ", few" : ""}
            {covered === false ? ", too little known" : ""}
          </span>
        </span>
      )}
    </td>
  );
}
