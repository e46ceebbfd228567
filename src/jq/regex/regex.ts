import { JqError } from "../errors.ts";
import type { Runtime } from "../runtime.ts";
import { type Json, typeOf } from "../value.ts";
import { showForError } from "../values/print.ts";
import { compilePattern } from "./compile.ts";
import { type Flags, readFlags } from "./flags.ts";
import { LONGEST, NOT_EMPTY } from "./match.ts";
import type { Program } from "./program.ts";

/** A compiled pattern with its modifiers. */
export interface Regex {
  readonly program: Program;
  readonly global: boolean;
  /** Bits of match.ts. */
  readonly mode: number;
}

/** Compiled patterns are kept, by options and text: this many, of this size in all (bytes, roughly). */
const MAX_KEPT = 1000;
const MAX_KEPT_SIZE = 8_000_000;

const kept = Array.from({ length: 8 }, () => new Map<string, Program>());
let keptCount = 0;
let keptSize = 0;

/** The pattern, compiled: from memory if it is there. Compiling is charged to the meter. */
export function toRegex(pattern: Json, flags: Json, rt: Runtime): Regex {
  if (typeof pattern !== "string") throw new JqError(`${showForError(pattern)} is not a string`);
  if (flags !== null && typeof flags !== "string")
    throw new JqError(`${showForError(flags)} is not a string`);
  const read = readFlags(flags ?? "");
  const programs = kept[read.key] as Map<string, Program>;
  let program = programs.get(pattern);
  if (program === undefined) {
    rt.meter.spend(100 + pattern.length * 4);
    program = compilePattern(pattern, read.options);
    rt.meter.spend(program.size / 64);
    keep(programs, pattern, program);
  }
  return { program, global: read.global, mode: modeOf(read) };
}

const modeOf = ({ notEmpty, longest }: Flags): number => (notEmpty ? NOT_EMPTY : 0) | (longest ? LONGEST : 0);

function keep(programs: Map<string, Program>, pattern: string, program: Program): void {
  if (program.size > MAX_KEPT_SIZE / 8) return;
  if (keptCount >= MAX_KEPT || keptSize + program.size > MAX_KEPT_SIZE) {
    for (const map of kept) map.clear();
    keptCount = keptSize = 0;
  }
  programs.set(pattern, program);
  keptCount++;
  keptSize += program.size;
}

/** The text to be matched. */
export function toText(input: Json): string {
  if (typeof input !== "string")
    throw new JqError(`${showForError(input)} cannot be matched, as it is not a string`);
  return input;
}

/** `"re"`, `["re"]` or `["re", "flags"]`: the pattern and the flags. */
export function patternAndFlags(what: Json): readonly [pattern: Json, flags: Json] {
  if (typeof what === "string") return [what, null];
  if (Array.isArray(what) && what.length > 0) return [what[0] ?? null, what[1] ?? null];
  throw new JqError(`${typeOf(what)} not a string or array`);
}
