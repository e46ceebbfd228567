import { describe, expect, test } from "vitest";
import {
  bandOf,
  ladderOf,
  BENCHMARK_YEARS,
  type BenchmarkYear,
  type TieredMetric,
  untiered,
} from "../../src/dora/benchmarks.ts";
import { bucketsOf } from "../../src/dora/calendar.ts";
import { compareWindows } from "../../src/dora/compare.ts";
import type { DerivedDeployment, Shipment } from "../../src/dora/derived.ts";
import { evidence } from "../../src/dora/evidence.ts";
import { computeMetrics, computeSeries } from "../../src/dora/metrics.ts";
import { bandByLimits, limitsProblem } from "../../src/dora/thresholds.ts";
import type { MetricsInput } from "../../src/dora/observations.ts";
import type { Window } from "../../src/dora/results.ts";
import { DAY0, h, HOUR } from "./support/facts.ts";

const DAY = 24 * HOUR;

const deployment = (id: string, hours: number, rest: Partial<DerivedDeployment> = {}): DerivedDeployment => ({
  blueprint: "deployment",
  id,
  service: "shop",
  environment: "Production",
  title: null,
  url: null,
  status: "success",
  startedAt: null,
  finishedAt: h(hours),
  sha: null,
  ref: null,
  previous: null,
  isRollback: false,
  region: null,
  failed: false,
  causes: [],
  restoredAt: null,
  restoredBy: null,
  restoredHow: null,
  rework: [],
  changeCount: 0,
  excluded: null,
  notes: [],
  ...rest,
});

const failed = (id: string, hours: number, restored: number | null): DerivedDeployment =>
  deployment(id, hours, {
    failed: true,
    causes: [{ cause: "hotfix", by: "x", detail: "x repairs it" }],
    restoredAt: restored === null ? null : h(restored),
    restoredBy: restored === null ? null : "x",
  });

const shipment = (
  change: string,
  hours: number,
  leadHours: number,
  rest: Partial<Shipment> = {},
): Shipment => ({
  service: "shop",
  environment: "Production",
  deployment: "d",
  deployedAt: h(hours),
  change,
  kind: "commit",
  entity: null,
  repository: null,
  number: null,
  sha: null,
  commitCount: 1,
  title: change,
  author: null,
  url: null,
  method: "git graph",
  matchedBy: "commit",
  firstCommitAt: h(hours - leadHours),
  openedAt: null,
  firstReviewAt: null,
  mergedAt: null,
  leadSeconds: leadHours * 3600,
  stages: { coding: null, pickup: null, review: null, deploy: leadHours * 3600 },
  regions: null,
  excluded: null,
  stageNotes: [],
  ...rest,
});

const input = (rest: Partial<MetricsInput> = {}): MetricsInput => ({
  deployments: [],
  shipments: [],
  incidents: [],
  window: { from: DAY0, to: DAY0 + 10 * DAY, timezone: "UTC", interval: "day", weekStart: "monday" },
  environments: ["Production"],
  hasSource: true,
  now: DAY0 + 20 * DAY,
  ...rest,
});

describe("frequency", () => {
  test("per day, week and month; days with one; gaps within a service", () => {
    const deployments = [
      deployment("a", 0),
      deployment("b", 5),
      deployment("c", 30),
      deployment("d", 31, { service: "cart" }),
      deployment("failure", 40, { status: "failure" }),
      deployment("staging", 40, { environment: "Staging" }),
      deployment("out", 240),
      deployment("left out", 41, { excluded: { reason: "status", detail: "" } }),
    ];
    expect(computeMetrics(input({ deployments })).deploymentFrequency).toMatchObject({
      value: 0.4,
      unit: "per_day",
      count: 4,
      days: 10,
      daysWithDeployment: 2,
      perWeek: 0.4 * 7,
      perMonth: 0.4 * 30.4375,
      medianBetween: 15 * 3600,
      few: true,
      tier: "high",
    });
  });

  test("a window that is not over is divided by all of its days, and the same pace as before is no significant difference", () => {
    const deployments = Array.from({ length: 14 * 24 }, (_, index) =>
      deployment(`d${index}`, index - 13 * 24),
    );
    const now = DAY0 + 10 * 60_000;
    const week = (from: number): Window => ({ ...input().window, from, to: from + 7 * DAY });
    const current = input({ deployments, window: week(DAY0 - 6 * DAY), now });
    const past = { ...current, deployments: deployments.filter(({ finishedAt }) => finishedAt <= now) };
    const { count, days } = computeMetrics(past).deploymentFrequency;
    expect([count, days]).toEqual([145, 7]);
    const { trend } = compareWindows(past, { ...past, window: week(DAY0 - 13 * DAY) }).deploymentFrequency;
    expect(trend).toMatchObject({ significant: false });
  });

  test("none: zero with a source, null without", () => {
    const zero = computeMetrics(input()).deploymentFrequency;
    expect([zero.value, zero.count, zero.medianBetween, zero.interval95?.[0]]).toEqual([0, 0, null, 0]);
    const none = computeMetrics(input({ hasSource: false })).deploymentFrequency;
    expect([none.value, none.perWeek, none.perMonth, none.interval95, none.tier]).toEqual([
      null,
      null,
      null,
      null,
      null,
    ]);
  });

  test("a day of 25 hours is one day", () => {
    const from = Date.parse("2026-10-24T22:00:00Z");
    const window = {
      from,
      to: from + 25 * HOUR,
      timezone: "Europe/Berlin",
      interval: "day",
      weekStart: "monday",
    } as const;
    const deployments = [
      deployment("a", 0, { finishedAt: from }),
      deployment("b", 0, { finishedAt: from + 24.5 * HOUR }),
    ];
    expect(computeMetrics(input({ window, deployments })).deploymentFrequency.value).toBe(2);
  });

  test("several production environments count together", () => {
    const deployments = [deployment("a", 1), deployment("b", 2, { environment: "EU" })];
    expect(
      computeMetrics(input({ deployments, environments: ["Production", "EU"] })).deploymentFrequency.count,
    ).toBe(2);
  });
});

describe("lead time", () => {
  test("percentiles, stages, interval; excluded ones apart", () => {
    const shipments = [1, 2, 3, 4, 5, 6].map((hours) => shipment(`c${hours}`, 10, hours));
    shipments.push(
      shipment("none", 10, 1, { leadSeconds: null, excluded: { reason: "no_start", detail: "?" } }),
      shipment("skew", 11, 2, { stageNotes: ["coding: ends 5 s before it begins"] }),
      shipment("before", -1, 1),
    );
    const given = input({ shipments });
    expect(computeMetrics(given).changeLeadTime).toMatchObject({
      value: 3 * 3600,
      p50: 3 * 3600,
      p75: 4.5 * 3600,
      mean: (23 * 3600) / 7,
      n: 7,
      interval95: [3600, 6 * 3600],
      tier: "elite",
      stages: { coding: { n: 0, p50: null }, deploy: { n: 7, p50: 3 * 3600 } },
    });
    const rows = evidence("changeLeadTime", given);
    expect(rows?.rows).toHaveLength(7);
    expect(rows?.excluded.map(({ reason, entity }) => `${reason} ${entity.identifier}`)).toEqual([
      "negative_stage skew",
      "no_start none",
    ]);
  });

  test("nothing shipped is null, not zero", () => {
    expect(computeMetrics(input()).changeLeadTime).toMatchObject({
      value: null,
      mean: null,
      n: 0,
      interval95: null,
      tier: null,
    });
  });

  test("history left out is listed once per deployment with its count", () => {
    const deployments = [
      deployment("v1", 1, { notes: [{ reason: "first_deployment", detail: "before", count: 812 }] }),
    ];
    expect(evidence("changeLeadTime", input({ deployments })).excluded).toMatchObject([
      { entity: { identifier: "v1" }, reason: "first_deployment", count: 812 },
    ]);
  });
});

describe("failure, recovery, rework", () => {
  const deployments = [
    failed("a", 1, 3),
    failed("b", 2, 8),
    deployment("c", 3, { rework: [{ reason: "hotfix", repairs: "a", detail: "c fixes a" }] }),
    deployment("d", 4),
    deployment("e", 5, {
      status: "failure",
      failed: true,
      causes: [
        { cause: "status", by: null, detail: "" },
        { cause: "rollback", by: "f", detail: "" },
      ],
      restoredAt: h(6),
    }),
  ];

  test("rates with causes and the whole denominator as evidence", () => {
    const given = input({ deployments });
    const metrics = computeMetrics(given);
    expect(metrics.changeFailureRate).toMatchObject({
      value: 0.6,
      failed: 3,
      total: 5,
      causes: { status: 1, incident: 0, rollback: 1, hotfix: 2 },
    });
    expect(metrics.reworkRate).toMatchObject({ value: 0.2, rework: 1, total: 5, tier: null });
    expect(
      evidence("changeFailureRate", given).rows.map(({ entity, value }) => `${entity.identifier} ${value}`),
    ).toEqual(["e 1", "d 0", "c 0", "b 1", "a 1"]);
  });

  test("recovery: plain while all are closed, Kaplan–Meier with an open one", () => {
    expect(computeMetrics(input({ deployments })).failedDeploymentRecoveryTime).toMatchObject({
      value: 2 * 3600,
      mean: 3 * 3600,
      n: 3,
      open: 0,
      tier: "high",
    });
    const given = input({ deployments: [...deployments, failed("f", 20, null)] });
    expect(computeMetrics(given).failedDeploymentRecoveryTime).toMatchObject({
      p50: 2 * 3600,
      p90: null,
      mean: null,
      n: 3,
      open: 1,
      interval95: null,
    });
    expect(evidence("failedDeploymentRecoveryTime", given).rows[0]).toMatchObject({
      entity: { identifier: "f" },
      open: true,
      value: (20 * DAY - 20 * HOUR) / 1000,
    });
  });

  test("nothing deployed: null; no incident: null", () => {
    const metrics = computeMetrics(input());
    expect([
      metrics.changeFailureRate.value,
      metrics.reworkRate.value,
      metrics.failedDeploymentRecoveryTime.value,
    ]).toEqual([null, null, null]);
    expect(metrics.meanTimeToRecovery).toEqual({
      value: null,
      unit: "seconds",
      mean: null,
      p50: null,
      p75: null,
      p90: null,
      p95: null,
      n: 0,
      open: 0,
      atLeast: null,
      interval95: null,
      few: true,
    });
  });
});

describe("series", () => {
  test("edges at midnight of the zone; empty buckets are null, zero or nothing", () => {
    const from = Date.parse("2026-03-28T23:00:00Z");
    const window = {
      from,
      to: from + 47 * HOUR,
      timezone: "Europe/Berlin",
      interval: "day",
      weekStart: "monday",
    } as const;
    const deployments = [
      deployment("a", 0, { finishedAt: from + 23 * HOUR - 1 }),
      deployment("b", 0, { finishedAt: from + 23 * HOUR }),
      deployment("c", 0, { finishedAt: from + 47 * HOUR - 1 }),
    ];
    const series = computeSeries(input({ window, deployments, now: from + 30 * HOUR }));
    expect(series.deploymentFrequency.map(({ id, value, n, partial }) => [id, value, n, partial])).toEqual([
      ["2026-03-29", 1, 1, false],
      ["2026-03-30", 2, 2, true],
    ]);
    expect(series.changeLeadTime.map(({ value, n }) => [value, n])).toEqual([
      [null, 0],
      [null, 0],
    ]);
  });

  test("evidence of one bucket", () => {
    const given = input({ deployments: [deployment("a", 1), deployment("b", 25)] });
    const bucket = bucketsOf(given.window, given.now).find(({ id }) => id === "2026-08-04");
    expect(
      evidence("deploymentFrequency", given, bucket).rows.map(({ entity }) => entity.identifier),
    ).toEqual(["b"]);
  });
});

describe("trends", () => {
  const previous = input({ window: { ...input().window, from: DAY0 - 10 * DAY, to: DAY0 } });
  const shipments = [
    ...Array.from({ length: 20 }, (_, index) => shipment(`old${index}`, -1 - index, 50 + index)),
    ...Array.from({ length: 20 }, (_, index) => shipment(`new${index}`, 1 + index, 5 + index)),
  ];
  const deployments = [
    ...Array.from({ length: 3 }, (_, index) => deployment(`o${index}`, -5 - index)),
    ...Array.from({ length: 30 }, (_, index) => deployment(`n${index}`, 5 + index)),
  ];

  test("difference, previous value, significance", () => {
    const rows = { shipments, deployments };
    const trend = compareWindows({ ...input(), ...rows }, { ...previous, ...rows });
    expect(trend.changeLeadTime).toMatchObject({
      previous: { value: 59.5 * 3600, n: 20 },
      trend: { delta: -45 * 3600, significant: true, p: 0.001 },
    });
    expect(trend.deploymentFrequency).toMatchObject({
      previous: { value: 0.3, n: 3 },
      trend: { significant: true },
    });
    expect(trend.changeFailureRate.trend).toEqual({ delta: 0, significant: false, p: 1 });
    expect(trend.meanTimeToRecovery).toEqual({
      previous: { value: null, n: 0 },
      trend: { delta: null, significant: null, p: null },
    });
  });

  test("nothing to compare with: null", () => {
    const trend = compareWindows(input({ shipments }), previous);
    expect(trend.changeLeadTime.trend).toEqual({ delta: null, significant: null, p: null });
  });

  test("an open recovery has no test", () => {
    const rows = {
      deployments: [failed("a", -5, -4), failed("b", 5, 6), failed("c", 7, null), failed("d", 8, 9)],
    };
    const { trend } = compareWindows(
      { ...input(), ...rows },
      { ...previous, ...rows },
    ).failedDeploymentRecoveryTime;
    expect(trend).toEqual({ delta: 0, significant: null, p: null });
  });
});

describe("benchmarks", () => {
  const hour = 3600;
  const day = 24 * hour;
  const table: [TieredMetric, number, BenchmarkYear | undefined, string | null, string][] = [
    ["changeLeadTime", 0, undefined, "elite", "less than an hour"],
    ["changeLeadTime", day - 1, undefined, "elite", "less than a day"],
    ["changeLeadTime", day, undefined, "high", "between a day and a week"],
    ["changeLeadTime", 10 * day, undefined, "medium", "week and a month"],
    ["changeLeadTime", 60 * day, undefined, "low", "one and six months"],
    ["changeLeadTime", 400 * day, undefined, "low", "beyond its lowest cluster"],
    ["changeLeadTime", 2 * hour, 2021, null, "no cluster"],
    ["deploymentFrequency", 1, undefined, "elite", "read as at least once a day"],
    ["deploymentFrequency", 0.99, undefined, "high", "once a day and once a week"],
    ["deploymentFrequency", 0.05, undefined, "medium", "once a week and once a month"],
    ["deploymentFrequency", 0.01, undefined, "low", "once in six months"],
    ["deploymentFrequency", 0, undefined, "low", "beyond its lowest cluster"],
    ["deploymentFrequency", 0.5, 2021, null, "no cluster"],
    ["changeFailureRate", 0.02, undefined, "elite", "centres only"],
    ["changeFailureRate", 0.12, undefined, "high", "fails less (10 %) than the high one (20 %)"],
    ["changeFailureRate", 0.2, undefined, "high", "Fairway's reading"],
    ["changeFailureRate", 0.9, undefined, "low", "above 20 %"],
    ["changeFailureRate", 0.1, 2023, "high", "at most 10 %"],
    ["changeFailureRate", 0.1, 2019, "elite", "clusters elite and high and medium share it"],
    ["changeFailureRate", 0.3, 2019, null, "no cluster"],
    ["changeFailureRate", 0.154, 2019, null, "scorecards, which have no gaps, count it as low"],
    ["changeFailureRate", 0.154, 2021, null, "scorecards, which have no gaps, count it as high"],
    ["changeFailureRate", 0.5, 2022, "low", "46 to 60 %"],
    ["failedDeploymentRecoveryTime", hour - 1, undefined, "elite", "less than an hour"],
    ["failedDeploymentRecoveryTime", hour, undefined, "high", "clusters high and medium share it"],
    [
      "failedDeploymentRecoveryTime",
      3 * day,
      undefined,
      null,
      "scorecards, which have no gaps, count it as low",
    ],
    ["failedDeploymentRecoveryTime", 10 * day, undefined, "low", "between a week and a month"],
  ];

  test.each(table)("%s %d (%s) is %s: %s", (metric, value, year, tier, note) => {
    const band = bandOf(metric, value, year);
    expect(band.tier).toBe(tier);
    expect(band.note).toContain(note);
    expect(band.benchmark).toBe(`dora-${year ?? 2024}`);
  });

  test.each(BENCHMARK_YEARS)(
    "where a value has a tier in %d, the ladder of scorecards gives the same",
    (year) => {
      const values: Record<TieredMetric, number[]> = {
        deploymentFrequency: [0, 0.001, 0.01, 1 / 30.4375, 0.1, 1 / 7, 0.5, 0.99, 1, 3],
        changeLeadTime: [0, hour, day - 1, day, 6 * day, 7 * day, 30 * day, 31 * day, 400 * day],
        changeFailureRate: [
          0, 0.05, 0.051, 0.1, 0.12, 0.15, 0.154, 0.16, 0.2, 0.21, 0.3, 0.304, 0.4, 0.46, 0.6, 0.604, 1,
        ],
        failedDeploymentRecoveryTime: [0, hour - 1, hour, day - 1, day, 3 * day, 7 * day, 60 * day],
      };
      const ladder = ladderOf(year);
      for (const [metric, some] of Object.entries(values) as [TieredMetric, number[]][])
        for (const value of some) {
          const { tier } = bandOf(metric, value, year);
          const level = bandByLimits(metric, value, ladder[metric]).tier;
          // A report without an elite cluster: its best one stands for that level.
          const best = level === "elite" && year === 2022 ? "high" : level;
          if (tier !== null) expect([metric, value, tier]).toEqual([metric, value, best]);
        }
    },
  );

  const limits = { elite: 3600, high: 7200, medium: 86_400 };
  test.each([
    ["changeLeadTime", 3599, limits, "elite", "less than 1 hour"],
    ["changeLeadTime", 3600, limits, "high", "less than 2 hours"],
    ["changeLeadTime", 86_400, limits, "low", "beyond 1 day"],
    ["changeLeadTime", 5000, { ...limits, high: 5400 }, "high", "less than 90 minutes"],
    ["failedDeploymentRecoveryTime", 60, { ...limits, elite: 0.3, high: 90 }, "high", "less than 90 seconds"],
    ["failedDeploymentRecoveryTime", 0, { ...limits, elite: 0.3 }, "elite", "less than 0.3 seconds"],
    ["changeLeadTime", null, limits, null, null],
    ["deploymentFrequency", 2, { elite: 2, high: 1, medium: 0.1 }, "elite", "at least 2 per day"],
    ["deploymentFrequency", 0.1, { elite: 2, high: 1, medium: 0.1 }, "medium", "at least 0.1 per day"],
    ["deploymentFrequency", 0, { elite: 2, high: 1, medium: 0.1 }, "low", "beyond 0.1 per day"],
    ["changeFailureRate", 0.05, { elite: 0.05, high: 0.1, medium: 0.2 }, "elite", "at most 5 %"],
    ["reworkRate", 0.3, { elite: 0.05, high: 0.1, medium: 0.2 }, "low", "beyond 20 %"],
  ] as const)("own limits: %s %s", (metric, value, own, tier, note) => {
    const band = bandByLimits(metric, value, own);
    expect([band.tier, band.benchmark]).toEqual([tier, "own"]);
    if (note !== null) expect(band.note).toContain(note);
  });

  test.each([
    ["changeLeadTime", { elite: 2, high: 1, medium: 3 }, "must rise"],
    ["deploymentFrequency", { elite: 1, high: 1, medium: 0 }, "must fall"],
    ["reworkRate", { elite: 0.1, high: 0.2, medium: 3 }, "must not exceed 1"],
    ["reworkRate", { elite: 0.1, high: 0.2, medium: 0.3 }, null],
  ] as const)("limits of %s %j: %s", (metric, own, problem) => {
    const found = limitsProblem(metric, own);
    if (problem === null) expect(found).toBeNull();
    else expect(found).toContain(problem);
  });

  test("no value and rework have no tier", () => {
    expect(bandOf("changeLeadTime", null)).toEqual({ tier: null, benchmark: "dora-2024", note: null });
    expect(untiered().tier).toBeNull();
  });
});
