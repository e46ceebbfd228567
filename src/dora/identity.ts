/** Which commits are the same work under another sha: cherry picks, equal `Change-Id`s, equal patch ids. */
import { at, type CommitGraph } from "./commit-graph.ts";
import type { MessageFacts } from "./commit-message.ts";

/** Finds a commit by its full sha, or by an abbreviation (7 characters or more) that fits only one. */
export type ShaLookup = (sha: string) => number | undefined;

export function shaLookup(graph: CommitGraph): ShaLookup {
  let sorted: readonly string[] | null = null;
  return (sha) => {
    const exact = graph.indexOf.get(sha);
    if (exact !== undefined || sha.length >= 40) return exact;
    sorted ??= [...graph.indexOf.keys()].sort();
    let low = 0;
    let high = sorted.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((sorted[middle] as string) < sha) low = middle + 1;
      else high = middle;
    }
    const found = sorted[low];
    if (found === undefined || !found.startsWith(sha) || sorted[low + 1]?.startsWith(sha)) return undefined;
    return graph.indexOf.get(found);
  };
}

/** For every commit the number of its class; commits of one class are one piece of work, shipped once. */
export function identityClasses(
  graph: CommitGraph,
  messages: readonly MessageFacts[],
  lookup: ShaLookup,
): Int32Array {
  const parent = Int32Array.from(graph.commits, (_, index) => index);
  const find = (commit: number): number => {
    let root = commit;
    while (at(parent, root) !== root) {
      parent[root] = at(parent, at(parent, root));
      root = at(parent, root);
    }
    return root;
  };
  const unite = (left: number, right: number): void => {
    parent[find(left)] = find(right);
  };
  const byMark = new Map<string, number>();
  const uniteByMark = (mark: string, commit: number): void => {
    const other = byMark.get(mark);
    if (other === undefined) byMark.set(mark, commit);
    else unite(commit, other);
  };
  graph.commits.forEach((commit, index) => {
    const message = messages[index] as MessageFacts;
    if (commit.patchId !== null) uniteByMark(`patch ${commit.repository} ${commit.patchId}`, index);
    if (message.changeId !== null) uniteByMark(`change ${commit.repository} ${message.changeId}`, index);
    for (const sha of message.copies) {
      const source = lookup(sha);
      if (source !== undefined) unite(index, source);
    }
  });
  return Int32Array.from(graph.commits, (_, index) => find(index));
}
