/** What the headlines of a scope and window, or of one bucket, are made of: counts and ascending values. */
import { type Calendar, calendarOf } from "./calendar.ts";
import type { FailureCause, Stage } from "./derived.ts";
import type { Instant } from "./facts.ts";
import { type MetricsInput, type Observation, observe } from "./observations.ts";
import type { AllRegions, Bucket, MetricName } from "./results.ts";
import { ascending, type Durations, type Sorted, type Values, valuesOf } from "./sorted.ts";
import { durationPercentiles, durationsOf } from "./survival.ts";

export interface BucketSummary {
  /** Successful deployments. */
  readonly count: number;
  readonly lead: Values;
  /** Deployments that count for the rates. */
  readonly total: number;
  readonly failed: number;
  readonly rework: number;
  readonly recovery: Durations;
  readonly incidents: Durations;
}

export interface Summary extends BucketSummary {
  readonly daysWithDeployment: number;
  /** Seconds between consecutive deployments of one service, pooled over the services. */
  readonly gaps: Sorted;
  readonly stages: Readonly<Record<keyof Stage, Values>>;
  readonly allRegions: AllRegions | null;
  readonly causes: Readonly<Record<FailureCause, number>>;
}

/** How many rows a metric is made of. */
export function rowsIn(metric: MetricName, summary: Summary): number {
  const all = ({ closed, open }: Durations): number => closed.sorted.length + open.length;
  switch (metric) {
    case "deploymentFrequency":
      return summary.count;
    case "changeLeadTime":
      return summary.lead.sorted.length;
    case "failedDeploymentRecoveryTime":
      return all(summary.recovery);
    case "meanTimeToRecovery":
      return all(summary.incidents);
    default:
      return summary.total;
  }
}

type Counted = Readonly<Record<MetricName, readonly Observation[]>>;

function countedOf(input: MetricsInput): Counted {
  const rows = (metric: MetricName): readonly Observation[] => observe(metric, input).counted;
  return {
    deploymentFrequency: rows("deploymentFrequency"),
    changeLeadTime: rows("changeLeadTime"),
    changeFailureRate: rows("changeFailureRate"),
    failedDeploymentRecoveryTime: rows("failedDeploymentRecoveryTime"),
    meanTimeToRecovery: rows("meanTimeToRecovery"),
    reworkRate: rows("reworkRate"),
  };
}

export function summaryOf(input: MetricsInput): Summary {
  const counted = countedOf(input);
  const deployed = counted.deploymentFrequency;
  const calendar: Calendar = calendarOf(input.window.timezone);
  const changes = counted.changeLeadTime;
  const stage = (name: keyof Stage): Values =>
    valuesOf(
      changes.flatMap(({ row }) => {
        const value = row.kind === "change" ? row.shipment.stages[name] : null;
        return value === null ? [] : [value];
      }),
    );
  const withCause = (cause: FailureCause): number =>
    counted.changeFailureRate.filter(
      ({ row }) => row.kind === "deployment" && row.deployment.causes.some((found) => found.cause === cause),
    ).length;
  return {
    ...bucketSummaryOf(counted),
    daysWithDeployment: calendar.distinctDays(deployed.map(({ at }) => at)),
    gaps: gapsOf(deployed),
    stages: {
      coding: stage("coding"),
      pickup: stage("pickup"),
      review: stage("review"),
      deploy: stage("deploy"),
    },
    allRegions: allRegionsOf(changes, input.now),
    causes: {
      status: withCause("status"),
      incident: withCause("incident"),
      rollback: withCause("rollback"),
      hotfix: withCause("hotfix"),
    },
  };
}

function bucketSummaryOf(counted: Counted): BucketSummary {
  return {
    count: counted.deploymentFrequency.length,
    lead: valuesOf(counted.changeLeadTime.map(({ value }) => value)),
    total: counted.changeFailureRate.length,
    failed: sum(counted.changeFailureRate),
    rework: sum(counted.reworkRate),
    recovery: durationsOf(counted.failedDeploymentRecoveryTime),
    incidents: durationsOf(counted.meanTimeToRecovery),
  };
}

/** Of each bucket, in their order. */
export function bucketSummariesOf(input: MetricsInput, buckets: readonly Bucket[]): BucketSummary[] {
  const counted = countedOf(input);
  const groups = (metric: MetricName) => groupByBucket(counted[metric], buckets);
  const grouped = {
    deploymentFrequency: groups("deploymentFrequency"),
    changeLeadTime: groups("changeLeadTime"),
    changeFailureRate: groups("changeFailureRate"),
    failedDeploymentRecoveryTime: groups("failedDeploymentRecoveryTime"),
    meanTimeToRecovery: groups("meanTimeToRecovery"),
    reworkRate: groups("reworkRate"),
  };
  const of = (metric: MetricName, index: number) => grouped[metric][index] as Observation[];
  return buckets.map((_, index) =>
    bucketSummaryOf({
      deploymentFrequency: of("deploymentFrequency", index),
      changeLeadTime: of("changeLeadTime", index),
      changeFailureRate: of("changeFailureRate", index),
      failedDeploymentRecoveryTime: of("failedDeploymentRecoveryTime", index),
      meanTimeToRecovery: of("meanTimeToRecovery", index),
      reworkRate: of("reworkRate", index),
    }),
  );
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

const sum = (rows: readonly Observation[]): number => rows.reduce((total, { value }) => total + value, 0);

function gapsOf(rows: readonly Observation[]): number[] {
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
  return ascending(gaps);
}

/** A change as its regions see it. */
interface Reach {
  readonly at: Instant;
  readonly leadSeconds: number;
  /** Null where its environment has one region. */
  readonly regions: { readonly everywhereSeconds: number | null } | null;
}

const allRegionsOf = (rows: readonly Observation[], now: Instant): AllRegions | null =>
  reachOf(
    rows.flatMap(({ at, value, row }) =>
      row.kind === "change" ? [{ at, leadSeconds: value, regions: row.shipment.regions }] : [],
    ),
    now,
  );

/** Changes of services with one region end where they end; those that are not everywhere yet are censored at `now`. */
function reachOf(rows: readonly Reach[], now: Instant): AllRegions | null {
  if (!rows.some(({ regions }) => regions !== null)) return null;
  const durations = rows.map(({ at, leadSeconds, regions }) => {
    const value = regions === null ? leadSeconds : regions.everywhereSeconds;
    const sofar = Math.max(leadSeconds, (now - at) / 1000 + leadSeconds);
    return { value: value ?? sofar, open: value === null };
  });
  return { ...durationPercentiles(durations), open: durations.filter(({ open }) => open).length };
}
