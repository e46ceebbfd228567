/**
 * What no order of telling may change, over random histories: DORA_SEEDS=500 for longer runs, DORA_SEED for others. A
 * counterexample is kept by its seed.
 */
import fc from "fast-check";
import { expect, test } from "vitest";
import { coverageOf } from "../../src/dora/coverage.ts";
import { derive } from "../../src/dora/derive.ts";
import type { ServiceDerivation } from "../../src/dora/derived.ts";
import type { DeploymentFact, DerivationSettings, IncidentFact, ServiceFacts } from "../../src/dora/facts.ts";
import { computeMetrics, computeSeries } from "../../src/dora/metrics.ts";
import type { MetricsInput } from "../../src/dora/observations.ts";
import { isOwned, rowsWhileOwned, type Span } from "../../src/dora/ownership.ts";
import type { MetricName, Window } from "../../src/dora/results.ts";
import { differenceOf } from "../../src/metrics/dora/difference.ts";
import { incident } from "./support/facts.ts";
import { factsArbitrary, HOUR, settingsArbitrary, START } from "./support/history-arbitrary.ts";

const RUNS = Number(process.env["DORA_SEEDS"] ?? 20);
const SEED = Number(process.env["DORA_SEED"] ?? 1);
const LIMIT_MS = Math.max(10_000, RUNS * 1000);

const check = <T>(world: fc.Arbitrary<T>, holds: (world: T) => void): void =>
  fc.assert(fc.property(world, holds), { seed: SEED, numRuns: RUNS });

const REGIONS = [null, "eu", "us", "eu"] as const;

/** A history with incidents, and with regions in some. */
const worldArbitrary: fc.Arbitrary<{ facts: ServiceFacts; settings: DerivationSettings }> = fc
  .record({
    facts: factsArbitrary,
    settings: settingsArbitrary,
    incidents: fc.array(fc.record({ hour: fc.nat(200), length: fc.option(fc.nat(40)), cause: fc.nat(30) }), {
      maxLength: 6,
    }),
    hasRegions: fc.boolean(),
  })
  .map(({ facts, settings, incidents, hasRegions }) => ({
    settings,
    facts: {
      ...facts,
      deployments: facts.deployments.map((one, index): DeploymentFact => ({
        ...one,
        region: hasRegions ? (REGIONS[index % REGIONS.length] ?? null) : null,
      })),
      incidents: incidents.map(({ hour, length, cause }, index): IncidentFact => {
        const startedAt = START + hour * HOUR;
        return {
          ...incident(`INC-${index}`, 0, null, { causedBy: cause < 5 ? [`d${cause}`] : [] }),
          ...{ startedAt, resolvedAt: length === null ? null : startedAt + length * HOUR },
        };
      }),
    },
  }));

interface Shuffled {
  readonly facts: ServiceFacts;
  readonly settings: DerivationSettings;
  readonly batches: readonly ServiceFacts[];
}

type Told = readonly ["deployments" | "changes" | "commits" | "incidents", unknown];

/** All facts in another order, some of them twice, in batches of any size. */
const shuffledArbitrary: fc.Arbitrary<Shuffled> = fc
  .tuple(worldArbitrary, fc.nat(1_000_000), fc.integer({ min: 1, max: 40 }))
  .map(([{ facts, settings }, seed, size]) => {
    const told = (["deployments", "changes", "commits", "incidents"] as const).flatMap((kind) =>
      (facts[kind] ?? []).map((fact): Told => [kind, fact]),
    );
    const mixed = [...told, ...told.filter((_, index) => (index + seed) % 4 === 0)]
      .map((one, index) => ({ one, key: Math.imul(index + 1, seed * 2 + 1_000_003) >>> 0 }))
      .sort((a, b) => a.key - b.key)
      .map(({ one }) => one);
    const batches: ServiceFacts[] = [];
    for (let to = size; ; to += size) {
      const of = <F>(kind: Told[0]): F[] =>
        mixed.slice(0, to).flatMap(([name, fact]) => (name === kind ? [fact as F] : []));
      batches.push({
        ...{ service: facts.service, paths: facts.paths },
        ...{ deployments: of("deployments"), changes: of("changes") },
        ...{ commits: of("commits"), incidents: of("incidents") },
      });
      if (to >= mixed.length) return { facts, settings, batches };
    }
  });

const emptyStore = () => ({
  deployments: new Map<string, string>(),
  shipments: new Map<string, string>(),
  incidents: new Map<string, string>(),
  unshipped: new Map<string, string>(),
});
type Store = ReturnType<typeof emptyStore>;

/** As the database: rows that differ are written, gone ones deleted. Keyed like there. */
function apply(store: Store, derived: ServiceDerivation): void {
  const stored = {
    deployments: new Map(store.deployments),
    shipments: new Map(store.shipments),
    incidents: new Map(store.incidents),
    unshipped: new Map(store.unshipped),
  };
  const found = differenceOf(derived, stored);
  const key = (...parts: readonly string[]): string => parts.join("\u0000");
  for (const gone of found.goneDeployments) store.deployments.delete(gone);
  for (const gone of found.goneShipments) store.shipments.delete(gone);
  for (const gone of found.goneIncidents) store.incidents.delete(gone);
  for (const gone of found.goneUnshipped) store.unshipped.delete(gone);
  for (const row of found.deployments) store.deployments.set(key(row.environment, row.id), row.hash);
  for (const row of found.shipments)
    store.shipments.set(key(row.environment, row.deployment, row.change), row.hash);
  for (const row of found.incidents) store.incidents.set(key(row.blueprint, row.id), row.hash);
  for (const row of found.unshipped) store.unshipped.set(row.change, row.hash);
}

const sorted = (store: Store) =>
  Object.fromEntries(
    Object.entries(store).map(([name, rows]) => [
      name,
      [...rows].map(([key, hash]) => `${key} ${hash}`).sort(),
    ]),
  );

test(
  "permutation, duplication and batching: the rows are those of the facts at once",
  { timeout: LIMIT_MS },
  () => {
    check(shuffledArbitrary, ({ facts, settings, batches }) => {
      expect(derive(batches.at(-1) as ServiceFacts, settings)).toEqual(derive(facts, settings));
    });
  },
);

test(
  "incremental is from scratch: rows kept by differences, through every batch and back, are those derived at once",
  { timeout: LIMIT_MS },
  () => {
    check(shuffledArbitrary, ({ facts, settings, batches }) => {
      const kept = emptyStore();
      const steps = batches.filter((_, index) => index % Math.ceil(batches.length / 4) === 0);
      // Facts that go away again: a deletion, or a correction of what was told by mistake.
      for (const step of [...steps, ...steps.toReversed(), facts]) apply(kept, derive(step, settings));
      const scratch = emptyStore();
      apply(scratch, derive(facts, settings));
      expect(sorted(kept)).toEqual(sorted(scratch));
    });
  },
);

const windowArbitrary: fc.Arbitrary<Window> = fc
  .record({ from: fc.integer({ min: -2, max: 150 }), length: fc.integer({ min: 2, max: 400 }) })
  .map(({ from, length }) => ({
    ...{ from: START + from * HOUR, to: START + (from + length) * HOUR },
    ...{ timezone: "UTC", interval: "day", weekStart: "monday" },
  }));

const organisationArbitrary = fc.record({
  worlds: fc.array(worldArbitrary, { minLength: 2, maxLength: 3 }),
  settings: settingsArbitrary,
  window: windowArbitrary,
  cut: fc.integer({ min: 1, max: 99 }),
  environments: fc.constantFrom(["Production"], ["Production", "Staging"]),
});

function inputOf(
  services: readonly ServiceDerivation[],
  window: Window,
  environments: readonly string[],
): MetricsInput {
  return {
    deployments: services.flatMap(({ deployments }) => deployments),
    shipments: services.flatMap(({ shipments }) => shipments),
    incidents: services.flatMap(({ incidents }) => incidents),
    unshipped: services.flatMap(({ unshipped }) => unshipped),
    ...{ window, environments, hasSource: true, now: START + 600 * HOUR },
  };
}

const deriveAll = (worlds: readonly { facts: ServiceFacts }[], settings: DerivationSettings) =>
  worlds.map(({ facts }, index) => {
    const service = `s${index}`;
    const named = (facts.incidents ?? []).map((one) => ({
      ...one,
      id: `${service}-${one.id}`,
      services: [service],
    }));
    return derive({ ...facts, service, incidents: named }, settings);
  });

/** Whatever is counted, not averaged. */
function countsOf(input: MetricsInput): Record<string, number> {
  const metrics = computeMetrics(input);
  return {
    deployments: metrics.deploymentFrequency.count,
    changes: metrics.changeLeadTime.n,
    failed: metrics.changeFailureRate.failed,
    total: metrics.changeFailureRate.total,
    recovered: metrics.failedDeploymentRecoveryTime.n + metrics.failedDeploymentRecoveryTime.open,
    incidents: metrics.meanTimeToRecovery.n + metrics.meanTimeToRecovery.open,
    rework: metrics.reworkRate.rework,
  };
}

const added = (list: readonly Record<string, number>[]): Record<string, number> => {
  const sum: Record<string, number> = {};
  for (const one of list)
    for (const [name, count] of Object.entries(one)) sum[name] = (sum[name] ?? 0) + count;
  return sum;
};

test("windows that touch add up, and so do the buckets of a series", { timeout: LIMIT_MS }, () => {
  check(organisationArbitrary, ({ worlds, settings, window, cut, environments }) => {
    const services = deriveAll(worlds, settings);
    const middle = window.from + Math.round(((window.to - window.from) * cut) / 100);
    const whole = inputOf(services, window, environments);
    const parts = [
      { ...window, to: middle },
      { ...window, from: middle },
    ].map((part) => inputOf(services, part, environments));
    expect(added(parts.map(countsOf))).toEqual(countsOf(whole));
    const nothing = { notDeployed: 0, leftOut: 0, shippedLater: 0 };
    const [first, second, both] = [...parts, whole].map((part) => coverageOf(part, nothing));
    for (const name of ["deployments", "countedDeployments", "incidents", "linkedIncidents"] as const)
      expect((first?.[name] ?? 0) + (second?.[name] ?? 0)).toBe(both?.[name]);
    const series = computeSeries(whole);
    for (const metric of [
      "deploymentFrequency",
      "changeLeadTime",
      "changeFailureRate",
      "reworkRate",
    ] as const) {
      const counts: Partial<Record<MetricName, number>> = {
        deploymentFrequency: countsOf(whole)["deployments"] ?? 0,
        changeLeadTime: countsOf(whole)["changes"] ?? 0,
        changeFailureRate: countsOf(whole)["total"] ?? 0,
        reworkRate: countsOf(whole)["total"] ?? 0,
      };
      expect(series[metric].reduce((sum, { n }) => sum + n, 0)).toBe(counts[metric]);
    }
  });
});

test(
  "a roll-up is the computation over the union of the rows, also where owners change",
  { timeout: LIMIT_MS },
  () => {
    check(organisationArbitrary, ({ worlds, settings, window, cut, environments }) => {
      const services = deriveAll(worlds, settings);
      const union = inputOf(services, window, environments);
      // Counts of the parts are those of the whole, and the numbers of the whole are not averages of theirs.
      expect(added(services.map((one) => countsOf(inputOf([one], window, environments))))).toEqual(
        countsOf(union),
      );
      const change = window.from + Math.round(((window.to - window.from) * cut) / 100);
      const owners: readonly ReadonlyMap<string, readonly Span[]>[] = [
        new Map([
          ["s0", [{ from: null, to: change }]],
          ["s1", [{ from: null, to: null }]],
        ]),
        new Map([["s0", [{ from: change, to: null }]]]),
      ];
      const rowsOf = (name: string) => services.find((_, index) => `s${index}` === name);
      const teams = owners.map((owned) => ({ ...union, ...rowsWhileOwned(owned, rowsOf) }));
      owners.forEach((owned, index) => {
        const isMine = (service: string, at: number): boolean => isOwned(owned.get(service) ?? [], at);
        const mine: MetricsInput = {
          ...union,
          deployments: union.deployments.filter((row) => isMine(row.service, row.finishedAt)),
          shipments: union.shipments.filter((row) => isMine(row.service, row.deployedAt)),
          incidents: union.incidents.filter((row) => isMine(row.service, row.startedAt)),
        };
        expect(computeMetrics(teams[index] as MetricsInput)).toEqual(computeMetrics(mine));
      });
      // Nothing is lost and nothing twice when a service changes hands.
      const both = inputOf(services.slice(0, 2), window, environments);
      expect(added(teams.map(countsOf))).toEqual(countsOf(both));
    });
  },
);
