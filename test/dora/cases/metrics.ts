/** Section 4 of the definition: facts of services in, the six metrics of a window out. */
import { expect } from "vitest";
import type { ServiceFacts } from "../../../src/dora/facts.ts";
import type { Window } from "../../../src/dora/results.ts";
import { change, commit, DAY0, deploy, h, incident } from "../support/facts.ts";
import type { Clause } from "./clauses.ts";

const HOURS = 3600;

export interface MetricCase {
  readonly clause: Clause;
  readonly name: string;
  /** One or several services. */
  readonly given: readonly Partial<ServiceFacts>[];
  readonly environments?: readonly string[];
  /** When services belonged to the scope, in hours; without it all of them, always. */
  readonly owned?: Readonly<Record<string, readonly (readonly [from: number | null, to: number | null])[]>>;
  /** Default: ten days from midnight of the first, UTC. */
  readonly window?: Partial<Window>;
  readonly hasSource?: boolean;
  /** What the answer holds, as `toMatchObject` compares; what is not named is not compared. */
  readonly measured: object;
  /** `metric: row reason`, of the evidence. */
  readonly leftOut?: readonly string[];
}

const base = commit("ba5e", [], 0, "Initial commit");
const v1 = deploy("v1", 1, "ba5e");
/** Deployments by the hour, each with a change merged by relation that began so many hours before. */
const leadTimes = (...spans: readonly number[]): Partial<ServiceFacts> => ({
  changes: spans.map((span, index) => change(`c${index}`, { firstCommitAt: h(20 + index - span) })),
  deployments: spans.map((_, index) => deploy(`d${index}`, 20 + index, null, { changeIds: [`c${index}`] })),
});

export const METRICS: readonly MetricCase[] = [
  {
    clause: "4 frequency",
    name: "three deployments on two of ten days",
    given: [{ deployments: [deploy("a", 1, null), deploy("b", 5, null), deploy("c", 49, null)] }],
    measured: {
      deploymentFrequency: {
        value: 0.3,
        count: 3,
        days: 10,
        daysWithDeployment: 2,
        perWeek: expect.closeTo(2.1, 12) as number,
        medianBetween: 24 * HOURS,
      },
    },
  },
  {
    clause: "4 frequency",
    name: "a failed one is no delivery, but belongs to the denominator of the failure rate",
    given: [{ deployments: [deploy("a", 1, null), deploy("b", 5, null, { status: "failure" })] }],
    measured: { deploymentFrequency: { count: 1 }, changeFailureRate: { failed: 1, total: 2, value: 0.5 } },
  },
  {
    clause: "4 frequency none",
    name: "a source without deployments in the window: 0",
    given: [{ deployments: [deploy("before", -5, null)] }],
    measured: { deploymentFrequency: { value: 0, count: 0 } },
  },
  {
    clause: "4 frequency none",
    name: "no source: null",
    given: [{}],
    hasSource: false,
    measured: { deploymentFrequency: { value: null, count: 0 } },
  },
  {
    clause: "4 null",
    name: "nothing to measure is null in every metric but frequency",
    given: [{}],
    measured: {
      deploymentFrequency: { value: 0 },
      changeLeadTime: { value: null, n: 0 },
      changeFailureRate: { value: null, total: 0 },
      failedDeploymentRecoveryTime: { value: null, n: 0 },
      meanTimeToRecovery: { value: null, n: 0 },
      reworkRate: { value: null, total: 0 },
    },
  },
  {
    clause: "4 half-open",
    name: "a deployment at the first instant counts, one at the last does not",
    given: [{ deployments: [deploy("first", 0, null), deploy("last", 240, null)] }],
    measured: { deploymentFrequency: { count: 1 } },
  },
  {
    clause: "11 environment",
    name: "the match is exact: neither production nor Prod",
    given: [
      {
        deployments: ["Production", "production", "Prod"].map((environment, index) =>
          deploy(`d${index}`, 1, null, { environment }),
        ),
      },
    ],
    measured: { deploymentFrequency: { count: 1 } },
  },
  {
    clause: "1 environments",
    name: "two regions count as one production",
    given: [
      {
        deployments: ["EU", "US", "Staging"].map((environment, index) =>
          deploy(`d${index}`, 1, null, { environment }),
        ),
      },
    ],
    environments: ["EU", "US"],
    measured: { deploymentFrequency: { count: 2 } },
  },
  {
    clause: "1 regions",
    name: "one change to two regions: the headline ends with the first, allRegions with the last",
    given: [
      {
        commits: [base, commit("a", ["ba5e"], 3, "feat: a")],
        deployments: [
          deploy("eu1", 1, "ba5e", { region: "eu" }),
          deploy("us1", 2, "ba5e", { region: "us" }),
          deploy("eu2", 5, "a", { region: "eu" }),
          deploy("us2", 8, "a", { region: "us" }),
        ],
      },
    ],
    measured: {
      deploymentFrequency: { count: 4 },
      changeLeadTime: { n: 1, p50: 2 * HOURS, allRegions: { n: 1, p50: 5 * HOURS, open: 0 } },
      changeFailureRate: { failed: 0, total: 4 },
    },
  },
  {
    clause: "1 regions",
    name: "a region that has not got it yet: open, at least so long; one that opened later holds nothing back",
    given: [
      {
        commits: [base, commit("a", ["ba5e"], 3, "feat: a")],
        deployments: [
          deploy("eu1", 1, "ba5e", { region: "eu" }),
          deploy("us1", 2, "ba5e", { region: "us" }),
          deploy("eu2", 5, "a", { region: "eu" }),
        ],
      },
      {
        service: "cart",
        commits: [base, commit("b", ["ba5e"], 3, "feat: b")],
        deployments: [
          deploy("eu3", 1, "ba5e", { region: "eu" }),
          deploy("eu4", 7, "b", { region: "eu" }),
          deploy("ap1", 9, "ba5e", { region: "ap" }),
        ],
      },
    ],
    measured: {
      changeLeadTime: { n: 2, p50: 3 * HOURS, allRegions: { n: 1, p50: 4 * HOURS, mean: null, open: 1 } },
    },
  },
  {
    clause: "1 regions",
    name: "a region that lags behind is not rolled back; one that goes back is, and is restored by its own next success",
    given: [
      {
        commits: [base, commit("a", ["ba5e"], 3, "feat: a"), commit("b", ["a"], 4, "feat: b")],
        deployments: [
          deploy("eu1", 1, "ba5e", { region: "eu" }),
          deploy("us1", 2, "ba5e", { region: "us" }),
          deploy("eu2", 5, "b", { region: "eu" }),
          deploy("us2", 6, "a", { region: "us" }),
          deploy("eu3", 7, "a", { region: "eu", status: "failure" }),
          deploy("us3", 8, "b", { region: "us" }),
          deploy("eu4", 9, "b", { region: "eu" }),
        ],
      },
    ],
    measured: {
      changeFailureRate: { failed: 2, total: 7, causes: { status: 1, rollback: 1 } },
      failedDeploymentRecoveryTime: { n: 2, p50: 3 * HOURS },
    },
  },
  {
    clause: "1 regions",
    name: "no regions named: no such number",
    given: [leadTimes(2, 4)],
    measured: { changeLeadTime: { n: 2, allRegions: null } },
  },
  {
    clause: "2 not deployed",
    name: "merged in the window, shipped to staging only; merged before the window is not its affair",
    given: [
      {
        changes: [
          change("c1", { firstCommitAt: h(5), mergedAt: h(10) }),
          change("c2", { firstCommitAt: h(-50), mergedAt: h(-30) }),
          change("c3", { firstCommitAt: h(5), mergedAt: h(11) }),
        ],
        deployments: [
          deploy("s1", 12, null, { environment: "Staging", changeIds: ["c1"] }),
          deploy("d1", 13, null, { changeIds: ["c3"] }),
        ],
      },
    ],
    measured: { changeLeadTime: { n: 1 } },
    leftOut: ["changeLeadTime: c1 not_deployed"],
  },
  {
    clause: "4 first review",
    name: "reviews by the author and by bots are none",
    given: [
      {
        changes: [
          change("c1", {
            author: "ada",
            openedAt: h(10),
            firstReviewAt: h(11),
            reviews: [
              { by: "renovate[bot]", at: h(11) },
              { by: "ada", at: h(12) },
              { by: "bob", at: h(15) },
              { by: "eve", at: h(14) },
            ],
            mergedAt: h(20),
          }),
          change("c2", {
            author: "ada",
            openedAt: h(10),
            firstReviewAt: h(11),
            reviews: [{ by: "renovate[bot]", at: h(11) }],
            mergedAt: h(20),
          }),
        ],
        deployments: [deploy("d1", 22, null, { changeIds: ["c1", "c2"] })],
      },
    ],
    measured: {
      changeLeadTime: { n: 2, stages: { pickup: { n: 1, p50: 4 * HOURS }, review: { p50: 6 * HOURS } } },
    },
  },
  {
    clause: "4 first review",
    name: "a bot's own change counts like any other; its pickup ends with the first human review",
    given: [
      {
        changes: [
          change("c1", {
            ...{ author: "renovate[bot]", isBot: true, openedAt: h(10), mergedAt: h(20) },
            reviews: [
              { by: "renovate[bot]", at: h(10) },
              { by: "checks[bot]", at: h(11) },
              { by: "bob", at: h(16) },
            ],
          }),
          change("c2", {
            ...{ author: "ada", openedAt: h(10), mergedAt: h(20) },
            reviews: [{ by: "bob", at: h(18) }],
          }),
        ],
        deployments: [deploy("d1", 22, null, { changeIds: ["c1", "c2"] })],
      },
    ],
    measured: {
      changeLeadTime: { n: 2, p50: 12 * HOURS, stages: { pickup: { n: 2, p50: 7 * HOURS } } },
    },
  },
  {
    clause: "4 ownership",
    name: "a service that changed hands counts for as long as it belonged to the scope, each end once",
    given: [
      {
        deployments: [deploy("before", 23, null), deploy("at", 24, null), deploy("after", 48, null)],
        incidents: [incident("mine", 30, 32), incident("theirs", 50, 51)],
      },
      { service: "cart", deployments: [deploy("cart", 1, null, { status: "failure" })] },
    ],
    owned: { shop: [[24, 48]], cart: [[null, null]] },
    measured: {
      deploymentFrequency: { count: 1 },
      changeFailureRate: { failed: 2, total: 2, causes: { status: 1, incident: 1 } },
      meanTimeToRecovery: { n: 1, value: 2 * HOURS },
    },
  },
  {
    clause: "4 ownership",
    name: "given back: both spans count, what lies between them does not",
    given: [leadTimes(2, 4, 6)],
    owned: {
      shop: [
        [null, 21],
        [22, null],
      ],
    },
    measured: { changeLeadTime: { n: 2, p50: 4 * HOURS }, deploymentFrequency: { count: 2 } },
  },
  {
    clause: "4 ownership",
    name: "a service that never belonged to it counts nowhere",
    given: [leadTimes(2)],
    owned: {},
    measured: { changeLeadTime: { n: 0, value: null }, deploymentFrequency: { count: 0 } },
  },
  {
    clause: "11 days",
    name: "the night of the change to winter time is one day, not 25/24",
    given: [{ deployments: [deploy("a", 0, null, { finishedAt: Date.UTC(2026, 9, 25, 12) })] }],
    window: {
      timezone: "Europe/Berlin",
      from: Date.UTC(2026, 9, 24, 22),
      to: Date.UTC(2026, 9, 25, 23),
    },
    measured: { deploymentFrequency: { value: 1, days: 1 } },
  },
  {
    clause: "4 lead time",
    name: "from the first commit authored to the end of the deployment that shipped it",
    given: [
      {
        commits: [
          base,
          commit("b1", ["ba5e"], 3, "one", { authoredAt: h(2) }),
          commit("b2", ["b1"], 5, "two"),
          commit("d1", ["ba5e", "b2"], 6, "Merge pull request #12 from acme/topic"),
        ],
        deployments: [v1, deploy("v2", 8, "d1")],
      },
    ],
    measured: { changeLeadTime: { value: 6 * HOURS, n: 1 } },
  },
  {
    clause: "4 lead time",
    name: "the window is that of the deployment, not that of the merge",
    given: [
      {
        changes: [change("x", { firstCommitAt: h(-30), mergedAt: h(-20) })],
        deployments: [deploy("v1", 2, null, { changeIds: ["x"] })],
      },
    ],
    measured: { changeLeadTime: { value: 32 * HOURS, n: 1 } },
  },
  {
    clause: "4 lead time",
    name: "merged and never deployed: no lead time",
    given: [{ changes: [change("x", { firstCommitAt: h(1), mergedAt: h(2) })], deployments: [] }],
    measured: { changeLeadTime: { value: null, n: 0 } },
  },
  {
    clause: "4 percentiles",
    name: "between 1, 2, 3, 4 and 10 hours, as percentile_cont has them",
    given: [leadTimes(1, 2, 3, 4, 10)],
    measured: {
      changeLeadTime: {
        p50: 3 * HOURS,
        p75: 4 * HOURS,
        p90: expect.closeTo(7.6 * HOURS, 6) as number,
        p95: expect.closeTo(8.8 * HOURS, 6) as number,
        mean: 4 * HOURS,
        n: 5,
        interval95: null,
        few: true,
      },
    },
  },
  {
    clause: "4 few",
    name: "ten are not few",
    given: [leadTimes(...Array.from({ length: 10 }, (_, index) => index + 1))],
    measured: { changeLeadTime: { n: 10, few: false }, deploymentFrequency: { count: 10, few: false } },
  },
  {
    clause: "4 stages",
    name: "four stages that add up",
    given: [
      {
        changes: [change("x", { firstCommitAt: h(1), openedAt: h(2), firstReviewAt: h(4), mergedAt: h(7) })],
        deployments: [deploy("v1", 11, null, { changeIds: ["x"] })],
      },
    ],
    measured: {
      changeLeadTime: {
        value: 10 * HOURS,
        stages: {
          coding: { p50: 1 * HOURS, n: 1 },
          pickup: { p50: 2 * HOURS, n: 1 },
          review: { p50: 3 * HOURS, n: 1 },
          deploy: { p50: 4 * HOURS, n: 1 },
        },
      },
    },
  },
  {
    clause: "4 negative",
    name: "begun after it was deployed: left out and listed, not clamped to 0",
    given: [
      {
        changes: [change("x", { firstCommitAt: h(9) }), change("y", { firstCommitAt: h(1) })],
        deployments: [deploy("v1", 5, null, { changeIds: ["x", "y"] })],
      },
    ],
    measured: { changeLeadTime: { value: 4 * HOURS, n: 1 } },
    leftOut: ["changeLeadTime: x negative_span"],
  },
  {
    clause: "4 negative",
    name: "a negative stage goes, the total stays",
    given: [
      {
        changes: [change("x", { firstCommitAt: h(3), openedAt: h(2), mergedAt: h(4) })],
        deployments: [deploy("v1", 5, null, { changeIds: ["x"] })],
      },
    ],
    measured: { changeLeadTime: { value: 2 * HOURS, n: 1, stages: { coding: { n: 0 }, deploy: { n: 1 } } } },
    leftOut: ["changeLeadTime: x negative_stage"],
  },
  {
    clause: "11 first commit",
    name: "no commit known: from opened; not even that: left out",
    given: [
      {
        changes: [change("x", { openedAt: h(2) }), change("y", { mergedAt: h(3) })],
        deployments: [deploy("v1", 5, null, { changeIds: ["x", "y"] })],
      },
    ],
    measured: { changeLeadTime: { value: 3 * HOURS, n: 1 } },
    leftOut: ["changeLeadTime: y no_start"],
  },
  {
    clause: "11 first relation",
    name: "the first deployment with a relation counts, without one its history is left out",
    given: [
      {
        changes: [change("x", { firstCommitAt: h(1), mergedAt: h(2) })],
        deployments: [deploy("v1", 5, null, { changeIds: ["x"] })],
      },
      {
        service: "cart",
        changes: [change("z", { firstCommitAt: h(1), mergedAt: h(2) })],
        deployments: [deploy("w1", 5, null)],
      },
    ],
    measured: { changeLeadTime: { n: 1, value: 4 * HOURS } },
    leftOut: ["changeLeadTime: w1 first_deployment"],
  },
  {
    clause: "11 status",
    name: "unknown status: in no number, listed",
    given: [{ deployments: [deploy("a", 1, null, { status: "unknown" }), deploy("b", 2, null)] }],
    measured: {
      deploymentFrequency: { count: 1 },
      changeFailureRate: { total: 1 },
      reworkRate: { total: 1 },
    },
    leftOut: ["deploymentFrequency: a status", "changeFailureRate: a status"],
  },
  {
    clause: "4 causes",
    name: "two causes of one failure: one failed deployment, both causes",
    given: [
      {
        deployments: [
          deploy("a", 1, null),
          deploy("b", 2, null, { status: "failure" }),
          deploy("c", 3, null, { trigger: "rollback" }),
        ],
      },
    ],
    measured: {
      changeFailureRate: {
        failed: 1,
        total: 3,
        value: expect.closeTo(1 / 3, 12) as number,
        causes: { status: 1, rollback: 1, incident: 0, hotfix: 0 },
      },
      reworkRate: { rework: 1, total: 3 },
    },
  },
  {
    clause: "4 failure incident",
    name: "three incidents of one deployment are one failure",
    given: [
      {
        deployments: [deploy("a", 1, null), deploy("b", 40, null)],
        incidents: [incident("I1", 2, 3), incident("I2", 4, 5), incident("I3", 6, 9)],
      },
    ],
    measured: {
      changeFailureRate: { failed: 1, total: 2, value: 0.5, causes: { incident: 1 } },
      failedDeploymentRecoveryTime: { value: 8 * HOURS, n: 1 },
      meanTimeToRecovery: { value: (5 / 3) * HOURS, n: 3 },
    },
  },
  {
    clause: "4 failure incident",
    name: "an incident that no deployment caused changes no rate, and is listed",
    given: [{ deployments: [deploy("a", 1, null)], incidents: [incident("I1", 100, 101)] }],
    measured: { changeFailureRate: { failed: 0, total: 1 }, meanTimeToRecovery: { n: 1, value: HOURS } },
    leftOut: ["changeFailureRate: I1 not_linked"],
  },
  {
    clause: "4 restored",
    name: "failed by status: until the next success of the same environment",
    given: [
      {
        deployments: [
          deploy("a", 1, null),
          deploy("b", 2, null, { status: "failure" }),
          deploy("s", 3, null, { environment: "Staging" }),
          deploy("c", 6, null),
        ],
      },
    ],
    measured: { failedDeploymentRecoveryTime: { value: 4 * HOURS, n: 1, open: 0 } },
  },
  {
    clause: "4 censored",
    name: "one of three still open: Kaplan–Meier median, no mean, a bound",
    given: [
      {
        deployments: [deploy("a", 1, null), deploy("b", 30, null), deploy("c", 60, null)],
        incidents: [incident("I1", 2, 3), incident("I2", 31, 34), incident("I3", 61, null)],
      },
    ],
    // Ends 2 h and 4 h after their deployments; the third has no end after 420 h.
    measured: {
      failedDeploymentRecoveryTime: {
        value: 4 * HOURS,
        mean: null,
        p90: null,
        n: 2,
        open: 1,
        atLeast: ((2 + 4 + 420) / 3) * HOURS,
      },
    },
  },
  {
    clause: "4 recovery time",
    name: "by the start of the incident; one that began before the window is no part of it",
    given: [{ incidents: [incident("I0", -1, 5), incident("I1", 1, 3), incident("I2", 239, 243)] }],
    measured: { meanTimeToRecovery: { value: 3 * HOURS, p50: 3 * HOURS, n: 2, open: 0 } },
  },
  {
    clause: "4 rework incident",
    name: "the deployment that ended an incident, once",
    given: [
      {
        deployments: [deploy("a", 1, null), deploy("b", 4, null), deploy("c", 5, null)],
        incidents: [incident("I1", 2, 4.5)],
      },
    ],
    measured: { reworkRate: { rework: 1, total: 3, value: expect.closeTo(1 / 3, 12) as number } },
  },
  {
    clause: "4 roll-up",
    name: "the median of two services is that of their rows, not the mean of two medians",
    given: [leadTimes(1, 1, 1), { ...leadTimes(9), service: "cart" }],
    measured: { changeLeadTime: { value: 1 * HOURS, mean: 3 * HOURS, n: 4 } },
  },
  {
    clause: "4 roll-up",
    name: "an incident of two services counts once",
    given: ["shop", "cart"].map((service) => ({
      service,
      incidents: [incident("I1", 1, 2, { services: ["shop", "cart"] })],
    })),
    measured: { meanTimeToRecovery: { n: 1, value: HOURS } },
  },
  {
    clause: "11 globs",
    name: "`*` stays in its segment, `?` is one character, `**` goes down",
    given: [
      {
        paths: ["a/*.ts", "b?/**"],
        commits: [
          { ...base, paths: ["a/x.ts"] },
          commit("a1", ["ba5e"], 2, "in", { paths: ["a/y.ts"] }),
          commit("a2", ["a1"], 2, "deeper: not", { paths: ["a/z/y.ts"] }),
          commit("a3", ["a2"], 2, "down: in", { paths: ["b1/c/d/e"] }),
          commit("a4", ["a3"], 2, "two characters: not", { paths: ["b12/e"] }),
        ],
        deployments: [v1, deploy("v2", 4, "a4")],
      },
    ],
    measured: { changeLeadTime: { n: 2, value: 2 * HOURS } },
  },
];

export const WINDOW: Window = {
  from: DAY0,
  to: DAY0 + 240 * HOURS * 1000,
  timezone: "UTC",
  interval: "day",
  weekStart: "monday",
};
