/** Folding an organisation from its days, written over in any order, equals folding all of its rows. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { foldWindow } from "../../src/dora/columns/fold.ts";
import { columnsOf, type IncidentRow } from "../../src/dora/columns/layout.ts";
import { OrganisationColumns } from "../../src/dora/columns/organisation.ts";
import { coverageFrom, coverageOf } from "../../src/dora/coverage.ts";
import type { DerivedDeployment, DerivedIncident, Shipment } from "../../src/dora/derived.ts";
import { computeMetrics, computeSeries, metricsOf, seriesOf } from "../../src/dora/metrics.ts";
import type { MetricsInput } from "../../src/dora/observations.ts";
import type { Window } from "../../src/dora/results.ts";
import { HOUR, START } from "./support/history-arbitrary.ts";

/** DORA_SEEDS=500 for longer runs. */
const RUNS = Number(process.env["DORA_SEEDS"] ?? 80);
const SERVICES = ["cart", "search", "shop", ""];

/** Few different instants, so that ties and edges are met; some fall on midnight and on the edges of weeks. */
const instant = fc
  .tuple(fc.integer({ min: -30, max: 1400 }), fc.constantFrom(0, 0, 1, 30_000, 59_999))
  .map(([hours, ms]) => START + hours * HOUR + ms);
const seconds = fc.option(
  fc.integer({ min: 0, max: 5_000_000 }).map((ms) => ms / 1000),
  { nil: null },
);
const service = fc.constantFrom(...SERVICES);
const environment = fc.constantFrom("Production", "Production", "Production", "Staging");
const left = (...reasons: readonly string[]) =>
  fc.option(
    fc.constantFrom(...reasons).map((reason) => ({ reason: reason as "status", detail: "" })),
    {
      nil: null,
      freq: 5,
    },
  );

const deployment: fc.Arbitrary<DerivedDeployment> = fc
  .record({
    service,
    environment,
    finishedAt: instant,
    status: fc.constantFrom("success" as const, "success" as const, "failure" as const),
    region: fc.constantFrom(null, null, "eu"),
    sha: fc.constantFrom(null, "a", "b", "c"),
    failed: fc.boolean(),
    causes: fc.subarray(["status", "incident", "rollback", "hotfix"] as const),
    restoredAfter: fc.option(fc.integer({ min: 0, max: 300 }), { nil: null }),
    isRework: fc.boolean(),
    excluded: left("status", "first_deployment"),
    notes: fc.array(
      fc.record({
        reason: fc.constantFrom(
          "first_deployment" as const,
          "shallow_history" as const,
          "other_paths" as const,
        ),
        detail: fc.constant(""),
        count: fc.integer({ min: 1, max: 9 }),
      }),
      { maxLength: 2 },
    ),
  })
  .map(({ restoredAfter, isRework, causes, ...rest }) => ({
    ...{
      blueprint: "deployment",
      id: "",
      title: null,
      url: null,
      startedAt: null,
      ref: null,
      previous: null,
    },
    ...{ isRollback: false, restoredBy: null, restoredHow: null, changeCount: 0, ...rest },
    causes: causes.map((cause) => ({ cause, by: null, detail: "" })),
    restoredAt: restoredAfter === null ? null : rest.finishedAt + restoredAfter * HOUR,
    rework: isRework ? [{ reason: "hotfix" as const, repairs: null, detail: "" }] : [],
  }));

const shipment: fc.Arbitrary<Shipment> = fc
  .record({
    service,
    environment,
    deployedAt: instant,
    mergedAt: fc.option(instant, { nil: null }),
    leadSeconds: seconds,
    stages: fc.record({ coding: seconds, pickup: seconds, review: seconds, deploy: seconds }),
    everywhere: fc.option(seconds, { nil: undefined, freq: 3 }),
    excluded: left("no_start", "negative_span"),
    isSkewed: fc.boolean(),
  })
  .map(({ everywhere, isSkewed, ...rest }) => ({
    ...{ deployment: "", change: "", kind: "commit" as const, entity: null, repository: null, number: null },
    ...{
      sha: null,
      commitCount: 1,
      title: "",
      author: null,
      url: null,
      method: "time" as const,
      matchedBy: "",
    },
    ...{ firstCommitAt: null, openedAt: null, firstReviewAt: null, ...rest },
    regions:
      everywhere === undefined
        ? null
        : { of: 2, reached: 1, everywhereAt: null, everywhereSeconds: everywhere },
    stageNotes: isSkewed ? ["a stage ends before it begins"] : [],
  }));

/** Several rows of one incident, one for each of its services. */
const incident: fc.Arbitrary<DerivedIncident[]> = fc
  .record({
    services: fc.subarray(SERVICES, { minLength: 1 }),
    title: fc.constantFrom(null, "down", "slow"),
    startedAt: instant,
    endsAfter: fc.option(fc.integer({ min: 0, max: 90 }), { nil: null }),
    excluded: left("status", "no_end", "negative_span"),
    link: fc.constantFrom(
      { deployment: "d", service: "shop", method: "window" },
      { deployment: "gone", service: null, method: "data" },
      { deployment: null, service: null, method: "none" },
      { deployment: null, service: null, method: "user" },
    ),
  })
  .map(({ services, endsAfter, link, ...rest }) =>
    services.map((name) => ({
      // One incident begins at one instant, whatever service tells of it.
      ...{
        blueprint: "incident",
        id: String(rest.startedAt),
        service: name,
        services,
        url: null,
        severity: null,
      },
      ...{ status: "resolved" as const, detectedAt: null, candidates: [], candidateCount: 0, ...rest },
      endedAt: endsAfter === null ? null : rest.startedAt + endsAfter * HOUR,
      link: { environment: null, confidence: null, reason: "", ...link } as DerivedIncident["link"],
    })),
  );

interface Rows {
  readonly deployments: DerivedDeployment[];
  readonly shipments: Shipment[];
  readonly incidents: DerivedIncident[];
}
const rows: fc.Arbitrary<Rows> = fc.record({
  deployments: fc.array(deployment, { maxLength: 60, size: "max" }),
  shipments: fc.array(shipment, { maxLength: 80, size: "max" }),
  incidents: fc
    .uniqueArray(incident, { maxLength: 20, size: "max", selector: ([one]) => one?.id })
    .map((all) => all.flat()),
});

const ZONES = ["UTC", "Europe/Berlin", "America/New_York", "Asia/Kathmandu"];
const question = fc
  .record({
    from: fc.integer({ min: -40, max: 900 }),
    length: fc.integer({ min: 1, max: 1200 }),
    timezone: fc.constantFrom(...ZONES),
    interval: fc.constantFrom<Window["interval"]>("day", "week", "month"),
    weekStart: fc.constantFrom<Window["weekStart"]>("monday", "sunday"),
  })
  .map(({ from, length, ...rest }): Window => ({
    from: START + from * HOUR,
    to: START + (from + length) * HOUR,
    ...rest,
  }));

const ofService = (all: Rows, service: string): Rows => ({
  deployments: all.deployments.filter((one) => one.service === service),
  shipments: all.shipments.filter((one) => one.service === service),
  incidents: all.incidents.filter((one) => one.service === service),
});

/** As the tables are read for a window. */
function inputOf(all: Rows, window: Window, now: number): MetricsInput {
  const isIn = (at: number): boolean => at >= window.from && at < window.to;
  return {
    deployments: all.deployments.filter((one) => isIn(one.finishedAt)),
    shipments: all.shipments.filter((one) => isIn(one.deployedAt)),
    incidents: all.incidents.filter((one) => isIn(one.startedAt)),
    ...{ window, environments: ["Production"], hasSource: true, now },
  };
}

test.each([1, 2])("parts kept over any writes equal all rows folded at once (seed %i)", (seed) => {
  const elsewhere = { notDeployed: 2, leftOut: 1, shippedLater: 3 };
  fc.assert(
    fc.property(
      fc.array(fc.tuple(rows, fc.subarray(SERVICES), question), { minLength: 1, maxLength: 4 }),
      fc.integer({ min: 0, max: 1500 }),
      (writes, hours) => {
        const columns = new OrganisationColumns();
        const now = START + hours * HOUR;
        const state = new Map<string, Rows>();
        for (const [next, services, window] of writes) {
          for (const name of services) {
            const own = ofService(next, name);
            state.set(name, own);
            columns.put(name, columnsOf(own, "Production"));
          }
          const all: Rows = {
            deployments: [...state.values()].flatMap((one) => one.deployments),
            shipments: [...state.values()].flatMap((one) => one.shipments),
            incidents: [...state.values()].flatMap((one) => one.incidents),
          };
          const input = inputOf(all, window, now);
          const folded = foldWindow(columns, window, now);
          expect(metricsOf(folded.summary, input)).toEqual(computeMetrics(input));
          expect(seriesOf(folded.buckets, folded.bucketSummaries, input)).toEqual(computeSeries(input));
          expect(coverageFrom(folded.counts, elsewhere)).toEqual(coverageOf(input, elsewhere));
        }
      },
    ),
    { numRuns: RUNS, seed },
  );
});

const NOTHING = {
  changes: new Float64Array(),
  deployments: new Float64Array(),
  notes: new Float64Array(),
  incidents: [],
};
const began = (at: number, key = "i"): IncidentRow => ({ at, end: null, key, twin: null, bits: 0 });

test("days are put together only while every service says the same of each incident", () => {
  const columns = new OrganisationColumns();
  const put = (service: string, ...incidents: IncidentRow[]): boolean => {
    columns.put(service, { ...NOTHING, incidents });
    return columns.isAgreed;
  };
  const [day, later] = [START, START + 48 * HOUR];
  expect(put("shop", began(day), began(day, "j"))).toBe(true);
  expect(put("cart", began(day))).toBe(true);
  expect(put("cart", began(later))).toBe(false);
  expect(put("search", began(later + 1))).toBe(false);
  expect(put("shop", began(later), began(day, "j"))).toBe(false);
  columns.remove("search");
  expect([columns.isAgreed, columns.rows]).toEqual([true, 3]);
  // Two on one day, a second apart.
  expect(put("cart", began(later + 1000))).toBe(false);
  columns.remove("cart");
  expect([columns.isAgreed, columns.rows]).toEqual([true, 2]);
});

test("whatever windows are asked for, what is kept of them stays within what the rows allow", () => {
  const columns = new OrganisationColumns();
  const daily = Array.from({ length: 60 }, (_, day) => [START + day * 24 * HOUR, 1000]);
  const unknown = Array.from({ length: 6 }, () => Number.NaN);
  const changes = Float64Array.from(daily.flatMap((known) => [...known, ...unknown, 0]));
  columns.put("shop", { ...NOTHING, changes });
  const most = 1_000_000 + 16 * columns.rows;
  let highest = 0;
  for (let shift = 0; shift < 40; shift++) {
    for (let at = START; at < START + 1440 * HOUR; at += 6 * HOUR)
      columns.part(at + shift, at + shift + 6 * HOUR);
    // Nothing is kept of days without rows.
    columns.part(START + 90_000 * HOUR + shift, START + 90_001 * HOUR);
    highest = Math.max(highest, columns.keptValues);
  }
  expect(highest).toBeGreaterThan(most / 2);
  expect(highest).toBeLessThanOrEqual(most);
});
