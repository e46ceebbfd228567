/** Ancestor questions, answered by a walk that never looks below the older of the two commits. */
import { at, type CommitGraph, UNKNOWN } from "./commit-graph.ts";

export interface Difference {
  /** The base is an ancestor of (or the same as) the head. */
  readonly contains: boolean;
  /** Commits reachable from the head and not from the base. */
  readonly count: number;
}

export interface Ancestry {
  difference(head: number, base: number): Difference;
  /** Commits reachable from the head and not from the base; an UNKNOWN base takes nothing away. */
  between(head: number, base: number): readonly number[];
  /** Whether `older` is reachable from `newer` and is not the same commit. */
  isProperAncestor(older: number, newer: number): boolean;
}

const HEAD = 1;
const BASE = 2;

/** Answers are remembered: services flap between the same two versions. */
export function ancestryOf(graph: CommitGraph): Ancestry {
  const known = new Map<string, Difference>();
  const paint = new Uint8Array(graph.commits.length);
  const difference = (head: number, base: number): Difference => {
    const key = `${head} ${base}`;
    let answer = known.get(key);
    if (answer === undefined) known.set(key, (answer = walk(graph, paint, head, base, () => undefined)));
    return answer;
  };
  return {
    difference,
    between: (head, base) => {
      const found: number[] = [];
      walk(graph, paint, head, base, (commit) => found.push(commit));
      return found;
    },
    isProperAncestor: (older, newer) =>
      older !== newer &&
      at(graph.level, older) <= at(graph.level, newer) &&
      difference(newer, older).contains,
  };
}

/**
 * Paints from both ends in order of descending position, so that a commit is final when it is taken, and stops when
 * nothing is left that only the head reaches. Commits at or after a cycle have no position: they are taken first and
 * again whenever their paint changes.
 */
function walk(
  graph: CommitGraph,
  paint: Uint8Array,
  head: number,
  base: number,
  onFound: (commit: number) => void,
): Difference {
  const touched: number[] = [];
  const heap = new PositionHeap(graph);
  const add = (commit: number, colour: number): void => {
    const before = at(paint, commit);
    if ((before | colour) === before) return;
    if (before === 0) touched.push(commit);
    if (before === HEAD) onlyHead--;
    if ((before | colour) === HEAD) onlyHead++;
    paint[commit] = before | colour;
    if (before === 0 || at(graph.position, commit) === graph.commits.length) heap.push(commit);
  };
  let onlyHead = 0;
  add(head, HEAD);
  if (base !== UNKNOWN) add(base, BASE);
  let count = 0;
  const cyclic = graph.commits.length;
  while (heap.size > 0) {
    const commit = heap.pop();
    const colour = at(paint, commit);
    if (at(graph.position, commit) !== cyclic) {
      if (onlyHead === 0) break;
      if (colour === HEAD) {
        onlyHead--;
        count++;
        onFound(commit);
      }
    }
    for (let edge = at(graph.offsets, commit); edge < at(graph.offsets, commit + 1); edge++) {
      const parent = at(graph.parents, edge);
      if (parent !== UNKNOWN) add(parent, colour);
    }
  }
  for (const commit of touched)
    if (at(graph.position, commit) === cyclic && at(paint, commit) === HEAD) {
      count++;
      onFound(commit);
    }
  const contains = base !== UNKNOWN && (at(paint, base) & HEAD) !== 0;
  for (const commit of touched) paint[commit] = 0;
  return { contains, count };
}

/** Binary heap of commits, greatest position first. */
class PositionHeap {
  readonly #position: Int32Array;
  readonly #items: number[] = [];

  constructor(graph: CommitGraph) {
    this.#position = graph.position;
  }

  get size(): number {
    return this.#items.length;
  }

  push(commit: number): void {
    const items = this.#items;
    let slot = items.length;
    items.push(commit);
    while (slot > 0) {
      const parent = (slot - 1) >> 1;
      if (this.#key(parent) >= at(this.#position, commit)) break;
      items[slot] = items[parent] as number;
      slot = parent;
    }
    items[slot] = commit;
  }

  pop(): number {
    const items = this.#items;
    const top = items[0] as number;
    const last = items.pop() as number;
    if (items.length === 0) return top;
    let slot = 0;
    for (;;) {
      let child = 2 * slot + 1;
      if (child >= items.length) break;
      if (child + 1 < items.length && this.#key(child + 1) > this.#key(child)) child++;
      if (this.#key(child) <= at(this.#position, last)) break;
      items[slot] = items[child] as number;
      slot = child;
    }
    items[slot] = last;
    return top;
  }

  #key(slot: number): number {
    return at(this.#position, this.#items[slot] as number);
  }
}
