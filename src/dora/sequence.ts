/** The deployments of one environment in the order in which they count. */
import type { Ancestry } from "./ancestry.ts";
import { at, type CommitGraph, UNKNOWN } from "./commit-graph.ts";
import type { DeploymentFact } from "./facts.ts";

export interface Step {
  readonly deployment: DeploymentFact;
  /** Its commit in the graph; UNKNOWN where the sha is missing or not among the commits. */
  readonly commit: number;
  readonly succeeded: boolean;
  /** Index of the latest successful step before this one that went to its region, or to all; -1 at the first. */
  readonly live: number;
}

/** More deployments than this in one instant are ordered by length of history instead of pair by pair. */
const PAIRWISE_LIMIT = 64;

/** Only deployments that succeeded or failed, by finish time; one instant: ancestor, earlier start, smaller id. */
export function sequenceOf(
  deployments: readonly DeploymentFact[],
  graph: CommitGraph,
  ancestry: Ancestry,
): Step[] {
  const commitOf = (deployment: DeploymentFact): number =>
    deployment.sha === null ? UNKNOWN : (graph.indexOf.get(deployment.sha) ?? UNKNOWN);
  const sorted = deployments
    .filter(({ status }) => status === "success" || status === "failure")
    .map((deployment) => ({ deployment, commit: commitOf(deployment) }))
    .sort((left, right) => compareDeployments(left.deployment, right.deployment));
  const steps: Step[] = [];
  const live = new LiveByRegion();
  for (let from = 0; from < sorted.length;) {
    let to = from + 1;
    const { finishedAt } = (sorted[from] as Placed).deployment;
    while (sorted[to]?.deployment.finishedAt === finishedAt) to++;
    for (const placed of ancestorsFirst(sorted.slice(from, to), graph, ancestry)) {
      const succeeded = placed.deployment.status === "success";
      const region = placed.deployment.region ?? null;
      steps.push({ ...placed, succeeded, live: live.of(region) });
      if (succeeded) live.set(region, steps.length - 1);
    }
    from = to;
  }
  return steps;
}

/** The last step of each region; what names none went to all. */
class LiveByRegion {
  readonly #byRegion = new Map<string, number>();
  #everywhere = -1;
  #last = -1;

  of(region: string | null): number {
    if (region === null) return this.#last;
    return Math.max(this.#everywhere, this.#byRegion.get(region) ?? -1);
  }

  set(region: string | null, step: number): void {
    if (region === null) this.#everywhere = step;
    else this.#byRegion.set(region, step);
    this.#last = step;
  }
}

type Placed = Pick<Step, "deployment" | "commit">;

/** By finish, then start, then identifier. */
export function compareDeployments(left: DeploymentFact, right: DeploymentFact): number {
  return (
    left.finishedAt - right.finishedAt ||
    (left.startedAt ?? Number.MAX_VALUE) - (right.startedAt ?? Number.MAX_VALUE) ||
    (left.id < right.id ? -1 : left.id > right.id ? 1 : left.blueprint < right.blueprint ? -1 : 1)
  );
}

function ancestorsFirst(tied: Placed[], graph: CommitGraph, ancestry: Ancestry): Placed[] {
  if (tied.length === 1) return tied;
  const level = ({ commit }: Placed): number => (commit === UNKNOWN ? 0 : at(graph.level, commit));
  if (tied.length > PAIRWISE_LIMIT) return tied.sort((left, right) => level(left) - level(right));
  const waiting = [...tied];
  const result: Placed[] = [];
  while (waiting.length > 0) {
    const next = waiting.findIndex(
      (candidate) => !waiting.some((other) => isBefore(other, candidate, ancestry)),
    );
    result.push(...waiting.splice(Math.max(next, 0), 1));
  }
  return result;
}

const isBefore = (older: Placed, newer: Placed, ancestry: Ancestry): boolean =>
  older.commit !== UNKNOWN &&
  newer.commit !== UNKNOWN &&
  ancestry.isProperAncestor(older.commit, newer.commit);
