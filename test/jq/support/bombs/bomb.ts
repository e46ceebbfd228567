import type { Json } from "../../../../src/jq/value.ts";

/** A program or an input that would take for ever, or all memory, or the stack, in an engine without bounds. */
export interface Bomb {
  readonly name: string;
  /** Made when it is needed: some are large. */
  readonly program: () => string;
  readonly input?: () => Json;
  /**
   * How it may end. "limit": stopped by a limit; "compile": not compiled; "error": an error of the program; a function: the
   * outputs are looked at.
   */
  readonly ends: readonly ("limit" | "compile" | "error" | ((outputs: readonly Json[]) => boolean))[];
}

export const nested = (depth: number, open: string, close: string, core: string): string =>
  open.repeat(depth) + core + close.repeat(depth);

/** `[[[…]]]`, built without recursion. */
export function deepArray(depth: number): Json {
  let value: Json = [];
  for (let i = 1; i < depth; i++) value = [value];
  return value;
}
export function deepObject(depth: number): Json {
  let value: Json = 1;
  for (let i = 0; i < depth; i++) value = { a: value };
  return value;
}
/** 2^`levels` leaves, in `levels` arrays. */
export function sharedTree(levels: number): Json {
  let value: Json = [1];
  for (let i = 0; i < levels; i++) value = [value, value];
  return value;
}

/** Any outputs. */
export const any = (): boolean => true;
export const bomb = (
  name: string,
  program: string | (() => string),
  ends: Bomb["ends"] = ["limit"],
  input?: () => Json,
): Bomb => ({
  name,
  program: typeof program === "string" ? () => program : program,
  ends,
  ...(input === undefined ? {} : { input }),
});
