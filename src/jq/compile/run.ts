import type { Meter } from "../meter.ts";
import type { ReadModule } from "../modules/find.ts";
import type { Runtime } from "../runtime.ts";
import type { Json, JsonObject } from "../value.ts";
import type { Template } from "./environment.ts";
import type { Code, Machine } from "./machine.ts";

/** What a program is run in, whatever the input. */
export interface Circumstances {
  readonly env: JsonObject;
  readonly timeZone: string;
  readonly args: JsonObject;
  readonly clock: (() => number) | undefined;
  readonly cache: Map<string, unknown>;
  readonly modules: ReadModule | undefined;
}

/** One run of a program: its limits, its circumstances, and the machine for what has no direct form. */
export class Run implements Runtime {
  readonly meter: Meter;
  readonly env: JsonObject;
  readonly timeZone: string;
  readonly cache: Map<string, unknown>;
  readonly modules: ReadModule | undefined;
  /** Values of the variables that were declared from outside (`$name`). */
  readonly args: JsonObject;
  /** Labels entered so far: each gets its own number, which its breaks carry. */
  labels = 0;
  machine: Machine | null = null;
  /** What the run has given so far, the room that is left for more, and whether more than one is wanted. */
  outputs: Json[] = [];
  room = 0;
  all = true;
  private readonly clock: (() => number) | undefined;
  private time: number | undefined;

  constructor(
    meter: Meter,
    circumstances: Circumstances,
    own: { readonly now?: number; readonly args?: Record<string, Json> } | undefined,
  ) {
    this.meter = meter;
    this.env = circumstances.env;
    this.timeZone = circumstances.timeZone;
    this.cache = circumstances.cache;
    this.modules = circumstances.modules;
    this.args = own?.args === undefined ? circumstances.args : { ...circumstances.args, ...own.args };
    this.clock = circumstances.clock;
    this.time = own?.now;
  }

  /** The same throughout the run. */
  get now(): number | undefined {
    return (this.time ??= this.clock?.());
  }

  /** For the next run, with all limits as at first. */
  renew(): void {
    this.meter.left = this.meter.maxSteps;
    this.time = undefined;
  }

  /** Lets go of what was worked on. */
  release(): void {
    this.machine = null;
    this.outputs = NOTHING;
  }
}

const NOTHING: Json[] = [];

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
// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- the slot's content is claimed here, by type
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
}

/** The keys of a path from the first to the last. */
export function keysOf(trail: Trail): Json[] {
  const keys: Json[] = Array.from({ length: trail.length });
  for (let at = trail; at.before !== null; at = at.before) keys[at.length - 1] = at.key;
  return keys;
}

/** Stands for a value that no other is identical to. */
export const NOWHERE = Symbol("nowhere");
