import { describe, expect, test } from "vitest";
import { derive } from "../../src/dora/derive.ts";
import { ATTRIBUTION } from "./cases/attribution.ts";
import { commit, deploy, facts, noteLines, sha, shippedLines } from "./support/facts.ts";
import { SETTINGS } from "./support/history-arbitrary.ts";

const base = commit("ba5e", [], 0, "Initial commit");

describe("attribution", () => {
  test.each(ATTRIBUTION)("$clause: $name", ({ given, baseline, shipped, notes, entities }) => {
    const result = derive(facts(given), { ...SETTINGS, ...(baseline && { baseline }) });
    expect(shippedLines(result)).toEqual(shipped);
    if (notes !== undefined) expect(noteLines(result)).toEqual(notes);
    if (entities !== undefined)
      expect(result.shipments.map(({ entity }) => entity?.identifier)).toEqual(entities);
  });

  test("names the shas that it does not know", () => {
    const deployments = [
      deploy("v1", 1, "feed"),
      deploy("v2", 2, "dead", { status: "failure" }),
      deploy("v3", 3, "feed"),
    ];
    expect(derive(facts({ deployments }), SETTINGS).unknownShas).toEqual([sha("feed")]);
  });

  test("waits for the commits that its images name, until they are known", () => {
    const images = [sha("beef"), "abc1234"];
    const deployments = [deploy("v1", 1, "c0ff", { imageShas: images })];
    const unknown = derive(
      facts({ deployments, commits: [commit("c0ff", [], 0, "configuration")] }),
      SETTINGS,
    );
    expect([unknown.deployments[0]?.sha, unknown.unknownShas]).toEqual([sha("c0ff"), [sha("beef")]]);
    const commits = [commit("c0ff", [], 0, "configuration"), commit("beef", [], 0, "source")];
    const known = derive(facts({ deployments, commits }), SETTINGS);
    expect([known.deployments[0]?.sha, known.unknownShas]).toEqual([sha("beef"), []]);
  });

  test("counts merged changes, shipped or not, and not what lies on side branches", () => {
    const commits = [
      base,
      commit("a1", ["ba5e"], 2, "one (#1)"),
      commit("a2", ["a1"], 3, "two"),
      commit("e1", ["a1"], 4, "not merged"),
    ];
    // The youngest tip would be the side branch, but the trunk has landed as much and is deployed.
    const result = derive(facts({ commits, deployments: [deploy("v1", 5, "a2")] }), SETTINGS);
    expect(result.mergedChanges).toBe(4);
  });

  test("says of a deployment without a part why", () => {
    const deployments = [deploy("v1", 1, null, { status: "ignored" })];
    const [row] = derive(facts({ deployments }), SETTINGS).deployments;
    expect(row).toMatchObject({ id: "v1", failed: false, excluded: { reason: "status" }, changeCount: 0 });
  });
});
