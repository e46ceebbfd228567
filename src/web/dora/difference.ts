import type { MetricName, Metrics } from "../api/types.ts";
import { isSame, metricDelta } from "../lib/format.ts";
import { METRIC_INFO } from "../lib/metric-info.ts";

export interface Difference {
  readonly text: string;
  readonly tone: "good" | "bad" | "none";
  /** Null: there is nothing to test. */
  readonly verdict: { readonly text: string; readonly isSure: boolean } | null;
}

/** The first side against the second, in words; in colour where it was tested, of what rests on enough. */
export function differenceOf(
  metric: MetricName,
  { value, trend, covered }: Metrics[MetricName],
  other: number | null,
): Difference {
  if (value === null || other === null) return { text: "nothing to compare", tone: "none", verdict: null };
  const delta = value - other;
  const verdict = verdictOf(trend);
  if (isSame(metric, delta, Math.max(value, other))) return { text: "about the same", tone: "none", verdict };
  const isBetter = delta < 0 === METRIC_INFO[metric].lowerIsBetter;
  const share =
    other > 0 ? ` (${delta > 0 ? "+" : "−"}${Math.round(Math.abs(delta / other) * 100)}\u00a0%)` : "";
  // Of rates the difference is in points already.
  const isRate = metric === "changeFailureRate" || metric === "reworkRate";
  return {
    text: `${isBetter ? "better" : "worse"} by ${metricDelta(metric, delta, Math.max(value, other))}${isRate ? "" : share}`,
    tone: trend?.significant !== true || covered === false ? "none" : isBetter ? "good" : "bad",
    verdict,
  };
}

function verdictOf(trend: Metrics[MetricName]["trend"]): Difference["verdict"] {
  if (!trend || trend.p === null || trend.significant === null) return { text: "not tested", isSure: false };
  const p = trend.p < 0.001 ? "p < 0.001" : `p = ${trend.p.toFixed(3)}`;
  return trend.significant
    ? { text: `significant, ${p}`, isSure: true }
    : { text: `may be chance, ${p}`, isSure: false };
}
