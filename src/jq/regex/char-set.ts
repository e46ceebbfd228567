import { equivalents } from "./fold.ts";
import { propertyTest, type Test } from "./properties.ts";

/** What a bracket lists: ranges (pairs of code points, both ends in) and properties. */
export interface Listed {
  readonly ranges: number[];
  readonly tests: Test[];
}

/** Pages of answers that a set keeps. */
const MAX_PAGES = 32;
const UNKNOWN = 0;
const MEMBER = 1;
const STRANGER = 2;

/**
 * A set of code points. What is below 0x80 is looked up in `ascii`; the answers for the rest are found when first asked for, and kept by
 * pages of 256.
 */
export class CharSet {
  /** 128 bytes, 1 for members. */
  readonly ascii = new Uint8Array(128);
  /** May it hold a code point from 0x80 on? */
  readonly wide: boolean;
  /** May it hold one that is two UTF-16 units? */
  readonly astral: boolean;
  readonly #test: Test;
  readonly #pages = new Map<number, Uint8Array>();
  #page: Uint8Array = new Uint8Array(0);
  #pageNumber = -1;

  constructor(test: Test, wide: boolean, astral = wide) {
    this.#test = test;
    this.wide = wide;
    this.astral = astral;
    for (let point = 0; point < 128; point++) this.ascii[point] = test(point) ? 1 : 0;
  }

  has(point: number): boolean {
    if (point < 128) return this.ascii[point] === 1;
    const number = point >> 8;
    if (number !== this.#pageNumber) this.#turnTo(number);
    let answer = this.#page[point & 255];
    if (answer === UNKNOWN) {
      answer = this.wide && this.#test(point) ? MEMBER : STRANGER;
      this.#page[point & 255] = answer;
    }
    return answer === MEMBER;
  }

  #turnTo(number: number): void {
    let page = this.#pages.get(number);
    if (page === undefined) {
      if (this.#pages.size >= MAX_PAGES) this.#pages.clear();
      page = new Uint8Array(256);
      this.#pages.set(number, page);
    }
    this.#page = page;
    this.#pageNumber = number;
  }
}

/** Ranges in order, without gaps of nothing and overlaps. */
function merge(ranges: readonly number[]): number[] {
  const pairs: [number, number][] = [];
  for (let i = 0; i < ranges.length; i += 2) pairs.push([ranges[i] as number, ranges[i + 1] as number]);
  pairs.sort((a, b) => a[0] - b[0]);
  const merged: number[] = [];
  for (const [from, to] of pairs) {
    const last = merged.length - 1;
    if (last > 0 && from <= (merged[last] as number) + 1) merged[last] = Math.max(merged[last] as number, to);
    else merged.push(from, to);
  }
  return merged;
}

function isIn(ranges: readonly number[], point: number): boolean {
  let low = 0;
  let high = ranges.length >> 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (point > (ranges[middle * 2 + 1] as number)) low = middle + 1;
    else high = middle;
  }
  return low * 2 < ranges.length && point >= (ranges[low * 2] as number);
}

/** The set that a bracket describes. With `ignoreCase`, what folds like a listed code point is listed too. */
export function makeSet(listed: Listed, negated: boolean, ignoreCase: boolean): CharSet {
  const ranges = merge(listed.ranges);
  const tests = [...new Set(listed.tests)];
  const base = (point: number): boolean => {
    if (isIn(ranges, point)) return true;
    for (const test of tests) if (test(point)) return true;
    return false;
  };
  const folded = ignoreCase ? (point: number): boolean => base(point) || equivalents(point).some(base) : base;
  const test = negated ? (point: number): boolean => !folded(point) : folded;
  const narrow = !negated && !ignoreCase && tests.length === 0 && ranges.every((point) => point < 128);
  return new CharSet((point) => (isStray(point) ? negated : test(point)), !narrow);
}

/**
 * A byte of UTF-8 that is no character stands in a text as half a surrogate pair. To brackets it is nothing; `\w` takes it for the
 * character of Latin-1.
 */
const isStray = (point: number): boolean => point >= 0xd800 && point <= 0xdfff;
const STRAY_BYTES = 0xdc00;

/** How a byte from 0x80 on stands in a text in which it is no character. */
export const strayByte = (byte: number): string => String.fromCharCode(STRAY_BYTES + byte);

/** Does such a byte stand there? */
export function isStrayByte(text: string, at: number): boolean {
  const unit = text.charCodeAt(at);
  if (!(unit >= STRAY_BYTES + 0x80 && unit < STRAY_BYTES + 0xc0)) return false;
  return at === 0 || (text.charCodeAt(at - 1) & 0xfc00) !== 0xd800;
}

/** The set of these code points. */
export const setOf = (points: readonly number[]): CharSet =>
  new CharSet(
    (point) => points.includes(point),
    points.some((point) => point > 0x7f),
    points.some((point) => point > 0xffff),
  );

const shared = new Map<string, CharSet>();

/** A set that patterns share, so that its pages are filled once. */
function sharedSet(key: string, make: () => CharSet): CharSet {
  let set = shared.get(key);
  if (set === undefined) {
    set = make();
    shared.set(key, set);
  }
  return set;
}

/** The digits that Latin-1's own table takes for word characters, and Unicode's classes do not: ²³¹¼½¾. */
const LATIN_DIGITS = [0xb2, 0xb3, 0xb9, 0xbc, 0xbd, 0xbe];

/** `\w` outside brackets, and what `\b` goes by. */
export const wordSet = (negated = false): CharSet =>
  sharedSet(negated ? "W" : "w", () => {
    const word = propertyTest("word") as Test;
    const test = (point: number): boolean => {
      const character = isStray(point) ? point - STRAY_BYTES : point;
      return word(character) || LATIN_DIGITS.includes(character);
    };
    return new CharSet(negated ? (point) => !test(point) : test, true);
  });

/** The set of a property, by its name; `undefined` where there is no such property. */
export function propertySet(name: string, negated: boolean): CharSet | undefined {
  const test = propertyTest(name);
  if (test === undefined) return undefined;
  return sharedSet(`${negated ? "^" : ""}${name}`, () =>
    makeSet({ ranges: [], tests: [test] }, negated, false),
  );
}
