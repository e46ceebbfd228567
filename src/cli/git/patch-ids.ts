import { startGit } from "./run-git.ts";

/**
 * Patch ids (`git patch-id --stable`) of the named commits, all in one pair of processes. Commits without a
 * difference (empty, merges) have none.
 */
export async function patchIds(folder: string, shas: readonly string[]): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  if (shas.length === 0) return found;
  const diff = startGit(folder, [
    "diff-tree",
    "--stdin",
    "-p",
    "-r",
    "--root",
    "--no-ext-diff",
    "--no-textconv",
    "--no-color",
    "--no-renames",
    "--full-index",
  ]);
  const ids = startGit(folder, ["patch-id", "--stable"]);
  diff.stdin.end(`${shas.join("\n")}\n`);
  diff.stdout.pipe(ids.stdin);
  try {
    let rest = "";
    for await (const chunk of ids.stdout) {
      const lines = (rest + (chunk as Buffer).toString("latin1")).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) {
        const [id, sha] = line.split(" ");
        if (id !== undefined && sha !== undefined) found.set(sha, id);
      }
    }
    await Promise.all([diff.done, ids.done]);
    return found;
  } finally {
    diff.stop();
    ids.stop();
  }
}
