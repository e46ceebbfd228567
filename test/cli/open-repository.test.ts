import { chmodSync, existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { openRepository, remoteIdentity } from "../../src/cli/git/open-repository.ts";
import { startApiDouble } from "./support/api-double.ts";
import { createRepository, gitIn, temporaryFolder } from "./support/git-fixture.ts";
import { importInto } from "./support/import-into.ts";

const FILE_TRANSPORT = ["-c", "protocol.file.allow=always"];

describe("remoteIdentity", () => {
  it.each([
    ["https://github.com/acme/shop.git", "github.com/acme/shop"],
    ["https://ada:token@GitHub.com:8443/acme/shop/", "github.com/acme/shop"],
    ["git@gitlab.com:group/sub/shop.git", "gitlab.com/group/sub/shop"],
    ["ssh://git@host.example:2222/acme/shop", "host.example/acme/shop"],
    ["https://host/acme/shop?token=secret#x", "host/acme/shop"],
    ["/srv/git/shop.git", null],
    ["../shop", null],
    ["file:///srv/git/shop.git", null],
    ["C:/git/shop", null],
    ["", null],
  ])("%s is %s", (url, identity) => {
    expect(remoteIdentity(url)).toBe(identity);
  });
});

describe("openRepository", () => {
  it("opens work trees, folders in them, bare clones, worktrees, submodules and detached heads", async () => {
    const repository = createRepository("shop");
    const sha = repository.commit("x", { files: { "a/b.txt": "1" } });
    const root = temporaryFolder();
    gitIn(root, ["clone", "-q", "--bare", repository.folder, "shop.git"]);
    repository.git(["worktree", "add", "-q", "--detach", join(root, "elsewhere")]);
    const outer = createRepository("outer");
    outer.commit("outer");
    outer.git([...FILE_TRANSPORT, "submodule", "add", "-q", repository.folder, "vendor/shop"]);
    const folders = [
      repository.folder,
      join(repository.folder, "a"),
      join(repository.folder, ".git"),
      join(root, "shop.git"),
      join(root, "elsewhere"),
      join(outer.folder, "vendor/shop"),
    ];
    const heads = await Promise.all(folders.map(async (folder) => (await openRepository(folder)).head));
    expect(heads).toEqual(folders.map(() => sha));
    expect((await openRepository(join(root, "shop.git"))).identity).toBe("shop");
    expect((await openRepository(join(root, "elsewhere"))).identity).toBe("shop");
    repository.git(["checkout", "-q", "--detach"]);
    expect((await openRepository(repository.folder)).head).toBe(sha);
  });

  it("names what is wrong with a path", async () => {
    const folder = temporaryFolder();
    await expect(openRepository(join(folder, "none"))).rejects.toMatchObject({
      exit: 2,
      message: /no such folder/,
    });
    await expect(openRepository(folder)).rejects.toMatchObject({ exit: 2, message: /not a git repository/ });
  });

  it("explains a repository of another user", async () => {
    const repository = createRepository();
    repository.commit("x");
    process.env["GIT_TEST_ASSUME_DIFFERENT_OWNER"] = "1";
    process.env["GIT_CONFIG_GLOBAL"] = "/dev/null";
    try {
      await expect(openRepository(repository.folder)).rejects.toMatchObject({
        exit: 2,
        code: "unsafe_repository",
        hint: expect.stringContaining(`safe.directory '${repository.folder}'`) as unknown,
      });
    } finally {
      delete process.env["GIT_TEST_ASSUME_DIFFERENT_OWNER"];
      delete process.env["GIT_CONFIG_GLOBAL"];
    }
  });
});

describe("unusual repositories", () => {
  it("imports an empty repository as nothing", async () => {
    const double = await startApiDouble();
    const result = await importInto(double, createRepository().folder);
    expect(result.exit).toBe(0);
    expect(result.notes.join("\n")).toContain("no commits");
    expect(double.requests).toEqual([]);
  });

  it("sends the true parents at the edge of a shallow clone, says so, and sends all once it is deepened", async () => {
    const repository = createRepository();
    const shas = [1, 2, 3, 4].map((index) =>
      repository.commit(`c${index}`, { files: { [`${index}`]: "x", all: `${index}` } }),
    );
    repository.tag("v1.0.0");
    const clone = join(temporaryFolder(), "clone");
    gitIn(repository.folder, ["clone", "-q", "--depth", "2", `file://${repository.folder}`, clone]);
    const double = await startApiDouble();
    const options = { repository: "r", paths: ["s=1"] };
    const result = await importInto(double, clone, options);
    expect(result.notes.join("\n")).toContain("shallow");
    expect([...double.commits.keys()]).toEqual(shas.slice(2));
    const edge = double.commits.get(shas[2] ?? "");
    expect(edge?.parents).toEqual([shas[1]]);
    // Compared with nothing it would touch every file.
    expect(edge).not.toHaveProperty("paths");
    expect(double.commits.get(shas[3] ?? "")?.paths).toEqual(["4", "all"]);
    gitIn(clone, [...FILE_TRANSPORT, "fetch", "-q", "--unshallow"]);
    await importInto(double, clone, options);
    expect([...double.commits.keys()].sort()).toEqual([...shas].sort());
  });

  it("reads a partial clone without fetching", async () => {
    const repository = createRepository();
    repository.git(["config", "uploadpack.allowFilter", "true"]);
    repository.commit("a", { files: { "api/x": "1" }, authored: "2026-01-01T00:00:00Z" });
    repository.commit("b", { files: { "api/x": "2" }, authored: "2026-01-01T00:00:00Z" });
    const clone = join(temporaryFolder(), "clone");
    gitIn(repository.folder, [
      "clone",
      "-q",
      "--bare",
      "--filter=blob:none",
      `file://${repository.folder}`,
      clone,
    ]);
    const objects = gitIn(clone, ["count-objects", "-v"]);
    const double = await startApiDouble();
    const result = await importInto(double, clone, { repository: "r", paths: ["api=api/**"] });
    expect(result.notes.join("\n")).toContain("partial clone");
    expect([...double.commits.values()].map(({ paths }) => paths)).toEqual([["api/x"], ["api/x"]]);
    expect(gitIn(clone, ["count-objects", "-v"])).toBe(objects);
  });

  it("runs nothing that a hostile configuration names", async () => {
    const repository = createRepository("hostile");
    const marker = join(repository.folder, "..", "ran");
    const script = join(repository.folder, "..", "evil.sh");
    writeFileSync(script, `#!/bin/sh\ntouch '${marker}'\ncat\n`);
    chmodSync(script, 0o755);
    const same = { authored: "2026-01-01T00:00:00Z" };
    repository.commit("a", { files: { ".gitattributes": "* diff=evil\n", "api/x": "1" }, ...same });
    repository.commit("b", { files: { "api/x": "2" }, ...same });
    repository.tag("v1.0.0");
    const settings: Record<string, string> = {
      "core.fsmonitor": script,
      "core.pager": script,
      "core.sshCommand": script,
      "core.editor": script,
      "core.alternateRefsCommand": script,
      "core.hooksPath": join(repository.folder, ".."),
      "diff.external": script,
      "diff.evil.command": script,
      "diff.evil.textconv": script,
      "gpg.program": script,
      "log.showSignature": "true",
      "pager.log": "true",
      "alias.rev-list": `!${script}`,
      "credential.helper": `!${script}`,
      "remote.origin.url": `ext::${script}`,
      "remote.origin.promisor": "true",
      "extensions.partialClone": "origin",
      "protocol.ext.allow": "always",
    };
    for (const [key, value] of Object.entries(settings)) repository.git(["config", key, value]);
    repository.git(["config", "core.repositoryFormatVersion", "1"]);
    const double = await startApiDouble();
    const result = await importInto(double, repository.folder, { repository: "r", paths: ["api=api/**"] });
    expect(result.exit).toBe(0);
    expect(double.commits.size).toBe(2);
    expect(existsSync(marker)).toBe(false);
    // With a missing tree git would ask the promisor remote, whose address is a program.
    const tree = repository.git(["rev-parse", "HEAD:api"]);
    const object = join(repository.folder, ".git", "objects", tree.slice(0, 2), tree.slice(2));
    const content = readFileSync(object);
    rmSync(object, { force: true });
    await expect(
      importInto(double, repository.folder, { repository: "r", paths: ["api=api/**"], full: true }),
    ).rejects.toMatchObject({ code: "partial_clone" });
    expect(existsSync(marker)).toBe(false);
    writeFileSync(object, content);
    repository.git(["config", "--unset", "extensions.partialClone"]);
    repository.git(["config", "--unset", "remote.origin.promisor"]);
    await importInto(double, repository.folder, { repository: "r2", service: "s2" });
    expect([...double.commits.values()].every(({ patchId }) => patchId !== undefined)).toBe(true);
    expect(existsSync(marker)).toBe(false);
  });
});
