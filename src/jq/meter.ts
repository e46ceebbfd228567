import { limitError } from "./errors.ts";

/** Bulk work per step: this many array items or object keys copied, or this many characters; they take 100 bytes. */
const ITEMS_PER_STEP = 12;
const CHARS_PER_STEP = 64;

/** What one run may use. A limit that is passed raises a `JqError` with code `jq_limit`, which no `try` catches. */
export class Meter {
  /** Steps that are left; hot code may decrement it and call `spend(0)` when it is negative. */
  left: number;
  readonly maxSteps: number;
  /** Bytes (roughly) of one value that is built, and of all outputs of a run together. */
  readonly maxOutput: number;
  readonly maxDepth: number;

  constructor(maxSteps: number, maxOutput: number, maxDepth: number) {
    this.left = maxSteps;
    this.maxSteps = maxSteps;
    this.maxOutput = maxOutput;
    this.maxDepth = maxDepth;
  }

  /** Takes `steps` elementary steps (loop turns, calls, generator steps, regex steps). */
  spend(steps: number): void {
    this.left -= steps;
    if (this.left < 0) throw limitError("steps", this.maxSteps);
  }

  /** Before a string of `length` UTF-16 units is built or scanned as a whole. */
  chars(length: number): void {
    if (length > this.maxOutput) throw limitError("bytes of output", this.maxOutput);
    this.spend(length / CHARS_PER_STEP);
  }

  /** Before an array of `count` items, or an object of as many keys, is built or copied. */
  items(count: number): void {
    if (count * 8 > this.maxOutput) throw limitError("bytes of output", this.maxOutput);
    this.spend(count / ITEMS_PER_STEP);
  }

  /** `depth` of calls, of nested values while they are walked. */
  depth(depth: number): void {
    if (depth > this.maxDepth) throw limitError("levels of depth", this.maxDepth);
  }
}
