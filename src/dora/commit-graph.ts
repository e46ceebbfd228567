/**
 * The commits of one service as a graph over integers. Tolerates hostile data: duplicate shas (one wins by content,
 * not by order of arrival), self parents (dropped), cycles (they get no place in the topological order) and parents
 * that are not among the commits (`UNKNOWN`).
 */
import type { CommitFact } from "./facts.ts";

export const UNKNOWN = -1;

export interface CommitGraph {
  readonly commits: readonly CommitFact[];
  readonly indexOf: ReadonlyMap<string, number>;
  /** Parents of commit i are `parents[offsets[i]] … parents[offsets[i + 1] - 1]`, in order. */
  readonly offsets: Int32Array;
  readonly parents: Int32Array;
  /** Commits with acyclic history, ancestors first. */
  readonly order: Int32Array;
  /** Place in `order`; the number of commits where a cycle is in or behind the commit. */
  readonly position: Int32Array;
  /** Length of the longest path to a root; an ancestor always has a smaller one. */
  readonly level: Int32Array;
  /** Commits that no commit has as parent. */
  readonly tips: readonly number[];
}

/** Typed element access; the index is known to be in range. */
export const at = (array: Int32Array | Uint8Array, index: number): number => array[index] as number;

const parentCount = (graph: CommitGraph, commit: number): number =>
  at(graph.offsets, commit + 1) - at(graph.offsets, commit);

export const isMerge = (graph: CommitGraph, commit: number): boolean => parentCount(graph, commit) > 1;

export function buildGraph(facts: readonly CommitFact[]): CommitGraph {
  const { commits, indexOf } = distinct(facts);
  const size = commits.length;
  const offsets = new Int32Array(size + 1);
  const list: number[] = [];
  commits.forEach((commit, index) => {
    const seen = commit.parents.length > 1 ? new Set<string>() : null;
    for (const parent of commit.parents) {
      if (parent === commit.sha || seen?.has(parent)) continue;
      seen?.add(parent);
      list.push(indexOf.get(parent) ?? UNKNOWN);
    }
    offsets[index + 1] = list.length;
  });
  return { commits, indexOf, offsets, ...sortTopologically(size, offsets, Int32Array.from(list)) };
}

function distinct(facts: readonly CommitFact[]): Pick<CommitGraph, "commits" | "indexOf"> {
  const commits: CommitFact[] = [];
  const indexOf = new Map<string, number>();
  for (const fact of facts) {
    const known = indexOf.get(fact.sha);
    if (known === undefined) {
      indexOf.set(fact.sha, commits.length);
      commits.push(fact);
    } else if (contentKey(fact) < contentKey(commits[known] as CommitFact)) commits[known] = fact;
  }
  return { commits, indexOf };
}

/** Orders copies of one commit: those that know more first, then by content. */
const contentKey = (fact: CommitFact): string =>
  JSON.stringify([
    fact.paths === null,
    fact.patchId === null,
    fact.repository,
    fact.parents,
    fact.authoredAt,
    fact.committedAt,
    fact.author,
    fact.patchId,
    fact.message,
    fact.paths,
  ]);

/** Kahn's algorithm, ancestors first. */
function sortTopologically(
  size: number,
  offsets: Int32Array,
  parents: Int32Array,
): Pick<CommitGraph, "parents" | "order" | "position" | "level" | "tips"> {
  const waiting = new Int32Array(size);
  const childOffsets = new Int32Array(size + 1);
  for (let child = 0; child < size; child++)
    for (let edge = at(offsets, child); edge < at(offsets, child + 1); edge++) {
      const parent = at(parents, edge);
      if (parent === UNKNOWN) continue;
      waiting[child] = at(waiting, child) + 1;
      childOffsets[parent + 1] = at(childOffsets, parent + 1) + 1;
    }
  const tips: number[] = [];
  for (let commit = 0; commit < size; commit++) {
    if (at(childOffsets, commit + 1) === 0) tips.push(commit);
    childOffsets[commit + 1] = at(childOffsets, commit + 1) + at(childOffsets, commit);
  }
  const children = new Int32Array(at(childOffsets, size));
  const cursor = childOffsets.slice();
  for (let child = 0; child < size; child++)
    for (let edge = at(offsets, child); edge < at(offsets, child + 1); edge++) {
      const parent = at(parents, edge);
      if (parent === UNKNOWN) continue;
      children[at(cursor, parent)] = child;
      cursor[parent] = at(cursor, parent) + 1;
    }

  const queue = new Int32Array(size);
  const position = new Int32Array(size).fill(size);
  const level = new Int32Array(size);
  let filled = 0;
  for (let commit = 0; commit < size; commit++) if (at(waiting, commit) === 0) queue[filled++] = commit;
  for (let head = 0; head < filled; head++) {
    const commit = at(queue, head);
    position[commit] = head;
    for (let edge = at(childOffsets, commit); edge < at(childOffsets, commit + 1); edge++) {
      const child = at(children, edge);
      level[child] = Math.max(at(level, child), at(level, commit) + 1);
      waiting[child] = at(waiting, child) - 1;
      if (at(waiting, child) === 0) queue[filled++] = child;
    }
  }
  for (let commit = 0; commit < size; commit++) if (at(position, commit) === size) level[commit] = size;
  return { parents, order: queue.slice(0, filled), position, level, tips };
}
