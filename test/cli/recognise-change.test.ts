import { describe, expect, it } from "vitest";
import type { GitCommit } from "../../src/cli/git/commit.ts";
import { recogniseChange } from "../../src/cli/git/recognise-change.ts";
import { patient } from "../support/patience.ts";

function commit(message: string, parents: readonly string[] = ["p1"]): GitCommit {
  return {
    sha: "s",
    parents,
    author: "A <a@x>",
    authorName: "A",
    authoredAt: 1,
    committedAt: 2,
    message,
    messageCut: false,
    badDate: false,
  };
}

describe("recogniseChange", () => {
  it.each([
    ["Add cart (#12)", 12, "Add cart"],
    ["Add cart (#12)\r\n\r\nbody", 12, "Add cart"],
    ["\n\nAdd cart (#12)\n", 12, "Add cart"],
    ['Revert "Add cart (#12)" (#13)', 13, 'Revert "Add cart (#12)"'],
    ["Backport (#12) (#14)", 14, "Backport (#12)"],
    ["(#15)", 15, "(#15)"],
    ["Squashed title\n\nSee merge request group/shop!16", 16, "Squashed title"],
  ])("%j is change %i", (message, number, title) => {
    expect(recogniseChange(commit(message))).toMatchObject({ number, title, headSha: null });
  });

  it.each([
    ["Merge pull request #21 from bob/cart\n\nAdd a cart\n\nmore", 21, "Add a cart", "github"],
    ["Merge pull request #22 from bob/cart", 22, "Merge pull request #22 from bob/cart", "github"],
    [
      "Merge branch 'cart' into 'main'\n\nAdd a cart\n\nSee merge request acme/shop!23",
      23,
      "Add a cart",
      "gitlab",
    ],
    [
      "Merge branch 'cart' into 'main'\n\nSee merge request acme/shop!24\n",
      24,
      "Merge branch 'cart' into 'main'",
      "gitlab",
    ],
    ["Merge branch 'x'\n\nT\n\nSee merge request a/b!1\n\nSee merge request a/b!25", 25, "T", "gitlab"],
    ["Merge branch 'x'\r\n\r\nT\r\n\r\nSee merge request https://gitlab.com/a/b!26\r\n", 26, "T", "gitlab"],
  ])("%j is merge %i", (message, number, title, host) => {
    expect(recogniseChange(commit(message, ["p1", "p2"]))).toEqual({ number, title, headSha: "p2", host });
  });

  it.each([
    "Add cart",
    "Fixes #12",
    "Add cart (#12) and more",
    "Merge branch 'main' into cart",
    "quote: See merge request a/b!1",
    "Issue (#12345678901234)",
    "",
  ])("%j is none", (message) => {
    expect(recogniseChange(commit(message))).toBeNull();
  });

  it("answers quickly for any message", () => {
    const before = performance.now();
    recogniseChange(commit(`${" ".repeat(60_000)}(#`));
    recogniseChange(commit(`${"x ".repeat(30_000)}(#1`));
    recogniseChange(commit(`s\n${"See merge request ".repeat(3000)}`));
    expect(performance.now() - before).toBeLessThan(patient(500));
  });
});
