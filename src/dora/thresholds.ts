/** Tiers by limits of the user's own, instead of those of a DORA report. */
import { spanWords } from "../model/span-words.ts";
import type { BenchmarkYear } from "./benchmarks.ts";
import type { Band, MetricName, Tier } from "./results.ts";

/** The metrics that limits can be set for. */
export const LIMITED = [
  "deploymentFrequency",
  "changeLeadTime",
  "changeFailureRate",
  "failedDeploymentRecoveryTime",
  "reworkRate",
] as const satisfies readonly MetricName[];
export type LimitedMetric = (typeof LIMITED)[number];

/** Deployments per day (at least so many), seconds (less), ratio (at most). */
export interface Limits {
  readonly elite: number;
  readonly high: number;
  readonly medium: number;
}

/** Which report values are compared with, and the limits that beat it. */
export interface Thresholds extends Partial<Readonly<Record<LimitedMetric, Limits>>> {
  readonly benchmark?: BenchmarkYear;
}

const ORDER = ["elite", "high", "medium"] as const;

/** Null for no value; `low` beyond the last limit. */
export function bandByLimits(metric: LimitedMetric, value: number | null, limits: Limits): Band {
  if (value === null) return { tier: null, benchmark: "own", note: null };
  const tier = tierByLimits(metric, value, limits);
  const limit = tier === "low" ? limits.medium : limits[tier];
  return {
    tier,
    benchmark: "own",
    note: `own threshold, ${tier}: ${tier === "low" ? "beyond" : WORDS[metric]} ${limitWords(metric, limit)}`,
  };
}

/** The best whose limit holds; `low` beyond the last. */
export function tierByLimits(metric: LimitedMetric, value: number, limits: Limits): Tier {
  return ORDER.find((one) => holds(metric, value, limits[one])) ?? "low";
}

function holds(metric: LimitedMetric, value: number, limit: number): boolean {
  if (metric === "deploymentFrequency") return value >= limit;
  return UNITS[metric] === "seconds" ? value < limit : value <= limit;
}

const UNITS: Readonly<Record<LimitedMetric, string>> = {
  deploymentFrequency: "per day",
  changeLeadTime: "seconds",
  changeFailureRate: "of 1",
  failedDeploymentRecoveryTime: "seconds",
  reworkRate: "of 1",
};

/** `90 minutes`, `1 week`, `15 %`, `0.5 per day`. */
function limitWords(metric: LimitedMetric, limit: number): string {
  const unit = UNITS[metric];
  if (unit === "seconds") return spanWords(limit) ?? `${limit} seconds`;
  return unit === "of 1" ? `${Math.round(limit * 10_000) / 100} %` : `${limit} ${unit}`;
}

const WORDS: Readonly<Record<LimitedMetric, string>> = {
  deploymentFrequency: "at least",
  changeLeadTime: "less than",
  changeFailureRate: "at most",
  failedDeploymentRecoveryTime: "less than",
  reworkRate: "at most",
};

/** @returns the rule that the limits break; null when they are right */
export function limitsProblem(metric: LimitedMetric, { elite, high, medium }: Limits): string | null {
  const falls = elite > high && high > medium;
  const rises = elite < high && high < medium;
  if (metric === "deploymentFrequency") return falls ? null : "must fall from elite to medium";
  if (!rises) return "must rise from elite to medium";
  return UNITS[metric] === "of 1" && medium > 1 ? "must not exceed 1: rates are ratios" : null;
}
