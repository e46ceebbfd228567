import type { Coverage, Metrics } from "../api/types.ts";
import type { DoraSearch } from "../lib/dora-search.ts";
import { METRIC_INFO } from "../lib/metric-info.ts";
import { count } from "../lib/format.ts";
import { Link } from "@tanstack/react-router";
import { Delta } from "./delta.tsx";
import css from "./dora.module.css";
import { ExplainLink } from "./explain-link.tsx";
import { ValueLink, WhyNone } from "./metric-card.tsx";
import { sampleText } from "./metric-words.ts";

/** Mean time to recovery comes from incidents, not deployments: a line of its own, honest when nobody reports any. */
export function MttrStrip({
  metrics,
  coverage,
  evidence,
  explain,
}: {
  metrics: Metrics;
  coverage: Coverage;
  evidence: DoraSearch;
  explain: DoraSearch;
}) {
  const result = metrics.meanTimeToRecovery;
  const { n, open, noValue } = result;
  // The strip above counts these, too.
  const leftOut = coverage.incidents - n - open;
  return (
    <section className={`card ${css["mttr"]}`} aria-label="Mean time to recovery">
      <h2>Mean time to recovery</h2>
      <ValueLink metric="meanTimeToRecovery" result={result} evidence={evidence} />
      <ExplainLink metric="meanTimeToRecovery" search={explain} />
      <span className="muted">
        {noValue ? (
          <WhyNone noValue={noValue} evidence={evidence} />
        ) : (
          <>
            {METRIC_INFO.meanTimeToRecovery.measure} · {sampleText("meanTimeToRecovery", metrics)}
          </>
        )}
        {leftOut > 0 && noValue?.rows !== "excluded" ? (
          <>
            {" · "}
            <Link to="/dora" search={{ ...evidence, out: "all" }} resetScroll={false}>
              {count(leftOut)} left out
            </Link>
          </>
        ) : null}
      </span>
      <Delta metric="meanTimeToRecovery" result={result} />
    </section>
  );
}
