/** How services do beside DORA's benchmarks, as an ordinary scorecard over the numbers of the last thirty days. */
import type { JsonObject } from "../../model/json.ts";
import { paceWords, spanWords } from "../../model/span-words.ts";

interface Limits {
  readonly elite: number;
  readonly high: number;
  readonly medium: number;
}
/** Deployments per day, seconds, ratio, seconds. */
export interface ScorecardLimits {
  readonly deploymentFrequency: Limits;
  readonly changeLeadTime: Limits;
  readonly changeFailureRate: Limits;
  readonly failedDeploymentRecoveryTime: Limits;
}

export const SCORECARD = "doraBenchmark";
const LEVELS = [
  ["medium", "Medium"],
  ["high", "High"],
  ["elite", "Elite"],
] as const;

const rounded = (value: number): number => Math.round(value * 100) / 100;

interface Measure {
  readonly key: string;
  readonly needs: readonly string[];
  readonly title: (limit: number) => string;
  /** Which numbers these are, for the DORA page counts others. */
  readonly description: string;
  readonly query: (limit: number) => JsonObject;
  readonly limits: Limits;
  /** From the unit of the limits to that of the property. */
  readonly factor: number;
}

/** @param has the numbers that services have; what needs others is left out. Null where nothing is left */
export function benchmarkScorecard(
  limits: ScorecardLimits,
  has: (property: string) => boolean,
): JsonObject | null {
  const rules = LEVELS.flatMap(([tier, level], i) =>
    measures(limits)
      .filter(({ needs }) => needs.every(has))
      // The ladder asks for the levels below anyway: the same limit again is no rule of its own.
      .filter(({ limits: own }) => own[tier] !== own[LEVELS[i - 1]?.[0] ?? tier] || i === 0)
      .map(({ key, title, description, query, limits: own, factor }) => {
        const limit = rounded(own[tier] * factor);
        return {
          ...{ identifier: `${key}${level}`, title: title(limit), description },
          ...{ level, query: query(limit) },
        };
      }),
  );
  if (rules.length === 0) return null;
  return {
    identifier: SCORECARD,
    // Not a band of the DORA page, which counts others and may find too little to judge.
    title: "Delivery targets (30 days)",
    levels: [
      { title: "Low", color: "red" },
      { title: "Medium", color: "orange" },
      { title: "High", color: "turquoise" },
      { title: "Elite", color: "green" },
    ],
    rules,
  };
}

const all = (property: string, operator: string, value: number): JsonObject => ({
  combinator: "and",
  conditions: [{ property, operator, value }],
});

/** Who has no such number is not asked for it: no value is not the worst one. */
const ifAny = (property: string, operator: string, value: number): JsonObject => ({
  combinator: "or",
  conditions: [
    { property, operator, value },
    { property, operator: "isEmpty" },
  ],
});

/** @param unit in seconds */
const span = (limit: number, unit: number): string =>
  spanWords(limit * unit) ?? `${rounded((limit * unit) / 3600)} hours`;

const measures = (limits: ScorecardLimits): readonly Measure[] => [
  {
    key: "frequency",
    needs: ["dora_deployments_per_week"],
    title: (limit) => `At least ${paceWords(limit, "deployment")}`,
    description: "Over the last 30 days; the DORA page counts over the window that is chosen there.",
    query: (limit) => all("dora_deployments_per_week", ">=", limit),
    limits: limits.deploymentFrequency,
    factor: 7,
  },
  {
    key: "leadTime",
    needs: ["dora_merge_hours"],
    title: (limit) => `No merged changes, or first commit to merge in less than ${span(limit, 3600)}`,
    description:
      "Changes merged in the last 30 days, up to the merge; the DORA page counts up to the deployment.",
    query: (limit) => ifAny("dora_merge_hours", "<", limit),
    limits: limits.changeLeadTime,
    factor: 1 / 3600,
  },
  {
    key: "failureRate",
    needs: ["dora_failure_percent"],
    title: (limit) => `At most ${limit} % of deployments have the status failed`,
    description:
      "Over the last 30 days, by status alone; the DORA page also knows incidents, rollbacks and fixes.",
    query: (limit) => ifAny("dora_failure_percent", "<=", limit),
    limits: limits.changeFailureRate,
    factor: 100,
  },
  {
    key: "recovery",
    needs: ["dora_incidents", "dora_recovery_minutes"],
    title: (limit) => `No incidents, or resolved in less than ${span(limit, 60)}`,
    description:
      "Mean of the incidents of the last 30 days that are resolved; the DORA page counts failed deployments.",
    query: (limit) => ({
      combinator: "or",
      conditions: [
        { property: "dora_incidents", operator: "=", value: 0 },
        { property: "dora_recovery_minutes", operator: "<", value: limit },
      ],
    }),
    limits: limits.failedDeploymentRecoveryTime,
    factor: 1 / 60,
  },
];
