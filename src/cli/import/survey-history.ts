import type { GitCommit } from "../git/commit.ts";
import { patchIds } from "../git/patch-ids.ts";
import type { GitRepository } from "../git/open-repository.ts";
import { listCommits, readCommits } from "../git/read-commits.ts";
import type { Revisions } from "../git/read-commits.ts";
import { recogniseChange } from "../git/recognise-change.ts";

/** Beyond these the traces of cherry-picks are left to trailers: a script that commits thousands of times in a second. */
const MAX_GROUP = 50;
const MAX_PATCHES = 20_000;

export interface HistorySurvey {
  readonly commits: number;
  /** Tips that no other commit builds on. */
  readonly heads: readonly string[];
  /** Number of a change → the commit that brought it in: the earliest, because cherry-picks repeat the number. */
  readonly changes: ReadonlyMap<number, string>;
  /** Patch ids of commits that look like copies of each other. */
  readonly patchIds: ReadonlyMap<string, string>;
  readonly oldest: number | null;
  readonly newest: number | null;
  readonly badDates: number;
  readonly cutMessages: number;
  readonly notes: readonly string[];
}

interface Winner {
  readonly sha: string;
  readonly at: number;
}

/** The same author at the same second: what a cherry-pick, rebase or amended copy keeps. A clash only costs time. */
function copyKey(commit: GitCommit): string {
  return `${commit.authoredAt} ${commit.author}`;
}

/**
 * Reads the whole history once without keeping it: what has to be known before the first commit is sent. Per commit
 * only a key (for copies) stays in memory, per change its number and commit.
 */
export async function surveyHistory(
  repository: GitRepository,
  revisions: Revisions,
  isNew: ((sha: string) => boolean) | null,
): Promise<HistorySurvey> {
  const heads = new Set(revisions.tips);
  const firstOfKey = new Map<string, string>();
  const groups = new Map<string, string[]>();
  const winners = new Map<number, Winner>();
  let commits = 0;
  let oldest: number | null = null;
  let newest: number | null = null;
  let badDates = 0;
  let cutMessages = 0;
  for await (const batch of readCommits(repository.folder, { ...revisions, not: [] }))
    for (const commit of batch) {
      commits += 1;
      oldest = Math.min(oldest ?? commit.committedAt, commit.committedAt);
      newest = Math.max(newest ?? commit.committedAt, commit.committedAt);
      if (commit.badDate) badDates += 1;
      if (commit.messageCut) cutMessages += 1;
      for (const parent of commit.parents) heads.delete(parent);
      const change = recogniseChange(commit);
      if (change !== null) keepEarliest(winners, change.number, commit);
      if (commit.parents.length > 1 || repository.boundary.has(commit.sha)) continue;
      const key = copyKey(commit);
      const first = firstOfKey.get(key);
      if (first === undefined) firstOfKey.set(key, commit.sha);
      else {
        const group = groups.get(key);
        if (group === undefined) groups.set(key, [first, commit.sha]);
        else group.push(commit.sha);
      }
    }
  const notes: string[] = [];
  const candidates = chooseCandidates([...groups.values()], isNew, notes);
  return {
    commits,
    heads: [...heads],
    changes: new Map([...winners].map(([number, winner]) => [number, winner.sha])),
    patchIds: await findPatchIds(repository, candidates, notes),
    oldest,
    newest,
    badDates,
    cutMessages,
    notes,
  };
}

function keepEarliest(winners: Map<number, Winner>, number: number, commit: GitCommit): void {
  const known = winners.get(number);
  const earlier =
    known === undefined ||
    commit.committedAt < known.at ||
    (commit.committedAt === known.at && commit.sha < known.sha);
  if (earlier) winners.set(number, { sha: commit.sha, at: commit.committedAt });
}

function chooseCandidates(
  groups: readonly string[][],
  isNew: ((sha: string) => boolean) | null,
  notes: string[],
): string[] {
  const candidates: string[] = [];
  let left = 0;
  for (const group of groups) {
    if (isNew !== null && !group.some(isNew)) continue;
    if (group.length > MAX_GROUP || candidates.length + group.length > MAX_PATCHES) left += group.length;
    else candidates.push(...group);
  }
  if (left > 0)
    notes.push(`${left.toLocaleString("en-US")} possible copies of commits were not compared by patch`);
  return candidates;
}

async function findPatchIds(
  repository: GitRepository,
  candidates: readonly string[],
  notes: string[],
): Promise<ReadonlyMap<string, string>> {
  if (candidates.length === 0) return new Map();
  if (repository.partial) {
    notes.push("a partial clone lacks file contents: cherry-picks are recognised by their trailers only");
    return new Map();
  }
  const { bySha, failure } = await patchIds(repository.folder, candidates);
  if (failure !== null) notes.push(`some patches could not be compared (${failure})`);
  return bySha;
}

/** The shas of a range, for a range that is known to be small. */
export async function shaSet(repository: GitRepository, revisions: Revisions): Promise<Set<string>> {
  const set = new Set<string>();
  for await (const batch of listCommits(repository.folder, revisions)) for (const sha of batch) set.add(sha);
  return set;
}
