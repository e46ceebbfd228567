import type { Pattern } from "./pattern.ts";
import type { GroupNode, Node, RepeatNode } from "./tree.ts";
import { bytesOf } from "./captured.ts";

/** How many code points a part takes, and how many instructions (roughly). */
export interface Lengths {
  readonly min: number;
  readonly max: number;
  /** Does the minimum hold whatever groups and places say? */
  readonly sure: boolean;
  readonly size: number;
  /** How many operations it is to Oniguruma. */
  readonly operations: number;
}

/** A repeat whose copies would be larger than this counts instead. */
export const MAX_COPIES = 8000;

export const NOTHING: Lengths = { min: 0, max: 0, sure: true, size: 1, operations: 0 };
const PLACE: Lengths = { min: 0, max: 0, sure: false, size: 2, operations: 1 };
const ONE: Lengths = { min: 1, max: 1, sure: true, size: 2, operations: 1 };
const UNKNOWN: Lengths = { min: 0, max: Infinity, sure: false, size: 4, operations: 1 };

/** Oniguruma repeats instructions up to this many, and counts turns above. It matters where a turn may take nothing. */
export const EXPANDED = 10;

/** The parts directly inside of one. */
export function partsOf(node: Node): readonly Node[] {
  switch (node.kind) {
    case "look":
    case "atomic":
    case "scope":
    case "group":
    case "repeat":
      return [node.body];
    case "either":
      return node.branches;
    case "sequence":
      return node.items;
    case "if":
      return [node.condition, node.yes, node.no];
    case "range":
      return node.body === undefined ? [node.absent] : [node.absent, node.body];
    default:
      return [];
  }
}

/** Lengths of all parts of a pattern, by part. */
export function measure(pattern: Pattern): (node: Node) => Lengths {
  const known = new Map<Node, Lengths>();
  const begun = new Set<Node>();
  const of = (node: Node): Lengths => known.get(node) ?? UNKNOWN;
  const open: Node[] = [pattern.root];
  for (let node = open.at(-1); node !== undefined; node = open.at(-1)) {
    const parts = known.has(node) || begun.has(node) ? [] : needs(node, pattern.groups);
    if (begun.has(node) || parts.length === 0) {
      open.pop();
      if (!known.has(node)) known.set(node, lengthsOf(node, of, pattern.groups));
    } else {
      begun.add(node);
      for (const part of parts) if (!known.has(part) && !begun.has(part)) open.push(part);
    }
  }
  return of;
}

/** What must be known first: the parts, and the groups that a reference means. */
function needs(node: Node, groups: readonly GroupNode[]): readonly Node[] {
  if (node.kind === "back") return node.groups.map((number) => groups[number] as Node);
  if (node.kind === "call") return [groups[node.number] as Node];
  return partsOf(node);
}

// oxlint-disable-next-line typescript/consistent-return -- the switch is exhaustive
function lengthsOf(node: Node, of: (node: Node) => Lengths, groups: readonly GroupNode[]): Lengths {
  switch (node.kind) {
    case "empty":
      return NOTHING;
    case "fail":
    case "keep":
    case "range-clear":
      return { ...NOTHING, operations: 1 };
    case "text": {
      let length = 0;
      for (const _ of node.text) length++;
      return {
        min: length,
        max: length,
        sure: true,
        size: node.ignoreCase ? length * 2 : 2,
        operations: node.ignoreCase ? length : runsOf(node.text),
      };
    }
    case "set":
    case "dot":
      return ONE;
    case "anchor":
    case "check":
      return PLACE;
    case "look":
      return {
        ...PLACE,
        size: of(node.body).size + 5,
        operations: of(node.body).operations + (node.ahead ? (node.negative ? 5 : 2) : node.negative ? 6 : 3),
      };
    case "atomic":
      return { ...of(node.body), operations: of(node.body).operations + 2 };
    case "scope":
      return of(node.body);
    case "group":
      return {
        ...of(node.body),
        sure: false,
        size: of(node.body).size + 4,
        operations: of(node.body).operations + (node.called ? 5 : 2),
      };
    case "call":
      return { ...of(groups[node.number] as Node), sure: false, operations: 1 };
    case "back": {
      const all = node.groups.map((number) => of(groups[number] as Node));
      return {
        ...all.map((part) => (part.min === part.max ? part : { ...part, sure: false })).reduce(merged),
        size: 3,
        operations: 1,
      };
    }
    case "either":
      return node.branches.map(of).reduce(merged);
    case "sequence":
      return node.items.map(of).reduce(added);
    case "if":
      return more(merged(added(of(node.condition), of(node.yes)), of(node.no)), 3);
    case "repeat": {
      const lengths = repeated(node, of(node.body));
      return isOnePoint(node.body) ? { ...lengths, size: 7 } : lengths;
    }
    case "range":
      return {
        ...UNKNOWN,
        size: 30 + of(node.absent).size + (node.body === undefined ? 0 : of(node.body).size),
      };
  }
}

const more = (lengths: Lengths, operations: number): Lengths => ({
  ...lengths,
  operations: lengths.operations + operations,
});

/** Stretches of characters that take equally many bytes. */
function runsOf(text: string): number {
  let runs = 0;
  let before = 0;
  for (const character of text) {
    const bytes = bytesOf(character, 0, character.length);
    if (bytes !== before) runs++;
    before = bytes;
  }
  return runs;
}

/** Is `text` one code point? */
export const isCharacter = (text: string): boolean =>
  text.length === 1 || (text.length === 2 && (text.codePointAt(0) as number) > 0xffff);

/** Is it one code point, whatever it is? */
const isOnePoint = (node: Node): boolean =>
  node.kind === "set" || node.kind === "dot" || (node.kind === "text" && isCharacter(node.text));

export const added = (a: Lengths, b: Lengths): Lengths => ({
  min: a.min + b.min,
  max: a.max + b.max,
  sure: a.sure && b.sure,
  size: a.size + b.size,
  operations: a.operations + b.operations,
});

export const merged = (a: Lengths, b: Lengths): Lengths => ({
  min: Math.min(a.min, b.min),
  max: Math.max(a.max, b.max),
  sure: a.min === b.min ? a.sure || b.sure : a.min < b.min ? a.sure : b.sure,
  size: a.size + b.size + 7,
  operations: a.operations + b.operations + 2,
});

export function repeated({ min, max, greedy, body: part }: RepeatNode, body: Lengths): Lengths {
  const times = max === Infinity ? Math.max(min, 1) : max;
  const copies = times * (body.size + 12);
  const counted = body.operations + (body.min === 0 ? 2 : 0);
  return {
    min: min === 0 ? 0 : body.min * min,
    max: max === 0 || body.max === 0 ? 0 : body.max * max,
    sure: max === 0 || body.sure,
    size: copies > MAX_COPIES ? body.size + 16 : copies,
    operations: operationsOf(min, max, greedy, part.kind === "dot", body.operations, counted),
  };
}

function operationsOf(
  min: number,
  max: number,
  greedy: boolean,
  isDot: boolean,
  body: number,
  guarded: number,
): number {
  if (max === 0 || body === 0) return 0;
  const repeats = min <= 1 || body * min <= EXPANDED;
  if (max === Infinity && repeats) {
    if (isDot && greedy) return 1 + body * min;
    return (min === 1 && body > EXPANDED ? 1 : body * min) + 2 + guarded;
  }
  if (max !== Infinity && greedy && (max === 1 || (body + 1) * max <= EXPANDED))
    return body * min + (body + 1) * (max - min);
  return min === 0 && max === 1 ? 2 + body : 2 + guarded;
}
