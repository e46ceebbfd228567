import { addKind, addSet, addUnit, addAny, type First } from "./first.ts";
import type { CharSet } from "./char-set.ts";
import { skipsOf } from "./skips.ts";
import { CHAIN, LENGTHS, LOOK_END, LOOK_SIZE, Op, Place, UNLIMITED } from "./program.ts";

/** Instructions that are followed to see what may come next, and tables that are made, at most. */
const MAX_VISITS = 60;
const MAX_TABLES = 400;

/** What is known of a program's start, and tables that spare its instructions ways which cannot succeed. */
export interface Looks {
  readonly tables: Uint8Array;
  readonly start: number;
  readonly anchored: boolean;
  readonly prefix: string;
  readonly lead: number;
  readonly skips: Uint8Array | undefined;
}

export interface Parts {
  readonly code: number[];
  readonly sets: readonly CharSet[];
  readonly texts: readonly string[];
  readonly lists: (readonly number[])[];
}

/** Looks ahead from each branching, and writes into the instructions what it saw. */
export function addLooks(parts: Parts): Looks {
  const { code } = parts;
  const tables: Uint8Array[] = [];
  let tries = 0;
  for (let pc = 0; pc < code.length && tries < MAX_TABLES; pc += LENGTHS[code[pc] as number] as number) {
    const op = code[pc];
    if (op === Op.split || op === Op.choose || op === Op.greedy || op === Op.lazy) tries++;
    if (op === Op.split) {
      const table = splitTable(parts, code[pc + 1] as number, code[pc + 2] as number);
      if (table !== undefined) code[pc + 4] = tables.push(table) - 1;
    } else if (op === Op.choose) {
      const table = choiceTable(parts, parts.lists[code[pc + 1] as number] as readonly number[]);
      if (table !== undefined) code[pc + 2] = tables.push(table) - 1;
    } else if (op === Op.greedy || op === Op.lazy) {
      const next = firstOf(parts, pc + 7);
      if (next === undefined) continue;
      if (op === Op.greedy && excludes(parts, pc, next)) code[pc] = Op.possessive;
      code[pc + 6] = tables.push(next) - 1;
    }
  }
  const first = firstOf(parts, 0);
  const start = first === undefined ? -1 : tables.push(first) - 1;
  const joined = new Uint8Array(tables.length * LOOK_SIZE);
  for (const [i, table] of tables.entries()) joined.set(table, i * LOOK_SIZE);
  const prefix = prefixOf(parts);
  const skips = prefix.length > 1 ? undefined : skipsOf(parts);
  return { tables: joined, start, skips, anchored: isAnchored(code), prefix, lead: leadOf(code) };
}

/** 1: the first way may succeed, 2: the second, 3: both. */
function splitTable(parts: Parts, first: number, second: number): Uint8Array | undefined {
  const one = firstOf(parts, first);
  const other = firstOf(parts, second);
  if (one === undefined && other === undefined) return undefined;
  const table = new Uint8Array(LOOK_SIZE);
  for (let i = 0; i <= LOOK_END; i++) table[i] = (one?.[i] ?? 1) | ((other?.[i] ?? 1) << 1);
  return table;
}

/** By next character: 0 for no target, CHAIN for several, else the target's number in the list + 1. */
function choiceTable(parts: Parts, targets: readonly number[]): Uint8Array | undefined {
  const table = new Uint8Array(LOOK_SIZE);
  for (const [number, target] of targets.entries()) {
    const first = firstOf(parts, target);
    if (first === undefined) return undefined;
    for (let i = 0; i <= LOOK_END; i++) if (first[i] === 1) table[i] = table[i] === 0 ? number + 1 : CHAIN;
  }
  return table;
}

/**
 * `undefined`: anything, or too long to tell. What follows an atomic part or a look is not asked for inside of it, as it has no say
 * in which way the part takes.
 */
function firstOf({ code, sets, texts }: Parts, from: number): First | undefined {
  const table = new Uint8Array(LOOK_SIZE);
  const seen = new Set<number>();
  const open = [from];
  for (let pc = open.pop(); pc !== undefined; pc = open.pop()) {
    if (seen.has(pc)) continue;
    seen.add(pc);
    if (seen.size > MAX_VISITS) return undefined;
    const op = code[pc] as number;
    switch (op) {
      case Op.unit:
        addUnit(table, code[pc + 1] as number);
        break;
      case Op.text:
        addUnit(table, (texts[code[pc + 1] as number] as string).charCodeAt(0));
        break;
      case Op.set:
        addSet(table, sets[code[pc + 1] as number] as CharSet);
        break;
      case Op.dot:
      case Op.all:
        addAny(table, op === Op.all);
        break;
      case Op.greedy:
      case Op.lazy:
      case Op.possessive:
        addKind(table, code[pc + 1] as number, code[pc + 2] as number, sets);
        if (code[pc + 3] === 0) open.push(pc + 7);
        break;
      case Op.jump:
        open.push(code[pc + 1] as number);
        break;
      case Op.choose:
        open.push(pc + 3);
        break;
      case Op.split:
        open.push(code[pc + 1] as number, code[pc + 2] as number);
        break;
      case Op.leaveIfEmpty:
        open.push(pc + 3, code[pc + 2] as number);
        break;
      case Op.save:
      case Op.saveOnce:
      case Op.begin:
      case Op.at:
      case Op.open:
        open.push(pc + (LENGTHS[op] as number));
        break;
      case Op.fail:
        break;
      default:
        return undefined;
    }
  }
  return table;
}

/** Can nothing that the repeat at `pc` takes be what comes next? Then it need not give back. */
function excludes({ code, sets }: Parts, pc: number, next: First): boolean {
  const own = new Uint8Array(LOOK_SIZE);
  addKind(own, code[pc + 1] as number, code[pc + 2] as number, sets);
  for (let i = 0; i < LOOK_END; i++) if (own[i] === 1 && next[i] === 1) return false;
  return true;
}

/** Must a match start where the text does? Seen only if all else before that takes no text and no other way. */
function isAnchored(code: readonly number[]): boolean {
  let pc = 0;
  while (code[pc] === Op.save || code[pc] === Op.saveOnce || code[pc] === Op.open)
    pc += LENGTHS[code[pc] as number] as number;
  return code[pc] === Op.at && code[pc + 1] === Place.textStart;
}

function leadOf(code: readonly number[]): number {
  let pc = 0;
  while (code[pc] === Op.save || code[pc] === Op.saveOnce) pc += 2;
  const repeats = code[pc] === Op.greedy || code[pc] === Op.lazy || code[pc] === Op.possessive;
  return repeats && code[pc + 4] === UNLIMITED ? pc : -1;
}

function prefixOf({ code, texts }: Parts): string {
  let pc = 0;
  let prefix = "";
  for (;;) {
    const op = code[pc];
    if (op === Op.unit) prefix += String.fromCharCode(code[pc + 1] as number);
    else if (op === Op.text) prefix += texts[code[pc + 1] as number] as string;
    else if (!TAKES_NOTHING.has(op as number)) return prefix;
    pc += LENGTHS[op as number] as number;
  }
}

const TAKES_NOTHING: ReadonlySet<number> = new Set([Op.save, Op.saveOnce, Op.begin, Op.at, Op.open]);
