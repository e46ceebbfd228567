/** What one deployment carries, while it is being put together: each change once, the rest counted with its reason. */
import type { Change } from "./changes.ts";
import { at, isMerge } from "./commit-graph.ts";
import type { AttributionMethod, ExclusionReason } from "./derived.ts";
import type { History } from "./history.ts";

export interface Shipped {
  readonly change: number;
  readonly method: AttributionMethod;
  /** Commits of the change that went out with this deployment; empty where none is known. */
  readonly commits: number[];
}

export interface Note {
  readonly reason: ExclusionReason;
  readonly detail: string;
  readonly count: number;
}

export interface Contents {
  readonly shipped: readonly Shipped[];
  readonly notes: readonly Note[];
  /** New commits of the service, merges too, that were not shipped before under another sha. */
  readonly commits: readonly number[];
}

const NONE = -1;

export class Load {
  readonly #history: History;
  readonly #changeStep: Int32Array;
  readonly #classStep: Int32Array;
  readonly #index: number;
  readonly #shipped = new Map<number, Shipped>();
  readonly #commits: number[] = [];
  readonly #leftOut = new Set<number>();
  readonly #again = new Set<number>();
  readonly #elsewhere = new Set<number>();
  readonly #notes: Note[] = [];

  constructor(history: History, changeStep: Int32Array, classStep: Int32Array, index: number) {
    this.#history = history;
    this.#changeStep = changeStep;
    this.#classStep = classStep;
    this.#index = index;
  }

  note(reason: ExclusionReason, detail: string, count: number): void {
    this.#notes.push({ reason, detail, count });
  }

  noteShallow(count: number): void {
    this.note("shallow_history", "history is cut off: parents of its commits are not known", count);
  }

  addCommit(commit: number, method: AttributionMethod): void {
    const { changes, graph, classes, touches } = this.#history;
    const change = at(changes.ofCommit, commit);
    if (at(touches, commit) === 0) {
      if (change !== NONE) this.#elsewhere.add(change);
      return;
    }
    const merge = isMerge(graph, commit);
    if (!merge) {
      const members = at(classes, commit);
      const before = at(this.#classStep, members);
      if (before !== NONE && before !== this.#index) {
        this.#again.add(change);
        return;
      }
      this.#classStep[members] = this.#index;
    }
    this.#commits.push(commit);
    if (change === NONE) return;
    const shipped = this.#start(change, method);
    if (shipped !== null && !merge) shipped.commits.push(commit);
  }

  /** A change by relation or time, with all its known commits. */
  addWhole(change: number, method: AttributionMethod, silent = false): void {
    const known = at(this.#changeStep, change);
    if (known !== NONE) {
      if (!silent && known !== this.#index) this.#again.add(change);
      return;
    }
    const shipped = this.#start(change, method);
    for (const commit of (this.#history.changes.list[change] as Change).commits) {
      this.#classStep[at(this.#history.classes, commit)] = this.#index;
      shipped?.commits.push(commit);
      this.#commits.push(commit);
    }
  }

  leaveOut(commit: number): void {
    const { changes, graph, classes, touches } = this.#history;
    const change = at(changes.ofCommit, commit);
    if (at(touches, commit) === 0) return;
    if (!isMerge(graph, commit)) this.#classStep[at(classes, commit)] = this.#index;
    if (change !== NONE) this.leaveOutChange(change);
  }

  leaveOutChange(change: number): void {
    if (at(this.#changeStep, change) !== NONE) return;
    this.#changeStep[change] = this.#index;
    this.#leftOut.add(change);
  }

  #start(change: number, method: AttributionMethod): Shipped | null {
    const known = this.#shipped.get(change);
    if (known !== undefined) return known;
    if (at(this.#changeStep, change) !== NONE) {
      this.#again.add(change);
      return null;
    }
    this.#changeStep[change] = this.#index;
    const shipped: Shipped = { change, method, commits: [] };
    this.#shipped.set(change, shipped);
    return shipped;
  }

  contents(): Contents {
    const notes = [...this.#notes];
    const add = (reason: ExclusionReason, count: number, detail: string): void => {
      if (count > 0) notes.push({ reason, detail, count });
    };
    for (const change of this.#leftOut) this.#again.delete(change);
    for (const change of this.#shipped.keys()) {
      this.#again.delete(change);
      this.#elsewhere.delete(change);
    }
    for (const change of this.#again) this.#elsewhere.delete(change);
    add("first_deployment", this.#leftOut.size, "changes from before the first deployment");
    add("already_shipped", this.#again.size, "changes that an earlier deployment shipped");
    add("other_paths", this.#elsewhere.size, "changes that touch other paths only");
    notes.sort((left, right) => (left.reason < right.reason ? -1 : 1));
    return { shipped: [...this.#shipped.values()], notes, commits: this.#commits };
  }
}
