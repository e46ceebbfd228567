/** Syntax tree → program. */
import { type CharSet, charSet, foldCase } from "./char-set.ts";
import type { Assertion, ParsedRegex, RegexNode } from "./node.ts";
import * as op from "./program.ts";
import type { RegexProgram } from "./program.ts";
import { firstSet, nullable, prefixOf, width } from "./shape.ts";

/** Counted repeats are written out: `(a{1,1000}){1,1000}` would be a million copies. */
const MAX_CODE = 200_000;

export class RegexTooLargeError extends Error {}

export const ASSERTIONS: readonly Assertion[] = [
  "lineStart",
  "lineEnd",
  "start",
  "end",
  "semiEnd",
  "searchStart",
  "word",
  "notWord",
];

interface Emitter {
  readonly code: number[];
  readonly sets: CharSet[];
  readonly lists: (readonly number[])[];
  readonly parsed: ParsedRegex;
  registers: number;
  memoSlots: number;
  /** Inside a look-around or an atomic group a state that succeeded may be asked again. */
  cut: number;
  /** Places to fill in with the address of a group's subroutine. */
  readonly calls: { readonly at: number; readonly group: number }[];
}

/** @throws RegexTooLargeError */
export function compileRegex(parsed: ParsedRegex): RegexProgram {
  const emitter: Emitter = {
    ...{ code: [], sets: [], lists: [], parsed, registers: 0, memoSlots: 0, cut: 0, calls: [] },
  };
  emit(emitter, parsed.root);
  emitter.code.push(op.MATCH);
  subroutines(emitter);
  const first = firstSet(parsed.root);
  return {
    code: Int32Array.from(emitter.code),
    sets: emitter.sets,
    lists: emitter.lists,
    groups: parsed.groups,
    names: parsed.names,
    registers: emitter.registers,
    memoSlots: remembers(parsed) ? emitter.memoSlots : 0,
    prefix: prefixOf(parsed.root),
    first: first === null ? null : first.ascii,
    anchored: beginsAtStart(parsed.root),
  };
}

/** What follows from a place must depend on the place alone. */
function remembers({ root, bodies }: ParsedRegex): boolean {
  const plain = (node: RegexNode): boolean => {
    switch (node.kind) {
      case "backreference":
      case "call":
      case "condition":
        return false;
      case "sequence":
      case "either":
        return node.items.every(plain);
      case "repeat":
      case "group":
      case "atomic":
      case "look":
        return plain(node.body);
      default:
        return true;
    }
  };
  return plain(root) && bodies.size >= 0;
}

function beginsAtStart(node: RegexNode): boolean {
  switch (node.kind) {
    case "assert":
      return node.what === "start";
    case "sequence":
      return node.items[0] !== undefined && beginsAtStart(node.items[0]);
    case "group":
    case "atomic":
      return beginsAtStart(node.body);
    case "either":
      return node.items.every(beginsAtStart);
    default:
      return false;
  }
}

function put(emitter: Emitter, ...numbers: number[]): number {
  if (emitter.code.length > MAX_CODE) throw new RegexTooLargeError("the regular expression is too large");
  emitter.code.push(...numbers);
  return emitter.code.length - numbers.length;
}

const slot = (emitter: Emitter): number => (emitter.cut > 0 ? -1 : emitter.memoSlots++);
const register = (emitter: Emitter): number => emitter.registers++;

function setIndex(emitter: Emitter, set: CharSet): number {
  const known = emitter.sets.indexOf(set);
  return known >= 0 ? known : emitter.sets.push(set) - 1;
}

function emit(emitter: Emitter, node: RegexNode): void {
  switch (node.kind) {
    case "empty":
      return;
    case "char":
      put(emitter, node.fold ? op.CHAR_FOLD : op.CHAR, node.fold ? foldCase(node.code) : node.code);
      return;
    case "set":
      put(emitter, op.SET, setIndex(emitter, node.set));
      return;
    case "assert":
      put(emitter, op.ASSERT, ASSERTIONS.indexOf(node.what));
      return;
    case "sequence":
      for (const item of node.items) emit(emitter, item);
      return;
    case "either":
      either(emitter, node.items);
      return;
    case "repeat":
      repeat(emitter, node);
      return;
    case "group":
      put(emitter, op.SAVE, 2 * node.index);
      emit(emitter, node.body);
      put(emitter, op.SAVE, 2 * node.index + 1);
      return;
    case "atomic": {
      const height = register(emitter);
      put(emitter, op.ATOMIC, height);
      cut(emitter, () => emit(emitter, node.body));
      put(emitter, op.ATOMIC_END, height);
      return;
    }
    case "look":
      look(emitter, node);
      return;
    case "backreference":
      put(emitter, op.REFERENCE, emitter.lists.push(node.groups) - 1, node.fold ? 1 : 0);
      return;
    case "call":
      emitter.calls.push({ at: put(emitter, op.CALL, 0) + 1, group: node.group });
      return;
    case "condition": {
      const at = put(emitter, op.CONDITION, emitter.lists.push(node.groups) - 1, 0);
      emit(emitter, node.yes);
      const jump = put(emitter, op.JUMP, 0);
      emitter.code[at + 2] = emitter.code.length;
      emit(emitter, node.no);
      emitter.code[jump + 1] = emitter.code.length;
      return;
    }
    case "keep":
      put(emitter, op.KEEP);
  }
}

function cut(emitter: Emitter, work: () => void): void {
  emitter.cut += 1;
  work();
  emitter.cut -= 1;
}

function either(emitter: Emitter, items: readonly RegexNode[]): void {
  const jumps: number[] = [];
  items.forEach((item, index) => {
    if (index === items.length - 1) return emit(emitter, item);
    const split = put(emitter, op.SPLIT, 0, 0, slot(emitter));
    emitter.code[split + 1] = emitter.code.length;
    emit(emitter, item);
    jumps.push(put(emitter, op.JUMP, 0));
    emitter.code[split + 2] = emitter.code.length;
  });
  for (const jump of jumps) emitter.code[jump + 1] = emitter.code.length;
}

/** The set that a node matches one character of; null when it is not that. */
function single(node: RegexNode): CharSet | null {
  if (node.kind === "set") return node.set;
  if (node.kind !== "char") return null;
  const { code } = node;
  if (!node.fold) return charSet((other) => other === code);
  const folded = foldCase(code);
  return charSet((other) => foldCase(other) === folded);
}

function repeat(emitter: Emitter, node: RegexNode & { kind: "repeat" }): void {
  const { body, min, max, lazy } = node;
  if (max === 0) return;
  const set = single(body);
  if (set !== null) {
    const bound = max === Infinity ? op.UNBOUNDED : max;
    if (lazy) put(emitter, op.RUN_LAZY, setIndex(emitter, set), min, bound);
    else put(emitter, op.RUN, setIndex(emitter, set), min, bound, slot(emitter), slot(emitter));
    return;
  }
  for (let count = 0; count < min; count += 1) emit(emitter, body);
  if (max === Infinity) loop(emitter, body, lazy);
  else optional(emitter, body, max - min, lazy);
}

function loop(emitter: Emitter, body: RegexNode, lazy: boolean): void {
  const checked = nullable(body) ? register(emitter) : -1;
  const start = put(emitter, op.SPLIT, 0, 0, slot(emitter));
  const inside = emitter.code.length;
  if (checked >= 0) put(emitter, op.EMPTY_START, checked);
  emit(emitter, body);
  const end = checked >= 0 ? put(emitter, op.EMPTY_END, checked, 0) : -1;
  put(emitter, op.JUMP, start);
  const exit = emitter.code.length;
  if (end >= 0) emitter.code[end + 2] = exit;
  emitter.code[start + 1] = lazy ? exit : inside;
  emitter.code[start + 2] = lazy ? inside : exit;
}

function optional(emitter: Emitter, body: RegexNode, times: number, lazy: boolean): void {
  const splits: number[] = [];
  for (let count = 0; count < times; count += 1) {
    const split = put(emitter, op.SPLIT, 0, 0, slot(emitter));
    splits.push(split);
    emitter.code[split + (lazy ? 2 : 1)] = emitter.code.length;
    emit(emitter, body);
  }
  for (const split of splits) emitter.code[split + (lazy ? 1 : 2)] = emitter.code.length;
}

function look(emitter: Emitter, node: RegexNode & { kind: "look" }): void {
  const height = register(emitter);
  register(emitter); // the position, beside the height
  const start = node.negative ? put(emitter, op.NOT_LOOK, height, 0) : put(emitter, op.LOOK, height);
  cut(emitter, () => {
    if (!node.behind) return emit(emitter, node.body);
    const here = register(emitter);
    const { min, max } = width(node.body);
    put(emitter, op.MARK, here);
    put(emitter, op.BACK, min, max === Infinity ? op.UNBOUNDED : max);
    emit(emitter, node.body);
    put(emitter, op.AT, here);
  });
  put(emitter, node.negative ? op.NOT_LOOK_END : op.LOOK_END, height);
  if (node.negative) emitter.code[start + 2] = emitter.code.length;
}

/** Groups that are called by name or number, each once, behind the program; they may call further ones. */
function subroutines(emitter: Emitter): void {
  const addresses = new Map<number, number>();
  cut(emitter, () => {
    for (let at = 0; at < emitter.calls.length; at += 1) {
      const call = emitter.calls[at];
      if (call === undefined) continue;
      let address = addresses.get(call.group);
      if (address === undefined) {
        address = emitter.code.length;
        addresses.set(call.group, address);
        const body = emitter.parsed.bodies.get(call.group);
        if (call.group > 0) put(emitter, op.SAVE, 2 * call.group);
        if (body !== undefined) emit(emitter, body);
        if (call.group > 0) put(emitter, op.SAVE, 2 * call.group + 1);
        put(emitter, op.RETURN);
      }
      emitter.code[call.at] = address;
    }
  });
}
