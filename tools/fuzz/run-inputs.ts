/** Runs samples of a target one after the other. Input `index` of `seed` is always the same one. */
import { randomSource } from "../../test/http/support/random-source.ts";
import type { Sample, Target } from "./target.ts";

/** Processor time of one input: real ones take less than a thousandth of it. */
const SLOW_MS = 2000;
/** What was slow is run again so often, and the quickest counts: a virtual machine that stood still is told as work. */
const AGAIN = 2;
/** One in so many is run twice, and has to give the same. */
const TWICE_EVERY = 8;

export interface Failure {
  readonly target: string;
  readonly seed: number;
  readonly index: number;
  readonly what: string;
  readonly shown: string | Uint8Array;
}

/** Spreads neighbouring numbers over all of them. */
const mixed = (seed: number, index: number): number =>
  (Math.imul(seed ^ 0x9e37_79b9, 0x85eb_ca6b) ^ Math.imul(index + 1, 0xc2b2_ae35)) >>> 0;

export const sampleOf = (target: Target, seed: number, index: number): Sample =>
  target.make(randomSource(mixed(seed, index)));

/** null: all that must hold does. */
export async function runInput(target: Target, seed: number, index: number): Promise<Failure | null> {
  const sample = sampleOf(target, seed, index);
  const fail = (what: string): Failure => ({ target: target.name, seed, index, what, shown: sample.shown });
  let first: string;
  let took: number;
  try {
    [first, took] = await timed(sample);
  } catch (error) {
    return fail(error instanceof Error ? (error.stack ?? error.message) : `throws ${String(error)}`);
  }
  for (let again = 0; took > SLOW_MS && again < AGAIN; again += 1)
    took = Math.min(took, (await timed(sampleOf(target, seed, index)))[1]);
  if (took > SLOW_MS) return fail(`takes ${Math.round(took)} ms of the processor`);
  const polluted = pollution();
  if (polluted !== null) return fail(`changes ${polluted}`);
  if (index % TWICE_EVERY === 0) {
    const second = await sampleOf(target, seed, index).run();
    if (second !== first)
      return fail(`is not the same twice: ${first.slice(0, 200)} / ${second.slice(0, 200)}`);
  }
  return null;
}

/** @returns the outcome, and milliseconds of the processor */
async function timed(sample: Sample): Promise<[string, number]> {
  const began = process.threadCpuUsage();
  const outcome = await sample.run();
  const { user, system } = process.threadCpuUsage(began);
  return [outcome, (user + system) / 1000];
}

const PROTOTYPES = {
  Object,
  Array,
  Function,
  String,
  Number,
  Boolean,
  RegExp,
  Map,
  Set,
  Date,
  Error,
} as const;
const keysOf = (value: object): string => Reflect.ownKeys(value).map(String).join();
const before = new Map(
  Object.entries(PROTOTYPES).map(([name, { prototype }]) => [name, keysOf(prototype as object)]),
);

/** The prototype that got another key, or null. */
function pollution(): string | null {
  for (const [name, { prototype }] of Object.entries(PROTOTYPES))
    if (before.get(name) !== keysOf(prototype as object)) return `${name}.prototype`;
  return null;
}
