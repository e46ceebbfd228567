/**
 * Case folding as Unicode's CaseFolding.txt has it (statuses C and F), derived from the case mappings that JavaScript knows.
 */

/** Code points whose fold is two or three code points: these ranges hold them all, and few others. */
const MANY_RANGES = [
  0xdf, 0xdf, 0x130, 0x130, 0x149, 0x149, 0x1f0, 0x1f0, 0x390, 0x390, 0x3b0, 0x3b0, 0x587, 0x587, 0x1e96,
  0x1e9a, 0x1e9e, 0x1e9e, 0x1f50, 0x1f56, 0x1f80, 0x1ffc, 0xfb00, 0xfb06, 0xfb13, 0xfb17,
];

/** Code points that fold to another one although that one's upper case is a third. */
const IRREGULAR = [
  0xb5, 0x17f, 0x345, 0x1c5, 0x1c8, 0x1cb, 0x1f2, 0x3c2, 0x3d0, 0x3d1, 0x3d5, 0x3d6, 0x3f0, 0x3f1, 0x3f4,
  0x3f5, 0x1c80, 0x1c81, 0x1c82, 0x1c83, 0x1c84, 0x1c85, 0x1c86, 0x1c87, 0x1c88, 0x1e9b, 0x1fbe, 0x2126,
  0x212a, 0x212b,
];

/** ẞ folds like ß, and ı to itself: JavaScript maps both otherwise. */
const SHARP_S = 0x1e9e;
const DOTLESS_I = 0x131;

const onePoint = (text: string): number | undefined => {
  const point = text.codePointAt(0) as number;
  return text.length === (point > 0xffff ? 2 : 1) ? point : undefined;
};

/** The fold of a code point that folds to one; itself where it folds to several. */
export function foldOne(point: number): number {
  if (point < 0x80) return point >= 65 && point <= 90 ? point + 32 : point;
  // Cherokee folds to its capitals.
  if (point >= 0x13a0 && point <= 0x13fd) return point >= 0x13f8 ? point - 8 : point;
  if (point >= 0xab70 && point <= 0xabbf) return point - 0xab70 + 0x13a0;
  if (point === DOTLESS_I || manyFolds().has(point)) return point;
  const upper = onePoint(String.fromCodePoint(point).toUpperCase());
  if (upper === undefined) return point;
  return onePoint(String.fromCodePoint(upper).toLowerCase()) ?? point;
}

/** The fold of any code point, one to three. */
export const fold = (point: number): readonly number[] => manyFolds().get(point) ?? [foldOne(point)];

/** All code points that fold to the same one as `point`, itself included. */
export function equivalents(point: number): number[] {
  const folded = foldOne(point);
  const found = new Set([point, folded]);
  const capital = onePoint(String.fromCodePoint(folded).toUpperCase());
  for (const other of [capital, smallCherokee(folded), ...(irregular().get(folded) ?? [])])
    if (other !== undefined && foldOne(other) === folded) found.add(other);
  return [...found];
}

function smallCherokee(point: number): number | undefined {
  if (point < 0x13a0 || point > 0x13f5) return undefined;
  return point >= 0x13f0 ? point + 8 : point - 0x13a0 + 0xab70;
}

let irregularFolds: Map<number, number[]> | undefined;

function irregular(): Map<number, number[]> {
  if (irregularFolds === undefined) {
    irregularFolds = new Map();
    for (const point of IRREGULAR) append(irregularFolds, foldOne(point), point);
  }
  return irregularFolds;
}

function append<Key>(map: Map<Key, number[]>, key: Key, point: number): void {
  const points = map.get(key);
  if (points === undefined) map.set(key, [point]);
  else points.push(point);
}

let folds: Map<number, number[]> | undefined;

/** The folds of several code points, by what folds to them. */
export function manyFolds(): ReadonlyMap<number, readonly number[]> {
  if (folds !== undefined) return folds;
  folds = new Map();
  for (let i = 0; i < MANY_RANGES.length; i += 2)
    for (let point = MANY_RANGES[i] as number; point <= (MANY_RANGES[i + 1] as number); point++) {
      const text = point === SHARP_S ? "ss" : String.fromCodePoint(point).toUpperCase().toLowerCase();
      // A final sigma is none of a fold's.
      const points = Array.from(text, (character) => character.codePointAt(0) as number);
      if (points.length > 1) folds.set(point, points);
    }
  return folds;
}

let unfolds: Map<string, number[]> | undefined;

/** What folds to these two or three code points (themselves folded already). */
export function unfoldsOf(points: readonly number[]): readonly number[] {
  if (unfolds === undefined) {
    unfolds = new Map();
    for (const [point, folded] of manyFolds()) append(unfolds, folded.join(), point);
  }
  return unfolds.get(points.join()) ?? [];
}
