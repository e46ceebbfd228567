import type { Emitter } from "./emit.ts";
import type { Pattern } from "./pattern.ts";
import { Op } from "./program.ts";
import type { CallNode, GroupNode } from "./tree.ts";

/** A call of a larger group jumps there instead of repeating its instructions. */
const MAX_INLINE = 400;
/** Oniguruma lets calls nest this deep; deeper ones do not match. */
const MAX_CALLS = 20;

/** A group's instructions that are jumped to: where they are, and which registers they use. */
interface Routine {
  at: number;
  registers: number;
  count: number;
  readonly callers: number[];
}

/** Writes capturing groups and calls of them. */
export class GroupEmitter {
  readonly #emitter: Emitter;
  readonly #groups: readonly GroupNode[];
  /** Groups that are referred to. */
  readonly #referred: ReadonlySet<number>;
  readonly #routines = new Map<GroupNode, Routine>();
  #depth = 0;

  constructor(emitter: Emitter, { groups, backs }: Pattern) {
    this.#emitter = emitter;
    this.#groups = groups;
    this.#referred = new Set(backs.flatMap((back) => back.groups));
  }

  group(node: GroupNode): void {
    if (node.called) this.#called(node);
    else this.#body(node);
  }

  call(node: CallNode): void {
    this.#called(this.#groups[node.number] as GroupNode);
  }

  /** Writes the groups that are jumped to, and the jumps. */
  finish(): void {
    const { out } = this.#emitter;
    for (const [group, routine] of this.#routines) {
      routine.at = out.at;
      routine.registers = out.slots;
      this.#depth = 0;
      this.#body(group);
      this.#emitter.run();
      out.write(Op.return);
      routine.count = out.slots - routine.registers;
    }
    for (const { at, registers, count, callers } of this.#routines.values())
      for (const caller of callers) out.code.splice(caller, 3, at, registers, count);
  }

  /**
   * A group's instructions. One that is referred to has no end while it is open; one that calls itself keeps its own beginning in a
   * register.
   */
  #body(group: GroupNode): void {
    const emitter = this.#emitter;
    const { out } = emitter;
    const slot = (group.number - 1) * 2;
    if (group.number === 0) {
      out.follow(group.body);
      return;
    }
    if (!emitter.once) emitter.restores = true;
    if (group.recursive) {
      const register = out.register();
      out.write(Op.enter, slot, register);
      out.follow(group.body, () => out.write(Op.leave, slot, register));
      return;
    }
    const op = emitter.once ? Op.saveOnce : Op.save;
    out.write(this.#referred.has(group.number) ? Op.begin : op, slot);
    out.follow(group.body, () => out.write(op, slot + 1));
  }

  /** A group that is called somewhere: its instructions once more, or a jump to where they are. */
  #called(group: GroupNode): void {
    const emitter = this.#emitter;
    const { out } = emitter;
    if (group.recursive || emitter.lengths(group).size > MAX_INLINE) {
      emitter.memoizable = false;
      const routine = this.#routines.get(group) ?? { at: 0, registers: 0, count: 0, callers: [] };
      this.#routines.set(group, routine);
      routine.callers.push(out.write(Op.call, 0, 0, 0) + 1);
      return;
    }
    if (this.#depth >= MAX_CALLS) {
      out.write(Op.fail);
      return;
    }
    const before = this.#depth;
    this.#depth++;
    out.follow(() => {
      this.#depth = before;
    });
    this.#body(group);
  }
}
