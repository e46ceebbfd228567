import { advance, taken } from "./advance.ts";
import type { Memo } from "./memo.ts";
import { LOOK_END, LOOK_WIDE, Op, type Program, UNLIMITED } from "./program.ts";
import { Mark, type State } from "./state.ts";

// Repeats of one code point, but for the plainest, which match.ts has itself. Position and stack pointer are in the state, before and
// afterwards; what they cost is in its `work`.

/** May what comes next start at `pos`? */
export function mayFollow(
  looks: Uint8Array,
  look: number,
  text: string,
  pos: number,
  limit: number,
): boolean {
  const unit = pos < limit ? Math.min(text.charCodeAt(pos), LOOK_WIDE) : LOOK_END;
  return looks[(look << 8) + unit] !== 0;
}

/** Over the code points that a repeat must take; -1 if there are fewer. */
function lowest({ code, ascii, sets }: Program, state: State, text: string, pc: number): number {
  const { pos, limit } = state;
  const min = code[pc + 3] as number;
  if (min === 0) return pos;
  if (min > limit - pos) return -1;
  const low = advance(code[pc + 1] as number, code[pc + 2] as number, text, pos, limit, min, ascii, sets);
  state.work += taken >> 3;
  return taken < min ? -1 : low;
}

/** One code point further, if the repeat takes it. */
const oneMore = (
  { code, ascii, sets }: Program,
  state: State,
  text: string,
  pc: number,
  pos: number,
): number => advance(code[pc + 1] as number, code[pc + 2] as number, text, pos, state.limit, 1, ascii, sets);

/**
 * A repeat that takes as much as it can, while failures are remembered: by position for one without limit, as what it does depends on
 * nothing else; for others where they begin.
 */
export function repeatRemembering(
  program: Program,
  state: State,
  memo: Memo,
  text: string,
  pc: number,
): boolean {
  const { code } = program;
  const { pos } = state;
  state.work = 0;
  const low = lowest(program, state, text, pc);
  if (low < 0) return false;
  const point = code[pc + 5] as number;
  const unlimited = code[pc + 4] === UNLIMITED;
  const isPossessive = code[pc] === Op.possessive;
  if (memo.failed(point, unlimited ? low : pos)) return false;
  let high = low;
  for (let left = (code[pc + 4] as number) - (code[pc + 3] as number); left > 0; left--) {
    const further = oneMore(program, state, text, pc, high);
    if (further === high) break;
    state.work++;
    if (unlimited && memo.failed(point, further)) {
      if (!isPossessive) break;
      memo.fail(point, low, high);
      return false;
    }
    high = further;
  }
  if (isPossessive || !unlimited) state.push(-8 * (point + 1), unlimited ? low : pos, unlimited ? high : pos);
  if (!isPossessive) state.push(-(Mark.greedy + 8 * pc), high, low);
  state.pos = high;
  return true;
}

/** A repeat that takes as little as it can. */
export function repeatLazily(
  program: Program,
  state: State,
  memo: Memo | undefined,
  text: string,
  pc: number,
): boolean {
  const { code, looks } = program;
  const { pos } = state;
  state.work = 0;
  const low = lowest(program, state, text, pc);
  if (low < 0) return false;
  const unlimited = code[pc + 4] === UNLIMITED;
  if (memo !== undefined) {
    const point = code[pc + 5] as number;
    if (memo.failed(point, unlimited ? low : pos)) return false;
    if (!unlimited) state.push(-8 * (point + 1), pos, pos);
  }
  const left = (code[pc + 4] as number) - (code[pc + 3] as number);
  state.push(-(Mark.lazy + 8 * pc), low, unlimited ? low : left);
  state.pos = low;
  const look = code[pc + 6] as number;
  return look < 0 || mayFollow(looks, look, text, low, state.limit);
}

/** Back to what stands on the stack as `tag`, other than what match.ts knows itself. The instruction to go on with; -1: further back. */
export function goBackRarely(
  program: Program,
  state: State,
  memo: Memo | undefined,
  text: string,
  tag: number,
  value: number,
): number {
  const operand = -tag >> 3;
  state.work = 0;
  state.pos = value;
  switch (-tag & 7) {
    case Mark.lazy:
      return repeatOnceMore(program, state, memo, text, operand) ? operand + 7 : -1;
    case Mark.open:
      state.depth--;
      return -1;
    case Mark.openElse:
      state.depth--;
      return operand;
    case Mark.limit:
      state.limit = value;
      return -1;
    default:
      state.dropFrame(value, state.stack[state.sp + 2] as number);
      return -1;
  }
}

/** What follows a lazy repeat has failed: it takes one more, or more, up to where that may succeed. Its mark is above the stack. */
function repeatOnceMore(
  program: Program,
  state: State,
  memo: Memo | undefined,
  text: string,
  pc: number,
): boolean {
  const { code, looks } = program;
  const { stack, sp } = state;
  const point = code[pc + 5] as number;
  const look = code[pc + 6] as number;
  const unlimited = code[pc + 4] === UNLIMITED;
  let left = unlimited ? UNLIMITED : (stack[sp + 2] as number);
  let { pos } = state;
  state.work = 0;
  do {
    const further = left === 0 ? pos : oneMore(program, state, text, pc, pos);
    state.work++;
    if (further === pos || (unlimited && memo?.failed(point, further) === true)) {
      if (unlimited) memo?.fail(point, stack[sp + 2] as number, pos);
      return false;
    }
    left--;
    pos = further;
  } while (look >= 0 && !mayFollow(looks, look, text, pos, state.limit));
  stack[sp + 1] = pos;
  if (!unlimited) stack[sp + 2] = left;
  state.sp = sp + 3;
  state.pos = pos;
  return true;
}
