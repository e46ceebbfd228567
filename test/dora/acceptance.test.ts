/** The cases of the definition: each cites its clause, and no clause is without a case. */
import { describe, expect, test } from "vitest";
import { derive } from "../../src/dora/derive.ts";
import { evidence } from "../../src/dora/evidence.ts";
import { computeMetrics } from "../../src/dora/metrics.ts";
import { rowsWhileOwned, type Span } from "../../src/dora/ownership.ts";
import type { MetricsInput } from "../../src/dora/observations.ts";
import type { MetricName } from "../../src/dora/results.ts";
import { ATTRIBUTION } from "./cases/attribution.ts";
import { CLAUSES } from "./cases/clauses.ts";
import { FAILURES } from "./cases/failure.ts";
import { INCIDENTS } from "./cases/incidents.ts";
import { METRICS, WINDOW } from "./cases/metrics.ts";
import { facts, h } from "./support/facts.ts";
import { SETTINGS } from "./support/history-arbitrary.ts";

/** The metrics of facts: `now` is 480 hours after the first midnight. */
function inputOf({ given, environments, window, hasSource, owned }: (typeof METRICS)[number]): MetricsInput {
  const services = given.map((one) => {
    const settings = { ...SETTINGS, productionEnvironments: environments ?? ["Production"] };
    return derive(facts(one), settings);
  });
  const all = {
    deployments: services.flatMap(({ deployments }) => deployments),
    shipments: services.flatMap(({ shipments }) => shipments),
    incidents: services.flatMap(({ incidents }) => incidents),
  };
  const spans = Object.entries(owned ?? {}).map(([service, list]) => [service, list.map(spanOf)] as const);
  const rowsOf = (name: string) => services[given.findIndex(({ service = "shop" }) => service === name)];
  return {
    ...(owned === undefined ? all : rowsWhileOwned(new Map(spans), rowsOf)),
    unshipped: services.flatMap(({ unshipped }) => unshipped),
    environments: environments ?? ["Production"],
    window: { ...WINDOW, ...window },
    hasSource: hasSource ?? true,
    now: h(480),
  };
}

const spanOf = ([from, to]: readonly [number | null, number | null]): Span => ({
  from: from === null ? null : h(from),
  to: to === null ? null : h(to),
});

describe("metrics", () => {
  test.each(METRICS)("$clause: $name", (one) => {
    const input = inputOf(one);
    expect(computeMetrics(input)).toMatchObject(one.measured);
    for (const line of one.leftOut ?? []) {
      const metric = line.slice(0, line.indexOf(":")) as MetricName;
      const listed = evidence(metric, input).excluded.map(
        ({ entity, reason }) => `${metric}: ${entity.identifier} ${reason}`,
      );
      expect(listed).toContain(line);
    }
    // Each service's rows given twice, and backwards: the same numbers.
    const again = one.given.map((given) => ({
      ...given,
      deployments: [...(given.deployments ?? []), ...(given.deployments ?? [])].reverse(),
      changes: [...(given.changes ?? []), ...(given.changes ?? [])].reverse(),
      commits: [...(given.commits ?? []), ...(given.commits ?? [])].reverse(),
      incidents: [...(given.incidents ?? []), ...(given.incidents ?? [])].reverse(),
    }));
    expect(computeMetrics(inputOf({ ...one, given: again }))).toEqual(computeMetrics(input));
  });
});

test("every clause has a case, and there are at least sixty", () => {
  const cases = [...ATTRIBUTION, ...FAILURES, ...INCIDENTS, ...METRICS];
  const cited = new Set(cases.map(({ clause }) => clause));
  expect(Object.keys(CLAUSES).filter((clause) => !cited.has(clause as keyof typeof CLAUSES))).toEqual([]);
  expect(cases.length).toBeGreaterThanOrEqual(60);
});
