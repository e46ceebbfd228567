/** Joins change entities (pull and merge requests) to one another and to the commits they name. */
import type { CommitGraph } from "./commit-graph.ts";
import type { MessageFacts } from "./commit-message.ts";
import type { ChangeFact, Instant, ReviewFact } from "./facts.ts";

/** One pull or merge request as all entities about it tell it together. */
export interface ReviewFacts {
  readonly key: string;
  readonly repository: string | null;
  readonly number: number | null;
  readonly entity: { readonly blueprint: string; readonly identifier: string };
  /** Identifiers of all entities joined here. */
  readonly ids: readonly string[];
  readonly title: string | null;
  readonly url: string | null;
  readonly author: string | null;
  readonly labels: readonly string[];
  readonly firstCommitAt: Instant | null;
  readonly openedAt: Instant | null;
  readonly readyForReviewAt: Instant | null;
  readonly firstReviewAt: Instant | null;
  /** Null where no entity tells its reviews one by one. */
  readonly reviews: readonly ReviewFact[] | null;
  readonly mergedAt: Instant | null;
  /** Commits named by the entities, where known. */
  readonly mergeCommit: number | null;
  readonly headCommit: number | null;
}

export const pullRequestKey = (repository: string, number: number): string => `pr:${repository}#${number}`;

/** A time that can be computed with, or null. */
export const instant = (value: Instant | null): Instant | null =>
  value !== null && Number.isFinite(value) ? value : null;

export function joinChangeFacts(
  facts: readonly ChangeFact[],
  graph: CommitGraph,
  messages: readonly MessageFacts[],
): ReviewFacts[] {
  const repositoryNamed = repositoryNames(graph);
  const groups = new Map<string, { repository: string | null; number: number | null; facts: ChangeFact[] }>();
  for (const fact of distinct(facts)) {
    const merge = fact.mergeSha === null ? undefined : graph.indexOf.get(fact.mergeSha);
    const repository = merge === undefined ? repositoryNamed(fact.repository) : repositoryOf(graph, merge);
    const number = Number.isSafeInteger(fact.number)
      ? fact.number
      : merge === undefined
        ? null
        : (messages[merge] as MessageFacts).number;
    const key =
      number !== null && repository !== null
        ? pullRequestKey(repository, number)
        : `entity:${fact.blueprint}/${fact.id}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { repository, number, facts: [fact] });
    else group.facts.push(fact);
  }
  return Array.from(groups, ([key, group]) => merged(key, group, graph));
}

const repositoryOf = (graph: CommitGraph, commit: number): string =>
  (graph.commits[commit] as { repository: string }).repository;

/**
 * What the commits call the repository that an entity names: the same name; else the only one whose last part is the
 * same (`acme/shop`, `shop.git` and `shop` are one to a service); for an entity that names none, the only one there is.
 */
function repositoryNames(graph: CommitGraph): (name: string | null) => string | null {
  const names = new Set<string>();
  for (const commit of graph.commits) names.add(commit.repository);
  const shortName = (name: string): string =>
    name
      .slice(name.lastIndexOf("/") + 1)
      .replace(/\.git$/, "")
      .toLowerCase();
  const known = new Map<string, string | null>();
  return (name) => {
    if (name === null) return names.size === 1 ? ([...names][0] as string) : null;
    if (names.has(name)) return name;
    let answer = known.get(name);
    if (answer === undefined) {
      const similar = [...names].filter((other) => shortName(other) === shortName(name));
      known.set(name, (answer = similar.length === 1 ? (similar[0] as string) : name));
    }
    return answer;
  };
}

/** Each entity once, in the order of its identifier, whatever the order of arrival. */
function distinct(facts: readonly ChangeFact[]): ChangeFact[] {
  const byId = new Map<string, ChangeFact>();
  for (const fact of facts) {
    const key = JSON.stringify([fact.blueprint, fact.id]);
    const other = byId.get(key);
    if (other === undefined || JSON.stringify(fact) < JSON.stringify(other)) byId.set(key, fact);
  }
  return [...byId].sort(([left], [right]) => (left < right ? -1 : 1)).map(([, fact]) => fact);
}

function merged(
  key: string,
  group: { repository: string | null; number: number | null; facts: readonly ChangeFact[] },
  graph: CommitGraph,
): ReviewFacts {
  const { facts } = group;
  const first = facts[0] as ChangeFact;
  const pick = <T>(read: (fact: ChangeFact) => T | null | undefined): T | null => {
    for (const fact of facts) {
      const value = read(fact);
      if (value !== null && value !== undefined) return value;
    }
    return null;
  };
  const commit = (sha: string | null): number | undefined =>
    sha === null ? undefined : graph.indexOf.get(sha);
  return {
    key,
    repository: group.repository,
    number: group.number,
    entity: { blueprint: first.blueprint, identifier: first.id },
    ids: facts.map((fact) => fact.id),
    title: pick((fact) => fact.title),
    url: pick((fact) => fact.url),
    author: pick((fact) => fact.author),
    labels: facts.flatMap((fact) => fact.labels),
    firstCommitAt: pick((fact) => instant(fact.firstCommitAt)),
    openedAt: pick((fact) => instant(fact.openedAt)),
    readyForReviewAt: pick((fact) => instant(fact.readyForReviewAt)),
    firstReviewAt: pick((fact) => instant(fact.firstReviewAt)),
    reviews: facts.every((fact) => (fact.reviews ?? null) === null)
      ? null
      : facts.flatMap((fact) => fact.reviews ?? []),
    mergedAt: pick((fact) => instant(fact.mergedAt)),
    mergeCommit: pick((fact) => commit(fact.mergeSha)),
    headCommit: pick((fact) => commit(fact.headSha)),
  };
}
