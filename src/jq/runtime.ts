import type { ReadModule } from "./modules/find.ts";
import type { Meter } from "./meter.ts";
import type { Json, JsonObject } from "./value.ts";

/** What natives may know of the run they are part of. */
export interface Runtime {
  readonly meter: Meter;
  /** `env` and `$ENV`; empty unless given. */
  readonly env: JsonObject;
  /** Seconds since 1970 for `now`; undefined: `now` is an error. */
  readonly now: number | undefined;
  /** IANA zone of `localtime`, `strflocaltime` and `mktime`'s local twin; "UTC" unless given. */
  readonly timeZone: string;
  /** Per-run scratch memory for natives, e.g. compiled regular expressions by text. */
  readonly cache: Map<string, unknown>;
  /** What `modulemeta` reads from. */
  readonly modules?: ReadModule | undefined;
}

/**
 * A builtin that makes exactly one value (or raises a JqError) from its input and the values of its arguments. The
 * compiler runs it for every combination of the arguments' outputs. It never changes what it is given.
 */
export type Native =
  | { readonly arity: 0; readonly run: (input: Json, rt: Runtime) => Json }
  | { readonly arity: 1; readonly run: (input: Json, a: Json, rt: Runtime) => Json }
  | { readonly arity: 2; readonly run: (input: Json, a: Json, b: Json, rt: Runtime) => Json }
  | { readonly arity: 3; readonly run: (input: Json, a: Json, b: Json, c: Json, rt: Runtime) => Json };

/** Natives by "name/arity". */
export type NativeTable = ReadonlyMap<string, Native>;
