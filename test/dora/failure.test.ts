import { describe, expect, test } from "vitest";
import { derive } from "../../src/dora/derive.ts";
import type { DerivationSettings } from "../../src/dora/facts.ts";
import { FAILURES } from "./cases/failure.ts";
import { causeLines, change, commit, deploy, facts, h, reworkLines, sha } from "./support/facts.ts";
import { SETTINGS } from "./support/history-arbitrary.ts";

const base = commit("ba5e", [], 0, "Initial commit");
const a1 = commit("a1", ["ba5e"], 2, "feat: one");
const first = deploy("v1.0.0", 1, "ba5e", { ref: "v1.0.0" });
const second = deploy("v1.1.0", 3, "a1", { ref: "v1.1.0" });

describe("failure, rework and recovery", () => {
  test.each(FAILURES)("$clause: $name", ({ given, settings, causes, rework, restored }) => {
    const result = derive(facts(given), { ...SETTINGS, ...settings });
    expect(causeLines(result)).toEqual(causes);
    expect(reworkLines(result)).toEqual(rework);
    const failed = result.deployments.filter((one) => one.failed);
    expect(failed.map(({ id, restoredBy }) => `${id}: ${restoredBy ?? "open"}`)).toEqual(restored);
    for (const { restoredAt, restoredBy } of failed)
      expect(restoredAt).toBe(result.deployments.find(({ id }) => id === restoredBy)?.finishedAt ?? null);
  });

  test("says what a reader can check", () => {
    const commits = [base, a1, commit("a2", ["a1"], 4, `x\n\nThis reverts commit ${sha("a1")}.`)];
    const deployments = [first, second, deploy("v1.2.0", 5, "a2"), deploy("back", 6, "ba5e")];
    const result = derive(facts({ commits, deployments }), SETTINGS);
    expect(result.deployments.flatMap(({ causes }) => causes.map(({ detail }) => detail))).toEqual([
      "v1.2.0 reverts a100000, shipped by v1.1.0",
      "back rolls back v1.2.0 and takes back 2 commits",
    ]);
  });
});

describe("stages of lead time", () => {
  const lead = (rest: Parameters<typeof change>[1], settings: Partial<DerivationSettings> = {}) => {
    const [row] = derive(
      facts({
        changes: [change("x", rest)],
        deployments: [deploy("d0", 0, null), deploy("d1", 10, null, { changeIds: ["x"] })],
      }),
      { ...SETTINGS, ...settings },
    ).shipments;
    const { coding, pickup, review, deploy: last } = row?.stages ?? {};
    const hours = [coding, pickup, review, last].map((value) =>
      (value ?? null) === null ? null : (value as number) / 3600,
    );
    return [
      row?.leadSeconds === null ? null : (row?.leadSeconds as number) / 3600,
      ...hours,
      row?.excluded?.reason ?? null,
    ];
  };
  const all = { firstCommitAt: h(1), openedAt: h(2), firstReviewAt: h(4), mergedAt: h(7) };

  test.each([
    ["all known", all, [9, 1, 2, 3, 3, null]],
    ["opened unknown", { ...all, openedAt: null, firstReviewAt: null }, [9, 6, null, null, 3, null]],
    ["opened unknown, reviewed all the same", { ...all, openedAt: null }, [9, 6, null, null, 3, null]],
    ["deployed at once", { firstCommitAt: h(10), mergedAt: h(10) }, [0, 0, null, null, 0, null]],
    ["no review", { ...all, firstReviewAt: null }, [9, 1, null, null, 3, null]],
    ["first commit unknown", { ...all, firstCommitAt: null }, [8, null, 2, 3, 3, null]],
    ["no start", { mergedAt: h(7) }, [null, null, null, null, null, "no_start"]],
    ["negative total", { ...all, firstCommitAt: h(11) }, [null, null, null, null, null, "negative_span"]],
    ["negative stage", { ...all, openedAt: h(0) }, [9, null, 4, 3, 3, null]],
    ["merged after the deployment", { ...all, mergedAt: h(12) }, [9, 1, 2, 8, null, null]],
    [
      "not a number",
      { ...all, openedAt: Number.NaN, firstReviewAt: Number.NaN },
      [9, 6, null, null, 3, null],
    ],
  ])("%s", (_, rest, expected) => {
    expect(lead(rest)).toEqual(expected);
  });

  test("draft time is left out of pickup on request", () => {
    const draft = { ...all, readyForReviewAt: h(3) };
    expect(lead(draft, { excludeDraftTime: true })).toEqual([9, 2, 1, 3, 3, null]);
    expect(lead(draft)).toEqual([9, 1, 2, 3, 3, null]);
  });

  test("first commit: the earliest authored one, or what the entity tells when that is earlier", () => {
    const commits = [base, commit("a1", ["ba5e"], 3, "One (#7)", { authoredAt: h(2) })];
    const start = (firstCommitAt: number | null) =>
      derive(
        facts({
          commits,
          changes: [change("7", { number: 7, firstCommitAt })],
          deployments: [first, deploy("v2", 4, "a1")],
        }),
        SETTINGS,
      ).shipments[0]?.firstCommitAt;
    expect([start(null), start(h(1)), start(h(3))]).toEqual([h(2), h(1), h(2)]);
  });
});
