import { decodeText } from "./decode.ts";
import { revisionArguments, revisionInput } from "./read-commits.ts";
import type { Revisions } from "./read-commits.ts";
import { startGit } from "./run-git.ts";

export interface TouchedPaths {
  readonly sha: string;
  readonly paths: readonly string[];
}

const STATUS = /^[A-Z]\d*$/;

/**
 * The paths that each commit touches (a merge: against its first parent), in the order of readCommits for the same
 * revisions. Renames are a removal and an addition.
 */
export async function* readPaths(folder: string, revisions: Revisions): AsyncGenerator<TouchedPaths> {
  if (revisions.tips.length === 0) return;
  const list = startGit(folder, revisionArguments(revisions));
  const diff = startGit(folder, [
    "diff-tree",
    "--stdin",
    "--always",
    "-r",
    "-z",
    "--root",
    // Status and path come in pairs, so that a file named like a sha cannot be taken for the next commit.
    "--name-status",
    "--no-renames",
    "--no-ext-diff",
    "--no-textconv",
    "--diff-merges=first-parent",
  ]);
  list.stdin.end(revisionInput(revisions));
  list.stdout.pipe(diff.stdin);
  try {
    yield* parsePaths(diff.stdout);
    await Promise.all([list.done, diff.done]);
  } finally {
    list.stop();
    diff.stop();
  }
}

/** Reads the answers of `diff-tree -z --name-status`: a sha, then status and path in pairs. */
export async function* parsePaths(stream: AsyncIterable<unknown>): AsyncGenerator<TouchedPaths> {
  let sha: string | null = null;
  let paths: string[] = [];
  let pathNext = false;
  for await (const field of nulFields(stream)) {
    if (pathNext) {
      paths.push(decodeText(field));
      pathNext = false;
      continue;
    }
    const text = field.toString("latin1");
    if (STATUS.test(text)) {
      pathNext = true;
      continue;
    }
    if (sha !== null) yield { sha, paths };
    sha = text;
    paths = [];
  }
  if (sha !== null) yield { sha, paths };
}

async function* nulFields(stream: AsyncIterable<unknown>): AsyncGenerator<Buffer> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of stream) {
    const buffer: Buffer = rest.length === 0 ? (chunk as Buffer) : Buffer.concat([rest, chunk as Buffer]);
    let start = 0;
    for (let end = buffer.indexOf(0, start); end >= 0; end = buffer.indexOf(0, start)) {
      yield buffer.subarray(start, end);
      start = end + 1;
    }
    rest = buffer.subarray(start);
  }
}
