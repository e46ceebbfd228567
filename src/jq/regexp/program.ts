/** A compiled expression: a list of numbers that the matcher walks. */
import type { CharSet } from "./char-set.ts";

/** Operation codes, and the numbers behind each. */
export const MATCH = 0;
export const CHAR = 1; // code
export const CHAR_FOLD = 2; // folded code
export const SET = 3; // index of the set
export const SPLIT = 4; // first, second, memo slot
export const JUMP = 5; // target
export const SAVE = 6; // slot of the captures
export const ASSERT = 7; // what
export const EMPTY_START = 8; // register
export const EMPTY_END = 9; // register, exit
export const RUN = 10; // set, min, max, memo slot of the way in, of the way on: greedy loop over one set
export const RUN_LAZY = 11; // set, min, max
export const ATOMIC = 12; // register
export const ATOMIC_END = 13; // register
export const LOOK = 14; // register (and the next one)
export const LOOK_END = 15; // register
export const NOT_LOOK = 16; // register, behind it
export const NOT_LOOK_END = 17; // register
export const BACK = 18; // min, max: so many characters back
export const REFERENCE = 19; // index of the list of groups, fold
export const CONDITION = 20; // index of the list of groups, else
export const CALL = 21; // target
export const RETURN = 22;
export const KEEP = 23;
export const AT = 24; // register: the position is the one in it
export const MARK = 25; // register: the position goes into it

export const UNBOUNDED = -1;

export interface RegexProgram {
  readonly code: Int32Array;
  readonly sets: readonly CharSet[];
  readonly lists: readonly (readonly number[])[];
  readonly groups: number;
  readonly names: readonly (string | null)[];
  readonly registers: number;
  /** States that may be remembered as failed; 0: none (references, calls, conditions). */
  readonly memoSlots: number;
  /** What every match begins with; the empty text when that is not known. */
  readonly prefix: string;
  /** ASCII characters that a match can begin with, characters beyond always can; null: anything, or nothing at all. */
  readonly first: Uint8Array | null;
  /** Matches only at the start of the text. */
  readonly anchored: boolean;
}
