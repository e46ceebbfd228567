/** Reads commits of a repository with plain `git log` and `git patch-id`, independent of the product's importer. */
import { execFileSync } from "node:child_process";
import type { CommitFact } from "../../../src/dora/facts.ts";
import type { GitRepository } from "../../support/git.ts";

export function readCommits({ path, git }: GitRepository, repository = "shop"): CommitFact[] {
  const patchIds = readPatchIds(path);
  const log = git(
    "log",
    "--all",
    "--topo-order",
    "--name-only",
    "--format=%x1e%H%x1f%P%x1f%at%x1f%ct%x1f%an <%ae>%x1f%B%x1f",
  );
  return log
    .split("\u001e")
    .slice(1)
    .map((record) => {
      const [sha, parents, authored, committed, author, message, paths] = record.split("\u001f") as [
        string,
        string,
        string,
        string,
        string,
        string,
        string,
      ];
      return {
        repository,
        sha,
        parents: parents === "" ? [] : parents.split(" "),
        authoredAt: Number(authored) * 1000,
        committedAt: Number(committed) * 1000,
        author,
        patchId: patchIds.get(sha) ?? null,
        message: message.trimEnd(),
        paths: paths.split("\n").filter((line) => line !== ""),
      };
    });
}

function readPatchIds(cwd: string): Map<string, string> {
  const options = { cwd, encoding: "utf8", maxBuffer: 64 * 1024 * 1024 } as const;
  const patches = execFileSync("git", ["log", "--all", "--no-merges", "-p"], options);
  const output = execFileSync("git", ["patch-id", "--stable"], { ...options, input: patches });
  return new Map(
    output
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => line.split(" ").reverse() as [string, string]),
  );
}
