import type { CharSet } from "./char-set.ts";
import { setOf } from "./char-set.ts";
import { watchedGroups } from "./empty-turns.ts";
import { failure } from "./failure.ts";
import { withoutCase } from "./ignore-case.ts";
import { isCharacter, type Lengths } from "./lengths.ts";
import { lookBehind } from "./look-behind.ts";
import type { Pattern } from "./pattern.ts";
import { CHAIN, Kind, Op, Place, UNLIMITED } from "./program.ts";
import { emitRepeat } from "./emit-repeat.ts";
import type { Anchor, CallNode, GroupNode, LookNode, Node } from "./tree.ts";

/** Numbers that a program may have: 400 kB of them. */
const MAX_CODE = 100_000;
const MAX_SETS = 1000;
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

export type Task = Node | (() => void);

const PLACES: Readonly<Record<Anchor, number>> = {
  "text-start": Place.textStart,
  "text-end": Place.textEnd,
  "text-end-or-newline": Place.textEndOrNewline,
  "line-start": Place.lineStart,
  "line-end": Place.lineEnd,
  "word-boundary": Place.wordBoundary,
  "no-word-boundary": Place.noWordBoundary,
  "search-start": Place.searchStart,
  "segment-boundary": Place.segmentBoundary,
  "no-segment-boundary": Place.noSegmentBoundary,
};

/**
 * Writes the instructions of a pattern. Parts are put on a stack of tasks, between tasks that write what comes between them, so
 * that patterns may be nested as they like.
 */
export class Emitter {
  readonly code: number[] = [];
  readonly sets: CharSet[] = [];
  readonly texts: string[] = [];
  readonly lists: (readonly number[])[] = [];
  readonly lengths: (node: Node) => Lengths;
  readonly watched: ReturnType<typeof watchedGroups>;
  /** Places in memory that are given out. */
  slots: number;
  keep = -1;
  /** Does an attempt leave captures that the next must not see? */
  restores = false;
  /** May failures be remembered by instruction and position? */
  memoizable: boolean;
  memos = 0;
  readonly #pattern: Pattern;
  readonly #tasks: Task[] = [];
  /** Are we where each match passes exactly once? Groups there need not be restored. */
  #once: boolean;
  #behind = false;
  #callDepth = 0;
  readonly #routines = new Map<GroupNode, Routine>();
  readonly #referred: ReadonlySet<number>;
  readonly #setNumbers = new Map<CharSet, number>();
  readonly #expanded = new Map<Node, Node>();

  constructor(pattern: Pattern, lengths: (node: Node) => Lengths) {
    this.#pattern = pattern;
    this.lengths = lengths;
    this.watched = watchedGroups(pattern, lengths);
    // Groups' bounds, and what \K takes down.
    this.slots = (pattern.groups.length - 1) * 2 + 1;
    this.#once = pattern.backs.length === 0 && pattern.calls.length === 0;
    this.memoizable = pattern.backs.length === 0;
    this.#referred = new Set(pattern.backs.flatMap((back) => back.groups));
  }

  /** Writes everything. */
  run(): void {
    this.#work(this.#pattern.root);
    this.write(Op.match);
    for (const [group, routine] of this.#routines) {
      routine.at = this.code.length;
      this.#callDepth = 0;
      routine.registers = this.slots;
      this.#body(group);
      this.#drain();
      this.write(Op.return);
      routine.count = this.slots - routine.registers;
    }
    for (const { at, registers, count, callers } of this.#routines.values())
      for (const caller of callers) this.code.splice(caller, 3, at, registers, count);
  }

  write(...numbers: number[]): number {
    if (this.code.length + numbers.length > MAX_CODE) throw failure("the expression is too large");
    return this.code.push(...numbers) - numbers.length;
  }

  /** Lets tasks follow, in this order. */
  follow(...tasks: readonly Task[]): void {
    this.followAll(tasks);
  }

  /** The same for many. */
  followAll(tasks: readonly Task[]): void {
    for (let i = tasks.length - 1; i >= 0; i--) this.#tasks.push(tasks[i] as Task);
  }

  /** Sets a target to where we are. */
  here(at: number): void {
    this.code[at] = this.code.length;
  }

  memo(): number {
    return this.memos++;
  }

  register(count = 1): number {
    this.slots += count;
    return this.slots - count;
  }

  list(numbers: readonly number[]): number {
    return this.lists.push(numbers) - 1;
  }

  #work(root: Node): void {
    this.#tasks.push(root);
    this.#drain();
  }

  #drain(): void {
    for (let task = this.#tasks.pop(); task !== undefined; task = this.#tasks.pop())
      if (typeof task === "function") task();
      else this.#node(task);
  }

  /** Lets tasks follow that are not where each match passes once. */
  sometimes(tasks: readonly Task[]): void {
    const before = this.#once;
    const enter = (): void => {
      this.#once = false;
    };
    const leave = (): void => {
      this.#once = before;
    };
    this.follow(leave);
    this.followAll(tasks);
    this.follow(enter);
  }

  /** What `node` is when case does not matter. */
  plain(node: Node): Node {
    if (node.kind !== "text" || !node.ignoreCase) return node;
    let plain = this.#expanded.get(node);
    if (plain === undefined) {
      plain = withoutCase(node.text, this.#behind);
      this.#expanded.set(node, plain);
    }
    return plain;
  }

  /** A part that is one code point: what `greedy` and its like repeat, `undefined` for others. */
  single(node: Node): readonly [kind: number, operand: number] | undefined {
    const plain = this.plain(node);
    if (plain.kind === "dot") return [plain.all ? Kind.all : Kind.dot, 0];
    if (plain.kind === "set") return [Kind.set, this.#set(plain.set)];
    if (plain.kind !== "text" || !isCharacter(plain.text)) return undefined;
    if (plain.text.length === 1) return [Kind.unit, plain.text.charCodeAt(0)];
    return [Kind.set, this.#set(setOf([plain.text.codePointAt(0) as number]))];
  }

  #set(set: CharSet): number {
    let number = this.#setNumbers.get(set);
    if (number === undefined) {
      number = this.sets.push(set) - 1;
      if (number >= MAX_SETS) throw failure("the expression is too large");
      this.#setNumbers.set(set, number);
    }
    return number;
  }

  #node(node: Node): void {
    switch (node.kind) {
      case "empty":
        return;
      case "fail":
        this.write(Op.fail);
        return;
      case "text":
        this.#text(node);
        return;
      case "set":
        this.write(Op.set, this.#set(node.set));
        return;
      case "dot":
        this.write(node.all ? Op.all : Op.dot);
        return;
      case "anchor":
        this.write(Op.at, PLACES[node.anchor]);
        return;
      case "look":
        this.#look(node);
        return;
      case "atomic":
        if (node.body.kind === "repeat" && node.body.greedy && this.#possessive(node.body)) return;
        this.write(Op.open);
        this.follow(node.body, () => this.write(Op.cut));
        return;
      case "scope":
        this.follow(node.body);
        return;
      case "group":
        this.#group(node);
        return;
      case "either":
        this.#either(node.branches);
        return;
      case "sequence":
        this.followAll(node.items);
        return;
      case "repeat":
        emitRepeat(this, node);
        return;
      case "back":
        this.write(Op.again, this.list(node.groups), node.ignoreCase ? 1 : 0);
        return;
      case "check":
        this.write(Op.check, this.list(node.groups));
        return;
      case "if":
        this.#if(node);
        return;
      case "call":
        this.#call(node);
        return;
      case "keep":
        this.keep = (this.#pattern.groups.length - 1) * 2;
        this.write(Op.save, this.keep);
        return;
      case "range":
        this.#range(node);
        return;
      case "range-clear":
        this.memoizable = false;
        this.write(Op.clearLimit);
    }
  }

  #text(node: Node & { kind: "text" }): void {
    const plain = this.plain(node);
    if (plain.kind !== "text") this.follow(plain);
    else if (plain.text.length === 1) this.write(Op.unit, plain.text.charCodeAt(0));
    else this.write(Op.text, this.texts.push(plain.text) - 1);
  }

  #possessive({ body, min, max }: { body: Node; min: number; max: number }): boolean {
    const single = this.single(body);
    if (single === undefined) return false;
    this.write(Op.possessive, ...single, min, Math.min(max, UNLIMITED), this.memo(), -1);
    return true;
  }

  #look(node: LookNode): void {
    let { body } = node;
    let back = 0;
    const steps: Task[] = [];
    const behindBefore = this.#behind;
    if (!node.ahead) {
      const behind = lookBehind(node, this.lengths);
      if ("constant" in behind) {
        this.follow(behind.constant);
        return;
      }
      ({ body, back } = behind);
      const enter = (): void => {
        this.#behind = true;
        if (behind.back > 0) this.write(Op.back, behind.back);
      };
      steps.push(enter);
    }
    const leave = (): void => {
      this.#behind = behindBefore;
    };
    if (node.negative) {
      const at = this.write(Op.openElse, 0);
      const end = (): void => {
        this.write(Op.cutFail);
        this.here(at + 1);
      };
      this.follow(leave, end);
      this.sometimes([...steps, body]);
    } else {
      this.write(Op.open);
      this.follow(...steps, body, leave, () => this.write(back > 0 ? Op.cutBehind : Op.cutBack));
    }
  }

  #either(branches: readonly Node[]): void {
    const ends: number[] = [];
    const tasks: Task[] = [];
    const targets: number[] = [];
    if (branches.length > 2 && branches.length < CHAIN)
      tasks.push(() => this.write(Op.choose, this.list(targets), -1));
    for (const [i, branch] of branches.entries()) {
      if (i === branches.length - 1) {
        tasks.push(() => targets.push(this.code.length), branch);
        continue;
      }
      let split = 0;
      const before = (): void => {
        split = this.write(Op.split, 0, 0, this.memo(), -1);
        this.here(split + 1);
        targets.push(this.code.length);
      };
      const after = (): void => {
        ends.push(this.write(Op.jump, 0) + 1);
        this.here(split + 2);
      };
      tasks.push(before, branch, after);
    }
    const join = (): void => {
      for (const end of ends) this.here(end);
    };
    this.follow(join);
    this.sometimes(tasks);
  }

  #if(node: Node & { kind: "if" }): void {
    const at = this.write(Op.openElse, 0);
    let jump = 0;
    const yes = (): void => {
      this.write(Op.cut);
    };
    const no = (): void => {
      jump = this.write(Op.jump, 0);
      this.here(at + 1);
    };
    this.follow(() => this.here(jump + 1));
    this.sometimes([node.condition, yes, node.yes, no, node.no]);
  }

  /** Within a range: finds its end, goes back, and looks no further than there. */
  #range(node: Node & { kind: "range" }): void {
    this.memoizable = false;
    const start = this.register();
    const limit = this.register();
    const not: Node = { kind: "look", ahead: true, negative: true, body: node.absent };
    const step: Node = { kind: "sequence", items: [not, { kind: "dot", all: true }] };
    const steps: Node = { kind: "repeat", min: 0, max: Infinity, greedy: true, body: step };
    const begin = (): void => {
      this.write(Op.save, start);
      this.write(Op.saveLimit, limit);
    };
    if (node.body !== undefined) this.follow(node.body, () => this.write(Op.restoreLimit, limit));
    this.follow(() => this.write(Op.limitHere, start));
    this.sometimes([begin, { kind: "atomic", body: steps }]);
  }

  #group(group: GroupNode): void {
    if (group.called) {
      this.#callBody(group);
      return;
    }
    this.#body(group);
  }

  /** A group's instructions. One that is referred to has no end while it is open; one that calls itself keeps its own beginning. */
  #body(group: GroupNode): void {
    const slot = (group.number - 1) * 2;
    if (group.number === 0) {
      this.follow(group.body);
      return;
    }
    if (!this.#once) this.restores = true;
    if (group.recursive) {
      const register = this.register();
      this.write(Op.enter, slot, register);
      this.follow(group.body, () => this.write(Op.leave, slot, register));
      return;
    }
    const op = this.#once ? Op.saveOnce : Op.save;
    if (this.#referred.has(group.number)) this.write(Op.begin, slot);
    else this.write(op, slot);
    this.follow(group.body, () => this.write(op, slot + 1));
  }

  #call(node: CallNode): void {
    const group = this.#pattern.groups[node.number] as GroupNode;
    this.#callBody(group);
  }

  /** A call: the group's instructions once more, or a jump to where they are. */
  #callBody(group: GroupNode): void {
    if (!group.recursive && this.lengths(group).size <= MAX_INLINE) {
      if (this.#callDepth >= MAX_CALLS) {
        this.write(Op.fail);
        return;
      }
      const before = this.#callDepth;
      this.#callDepth = before + 1;
      this.follow(() => {
        this.#callDepth = before;
      });
      this.#body(group);
      return;
    }
    this.memoizable = false;
    let routine = this.#routines.get(group);
    if (routine === undefined) {
      routine = { at: 0, registers: 0, count: 0, callers: [] };
      this.#routines.set(group, routine);
    }
    routine.callers.push(this.write(Op.call, 0, 0, 0) + 1);
  }
}
