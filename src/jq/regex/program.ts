import type { CharSet } from "./char-set.ts";

/**
 * Instructions, with their operands. `register` and `slot` are places in the memory of a match, which backtracking restores:
 * first start and end of each group, then the others. match.ts has these numbers as literals, for the speed of its switch.
 */
export const Op = {
  /** The end of the pattern. */
  match: 0,
  /** unit: one UTF-16 unit. */
  unit: 1,
  /** text: several units, by their number in `texts`. */
  text: 2,
  /** set: one code point, by the set's number. */
  set: 3,
  /** One code point other than a line feed. */
  dot: 4,
  /** One code point. */
  all: 5,
  /** target */
  jump: 6,
  /** first, second, memo, look: both ways are tried, in this order. */
  split: 7,
  /** slot: takes the position down. */
  save: 8,
  /** slot: the same, for what need not be restored. */
  saveOnce: 9,
  /** kind, operand, min, max, memo, look: one code point repeatedly, as often as possible, giving back. */
  greedy: 10,
  /** The same, as seldom as possible. */
  lazy: 11,
  /** The same, giving nothing back. */
  possessive: 12,
  /** place: one of `Place`. */
  at: 13,
  /** Begins an atomic part or a positive look. */
  open: 14,
  /** target: begins what may fail, and then goes on at `target` from the same position. */
  openElse: 15,
  /** Ends an atomic part: what it could still try is dropped. */
  cut: 16,
  /** The same, and back to the position of its beginning. */
  cutBack: 17,
  /** The part must not match: undoes it and fails. */
  cutFail: 18,
  /** count: steps back by code points. */
  back: 19,
  /** list, ignoreCase: what one of the groups in the list captured. */
  again: 20,
  /** list: has one of the groups captured something? */
  check: 21,
  /** target register, source: copies. */
  copy: 22,
  /** register, target: a turn of a loop that took nothing leaves it. */
  leaveIfEmpty: 23,
  /** register, target, list: the same, unless groups in the list changed; their former bounds are in the list too. */
  leaveIfSame: 24,
  /** register: sets a counter to 0. */
  zero: 25,
  /** register, min, max, target, greedy: counts a turn, and takes another or not. */
  count: 26,
  /** target, register, count: the registers that the called instructions use are kept meanwhile. */
  call: 27,
  return: 28,
  /** slot, register: a group that calls itself begins. */
  enter: 29,
  /** slot, register: it ends. */
  leave: 30,
  /** register: what is looked at ends here; back to the position in the register. */
  limitHere: 31,
  /** register: takes the present end down. */
  saveLimit: 32,
  /** register: takes it up again. */
  restoreLimit: 33,
  clearLimit: 34,
  fail: 35,
  /** slot: a group begins that has no end until it ends. */
  begin: 36,
  /** Ends a look-behind. */
  cutBehind: 37,
  /** list, look: the target in the list that the next character decides for; else the branchings behind it. */
  choose: 38,
} as const;

/** Length of each instruction with its operands. */
export const LENGTHS = [
  1, 2, 2, 2, 1, 1, 2, 5, 2, 2, 7, 7, 7, 2, 1, 2, 1, 1, 1, 2, 3, 2, 3, 3, 4, 2, 6, 4, 1, 3, 3, 2, 2, 2, 1, 1,
  2, 1, 3,
];

/** What `greedy`, `lazy` and `possessive` repeat. */
export const Kind = { unit: 0, set: 1, dot: 2, all: 3 } as const;

export const Place = {
  textStart: 0,
  textEnd: 1,
  textEndOrNewline: 2,
  lineStart: 3,
  lineEnd: 4,
  wordBoundary: 5,
  noWordBoundary: 6,
  searchStart: 7,
  segmentBoundary: 8,
  noSegmentBoundary: 9,
} as const;

/** `max` of a repeat without limit. */
export const UNLIMITED = 0x7fffffff;

/** Tables of what may come next have an entry for each ASCII code, one for all others, and one for the end of the text. */
export const LOOK_WIDE = 128;
export const LOOK_END = 129;
/** Tables are this far apart. */
export const LOOK_SIZE = 256;

/** In the table of a `choose`: several targets. */
export const CHAIN = 255;

/** A compiled pattern. */
export interface Program {
  readonly code: Int32Array;
  readonly sets: readonly CharSet[];
  /** The sets' ASCII parts, 128 bytes each. */
  readonly ascii: Uint8Array;
  readonly texts: readonly string[];
  /** Group numbers (`again`, `check`); targets (`choose`); slots and registers (`leaveIfSame`). */
  readonly lists: readonly (readonly number[])[];
  readonly looks: Uint8Array;
  /** Capturing groups. */
  readonly groups: number;
  /** Names of groups by number. */
  readonly names: readonly (string | undefined)[];
  /** Slots and registers of a match; scratch memory, as no match is running when another begins. */
  readonly memory: Int32Array;
  /** The slot of `\K`, -1 without one. */
  readonly keep: number;
  /** Must memory be cleared before each attempt? */
  readonly clears: boolean;
  /** Points for which failures are remembered; -1 where a failure may depend on more than instruction and position. */
  readonly memos: number;
  /** Matches at the start of the text only. */
  readonly anchored: boolean;
  /** All matches start with this text. */
  readonly prefix: string;
  /** The instruction, a repeat of one code point without limit, that all else begins with; -1 if there is none. */
  readonly lead: number;
  /** Which characters a match may start with: a table in `looks`, -1 for any. */
  readonly start: number;
  /** How far a search may go on, see looks.ts. */
  readonly skips: Uint8Array | undefined;
  /** Roughly what it takes, in bytes. */
  readonly size: number;
}
