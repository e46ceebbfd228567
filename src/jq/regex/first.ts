import type { CharSet } from "./char-set.ts";
import { Kind, LOOK_END, LOOK_WIDE } from "./program.ts";

/** Which UTF-16 units may come next at a place of a program: 1 by ASCII code, for all others, and for the end of the text. */
export type First = Uint8Array;

export function addUnit(table: First, unit: number): void {
  table[Math.min(unit, LOOK_WIDE)] = 1;
}

export function addAny(table: First, newlines: boolean): void {
  const newline = newlines ? 1 : (table[10] as number);
  table.fill(1, 0, LOOK_END);
  table[10] = newline;
}

export function addSet(table: First, set: CharSet): void {
  for (let i = 0; i < 128; i++) if (set.ascii[i] === 1) table[i] = 1;
  if (set.wide) table[LOOK_WIDE] = 1;
}

/** What a repeat takes: see `Kind`. */
export function addKind(table: First, kind: number, operand: number, sets: readonly CharSet[]): void {
  if (kind === Kind.unit) addUnit(table, operand);
  else if (kind === Kind.set) addSet(table, sets[operand] as CharSet);
  else addAny(table, kind === Kind.all);
}
