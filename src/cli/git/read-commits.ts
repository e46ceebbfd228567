import { parseCommit } from "./commit.ts";
import type { GitCommit } from "./commit.ts";
import { startGit } from "./run-git.ts";

/** Which commits: reachable from `tips`, not from `not`. */
export interface Revisions {
  readonly tips: readonly string[];
  readonly not?: readonly string[];
  /** ISO time: only commits committed since then. */
  readonly since?: string | null;
  readonly firstParent?: boolean;
}

/** Larger objects are kept at their beginning and end only, so that one commit cannot fill the memory. */
const LARGE_OBJECT = 1024 * 1024;
const LARGE_TAIL = 64 * 1024;

export function revisionArguments(revisions: Revisions): string[] {
  const args = ["rev-list", "--topo-order", "--reverse"];
  if (revisions.since !== undefined && revisions.since !== null) args.push(`--since=${revisions.since}`);
  if (revisions.firstParent === true) args.push("--first-parent");
  args.push("--stdin");
  return args;
}

export function revisionInput(revisions: Revisions): string {
  const lines = [...revisions.tips, ...(revisions.not ?? []).map((sha) => `^${sha}`)];
  return `${lines.join("\n")}\n`;
}

export async function countCommits(folder: string, revisions: Revisions): Promise<number> {
  if (revisions.tips.length === 0) return 0;
  let count = 0;
  for await (const shas of listCommits(folder, revisions)) count += shas.length;
  return count;
}

/** Shas, parents before children, in batches. */
export async function* listCommits(folder: string, revisions: Revisions): AsyncGenerator<string[]> {
  if (revisions.tips.length === 0) return;
  const git = startGit(folder, revisionArguments(revisions));
  git.stdin.end(revisionInput(revisions));
  try {
    let rest = "";
    for await (const chunk of git.stdout) {
      const lines = (rest + (chunk as Buffer).toString("latin1")).split("\n");
      rest = lines.pop() ?? "";
      if (lines.length > 0) yield lines;
    }
    await git.done;
  } finally {
    git.stop();
  }
}

/** Commits, parents before children, in batches as they come from git. */
export async function* readCommits(folder: string, revisions: Revisions): AsyncGenerator<GitCommit[]> {
  if (revisions.tips.length === 0) return;
  const list = startGit(folder, revisionArguments(revisions));
  const objects = startGit(folder, ["cat-file", "--batch", "--buffer"]);
  list.stdin.end(revisionInput(revisions));
  list.stdout.pipe(objects.stdin);
  try {
    yield* parseObjects(objects.stdout);
    await Promise.all([list.done, objects.done]);
  } finally {
    list.stop();
    objects.stop();
  }
}

/** The named commits, in the order asked for; names that are no commits are left out. */
export async function* readNamedCommits(
  folder: string,
  names: readonly string[],
): AsyncGenerator<GitCommit[]> {
  if (names.length === 0) return;
  const objects = startGit(folder, ["cat-file", "--batch", "--buffer"]);
  objects.stdin.end(`${names.join("\n")}\n`);
  try {
    yield* parseObjects(objects.stdout);
    await objects.done;
  } finally {
    objects.stop();
  }
}

interface Large {
  readonly sha: string;
  readonly head: Buffer[];
  headLength: number;
  tail: Buffer;
  remaining: number;
  readonly size: number;
}

/** Reads the answers of `cat-file --batch`: `<sha> <type> <size>`, newline, the bytes, newline. */
export async function* parseObjects(stream: AsyncIterable<unknown>): AsyncGenerator<GitCommit[]> {
  let buffer: Buffer = Buffer.alloc(0);
  let large: Large | null = null;
  for await (const chunk of stream) {
    buffer = buffer.length === 0 ? (chunk as Buffer) : Buffer.concat([buffer, chunk as Buffer]);
    const batch: GitCommit[] = [];
    let at = 0;
    for (;;) {
      if (large !== null) {
        at += consume(large, buffer.subarray(at));
        if (large.remaining > 0 || at >= buffer.length) break; // the newline after it may be in the next chunk
        at += 1;
        const head = Buffer.concat(large.head);
        const raw = Buffer.concat([head, large.tail]);
        batch.push(parseCommit(large.sha, raw, large.size - raw.length));
        large = null;
      }
      const newline = buffer.indexOf(10, at);
      if (newline < 0) break;
      const header = buffer.toString("latin1", at, newline);
      const [sha, type, sizeText] = header.split(" ");
      const size = Number(sizeText);
      if (sha === undefined || sizeText === undefined || !Number.isSafeInteger(size) || size < 0) {
        at = newline + 1; // `<name> missing`
        continue;
      }
      if (size > LARGE_OBJECT) {
        large = { sha, head: [], headLength: 0, tail: Buffer.alloc(0), remaining: size, size };
        at = newline + 1;
        continue;
      }
      if (newline + 1 + size + 1 > buffer.length) break;
      const start = newline + 1;
      if (type === "commit") batch.push(parseCommit(sha, buffer.subarray(start, start + size)));
      at = start + size + 1;
    }
    buffer = buffer.subarray(at);
    if (batch.length > 0) yield batch;
  }
}

/** Takes what belongs to the large object from `bytes`; returns how many bytes it took. */
function consume(large: Large, bytes: Buffer): number {
  const taken = Math.min(bytes.length, large.remaining);
  if (taken === 0) return 0;
  const mine = bytes.subarray(0, taken);
  const room = LARGE_OBJECT - LARGE_TAIL - large.headLength;
  if (room > 0) {
    const part = Buffer.from(mine.subarray(0, room));
    large.head.push(part);
    large.headLength += part.length;
  }
  if (taken > room) {
    const tail = Buffer.concat([large.tail, mine.subarray(Math.max(0, room))]);
    large.tail = tail.subarray(Math.max(0, tail.length - LARGE_TAIL));
  }
  large.remaining -= taken;
  return taken;
}
