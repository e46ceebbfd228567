import type { CharSet } from "./char-set.ts";
import { failure } from "./failure.ts";
import type { Node } from "./tree.ts";

/** Numbers that a program may have: 400 kB of them. */
const MAX_CODE = 100_000;
const MAX_SETS = 1000;

/** A part to be written, or what is to be done between two. */
export type Task = Node | (() => void);

/** The instructions that were written, what they refer to, and what is still to be written. */
export class Assembler {
  readonly code: number[] = [];
  readonly sets: CharSet[] = [];
  readonly texts: string[] = [];
  readonly lists: (readonly number[])[] = [];
  /** Points for the memo that are given out. */
  memos = 0;
  /** Places in memory that are given out. */
  slots: number;
  readonly #tasks: Task[] = [];
  readonly #setNumbers = new Map<CharSet, number>();

  constructor(slots: number) {
    this.slots = slots;
  }

  /** Writes an instruction. Where it is. */
  write(...numbers: number[]): number {
    if (this.code.length + numbers.length > MAX_CODE) throw failure("the expression is too large");
    return this.code.push(...numbers) - numbers.length;
  }

  /** Where the next instruction will be. */
  get at(): number {
    return this.code.length;
  }

  /** Sets a target to where we are. */
  here(target: number): void {
    this.code[target] = this.code.length;
  }

  memo(): number {
    return this.memos++;
  }

  register(count = 1): number {
    this.slots += count;
    return this.slots - count;
  }

  list(numbers: readonly number[]): number {
    return this.lists.push(numbers) - 1;
  }

  text(text: string): number {
    return this.texts.push(text) - 1;
  }

  set(set: CharSet): number {
    const known = this.#setNumbers.get(set);
    if (known !== undefined) return known;
    if (this.sets.length >= MAX_SETS) throw failure("the expression is too large");
    const number = this.sets.push(set) - 1;
    this.#setNumbers.set(set, number);
    return number;
  }

  /** Lets tasks follow, in this order, before those that were to follow. */
  follow(...tasks: readonly Task[]): void {
    this.followAll(tasks);
  }

  /** The same for many. */
  followAll(tasks: readonly Task[]): void {
    for (let i = tasks.length - 1; i >= 0; i--) this.#tasks.push(tasks[i] as Task);
  }

  /** Does what is to follow, until nothing is. */
  run(write: (node: Node) => void): void {
    for (let task = this.#tasks.pop(); task !== undefined; task = this.#tasks.pop())
      if (typeof task === "function") task();
      else write(task);
  }
}
