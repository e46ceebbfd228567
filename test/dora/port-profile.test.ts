/** The formulas of Port's article, case by case (decisions 5 and 7). */
import { expect, test } from "vitest";
import { portMetrics } from "../../src/dora/port-profile.ts";
import { change, deploy, h, incident } from "./support/facts.ts";

const DAY = 24;
const none = { deployments: [], changes: [], incidents: [] };
const measure = (facts: Partial<Parameters<typeof portMetrics>[0]>, days: number) =>
  portMetrics({ ...none, ...facts }, h(days * DAY), ["Production"]);

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
