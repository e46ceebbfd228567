/** The metrics as folds over observations (dora.md section 4). Value null where there is nothing to measure. */
import { bandOf, type TieredMetric, untiered } from "./benchmarks.ts";
import { bucketsOf, type Calendar, calendarOf } from "./calendar.ts";
import type { MetricsInput } from "./observations.ts";
import type {
  Band,
  Bucket,
  ChangeFailureRate,
  ChangeLeadTime,
  DeploymentFrequency,
  FailedDeploymentRecoveryTime,
  MeanTimeToRecovery,
  MetricName,
  Metrics,
  ReworkRate,
  SeriesPoint,
} from "./results.ts";
import { type Durations, sumMs } from "./sorted.ts";
import {
  medianInterval,
  percentileCont,
  percentilesOf,
  poissonInterval,
  wilsonInterval,
} from "./statistics.ts";
import { type BucketSummary, bucketSummariesOf, type Summary, summaryOf } from "./summary.ts";
import { percentilesOfDurations } from "./survival.ts";
import { bandByLimits, type Thresholds } from "./thresholds.ts";

const FEW = 10;
const DAYS_PER_MONTH = 30.4375;

/** All headlines of one scope and window. Throws a RangeError for an unknown time zone. */
export const computeMetrics = (input: MetricsInput, thresholds: Thresholds = {}): Metrics =>
  metricsOf(summaryOf(input), input, thresholds);

type Asked = Pick<MetricsInput, "window" | "hasSource">;

export function metricsOf(summary: Summary, asked: Asked, thresholds: Thresholds = {}): Metrics {
  const of = <N extends MetricName>(name: N): Metrics[N] => metricOf(name, summary, asked, thresholds);
  return {
    deploymentFrequency: of("deploymentFrequency"),
    changeLeadTime: of("changeLeadTime"),
    changeFailureRate: of("changeFailureRate"),
    failedDeploymentRecoveryTime: of("failedDeploymentRecoveryTime"),
    meanTimeToRecovery: of("meanTimeToRecovery"),
    reworkRate: of("reworkRate"),
  };
}

const FOLDS: {
  readonly [N in MetricName]: (summary: Summary, thresholds: Thresholds, asked: Asked) => Metrics[N];
} = {
  deploymentFrequency: (summary, thresholds, asked) => frequency(summary, asked, thresholds),
  changeLeadTime: leadTime,
  changeFailureRate: failureRate,
  failedDeploymentRecoveryTime: recovery,
  meanTimeToRecovery: timeToRecovery,
  reworkRate: rework,
};

/** One of them: who watches a metric of hundreds of entities asks for no other. */
export const metricOf = <N extends MetricName>(
  name: N,
  summary: Summary,
  asked: Asked,
  thresholds: Thresholds = {},
): Metrics[N] => FOLDS[name](summary, thresholds, asked);

/** Each metric bucket by bucket; the same folds over the rows of one bucket. Throws a RangeError beyond 40,000 buckets. */
export function computeSeries(input: MetricsInput): Record<MetricName, SeriesPoint[]> {
  const buckets = bucketsOf(input.window, input.now);
  return seriesOf(buckets, bucketSummariesOf(input, buckets), input);
}

/** @param summaries of the buckets, in their order */
export function seriesOf(
  buckets: readonly Bucket[],
  summaries: readonly BucketSummary[],
  { window, hasSource }: Asked,
): Record<MetricName, SeriesPoint[]> {
  const calendar = calendarOf(window.timezone);
  const series = (metric: MetricName): SeriesPoint[] =>
    buckets.map((bucket, index) => ({
      ...bucket,
      ...pointOf(metric, summaries[index] as BucketSummary, bucket, calendar, hasSource),
    }));
  return {
    deploymentFrequency: series("deploymentFrequency"),
    changeLeadTime: series("changeLeadTime"),
    changeFailureRate: series("changeFailureRate"),
    failedDeploymentRecoveryTime: series("failedDeploymentRecoveryTime"),
    meanTimeToRecovery: series("meanTimeToRecovery"),
    reworkRate: series("reworkRate"),
  };
}

/** The deployment frequency of each bucket. @param counts of successful deployments in the buckets, in their order */
export function frequencySeries(
  buckets: readonly Bucket[],
  counts: readonly number[],
  { window, hasSource }: Asked,
): SeriesPoint[] {
  const calendar = calendarOf(window.timezone);
  return buckets.map((bucket, index) => {
    const n = counts[index] as number;
    return { ...bucket, value: perDay(n, calendar.daysBetween(bucket.from, bucket.to), hasSource), n };
  });
}

function pointOf(
  metric: MetricName,
  summary: BucketSummary,
  bucket: Bucket,
  calendar: Calendar,
  hasSource: boolean,
): Pick<SeriesPoint, "value" | "n"> {
  const share = (hits: number): Pick<SeriesPoint, "value" | "n"> => ({
    value: summary.total === 0 ? null : hits / summary.total,
    n: summary.total,
  });
  switch (metric) {
    case "deploymentFrequency": {
      const n = summary.count;
      return { value: perDay(n, calendar.daysBetween(bucket.from, bucket.to), hasSource), n };
    }
    case "changeLeadTime": {
      const { sorted } = summary.lead;
      return { value: percentileCont(sorted, 0.5), n: sorted.length };
    }
    case "failedDeploymentRecoveryTime": {
      const { p50, n } = percentilesOfDurations(summary.recovery);
      return { value: p50, n };
    }
    case "meanTimeToRecovery": {
      const { mean, n } = percentilesOfDurations(summary.incidents);
      return { value: mean, n };
    }
    case "changeFailureRate":
      return share(summary.failed);
    default:
      return share(summary.rework);
  }
}

const perDay = (count: number, days: number, hasSource: boolean): number | null =>
  hasSource && days > 0 ? count / days : null;

const headline = (metric: TieredMetric, value: number | null, thresholds: Thresholds) => {
  const limits = thresholds[metric];
  const band: Band =
    limits === undefined ? bandOf(metric, value, thresholds.benchmark) : bandByLimits(metric, value, limits);
  return { value, tier: band.tier, band };
};

function frequency(
  { count, daysWithDeployment, gaps }: Summary,
  { window, hasSource }: Asked,
  thresholds: Thresholds,
): DeploymentFrequency {
  const days = calendarOf(window.timezone).daysBetween(window.from, window.to);
  const value = perDay(count, days, hasSource);
  const [low, high] = poissonInterval(count);
  return {
    ...headline("deploymentFrequency", value, thresholds),
    unit: "per_day",
    count,
    days,
    daysWithDeployment,
    perWeek: value === null ? null : value * 7,
    perMonth: value === null ? null : value * DAYS_PER_MONTH,
    medianBetween: percentileCont(gaps, 0.5),
    interval95: value === null ? null : [low / days, high / days],
    few: count < FEW,
  };
}

function leadTime({ lead, stages, allRegions }: Summary, thresholds: Thresholds): ChangeLeadTime {
  const all = percentilesOf(lead);
  return {
    ...headline("changeLeadTime", all.p50, thresholds),
    unit: "seconds",
    ...all,
    interval95: medianInterval(lead.sorted),
    few: all.n < FEW,
    stages: {
      coding: percentilesOf(stages.coding),
      pickup: percentilesOf(stages.pickup),
      review: percentilesOf(stages.review),
      deploy: percentilesOf(stages.deploy),
    },
    allRegions,
  };
}

function failureRate({ failed, total, causes }: Summary, thresholds: Thresholds): ChangeFailureRate {
  return {
    ...headline("changeFailureRate", total === 0 ? null : failed / total, thresholds),
    unit: "ratio",
    failed,
    total,
    causes,
    interval95: wilsonInterval(failed, total),
    few: total < FEW,
  };
}

function recovery({ recovery }: Summary, thresholds: Thresholds): FailedDeploymentRecoveryTime {
  const all = percentilesOfDurations(recovery);
  return {
    ...headline("failedDeploymentRecoveryTime", all.p50, thresholds),
    unit: "seconds",
    ...all,
    ...bounds(recovery),
    few: all.n < FEW,
  };
}

function rework({ rework: repaired, total }: Summary, thresholds: Thresholds): ReworkRate {
  const value = total === 0 ? null : repaired / total;
  const limits = thresholds.reworkRate;
  const band =
    limits === undefined ? untiered(thresholds.benchmark) : bandByLimits("reworkRate", value, limits);
  return {
    unit: "ratio",
    value,
    rework: repaired,
    total,
    interval95: wilsonInterval(repaired, total),
    few: total < FEW,
    tier: band.tier,
    band,
  };
}

/** The mean is the headline, as its name says; with an open incident there is none, and `atLeast` bounds it. */
function timeToRecovery({ incidents }: Summary): MeanTimeToRecovery {
  const all = percentilesOfDurations(incidents);
  return { value: all.mean, unit: "seconds", ...all, ...bounds(incidents), few: all.n < FEW };
}

function bounds({
  closed,
  open,
}: Durations): Pick<FailedDeploymentRecoveryTime, "open" | "atLeast" | "interval95"> {
  const all = closed.sorted.length + open.length;
  return {
    open: open.length,
    atLeast: open.length === 0 ? null : (closed.sumMs + sumMs(open)) / 1000 / all,
    interval95: open.length === 0 ? medianInterval(closed.sorted) : null,
  };
}
