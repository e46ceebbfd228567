/** Random deployments and incidents of three services against the rule written down the plain way. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { derive } from "../../src/dora/derive.ts";
import type { DerivedIncident, ServiceDerivation } from "../../src/dora/derived.ts";
import { evidence } from "../../src/dora/evidence.ts";
import type {
  DeploymentFact,
  DerivationSettings,
  IncidentFact,
  IncidentStatus,
  ServiceFacts,
} from "../../src/dora/facts.ts";
import { computeMetrics } from "../../src/dora/metrics.ts";
import { deploy, facts, h, incident } from "./support/facts.ts";
import { SETTINGS } from "./support/history-arbitrary.ts";

const SERVICES = ["cart", "pay", "shop"] as const;
const RUNS = Number(process.env["INCIDENT_RUNS"] ?? 500);
const NOW = h(200);

interface World {
  /** Of one service each. */
  readonly deployments: readonly { readonly service: string; readonly fact: DeploymentFact }[];
  readonly incidents: readonly IncidentFact[];
  readonly settings: DerivationSettings;
  readonly seed: number;
}

const service = fc.constantFrom(...SERVICES);
const worldArbitrary: fc.Arbitrary<World> = fc
  .record({
    deployments: fc.array(
      fc.record({
        service,
        hour: fc.integer({ min: 0, max: 60 }),
        environment: fc.constantFrom("Production", "Production", "Production", "Staging"),
        status: fc.constantFrom<DeploymentFact["status"]>(
          "success",
          "success",
          "success",
          "failure",
          "ignored",
        ),
        trigger: fc.constantFrom<DeploymentFact["trigger"]>(null, null, null, "rollback", "hotfix"),
      }),
      { maxLength: 14 },
    ),
    incidents: fc.array(
      fc.record({
        services: fc.uniqueArray(service, { maxLength: 3 }),
        hour: fc.integer({ min: 0, max: 70 }),
        length: fc.option(fc.integer({ min: -1, max: 40 })),
        status: fc.constantFrom<IncidentStatus>("unknown", "unknown", "resolved", "open", "ignored"),
        cause: fc.option(fc.nat(14), { freq: 4 }),
        verdict: fc.option(fc.option(fc.nat(14)), { freq: 4 }),
      }),
      { maxLength: 8 },
    ),
    window: fc.constantFrom(24, 6, 100),
    seed: fc.nat(),
  })
  .map(({ deployments, incidents, window, seed }) => ({
    deployments: deployments.map(({ service: name, hour, ...rest }, index) => ({
      service: name,
      fact: deploy(`d${index}`, hour, null, rest),
    })),
    incidents: incidents.map(({ services, hour, length, status, cause, verdict }, index) =>
      incident(`I${index}`, hour, length === null ? null : hour + length, {
        services,
        status,
        causedBy: cause === null ? [] : [`d${cause}`],
        verdict:
          verdict === undefined || verdict === null
            ? null
            : { deployment: `d${verdict}`, reason: "seen", by: "ada" },
      }),
    ),
    settings: { ...SETTINGS, failureWindowHours: window },
    seed,
  }));

/** What the server hands to the derivation of one service. */
function factsOf({ deployments, incidents }: World, name: string): ServiceFacts {
  const own = deployments.filter((one) => one.service === name).map(({ fact }) => fact);
  const ids = new Set(own.map(({ id }) => id));
  const named = (one: IncidentFact): string[] => [...one.causedBy, one.verdict?.deployment ?? ""];
  const mine = incidents.filter(
    (one) =>
      (name === "" ? one.services.length === 0 : one.services.includes(name)) ||
      named(one).some((id) => ids.has(id)),
  );
  const others = new Set(mine.flatMap(({ services }) => services));
  const wanted = new Set(mine.flatMap(named));
  return facts({
    service: name,
    deployments: own,
    incidents: mine,
    otherDeployments: deployments
      .filter((one) => one.service !== name && (others.has(one.service) || wanted.has(one.fact.id)))
      .map(({ service: other, fact }) => ({ service: other, deployment: fact })),
  });
}

const deriveAll = (world: World): ServiceDerivation[] =>
  ["", ...SERVICES].map((name) => derive(factsOf(world, name), world.settings));

/** The blamed deployment by the definition, over all facts at once; null = none. */
function blamed({ deployments, settings }: World, one: IncidentFact): string | null {
  const known = new Map(deployments.map(({ fact }) => [fact.id, fact]));
  if (one.verdict !== null) return one.verdict.deployment;
  if (one.status === "ignored") return null;
  const [stated] = one.causedBy;
  if (stated !== undefined) return stated;
  const start = one.startedAt;
  const able = deployments
    .filter(
      ({ service: name, fact }) =>
        one.services.includes(name) &&
        fact.status === "success" &&
        fact.environment === "Production" &&
        fact.finishedAt >= start - settings.failureWindowHours * 3_600_000 &&
        fact.finishedAt < start,
    )
    .map(({ fact }) => fact.id);
  return able.reduce<string | null>((best, id) => {
    const [a, b] = [known.get(best ?? ""), known.get(id) as DeploymentFact];
    if (a === undefined || b.finishedAt > a.finishedAt) return id;
    return b.finishedAt === a.finishedAt && b.id > a.id ? id : best;
  }, null);
}

const all = <R>(list: readonly ServiceDerivation[], read: (one: ServiceDerivation) => readonly R[]): R[] =>
  list.flatMap(read);

const inputOf = (list: readonly ServiceDerivation[], from: number, to: number) => ({
  deployments: all(list, (one) => one.deployments),
  shipments: all(list, (one) => one.shipments),
  incidents: all(list, (one) => one.incidents),
  window: { from, to, timezone: "UTC", interval: "day", weekStart: "monday" } as const,
  environments: ["Production"],
  hasSource: true,
  now: NOW,
});

const property = (check: (world: World) => void) =>
  fc.assert(fc.property(worldArbitrary, check), { numRuns: RUNS, seed: 20_261_125 });

test("every service sees the link that the definition gives over all facts at once", () => {
  property((world) => {
    const derived = deriveAll(world);
    for (const one of world.incidents) {
      const expected = blamed(world, one);
      const rows = all(derived, ({ incidents }) => incidents.filter(({ id }) => id === one.id));
      expect(rows.map((row) => row.service)).toEqual(
        one.services.length === 0 ? [""] : one.services.toSorted(),
      );
      for (const row of rows) expect(row.link.deployment).toBe(expected);
      // Whoever deployed it sees the failure, and nobody else does.
      const failed = all(derived, ({ deployments }) =>
        deployments.filter(({ causes }) => causes.some(({ by }) => by === one.id)).map(({ id }) => id),
      );
      const takesPart = world.deployments.some(
        ({ fact }) => fact.id === expected && (fact.status === "success" || fact.status === "failure"),
      );
      expect(failed).toEqual(takesPart ? [expected] : []);
    }
  });
});

test("the order and the number of times that facts are told change nothing", () => {
  property((world) => {
    const random = fc.sample(
      fc.shuffledSubarray([...world.incidents, ...world.incidents], {
        minLength: world.incidents.length * 2,
      }),
      { numRuns: 1, seed: world.seed },
    )[0] as IncidentFact[];
    const again = {
      ...world,
      incidents: random,
      deployments: [...world.deployments, ...world.deployments].toReversed(),
    };
    expect(deriveAll(again)).toEqual(deriveAll(world));
  });
});

test("evidence folds to the headlines; a scope of all services is the union of its rows, each incident once", () => {
  property((world) => {
    const derived = deriveAll(world);
    const input = inputOf(derived, h(5), h(60));
    const metrics = computeMetrics(input);
    const times = evidence("meanTimeToRecovery", input).rows;
    const closed = times.filter(({ open }) => open !== true);
    const { meanTimeToRecovery, changeFailureRate } = metrics;
    expect([meanTimeToRecovery.n, meanTimeToRecovery.open]).toEqual([
      closed.length,
      times.length - closed.length,
    ]);
    if (closed.length === times.length && times.length > 0)
      expect(meanTimeToRecovery.value).toBeCloseTo(
        closed.reduce((sum, { value }) => sum + value, 0) / closed.length,
        6,
      );
    else expect(meanTimeToRecovery.value).toBeNull();
    expect(new Set(times.map(({ entity }) => entity.identifier)).size).toBe(times.length);
    const rates = evidence("changeFailureRate", input);
    expect(rates.rows.filter(({ value }) => value === 1)).toHaveLength(changeFailureRate.failed);
    expect(rates.rows.filter(({ causes }) => causes?.includes("incident"))).toHaveLength(
      changeFailureRate.causes.incident,
    );
    // The union of the parts, and windows that touch add up.
    const parts = derived.map((one) => computeMetrics(inputOf([one], h(5), h(60))).changeFailureRate);
    expect(parts.reduce((sum, { failed }) => sum + failed, 0)).toBe(changeFailureRate.failed);
    const halves = [inputOf(derived, h(5), h(30)), inputOf(derived, h(30), h(60))].map((half) =>
      computeMetrics(half),
    );
    for (const count of ["n", "open"] as const)
      expect(halves.reduce((sum, half) => sum + half.meanTimeToRecovery[count], 0)).toBe(
        meanTimeToRecovery[count],
      );
  });
});

test("service is restored at the end of the last linked incident, and open while one is", () => {
  property((world) => {
    const derived = deriveAll(world);
    const byId = new Map(all(derived, ({ incidents }) => incidents).map((one) => [one.id, one]));
    for (const deployment of all(derived, ({ deployments }) => deployments)) {
      if (!deployment.failed) {
        expect(deployment.restoredAt).toBeNull();
        continue;
      }
      const linked = [...byId.values()].filter(
        (one: DerivedIncident) => one.link.deployment === deployment.id && one.excluded === null,
      );
      if (linked.length === 0) continue;
      const ends = linked.map(({ endedAt }) => endedAt);
      expect(deployment.restoredAt).toBe(ends.includes(null) ? null : Math.max(...(ends as number[])));
    }
  });
});
