/** Incidents: rows in, rows out, each case with the clause of the definition that it holds. */
import { describe, expect, test } from "vitest";
import { derive } from "../../src/dora/derive.ts";
import { computeMetrics } from "../../src/dora/metrics.ts";
import type { ServiceFacts } from "../../src/dora/facts.ts";
import { INCIDENTS } from "./cases/incidents.ts";
import { causeLines, facts, h, incident, linkLines, restoredLines, reworkLines } from "./support/facts.ts";
import { SETTINGS } from "./support/history-arbitrary.ts";

describe("incidents", () => {
  test.each(INCIDENTS.map((one) => [`${one.clause} — ${one.name}`, one] as const))("%s", (_, one) => {
    const settings = { ...SETTINGS, ...one.settings };
    const given = facts(one.given);
    const derived = derive(given, settings);
    if (one.links !== undefined) expect(linkLines(derived)).toEqual(one.links);
    if (one.causes !== undefined) expect(causeLines(derived)).toEqual(one.causes);
    if (one.rework !== undefined) expect(reworkLines(derived)).toEqual(one.rework);
    if (one.restored !== undefined) expect(restoredLines(derived)).toEqual(one.restored);
    // In any order, and with every row told twice.
    const shuffled = (list: readonly unknown[] = []) => [...list, ...list].reverse();
    const again = {
      ...given,
      deployments: shuffled(given.deployments),
      changes: shuffled(given.changes),
      incidents: shuffled(given.incidents),
      otherDeployments: shuffled(given.otherDeployments),
    } as ServiceFacts;
    expect(derive(again, settings)).toEqual(derived);
  });
});

describe("mean time to recovery", () => {
  const measure = (incidents: ServiceFacts["incidents"], from = h(0), to = h(100)) =>
    computeMetrics({
      ...derive(facts({ incidents: incidents ?? [] }), SETTINGS),
      window: { from, to, timezone: "UTC", interval: "day", weekStart: "monday" },
      environments: ["Production"],
      hasSource: true,
      now: h(200),
    }).meanTimeToRecovery;

  test.each([
    ["4: started → resolved, mean and p50", [incident("a", 1, 2), incident("b", 2, 5)], 7200, 7200, 2, 0],
    [
      "4: over incidents started in the window, half-open",
      [incident("a", 0, 1), incident("b", 99, 140), incident("c", 100, 101), incident("d", -1, 50)],
      (3600 + 41 * 3600) / 2,
      (3600 + 41 * 3600) / 2,
      2,
      0,
    ],
    [
      "4: open ones are censored: no mean, the median is Kaplan–Meier",
      [incident("a", 1, 2), incident("b", 1, 3), incident("c", 1, null)],
      null,
      7200,
      2,
      1,
    ],
    ["8: re-opened is open", [incident("a", 1, 2, { status: "open" })], null, null, 0, 1],
    ["4: a negative span is left out", [incident("a", 5, 4), incident("b", 1, 2)], 3600, 3600, 1, 0],
    ["5: null where there is nothing to measure", [], null, null, 0, 0],
  ] as const)("%s", (_, incidents, mean, p50, n, open) => {
    const found = measure(incidents);
    expect([found.value, found.mean, found.p50, found.n, found.open]).toEqual([mean, mean, p50, n, open]);
  });

  test("open ones bound the mean from below", () => {
    expect(measure([incident("a", 1, 2), incident("b", 100 - 1, null)]).atLeast).toBe(
      (3600 + 101 * 3600) / 2,
    );
  });

  test("an incident of two services counts once in a scope of both", () => {
    const both = incident("a", 1, 2, { services: ["shop", "cart"] });
    const rows = ["shop", "cart"].flatMap(
      (service) => derive(facts({ service, incidents: [both] }), SETTINGS).incidents,
    );
    expect(rows).toHaveLength(2);
    const { meanTimeToRecovery } = computeMetrics({
      deployments: [],
      shipments: [],
      incidents: rows,
      window: { from: h(0), to: h(9), timezone: "UTC", interval: "day", weekStart: "monday" },
      environments: ["Production"],
      hasSource: true,
      now: h(9),
    });
    expect(meanTimeToRecovery.n).toBe(1);
  });
});
