/** Everything about a service that does not depend on an environment: its commits, its changes, when they landed. */
import { instant } from "./change-facts.ts";
import { type Change, type Changes, findChanges } from "./changes.ts";
import { type Ancestry, ancestryOf } from "./ancestry.ts";
import { at, buildGraph, type CommitGraph, UNKNOWN } from "./commit-graph.ts";
import { type MessageFacts, readMessage } from "./commit-message.ts";
import type { CommitFact, DeploymentFact, Instant, ServiceFacts } from "./facts.ts";
import { pathMatcher } from "./globs.ts";
import { identityClasses, type ShaLookup, shaLookup } from "./identity.ts";
import { type TitleIndex, titleIndex } from "./title-index.ts";

export interface History {
  readonly graph: CommitGraph;
  readonly messages: readonly MessageFacts[];
  readonly classes: Int32Array;
  readonly lookup: ShaLookup;
  readonly ancestry: Ancestry;
  readonly changes: Changes;
  /** 1 where the commit touches the service. */
  readonly touches: Uint8Array;
  /** When each change landed; null where unknown, or where it did not as far as is known. */
  readonly mergedAt: readonly (Instant | null)[];
  /** Changes known to be merged that touch the service, by time of merge. */
  readonly merged: readonly number[];
  readonly titles: TitleIndex;
  /** The commit that a tag names: the ref of a deployment, or a sha. */
  tagged(name: string): number | undefined;
}

export function readHistory(facts: ServiceFacts): History {
  const graph = buildGraph(facts.commits);
  const messages = graph.commits.map((commit) => readMessage(commit.message));
  const lookup = shaLookup(graph);
  const classes = identityClasses(graph, messages, lookup);
  const changes = findChanges(graph, messages, classes, facts.changes);
  const touches = touchedCommits(graph, facts.paths);
  const landed = landedCommits(graph, changes, facts);
  const mergedAt = changes.list.map((change) => mergeTime(graph, change, landed));
  const merged = changes.list
    .map((_, index) => index)
    .filter((index) => {
      const change = changes.list[index] as Change;
      return mergedAt[index] !== null && !change.hollow && touchesService(change, touches);
    })
    .sort(
      (left, right) =>
        (mergedAt[left] as number) - (mergedAt[right] as number) ||
        ((changes.list[left] as Change).key < (changes.list[right] as Change).key ? -1 : 1),
    );
  return {
    graph,
    messages,
    classes,
    lookup,
    ancestry: ancestryOf(graph),
    changes,
    touches,
    mergedAt,
    merged,
    titles: titleIndex(messages, changes),
    tagged: (name) => taggedCommit(facts.deployments, name, graph) ?? lookup(name),
  };
}

function taggedCommit(
  deployments: readonly DeploymentFact[],
  name: string,
  graph: CommitGraph,
): number | undefined {
  let found: { readonly at: Instant; readonly sha: string } | null = null;
  for (const { ref, sha, finishedAt: time } of deployments) {
    if (sha === null || !graph.indexOf.has(sha) || ref?.replace(/^refs\/tags\//, "") !== name) continue;
    if (found === null || time < found.at || (time === found.at && sha < found.sha))
      found = { at: time, sha };
  }
  return found === null ? undefined : graph.indexOf.get(found.sha);
}

/** A change without known commits is taken at its word: the source says that it belongs to the service. */
const touchesService = (change: Change, touches: Uint8Array): boolean =>
  change.commits.length > 0
    ? change.commits.some((commit) => at(touches, commit) === 1)
    : change.landing === null || at(touches, change.landing) === 1;

function touchedCommits(graph: CommitGraph, paths: readonly string[] | null): Uint8Array {
  const touches = new Uint8Array(graph.commits.length).fill(1);
  if (paths === null || paths.length === 0) return touches;
  const owns = pathMatcher(paths);
  const known = new Map<string, boolean>();
  const touched = (path: string): boolean => {
    let answer = known.get(path);
    if (answer === undefined) known.set(path, (answer = owns(path)));
    return answer;
  };
  graph.commits.forEach((commit, index) => {
    // A merge lists no paths of its own in most sources: nothing is known about it then.
    const merge = at(graph.offsets, index + 1) - at(graph.offsets, index) > 1;
    if (commit.paths === null || (merge && commit.paths.length === 0)) return;
    if (!commit.paths.some(touched)) touches[index] = 0;
  });
  return touches;
}

/** Commits on a trunk or in anything deployed. */
function landedCommits(graph: CommitGraph, changes: Changes, facts: ServiceFacts): Uint8Array {
  const landed = new Uint8Array(graph.commits.length);
  const stack = [...changes.trunks];
  for (const { sha, status } of facts.deployments) {
    const commit = sha === null || status !== "success" ? undefined : graph.indexOf.get(sha);
    if (commit !== undefined) stack.push(commit);
  }
  while (stack.length > 0) {
    const commit = stack.pop() as number;
    if (at(landed, commit) === 1) continue;
    landed[commit] = 1;
    for (let edge = at(graph.offsets, commit); edge < at(graph.offsets, commit + 1); edge++) {
      const parent = at(graph.parents, edge);
      if (parent !== UNKNOWN) stack.push(parent);
    }
  }
  return landed;
}

const committedAt = (graph: CommitGraph, commit: number): Instant | null =>
  instant((graph.commits[commit] as CommitFact).committedAt);

function mergeTime(graph: CommitGraph, change: Change, landed: Uint8Array): Instant | null {
  if (change.review !== null && change.review.mergedAt !== null) return change.review.mergedAt;
  if (change.kind === "pull_request")
    return change.landing === null ? null : committedAt(graph, change.landing);
  let first: Instant | null = null;
  for (const commit of change.commits) {
    const time = at(landed, commit) === 1 ? committedAt(graph, commit) : null;
    if (time !== null && (first === null || time < first)) first = time;
  }
  return first;
}
