import type { Code } from "../machine.ts";
import { turnCost, type Single } from "../site.ts";

/** An instruction of the machine is cheaper than a turn of a loop. */
const STEP_OF_MACHINE = 0.75;

/** An instruction that puts one value in place of another, or goes back when there is none. */
export function instructionOf(single: Single, size: number, next: Code): Code {
  const cost = turnCost(size) - STEP_OF_MACHINE;
  return (m) => {
    const { meter } = m.run;
    if ((meter.left -= cost) < 0) meter.spend(0);
    const found = single(m.value, m.frame);
    if (found === undefined) return m.back();
    m.value = found;
    return next;
  };
}

/** Keeps the value in a slot. */
export const keep =
  (slot: number, next: Code): Code =>
  (m) => {
    m.frame.slots[slot] = m.value;
    return next;
  };

/** Puts what a slot keeps in place of the value. */
export const recall =
  (slot: number, next: Code): Code =>
  (m) => {
    m.value = m.frame.slots[slot] ?? null;
    return next;
  };
