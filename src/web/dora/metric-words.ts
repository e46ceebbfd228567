/** Sentences about a metric's values: sample sizes, and the definition with the numbers put in. */
import type { Coverage, MetricName, Metrics, NoValue, SeriesPoint } from "../api/types.ts";
import type { CardMetric } from "../lib/metric-info.ts";
import { count, decimal, duration, metricValue, percent, plural } from "../lib/format.ts";

type Words = Record<MetricName, (metrics: Metrics) => string>;

/** What the value rests on: `128 changes`. */
export function sampleText(metric: MetricName, metrics: Metrics): string {
  return SAMPLES[metric](metrics);
}

/** What stands where the headline is; where there is no number, what kind of none it is. */
export function headlineText(
  metric: MetricName,
  {
    value,
    noValue,
    atLeast,
  }: { readonly value: number | null; readonly noValue?: NoValue; readonly atLeast?: number | null },
): string {
  if (value !== null) return metricValue(metric, value);
  if (isOfWholePage(metric, noValue)) return "–";
  if (noValue?.reason === "none_failed") return "None failed";
  if (noValue?.reason !== "still_open") return "No data";
  // Of failed deployments the headline is a median, which what is known by now does not bound.
  if (metric === "meanTimeToRecovery" && typeof atLeast === "number") return `≥ ${duration(atLeast)} so far`;
  return "Not known yet";
}

/** Nothing was deployed: that is the same for all numbers of deployments, and said once beside them. */
export const isOfWholePage = (metric: MetricName, noValue: NoValue | undefined): boolean =>
  metric !== "meanTimeToRecovery" &&
  (noValue?.reason === "no_source" || noValue?.reason === "none_in_window");

const openText = (open: number) => (open > 0 ? `, ${count(open)} still open` : "");

const SAMPLES: Words = {
  deploymentFrequency: ({ deploymentFrequency: { count: deployments, days } }) =>
    `${plural(deployments, "successful deployment")} in ${plural(days, "day")}`,
  changeLeadTime: ({ changeLeadTime: { n } }) => `${plural(n, "change")} shipped, whenever merged`,
  changeFailureRate: ({ changeFailureRate: { failed, total } }) =>
    `${count(failed)} of ${plural(total, "deployment")}`,
  failedDeploymentRecoveryTime: ({ failedDeploymentRecoveryTime: { n, open } }) =>
    `${count(n)} of ${plural(n + open, "failed deployment")} restored${openText(open)}`,
  reworkRate: ({ reworkRate: { rework, total } }) => `${count(rework)} of ${plural(total, "deployment")}`,
  meanTimeToRecovery: ({ meanTimeToRecovery: { n, open } }) =>
    `${count(n)} of ${plural(n + open, "incident")} resolved${openText(open)}`,
};

/** From so many rows on a number is put into a band. */
const BAND_FROM = 10;

const ROWS: Record<CardMetric, (metrics: Metrics) => readonly [rows: number, one: string]> = {
  deploymentFrequency: (all) => [all.deploymentFrequency.count, "deployment"],
  changeLeadTime: (all) => [all.changeLeadTime.n, "change"],
  changeFailureRate: (all) => [all.changeFailureRate.total, "deployment"],
  failedDeploymentRecoveryTime: (all) => [all.failedDeploymentRecoveryTime.n, "restored deployment"],
  reworkRate: (all) => [all.reworkRate.total, "deployment"],
};

/** What of it there is too little of for a band, and how much is wanted: `4 changes, 10 needed`; null where there is enough. */
export function fewText(metric: CardMetric, metrics: Metrics): string | null {
  if (!metrics[metric].few) return null;
  return `${plural(...ROWS[metric](metrics))}, ${BAND_FROM} needed`;
}

/** Why there is no number, or a grey one; null where there is nothing to say. */
export function whyText(metric: CardMetric, metrics: Metrics): string | null {
  const { value, noValue } = metrics[metric];
  if (value === null) return noValue?.text ?? null;
  const few = fewText(metric, metrics);
  return few === null ? null : `Too few for a band: ${few}.`;
}

/** Each part of the coverage that metrics rest on: how many count, of how many, and what that means. */
const PARTS = {
  changes: ({ attributedChanges, mergedChanges }: Coverage) =>
    [attributedChanges, mergedChanges, "merged changes are shipped by now"] as const,
  deployments: ({ countedDeployments = 0, deployments = 0 }: Coverage) =>
    [countedDeployments, deployments, "deployments say how they ended"] as const,
  incidents: ({ linkedIncidents, notCausedIncidents = 0, incidents }: Coverage) =>
    [linkedIncidents + notCausedIncidents, incidents, "incidents have their cause settled"] as const,
};

const RESTS_ON: Record<MetricName, readonly (keyof typeof PARTS)[]> = {
  deploymentFrequency: ["deployments"],
  changeLeadTime: ["changes"],
  changeFailureRate: ["deployments", "incidents"],
  failedDeploymentRecoveryTime: ["deployments", "incidents"],
  reworkRate: ["deployments"],
  meanTimeToRecovery: [],
};

export interface Thin {
  readonly text: string;
  /** A review of incidents would mend it. */
  readonly isOfIncidents: boolean;
}

/** Why a number is greyed, and how much more would do; null where it rests on enough. */
export function thinOf(
  metric: MetricName,
  { value, covered }: { value?: number | null; covered?: boolean | null },
  coverage: Coverage,
): Thin | null {
  if (covered !== false || value === null) return null;
  const floor = coverage.floor ?? 0;
  const short = RESTS_ON[metric].flatMap((part) => {
    const [counted, all, what] = PARTS[part](coverage);
    // 0.55 × 100 is a little more than 55 in floating point.
    const missing = Math.ceil(floor * all - 1e-9) - counted;
    return missing > 0
      ? [
          {
            part,
            text: `only ${count(counted)} of ${count(all)} ${what} (${percent(counted / all)}), ${count(missing)} more reach the ${percent(floor)} needed`,
          },
        ]
      : [];
  });
  if (short.length === 0) return null;
  const text = short.map((one) => one.text).join("; ");
  return {
    text: `${text.charAt(0).toUpperCase()}${text.slice(1)}.`,
    isOfIncidents: short.some(({ part }) => part === "incidents"),
  };
}

/** The calculation of the whole window, numbers put in. */
export function calculation(metric: MetricName, metrics: Metrics): string {
  return metrics[metric].noValue?.text ?? CALCULATIONS[metric](metrics);
}

const NOTHING = "Nothing to divide.";

const CALCULATIONS: Words = {
  deploymentFrequency({ deploymentFrequency }) {
    const { count: deployments, days, value, daysWithDeployment, medianBetween } = deploymentFrequency;
    if (value === null) return NOTHING;
    const between = medianBetween === null ? "" : ` Median time between two: ${duration(medianBetween)}.`;
    const rate = `${plural(deployments, "deployment")} ÷ ${plural(days, "day")} = ${decimal(value)} per day.`;
    return `${rate} Days with a deployment: ${count(daysWithDeployment)}.${between}`;
  },
  changeLeadTime: ({ changeLeadTime }) => percentiles(changeLeadTime, "change", "changes"),
  failedDeploymentRecoveryTime({ failedDeploymentRecoveryTime }) {
    const { open } = failedDeploymentRecoveryTime;
    const text = percentiles(failedDeploymentRecoveryTime, "recovery", "recoveries");
    return open === 0
      ? text
      : `${text} ${count(open)} still open, so the percentiles are Kaplan–Meier estimates.`;
  },
  changeFailureRate({ changeFailureRate: { failed, total, value, causes } }) {
    if (value === null) return NOTHING;
    const named = Object.entries(causes)
      .filter(([, times]) => times > 0)
      .map(([cause, times]) => `${cause} ${count(times)}`);
    const by = named.length === 0 ? "" : ` By cause (one deployment can have several): ${named.join(", ")}.`;
    return `${count(failed)} failed ÷ ${plural(total, "deployment")} = ${percent(value)}.${by}`;
  },
  reworkRate({ reworkRate: { rework, total, value } }) {
    if (value === null) return NOTHING;
    return `${count(rework)} made to repair ÷ ${plural(total, "deployment")} = ${percent(value)}.`;
  },
  meanTimeToRecovery({ meanTimeToRecovery: { mean, p50, n } }) {
    if (mean === null) return NOTHING;
    const median = p50 === null ? "" : ` Median ${duration(p50)}.`;
    return `Mean of ${plural(n, "incident")} = ${duration(mean)}.${median}`;
  },
};

/** The same for one bucket of the series. */
export function bucketCalculation(metric: MetricName, { value, n }: SeriesPoint): string {
  if (value === null) return "Nothing to measure in this period.";
  switch (metric) {
    case "deploymentFrequency":
      return `${plural(n, "deployment")} in this period, ${decimal(value)} per day.`;
    case "changeFailureRate":
      return `${count(Math.round(value * n))} failed ÷ ${plural(n, "deployment")} = ${percent(value)}.`;
    case "reworkRate":
      return `${count(Math.round(value * n))} made to repair ÷ ${plural(n, "deployment")} = ${percent(value)}.`;
    default:
      return `${metricValue(metric, value)} over ${plural(n, ...ROW[metric])}.`;
  }
}

const ROW: Record<
  "changeLeadTime" | "failedDeploymentRecoveryTime" | "meanTimeToRecovery",
  readonly [one: string, many: string]
> = {
  changeLeadTime: ["change", "changes"],
  failedDeploymentRecoveryTime: ["recovery", "recoveries"],
  meanTimeToRecovery: ["incident", "incidents"],
};

function percentiles(
  result: { p50: number | null; p75: number | null; p90: number | null; mean: number | null; n: number },
  one: string,
  many: string,
): string {
  const { p50, p75, p90, mean, n } = result;
  if (p50 === null)
    return n === 0 ? `No ${one} in this window.` : `The median of ${plural(n, one, many)} is not reached.`;
  const more = [
    p75 === null ? null : `75 % within ${duration(p75)}`,
    p90 === null ? null : `90 % within ${duration(p90)}`,
    mean === null ? null : `mean ${duration(mean)}`,
  ].filter((part) => part !== null);
  return `Median of ${plural(n, one, many)} = ${duration(p50)}; ${more.join(", ")}.`;
}
