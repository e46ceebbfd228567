import { failure } from "./failure.ts";
import { Reader } from "./reader.ts";
import type { BackNode, CallNode, GroupNode, Node } from "./tree.ts";

/** Options that a pattern may switch for a part of itself. */
export interface Options {
  readonly ignoreCase: boolean;
  /** Blanks and comments in the pattern do not count. */
  readonly extended: boolean;
  /** `.` takes line feeds. */
  readonly dotAll: boolean;
  /** `^` and `$` mean the ends of the text; else those of lines. */
  readonly singleLine: boolean;
}

/** A pattern, read. */
export interface Pattern {
  readonly root: Node;
  /** Capturing groups by number; 0 is unused. */
  readonly groups: readonly GroupNode[];
  readonly names: ReadonlyMap<string, readonly number[]>;
  readonly backs: readonly BackNode[];
  readonly calls: readonly CallNode[];
}

/** Levels that count for the limit: two for a group, one for a bracket. */
const MAX_DEPTH = 4096;

/** What the parts of the parser share. */
export class Parsing {
  readonly reader: Reader;
  options: Options;
  /** Groups by number, from 1 on, `undefined` while they are open. */
  readonly groups: (GroupNode | undefined)[] = [undefined];
  readonly names = new Map<string, number[]>();
  readonly backs: { readonly groups: readonly number[] }[] = [];
  readonly calls: CallNode[] = [];
  readonly open: Frame[] = [];
  /** Brackets by their text. */
  readonly brackets = new Map<string, Node>();

  constructor(text: string, options: Options) {
    this.reader = new Reader(text);
    this.options = options;
  }

  get groupCount(): number {
    return this.groups.length - 1;
  }

  /** Opens a group, or the whole pattern. */
  push(frame: FrameStart): void {
    if (2 * this.open.length + 2 > MAX_DEPTH) throw failure("parse depth limit over");
    this.open.push({ ...frame, options: this.options, branches: [], items: [], fresh: true });
  }

  /** A new capturing group's number. */
  number(name?: string): number {
    if (this.groupCount >= MAX_GROUPS) throw failure("too many captures");
    const number = this.groups.push(undefined) - 1;
    if (name !== undefined) {
      const numbers = this.names.get(name);
      if (numbers === undefined) this.names.set(name, [number]);
      else numbers.push(number);
    }
    return number;
  }

  /** The number that a relative one means here. */
  absolute(number: number): number {
    return number > 0 ? this.groupCount + number : this.groupCount + 1 + number;
  }
}

const MAX_GROUPS = 32_767;

/** Which kind of group is open, with what it will need when it closes. */
export type FrameStart =
  | { readonly kind: "root" | "plain" | "scope" | "atomic" | "condition" | "absent" | "absent-range" }
  | { readonly kind: "group"; readonly number: number }
  | { readonly kind: "look"; readonly ahead: boolean; readonly negative: boolean }
  /** What follows a condition; `elseOnly` if there is nothing before its `|`. */
  | { readonly kind: "choice"; readonly condition: Node; readonly elseOnly: boolean };

export type Frame = FrameStart & {
  /** To be restored when it closes. */
  readonly options: Options;
  readonly branches: Node[];
  /** The parts of the branch that is being read. */
  items: Node[];
  /** Is there nothing yet that a quantifier could repeat? */
  fresh: boolean;
};
