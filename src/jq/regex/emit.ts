import { Assembler, type Task } from "./assembler.ts";
import { setOf } from "./char-set.ts";
import { GroupEmitter } from "./emit-group.ts";
import { emitRepeat } from "./emit-repeat.ts";
import { watchedGroups } from "./empty-turns.ts";
import { withoutCase } from "./ignore-case.ts";
import { isCharacter, type Lengths } from "./lengths.ts";
import { lookBehind } from "./look-behind.ts";
import type { Pattern } from "./pattern.ts";
import { CHAIN, Kind, Op, Place, UNLIMITED } from "./program.ts";
import type { Anchor, LookNode, Node, RepeatNode } from "./tree.ts";

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
 * Writes the instructions of a pattern. Parts are tasks, between tasks that write what comes between them, so that patterns may be nested
 * as they like.
 */
export class Emitter {
  readonly out: Assembler;
  readonly lengths: (node: Node) => Lengths;
  readonly watched: ReturnType<typeof watchedGroups>;
  /** The slot of `\K`; -1 if there is none. */
  keep = -1;
  /** Does an attempt leave captures that the next must not see? */
  restores = false;
  /** May failures be remembered by instruction and position? */
  memoizable: boolean;
  /** Are we where each match passes exactly once? Groups there need not be restored. */
  once: boolean;
  readonly #root: Node;
  readonly #groups: GroupEmitter;
  readonly #keepSlot: number;
  #behind = false;
  readonly #plain = new Map<Node, Node>();

  constructor(pattern: Pattern, lengths: (node: Node) => Lengths) {
    this.#root = pattern.root;
    this.#groups = new GroupEmitter(this, pattern);
    this.#keepSlot = (pattern.groups.length - 1) * 2;
    this.out = new Assembler(this.#keepSlot + 1);
    this.lengths = lengths;
    this.watched = watchedGroups(pattern, lengths);
    this.once = pattern.backs.length === 0 && pattern.calls.length === 0;
    this.memoizable = pattern.backs.length === 0;
  }

  /** Writes everything. */
  emit(): void {
    this.out.follow(this.#root);
    this.run();
    this.out.write(Op.match);
    this.once = false;
    this.#groups.finish();
  }

  /** Writes what is to follow. */
  run(): void {
    this.out.run((node) => this.#node(node));
  }

  /** Lets tasks follow that are not where each match passes once. */
  sometimes(tasks: readonly Task[]): void {
    const before = this.once;
    this.out.follow(() => {
      this.once = before;
    });
    this.out.followAll(tasks);
    this.out.follow(() => {
      this.once = false;
    });
  }

  /** A text as what it is where case does not matter. */
  #withoutCase(node: Node): Node {
    if (node.kind !== "text" || !node.ignoreCase) return node;
    let plain = this.#plain.get(node);
    if (plain === undefined) {
      plain = withoutCase(node.text, this.#behind);
      this.#plain.set(node, plain);
    }
    return plain;
  }

  /** A part that is one code point: kind and operand of what repeats it; `undefined` for others. */
  single(node: Node): readonly [kind: number, operand: number] | undefined {
    const plain = this.#withoutCase(node);
    if (plain.kind === "dot") return [plain.all ? Kind.all : Kind.dot, 0];
    if (plain.kind === "set") return [Kind.set, this.out.set(plain.set)];
    if (plain.kind !== "text" || !isCharacter(plain.text)) return undefined;
    if (plain.text.length === 1) return [Kind.unit, plain.text.charCodeAt(0)];
    return [Kind.set, this.out.set(setOf([plain.text.codePointAt(0) as number]))];
  }

  #node(node: Node): void {
    const { out } = this;
    switch (node.kind) {
      case "empty":
        return;
      case "fail":
        out.write(Op.fail);
        return;
      case "text":
        this.#text(node);
        return;
      case "set":
        out.write(Op.set, out.set(node.set));
        return;
      case "dot":
        out.write(node.all ? Op.all : Op.dot);
        return;
      case "anchor":
        out.write(Op.at, PLACES[node.anchor]);
        return;
      case "look":
        this.#look(node);
        return;
      case "atomic":
        if (node.body.kind === "repeat" && this.#possessive(node.body)) return;
        out.write(Op.open);
        out.follow(node.body, () => out.write(Op.cut));
        return;
      case "scope":
        out.follow(node.body);
        return;
      case "group":
        this.#groups.group(node);
        return;
      case "either":
        this.#either(node.branches);
        return;
      case "sequence":
        out.followAll(node.items);
        return;
      case "repeat":
        emitRepeat(this, node);
        return;
      case "back":
        out.write(Op.again, out.list(node.groups), node.ignoreCase ? 1 : 0);
        return;
      case "check":
        out.write(Op.check, out.list(node.groups));
        return;
      case "if":
        this.#if(node);
        return;
      case "call":
        this.#groups.call(node);
        return;
      case "keep":
        this.keep = this.#keepSlot;
        out.write(Op.save, this.keep);
        return;
      case "range":
        this.#range(node);
        return;
      case "range-clear":
        this.memoizable = false;
        out.write(Op.clearLimit);
    }
  }

  #text(node: Node & { kind: "text" }): void {
    const { out } = this;
    const plain = this.#withoutCase(node);
    if (plain.kind !== "text") out.follow(plain);
    else if (plain.text.length === 1) out.write(Op.unit, plain.text.charCodeAt(0));
    else out.write(Op.text, out.text(plain.text));
  }

  #possessive({ body, min, max, greedy }: RepeatNode): boolean {
    const single = greedy ? this.single(body) : undefined;
    if (single === undefined) return false;
    this.out.write(Op.possessive, ...single, min, Math.min(max, UNLIMITED), this.out.memo(), -1);
    return true;
  }

  #look(node: LookNode): void {
    const { out } = this;
    const behind = node.ahead ? undefined : lookBehind(node, this.lengths);
    if (behind !== undefined && "constant" in behind) {
      out.follow(behind.constant);
      return;
    }
    const before = this.#behind;
    const enter = (): void => {
      if (behind === undefined) return;
      this.#behind = true;
      if (behind.back > 0) out.write(Op.back, behind.back);
    };
    const leave = (): void => {
      this.#behind = before;
    };
    const body = behind?.body ?? node.body;
    if (node.negative) {
      const at = out.write(Op.openElse, 0);
      const end = (): void => {
        out.write(Op.cutFail);
        out.here(at + 1);
      };
      out.follow(leave, end);
      this.sometimes([enter, body]);
    } else {
      const op = behind !== undefined && behind.back > 0 ? Op.cutBehind : Op.cutBack;
      out.write(Op.open);
      out.follow(enter, body, leave, () => out.write(op));
    }
  }

  #either(branches: readonly Node[]): void {
    const { out } = this;
    const ends: number[] = [];
    const targets: number[] = [];
    const tasks: Task[] = [];
    if (branches.length > 2 && branches.length < CHAIN)
      tasks.push(() => out.write(Op.choose, out.list(targets), -1));
    for (const branch of branches.slice(0, -1)) {
      let split = 0;
      const before = (): void => {
        split = out.write(Op.split, 0, 0, out.memo(), -1);
        out.here(split + 1);
        targets.push(out.at);
      };
      const after = (): void => {
        ends.push(out.write(Op.jump, 0) + 1);
        out.here(split + 2);
      };
      tasks.push(before, branch, after);
    }
    tasks.push(() => targets.push(out.at), branches.at(-1) as Node);
    out.follow(() => {
      for (const end of ends) out.here(end);
    });
    this.sometimes(tasks);
  }

  #if(node: Node & { kind: "if" }): void {
    const { out } = this;
    const at = out.write(Op.openElse, 0);
    let jump = 0;
    const yes = (): void => {
      out.write(Op.cut);
    };
    const no = (): void => {
      jump = out.write(Op.jump, 0);
      out.here(at + 1);
    };
    out.follow(() => out.here(jump + 1));
    this.sometimes([node.condition, yes, node.yes, no, node.no]);
  }

  /** Within a range: finds its end, goes back, and looks no further than there. */
  #range(node: Node & { kind: "range" }): void {
    const { out } = this;
    this.memoizable = false;
    const start = out.register();
    const limit = out.register();
    const not: Node = { kind: "look", ahead: true, negative: true, body: node.absent };
    const step: Node = { kind: "sequence", items: [not, { kind: "dot", all: true }] };
    const steps: Node = { kind: "repeat", min: 0, max: Infinity, greedy: true, body: step };
    const begin = (): void => {
      out.write(Op.save, start);
      out.write(Op.saveLimit, limit);
    };
    if (node.body !== undefined) out.follow(node.body, () => out.write(Op.restoreLimit, limit));
    out.follow(() => out.write(Op.limitHere, start));
    this.sometimes([begin, { kind: "atomic", body: steps }]);
  }
}
