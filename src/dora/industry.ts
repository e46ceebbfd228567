/**
 * The means of DORA's surveys by industry on its scale from 0 to 10, and where measured values fall on that scale. Data with
 * its source and its caveats; no tiers are made of it.
 */
import type { TieredMetric } from "./benchmarks.ts";

export type ScaledMetric = TieredMetric | "reworkRate";

/** Durations and frequencies on the scale (10 is best), rates in percent as the reports print them. */
export interface IndustryMeans {
  readonly industry: string;
  readonly changeLeadTime: number;
  readonly deploymentFrequency: number;
  readonly failedDeploymentRecoveryTime: number;
  readonly changeFailurePercent: number;
  readonly reworkPercent: number | null;
}

const means = (
  industry: string,
  [lead, frequency, recovery, failures, rework]: readonly [number, number, number, number, number | null],
): IndustryMeans => ({
  industry,
  changeLeadTime: lead,
  deploymentFrequency: frequency,
  failedDeploymentRecoveryTime: recovery,
  changeFailurePercent: failures,
  reworkPercent: rework,
});

export interface IndustryEdition {
  readonly year: 2024 | 2025;
  readonly source: string;
  readonly caveats: readonly string[];
  /** Of all industries together, in the units of the means; null where it is not published. */
  readonly standardDeviations: Omit<IndustryMeans, "industry"> | null;
  readonly means: readonly IndustryMeans[];
}

const SCALE_CAVEAT =
  "answers of a survey on a scale of six steps; a measured value is put on the step whose span holds it";

export const INDUSTRY_EDITIONS: readonly IndustryEdition[] = [
  {
    year: 2025,
    source:
      "DORA, State of AI-assisted Software Development 2025 and the benchmark published with it (dora.dev)",
    caveats: [
      SCALE_CAVEAT,
      "2025 has no performance tiers, and none are made of these means",
      "the file by size of organisation has recovery the other way round (2.6 for all); its values are not used here",
    ],
    standardDeviations: {
      ...{ changeLeadTime: 2.4, deploymentFrequency: 2.8, failedDeploymentRecoveryTime: 2.1 },
      ...{ changeFailurePercent: 21, reworkPercent: 22 },
    },
    means: [
      means("all", [5.5, 4.8, 7.4, 19, 22]),
      means("technology", [5.7, 4.9, 7.4, 19, 23]),
      means("financial services", [5.4, 5.1, 7.7, 17, 19]),
      means("retail and e-commerce", [5.9, 5.3, 7.8, 17, 20]),
      means("media and entertainment", [5.8, 5.2, 7.6, 18, 18]),
      means("telecommunications", [5.2, 4.7, 7.2, 24, 26]),
      means("healthcare and pharmaceuticals", [5.0, 4.3, 7.1, 25, 26]),
      means("government", [4.8, 4.3, 7.0, 21, 24]),
      means("insurance", [4.8, 4.4, 7.5, 17, 18]),
      means("industrial and manufacturing", [4.9, 3.7, 6.5, 20, 24]),
      means("education", [5.5, 4.5, 6.6, 27, 29]),
      means("energy", [5.4, 4.5, 7.2, 18, 21]),
      means("non-profit", [5.9, 4.5, 7.5, 22, 21]),
      means("other", [5.7, 5.0, 7.6, 16, 20]),
    ],
  },
  {
    year: 2024,
    source: "DORA, Accelerate State of DevOps 2024 and the benchmark published with it (dora.dev)",
    caveats: [SCALE_CAVEAT, "2024 has no value for rework"],
    standardDeviations: null,
    means: [means("all", [5.1, 5.3, 7.5, 17, null])],
  },
];

const DAY = 86_400;
const MONTH = 30.4375 * DAY;
/** Upper ends of the steps, slowest first: more than six months, one to six, a week to a month, a day to a week, … */
const DURATIONS = [6 * MONTH, MONTH, 7 * DAY, DAY, 3600];
/** Lower ends, rarest first: monthly, weekly, daily, more than once a day; hourly and on demand are told apart by 24 a day. */
const PACES = [1 / (6 * 30.4375), 1 / 30.4375, 1 / 7, 1, 24];

/**
 * A measured value on the scale from 0 to 10, where 10 is best: durations in seconds and frequencies per day by the step
 * whose span holds them (0, 2, 4, 6, 8, 10), rates as 10 minus ten times the ratio.
 */
export function onScale(metric: ScaledMetric, value: number): number {
  switch (metric) {
    case "changeLeadTime":
    case "failedDeploymentRecoveryTime":
      return 2 * DURATIONS.filter((end) => value < end).length;
    case "deploymentFrequency":
      return 2 * PACES.filter((start) => value >= start).length;
    default:
      return 10 - 10 * value;
  }
}
