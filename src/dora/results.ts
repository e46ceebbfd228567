/** The answers of the metrics, in the shape of the public API (times as ISO strings are made by the caller). */
import type { Instant } from "./facts.ts";

export type MetricName =
  | "deploymentFrequency"
  | "changeLeadTime"
  | "changeFailureRate"
  | "failedDeploymentRecoveryTime"
  | "meanTimeToRecovery"
  | "reworkRate";

export type Tier = "elite" | "high" | "medium" | "low";
export type Interval = readonly [number, number] | null;

export interface Trend {
  /** This window minus the previous one, in the metric's unit; null when either is null. */
  readonly delta: number | null;
  readonly significant: boolean | null;
  readonly p: number | null;
}

/** How the tier was found; always shown beside it. */
export interface Band {
  readonly tier: Tier | null;
  /** e.g. `dora-2024`. */
  readonly benchmark: string;
  readonly note: string | null;
}

export interface Percentiles {
  readonly p50: number | null;
  readonly p75: number | null;
  readonly p90: number | null;
  readonly p95: number | null;
  readonly mean: number | null;
  readonly n: number;
}

interface Headline {
  readonly value: number | null;
  readonly few: boolean;
  readonly interval95: Interval;
  readonly tier: Tier | null;
  readonly band: Band;
}

export interface DeploymentFrequency extends Headline {
  readonly unit: "per_day";
  readonly count: number;
  readonly days: number;
  readonly daysWithDeployment: number;
  readonly perWeek: number | null;
  readonly perMonth: number | null;
  /** Seconds between consecutive deployments of one service, median; null below two. */
  readonly medianBetween: number | null;
}

export interface ChangeLeadTime extends Headline, Percentiles {
  readonly unit: "seconds";
  readonly stages: {
    readonly coding: Percentiles;
    readonly pickup: Percentiles;
    readonly review: Percentiles;
    readonly deploy: Percentiles;
  };
  /**
   * From the start of each change to the last region it went to, over the same changes as the headline, which ends with
   * the first; null where no environment has several regions.
   */
  readonly allRegions: AllRegions | null;
}

export interface AllRegions extends Percentiles {
  /** Changes that have not reached every region yet: counted as at least so long. */
  readonly open: number;
}

export interface ChangeFailureRate extends Headline {
  readonly unit: "ratio";
  readonly failed: number;
  readonly total: number;
  readonly causes: {
    readonly status: number;
    readonly incident: number;
    readonly rollback: number;
    readonly hotfix: number;
  };
}

export interface FailedDeploymentRecoveryTime extends Headline, Percentiles {
  readonly unit: "seconds";
  readonly open: number;
  /** With open ones: the mean if all of them ended now; the true mean is at least that. */
  readonly atLeast: number | null;
}

export interface MeanTimeToRecovery {
  readonly value: number | null;
  readonly unit: "seconds";
  readonly mean: number | null;
  readonly p50: number | null;
  readonly p75: number | null;
  readonly p90: number | null;
  readonly p95: number | null;
  readonly n: number;
  readonly open: number;
  /** With open ones: the mean if all of them ended now; the true mean is at least that. */
  readonly atLeast: number | null;
  readonly interval95: Interval;
  readonly few: boolean;
}

export interface ReworkRate extends Headline {
  readonly unit: "ratio";
  readonly rework: number;
  readonly total: number;
}

export interface Metrics {
  readonly deploymentFrequency: DeploymentFrequency;
  readonly changeLeadTime: ChangeLeadTime;
  readonly changeFailureRate: ChangeFailureRate;
  readonly failedDeploymentRecoveryTime: FailedDeploymentRecoveryTime;
  readonly meanTimeToRecovery: MeanTimeToRecovery;
  readonly reworkRate: ReworkRate;
}

/** One bucket of a series; half-open [from, to). */
export interface Bucket {
  /** `2026-08-03`, `2026-W32` or `2026-08`. */
  readonly id: string;
  readonly from: Instant;
  readonly to: Instant;
  /** Cut by the window, or not over yet. */
  readonly partial: boolean;
}

export interface SeriesPoint extends Bucket {
  readonly value: number | null;
  readonly n: number;
}

export interface Window {
  readonly from: Instant;
  readonly to: Instant;
  readonly timezone: string;
  readonly interval: "day" | "week" | "month";
  readonly weekStart: "monday" | "sunday";
}
