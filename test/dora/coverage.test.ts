/** How much of a window is in its numbers: facts in, counts and shares out. */
import { describe, expect, test } from "vitest";
import { coverageOf, coveredBy, type MergedElsewhere } from "../../src/dora/coverage.ts";
import { derive } from "../../src/dora/derive.ts";
import type { ServiceFacts } from "../../src/dora/facts.ts";
import { botTest, firstHumanReview } from "../../src/dora/first-review.ts";
import { WINDOW } from "./cases/metrics.ts";
import { change, deploy, facts, h, incident, sha } from "./support/facts.ts";
import { SETTINGS } from "./support/history-arbitrary.ts";

const NOTHING: MergedElsewhere = { notDeployed: 0, leftOut: 0, shippedLater: 0 };

const covered = (given: Partial<ServiceFacts>, elsewhere: Partial<MergedElsewhere> = {}) => {
  const { deployments, shipments, incidents } = derive(facts(given), SETTINGS);
  const input = {
    deployments,
    shipments,
    incidents,
    environments: ["Production"],
    hasSource: true,
    now: h(480),
  };
  return coverageOf({ ...input, window: WINDOW }, { ...NOTHING, ...elsewhere });
};
const merged = (id: string, hours: number) =>
  change(id, { firstCommitAt: h(hours - 5), openedAt: h(hours - 3), mergedAt: h(hours) });
const ship = (id: string, hours: number, ...changeIds: string[]) => deploy(id, hours, null, { changeIds });

describe("changes", () => {
  test("merged in the window and shipped by now, whenever that was", () => {
    const given = {
      changes: [merged("c1", 10), merged("c2", -10), merged("c3", 20)],
      deployments: [ship("d1", 12, "c1"), ship("d2", 14, "c2"), ship("d3", 30, "c3")],
    };
    expect(covered(given, { shippedLater: 1, notDeployed: 2, leftOut: 1 })).toMatchObject({
      mergedChanges: 6,
      attributedChanges: 3,
      shares: { changes: 0.5 },
      excluded: { not_deployed: 2 },
    });
  });

  test("nothing merged has no share", () => {
    expect(covered({}).shares).toEqual({ changes: null, deployments: null, incidents: null });
    expect(coveredBy(covered({})).changeLeadTime).toBeNull();
  });
});

describe("incidents and deployments", () => {
  test("linked, or judged to be nobody's; the failure rate rests on the lower share", () => {
    const given = {
      deployments: [
        deploy("d1", 10, null),
        deploy("d2", 40, null),
        deploy("odd", 41, null, { status: "unknown" }),
      ],
      incidents: [
        incident("linked", 12, 13),
        incident("far", 100, 101),
        incident("none", 102, 103, { verdict: { deployment: null, reason: "a storm", by: "ada" } }),
        incident("not one", 104, 105, { status: "ignored" }),
      ],
    };
    const found = covered(given);
    expect(found).toMatchObject({
      ...{ deployments: 3, countedDeployments: 2, incidents: 3, linkedIncidents: 1, notCausedIncidents: 1 },
      excluded: { not_linked: 1, not_caused: 1, status: 2 },
    });
    expect(coveredBy(found)).toEqual({
      deploymentFrequency: 2 / 3,
      changeLeadTime: null,
      changeFailureRate: 2 / 3,
      failedDeploymentRecoveryTime: 2 / 3,
      meanTimeToRecovery: 1,
      reworkRate: 2 / 3,
    });
  });

  test.each([
    ["the same commit twice within a minute", 60, {}, 1],
    ["later", 61, {}, 0],
    ["another region", 10, { region: "eu" }, 0],
    ["another commit", 10, { sha: sha("b") }, 0],
  ])("deployments that are probably one: %s", (_, seconds, rest, duplicates) => {
    const again = deploy("d2", 10 + seconds / 3600, "a", rest);
    expect(covered({ deployments: [deploy("d1", 10, "a"), again] }).duplicates.deployments).toBe(duplicates);
  });

  test("incidents told by two systems", () => {
    const told = { title: "Shop is down" };
    const incidents = [
      incident("a", 10, 11, told),
      incident("b", 10, 12, told),
      incident("c", 10, 12, { title: "Cart is down" }),
      incident("d", 10, 12),
      incident("e", 10, 12),
    ];
    expect(covered({ incidents }).duplicates.incidents).toBe(1);
  });

  test("clocks that disagree", () => {
    const found = covered({
      changes: [
        change("ends early", { firstCommitAt: h(30), mergedAt: h(31) }),
        change("review early", {
          firstCommitAt: h(5),
          openedAt: h(10),
          firstReviewAt: h(9),
          mergedAt: h(15),
        }),
      ],
      deployments: [ship("d1", 20, "ends early", "review early")],
      incidents: [incident("i", 40, 39)],
    });
    expect(found.clockSkew).toBe(3);
    expect(found.excluded).toMatchObject({ negative_stage: 1, negative_span: 2 });
  });
});

describe("first review", () => {
  const isBot = botTest(["Dependabot"]);
  test.each([
    ["not told one by one: what the source says", null, 7],
    [
      "the first of a human",
      [
        { by: "bob", at: 9 },
        { by: "eve", at: 8 },
      ],
      8,
    ],
    [
      "bots of the list, in any case, and apps are none",
      [
        { by: "dependabot", at: 1 },
        { by: "x[bot]", at: 2 },
        { by: "bob", at: 3 },
      ],
      3,
    ],
    ["the author is none", [{ by: "ada", at: 1 }], null],
    ["somebody without a name counts", [{ by: null, at: 4 }], 4],
    ["none", [], null],
  ])("%s", (_, reviews, expected) => {
    expect(firstHumanReview({ author: "ada", reviews, firstReviewAt: 7 }, isBot)).toBe(expected);
  });
});
