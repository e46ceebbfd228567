import { isStrayByte } from "./char-set.ts";
import { again } from "./captured.ts";
import { stepBack } from "./advance.ts";
import type { Program } from "./program.ts";
import { Mark, type State } from "./state.ts";

/** Calls may nest this deep; deeper ones fail. */
const MAX_CALLS = 20;
const FAILED = -1;
/** What a call costs, in instructions. */
const CALL_WORK = 40;

/**
 * Instructions that most patterns do not have. Position and stack pointer are in the state, before and afterwards. The result is the
 * next instruction, -1 for failure.
 */
export function runRare(program: Program, state: State, text: string, pc: number): number {
  const { code, lists, memory } = program;
  const first = code[pc + 1] as number;
  state.work = 1;
  switch (code[pc]) {
    case 14: // open
      state.open(-Mark.open, state.pos);
      return pc + 1;
    case 15: // openElse
      state.open(-(Mark.openElse + 8 * first), state.pos);
      return pc + 2;
    case 16: // cut
      cut(state);
      return pc + 1;
    case 17: // cutBack
      state.pos = state.stack[(state.marks[state.depth - 1] as number) + 1] as number;
      cut(state);
      return pc + 1;
    case 37: // cutBehind
      state.pos = behindBytes(text, state.stack[(state.marks[state.depth - 1] as number) + 1] as number);
      cut(state);
      return pc + 1;
    case 18: // cutFail
      unwind(state, memory);
      return FAILED;
    case 19: // back
      state.work = first >> 2;
      for (let left = first; left > 0; left--) {
        if (state.pos === 0) return FAILED;
        state.pos = stepBack(text, state.pos);
      }
      return pc + 2;
    case 20: {
      // again
      for (const group of lists[first] as readonly number[]) {
        const from = memory[group * 2 - 2] as number;
        const to = memory[group * 2 - 1] as number;
        if (from < 0 || to < 0) continue;
        // What is compared is paid for, found or not.
        state.work += (to - from) >> 2;
        const behind = again(text, from, to, state.pos, state.limit, code[pc + 2] === 1);
        if (behind < 0) continue;
        state.pos = behind;
        return pc + 3;
      }
      return FAILED;
    }
    case 21: // check
      return (lists[first] as readonly number[]).some(
        (group) => (memory[group * 2 - 2] as number) >= 0 && (memory[group * 2 - 1] as number) >= 0,
      )
        ? pc + 2
        : FAILED;
    case 22: // copy
      store(state, memory, first, memory[code[pc + 2] as number] as number);
      return pc + 3;
    case 23: // leaveIfEmpty
      return memory[first] === state.pos ? (code[pc + 2] as number) : pc + 3;
    case 24: // leaveIfSame
      return memory[first] === state.pos && isSame(lists[code[pc + 3] as number] as readonly number[], memory)
        ? (code[pc + 2] as number)
        : pc + 4;
    case 25: // zero
      store(state, memory, first, 0);
      return pc + 2;
    case 26:
      return count(program, state, pc);
    case 27:
      return call(program, state, pc);
    case 28:
      return comeBack(state, memory);
    case 29: // enter
      store(state, memory, first, state.pos);
      store(state, memory, first + 1, -1);
      store(state, memory, code[pc + 2] as number, state.pos);
      return pc + 3;
    case 30: // leave
      store(state, memory, first, memory[code[pc + 2] as number] as number);
      store(state, memory, first + 1, state.pos);
      return pc + 3;
    case 31: // limitHere
      limit(state, state.pos);
      state.pos = memory[first] as number;
      return pc + 2;
    case 32: // saveLimit
      store(state, memory, first, state.limit);
      return pc + 2;
    case 33: // restoreLimit
      limit(state, memory[first] as number);
      return pc + 2;
    case 34: // clearLimit
      limit(state, text.length);
      return pc + 1;
    case 36: // begin
      store(state, memory, first, state.pos);
      store(state, memory, first + 1, -1);
      return pc + 2;
    default: // fail
      return FAILED;
  }
}

/** From inside of a character Oniguruma looks back at the whole of it, and stays behind its end. */
function behindBytes(text: string, pos: number): number {
  let at = pos;
  while (isStrayByte(text, at)) at++;
  return at;
}

/** Changes memory so that going back undoes it. */
function store(state: State, memory: Int32Array, slot: number, value: number): void {
  state.push(-(Mark.memory + 8 * slot), memory[slot] as number, 0);
  memory[slot] = value;
}

function limit(state: State, value: number): void {
  state.push(-Mark.limit, state.limit, 0);
  state.limit = value;
}

/** The innermost part has succeeded: nothing in it is tried again; what undoes its changes stays. */
function cut(state: State): void {
  const { stack, sp } = state;
  state.depth--;
  const base = state.marks[state.depth] as number;
  let to = base;
  // At the bottom there is nothing to go back to for which it should be undone.
  for (let i = base === 0 ? sp : base + 3; i < sp; i += 3) {
    const tag = stack[i] as number;
    const kind = -tag & 7;
    if (tag < 0 && (kind === Mark.memory || kind >= Mark.limit)) {
      stack[to++] = tag;
      stack[to++] = stack[i + 1] as number;
      stack[to++] = stack[i + 2] as number;
    }
  }
  state.sp = to;
}

/** The innermost part has succeeded, and must not: all its changes are undone. */
function unwind(state: State, memory: Int32Array): void {
  const { stack } = state;
  state.depth--;
  const base = state.marks[state.depth] as number;
  for (let i = state.sp - 3; i > base; i -= 3) {
    const tag = -(stack[i] as number);
    const before = stack[i + 1] as number;
    if (tag <= 0) continue;
    if ((tag & 7) === Mark.memory) memory[tag >> 3] = before;
    else if ((tag & 7) === Mark.limit) state.limit = before;
    else if ((tag & 7) === Mark.frame) state.dropFrame(before, stack[i + 2] as number);
  }
  state.sp = base;
}

/** Has no group in the list (slot, and register with its value before the turn) got another value that counts? */
function isSame(list: readonly number[], memory: Int32Array): boolean {
  for (let i = 0; i < list.length; i += 4) {
    const [from, fromBefore, to, toBefore] = [0, 1, 2, 3].map(
      (j) => memory[list[i + j] as number] as number,
    ) as [number, number, number, number];
    if (to < 0 || (from === fromBefore && to === toBefore)) continue;
    if (toBefore < 0 || from !== to || fromBefore !== toBefore) return false;
  }
  return true;
}

function count({ code, memory }: Program, state: State, pc: number): number {
  const register = code[pc + 1] as number;
  const turns = (memory[register] as number) + 1;
  store(state, memory, register, turns);
  const body = code[pc + 4] as number;
  if (turns < (code[pc + 2] as number)) return body;
  if (turns >= (code[pc + 3] as number)) return pc + 6;
  const greedy = code[pc + 5] === 1;
  state.push(greedy ? pc + 6 : body, state.pos, 0);
  return greedy ? body : pc + 6;
}

function call({ code, memory }: Program, state: State, pc: number): number {
  const depth = (state.frames[state.frame]?.depth ?? 0) + 1;
  if (depth > MAX_CALLS) return FAILED;
  state.work = CALL_WORK;
  const register = code[pc + 2] as number;
  const values = memory.slice(register, register + (code[pc + 3] as number));
  state.push(-Mark.frame, state.frame, state.frames.length);
  state.frame = state.frames.push({ parent: state.frame, back: pc + 4, depth, register, values }) - 1;
  return code[pc + 1] as number;
}

function comeBack(state: State, memory: Int32Array): number {
  const frame = state.frames[state.frame];
  if (frame === undefined) return FAILED;
  for (const [i, value] of frame.values.entries()) {
    const slot = frame.register + i;
    if (memory[slot] !== value) store(state, memory, slot, value);
  }
  state.push(-Mark.frame, state.frame, -1);
  state.frame = frame.parent;
  return frame.back;
}
