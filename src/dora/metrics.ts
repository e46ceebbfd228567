/** The metrics as folds over observations (dora.md section 4). Value null where there is nothing to measure. */
import { bandOf, type TieredMetric, untiered } from "./benchmarks.ts";
import { bucketsOf, type Calendar, calendarOf } from "./calendar.ts";
import type { FailureCause, Stage } from "./derived.ts";
import { type MetricsInput, type Observation, observe } from "./observations.ts";
import type { Instant } from "./facts.ts";
import type {
  AllRegions,
  Band,
  Bucket,
  ChangeFailureRate,
  ChangeLeadTime,
  DeploymentFrequency,
  FailedDeploymentRecoveryTime,
  MeanTimeToRecovery,
  MetricName,
  Metrics,
  Percentiles,
  ReworkRate,
  SeriesPoint,
} from "./results.ts";
import {
  ascending,
  medianInterval,
  percentileCont,
  percentiles,
  poissonInterval,
  wilsonInterval,
} from "./statistics.ts";
import { durationPercentiles } from "./survival.ts";
import { bandByLimits, type Thresholds } from "./thresholds.ts";

const FEW = 10;
const DAYS_PER_MONTH = 30.4375;

/** All headlines of one scope and window. Throws a RangeError for an unknown time zone. */
export function computeMetrics(input: MetricsInput, thresholds: Thresholds = {}): Metrics {
  const rows = (metric: MetricName): readonly Observation[] => observe(metric, input).counted;
  return {
    deploymentFrequency: frequency(rows("deploymentFrequency"), input, thresholds),
    changeLeadTime: leadTime(rows("changeLeadTime"), thresholds, input.now),
    changeFailureRate: failureRate(rows("changeFailureRate"), thresholds),
    failedDeploymentRecoveryTime: recovery(rows("failedDeploymentRecoveryTime"), thresholds),
    meanTimeToRecovery: timeToRecovery(rows("meanTimeToRecovery")),
    reworkRate: rework(rows("reworkRate"), thresholds),
  };
}

/** Each metric bucket by bucket; the same folds over the rows of one bucket. Throws a RangeError beyond 40,000 buckets. */
export function computeSeries(input: MetricsInput): Record<MetricName, SeriesPoint[]> {
  const calendar = calendarOf(input.window.timezone);
  const buckets = bucketsOf(input.window, input.now);
  const series = (metric: MetricName): SeriesPoint[] => {
    const groups = groupByBucket(observe(metric, input).counted, buckets);
    return buckets.map((bucket, index) => {
      const rows = groups[index] as Observation[];
      return { ...bucket, ...pointOf(metric, rows, bucket, calendar, input.hasSource) };
    });
  };
  return {
    deploymentFrequency: series("deploymentFrequency"),
    changeLeadTime: series("changeLeadTime"),
    changeFailureRate: series("changeFailureRate"),
    failedDeploymentRecoveryTime: series("failedDeploymentRecoveryTime"),
    meanTimeToRecovery: series("meanTimeToRecovery"),
    reworkRate: series("reworkRate"),
  };
}

function groupByBucket(rows: readonly Observation[], buckets: readonly Bucket[]): Observation[][] {
  const groups: Observation[][] = buckets.map(() => []);
  for (const row of rows) {
    let low = 0;
    let high = buckets.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((buckets[middle] as Bucket).from <= row.at) low = middle;
      else high = middle - 1;
    }
    groups[low]?.push(row);
  }
  return groups;
}

function pointOf(
  metric: MetricName,
  rows: readonly Observation[],
  bucket: Bucket,
  calendar: Calendar,
  hasSource: boolean,
): Pick<SeriesPoint, "value" | "n"> {
  const n = rows.length;
  switch (metric) {
    case "deploymentFrequency":
      return { value: perDay(n, calendar.daysBetween(bucket.from, bucket.to), hasSource), n };
    case "changeLeadTime":
      return { value: percentileCont(ascending(rows.map(({ value }) => value)), 0.5), n };
    case "failedDeploymentRecoveryTime": {
      const { p50, n } = durationPercentiles(rows);
      return { value: p50, n };
    }
    case "meanTimeToRecovery": {
      const { mean, n } = durationPercentiles(rows);
      return { value: mean, n };
    }
    default:
      return { value: n === 0 ? null : sum(rows) / n, n };
  }
}

const sum = (rows: readonly Observation[]): number => rows.reduce((total, { value }) => total + value, 0);

const perDay = (count: number, days: number, hasSource: boolean): number | null =>
  hasSource && days > 0 ? count / days : null;

const headline = (metric: TieredMetric, value: number | null, thresholds: Thresholds) => {
  const limits = thresholds[metric];
  const band: Band =
    limits === undefined ? bandOf(metric, value, thresholds.benchmark) : bandByLimits(metric, value, limits);
  return { value, tier: band.tier, band };
};

function frequency(
  rows: readonly Observation[],
  { window, hasSource }: MetricsInput,
  thresholds: Thresholds,
): DeploymentFrequency {
  const calendar = calendarOf(window.timezone);
  const days = calendar.daysBetween(window.from, window.to);
  const count = rows.length;
  const value = perDay(count, days, hasSource);
  const [low, high] = poissonInterval(count);
  return {
    ...headline("deploymentFrequency", value, thresholds),
    unit: "per_day",
    count,
    days,
    daysWithDeployment: calendar.distinctDays(rows.map(({ at }) => at)),
    perWeek: value === null ? null : value * 7,
    perMonth: value === null ? null : value * DAYS_PER_MONTH,
    medianBetween: medianBetween(rows),
    interval95: value === null ? null : [low / days, high / days],
    few: count < FEW,
  };
}

/** Gaps between consecutive deployments of one service, pooled over the services. */
function medianBetween(rows: readonly Observation[]): number | null {
  const byService = new Map<string, number[]>();
  for (const { at, row } of rows) {
    if (row.kind !== "deployment") continue;
    const { service } = row.deployment;
    const times = byService.get(service);
    if (times === undefined) byService.set(service, [at]);
    else times.push(at);
  }
  const gaps: number[] = [];
  for (const times of byService.values()) {
    const sorted = ascending(times);
    for (let index = 1; index < sorted.length; index++)
      gaps.push(((sorted[index] as number) - (sorted[index - 1] as number)) / 1000);
  }
  return percentileCont(ascending(gaps), 0.5);
}

function leadTime(rows: readonly Observation[], thresholds: Thresholds, now: Instant): ChangeLeadTime {
  const values = ascending(rows.map(({ value }) => value));
  const all = percentiles(values);
  const stage = (name: keyof Stage): Percentiles =>
    percentiles(
      rows.flatMap(({ row }) => {
        const value = row.kind === "change" ? row.shipment.stages[name] : null;
        return value === null ? [] : [value];
      }),
    );
  return {
    ...headline("changeLeadTime", all.p50, thresholds),
    unit: "seconds",
    ...all,
    interval95: medianInterval(values),
    few: all.n < FEW,
    stages: {
      coding: stage("coding"),
      pickup: stage("pickup"),
      review: stage("review"),
      deploy: stage("deploy"),
    },
    allRegions: allRegions(rows, now),
  };
}

/** Changes of services with one region end where they end; those that are not everywhere yet are censored at `now`. */
function allRegions(rows: readonly Observation[], now: Instant): AllRegions | null {
  const reachOf = ({ row }: Observation) => (row.kind === "change" ? row.shipment.regions : null);
  if (!rows.some((one) => reachOf(one) !== null)) return null;
  const durations = rows.map((one) => {
    const reach = reachOf(one);
    const value = reach === null ? one.value : reach.everywhereSeconds;
    const sofar = Math.max(one.value, (now - one.at) / 1000 + one.value);
    return { value: value ?? sofar, open: value === null };
  });
  return { ...durationPercentiles(durations), open: durations.filter(({ open }) => open).length };
}

function failureRate(rows: readonly Observation[], thresholds: Thresholds): ChangeFailureRate {
  const failed = sum(rows);
  const total = rows.length;
  const withCause = (cause: FailureCause): number =>
    rows.filter(
      ({ row }) => row.kind === "deployment" && row.deployment.causes.some((found) => found.cause === cause),
    ).length;
  return {
    ...headline("changeFailureRate", total === 0 ? null : failed / total, thresholds),
    unit: "ratio",
    failed,
    total,
    causes: {
      status: withCause("status"),
      incident: withCause("incident"),
      rollback: withCause("rollback"),
      hotfix: withCause("hotfix"),
    },
    interval95: wilsonInterval(failed, total),
    few: total < FEW,
  };
}

function recovery(rows: readonly Observation[], thresholds: Thresholds): FailedDeploymentRecoveryTime {
  const all = durationPercentiles(rows);
  const open = rows.length - all.n;
  return {
    ...headline("failedDeploymentRecoveryTime", all.p50, thresholds),
    unit: "seconds",
    ...all,
    open,
    atLeast: atLeast(rows, open),
    interval95: open === 0 ? medianInterval(ascending(rows.map(({ value }) => value))) : null,
    few: all.n < FEW,
  };
}

function rework(rows: readonly Observation[], thresholds: Thresholds): ReworkRate {
  const repaired = sum(rows);
  const total = rows.length;
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
function timeToRecovery(rows: readonly Observation[]): MeanTimeToRecovery {
  const all = durationPercentiles(rows);
  const open = rows.length - all.n;
  return {
    value: all.mean,
    unit: "seconds",
    ...all,
    open,
    atLeast: atLeast(rows, open),
    interval95: open === 0 ? medianInterval(ascending(rows.map(({ value }) => value))) : null,
    few: all.n < FEW,
  };
}

const atLeast = (rows: readonly Observation[], open: number): number | null =>
  open === 0 ? null : sum(rows) / rows.length;
