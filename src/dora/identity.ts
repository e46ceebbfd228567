/** Which commits are the same work under another sha: cherry picks, equal `Change-Id`s, equal patch ids. */
import { at, type CommitGraph } from "./commit-graph.ts";
import type { MessageFacts } from "./commit-message.ts";

/** Finds a commit by its full sha, or by an abbreviation (7 characters or more) that fits only one. */
export type ShaLookup = (sha: string) => number | undefined;

export function shaLookup(graph: Pick<CommitGraph, "indexOf">): ShaLookup {
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
  const patches = new Marks(unite);
  const changeIds = new Marks(unite);
  graph.commits.forEach(({ repository, patchId }, index) => {
    const { changeId, copies } = messages[index] as MessageFacts;
    if (patchId !== null) patches.add(repository, patchId, index);
    if (changeId !== null) changeIds.add(repository, changeId, index);
    for (const sha of copies) {
      const source = lookup(sha);
      if (source !== undefined) unite(index, source);
    }
  });
  return Int32Array.from(graph.commits, (_, index) => find(index));
}

/** Unites commits of one repository that carry the same mark. */
class Marks {
  readonly #unite: (left: number, right: number) => void;
  readonly #byRepository = new Map<string, Map<string, number>>();

  constructor(unite: (left: number, right: number) => void) {
    this.#unite = unite;
  }

  add(repository: string, mark: string, commit: number): void {
    let marks = this.#byRepository.get(repository);
    if (marks === undefined) this.#byRepository.set(repository, (marks = new Map<string, number>()));
    const other = marks.get(mark);
    if (other === undefined) marks.set(mark, commit);
    else this.#unite(commit, other);
  }
}
