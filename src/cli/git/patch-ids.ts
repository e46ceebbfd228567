import { GitError, startGit } from "./run-git.ts";

/** Commits whose contents are not here are stepped over; with more of them than this the rest is left out. */
const MAX_FAILURES = 20;

export interface PatchIds {
  readonly bySha: ReadonlyMap<string, string>;
  /** git's words when some commits could not be compared. */
  readonly failure: string | null;
}

/**
 * Patch ids (`git patch-id --stable`) of the named commits, in one pair of processes. Commits without a difference
 * (empty, merges) have none.
 */
export async function patchIds(folder: string, shas: readonly string[]): Promise<PatchIds> {
  const bySha = new Map<string, string>();
  let failure: string | null = null;
  let start = 0;
  for (let failures = 0; start < shas.length && failures < MAX_FAILURES; failures += 1) {
    const rest = shas.slice(start);
    const { ids, error } = await readPatchIds(folder, rest);
    for (const [sha, id] of ids) bySha.set(sha, id);
    if (error === null) break;
    failure = error.stderr.trim().split("\n")[0] ?? "git failed";
    // The last one that came out is the one that failed, its id made of half a patch; or it came before that one.
    const last = ids.at(-1)?.[0];
    if (last !== undefined) bySha.delete(last);
    start += last === undefined ? 1 : rest.indexOf(last) + 1;
  }
  return { bySha, failure };
}

async function readPatchIds(
  folder: string,
  shas: readonly string[],
): Promise<{ readonly ids: readonly (readonly [string, string])[]; readonly error: GitError | null }> {
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
  const found: [string, string][] = [];
  try {
    let rest = "";
    for await (const chunk of ids.stdout) {
      const lines = (rest + (chunk as Buffer).toString("latin1")).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) {
        const [id, sha] = line.split(" ");
        if (id !== undefined && sha !== undefined) found.push([sha, id]);
      }
    }
    await ids.done;
    await diff.done;
    return { ids: found, error: null };
  } catch (error) {
    if (!(error instanceof GitError)) throw error;
    return { ids: found, error };
  } finally {
    diff.stop();
    ids.stop();
  }
}
