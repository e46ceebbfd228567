/** Which changes each deployment of one environment shipped (dora.md section 2). */
import type { Change } from "./changes.ts";
import { at, UNKNOWN } from "./commit-graph.ts";
import type { Baseline, Instant } from "./facts.ts";
import type { History } from "./history.ts";
import { type Contents, Load } from "./load.ts";
import type { Rollback } from "./rollbacks.ts";
import type { Step } from "./sequence.ts";

export interface Attribution {
  /** One entry per step; empty for those that ship nothing. */
  readonly contents: readonly Contents[];
  /** Step that first contained the commit; -1 = none. */
  readonly commitStep: Int32Array;
  /** Step that shipped the change (or whose left-out history holds it); -1 = none. */
  readonly changeStep: Int32Array;
}

const NONE = -1;
const EMPTY: Contents = { shipped: [], notes: [], commits: [] };

export function attribute(
  history: History,
  steps: readonly Step[],
  rollbacks: readonly (Rollback | null)[],
  baseline: Baseline,
): Attribution {
  const walker = new Walker(history, steps, rollbacks, baseline);
  const contents = steps.map((step, index) => (step.succeeded ? walker.ship(index) : EMPTY));
  return { contents, commitStep: walker.commitStep, changeStep: walker.changeStep };
}

class Walker {
  readonly commitStep: Int32Array;
  readonly changeStep: Int32Array;
  readonly #classStep: Int32Array;
  readonly #history: History;
  readonly #steps: readonly Step[];
  readonly #rollbacks: readonly (Rollback | null)[];
  readonly #baseline: Baseline;
  /** Successful forward deployments not rolled back, oldest first: changes by time count from the last of them. */
  readonly #forward: Step[] = [];
  #anyCommitKnown = false;

  constructor(
    history: History,
    steps: readonly Step[],
    rollbacks: readonly (Rollback | null)[],
    baseline: Baseline,
  ) {
    this.#history = history;
    this.#steps = steps;
    this.#rollbacks = rollbacks;
    this.#baseline = baseline;
    this.commitStep = new Int32Array(history.graph.commits.length).fill(NONE);
    this.#classStep = new Int32Array(history.graph.commits.length).fill(NONE);
    this.changeStep = new Int32Array(history.changes.list.length).fill(NONE);
  }

  ship(index: number): Contents {
    const step = this.#steps[index] as Step;
    const rollback = this.#rollbacks[index] ?? null;
    const load = new Load(this.#history, this.changeStep, this.#classStep, index);
    const since = this.#forward.at(-1)?.deployment.finishedAt ?? null;
    const explicit = this.#explicit(step);
    if (step.commit !== UNKNOWN) this.#shipByGraph(step, index, load, explicit, since);
    else {
      if (step.deployment.sha !== null)
        load.note("unknown_sha", `commit ${step.deployment.sha.slice(0, 12)} is not known`, 1);
      if (rollback === null) {
        if (step.deployment.changeIds.length > 0)
          for (const change of explicit) load.addWhole(change, "explicit relation");
        else this.#shipByTime(step, load, since);
      }
    }
    if (rollback === null) this.#forward.push(step);
    else this.#takeBack(step);
    return load.contents();
  }

  #explicit(step: Step): number[] {
    const { byEntityId } = this.#history.changes;
    return [...new Set(step.deployment.changeIds.flatMap((id) => byEntityId.get(id) ?? []))];
  }

  /** After a rollback, changes by time count from the deployment before the one taken back. */
  #takeBack(step: Step): void {
    const target = this.#forward.findLastIndex(({ commit }) => commit !== UNKNOWN && commit === step.commit);
    const keep = target === -1 ? this.#forward.length - 1 : target + 1;
    this.#forward.length = Math.max(keep, Math.min(1, this.#forward.length));
  }

  #shipByGraph(
    step: Step,
    index: number,
    load: Load,
    explicit: readonly number[],
    since: Instant | null,
  ): void {
    const { changes } = this.#history;
    const bounded = this.#anyCommitKnown;
    this.#anyCommitKnown = true;
    if (bounded) {
      const { commits, missing } = this.#walk(step.commit, index);
      if (missing > 0) load.noteShallow(missing);
      for (const commit of commits) load.addCommit(commit, "git graph");
      // A change the graph does not know is taken from the relation; one it knows elsewhere is not.
      for (const change of explicit)
        if ((changes.list[change] as Change).commits.length === 0) load.addWhole(change, "explicit relation");
      return;
    }
    // No earlier deployment bounds the walk: the relation counts, all other history by the baseline policy.
    const before = this.#boundary(step);
    for (const commit of before === null ? [] : this.#walk(before, index).commits) load.leaveOut(commit);
    const { commits, missing } = this.#walk(step.commit, index);
    if (missing > 0) load.noteShallow(missing);
    for (const change of explicit) load.addWhole(change, "explicit relation");
    const isFirst = step.live === -1;
    const method = isFirst || before !== null ? "git graph" : "time";
    for (const commit of commits) {
      const counts =
        before !== null ||
        (isFirst
          ? this.#isAfterBaseline(this.#landedAt(commit))
          : this.#isWithin(commit, since, step, explicit));
      if (counts) load.addCommit(commit, method);
      else load.leaveOut(commit);
    }
  }

  /** Commit at which history begins, when the source or the baseline names one. */
  #boundary(step: Step): number | null {
    const { previousSha } = step.deployment;
    const { indexOf } = this.#history.graph;
    const previous = previousSha === null ? undefined : indexOf.get(previousSha);
    if (previous !== undefined) return previous;
    if (this.#baseline.policy !== "tag" || step.live !== -1) return null;
    return this.#history.tagged(this.#baseline.value) ?? null;
  }

  #isAfterBaseline(landedAt: Instant | null): boolean {
    if (this.#baseline.policy === "all") return true;
    return this.#baseline.policy === "since" && landedAt !== null && landedAt >= this.#baseline.value;
  }

  #isWithin(commit: number, since: Instant | null, step: Step, explicit: readonly number[]): boolean {
    const landedAt = this.#landedAt(commit);
    if (explicit.length > 0 || since === null || landedAt === null) return false;
    return landedAt > since && landedAt <= step.deployment.finishedAt;
  }

  #landedAt(commit: number): Instant | null {
    const change = at(this.#history.changes.ofCommit, commit);
    return change === NONE ? null : (this.#history.mergedAt[change] ?? null);
  }

  #shipByTime(step: Step, load: Load, since: Instant | null): void {
    const { merged, mergedAt } = this.#history;
    const time = (position: number): Instant => mergedAt[merged[position] as number] as Instant;
    let low = 0;
    let high = since === null ? 0 : merged.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (time(middle) <= (since as Instant)) low = middle + 1;
      else high = middle;
    }
    for (; low < merged.length && time(low) <= step.deployment.finishedAt; low++) {
      const change = merged[low] as number;
      if (since !== null || this.#isAfterBaseline(time(low))) load.addWhole(change, "time", true);
      else load.leaveOutChange(change);
    }
  }

  /** Commits reachable from here that no earlier deployment reached; marks them. */
  #walk(from: number, index: number): { commits: number[]; missing: number } {
    const { graph } = this.#history;
    const commits: number[] = [];
    let missing = 0;
    const stack = [from];
    while (stack.length > 0) {
      const commit = stack.pop() as number;
      if (at(this.commitStep, commit) !== NONE) continue;
      this.commitStep[commit] = index;
      commits.push(commit);
      for (let edge = at(graph.offsets, commit + 1) - 1; edge >= at(graph.offsets, commit); edge--) {
        const parent = at(graph.parents, edge);
        if (parent === UNKNOWN) missing++;
        else stack.push(parent);
      }
    }
    return { commits, missing };
  }
}
