import { JqError } from "../errors.ts";
import type { Runtime } from "../runtime.ts";
import { type Json, typeOf } from "../value.ts";
import { showForError } from "../values/print.ts";
import { compilePattern } from "./compile.ts";
import { readFlags } from "./flags.ts";
import { LONGEST, NOT_EMPTY } from "./match.ts";
import type { Program } from "./program.ts";

/** A compiled pattern with its modifiers. */
export interface Regex {
  readonly program: Program;
  readonly global: boolean;
  /** Bits of match.ts. */
  readonly mode: number;
}

/** Compiled patterns are kept, by modifiers and text: this many, of this size in all (bytes, roughly). */
const MAX_KEPT = 1000;
const MAX_KEPT_SIZE = 8_000_000;

/** What compiling costs. */
const STEPS_PER_CHARACTER = 8;

const kept = new Map<string, Map<string, Regex>>();
let keptCount = 0;
let keptSize = 0;

/** The pattern, compiled: from memory if it is there. Compiling is charged to the meter. */
export function toRegex(pattern: Json, flags: Json, rt: Runtime): Regex {
  if (typeof pattern !== "string") throw new JqError(`${showForError(pattern)} is not a string`);
  if (typeof flags !== "string") {
    if (flags !== null) throw new JqError(`${showForError(flags)} is not a string`);
    return toRegex(pattern, "", rt);
  }
  return kept.get(flags)?.get(pattern) ?? compiled(pattern, flags, rt);
}

function compiled(pattern: string, flags: string, rt: Runtime): Regex {
  const { global, options, notEmpty, longest } = readFlags(flags);
  rt.meter.spend(100 + pattern.length * STEPS_PER_CHARACTER);
  const program = compilePattern(pattern, options);
  rt.meter.spend(program.size / 64);
  const regex = { program, global, mode: (notEmpty ? NOT_EMPTY : 0) | (longest ? LONGEST : 0) };
  const size = program.size + flags.length * 2;
  if (size > MAX_KEPT_SIZE / 8) return regex;
  if (keptCount >= MAX_KEPT || keptSize + size > MAX_KEPT_SIZE) {
    kept.clear();
    keptCount = keptSize = 0;
  }
  const ofFlags = kept.get(flags) ?? new Map<string, Regex>();
  kept.set(flags, ofFlags.set(pattern, regex));
  keptCount++;
  keptSize += size;
  return regex;
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
