import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readTags } from "../../src/cli/git/read-tags.ts";
import { classifyTag, tagGlob } from "../../src/cli/git/version-tag.ts";
import { toIdentifier } from "../../src/cli/import/identifier.ts";
import { patient } from "../support/patience.ts";
import { startApiDouble } from "./support/api-double.ts";
import { createRepository } from "./support/git-fixture.ts";
import { importInto } from "./support/import-into.ts";

describe("classifyTag", () => {
  it.each([
    ["v1.2.3", "release", ""],
    ["1.2.3", "release", ""],
    ["1.2", "release", ""],
    ["V1.2.3.4", "release", ""],
    ["v1.2.3+build.5", "release", ""],
    ["1.2.3.Final", "release", ""],
    ["2024.01.15", "release", ""],
    ["release-1.2.3", "release", "release"],
    ["release1.2.3", "release", "release"],
    ["api-v1.2.3", "release", "api"],
    ["api@1.2.3", "release", "api"],
    ["@acme/api@1.2.3", "release", "@acme/api"],
    ["packages/api/v1.2.3", "release", "packages/api"],
    ["curl-8_9_1", "release", "curl"],
    ["rel_2_0_8", "release", "rel"],
    ["v1.2.3-rc.1", "prerelease", ""],
    ["v1.2.3-beta", "prerelease", ""],
    ["v1.2.3-1", "prerelease", ""],
    ["1.2rc1", "prerelease", ""],
    ["rel_2_1_0b1", "prerelease", "rel"],
    ["v1.17.0-alpha20260812", "prerelease", ""],
    ["nightly-1.2.3", "prerelease", "nightly"],
    ["rc-8_22_0", "prerelease", "rc"],
    ["v4", "other", ""],
    ["7", "other", ""],
    ["latest", "other", ""],
    ["before_rename", "other", ""],
    ["1.2.3.4.5", "other", ""],
    ["v1.x", "other", ""],
    ["", "other", ""],
  ])("%s is a %s of %j", (name, kind, prefix) => {
    expect(classifyTag(name)).toEqual({ kind, prefix });
  });

  it("answers quickly for any name", () => {
    const long = `${"1.".repeat(20_000)}x${"-".repeat(20_000)}`;
    const before = performance.now();
    expect(classifyTag(long).kind).toBe("other");
    expect(performance.now() - before).toBeLessThan(patient(500));
  });
});

describe("tagGlob", () => {
  it.each([
    ["v*", "v1.2.3", true],
    ["v*", "api/v1", false],
    ["*", "a/b\nc", true],
    ["v?.0", "v1.0", true],
    ["v[0-9]", "v3", true],
    ["v[!0-9]", "v3", false],
    ["v[", "v[", true],
    ["a.b", "axb", false],
    ["\\*", "*", true],
    ["(x", "(x", true],
  ])("%s and %j: %s", (glob, name, matches) => {
    expect(tagGlob(glob).test(name)).toBe(matches);
  });
});

describe("toIdentifier", () => {
  it("gives every name an identifier of its own that the API takes", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: "grapheme", minLength: 1 }),
        fc.string({ unit: "grapheme", minLength: 1 }),
        (a, b) => {
          expect(toIdentifier(a)).toMatch(/^(?!\.{1,2}$)[\p{L}0-9@_.+:\\/=-]+$/u);
          expect(toIdentifier(a) === toIdentifier(b)).toBe(a === b);
        },
      ),
      {
        numRuns: 500,
        seed: 20_260_102,
        examples: [
          ["a b", "a=20b"],
          [".", "=2E"],
          ["#", "=23"],
        ],
      },
    );
    expect(toIdentifier("shop v1~é#")).toBe("shop=20v1=7Eé=23");
  });
});

describe("tags of a real repository", () => {
  it("peels nested tags, dates them by their tagger, and leaves trees and blobs out", async () => {
    const repository = createRepository();
    const sha = repository.commit("x", { committed: "2026-02-01T00:00:00Z" });
    repository.tag("light-1.0");
    repository.tag("v1.0.0", { tagged: "2026-02-03T00:00:00Z" });
    repository.tag("v2.0.0", { at: "v1.0.0", tagged: "2026-02-05T00:00:00Z" });
    repository.tag("tree-1.0", { at: "HEAD^{tree}" });
    const untagged = `object ${sha}\ntype commit\ntag v0.1.0\n\nno tagger\n`;
    repository.git(["update-ref", "refs/tags/v0.1.0", repository.rawObject("tag", Buffer.from(untagged))]);
    const { tags, notCommits } = await readTags(repository.folder);
    const day = (text: string) => Date.parse(text) / 1000;
    expect(tags).toEqual([
      { name: "light-1.0", sha, taggedAt: null },
      { name: "v0.1.0", sha, taggedAt: null },
      { name: "v1.0.0", sha, taggedAt: day("2026-02-03") },
      { name: "v2.0.0", sha, taggedAt: day("2026-02-05") },
    ]);
    expect(notCommits).toEqual(["tree-1.0"]);
    const double = await startApiDouble();
    await importInto(double, repository.folder);
    const finished = [...double.entities("deployment").values()].map(({ title, properties }) => [
      title,
      properties["createdAt"],
    ]);
    expect(finished).toEqual([
      ["shop light-1.0", "2026-02-01T00:00:00.000Z"],
      ["shop v0.1.0", "2026-02-01T00:00:00.000Z"],
      ["shop v1.0.0", "2026-02-03T00:00:00.000Z"],
      ["shop v2.0.0", "2026-02-05T00:00:00.000Z"],
    ]);
  });

  it("takes odd names, and those that look like options or hold foreign bytes", async () => {
    const repository = createRepository();
    const sha = repository.commit("x");
    const names = [Buffer.from("-1.0"), Buffer.from("v1=0"), Buffer.from("ü/1.0"), Buffer.from([0xe9, 0x31])];
    const lines = names.map((name) =>
      Buffer.concat([Buffer.from(`${sha} refs/tags/`), name, Buffer.from("\n")]),
    );
    repository.git(["pack-refs", "--all"]);
    const { writeFileSync } = await import("node:fs");
    writeFileSync(`${repository.folder}/.git/packed-refs`, Buffer.concat(lines));
    const double = await startApiDouble();
    await importInto(double, repository.folder, { tags: ["*"] });
    expect([...double.entities("deployment").keys()].sort()).toEqual([
      "shop@-1.0",
      "shop@v1=3D0",
      "shop@é1",
      "shop@ü/1.0",
    ]);
  });

  it("says what it looked for when there is no deployment", async () => {
    const repository = createRepository();
    repository.commit("x");
    repository.tag("latest");
    const double = await startApiDouble();
    const none = await importInto(double, repository.folder);
    expect(none.notes.join("\n")).toMatch(/no version tags .* among 1 tag.*--merges main/);
    const unmatched = await importInto(double, repository.folder, { tags: ["v*"] });
    expect(unmatched.notes.join("\n")).toContain("none of 1 tag matches 'v*'");
  });
});
