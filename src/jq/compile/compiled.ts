import type { Node } from "../ast.ts";
import type { JqError } from "../errors.ts";
import { Meter } from "../meter.ts";
import type { Scope } from "../modules/link.ts";
import type { Json } from "../value.ts";
import { rootOf } from "./inline.ts";
import { type FrameLayout, MACHINE, newCopy, SINGLE } from "./environment.ts";
import { asJqError, type Code, Machine, RETURN, YIELD } from "./machine.ts";
import { maker } from "./maker.ts";
import { measure } from "./measure.ts";
import type { Program, RunOptions } from "./program.ts";
import { type Circumstances, Frame, Run } from "./run.ts";
import { facts, type Many, type Single, type Site } from "./site.ts";
import { withScope } from "./scope.ts";
import type { Unit } from "./unit.ts";

/** Texts of regular expressions and the like that a program's runs keep for each other; forgotten when there are more. */
const MAX_KEPT = 256;

interface Limits {
  readonly maxSteps: number;
  readonly maxOutput: number;
  readonly maxDepth: number;
}

/** A program whose code is made when it is first needed: most are run in one way only. */
export class CompiledProgram implements Program {
  readonly source: string;
  private readonly limits: Limits;
  private readonly circumstances: Circumstances;
  private readonly node: Node;
  private readonly site: Site;
  private readonly single: Single | null;
  private loop: Many | undefined;
  private code: Code | undefined;
  /** The frame of the last run, to be used again: making one takes as long as a short program. */
  private idle: Frame | null = null;

  constructor(
    source: string,
    { node, scope }: { readonly node: Node; readonly scope: Scope | null },
    unit: Unit,
    circumstances: Circumstances,
    limits: Limits,
  ) {
    this.source = source;
    this.node = node;
    this.circumstances = circumstances;
    this.limits = limits;
    const layout: FrameLayout = { level: 0, size: 0, recursive: false };
    unit.root = { binding: null, outer: null, copy: newCopy(unit, 0) };
    this.site = { environment: withScope(rootOf(unit.root.copy), scope, layout), layout, make: maker };
    this.single = facts(node, this.site).kind === SINGLE ? maker.single(node, this.site) : null;
  }

  run(input: unknown, options?: RunOptions): Json[] {
    const frame = this.begin(options);
    const { run } = frame;
    const outputs: Json[] = [];
    try {
      const value = input === undefined ? null : (input as Json);
      if (this.single === null) this.collect(value, frame, outputs, true);
      else {
        const found = this.single(value, frame);
        if (found !== undefined) {
          measure(found, run.meter.maxOutput, run.meter);
          outputs.push(found);
        }
      }
    } catch (error) {
      throw this.failed(error, outputs);
    } finally {
      this.end(frame, options);
    }
    return outputs;
  }

  first(input: unknown, options?: RunOptions): Json | undefined {
    const frame = this.begin(options);
    const { run } = frame;
    try {
      const value = input === undefined ? null : (input as Json);
      if (this.single === null) {
        const outputs: Json[] = [];
        this.collect(value, frame, outputs, false);
        return outputs[0];
      }
      const found = this.single(value, frame);
      if (found !== undefined) measure(found, run.meter.maxOutput, run.meter);
      return found;
    } catch (error) {
      throw this.failed(error, []);
    } finally {
      this.end(frame, options);
    }
  }

  *iterate(input: unknown, options?: RunOptions): IterableIterator<Json> {
    const frame = this.begin(options);
    const { run } = frame;
    const machine = new Machine(run, frame);
    run.machine = machine;
    machine.value = input === undefined ? null : (input as Json);
    let room = run.meter.maxOutput;
    try {
      let next: Code | null = (this.code ??= maker.code(this.node, this.site, false, YIELD));
      while (machine.resume(next)) {
        room -= measure(machine.value, room, run.meter);
        yield machine.value;
        next = machine.back();
      }
    } catch (error) {
      throw this.failed(error, []);
    }
  }

  /** Puts the outputs, or the first of them, into `outputs`. */
  private collect(value: Json, frame: Frame, outputs: Json[], all: boolean): void {
    const { run } = frame;
    run.outputs = outputs;
    run.room = run.meter.maxOutput;
    run.all = all;
    if (facts(this.node, this.site).kind !== MACHINE) {
      this.loop ??= maker.many(this.node, this.site, taken);
      this.loop(value, frame);
      return;
    }
    const machine = new Machine(run, frame);
    run.machine = machine;
    machine.value = value;
    let next: Code | null = (this.code ??= maker.code(this.node, this.site, false, YIELD));
    while (machine.resume(next)) {
      if (taken(machine.value, frame)) return;
      next = machine.back();
    }
  }

  private begin(options: RunOptions | undefined): Frame {
    const { idle } = this;
    if (idle !== null && options === undefined) {
      this.idle = null;
      idle.run.renew();
      return idle;
    }
    const { maxSteps, maxOutput, maxDepth } = this.limits;
    const { cache } = this.circumstances;
    if (cache.size > MAX_KEPT) cache.clear();
    const run = new Run(
      options?.meter ?? new Meter(maxSteps, maxOutput, maxDepth),
      this.circumstances,
      options,
    );
    return new Frame(run, null, [], RETURN, null, 0);
  }

  /** Keeps the frame for the next run, but nothing of what it worked on. */
  private end(frame: Frame, options: RunOptions | undefined): void {
    if (options !== undefined || this.circumstances.cache.size > MAX_KEPT) return;
    if (frame.slots.length > 0) frame.slots.length = 0;
    frame.run.release();
    this.idle = frame;
  }

  private failed(error: unknown, outputs: Json[]): JqError {
    const raised = asJqError(error, this.limits.maxDepth);
    raised.outputs = outputs;
    return raised;
  }
}

/** Takes an output of a run; true: no more are wanted. */
const taken: Many = (value, { run }) => {
  run.room -= measure(value, run.room, run.meter);
  run.outputs.push(value);
  if (--run.meter.left < 0) run.meter.spend(0);
  return !run.all;
};
