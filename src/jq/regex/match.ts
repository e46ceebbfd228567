import type { Meter } from "../meter.ts";
import { advance, isLow, stepBack, taken } from "./advance.ts";
import { bytesOf } from "./captured.ts";
import type { CharSet } from "./char-set.ts";
import { type Memo, newMemo } from "./memo.ts";
import { isPlace, placeWork } from "./places.ts";
import { CHAIN, LOOK_END, LOOK_WIDE, type Program, UNLIMITED } from "./program.ts";
import { runRare } from "./rare.ts";
import { goBackRarely, mayFollow, repeatLazily, repeatRemembering } from "./repeats.ts";
import { afterFailure, nextStart } from "./starts.ts";
import { Mark, State } from "./state.ts";

/** A match must take something. */
export const NOT_EMPTY = 1;
/** The longest match of all is looked for. */
export const LONGEST = 2;
/** Failures are remembered from the start: must change nothing but the time it takes. */
export const EAGER = 4;

/** Instructions per step of the meter. */
const PER_STEP = 10;
/** Failures are remembered once a search has cost this much per character; most never do. */
const PATIENCE = 16;

const state = new State();

/** Where the last match that was found begins and ends, in UTF-16 units; its groups are in the program's memory. */
export const found = { begin: 0, end: 0 };

/**
 * Searches `text` for a match that starts from `from` to `last`; `origin` is what `\G` means. Backtracks as Oniguruma does, on a
 * stack of its own: the first way that succeeds counts. All work is charged to the meter.
 */
export function search(
  program: Program,
  text: string,
  from: number,
  last: number,
  origin: number,
  mode: number,
  meter: Meter,
): boolean {
  const { code, sets, ascii, texts, lists, looks, memory, groups, keep } = program;
  const end = text.length;
  let granted = Math.min(Math.max(meter.left, 0) * PER_STEP, 2 ** 30) | 0;
  let budget = granted;
  let patience = program.memos > 0 ? granted - PATIENCE * (end - from + 64) : -1;
  let longest = -1;
  let best: Int32Array | undefined;
  let { stack } = state;
  let memo: Memo | undefined;
  if ((mode & EAGER) !== 0) memo = newMemo(program.memos, end + 1);
  state.begin(end);

  for (let start = from, before = from; ; start = afterFailure(program, text, start)) {
    const next = nextStart(program, text, start, last);
    budget -= (((next < 0 ? last : next) - before) * 3) >> 4;
    if (next < 0) break;
    start = before = next;
    if (budget < patience) memo ??= newMemo(program.memos, end + 1);
    if (program.clears) {
      memory.fill(-1, 0, groups * 2);
      if (keep >= 0) memory[keep] = -1;
    }
    let pc = 0;
    let pos = start;
    let limit = end;
    let sp = 0;

    attempt: for (;;) {
      if (--budget < 0) {
        meter.spend(granted / PER_STEP + 1);
        granted = budget = 2 ** 30;
        patience = -1;
      }
      switch (code[pc]) {
        case 0: // match
          if ((mode & NOT_EMPTY) !== 0 && pos === start) break;
          if ((mode & LONGEST) !== 0) {
            const length = bytesOf(text, start, pos);
            budget -= length >> 2;
            if (length <= longest) break;
            longest = length;
            best = memory.slice();
            note(program, start, pos);
            break;
          }
          note(program, start, pos);
          meter.left -= (granted - budget) / PER_STEP;
          state.end();
          return true;
        case 1: // unit
          if (pos >= limit || text.charCodeAt(pos) !== code[pc + 1]) break;
          pos++;
          pc += 2;
          continue;
        case 2: {
          // text
          const wanted = texts[code[pc + 1] as number] as string;
          budget -= wanted.length >> 4;
          if (pos + wanted.length > limit || !text.startsWith(wanted, pos)) break;
          pos += wanted.length;
          pc += 2;
          continue;
        }
        case 3: {
          // set
          if (pos >= limit) break;
          const unit = text.charCodeAt(pos);
          if (unit < 128) {
            if (ascii[((code[pc + 1] as number) << 7) + unit] === 0) break;
            pos++;
          } else {
            const point = text.codePointAt(pos) as number;
            if (!(sets[code[pc + 1] as number] as CharSet).has(point)) break;
            pos += point > 0xffff ? 2 : 1;
          }
          pc += 2;
          continue;
        }
        case 4: // dot
        case 5: {
          // all
          if (pos >= limit) break;
          const unit = text.charCodeAt(pos);
          if (unit === 10 && code[pc] === 4) break;
          pos += (unit & 0xfc00) === 0xd800 && isLow(text, pos + 1) ? 2 : 1;
          pc++;
          continue;
        }
        case 6: // jump
          pc = code[pc + 1] as number;
          continue;
        case 7: {
          // split
          let way = 3;
          const look = code[pc + 4] as number;
          if (look >= 0) {
            const unit = pos < limit ? Math.min(text.charCodeAt(pos), LOOK_WIDE) : LOOK_END;
            way = looks[(look << 8) + unit] as number;
            if (way === 0) break;
          }
          if (sp + 6 > stack.length) stack = state.grow();
          if (memo !== undefined) {
            const point = code[pc + 3] as number;
            if (memo.failed(point, pos)) break;
            stack[sp] = -8 * (point + 1);
            stack[sp + 1] = stack[sp + 2] = pos;
            sp += 3;
          }
          if (way === 2) {
            pc = code[pc + 2] as number;
            continue;
          }
          if (way === 3) {
            stack[sp] = code[pc + 2] as number;
            stack[sp + 1] = pos;
            sp += 3;
          }
          pc = code[pc + 1] as number;
          continue;
        }
        case 8: {
          // save
          const slot = code[pc + 1] as number;
          if (sp > 0) {
            if (sp + 3 > stack.length) stack = state.grow();
            stack[sp] = -(Mark.memory + 8 * slot);
            stack[sp + 1] = memory[slot] as number;
            sp += 3;
          }
          memory[slot] = pos;
          pc += 2;
          continue;
        }
        case 9: // saveOnce
          memory[code[pc + 1] as number] = pos;
          pc += 2;
          continue;
        case 10: // greedy
        case 12: {
          // possessive
          if (memo !== undefined) {
            state.pos = pos;
            state.sp = sp;
            const goesOn = repeatRemembering(program, state, memo, text, pc);
            budget -= state.work;
            ({ pos, sp, stack } = state);
            if (!goesOn) break;
            pc += 7;
            continue;
          }
          const kind = code[pc + 1] as number;
          const operand = code[pc + 2] as number;
          const min = code[pc + 3] as number;
          const max = code[pc + 4] as number;
          let low = pos;
          if (min > 0) {
            if (min > limit - pos) break;
            low = advance(kind, operand, text, pos, limit, min, ascii, sets);
            budget -= taken >> 2;
            if (taken < min) break;
          }
          let high = min === max ? low : advance(kind, operand, text, low, limit, max - min, ascii, sets);
          budget -= (high - low) >> 2;
          const look = code[pc + 6] as number;
          if (code[pc] === 10 && high > low) {
            const before = high;
            if (look >= 0)
              while (high > low && !mayFollow(looks, look, text, high, limit)) high = stepBack(text, high);
            budget -= (before - high) >> 1;
            if (high > low) {
              if (sp + 3 > stack.length) stack = state.grow();
              stack[sp] = -(Mark.greedy + 8 * pc);
              stack[sp + 1] = high;
              stack[sp + 2] = low;
              sp += 3;
            }
          }
          pos = high;
          pc += 7;
          continue;
        }
        case 11: {
          // lazy
          state.pos = pos;
          state.sp = sp;
          const goesOn = repeatLazily(program, state, memo, text, pc);
          budget -= state.work;
          ({ pos, sp, stack } = state);
          if (!goesOn) break;
          pc += 7;
          continue;
        }
        case 13: // at
          if (!isPlace(code[pc + 1] as number, text, pos, origin)) break;
          budget -= placeWork();
          pc += 2;
          continue;
        case 38: {
          // choose
          const look = code[pc + 2] as number;
          if (look < 0) {
            pc += 3;
            continue;
          }
          const unit = pos < limit ? Math.min(text.charCodeAt(pos), LOOK_WIDE) : LOOK_END;
          const choice = looks[(look << 8) + unit] as number;
          if (choice === 0) break;
          pc =
            choice === CHAIN
              ? pc + 3
              : ((lists[code[pc + 1] as number] as readonly number[])[choice - 1] as number);
          continue;
        }
        default: {
          state.pos = pos;
          state.sp = sp;
          const following = runRare(program, state, text, pc);
          budget -= state.work;
          ({ pos, sp, limit, stack } = state);
          if (following < 0) break;
          pc = following;
          continue;
        }
      }

      // This way has failed: back to the last place where there was another.
      back: for (;;) {
        if (sp === 0) break attempt;
        sp -= 3;
        const tag = stack[sp] as number;
        const value = stack[sp + 1] as number;
        if (tag >= 0) {
          pc = tag;
          pos = value;
          break;
        }
        const operand = -tag >> 3;
        switch (-tag & 7) {
          case 0: // failed
            memo?.fail(operand - 1, value, stack[sp + 2] as number);
            budget -= ((stack[sp + 2] as number) - value) >> 3;
            break;
          case 1: {
            // greedy: one code point less
            const low = stack[sp + 2] as number;
            if (memo !== undefined && code[operand + 4] === UNLIMITED)
              memo.fail(code[operand + 5] as number, value, value);
            if (value === low) break;
            const look = code[operand + 6] as number;
            pos = stepBack(text, value);
            if (look >= 0 && memo === undefined) {
              const before = pos;
              while (pos > low && !mayFollow(looks, look, text, pos, limit)) pos = stepBack(text, pos);
              budget -= (before - pos) >> 1;
              if (pos === low && !mayFollow(looks, look, text, pos, limit)) break;
            }
            if (pos > low || memo !== undefined) {
              stack[sp + 1] = pos;
              sp += 3;
            }
            pc = operand + 7;
            break back;
          }
          case 3: // memory
            memory[operand] = value;
            break;
          default: {
            state.sp = sp;
            const following = goBackRarely(program, state, memo, text, tag, value);
            budget -= state.work;
            ({ limit } = state);
            if (following < 0) break;
            ({ pos, sp } = state);
            pc = following;
            break back;
          }
        }
      }
      if (budget < patience) {
        patience = -1;
        memo ??= newMemo(program.memos, end + 1);
      }
    }
  }
  if (budget < 0) meter.spend(granted / PER_STEP + 1);
  else meter.left -= (granted - budget) / PER_STEP;
  state.end();
  if (best !== undefined) memory.set(best);
  return best !== undefined;
}

/** Notes where a match begins and ends. */
function note({ memory, keep }: Program, start: number, end: number): void {
  const kept = keep < 0 ? -1 : (memory[keep] as number);
  found.begin = kept < 0 ? start : Math.min(kept, end);
  found.end = end;
}
