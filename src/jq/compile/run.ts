import type { Meter } from "../meter.ts";
import type { Runtime } from "../runtime.ts";
import type { Json, JsonObject } from "../value.ts";
import type { Template } from "./environment.ts";
import type { Code, Machine } from "./machine.ts";

/** One run of a program: its limits, its circumstances, and the machine for what has no direct form. */
export class Run implements Runtime {
  readonly meter: Meter;
  readonly env: JsonObject;
  now: number | undefined;
  readonly timeZone: string;
  readonly cache: Map<string, unknown>;
  /** Values of the variables that were declared from outside (`$name`). */
  args: JsonObject;
  /** Labels entered so far: each gets its own number, which its breaks carry. */
  labels = 0;
  machine: Machine | null = null;

  constructor(
    meter: Meter,
    circumstances: Pick<Runtime, "env" | "now" | "timeZone" | "cache">,
    args: JsonObject,
  ) {
    this.meter = meter;
    this.env = circumstances.env;
    this.now = circumstances.now;
    this.timeZone = circumstances.timeZone;
    this.cache = circumstances.cache;
    this.args = args;
  }
}

/**
 * What a call of a function (or the program) keeps in memory. Its places are written again by every output of what
 * writes them; that is safe because backtracking goes back in exactly the opposite order.
 */
export class Frame {
  /** Variables and intermediate results; where something else than JSON is kept, `hold` and `held` convert. */
  readonly slots: Json[] = [];
  /** The frame of the function around this one in the text. */
  readonly outer: Frame | null;
  readonly run: Run;
  readonly closures: readonly Closure[];
  /** Where the call returns to. */
  readonly back: Code;
  readonly caller: Frame | null;
  /** Calls that wait for this one. */
  readonly depth: number;

  constructor(
    run: Run,
    outer: Frame | null,
    closures: readonly Closure[],
    back: Code,
    caller: Frame | null,
    depth: number,
  ) {
    this.run = run;
    this.outer = outer;
    this.closures = closures;
    this.back = back;
    this.caller = caller;
    this.depth = depth;
  }
}

/** An argument that is evaluated where it is used: its code, and the frame that it was written in. */
export interface Closure {
  readonly template: Template;
  readonly frame: Frame;
}

/** The frame `level` functions further out. */
export function outward(frame: Frame, level: number): Frame {
  let found = frame;
  for (let i = 0; i < level; i++) found = found.outer as Frame;
  return found;
}

/** Keeps something that is not JSON in a slot. */
export const hold = (frame: Frame, slot: number, value: unknown): void => {
  frame.slots[slot] = value as Json;
};

/** What `hold` kept. */
export const held = <T>(frame: Frame, slot: number): T => frame.slots[slot] as unknown as T;

/** A path that is being followed: the keys from the last one back to the first, and the value that it leads to. */
export class Trail {
  readonly before: Trail | null;
  readonly key: Json;
  readonly value: Json | typeof NOWHERE;
  readonly length: number;

  constructor(before: Trail | null, key: Json, value: Json | typeof NOWHERE) {
    this.before = before;
    this.key = key;
    this.value = value;
    this.length = before === null ? 0 : before.length + 1;
  }

  toPath(): Json[] {
    const path: Json[] = Array.from({ length: this.length });
    for (let at: Trail = this; at.before !== null; at = at.before) path[at.length - 1] = at.key;
    return path;
  }
}

/** Stands for a value that no other is identical to. */
export const NOWHERE = Symbol("nowhere");
