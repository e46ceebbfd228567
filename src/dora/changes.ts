/** The changes of a service: which commits make up which pull request, and which stand alone. */
import { instant, joinChangeFacts, pullRequestKey, type ReviewFacts } from "./change-facts.ts";
import { at, type CommitGraph, isMerge, UNKNOWN } from "./commit-graph.ts";
import type { MessageFacts } from "./commit-message.ts";
import type { ChangeFact, CommitFact, Instant } from "./facts.ts";

/** One unit of change. Commits are numbers in the graph. */
export interface Change {
  readonly key: string;
  readonly kind: "pull_request" | "commit";
  readonly repository: string | null;
  readonly number: number | null;
  readonly review: ReviewFacts | null;
  /** Its commits, merges left out; empty where none is known. */
  readonly commits: number[];
  /** The merge or squash commit that landed a pull request. */
  landing: number | null;
  matchedBy: string;
  /** It has no commits because other changes own all that it merged: then it is no change of its own. */
  hollow: boolean;
}

export interface Changes {
  readonly list: readonly Change[];
  /** Change of each commit: of every non-merge, and of a merge whose change has no known commits; else -1. */
  readonly ofCommit: Int32Array;
  /** 1 where a commit belongs to its change only through an equal commit. */
  readonly byIdentity: Uint8Array;
  readonly byKey: ReadonlyMap<string, number>;
  /** Changes by identifier of their entities. */
  readonly byEntityId: ReadonlyMap<string, readonly number[]>;
  /** First tip of each repository in order of mainness: where its changes land. */
  readonly trunks: readonly number[];
}

const NONE = -1;

export function findChanges(
  graph: CommitGraph,
  messages: readonly MessageFacts[],
  classes: Int32Array,
  facts: readonly ChangeFact[],
): Changes {
  const list: Change[] = [];
  const byKey = new Map<string, number>();
  const add = (
    change: Pick<Change, "key" | "kind" | "repository" | "number" | "review" | "matchedBy">,
  ): number => {
    list.push({ ...change, commits: [], landing: null, hollow: false });
    byKey.set(change.key, list.length - 1);
    return list.length - 1;
  };

  // 1. What hosts say: merge shas.
  const reviews = joinChangeFacts(facts, graph, messages);
  const named = new Int32Array(graph.commits.length).fill(NONE);
  const heads = new Map<number, number>();
  const byEntityId = new Map<string, number[]>();
  for (const review of reviews) {
    const { key, repository, number } = review;
    const change = add({ key, kind: "pull_request", repository, number, review, matchedBy: "entity" });
    for (const id of review.ids) byEntityId.set(id, [...(byEntityId.get(id) ?? []), change]);
    if (review.mergeCommit !== null && at(named, review.mergeCommit) === NONE) {
      named[review.mergeCommit] = change;
      (list[change] as Change).landing = review.mergeCommit;
      (list[change] as Change).matchedBy = "merge commit named by the host";
    }
    if (review.headCommit !== null && !heads.has(review.headCommit)) heads.set(review.headCommit, change);
  }
  // 2. What messages say.
  messages.forEach((message, commit) => {
    if (message.number === null || at(named, commit) !== NONE) return;
    const { repository } = graph.commits[commit] as CommitFact;
    const key = pullRequestKey(repository, message.number);
    const known = byKey.get(key);
    const { number } = message;
    named[commit] =
      known ?? add({ key, kind: "pull_request", repository, number, review: null, matchedBy: "" });
  });
  findLandings(graph, messages, named, list);

  // 3. What merges brought in, 4. equal commits, 5. the rest one by one.
  const roots = orderRoots(graph, named, heads);
  const ofCommit = claimCommits(graph, named, heads, roots);
  const byIdentity = adoptEqualCommits(graph, classes, ofCommit);
  const singles = new Map<number, number>();
  for (let commit = 0; commit < graph.commits.length; commit++) {
    if (isMerge(graph, commit)) continue;
    if (at(ofCommit, commit) === NONE) {
      const members = at(classes, commit);
      let change = singles.get(members);
      if (change === undefined) {
        const { repository } = graph.commits[commit] as CommitFact;
        change = add({
          key: "",
          kind: "commit",
          repository,
          number: null,
          review: null,
          matchedBy: "commit",
        });
        singles.set(members, change);
      }
      ofCommit[commit] = change;
    }
    (list[at(ofCommit, commit)] as Change).commits.push(commit);
  }
  byKey.delete("");
  for (const [, index] of singles) {
    const change = list[index] as Change;
    const key = `commit:${(graph.commits[earliest(graph, change.commits)] as CommitFact).sha}`;
    list[index] = { ...change, key };
    byKey.set(key, index);
  }
  markHollow(graph, named, list, ofCommit);
  const trunks = trunksOf(graph, roots);
  return { list, ofCommit, byIdentity, byKey, byEntityId, trunks };
}

/** The commit that was there first; `commits` is not empty. */
export function earliest(graph: CommitGraph, commits: readonly number[]): number {
  return commits.reduce((best, commit) => (isEarlier(graph, commit, best) ? commit : best));
}

function isEarlier(graph: CommitGraph, left: number, right: number): boolean {
  const a = graph.commits[left] as CommitFact;
  const b = graph.commits[right] as CommitFact;
  const order = timeOr(a.committedAt) - timeOr(b.committedAt) || timeOr(a.authoredAt) - timeOr(b.authoredAt);
  return order === 0 ? a.sha < b.sha : order < 0;
}

const timeOr = (value: Instant): number => instant(value) ?? Number.MAX_VALUE;

/** Host's merge sha first, then a merge commit before a squash commit, then the earlier one. */
function findLandings(
  graph: CommitGraph,
  messages: readonly MessageFacts[],
  named: Int32Array,
  list: readonly Change[],
): void {
  for (let commit = 0; commit < graph.commits.length; commit++) {
    const index = at(named, commit);
    if (index === NONE) continue;
    const change = list[index] as Change;
    if (change.landing !== null && change.landing === change.review?.mergeCommit) continue;
    const rival = change.landing;
    if (rival !== null) {
      const rank = Number(isMerge(graph, rival)) - Number(isMerge(graph, commit));
      if (rank > 0 || (rank === 0 && !isEarlier(graph, commit, rival))) continue;
    }
    change.landing = commit;
    change.matchedBy = (messages[commit] as MessageFacts).matchedBy ?? "commit";
  }
}

/**
 * Tips in the order in which they claim history, the trunk first: heads of pull requests last; then by how often a pull
 * request has merged the tip's own first-parent chain elsewhere (fewer first: a branch that lives on after its merge
 * must not claim what the merge brought in); then by how many landed on it; then the younger. What only cycles reach
 * comes after all tips.
 */
function orderRoots(graph: CommitGraph, named: Int32Array, heads: ReadonlyMap<number, number>): number[] {
  const size = graph.commits.length;
  const brought = new Int32Array(size);
  for (let commit = 0; commit < size; commit++) {
    if (at(named, commit) === NONE) continue;
    for (let edge = at(graph.offsets, commit) + 1; edge < at(graph.offsets, commit + 1); edge++)
      if (at(graph.parents, edge) !== UNKNOWN) brought[at(graph.parents, edge)] = 1;
  }
  const landed = new Int32Array(size);
  for (const commit of graph.order) {
    const edge = at(graph.offsets, commit);
    const first = edge < at(graph.offsets, commit + 1) ? at(graph.parents, edge) : UNKNOWN;
    landed[commit] = (first === UNKNOWN ? 0 : at(landed, first)) + (at(named, commit) === NONE ? 0 : 1);
    brought[commit] = (first === UNKNOWN ? 0 : at(brought, first)) + at(brought, commit);
  }
  const compare = (left: number, right: number): number => {
    const rank =
      Number(heads.has(left)) - Number(heads.has(right)) ||
      at(brought, left) - at(brought, right) ||
      at(landed, right) - at(landed, left);
    if (rank !== 0) return rank;
    const a = graph.commits[left] as CommitFact;
    const b = graph.commits[right] as CommitFact;
    return timeOr(b.committedAt) - timeOr(a.committedAt) || (a.sha < b.sha ? -1 : 1);
  };
  const tips = [...graph.tips].sort(compare);
  if (graph.order.length === graph.commits.length) return tips;
  const cyclic = graph.commits.map((_, index) => index);
  const rest = cyclic.filter((index) => at(graph.position, index) === graph.commits.length);
  return [...tips, ...rest.sort(compare)];
}

/**
 * One walk over the whole graph, first parents before the others, each commit once: what is met below a further
 * parent of a pull request's merge, and not below its first, is what that merge brought in (the innermost merge
 * wins, and what lies on the trunk's own chain belongs to none).
 */
function claimCommits(
  graph: CommitGraph,
  named: Int32Array,
  heads: ReadonlyMap<number, number>,
  roots: readonly number[],
): Int32Array {
  const result = new Int32Array(graph.commits.length).fill(NONE);
  const visited = new Uint8Array(graph.commits.length);
  const stack: number[] = [];
  const owners: number[] = [];
  for (const root of roots) {
    stack.push(root);
    owners.push(heads.get(root) ?? NONE);
    while (stack.length > 0) {
      const commit = stack.pop() as number;
      const owner = owners.pop() as number;
      if (at(visited, commit) === 1) continue;
      visited[commit] = 1;
      const own = at(named, commit);
      const merge = isMerge(graph, commit);
      if (!merge) result[commit] = own !== NONE ? own : owner !== NONE ? owner : (heads.get(commit) ?? NONE);
      const start = at(graph.offsets, commit);
      for (let edge = at(graph.offsets, commit + 1) - 1; edge >= start; edge--) {
        const parent = at(graph.parents, edge);
        if (parent === UNKNOWN || at(visited, parent) === 1) continue;
        stack.push(parent);
        owners.push(edge > start && own !== NONE ? own : owner);
      }
    }
  }
  return result;
}

/** A commit that stands alone joins the pull request of an equal commit (the earliest, when several have one). */
function adoptEqualCommits(graph: CommitGraph, classes: Int32Array, ofCommit: Int32Array): Uint8Array {
  const donor = new Map<number, number>();
  for (let commit = 0; commit < graph.commits.length; commit++) {
    if (at(ofCommit, commit) === NONE) continue;
    const members = at(classes, commit);
    const best = donor.get(members);
    if (best === undefined || isEarlier(graph, commit, best)) donor.set(members, commit);
  }
  const adopted = new Uint8Array(graph.commits.length);
  for (let commit = 0; commit < graph.commits.length; commit++) {
    if (at(ofCommit, commit) !== NONE || isMerge(graph, commit)) continue;
    const source = donor.get(at(classes, commit));
    if (source === undefined) continue;
    ofCommit[commit] = at(ofCommit, source);
    adopted[commit] = 1;
  }
  return adopted;
}

/**
 * A merge whose change has no commits stands for it when the commits it brought in are missing (shallow history);
 * when they all belong to other changes (a release request full of merged requests), it is no change.
 */
function markHollow(
  graph: CommitGraph,
  named: Int32Array,
  list: readonly Change[],
  ofCommit: Int32Array,
): void {
  for (let commit = 0; commit < graph.commits.length; commit++) {
    const index = at(named, commit);
    if (index === NONE || !isMerge(graph, commit)) continue;
    const change = list[index] as Change;
    if (change.commits.length > 0 || change.landing !== commit) continue;
    const parents = graph.parents.subarray(at(graph.offsets, commit) + 1, at(graph.offsets, commit + 1));
    if (parents.includes(UNKNOWN)) ofCommit[commit] = index;
    else change.hollow = true;
  }
}

function trunksOf(graph: CommitGraph, roots: readonly number[]): number[] {
  const seen = new Set<string>();
  return roots.filter((root) => {
    const { repository } = graph.commits[root] as CommitFact;
    if (seen.has(repository)) return false;
    seen.add(repository);
    return true;
  });
}
