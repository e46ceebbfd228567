import type { Node } from "../ast.ts";
import type { JqCompileError, JqError } from "../errors.ts";
import { Meter } from "../meter.ts";
import { parseProgram } from "../syntax/parse.ts";
import type { Json, JsonObject } from "../value.ts";
import { check } from "./check.ts";
import { rootOf } from "./classify.ts";
import { type FrameLayout, MACHINE, newCopy, SINGLE } from "./environment.ts";
import { asJqError, type Code, Machine, RETURN, YIELD } from "./machine.ts";
import { maker } from "./maker.ts";
import { measure } from "./measure.ts";
import { Frame, Run } from "./run.ts";
import { facts, type Single, type Site } from "./site.ts";
import { Unit } from "./unit.ts";
import { eachOf } from "./within.ts";

export interface CompileOptions {
  /** Elementary steps of one run; 1,000,000 unless given. */
  readonly maxSteps?: number;
  /** Bytes (roughly) of all outputs of one run, and of any value on the way; 10,000,000 unless given. */
  readonly maxOutput?: number;
  /** Calls that wait for each other; 10,000 unless given. */
  readonly maxDepth?: number;
  /** Variables (`$name`) that the program may use, and their values unless a run has others. */
  readonly args?: Record<string, Json>;
  /** What `env` and `$ENV` hold; empty unless given. */
  readonly env?: Record<string, string>;
  /** The clock of `now`, in seconds since 1970; without one, `now` is an error. */
  readonly now?: () => number;
  /** IANA zone of `localtime` and its like; "UTC" unless given. */
  readonly timeZone?: string;
}

/** What one run has instead of what was given to `compile`. */
export interface RunOptions {
  /** Seconds since 1970. */
  readonly now?: number;
  readonly args?: Record<string, Json>;
  /** Limits that several runs share, instead of those of the program. */
  readonly meter?: Meter;
}

/** A compiled program. It does not change, and runs of it do not disturb each other. */
export interface Program {
  readonly source: string;
  /** All outputs. A `JqError` has those before it in `outputs`. */
  run(input: unknown, options?: RunOptions): Json[];
  /** The first output, `undefined` if there is none; what comes after it is not computed. */
  first(input: unknown, options?: RunOptions): Json | undefined;
  /** The outputs one by one, each computed when it is asked for. */
  iterate(input: unknown, options?: RunOptions): IterableIterator<Json>;
}

export interface InternalOptions extends CompileOptions {
  /** Only for tests: code without direct functions. */
  readonly machineOnly?: boolean;
  /** How the text is read, for programs that are not jq to the letter. */
  readonly parse?: (text: string) => Node;
}

interface Circumstances {
  readonly env: JsonObject;
  readonly timeZone: string;
  readonly args: JsonObject;
  readonly now: (() => number) | undefined;
  readonly maxSteps: number;
  readonly maxOutput: number;
  readonly maxDepth: number;
}

/** All outputs of a run, or the first one. */
type Outputs = (value: Json, frame: Frame, outputs: Json[], all: boolean) => void;

class CompiledProgram implements Program {
  readonly source: string;
  private readonly circumstances: Circumstances;
  private readonly node: Node;
  private readonly site: Site;
  private readonly single: Single | null;
  private outputs: Outputs | undefined;
  private code: Code | undefined;

  constructor(source: string, node: Node, unit: Unit, circumstances: Circumstances) {
    this.source = source;
    this.node = node;
    this.circumstances = circumstances;
    const layout: FrameLayout = { level: 0, size: 0, recursive: false };
    unit.root = { binding: null, outer: null, copy: newCopy(unit, 0) };
    this.site = { environment: rootOf(unit.root.copy), layout, make: maker };
    this.single = facts(node, this.site).kind === SINGLE ? maker.single(node, this.site) : null;
  }

  run(input: unknown, options?: RunOptions): Json[] {
    const frame = this.begin(options);
    const outputs: Json[] = [];
    try {
      const value = input === undefined ? null : (input as Json);
      if (this.single === null) (this.outputs ??= this.collector())(value, frame, outputs, true);
      else this.one(value, frame, outputs);
    } catch (error) {
      throw this.failed(error, outputs);
    }
    return outputs;
  }

  first(input: unknown, options?: RunOptions): Json | undefined {
    const frame = this.begin(options);
    const outputs: Json[] = [];
    try {
      const value = input === undefined ? null : (input as Json);
      if (this.single === null) (this.outputs ??= this.collector())(value, frame, outputs, false);
      else this.one(value, frame, outputs);
    } catch (error) {
      throw this.failed(error, outputs);
    }
    return outputs[0];
  }

  *iterate(input: unknown, options?: RunOptions): IterableIterator<Json> {
    const frame = this.begin(options);
    const outputs: Json[] = [];
    const { run } = frame;
    const machine = new Machine(run, frame);
    run.machine = machine;
    machine.value = input === undefined ? null : (input as Json);
    let left = run.meter.maxOutput;
    try {
      let next: Code | null = (this.code ??= maker.code(this.node, this.site, false, YIELD));
      while (machine.resume(next)) {
        left -= measure(machine.value, left, run.meter);
        yield machine.value;
        next = machine.back();
      }
    } catch (error) {
      throw this.failed(error, outputs);
    }
  }

  private one(value: Json, frame: Frame, outputs: Json[]): void {
    const found = (this.single as Single)(value, frame);
    if (found === undefined) return;
    measure(found, frame.run.meter.maxOutput, frame.run.meter);
    outputs.push(found);
  }

  /** Made at the first run: most programs that are compiled have one output, and need nothing of this. */
  private collector(): Outputs {
    if (facts(this.node, this.site).kind === MACHINE) {
      const code = maker.code(this.node, this.site, false, YIELD);
      return (value, frame, outputs, all) => {
        const machine = new Machine(frame.run, frame);
        frame.run.machine = machine;
        machine.value = value;
        let left = frame.run.meter.maxOutput;
        let next: Code | null = code;
        while (machine.resume(next)) {
          left -= measure(machine.value, left, frame.run.meter);
          outputs.push(machine.value);
          if (!all) return;
          next = machine.back();
        }
      };
    }
    return this.loop();
  }

  private loop(): Outputs {
    const sinks = new WeakMap<Frame, { outputs: Json[]; all: boolean; left: number }>();
    const run = eachOf(this.node, this.site, (value, frame) => {
      const sink = sinks.get(frame);
      if (sink === undefined) return true;
      sink.left -= measure(value, sink.left, frame.run.meter);
      sink.outputs.push(value);
      frame.run.meter.spend(1);
      return !sink.all;
    });
    return (value, frame, outputs, all) => {
      sinks.set(frame, { outputs, all, left: frame.run.meter.maxOutput });
      run(value, frame);
    };
  }

  private begin(options: RunOptions | undefined): Frame {
    const { env, timeZone, args, now, maxSteps, maxOutput, maxDepth } = this.circumstances;
    const run = new Run(
      options?.meter ?? new Meter(maxSteps, maxOutput, maxDepth),
      { env, timeZone, now: options?.now ?? now?.(), cache: new Map() },
      options?.args === undefined ? args : { ...args, ...options.args },
    );
    return new Frame(run, null, [], RETURN, null, 0);
  }

  private failed(error: unknown, outputs: Json[]): JqError {
    const raised = asJqError(error, this.circumstances.maxDepth);
    raised.outputs = outputs;
    return raised;
  }
}

/** Compiles a program; a `JqCompileError` says where it is none. */
export function compileProgram(source: string, options: InternalOptions = {}): Program {
  const args = (options.args ?? {}) as JsonObject;
  const unit = new Unit(source, new Set(Object.keys(args)), options.machineOnly ?? false);
  try {
    const node = (options.parse ?? parseProgram)(source);
    check(node, unit);
    return new CompiledProgram(source, node, unit, {
      env: { ...options.env },
      timeZone: options.timeZone ?? "UTC",
      args,
      now: options.now,
      maxSteps: options.maxSteps ?? 1_000_000,
      maxOutput: options.maxOutput ?? 10_000_000,
      maxDepth: options.maxDepth ?? 10_000,
    });
  } catch (error) {
    if (error instanceof RangeError) throw tooDeep(unit);
    throw error;
  }
}

const tooDeep = (unit: Unit): JqCompileError => unit.error(0, "The program is nested too deeply");
