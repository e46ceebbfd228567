/** The formulas of Port's article, case by case (decisions 5 and 7); their rows fold to every headline. */
import fc from "fast-check";
import { expect, test } from "vitest";
import type { Instant } from "../../src/dora/facts.ts";
import { portMetrics } from "../../src/dora/port-profile.ts";
import { type PortFacts, portFactsAsOf, portRows } from "../../src/dora/port-rows.ts";
import { change, deploy, h, incident } from "./support/facts.ts";
import { factsArbitrary, HOUR, START } from "./support/history-arbitrary.ts";

const DAY = 24;
const none = { deployments: [], changes: [], incidents: [] };
/** The headlines, after holding them to their rows. */
const measure = (facts: Partial<PortFacts>, days: number) => measured({ ...none, ...facts }, h(days * DAY));

function measured(facts: PortFacts, to: Instant) {
  const metrics = portMetrics(facts, to, ["Production"]);
  expect(refolded(facts, to)).toEqual([
    metrics.deploymentFrequency.value,
    metrics.changeLeadTime.value,
    metrics.changeFailureRate.value,
    metrics.meanTimeToRecovery.value,
  ]);
  return metrics;
}

/** The headlines by the formulas as the answer states them, from the evidence alone. */
function refolded(facts: PortFacts, to: Instant): (number | null)[] {
  const rows = portRows(facts, to);
  const months = (list: readonly { at: Instant }[]): number => {
    if (list.length === 0) return 1;
    const days = (to - Math.min(...list.map(({ at }) => at))) / (DAY * HOUR);
    return Math.max(1, Math.ceil(days / 30));
  };
  const sum = (list: readonly { value: number }[]): number =>
    list.map(({ value }) => value).reduce((total, value) => total + value, 0);
  const { deploymentFrequency: frequency, changeLeadTime: lead, meanTimeToRecovery: recovery } = rows;
  const failures = rows.changeFailureRate.counted;
  const incidents = failures.filter(({ unit }) => unit === "incident");
  const deployments = failures.filter(({ unit }) => unit === "deployment");
  return [
    sum(frequency.counted) / months(frequency.counted),
    lead.counted.length === 0 ? null : sum(lead.counted) / lead.counted.length,
    deployments.length === 0 ? null : (sum(incidents) / (sum(deployments) / months(deployments))) * 100,
    recovery.counted.length === 0 ? null : sum(recovery.counted) / months(recovery.counted),
  ];
}

test.each([
  ["61 days are three months of thirty, rounded up", 61, 3],
  ["60 days are two", 60, 2],
  ["less than a month is one", 5, 1],
])("frequency: %s", (_, days, months) => {
  const deployments = [0, 1, 2].map((hour) => deploy(`d${hour}`, hour, null));
  const { deploymentFrequency } = measure({ deployments }, days);
  expect(deploymentFrequency).toMatchObject({ value: 3 / months, months, n: 3, unit: "per_month" });
});

test("frequency: successes of every environment, none after `to`, copies once", () => {
  const deployments = [
    deploy("a", 1, null),
    deploy("a", 1, null),
    deploy("b", 1, null, { environment: "Staging" }),
    deploy("c", 1, null, { status: "failure" }),
    deploy("d", 48, null),
  ];
  const { value, differences } = measure({ deployments }, 2).deploymentFrequency;
  expect(value).toBe(2);
  expect(differences[1]).toBe("every environment: 1 of them are not in production");
});

test("as of an instant: what ended later was open then, and is in no recovery", () => {
  const incidents = [incident("a", 1, 3), incident("b", 2, 9), incident("c", 3, 8, { status: "ignored" })];
  const known = portFactsAsOf({ ...none, incidents }, h(8));
  expect(known.incidents.map(({ resolvedAt, status }) => [resolvedAt, status])).toEqual([
    [h(3), incidents[0]?.status],
    [null, "open"],
    [h(8), "ignored"],
  ]);
  expect(measured(known, h(8)).meanTimeToRecovery).toMatchObject({ value: 120, n: 1 });
  expect(measured({ ...none, incidents }, h(8)).meanTimeToRecovery).toMatchObject({ n: 2 });
});

test("lead time: mean of merged − opened, shipped or not; without either it is not there", () => {
  const changes = [
    change("a", { openedAt: h(0), mergedAt: h(2) }),
    change("b", { openedAt: h(0), mergedAt: h(10), firstCommitAt: h(-50) }),
    change("c", { openedAt: h(0) }),
    change("d", { mergedAt: h(4) }),
  ];
  expect(measure({ changes }, 9).changeLeadTime).toMatchObject({ value: 6, n: 2, unit: "hours" });
});

test("failure rate: all incidents ÷ deployments per month × 100, beyond 100 % too; null without deployments", () => {
  const deployments = [deploy("a", 0, null)];
  const incidents = [incident("i", 1, 2), incident("j", 5, null), incident("k", 9, 9)];
  expect(measure({ deployments, incidents }, 60).changeFailureRate).toMatchObject({ value: 600, n: 3 });
  expect(measure({ incidents }, 60).changeFailureRate.value).toBeNull();
});

test("recovery: sum of minutes ÷ months since the first resolved incident", () => {
  const incidents = [
    incident("i", 0, 2),
    incident("j", 5, 6, { status: "resolved" }),
    incident("k", 1, null),
    incident("l", 1, 9, { status: "open" }),
  ];
  expect(measure({ incidents }, 45).meanTimeToRecovery).toMatchObject({ value: 90, months: 2, n: 2 });
});

test("nothing at all", () => {
  const { deploymentFrequency, changeLeadTime, meanTimeToRecovery } = measure({}, 1);
  expect([deploymentFrequency.value, changeLeadTime.value, meanTimeToRecovery.value]).toEqual([
    0,
    null,
    null,
  ]);
});

test("what a formula leaves out is listed, once, with its reason", () => {
  const facts: PortFacts = {
    deployments: [
      deploy("ok", 1, null),
      deploy("bad", 2, null, { status: "failure" }),
      deploy("bad", 2, null, { status: "failure" }),
      deploy("odd", 3, null, { status: "unknown" }),
      deploy("later", 100, null, { status: "failure" }),
    ],
    changes: [
      change("merged", { openedAt: h(0), mergedAt: h(2) }),
      change("unopened", { mergedAt: h(4) }),
      change("open", { openedAt: h(1) }),
    ],
    incidents: [
      incident("i", 0, 2),
      incident("open", 1, null, { status: "open" }),
      incident("untold", 2, null, { status: "resolved" }),
    ],
  };
  const rows = portRows(facts, h(48));
  const lines = Object.entries(rows).map(([metric, { excluded }]) => [
    metric,
    ...excluded.map(({ subject, reason }) => `${subject.id} ${reason}`),
  ]);
  expect(lines).toEqual([
    ["deploymentFrequency", "odd status", "bad status"],
    ["changeLeadTime", "unopened no_start"],
    ["changeFailureRate", "odd status", "bad status"],
    ["meanTimeToRecovery", "untold no_end", "open status"],
  ]);
});

test("rows fold to every headline exactly, in whatever order facts come", () => {
  fc.assert(
    fc.property(factsArbitrary, fc.integer({ min: 0, max: 400 }), (facts, hours) => {
      const incidents = facts.deployments.map(({ id, finishedAt }, index) =>
        incident(`of ${id}`, 0, null, {
          startedAt: finishedAt + 1000,
          resolvedAt: index % 3 === 0 ? null : finishedAt + 1000 + index * 123_457,
        }),
      );
      const to = START + hours * HOUR;
      const told = { ...facts, incidents };
      const backwards = {
        deployments: told.deployments.toReversed(),
        changes: [...told.changes, ...told.changes].toReversed(),
        incidents: incidents.toReversed(),
      };
      expect(measured(backwards, to)).toEqual(measured(told, to));
    }),
    { seed: 1, numRuns: 60 },
  );
});
