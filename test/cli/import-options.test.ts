import { describe, expect, it } from "vitest";
import { importOptions } from "../../src/cli/import/import-options.ts";
import type { RawImportOptions } from "../../src/cli/import/import-options.ts";
import { pathGlob } from "../../src/cli/import/path-glob.ts";
import { startApiDouble } from "./support/api-double.ts";
import { createRepository } from "./support/git-fixture.ts";
import { importInto } from "./support/import-into.ts";

describe("importOptions", () => {
  it.each<[RawImportOptions, number, RegExp]>([
    [{ tags: ["v*"], merges: "main" }, 1, /--tags and --merges/],
    [{ service: "a", paths: ["a=b"] }, 1, /--paths names the services/],
    [{ service: "a" }, 2, /--service belongs to one repository/],
    [{ repository: "a" }, 2, /--repository belongs to one repository/],
    [{ paths: ["a=b"] }, 2, /--paths belongs to one repository/],
    [{ paths: ["api"] }, 1, /must read service=glob/],
    [{ paths: ["=x"] }, 1, /must read service=glob/],
    [{ paths: ["api=,"] }, 1, /must read service=glob/],
    [{ since: "yesterday" }, 1, /--since: "yesterday" is not a date/],
    [{ since: "2026-13-01" }, 1, /is not a date/],
    [{ since: "1900-01-01" }, 1, /is not a date/],
    [{ merges: " " }, 1, /--merges must not be empty/],
  ])("%j for %i repositories is refused", (raw, count, message) => {
    expect(() => importOptions(raw, count)).toThrow(message);
  });

  it("reads paths and dates", () => {
    const { paths, since, environment } = importOptions(
      { paths: ["api=services/api/,lib/**", "api=./docs/*.md", "web=/web/**"], since: "2026-01-31" },
      1,
    );
    expect(paths).toEqual([
      { service: "api", globs: ["services/api/**", "lib/**", "docs/*.md"] },
      { service: "web", globs: ["web/**"] },
    ]);
    expect(since).toBe("2026-01-31T00:00:00.000Z");
    expect(environment).toBe("Production");
  });
});

describe("importOptions, --paths with several services at once", () => {
  it.each([
    [["api=a/**,b/,web=w/**"], { api: ["a/**", "b/**"], web: ["w/**"] }],
    [["api=a/**,web=w/**", "api=c/**"], { api: ["a/**", "c/**"], web: ["w/**"] }],
    [["api=x/k=v/**,*=v,./k=v"], { api: ["x/k=v/**", "*=v", "k=v"] }],
  ])("%j", (specs, expected) => {
    const { paths } = importOptions({ paths: specs }, 1);
    expect(Object.fromEntries(paths.map(({ service, globs }) => [service, globs]))).toEqual(expected);
  });

  it("names no service twice by accident: an empty part is refused", () => {
    expect(() => importOptions({ paths: ["api=a/**,web="] }, 1)).toThrow(/must read service=glob/);
  });
});

describe("pathGlob", () => {
  it.each([
    ["api/**", "api/a/b.ts", true],
    ["api/**", "api", false],
    ["api/**", "web/api/x", false],
    ["**/x.ts", "x.ts", true],
    ["**/x.ts", "a/b/x.ts", true],
    ["**/x.ts", "a/bx.ts", false],
    ["a/**/b", "a/b", true],
    ["*.md", "a.md", true],
    ["*.md", "a/b.md", false],
    ["a?c", "abc", true],
    ["a?c", "a/c", false],
    ["a.c", "abc", false],
    ["a**", "a/b/c", true],
  ])("%s and %s: %s", (glob, path, matches) => {
    expect(pathGlob(glob).test(path)).toBe(matches);
  });
});

describe("merges as deployments", () => {
  it("takes merges and numbered squash commits of the branch, not what came in with them", async () => {
    const repository = createRepository();
    repository.commit("root");
    const squash = repository.commit("Squashed (#1)");
    repository.commit("direct");
    repository.git(["checkout", "-q", "-b", "topic"]);
    repository.commit("on topic (#2)");
    repository.git(["checkout", "-q", "main"]);
    const merge = repository.merge("topic", "Merge branch 'topic'");
    const double = await startApiDouble();
    const { notes } = await importInto(double, repository.folder, { merges: "main" });
    expect(
      [...double.entities("deployment").values()].map(({ identifier, properties }) => [
        identifier,
        properties["ref"],
      ]),
    ).toEqual([
      [`shop@${squash.slice(0, 12)}`, "main"],
      [`shop@${merge.slice(0, 12)}`, "main"],
    ]);
    expect(notes.join("\n")).toContain("2 commits on main came in without a merge");
    await expect(importInto(double, repository.folder, { merges: "release" })).rejects.toMatchObject({
      exit: 2,
    });
  });

  it("finds the branch at origin in a fresh clone", async () => {
    const repository = createRepository();
    repository.commit("Squashed (#1)");
    repository.git(["update-ref", "refs/remotes/origin/live", "HEAD"]);
    const double = await startApiDouble();
    await importInto(double, repository.folder, { merges: "live" });
    expect(double.entities("deployment").size).toBe(1);
  });
});

describe("several services in one repository", () => {
  function monorepo() {
    const repository = createRepository("mono");
    repository.commit("api (#1)", { files: { "api/a.ts": "1" } });
    repository.tag("api@1.0.0");
    repository.commit("web (#2)", { files: { "web/a.ts": "1", "web/ü b.ts": "1" } });
    repository.tag("v1.0.0");
    repository.git(["checkout", "-q", "-b", "topic"]);
    repository.commit("api change", { files: { "api/b.ts": "1" } });
    repository.git(["checkout", "-q", "main"]);
    repository.merge("topic", "Merge pull request #3 from x/y\n\nBoth");
    repository.commit("docs (#4)", { files: { "docs/x.md": "1" } });
    return repository;
  }
  const paths = ["api=api/**", "web=web/**"];

  it("gives tags, changes and paths to the services that they belong to", async () => {
    const double = await startApiDouble();
    const { notes } = await importInto(double, monorepo().folder, { paths });
    expect(notes.join("\n")).toContain("3 deployments, 4 changes (those of other paths are not sent)");
    expect(double.runs[0]).toMatchObject({
      totals: { deployments: 3 },
      sent: { deployments: 3, changes: 3 },
    });
    expect(double.runs[0]?.totals).not.toHaveProperty("changes");
    expect([...double.entities("deployment").keys()].sort()).toEqual([
      "api@api@1.0.0",
      "api@v1.0.0",
      "web@v1.0.0",
    ]);
    const owners = [...double.entities("change").values()].map(({ properties, relations }) => [
      properties["number"],
      relations["service"],
    ]);
    expect(owners).toEqual([
      [1, ["api"]],
      [2, ["web"]],
      [3, ["api"]],
    ]);
    expect([...double.commits.values()].map(({ paths: touched }) => touched)).toEqual([
      ["api/a.ts"],
      ["web/a.ts", "web/ü b.ts"],
      ["api/b.ts"],
      ["api/b.ts"],
      ["docs/x.md"],
    ]);
    expect(double.entities("service").get("api")?.properties["paths"]).toEqual(["api/**"]);
  });

  it("lets a merge deploy the services that it touches", async () => {
    const double = await startApiDouble();
    await importInto(double, monorepo().folder, { paths, merges: "main" });
    expect(
      [...double.entities("deployment").values()].map(({ relations }) => String(relations["service"])).sort(),
    ).toEqual(["api", "api", "web"]);
  });

  it("sends paths as well when the service in the portal has some", async () => {
    const repository = monorepo();
    const double = await startApiDouble();
    await importInto(double, repository.folder);
    expect([...double.commits.values()].every((commit) => commit.paths === undefined)).toBe(true);
    const service = double.entities("service").get("mono");
    if (service === undefined) throw new Error("no service");
    double
      .entities("service")
      .set("mono", { ...service, properties: { ...service.properties, paths: ["api/**"] } });
    await importInto(double, repository.folder);
    expect([...double.commits.values()].every((commit) => Array.isArray(commit.paths))).toBe(true);
  });

  it("reduces a commit of very many files to what tells its services", async () => {
    const repository = createRepository("mono");
    const files = Object.fromEntries(Array.from({ length: 2500 }, (_, index) => [`vendor/${index}`, ""]));
    repository.commit("vendor", { files: { ...files, "web/a": "" } });
    const double = await startApiDouble();
    await importInto(double, repository.folder, { paths });
    const [commit] = double.commits.values();
    expect(commit?.paths).toHaveLength(2001);
    expect(commit?.paths).toContain("web/a");
  });
});

describe("--since", () => {
  it("sends later history with its true parents, and leaves earlier tags out", async () => {
    const repository = createRepository();
    const [first, second, third] = ["2026-01-01", "2026-02-01", "2026-03-01"].map((day, index) => {
      const sha = repository.commit(`c${index}`, { committed: `${day}T00:00:00Z` });
      repository.tag(`v1.${index}.0`);
      return sha;
    });
    const double = await startApiDouble();
    const { notes } = await importInto(double, repository.folder, { since: "2026-01-15" });
    expect([...double.commits.keys()]).toEqual([second, third]);
    expect(double.commits.get(second ?? "")?.parents).toEqual([first]);
    expect([...double.entities("deployment").keys()]).toEqual(["shop@v1.1.0", "shop@v1.2.0"]);
    expect(notes.join("\n")).toContain("1 tag of commits before --since left out");
  });
});

it("refuses an environment that the blueprint does not know", async () => {
  const repository = createRepository();
  repository.commit("x");
  repository.tag("v1.0.0");
  const double = await startApiDouble();
  await expect(importInto(double, repository.folder, { environment: "Moon" })).rejects.toMatchObject({
    exit: 2,
    message: /Production, Staging, Testing/,
  });
  await importInto(double, repository.folder, { environment: "Staging" });
  expect(double.entities("deployment").get("shop@v1.0.0")?.properties["environment"]).toBe("Staging");
});
