import { describe, expect, test } from "vitest";
import { readMessage, saysFix } from "../../src/dora/commit-message.ts";
import { pathMatcher, wildcardMatcher } from "../../src/dora/globs.ts";
import { releaseOf } from "../../src/dora/semver-tag.ts";
import { patient } from "../support/patience.ts";

const full = "0123456789abcdef0123456789abcdef01234567";

describe("pull requests in messages", () => {
  test.each([
    ["Merge pull request #12 from acme/feature/x\n\nThe title", 12, "The title", "feature/x"],
    ["Merge pull request #12 from acme/x", 12, null, "x"],
    ["Add totals (#12)\n\n* one", 12, "Add totals", null],
    ["Add totals (#12) (#34)", 34, "Add totals (#12)", null],
    ['Revert "Add totals (#12)" (#13)', 13, 'Revert "Add totals (#12)"', null],
    [
      "Merge branch 'x' into 'main'\n\nThe title\n\nSee merge request group/sub/proj!12",
      12,
      "The title",
      "x",
    ],
    ["Merge branch 'x' into 'main'\n\nSee merge request !12", 12, null, "x"],
    ["Squashed title\n\nSee merge request proj!12", 12, "Squashed title", null],
    ["Merged in topic/y (pull request #7)\n\nBucket", 7, "Bucket", "topic/y"],
    ["Merged PR 99: Azure title", 99, "Azure title", null],
    ["Merge branch 'hotfix/x'", null, null, "hotfix/x"],
    ["Close (#12) later", null, null, null],
    ["See #12", null, null, null],
    ["Issue (#1234567890123)", null, null, null],
    ["Windows line (#12)\r\n\r\nBody", 12, "Windows line", null],
    ["", null, null, null],
  ])("%j", (message, number, title, branch) => {
    expect(readMessage(message)).toMatchObject({ number, title, branch });
  });
});

describe("origin and repair in messages", () => {
  test("cherry picks, Change-Id, reverts, fixes", () => {
    expect(readMessage(`x\n\n(cherry picked from commit ${full.toUpperCase()})`).copies).toEqual([full]);
    expect(readMessage("x\n\nChange-Id: Iaaaaaaa\nChange-Id: Ibbbbbbb\n").changeId).toBe("ibbbbbbb");
    expect(readMessage(`Revert "a "b" c"\n\nThis reverts commit ${full}.`).reverts).toEqual({
      shas: [full],
      numbers: [],
      title: 'a "b" c',
    });
    expect(readMessage("Undo\n\nReverts acme/shop#12").reverts).toEqual({
      shas: [],
      numbers: [12],
      title: null,
    });
    expect(readMessage("Undo\n\nThis reverts merge request !12").reverts?.numbers).toEqual([12]);
    expect(readMessage(`x\n\nFixes: 0123456789 ("y")\nfixes: ${full}`).fixes).toEqual(["0123456789", full]);
    expect(readMessage("x\n\nFixes: #12\nFixes: deadbee-not-hex-end\n").fixes).toEqual(["deadbee"]);
    expect(readMessage("plain").reverts).toBeNull();
  });

  test.each([
    ["fix: total", true],
    ["fix(cart)!: total", true],
    ["Fix the total", true],
    ["fixed total", true],
    ["bugfix: total", true],
    ["Merge branch 'hotfix/total'", true],
    ["feat: hot-fix button", true],
    ["fixup! total", false],
    ["feat: prefix", false],
    ["Fixture for tests", false],
  ])("%s: fix %s", (subject, expected) => {
    expect(saysFix(subject)).toBe(expected);
  });

  test("hostile messages are read in linear time", () => {
    const million = 1_000_000;
    const hostile = [
      "a".repeat(million),
      `${" ".repeat(million)}(#12`,
      "(#".repeat(million / 2),
      `x\n${"See merge request !".repeat(50_000)}`,
      `x\nSee merge request ${"a".repeat(million)}!1`,
      `x\n${"Fixes: ".repeat(100_000)}`,
      `x\n${"This reverts commit ".repeat(50_000)}`,
      `x\nReverts ${"a/".repeat(million / 2)}#1`,
      `Merged in ${"a".repeat(million)} (pull request #1`,
      `Revert "${'"'.repeat(million)}`,
      "\n".repeat(million),
      `x\n${"Change-Id: I".repeat(80_000)}`,
    ];
    const start = performance.now();
    for (const message of hostile) readMessage(message);
    expect(performance.now() - start).toBeLessThan(patient(3000));
    expect(readMessage(`${"a".repeat(million)} (#12)`).number).toBe(12);
  });
});

describe("globs", () => {
  test.each([
    ["a/*", "a/x", true],
    ["a/*", "a/b/x", false],
    ["a/**", "a/b/x", true],
    ["a/**", "ab/x", false],
    ["**/x.ts", "x.ts", true],
    ["**/x.ts", "a/b/x.ts", true],
    ["**/x.ts", "a/bx.ts", false],
    ["a/**/z", "a/z", true],
    ["a/**/z", "a/b/c/z", true],
    ["a/**/z", "a/bz", false],
    ["a?c", "abc", true],
    ["a?c", "a/c", false],
    ["*.md", "README.md", true],
    ["*.md", "docs/README.md", false],
    ["**", "any/thing", true],
    ["services/shop", "services/shop/x", true],
    ["services/shop", "services/shopping/x", false],
    ["services/shop/", "services/shop/x/y", true],
    ["./services/shop", "services/shop", true],
    ["/lib/*.ts", "lib/a.ts", true],
    ["a+(b)", "a+(b)", true],
    ["", "x", false],
  ])("%s on %s: %s", (glob, path, expected) => {
    expect(pathMatcher([glob])(path)).toBe(expected);
  });

  test("a pattern made to backtrack does not", () => {
    const start = performance.now();
    expect(pathMatcher([`${"*a".repeat(100)}b`])("a".repeat(5000))).toBe(false);
    expect(performance.now() - start).toBeLessThan(patient(2000));
  });

  test("names: any text, one character, no regard to case", () => {
    const matches = wildcardMatcher(["hotfix/*", "rel-?"]);
    expect(["HotFix/a/b", "rel-1", "rel-12", "my-hotfix/a"].map(matches)).toEqual([true, true, false, false]);
  });
});

test.each([
  ["v1.2.3", "v1.2.3", "v1.2.2"],
  ["refs/tags/shop@1.2.0", "shop@1.2.0", null],
  ["shop-v10.0.10", "shop-v10.0.10", "shop-v10.0.9"],
  ["v01.2.03", "v1.2.3", "v1.2.2"],
])("release of %s", (ref, name, predecessor) => {
  expect(releaseOf(ref)).toEqual({ name, predecessor });
});

test.each([null, "main", "v1.2", "v1.2.3-rc.1", "1.2.3.4", "a".repeat(10_000)])("no release: %s", (ref) => {
  expect(releaseOf(ref)).toBeNull();
});
