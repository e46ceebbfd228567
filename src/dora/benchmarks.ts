/**
 * The performance clusters of DORA's yearly reports as data, and where a value falls among them.
 *
 * The reports name clusters, not ordered cut-offs: ranges overlap (the best that fits is shown, and said) or leave gaps
 * (no tier there). Where a report gives only the centre of a cluster (change failure rate 2023, 2024), centres are taken as
 * limits, as in scorecards: this tool's own reading, and the note says so. 2025 dropped tiers; none are invented for it.
 */
import type { Band, Tier } from "./results.ts";
import { type Limits, tierByLimits } from "./thresholds.ts";

/** Reports that name clusters; 2020 had none, 2025 dropped them. */
export const BENCHMARK_YEARS = [2019, 2021, 2022, 2023, 2024] as const;
export type BenchmarkYear = (typeof BENCHMARK_YEARS)[number];
export type TieredMetric =
  | "deploymentFrequency"
  | "changeLeadTime"
  | "changeFailureRate"
  | "failedDeploymentRecoveryTime";

const DEFAULT_BENCHMARK: BenchmarkYear = 2024;

const HOUR = 3600;
const DAY = 24 * HOUR;
const DAYS_PER_MONTH = 30.4375;
const MONTH = DAYS_PER_MONTH * DAY;

interface Range {
  readonly from: number;
  /** Excluded, but for the frequencies, whose best range wins a shared end. */
  readonly to: number;
  readonly text: string;
}

/** Durations in seconds. */
const SPEEDS = {
  hour: { from: 0, to: HOUR, text: "less than an hour" },
  day: { from: HOUR, to: DAY, text: "less than a day" },
  week: { from: DAY, to: 7 * DAY, text: "between a day and a week" },
  month: { from: 7 * DAY, to: MONTH, text: "between a week and a month" },
  halfYear: { from: MONTH, to: 6 * MONTH, text: "between one and six months" },
  longer: { from: 6 * MONTH, to: Infinity, text: "more than six months" },
} as const satisfies Record<string, Range>;

/** Deployments per day. */
const PACES = {
  onDemand: { from: 1, to: Infinity, text: "on demand (read as at least once a day)" },
  daily: { from: 1 / 7, to: 1, text: "between once a day and once a week" },
  weekly: { from: 1 / DAYS_PER_MONTH, to: 1 / 7, text: "between once a week and once a month" },
  monthly: {
    from: 1 / (6 * DAYS_PER_MONTH),
    to: 1 / DAYS_PER_MONTH,
    text: "between once a month and once in six months",
  },
  rarely: { from: 0, to: 1 / (6 * DAYS_PER_MONTH), text: "less than once in six months" },
} as const satisfies Record<string, Range>;

type Speed = keyof typeof SPEEDS;
type Pace = keyof typeof PACES;

interface Cluster {
  readonly tier: Tier;
  /** Every range of duration that belongs to it. */
  readonly leadTime: readonly Speed[];
  readonly frequency: Pace;
  /** Whole percent: a range, or the centre of the cluster. */
  readonly failureRate: readonly [number, number] | number;
  readonly recovery: readonly Speed[];
}

const cluster = (
  tier: Tier,
  leadTime: readonly Speed[],
  frequency: Pace,
  failureRate: Cluster["failureRate"],
  recovery: readonly Speed[],
): Cluster => ({ tier, leadTime, frequency, failureRate, recovery });

const UNDER_DAY = ["hour", "day"] as const;

const CLUSTERS: Readonly<Record<BenchmarkYear, readonly Cluster[]>> = {
  2019: [
    cluster("elite", UNDER_DAY, "onDemand", [0, 15], ["hour"]),
    cluster("high", ["week"], "daily", [0, 15], UNDER_DAY),
    cluster("medium", ["month"], "weekly", [0, 15], UNDER_DAY),
    cluster("low", ["halfYear"], "monthly", [46, 60], ["month"]),
  ],
  2021: [
    cluster("elite", ["hour"], "onDemand", [0, 15], ["hour"]),
    cluster("high", ["week"], "weekly", [16, 30], UNDER_DAY),
    cluster("medium", ["halfYear"], "monthly", [16, 30], ["week"]),
    cluster("low", ["longer"], "rarely", [16, 30], ["longer"]),
  ],
  2022: [
    cluster("high", ["week"], "onDemand", [0, 15], UNDER_DAY),
    cluster("medium", ["month"], "weekly", [16, 30], ["week"]),
    cluster("low", ["halfYear"], "monthly", [46, 60], ["month"]),
  ],
  2023: [
    cluster("elite", UNDER_DAY, "onDemand", 5, ["hour"]),
    cluster("high", ["week"], "daily", 10, UNDER_DAY),
    cluster("medium", ["month"], "weekly", 15, ["week"]),
    cluster("low", ["month"], "weekly", 64, ["halfYear"]),
  ],
  2024: [
    cluster("elite", UNDER_DAY, "onDemand", 5, ["hour"]),
    cluster("high", ["week"], "daily", 20, UNDER_DAY),
    cluster("medium", ["month"], "weekly", 10, UNDER_DAY),
    cluster("low", ["halfYear"], "monthly", 40, ["month"]),
  ],
};

const RANKED = ["elite", "high", "medium"] as const;

/**
 * Limits as a ladder, for a scorecard: a cluster's limit is its own or that of a better one, whichever is easier, because
 * clusters are not ordered (in 2024 the medium one fails less than the high one). Centres of clusters are taken as limits.
 */
export function ladderOf(year: BenchmarkYear = DEFAULT_BENCHMARK): Readonly<Record<TieredMetric, Limits>> {
  const best = CLUSTERS[year];
  const upTo = (tier: (typeof RANKED)[number]): readonly Cluster[] => {
    const tiers: readonly Tier[] = RANKED.slice(0, RANKED.indexOf(tier) + 1);
    const found = best.filter((one) => tiers.includes(one.tier));
    // Where a year has no such cluster, the next one speaks for it.
    return found.length > 0 ? found : best.slice(0, 1);
  };
  const limits = (of: (clusters: readonly Cluster[]) => number): Limits => ({
    elite: of(upTo("elite")),
    high: of(upTo("high")),
    medium: of(upTo("medium")),
  });
  const slowest = (speeds: readonly Speed[]): number => Math.max(...speeds.map((speed) => SPEEDS[speed].to));
  return {
    deploymentFrequency: limits((all) => Math.min(...all.map(({ frequency }) => PACES[frequency].from))),
    changeLeadTime: limits((all) => slowest(all.flatMap(({ leadTime }) => leadTime))),
    changeFailureRate: limits((all) =>
      Math.max(...all.map(({ failureRate: rate }) => (typeof rate === "number" ? rate : rate[1]) / 100)),
    ),
    failedDeploymentRecoveryTime: limits((all) => slowest(all.flatMap(({ recovery }) => recovery))),
  };
}

/** Percent of the respondents of the year in each cluster, best first. */
const SHARES: Readonly<Record<BenchmarkYear, readonly number[]>> = {
  2019: [20, 23, 44, 12],
  2021: [26, 40, 28, 7],
  2022: [11, 69, 19],
  2023: [18, 31, 33, 17],
  2024: [19, 22, 35, 25],
};

const CAVEATS: Readonly<Record<BenchmarkYear, readonly string[]>> = {
  2019: ["elite, high and medium share 0 to 15 % of failures"],
  2021: [
    "no cluster between an hour and a day of lead time",
    "high, medium and low share 16 to 30 % of failures",
  ],
  2022: ["three clusters: none is called elite"],
  2023: ["failure rates are centres of clusters; a cut-off between them is the tool's own reading"],
  2024: [
    "failure rates are centres of clusters; a cut-off between them is the tool's own reading",
    "the medium cluster fails less (10 %) than the high one (20 %)",
  ],
};

export interface ClusterFacts {
  readonly tier: Tier;
  readonly sharePercent: number | null;
  readonly changeLeadTime: string;
  readonly deploymentFrequency: string;
  /** A range, or the centre of the cluster. */
  readonly changeFailureRate: string;
  readonly failedDeploymentRecoveryTime: string;
}

/** The clusters of a report as it tells them, with what to mind. */
export function reportOf(year: BenchmarkYear): {
  readonly source: string;
  readonly caveats: readonly string[];
  readonly clusters: readonly ClusterFacts[];
} {
  const spans = (speeds: readonly Speed[]): string =>
    speeds.includes("day") ? SPEEDS.day.text : speeds.map((speed) => SPEEDS[speed].text).join(" or ");
  return {
    source: `DORA, State of DevOps report ${year} (dora.dev)`,
    caveats: ["clusters of answers to a survey, not cut-offs in order", ...CAVEATS[year]],
    clusters: CLUSTERS[year].map(({ tier, leadTime, frequency, failureRate, recovery }, index) => ({
      ...{ tier, sharePercent: SHARES[year][index] ?? null },
      ...{ changeLeadTime: spans(leadTime), deploymentFrequency: PACES[frequency].text },
      changeFailureRate:
        typeof failureRate === "number" ? `around ${failureRate} %` : `${failureRate.join(" to ")} %`,
      failedDeploymentRecoveryTime: spans(recovery),
    })),
  };
}

/** Where a value falls. Durations in seconds, frequency per day, failure rate as a ratio; null has no tier. */
export function bandOf(
  metric: TieredMetric,
  value: number | null,
  year: BenchmarkYear = DEFAULT_BENCHMARK,
): Band {
  const benchmark = `dora-${year}`;
  if (value === null) return { tier: null, benchmark, note: null };
  if (metric === "changeFailureRate" && typeof CLUSTERS[year][0]?.failureRate === "number")
    return { benchmark, ...byCentres(value, year) };
  const ranges = rangesOf(metric, year);
  const fits = ranges.filter(({ from, to }) =>
    metric === "changeLeadTime" || metric === "failedDeploymentRecoveryTime"
      ? value >= from && value < to
      : value >= from && value <= to,
  );
  const best = fits[0];
  if (best !== undefined) {
    const tiers = [...new Set(fits.map(({ tier }) => tier))];
    const shared = tiers.length > 1 ? `; clusters ${tiers.join(" and ")} share it, the best is shown` : "";
    return { tier: best.tier, benchmark, note: `DORA ${year}, ${best.tier}: ${best.text}${shared}` };
  }
  const worst = ranges.at(-1);
  if (worst !== undefined && isBeyond(metric, value, worst))
    return { tier: "low", benchmark, note: `DORA ${year}: beyond its lowest cluster (${worst.text})` };
  // A ladder has no gaps: it is said, so that nobody wonders at the level of a scorecard.
  const onLadder = tierByLimits(metric, value, ladderOf(year)[metric]);
  return {
    ...{ tier: null, benchmark },
    note: `DORA ${year} has no cluster at this value; scorecards, which have no gaps, count it as ${onLadder}`,
  };
}

/** Deployment rework has no clusters in any report. */
export const untiered = (year: BenchmarkYear = DEFAULT_BENCHMARK): Band => ({
  tier: null,
  benchmark: `dora-${year}`,
  note: `DORA ${year} names no clusters for rework`,
});

function rangesOf(metric: TieredMetric, year: BenchmarkYear): (Range & { readonly tier: Tier })[] {
  return CLUSTERS[year].flatMap(({ tier, leadTime, frequency, failureRate, recovery }) => {
    if (metric === "deploymentFrequency") return [{ tier, ...PACES[frequency] }];
    if (metric === "changeLeadTime") return leadTime.map((speed) => ({ tier, ...SPEEDS[speed] }));
    if (metric === "failedDeploymentRecoveryTime")
      return recovery.map((speed) => ({ tier, ...SPEEDS[speed] }));
    if (typeof failureRate === "number") return [];
    const [from, to] = failureRate;
    return [{ tier, from: from / 100, to: to / 100, text: `${from} to ${to} %` }];
  });
}

const isBeyond = (metric: TieredMetric, value: number, worst: Range): boolean =>
  metric === "deploymentFrequency" ? value < worst.from : value > worst.from;

function byCentres(value: number, year: BenchmarkYear): Pick<Band, "tier" | "note"> {
  const limits = ladderOf(year).changeFailureRate;
  const tier = tierByLimits("changeFailureRate", value, limits);
  const limit = Math.round((tier === "low" ? limits.medium : limits[tier]) * 100);
  const order =
    year === 2024 ? "; in 2024 the medium cluster fails less (10 %) than the high one (20 %)" : "";
  const at = `DORA ${year}, ${tier}: ${tier === "low" ? "above" : "at most"} ${limit} %`;
  return {
    tier,
    note: `${at}; the report gives centres only, taking them as limits is Fairway's reading${order}`,
  };
}
