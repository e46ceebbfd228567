import { caught, JqError, limitError } from "../errors.ts";
import { type Json, type JsonObject, readKey } from "../value.ts";
import { type Frame, type Run, Trail } from "./run.ts";

/**
 * One instruction: works on the registers of the machine and gives the instruction that follows; null: the run pauses,
 * with an output (`yielded`) or because nothing is left. What follows is known when code is made, so a generator is a
 * thread of closures, and no call of jq becomes a call of JavaScript.
 */
export type Code = (machine: Machine) => Code | null;

/** Why an entry is on the stack of alternatives. */
const RESUME = 0;
/** `try`: errors continue here. */
const TRY = 1;
/** A `try` has given an output: errors from here on are not its own. */
const TRIED = 2;
/** `?//`: errors, from the body too, continue here. */
const ALTERNATIVE = 3;
/** `label`: its `break` continues before here. */
const LABEL = 4;

/** What it takes to set up a run inside of an instruction. */
const WITHIN_STEPS = 4;

/** How many alternatives may wait for each level of depth: an entry takes 56 bytes, so the stack stays below 10 MB. */
const ALTERNATIVES_PER_LEVEL = 10;

/** The value of a `break`: what `catch` sees if it comes across one. */
const labelOf = (id: number): JsonObject => ({ __jq: id });

/** The error that carries a `break` to its label. */
export const breakError = (id: number): JqError => new JqError("break", labelOf(id));

/** Is `error` the break of label `id`? */
export const isBreakOf = (error: unknown, id: number): boolean =>
  error instanceof JqError &&
  typeof error.value === "object" &&
  error.value !== null &&
  readKey(error.value as JsonObject, "__jq") === id;

/** Gives an output. */
export const YIELD: Code = (m) => {
  m.yielded = true;
  return null;
};

/** Returns from a call. */
export const RETURN: Code = (m) => {
  const { back, caller } = m.frame;
  m.frame = caller as Frame;
  return back;
};

/** A `JqError` for everything that can go wrong; what is not one of ours is an exhausted JavaScript stack or string. */
export function asJqError(error: unknown, maxDepth: number): JqError {
  if (error instanceof JqError) return error;
  if (error instanceof RangeError) return limitError("levels of depth or bytes of one string", maxDepth);
  throw error;
}

/** Runs code: the registers, and the stack of alternatives that are still to be tried. */
export class Machine {
  readonly run: Run;
  value: Json = null;
  frame: Frame;
  /** Where `value` came from, while a path is followed. */
  trail: Trail | null = null;
  /** A number that goes with the entry that was resumed last. */
  count = 0;
  /** Something that goes with the entry that was resumed last. */
  thing: unknown = null;
  yielded = false;

  /** The stack, by column. */
  private readonly kinds: number[] = [];
  private readonly codes: Code[] = [];
  private readonly values: Json[] = [];
  private readonly frames: Frame[] = [];
  private readonly trails: (Trail | null)[] = [];
  private readonly counts: number[] = [];
  private readonly things: unknown[] = [];
  /** Entries on the stack. */
  top = 0;
  /** Entries that belong to runs outside of the present one. */
  private base = 0;
  private readonly maxTop: number;

  constructor(run: Run, frame: Frame) {
    this.run = run;
    this.frame = frame;
    this.maxTop = run.meter.maxDepth * ALTERNATIVES_PER_LEVEL;
  }

  private push(kind: number, code: Code, count: number, thing: unknown): void {
    const { meter } = this.run;
    if ((meter.left -= 2) < 0) meter.spend(0);
    const at = this.top++;
    if (at >= this.maxTop) meter.depth(at);
    this.kinds[at] = kind;
    this.codes[at] = code;
    this.values[at] = this.value;
    this.frames[at] = this.frame;
    this.trails[at] = this.trail;
    this.counts[at] = count;
    this.things[at] = thing;
  }

  /** `code` is to go on from here, with the registers as they are, when everything that comes next has been tried. */
  fork(code: Code, count = 0, thing: unknown = null): void {
    this.push(RESUME, code, count, thing);
  }

  /** Errors up to `tried` go on at `handler`, with the error's value. */
  attempt(handler: Code): void {
    this.push(TRY, handler, 0, null);
  }

  tried(): void {
    this.push(TRIED, YIELD, 0, null);
  }

  /** Errors go on at `code`. */
  otherwise(code: Code): void {
    this.push(ALTERNATIVE, code, 0, null);
  }

  /** The break of label `id` goes back before here. */
  label(id: number): void {
    this.push(LABEL, YIELD, id, null);
  }

  /** Forgets the alternatives above `top`. */
  cut(top: number): void {
    this.top = top;
  }

  /** The instruction that goes on with the alternative on top; null when there is none. */
  back(): Code | null {
    const { meter } = this.run;
    if (--meter.left < 0) meter.spend(0);
    while (this.top > this.base) {
      const at = --this.top;
      if (this.kinds[at] === RESUME) return this.restore(at);
    }
    this.yielded = false;
    return null;
  }

  private restore(at: number): Code {
    this.value = this.values[at] as Json;
    this.frame = this.frames[at] as Frame;
    this.trail = this.trails[at] as Trail | null;
    this.count = this.counts[at] as number;
    this.thing = this.things[at];
    return this.codes[at] as Code;
  }

  /** Where an error goes on; throws it when nobody catches it. Limits are caught by nobody. */
  private unwind(error: unknown): Code | null {
    const raised = asJqError(error, this.run.meter.maxDepth);
    const value = caught(raised, this.run.meter);
    let inside = 0;
    while (this.top > this.base) {
      const at = --this.top;
      const kind = this.kinds[at];
      if (kind === TRIED) inside++;
      else if (kind === TRY && inside > 0) inside--;
      else if (kind === TRY) {
        const handler = this.restore(at);
        this.value = value;
        return handler;
      } else if (kind === ALTERNATIVE) return this.restore(at);
      else if (kind === LABEL && isBreakOf(raised, this.counts[at] as number)) return this.back();
    }
    throw raised;
  }

  /** Runs from `code` to the next output: true, and the output is in `value`; or to the end: false. */
  resume(code: Code | null): boolean {
    let next = code;
    for (;;)
      try {
        while (next !== null) next = next(this);
        return this.yielded;
      } catch (error) {
        next = this.unwind(error);
      }
  }

  /**
   * Runs `code` on `value` inside of an instruction, up to the end or until `each` (one call per output) says true. The
   * depth of such runs is the depth of the program's text: recursion of jq never passes through here.
   */
  within(
    code: Code,
    value: Json,
    frame: Frame,
    trail: Trail | null,
    each: (machine: Machine) => boolean,
  ): void {
    const { base, top, value: valueBefore, frame: frameBefore, trail: trailBefore } = this;
    this.run.meter.left -= WITHIN_STEPS;
    this.base = top;
    this.value = value;
    this.frame = frame;
    this.trail = trail;
    try {
      let next: Code | null = code;
      while (this.resume(next))
        try {
          if (each(this)) return;
          next = this.back();
        } catch (error) {
          // What happens after an output is told to what gave it, as everywhere.
          next = this.unwind(error);
        }
    } finally {
      this.base = base;
      this.top = top;
      this.value = valueBefore;
      this.frame = frameBefore;
      this.trail = trailBefore;
    }
  }
}

/** The machine of a run. */
export function machineOf(frame: Frame): Machine {
  const { run } = frame;
  return (run.machine ??= new Machine(run, frame));
}

/** Follows the step `key` to `value`. */
export const follow = (trail: Trail | null, key: Json, value: Json): Trail => new Trail(trail, key, value);
