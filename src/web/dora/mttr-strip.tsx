import type { Metrics } from "../api/types.ts";
import type { DoraSearch } from "../lib/dora-search.ts";
import { METRIC_INFO } from "../lib/metric-info.ts";
import { Delta } from "./delta.tsx";
import css from "./dora.module.css";
import { ExplainLink } from "./explain-link.tsx";
import { ValueLink } from "./metric-card.tsx";
import { sampleText } from "./metric-words.ts";

/** Mean time to recovery comes from incidents, not deployments: a line of its own, honest when nobody reports any. */
export function MttrStrip({
  metrics,
  hasSource,
  evidence,
  explain,
}: {
  metrics: Metrics;
  /** Something reports incidents. */
  hasSource: boolean;
  evidence: DoraSearch;
  explain: DoraSearch;
}) {
  const { value, previous, trend, n } = metrics.meanTimeToRecovery;
  return (
    <section className={`card ${css["mttr"]}`} aria-label="Mean time to recovery">
      <h2>Mean time to recovery</h2>
      <ValueLink metric="meanTimeToRecovery" value={value} evidence={evidence} />
      <ExplainLink metric="meanTimeToRecovery" search={explain} />
      {value === null ? (
        <span className="muted">
          {n > 0
            ? sampleText("meanTimeToRecovery", metrics)
            : hasSource
              ? "No incident began in this window."
              : METRIC_INFO.meanTimeToRecovery.noData}
        </span>
      ) : (
        <>
          <span className="muted">
            {METRIC_INFO.meanTimeToRecovery.measure} · {sampleText("meanTimeToRecovery", metrics)}
          </span>
          <Delta metric="meanTimeToRecovery" value={value} previous={previous} trend={trend} />
        </>
      )}
    </section>
  );
}
