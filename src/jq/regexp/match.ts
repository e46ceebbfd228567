/**
 * Walks a program over a text: backtracking as Oniguruma does it (the first way that fits wins), on a stack of its own.
 * Places that failed are remembered once a match takes long, so that the time is linear in the text for expressions
 * without references; all work is charged to the meter.
 */
import type { Runtime } from "../runtime.ts";
import { foldCase, inSet } from "./char-set.ts";
import { ASSERTIONS } from "./compile.ts";
import { FailedPlaces } from "./failed-places.ts";
import { back, holds, splitsPair, standsAt, widthAt, widthBefore } from "./places.ts";
import * as op from "./program.ts";
import type { RegexProgram } from "./program.ts";
import { Runs } from "./runs.ts";

/** Entries of the stack: kind and four numbers. */
const STRIDE = 5;
const ALTERNATIVE = 0; // address, position, call
const CAPTURE = 1; // slot, old value
const REGISTER = 2; // register, old value
const SHORTER = 3; // address behind the run, least position, position, call; memo slot is in the address' run
const LONGER = 4; // address of the run, position, times, call
const FURTHER_BACK = 5; // address behind, position, characters left, call
const FAILED = 6; // memo slot, position: everything above it has failed

/** Operations per step of the meter; an entry of the stack counts as so many operations. */
const WORK_PER_STEP = 16;
const ENTRY_WORK = 12;
/** From so much work on, failed places are remembered; so many bits at most. */
const REMEMBER_AFTER = 4096;
const MAX_REMEMBERED = 64_000_000;

/** Where a match can begin at all, from `start` on; -1 when nowhere. */
function nextStart({ prefix, first }: RegexProgram, text: string, start: number): number {
  if (prefix !== "") return text.indexOf(prefix, start);
  if (first === null) return start;
  for (let at = start; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code > 127 || first[code] === 1) return at;
  }
  return -1;
}

export interface MatchOptions {
  readonly longest: boolean;
  readonly notEmpty: boolean;
}

/** Positions (UTF-16) of groups by 2 i and 2 i + 1, -1 when a group took no part; null without a match. */
export type Captures = readonly number[];

/** A stack that grew beyond this is given back. */
const MAX_KEPT_STACK = 50_000;

/** Can be used again for another text, one search after the other. */
export class Matcher {
  readonly #program: RegexProgram;
  readonly #options: MatchOptions;
  readonly #rememberAfter: number;
  readonly #captures: number[];
  readonly #registers: number[];
  #text = "";
  #rt: Runtime | null = null;
  #stack: number[] = [];
  #top = 0;
  #work = 0;
  #charged = 0;
  #memo: FailedPlaces | null = null;
  /** Subexpression calls: where to return to, and the call around it. */
  #returns: number[] = [];
  #outer: number[] = [];
  #depths: number[] = [];
  #from = 0;
  readonly #runs = new Runs();

  /** @param rememberAfter so much work, failed places are remembered; tests hold that this changes no match */
  constructor(program: RegexProgram, options: MatchOptions, rememberAfter = REMEMBER_AFTER) {
    this.#program = program;
    this.#rememberAfter = rememberAfter;
    this.#options = options;
    this.#captures = Array.from({ length: 2 * (program.groups + 1) }, () => -1);
    this.#registers = Array.from({ length: program.registers }, () => -1);
  }

  begin(text: string, rt: Runtime): void {
    this.#text = text;
    this.#rt = rt;
    this.#work = 0;
    this.#charged = 0;
    this.#memo = null;
    this.#runs.clear();
    if (this.#stack.length > MAX_KEPT_STACK) this.#stack = [];
  }

  /** The first match that begins at `from` or later. */
  search(from: number): Captures | null {
    const { anchored } = this.#program;
    const text = this.#text;
    this.#from = from;
    let start = from;
    while (start <= text.length) {
      if (anchored && start > 0) return this.#settle(null);
      const next = nextStart(this.#program, text, start);
      this.#spend((next < 0 ? text.length : next) - start);
      if (next < 0) return this.#settle(null);
      start = next;
      if (this.#options.notEmpty) this.#memo = null;
      const found = this.#attempt(start);
      if (found !== null) return this.#settle(found);
      start += widthAt(this.#text, start);
    }
    return this.#settle(null);
  }

  #settle<T>(result: T): T {
    this.#charge();
    return result;
  }

  #spend(work: number): void {
    this.#work += work;
    if (this.#work - this.#charged > WORK_PER_STEP * 64) this.#charge();
  }

  #charge(): void {
    const steps = (this.#work - this.#charged) / WORK_PER_STEP;
    this.#charged = this.#work;
    this.#rt?.meter.spend(steps);
  }

  #push(kind: number, a: number, b: number, c: number, d: number): void {
    const stack = this.#stack;
    const top = this.#top;
    stack[top] = kind;
    stack[top + 1] = a;
    stack[top + 2] = b;
    stack[top + 3] = c;
    stack[top + 4] = d;
    this.#top = top + STRIDE;
    this.#work += ENTRY_WORK;
  }

  #capture(slot: number, value: number): void {
    this.#push(CAPTURE, slot, this.#captures[slot] ?? -1, 0, 0);
    this.#captures[slot] = value;
  }

  #register(register: number, value: number): void {
    this.#push(REGISTER, register, this.#registers[register] ?? -1, 0, 0);
    this.#registers[register] = value;
  }

  /** Did this place fail before? If not, it will be remembered when it does. */
  #failed(slot: number, position: number): boolean {
    if (slot < 0 || this.#work < this.#rememberAfter) return false;
    if (this.#memo === null) {
      const size = this.#text.length + 1;
      const bits = this.#program.memoSlots * size;
      if (bits === 0 || bits > MAX_REMEMBERED) return false;
      this.#memo = new FailedPlaces(this.#program.memoSlots, size);
      this.#work += bits >> 8;
    }
    if (this.#memo.has(slot, position)) return true;
    // A place that is under way has not failed: a loop may come back to it without having moved.
    this.#push(FAILED, slot, position, 0, 0);
    return false;
  }

  /** Drops the alternatives above `height`; what restores captures and registers stays. */
  #cut(height: number): void {
    const stack = this.#stack;
    let to = height;
    for (let at = height; at < this.#top; at += STRIDE) {
      const kind = stack[at];
      if (kind !== CAPTURE && kind !== REGISTER) continue;
      if (to !== at) for (let i = 0; i < STRIDE; i += 1) stack[to + i] = stack[at + i] ?? 0;
      to += STRIDE;
    }
    this.#work += (this.#top - height) / STRIDE;
    this.#top = to;
  }

  /** Takes everything above `height` back. */
  #undo(height: number): void {
    while (this.#top > height) {
      this.#top -= STRIDE;
      const kind = this.#stack[this.#top];
      const index = this.#stack[this.#top + 1] ?? 0;
      const value = this.#stack[this.#top + 2] ?? 0;
      if (kind === CAPTURE) this.#captures[index] = value;
      else if (kind === REGISTER) this.#registers[index] = value;
    }
  }

  #attempt(start: number): Captures | null {
    const { code, sets, lists, memoSlots } = this.#program;
    const text = this.#text;
    const end = text.length;
    const captures = this.#captures;
    captures.fill(-1);
    captures[0] = start;
    this.#top = 0;
    this.#returns.length = 0;
    this.#outer.length = 0;
    this.#depths.length = 0;
    let best: Captures | null = null;
    let at = 0;
    let position = start;
    let call = -1;
    const remembers = memoSlots > 0;
    for (;;) {
      this.#work += 1;
      if (this.#work - this.#charged > WORK_PER_STEP * 64) this.#charge();
      let ok = true;
      switch (code[at]) {
        case op.CHAR: {
          const wanted = code[at + 1] ?? 0;
          if (
            position < end &&
            (wanted > 0xffff ? text.codePointAt(position) : text.charCodeAt(position)) === wanted
          ) {
            position += wanted > 0xffff ? 2 : 1;
            at += 2;
          } else ok = false;
          break;
        }
        case op.CHAR_FOLD: {
          const found = position < end ? (text.codePointAt(position) ?? 0) : -1;
          if (found >= 0 && foldCase(found) === code[at + 1]) {
            position += found > 0xffff ? 2 : 1;
            at += 2;
          } else ok = false;
          break;
        }
        case op.SET: {
          const set = sets[code[at + 1] ?? 0];
          const found = position < end ? (text.codePointAt(position) ?? 0) : -1;
          if (found >= 0 && set !== undefined && inSet(set, found)) {
            position += found > 0xffff ? 2 : 1;
            at += 2;
          } else ok = false;
          break;
        }
        case op.SPLIT:
          if (remembers && this.#failed(code[at + 3] ?? -1, position)) ok = false;
          else {
            this.#push(ALTERNATIVE, code[at + 2] ?? 0, position, 0, call);
            at = code[at + 1] ?? 0;
          }
          break;
        case op.JUMP:
          at = code[at + 1] ?? 0;
          break;
        case op.SAVE:
          this.#capture(code[at + 1] ?? 0, position);
          at += 2;
          break;
        case op.ASSERT:
          if (holds(ASSERTIONS[code[at + 1] ?? 0] ?? "end", text, position, this.#from)) at += 2;
          else ok = false;
          break;
        case op.EMPTY_START:
        case op.MARK:
          this.#register(code[at + 1] ?? 0, position);
          at += 2;
          break;
        case op.EMPTY_END:
          at = this.#registers[code[at + 1] ?? 0] === position ? (code[at + 2] ?? 0) : at + 3;
          break;
        case op.RUN: {
          const index = code[at + 1] ?? 0;
          const set = sets[index];
          const min = code[at + 2] ?? 0;
          const max = code[at + 3] ?? 0;
          if (set === undefined || (remembers && this.#failed(code[at + 4] ?? -1, position))) {
            ok = false;
            break;
          }
          let least = position;
          let here = position;
          if (max === op.UNBOUNDED && min <= 1) {
            const before = this.#runs.looks;
            here = this.#runs.end(index, set, text, position);
            this.#work += this.#runs.looks - before;
            if (min === 1) {
              if (here === position) ok = false;
              else least += widthAt(this.#text, position);
            }
          } else {
            let count = 0;
            while (here < end && (max === op.UNBOUNDED || count < max)) {
              const found = text.codePointAt(here) ?? 0;
              if (!inSet(set, found)) break;
              here += found > 0xffff ? 2 : 1;
              count += 1;
              if (count === min) least = here;
            }
            this.#work += count;
            if (count < min) ok = false;
          }
          if (!ok) break;
          const behind = at + 6;
          if (here > least) this.#push(SHORTER, behind, least, here, call);
          if (remembers && this.#failed(code[at + 5] ?? -1, here)) ok = false;
          else {
            position = here;
            at = behind;
          }
          break;
        }
        case op.RUN_LAZY: {
          const set = sets[code[at + 1] ?? 0];
          const min = code[at + 2] ?? 0;
          let here = position;
          let count = 0;
          while (count < min && here < end && set !== undefined) {
            const found = text.codePointAt(here) ?? 0;
            if (!inSet(set, found)) break;
            here += found > 0xffff ? 2 : 1;
            count += 1;
          }
          this.#work += count;
          if (count < min) ok = false;
          else {
            this.#push(LONGER, at, here, count, call);
            position = here;
            at += 4;
          }
          break;
        }
        case op.ATOMIC:
          this.#register(code[at + 1] ?? 0, this.#top);
          at += 2;
          break;
        case op.ATOMIC_END:
          this.#cut(this.#registers[code[at + 1] ?? 0] ?? 0);
          at += 2;
          break;
        case op.LOOK: {
          const height = this.#top;
          this.#register(code[at + 1] ?? 0, height);
          this.#register((code[at + 1] ?? 0) + 1, position);
          at += 2;
          break;
        }
        case op.LOOK_END:
          position = this.#registers[(code[at + 1] ?? 0) + 1] ?? 0;
          this.#cut(this.#registers[code[at + 1] ?? 0] ?? 0);
          at += 2;
          break;
        case op.NOT_LOOK: {
          const height = this.#top;
          this.#push(ALTERNATIVE, code[at + 2] ?? 0, position, 0, call);
          this.#register(code[at + 1] ?? 0, height);
          at += 3;
          break;
        }
        case op.NOT_LOOK_END:
          this.#undo(this.#registers[code[at + 1] ?? 0] ?? 0);
          ok = false;
          break;
        case op.BACK: {
          const min = code[at + 1] ?? 0;
          const max = code[at + 2] ?? 0;
          const here = back(text, position, min);
          this.#work += min;
          if (here < 0) ok = false;
          else {
            const left = max === op.UNBOUNDED ? here : max - min;
            if (left > 0 && here > 0) this.#push(FURTHER_BACK, at + 3, here, left, call);
            position = here;
            at += 3;
          }
          break;
        }
        case op.REFERENCE: {
          const behind = this.#reference(lists[code[at + 1] ?? 0] ?? [], code[at + 2] === 1, position);
          if (behind < 0) ok = false;
          else {
            position = behind;
            at += 3;
          }
          break;
        }
        case op.CONDITION: {
          const groups = lists[code[at + 1] ?? 0] ?? [];
          at = groups.some((group) => (captures[2 * group + 1] ?? -1) >= 0) ? at + 3 : (code[at + 2] ?? 0);
          break;
        }
        case op.CALL:
          this.#outer.push(call);
          this.#depths.push((this.#depths[call] ?? 0) + 1);
          this.#rt?.meter.depth(this.#depths.at(-1) ?? 0);
          call = this.#returns.push(at + 2) - 1;
          this.#work += ENTRY_WORK;
          at = code[at + 1] ?? 0;
          break;
        case op.RETURN:
          at = this.#returns[call] ?? 0;
          call = this.#outer[call] ?? -1;
          break;
        case op.KEEP:
          this.#capture(0, position);
          at += 1;
          break;
        case op.AT:
          if (this.#registers[code[at + 1] ?? 0] === position) at += 2;
          else ok = false;
          break;
        default: {
          // MATCH
          if (this.#options.notEmpty && position === captures[0]) ok = false;
          else {
            const found = captures.slice();
            found[1] = position;
            if (!this.#options.longest) return found;
            if (best === null || position > (best[1] ?? -1)) best = found;
            ok = false;
          }
        }
      }
      if (ok) continue;
      // Back to the last place that has another way.
      for (;;) {
        if (this.#top === 0) return best;
        this.#top -= STRIDE;
        const top = this.#top;
        const stack = this.#stack;
        const kind = stack[top];
        const a = stack[top + 1] ?? 0;
        const b = stack[top + 2] ?? 0;
        const c = stack[top + 3] ?? 0;
        this.#work += 1;
        if (kind === CAPTURE) captures[a] = b;
        else if (kind === REGISTER) this.#registers[a] = b;
        else if (kind === FAILED) this.#memo?.add(a, b);
        else {
          call = stack[top + 4] ?? -1;
          if (kind === ALTERNATIVE) {
            at = a;
            position = b;
            break;
          }
          if (kind === SHORTER) {
            let here = c - widthBefore(text, c);
            if (remembers && this.#memo !== null) {
              const slot = code[a - 1] ?? -1;
              const before = this.#memo.looks;
              if (slot >= 0) here = this.#memo.untried(slot, here, b);
              this.#work += this.#memo.looks - before;
              // Inside a pair of surrogates no place is ever marked.
              if (here >= b && splitsPair(text, here)) here -= 1;
              if (here < b) continue;
            }
            if (here > b) this.#push(SHORTER, a, b, here, call);
            if (remembers && this.#failed(code[a - 1] ?? -1, here)) continue;
            at = a;
            position = here;
            break;
          }
          if (kind === LONGER) {
            const set = sets[code[a + 1] ?? 0];
            const max = code[a + 3] ?? 0;
            const found = b < end ? (text.codePointAt(b) ?? 0) : -1;
            if (found < 0 || set === undefined || !inSet(set, found) || (max !== op.UNBOUNDED && c >= max))
              continue;
            const here = b + (found > 0xffff ? 2 : 1);
            this.#push(LONGER, a, here, c + 1, call);
            at = a + 4;
            position = here;
            break;
          }
          const here = b - widthBefore(text, b);
          if (c > 1 && here > 0) this.#push(FURTHER_BACK, a, here, c - 1, call);
          at = a;
          position = here;
          break;
        }
      }
    }
  }

  /** Behind the text of the last group of the list that took part; -1 when it is not here. */
  #reference(groups: readonly number[], fold: boolean, position: number): number {
    for (let index = groups.length - 1; index >= 0; index -= 1) {
      const group = groups[index] ?? 0;
      const from = this.#captures[2 * group] ?? -1;
      const to = this.#captures[2 * group + 1] ?? -1;
      if (from < 0 || to < 0) continue;
      this.#work += to - from;
      const wanted = this.#text.slice(from, to);
      if (standsAt(this.#text, position, wanted, fold)) return position + wanted.length;
    }
    return -1;
  }
}
