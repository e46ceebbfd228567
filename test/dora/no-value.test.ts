/** A metric without a value says why, and where its rows are. */
import { describe, expect, test } from "vitest";
import { countsOf } from "../../src/dora/coverage.ts";
import { derive } from "../../src/dora/derive.ts";
import type { ServiceFacts } from "../../src/dora/facts.ts";
import { computeMetrics } from "../../src/dora/metrics.ts";
import { type Known, type NoValue, noValueOf } from "../../src/dora/no-value.ts";
import type { MetricName } from "../../src/dora/results.ts";
import { WINDOW } from "./cases/metrics.ts";
import { change, deploy, facts, h, incident } from "./support/facts.ts";
import { SETTINGS } from "./support/history-arbitrary.ts";

function why(metric: MetricName, given: Partial<ServiceFacts>, known: Partial<Known> = {}): NoValue | null {
  const { deployments, shipments, incidents } = derive(facts(given), SETTINGS);
  const input = {
    ...{ deployments, shipments, incidents, window: WINDOW, now: h(480) },
    ...{ environments: ["Production"], hasSource: known.hasSource ?? true },
  };
  return noValueOf(metric, computeMetrics(input), {
    ...{ counts: countsOf(input), notDeployed: 0, environments: ["Production"] },
    ...{ hasSource: true, hasIncidents: true, ...known },
  });
}
const text = (...asked: Parameters<typeof why>): string | undefined => why(...asked)?.text;

describe("time to recovery", () => {
  test("open incidents leave no mean", () => {
    expect(
      why("meanTimeToRecovery", { incidents: [incident("a", 10, 12), incident("b", 20, null)] }),
    ).toEqual({
      reason: "still_open",
      text: "1 of 2 incidents is resolved, 1 still open: the mean will be at least so long.",
      rows: "counted",
    });
    expect(text("meanTimeToRecovery", { incidents: [incident("b", 20, null)] })).toBe(
      "1 incident began in this window, none resolved yet: the mean will be at least so long.",
    );
  });

  test("incidents that do not count, none at all, and none from anywhere", () => {
    const skewed = { incidents: [incident("a", 12, 10)] };
    expect(why("meanTimeToRecovery", skewed)).toEqual({
      reason: "all_left_out",
      text: "1 incident began in this window, and none counts: it ends before it begins (1).",
      rows: "excluded",
    });
    expect(text("meanTimeToRecovery", {})).toBe("No incident began in this window.");
    expect(why("meanTimeToRecovery", {}, { hasIncidents: false })?.reason).toBe("no_source");
    expect(why("meanTimeToRecovery", { incidents: [incident("a", 10, 12)] })).toBeNull();
  });
});

describe("deployments", () => {
  test("none ever, none in the window, none that counts", () => {
    for (const metric of ["deploymentFrequency", "changeFailureRate", "reworkRate"] as const)
      expect(why(metric, {}, { hasSource: false })?.reason).toBe("no_source");
    expect(why("deploymentFrequency", {})).toBeNull();
    expect(text("changeFailureRate", {})).toBe("No deployment to Production finished in this window.");
    const odd = { deployments: [deploy("odd", 41, null, { status: "unknown" })] };
    expect(why("reworkRate", odd)).toMatchObject({ reason: "all_left_out", rows: "excluded" });
  });

  test("none failed, or too few are restored for a median", () => {
    const fine = { deployments: [deploy("d1", 10, null), deploy("d2", 20, null)] };
    expect(why("failedDeploymentRecoveryTime", fine)).toEqual({
      ...{ reason: "none_failed", rows: null },
      text: "None of the 2 deployments in this window failed.",
    });
    const failed = { deployments: [deploy("d1", 10, null), deploy("d2", 20, null, { status: "failure" })] };
    expect(why("failedDeploymentRecoveryTime", failed)).toEqual({
      reason: "still_open",
      text: "1 deployment failed in this window, none restored yet; there is no median until half of them are.",
      rows: "counted",
    });
  });
});

describe("lead time", () => {
  test("nothing shipped, nothing known of it, nothing of it counts", () => {
    expect(text("changeLeadTime", {})).toBe("No deployment to Production finished in this window.");
    expect(why("changeLeadTime", {}, { notDeployed: 12 })).toEqual({
      ...{ reason: "not_deployed", rows: "excluded" },
      text: "12 changes merged in this window, none deployed yet.",
    });
    const bare = change("c1", { firstCommitAt: null, openedAt: null, mergedAt: h(9) });
    const shipped = { changes: [bare], deployments: [deploy("d1", 10, null, { changeIds: ["c1"] })] };
    expect(why("changeLeadTime", shipped)).toMatchObject({
      reason: "all_left_out",
      text: "No change counts: neither its first commit nor its opening is known (1).",
    });
  });

  const many = (count: number, status: "success" | "failure" | "unknown", from = 0) =>
    Array.from({ length: count }, (_, at) => deploy(`${status}${at}`, from + at, null, { status }));

  test("what failed is not left out", () => {
    expect(why("changeLeadTime", { deployments: many(3, "failure") })).toEqual({
      ...{ reason: "none_succeeded", rows: null },
      text: "3 deployments finished in this window, none succeeded.",
    });
    const mixed = { deployments: [...many(2, "failure"), ...many(1, "unknown", 10)] };
    expect(text("changeLeadTime", mixed)).toBe("2 deployments finished in this window, none succeeded.");
    const unknown = { deployments: many(2, "unknown") };
    expect(why("changeLeadTime", unknown)).toMatchObject({ reason: "all_left_out", rows: "excluded" });
    expect(text("changeLeadTime", unknown)).toMatch(/^2 deployments .* none counts: .+ \(2\)\.$/);
  });

  test("a deployment that is left out does not hide why nothing is known", () => {
    const deployments = [...many(40, "success"), ...many(1, "unknown", 50)];
    expect(why("changeLeadTime", { deployments })).toMatchObject({ reason: "no_changes_known" });
    expect(why("changeLeadTime", { deployments: many(1, "unknown") }, { notDeployed: 12 })).toMatchObject({
      reason: "not_deployed",
      text: "12 changes merged in this window, none deployed yet.",
    });
  });
});
