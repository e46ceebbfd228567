import type { CharSet } from "./char-set.ts";
import { addAny, addKind, addSet, addUnit, type First } from "./first.ts";
import { Kind, LENGTHS, LOOK_END, LOOK_SIZE, LOOK_WIDE, Op, UNLIMITED } from "./program.ts";

/** UTF-16 units at the beginning of a match that are looked at together, and places in the program that are followed for it, at most. */
const MAX_WINDOW = 6;
const MAX_PLACES = 40;

/** A place in a program, and how often the repeat there has taken something. */
type Place = readonly [pc: number, times: number];

interface Parts {
  readonly code: readonly number[];
  readonly sets: readonly CharSet[];
  readonly texts: readonly string[];
}

/**
 * How far a search may go on, by the last of the units that a match must begin with: 0 if it may be the last. LOOK_END has how many
 * these are. `undefined` if there are not at least two.
 */
export function skipsOf(parts: Parts): Uint8Array | undefined {
  const window = windowOf(parts);
  if (window.length < 2) return undefined;
  const skips = new Uint8Array(LOOK_SIZE);
  for (let unit = 0; unit <= LOOK_WIDE; unit++) {
    let skip = window.length;
    for (const [i, table] of window.entries()) if (table[unit] === 1) skip = window.length - 1 - i;
    skips[unit] = skip;
  }
  // Not worth it where most characters may be the last.
  if (skips.subarray(32, 127).filter((skip) => skip > 0).length < 40) return undefined;
  skips[LOOK_END] = window.length;
  return skips;
}

/** What may be the first, second, … unit of a match, as far as all matches have that many. */
function windowOf(parts: Parts): First[] {
  const window: First[] = [];
  let places: Place[] = [[0, 0]];
  /** Places behind two units, the second of which ends a surrogate pair. */
  let later: Place[] = [];
  while (window.length < MAX_WINDOW) {
    const table = new Uint8Array(LOOK_SIZE);
    const next: Place[] = [];
    const afterNext: Place[] = [];
    if (later.length > 0) table[LOOK_WIDE] = 1;
    next.push(...later);
    if (!step(parts, places, table, next, afterNext) || next.length + afterNext.length > MAX_PLACES) break;
    window.push(table);
    places = next;
    later = afterNext;
  }
  return window;
}

/** Adds what may come next at these places, and where it leads. False if one of them may be a match's end, or cannot be followed. */
function step(
  parts: Parts,
  places: readonly Place[],
  table: First,
  next: Place[],
  afterNext: Place[],
): boolean {
  const { code, sets, texts } = parts;
  const open = [...places];
  const seen = new Set<number>();
  const takes = (place: Place, isAstral: boolean): void => {
    next.push(place);
    if (isAstral) afterNext.push(place);
  };
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    const [pc, times] = at;
    const key = pc * 16 + times;
    if (seen.has(key)) continue;
    seen.add(key);
    if (seen.size > MAX_PLACES) return false;
    const op = code[pc] as number;
    const first = code[pc + 1] as number;
    switch (op) {
      case Op.unit:
        addUnit(table, first);
        takes([pc + 2, 0], false);
        break;
      case Op.text: {
        const text = texts[first] as string;
        addUnit(table, text.charCodeAt(times));
        takes(times + 1 < text.length && times < 15 ? [pc, times + 1] : [pc + 2, 0], false);
        break;
      }
      case Op.set:
        addSet(table, sets[first] as CharSet);
        takes([pc + 2, 0], (sets[first] as CharSet).astral);
        break;
      case Op.dot:
      case Op.all:
        addAny(table, op === Op.all);
        takes([pc + 1, 0], true);
        break;
      case Op.greedy:
      case Op.lazy:
      case Op.possessive: {
        const operand = code[pc + 2] as number;
        const [min, max] = [code[pc + 3] as number, code[pc + 4] as number];
        if (times >= min) open.push([pc + 7, 0]);
        if (times === max) break;
        addKind(table, first, operand, sets);
        const isAstral = first === Kind.set ? (sets[operand] as CharSet).astral : first !== Kind.unit;
        const more = max === UNLIMITED ? Math.min(times + 1, Math.max(min, 1)) : times + 1;
        takes([pc, Math.min(more, 15)], isAstral);
        break;
      }
      case Op.jump:
        open.push([first, 0]);
        break;
      case Op.choose:
        open.push([pc + 3, 0]);
        break;
      case Op.split:
        open.push([first, 0], [code[pc + 2] as number, 0]);
        break;
      case Op.leaveIfEmpty:
        open.push([pc + 3, 0], [code[pc + 2] as number, 0]);
        break;
      case Op.save:
      case Op.saveOnce:
      case Op.begin:
      case Op.at:
        open.push([pc + (LENGTHS[op] as number), 0]);
        break;
      case Op.fail:
        break;
      default:
        return false;
    }
  }
  return true;
}
