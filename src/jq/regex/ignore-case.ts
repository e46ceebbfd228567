import { setOf } from "./char-set.ts";
import { equivalents, fold, foldOne, unfoldsOf } from "./fold.ts";
import { eitherOf, type Node, sequenceOf } from "./tree.ts";

/**
 * What matches `text` without regard to case: characters that fold alike, and where several fold to one (`ss`, ß) either. In
 * look-behinds (`singly`) each character stays one.
 */
export function withoutCase(text: string, singly: boolean): Node {
  const points = Array.from(text, (character) => character.codePointAt(0) as number);
  const items: Node[] = [];
  for (let i = 0; i < points.length;) {
    const several = singly ? undefined : (joined(points, i, 3) ?? joined(points, i, 2));
    items.push(several?.node ?? onePoint(points[i] as number, singly));
    i += several?.length ?? 1;
  }
  return sequenceOf(items);
}

/** The next `length` points, if they are what other code points fold to. */
function joined(
  points: readonly number[],
  from: number,
  length: 2 | 3,
): { node: Node; length: number } | undefined {
  if (from + length > points.length) return undefined;
  const folded = points.slice(from, from + length).map(foldOne);
  const unfolds = unfoldsOf(folded);
  if (unfolds.length === 0) return undefined;
  return { node: eitherOf([sequenceOf(folded.map(alike)), { kind: "set", set: setOf(unfolds) }]), length };
}

function onePoint(point: number, singly: boolean): Node {
  const folded = fold(point);
  if (folded.length === 1) return alike(point);
  const others: Node = { kind: "set", set: setOf(unfoldsOf(folded)) };
  return singly ? others : eitherOf([others, sequenceOf(folded.map(alike))]);
}

function alike(point: number): Node {
  const points = equivalents(point);
  if (points.length === 1) return { kind: "text", text: String.fromCodePoint(point), ignoreCase: false };
  return { kind: "set", set: setOf(points) };
}
