import type { Task } from "./assembler.ts";
import type { Emitter } from "./emit.ts";
import { EXPANDED, MAX_COPIES } from "./lengths.ts";
import { Op, UNLIMITED } from "./program.ts";
import type { RepeatNode } from "./tree.ts";

/** Writes a repeat: of one code point as one instruction; else its body as often as it must match, and a loop or ways out. */
export function emitRepeat(emitter: Emitter, node: RepeatNode): void {
  const { min, max, greedy, body } = node;
  if (max === 0) return;
  const single = emitter.single(body);
  if (single !== undefined) {
    const op = greedy ? Op.greedy : Op.lazy;
    emitter.out.write(op, ...single, min, Math.min(max, UNLIMITED), emitter.out.memo(), -1);
    return;
  }
  const { size, min: takes, operations } = emitter.lengths(body);
  const copies = max === Infinity ? Math.max(min, 1) : max;
  if (copies * (size + 12) > MAX_COPIES) {
    count(emitter, node, takes === 0);
    return;
  }
  const guarded = takes === 0 && isGuarded(node, operations);
  emitter.sometimes([() => copy(emitter, node, takes === 0, guarded)]);
}

/** Does each turn, not only those of a loop, end the repeat if it takes nothing? */
function isGuarded({ min, max, greedy }: RepeatNode, operations: number): boolean {
  if (max === Infinity) return min === 1 ? operations > EXPANDED : min > 1 && operations * min > EXPANDED;
  if (min === 0 && max === 1) return false;
  return !greedy || (operations + 1) * max > EXPANDED;
}

type Turn = (guarded: boolean) => Task[];

/** Tasks for one turn. A guarded one, which may take nothing, may leave the repeat; its place for where to goes to `exits`. */
function turns(emitter: Emitter, node: RepeatNode, exits: number[]): Turn {
  const watched = emitter.watched.get(node);
  const slots = watched?.flatMap((group) => [group * 2 - 2, group * 2 - 1]) ?? [];
  const start = emitter.out.register(1 + slots.length);
  const list = slots.flatMap((slot, i) => [slot, start + 1 + i]);
  const before = (): void => {
    emitter.out.write(Op.save, start);
    for (const [i, slot] of slots.entries()) emitter.out.write(Op.copy, start + 1 + i, slot);
  };
  const after = (): void => {
    const at =
      watched === undefined
        ? emitter.out.write(Op.leaveIfEmpty, start, 0)
        : emitter.out.write(Op.leaveIfSame, start, 0, emitter.out.list(list));
    exits.push(at + 2);
  };
  return (guarded) => {
    if (!guarded) return [node.body];
    if (watched !== undefined) emitter.memoizable = false;
    return [before, node.body, after];
  };
}

function copy(emitter: Emitter, node: RepeatNode, empty: boolean, guarded: boolean): void {
  const { min, max, greedy } = node;
  const exits: number[] = [];
  const tasks: Task[] = [];
  const turn = turns(emitter, node, exits);
  const split = (into: number): void => {
    const at = emitter.out.write(Op.split, into, into, emitter.out.memo(), -1);
    emitter.out.here(at + (greedy ? 1 : 2));
    exits.push(at + (greedy ? 2 : 1));
  };
  if (max === Infinity) {
    // The last of the copies is the loop's own body, unless turns of the loop end differently.
    const own = min > 0 && (!empty || guarded) ? 1 : 0;
    for (let i = own; i < min; i++) tasks.push(...turn(guarded));
    let start = 0;
    if (own === 1) {
      tasks.push(() => {
        start = emitter.out.at;
      });
      tasks.push(...turn(empty), () => {
        const at = emitter.out.write(Op.split, start, start, emitter.out.memo(), -1);
        exits.push(at + (greedy ? 2 : 1));
      });
    } else {
      tasks.push(() => {
        start = emitter.out.at;
        split(0);
      });
      tasks.push(...turn(empty), () => emitter.out.write(Op.jump, start));
    }
  } else {
    for (let i = 0; i < min; i++) tasks.push(...turn(guarded));
    for (let i = min; i < max; i++) tasks.push(() => split(0), ...turn(guarded));
  }
  const end = (): void => {
    for (const exit of exits) emitter.out.here(exit);
  };
  emitter.out.follow(end);
  emitter.out.followAll(tasks);
}

/** Counts the turns in a register. What fails then depends on the count too, and is not remembered. */
function count(emitter: Emitter, node: RepeatNode, empty: boolean): void {
  const { min, max, greedy } = node;
  emitter.memoizable = false;
  const counter = emitter.out.register();
  const exits: number[] = [];
  const turn = turns(emitter, node, exits);
  let start = 0;
  const before = (): void => {
    emitter.out.write(Op.zero, counter);
    if (min === 0) {
      const at = emitter.out.write(Op.split, 0, 0, emitter.out.memo(), -1);
      emitter.out.here(at + (greedy ? 1 : 2));
      exits.push(at + (greedy ? 2 : 1));
    }
    start = emitter.out.at;
  };
  const after = (): void => {
    emitter.out.write(Op.count, counter, min, Math.min(max, UNLIMITED), start, greedy ? 1 : 0);
    for (const exit of exits) emitter.out.here(exit);
  };
  emitter.sometimes([before, ...turn(empty), after]);
}
