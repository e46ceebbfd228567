import { limitError } from "../errors.ts";

/** Places to go back to that are kept, three numbers each: 48 MB. */
const MAX_STACK = 3 * 2 ** 22;
const START_STACK = 3 * 1024;
/** A stack that has grown larger is not kept. */
const LARGE_STACK = 2 ** 19;

/**
 * What may stand on the stack instead of the instruction to go back to, as -(kind + 8 × operand), and what the two numbers behind it
 * are.
 */
export const Mark = {
  /** Operand: point of the memo + 1. Positions (from, to) at which it has failed, once what is above is gone. */
  failed: 0,
  /** Operand: instruction. Position, lowest position. */
  greedy: 1,
  /** Operand: instruction. Position, and code points that are left; for one without limit, its lowest position. */
  lazy: 2,
  /** Operand: slot. Its value before. */
  memory: 3,
  /** Position. */
  open: 4,
  /** Operand: instruction. Position. */
  openElse: 5,
  /** The limit before. */
  limit: 6,
  /** The frame before, the one that was made (-1: none). */
  frame: 7,
} as const;

/** Where a call goes back to, and what its registers were. */
export interface Frame {
  readonly parent: number;
  readonly back: number;
  readonly depth: number;
  readonly register: number;
  readonly values: Int32Array;
}

/** What a running match has besides its place in program and text. There is one, as no match runs while another does. */
export class State {
  stack: Int32Array = new Int32Array(START_STACK);
  /** Where on the stack each open part began. */
  marks: Int32Array = new Int32Array(64);
  depth = 0;
  pos = 0;
  sp = 0;
  /** What the last instruction that was run elsewhere cost besides itself. */
  work = 0;
  /** Where the text ends, as far as the match may see. */
  limit = 0;
  /** Calls that are under way are a list from here on; those that were may come back. */
  frame = -1;
  readonly frames: Frame[] = [];

  /** A stack with room for one more. */
  grow(): Int32Array {
    const { length } = this.stack;
    if (length >= MAX_STACK) throw limitError("places to go back to in a regular expression", MAX_STACK / 3);
    const larger = new Int32Array(length * 2);
    larger.set(this.stack);
    this.stack = larger;
    return larger;
  }

  /** Puts three numbers on the stack. */
  push(tag: number, first: number, second: number): void {
    const stack = this.sp + 3 > this.stack.length ? this.grow() : this.stack;
    stack[this.sp] = tag;
    stack[this.sp + 1] = first;
    stack[this.sp + 2] = second;
    this.sp += 3;
  }

  /** A new search, or one after another that an error ended. */
  begin(limit: number): void {
    this.depth = 0;
    this.limit = limit;
    if (this.frame >= 0) this.frame = -1;
    if (this.frames.length > 0) this.frames.length = 0;
  }

  /** The search is over. */
  end(): void {
    if (this.stack.length > LARGE_STACK) this.stack = new Int32Array(START_STACK);
  }

  /** Back to a frame; the one that was made then is not needed any more. */
  dropFrame(frame: number, made: number): void {
    this.frame = frame;
    if (made >= 0) this.frames.length = made;
  }

  /** Goes into a part that can be dropped as a whole. */
  open(tag: number, position: number): void {
    if (this.depth === this.marks.length) {
      const larger = new Int32Array(this.depth * 2);
      larger.set(this.marks);
      this.marks = larger;
    }
    this.marks[this.depth++] = this.sp;
    this.push(tag, position, 0);
  }
}
