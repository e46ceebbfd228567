/** Folding the evidence again, in code of its own, gives every headline and every bucket exactly. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { bucketsOf, calendarOf } from "../../src/dora/calendar.ts";
import { derive } from "../../src/dora/derive.ts";
import { evidence, type EvidenceRow } from "../../src/dora/evidence.ts";
import { computeMetrics, computeSeries } from "../../src/dora/metrics.ts";
import type { MetricsInput } from "../../src/dora/observations.ts";
import type { MetricName, Window } from "../../src/dora/results.ts";
import { factsArbitrary, HOUR, settingsArbitrary, START } from "./support/history-arbitrary.ts";

/** DORA_SEEDS=500 for longer runs. */
const RUNS = Number(process.env["DORA_SEEDS"] ?? 80);

const METRICS: readonly MetricName[] = [
  "deploymentFrequency",
  "changeLeadTime",
  "changeFailureRate",
  "failedDeploymentRecoveryTime",
  "meanTimeToRecovery",
  "reworkRate",
];

const windowArbitrary: fc.Arbitrary<Window> = fc
  .record({
    from: fc.integer({ min: -2, max: 200 }),
    length: fc.integer({ min: 1, max: 400 }),
    timezone: fc.constantFrom("UTC", "Europe/Berlin", "America/New_York", "Asia/Kathmandu"),
    interval: fc.constantFrom<Window["interval"]>("day", "week", "month"),
    weekStart: fc.constantFrom<Window["weekStart"]>("monday", "sunday"),
  })
  .map(({ from, length, ...rest }) => ({
    from: START + from * HOUR,
    to: START + (from + length) * HOUR,
    ...rest,
  }));

/** Two services in one answer: a roll-up is the union of their rows. */
const inputArbitrary: fc.Arbitrary<MetricsInput> = fc
  .record({
    facts: fc.array(factsArbitrary, { minLength: 1, maxLength: 2 }),
    settings: settingsArbitrary,
    window: windowArbitrary,
    environments: fc.constantFrom(["Production"], ["Production", "Staging"]),
  })
  .map(({ facts, settings, window, environments }) => {
    const derived = facts.map((one, index) => derive({ ...one, service: `service-${index}` }, settings));
    return {
      deployments: derived.flatMap(({ deployments }) => deployments),
      shipments: derived.flatMap(({ shipments }) => shipments),
      incidents: derived.flatMap(({ incidents }) => incidents),
      window,
      environments,
      hasSource: true,
      now: START + 300 * HOUR,
    };
  });

/** The value at a share of the sorted values, the plain way. */
function quantile(values: readonly number[], share: number): number | null {
  const sorted = values.toSorted((a, b) => a - b);
  if (sorted.length === 0) return null;
  const place = share * (sorted.length - 1);
  const under = sorted[Math.trunc(place)] as number;
  const over = sorted[Math.min(Math.trunc(place) + 1, sorted.length - 1)] as number;
  return under + (over - under) * (place - Math.trunc(place));
}

/** Median of durations of which some are open, by counting who is left at every time. */
function medianLeft(rows: readonly EvidenceRow[]): number | null {
  if (!rows.some(({ open }) => open)) return quantile(values(rows), 0.5);
  let left = 1;
  for (const time of [...new Set(rows.filter(({ open }) => !open).map(({ value }) => value))].sort(
    (a, b) => a - b,
  )) {
    const atRisk = rows.filter(({ value }) => value >= time).length;
    const ended = rows.filter(({ value, open }) => value === time && !open).length;
    left *= 1 - ended / atRisk;
    if (left <= 0.5 + 1e-9) return time;
  }
  return null;
}

const values = (rows: readonly EvidenceRow[]): number[] => rows.map(({ value }) => value);
const total = (rows: readonly EvidenceRow[]): number => values(rows).reduce((sum, value) => sum + value, 0);
const share = (rows: readonly EvidenceRow[]): number | null =>
  rows.length === 0 ? null : total(rows) / rows.length;

/** Headline and count of one metric from its evidence alone. */
function refold(metric: MetricName, rows: readonly EvidenceRow[], days: number): [number | null, number] {
  switch (metric) {
    case "deploymentFrequency":
      return [total(rows) / days, rows.length];
    case "changeLeadTime":
      return [quantile(values(rows), 0.5), rows.length];
    case "failedDeploymentRecoveryTime":
      return [medianLeft(rows), rows.filter(({ open }) => !open).length];
    case "changeFailureRate":
    case "reworkRate":
      return [share(rows), rows.length];
    default:
      return [null, 0];
  }
}

const rowsOf = (metric: MetricName, input: MetricsInput, bucketId?: string) =>
  evidence(
    metric,
    input,
    bucketId === undefined
      ? input.window
      : bucketsOf(input.window, input.now).find(({ id }) => id === bucketId),
  ).rows;

describe("evidence", () => {
  test.each([1, 2, 3])("folds to every headline exactly (seed %i)", (seed) => {
    fc.assert(
      fc.property(inputArbitrary, (input) => {
        const metrics = computeMetrics(input);
        const days = calendarOf(input.window.timezone).daysBetween(input.window.from, input.window.to);
        const rows = Object.fromEntries(METRICS.map((metric) => [metric, rowsOf(metric, input)])) as Record<
          MetricName,
          EvidenceRow[]
        >;
        for (const metric of METRICS)
          if (days > 0)
            expect([metric, metrics[metric].value]).toEqual([metric, refold(metric, rows[metric], days)[0]]);

        const lead = metrics.changeLeadTime;
        expect([lead.n, lead.p75, lead.p90, lead.p95]).toEqual([
          rows.changeLeadTime.length,
          ...[0.75, 0.9, 0.95].map((place) => quantile(values(rows.changeLeadTime), place)),
        ]);
        for (const stage of ["coding", "pickup", "review", "deploy"] as const) {
          const spans = rows.changeLeadTime.flatMap(({ stages }) => {
            const value = stages?.[stage] ?? null;
            return value === null ? [] : [value];
          });
          expect([lead.stages[stage].n, lead.stages[stage].p50]).toEqual([
            spans.length,
            quantile(spans, 0.5),
          ]);
        }
        const failures = rows.changeFailureRate;
        expect(metrics.changeFailureRate).toMatchObject({ failed: total(failures), total: failures.length });
        for (const cause of ["status", "incident", "rollback", "hotfix"] as const)
          expect(metrics.changeFailureRate.causes[cause]).toBe(
            failures.filter(({ causes }) => causes?.includes(cause)).length,
          );
        const recovery = rows.failedDeploymentRecoveryTime;
        expect(metrics.failedDeploymentRecoveryTime).toMatchObject({
          open: recovery.filter(({ open }) => open).length,
          n: recovery.filter(({ open }) => !open).length,
        });
        expect(recovery.length).toBe(metrics.changeFailureRate.failed);
        expect(metrics.reworkRate).toMatchObject({
          rework: total(rows.reworkRate),
          total: rows.reworkRate.length,
        });
        expect(metrics.deploymentFrequency.count).toBe(rows.deploymentFrequency.length);
      }),
      { seed, numRuns: RUNS },
    );
  });

  test.each([1, 2])("folds to every bucket, and buckets add up (seed %i)", (seed) => {
    fc.assert(
      fc.property(inputArbitrary, (input) => {
        const calendar = calendarOf(input.window.timezone);
        const series = computeSeries(input);
        for (const metric of METRICS) {
          const all = rowsOf(metric, input);
          const points = series[metric];
          expect(points.map(({ id }) => id)).toEqual(bucketsOf(input.window, input.now).map(({ id }) => id));
          expect(points.reduce((sum, { n }) => sum + n, 0)).toBe(refold(metric, all, 1)[1]);
          for (const { id, from, to, value, n } of points) {
            const rows = rowsOf(metric, input, id);
            const days = calendar.daysBetween(from, to);
            if (days > 0) expect([id, value, n]).toEqual([id, ...refold(metric, rows, days)]);
          }
        }
      }),
      { seed, numRuns: Math.ceil(RUNS / 3) },
    );
  });

  test.each([1, 2])("counted and left out make the population (seed %i)", (seed) => {
    fc.assert(
      fc.property(inputArbitrary, (input) => {
        const { from, to } = input.window;
        const inside = (time: number, environment: string): boolean =>
          time >= from && time < to && input.environments.includes(environment);
        const deployments = input.deployments.filter((one) => inside(one.finishedAt, one.environment));
        const rate = evidence("changeFailureRate", input);
        expect(rate.rows.length + rate.excluded.length).toBe(deployments.length);
        const shipments = input.shipments.filter((one) => inside(one.deployedAt, one.environment));
        const lead = evidence("changeLeadTime", input);
        const changes = lead.excluded.filter(
          ({ reason }) => reason === "no_start" || reason === "negative_span",
        );
        expect(lead.rows.length + changes.length).toBe(shipments.length);
        const notes = deployments.flatMap((one) => one.notes);
        for (const reason of [
          "first_deployment",
          "already_shipped",
          "other_paths",
          "shallow_history",
        ] as const)
          expect(
            lead.excluded.filter((one) => one.reason === reason).reduce((sum, { count }) => sum + count, 0),
          ).toBe(notes.filter((note) => note.reason === reason).reduce((sum, { count }) => sum + count, 0));
      }),
      { seed, numRuns: RUNS },
    );
  });
});
