/** Folding an organisation from its days, written over in any order, equals folding all of its rows. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { asOf } from "../../src/dora/as-of.ts";
import { bucketsOf } from "../../src/dora/calendar.ts";
import { foldEntity, foldWindow } from "../../src/dora/columns/fold.ts";
import { columnsOf, type IncidentRow } from "../../src/dora/columns/layout.ts";
import { OrganisationColumns, type Selection } from "../../src/dora/columns/organisation.ts";
import { Runs } from "../../src/dora/columns/runs.ts";
import { countsOf, coverageFrom, coverageOf, leftOutOf } from "../../src/dora/coverage.ts";
import {
  computeMetrics,
  computeSeries,
  frequencySeries,
  metricsOf,
  seriesOf,
} from "../../src/dora/metrics.ts";
import { type Exclusion, type MetricsInput, observe } from "../../src/dora/observations.ts";
import { rowsWhileOwned, type Span } from "../../src/dora/ownership.ts";
import { countUpTo } from "../../src/dora/sorted.ts";
import { rowsIn } from "../../src/dora/summary.ts";
import { METRICS } from "../../src/metrics/dora/question.ts";
import { inputOf, ofService, question, type Rows, rows, SERVICES } from "./support/derived-arbitrary.ts";
import { HOUR, START } from "./support/history-arbitrary.ts";

/** DORA_SEEDS=500 for longer runs. */
const RUNS = Number(process.env["DORA_SEEDS"] ?? 80);
/** One of them in every run. */
const SEEDS = RUNS > 80 ? [1, 2] : [1];
const DAY = 24 * HOUR;

const SELECTED = fc.record({
  services: fc.subarray(SERVICES),
  /** Days on which the services of the same place belonged to the scope; null: always. */
  owned: fc.option(fc.array(fc.tuple(fc.integer({ min: -2, max: 40 }), fc.integer({ min: 1, max: 20 }))), {
    nil: null,
  }),
  until: fc.option(fc.integer({ min: 0, max: 1500 }), { nil: null }),
  isStagingToo: fc.boolean(),
});

test.each(SEEDS)(
  "some services, some of their days, as of an instant: as folding these rows (seed %i)",
  (seed) => {
    fc.assert(
      fc.property(
        rows,
        SELECTED,
        question,
        question,
        (all, { services, owned, until, isStagingToo }, window, other) => {
          // Which of several environments got a change while it was owned is not held.
          const environments = isStagingToo && owned === null ? ["Production", "Staging"] : ["Production"];
          const columns = new OrganisationColumns();
          for (const name of SERVICES) columns.put(name, columnsOf(ofService(all, name), environments));
          // What is kept for everybody must not show.
          foldWindow(columns, other, window.to);
          const now = until === null ? window.to : START + until * HOUR;
          const spans = owned?.map(([day, days]): Span => ({
            from: START + day * DAY,
            to: START + (day + days) * DAY,
          }));
          const selection = new Map(services.map((name) => [name, spans ?? null]));
          const chosen = rowsWhileOwned(
            new Map(services.map((name) => [name, spans ?? [{ from: null, to: null }]])),
            (name) => ofService(all, name),
          );
          const known = until === null ? chosen : asOf(chosen, now);
          const input = inputOf(known, window, now, environments);
          const folded = foldWindow(columns, window, now, {
            selection,
            until: until === null ? Infinity : now,
          });
          const wanted = {
            metrics: computeMetrics(input),
            counts: countsOf(input),
            rows: METRICS.map((metric) => observe(metric, input).counted.length),
            leftOut: METRICS.map((metric) => reasonsOf(observe(metric, input).excluded)),
          };
          expect({
            metrics: metricsOf(folded.summary, input),
            counts: folded.counts,
            rows: METRICS.map((metric) => rowsIn(metric, folded.summary)),
            leftOut: METRICS.map((metric) => leftOutOf(metric, folded.counts)),
          }).toEqual(wanted);
          expect(seriesOf(folded.buckets, folded.bucketSummaries, input)).toEqual(computeSeries(input));
          const entity = entityOf(columns, selection, input, until === null ? Infinity : now);
          expect(metricsOf(entity.summary, input)).toEqual(wanted.metrics);
          expect(entity.counts).toEqual(wanted.counts);
          expect(frequencySeries(folded.buckets, entity.frequency, input)).toEqual(
            computeSeries(input).deploymentFrequency,
          );
          const finishes = input.deployments
            .filter(({ environment }) => environments.includes(environment))
            .map(({ finishedAt }) => finishedAt);
          expect(entity.lastDeployment).toBe(finishes.length === 0 ? null : Math.max(...finishes));
        },
      ),
      { numRuns: RUNS, seed },
    );
  },
);

test.each(SEEDS)(
  "the whole organisation as of an instant, with what was kept of it before (seed %i)",
  (seed) => {
    fc.assert(
      fc.property(
        rows,
        question,
        fc.integer({ min: 0, max: 1500 }),
        fc.boolean(),
        (all, window, hours, isStagingToo) => {
          const environments = isStagingToo ? ["Production", "Staging"] : ["Production"];
          const columns = new OrganisationColumns();
          for (const name of SERVICES) columns.put(name, columnsOf(ofService(all, name), environments));
          foldWindow(columns, window, window.to);
          const now = START + hours * HOUR;
          const input = inputOf(asOf(all, now), window, now, environments);
          const folded = foldWindow(columns, window, now, { until: now });
          expect(metricsOf(folded.summary, input)).toEqual(computeMetrics(input));
          expect(seriesOf(folded.buckets, folded.bucketSummaries, input)).toEqual(computeSeries(input));
          expect(folded.counts).toEqual(countsOf(input));
        },
      ),
      { numRuns: RUNS, seed },
    );
  },
);

function walked<T>(steps: Generator<void, T>): T {
  let step = steps.next();
  while (step.done !== true) step = steps.next();
  return step.value;
}

function entityOf(columns: OrganisationColumns, selection: Selection, input: MetricsInput, until: number) {
  const { window, now } = input;
  const byService = walked(columns.byService(window.from, window.to));
  const cells = [...selection.keys()].flatMap((name) => byService.get(columns.numberOf(name) ?? -1) ?? []);
  const isAlways = [...selection.values()].every((spans) => spans === null);
  const isAsked = isAlways ? null : columns.isAsked(selection);
  const asked = { window, buckets: bucketsOf(window, now), now };
  // A service a step.
  return walked(foldEntity(columns, { cells, isAsked }, asked, until, 1));
}

function reasonsOf(excluded: readonly Exclusion[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { reason, count } of excluded) counts[reason] = (counts[reason] ?? 0) + count;
  return counts;
}

test("many ranks at once are those asked for one by one, also with values taken away", () => {
  const list = fc.array(fc.integer({ min: 0, max: 3000 }), { maxLength: 300, size: "max" });
  fc.assert(
    fc.property(fc.array(list, { minLength: 1, maxLength: 8 }), fc.array(fc.nat()), (lists, taken) => {
      const runs = lists.map((values) => Float64Array.from(values).sort());
      const all = runs.flatMap((run) => [...run]);
      const places = new Set(all.length === 0 ? [] : taken.map((place) => place % all.length));
      const without = Float64Array.from([...places].map((place) => all[place] as number)).sort();
      const kept = all.filter((_, place) => !places.has(place)).sort((left, right) => left - right);
      const sorted = new Runs(runs, without);
      const ranks = kept.map((_, rank) => rank);
      const some = ranks.filter((rank) => rank % 7 === 3);
      const seconds = kept.map((value) => value / 1000);
      expect(sorted.length).toBe(kept.length);
      expect(sorted.atAll(ranks)).toEqual(seconds);
      expect(sorted.atAll(some)).toEqual(some.map((rank) => sorted.at(rank)));
      for (const value of [0, 1.5, 3]) expect(sorted.countUpTo(value)).toBe(countUpTo(seconds, value));
    }),
    { numRuns: RUNS },
  );
});

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
            columns.put(name, columnsOf(own, ["Production"]));
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

test("names of incidents that went are told from those that are there", () => {
  const columns = new OrganisationColumns();
  const incidents = (round: number): IncidentRow[] =>
    Array.from({ length: 1000 }, (_, index) => began(START, `${round}-${index}`));
  let rounds = 0;
  while (!columns.isWorn && rounds < 200) columns.put("shop", { ...NOTHING, incidents: incidents(rounds++) });
  expect([rounds, columns.rows]).toEqual([105, 1000]);
});

test("whatever windows are asked for, what is kept of them stays within what the rows allow", () => {
  const columns = new OrganisationColumns();
  const daily = Array.from({ length: 60 }, (_, day) => [START + day * 24 * HOUR, 1000]);
  const unknown = Array.from({ length: 6 }, () => Number.NaN);
  const changes = Float64Array.from(daily.flatMap((known) => [...known, ...unknown, 0, Number.NaN]));
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
