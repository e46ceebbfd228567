/** What is fuzzed: a parser, made inputs for it, and what must hold of each. */
import type { RandomSource } from "../../test/http/support/random-source.ts";

export interface Sample {
  /** As it is kept when it fails. */
  readonly shown: string | Uint8Array;
  /**
   * Gives the input to the parser. @returns what came of it, the same each time
   * @throws anything but the parser's own errors when it is not as it must be
   */
  run(): string | Promise<string>;
}

export interface Target {
  readonly name: string;
  /** What it reads, and where. */
  readonly about: string;
  readonly make: (random: RandomSource) => Sample;
}

/** Something that must hold does not. */
class Broken extends Error {
  override readonly name = "Broken";
}

/** @throws Broken */
export function must(holds: boolean, what: string): asserts holds {
  if (!holds) throw new Broken(what);
}

type ErrorKind = abstract new (...parameters: never[]) => Error;

/** What `call` gives, or which of its own errors it throws; any other error passes through. */
export function outcome(call: () => unknown, own: readonly ErrorKind[]): string {
  try {
    return `gives ${describe(call())}`;
  } catch (error) {
    return ownError(error, own);
  }
}

/** As `outcome`, for what takes its time. */
export async function laterOutcome(call: () => Promise<unknown>, own: readonly ErrorKind[]): Promise<string> {
  try {
    return `gives ${describe(await call())}`;
  } catch (error) {
    return ownError(error, own);
  }
}

function ownError(error: unknown, own: readonly ErrorKind[]): string {
  if (error instanceof Error && own.some((kind) => error instanceof kind))
    return `throws ${error.name}: ${error.message}`;
  throw error;
}

const describe = (value: unknown): string => (value === undefined ? "nothing" : JSON.stringify(value));
