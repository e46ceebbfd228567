import type { CharSet } from "./char-set.ts";

/** How many code points the last call of `advance` took. */
export let taken = 0;

/** From `pos` over at most `most` code points that a repeat takes (`Kind` and operand of its instruction), up to `limit`. */
export function advance(
  kind: number,
  operand: number,
  text: string,
  pos: number,
  limit: number,
  most: number,
  ascii: Uint8Array,
  sets: readonly CharSet[],
): number {
  let at = pos;
  let left = most;
  switch (kind) {
    case 0: // unit
      while (left > 0 && at < limit && text.charCodeAt(at) === operand) {
        at++;
        left--;
      }
      break;
    case 1: {
      // set
      const base = operand << 7;
      while (left > 0 && at < limit) {
        const unit = text.charCodeAt(at);
        if (unit < 128) {
          if (ascii[base + unit] === 0) break;
          at++;
        } else {
          const set = sets[operand] as CharSet;
          if (!set.wide) break;
          const point = text.codePointAt(at) as number;
          if (!set.has(point)) break;
          at += point > 0xffff ? 2 : 1;
        }
        left--;
      }
      break;
    }
    default: // dot, all
      while (left > 0 && at < limit) {
        const unit = text.charCodeAt(at);
        if (unit === 10 && kind === 2) break;
        at += (unit & 0xfc00) === 0xd800 && isLow(text, at + 1) ? 2 : 1;
        left--;
      }
  }
  taken = most - left;
  return at > limit ? limit : at;
}

/** Is there the second half of a surrogate pair? */
export const isLow = (text: string, at: number): boolean => (text.charCodeAt(at) & 0xfc00) === 0xdc00;

/** One code point back from `pos`. */
export function stepBack(text: string, pos: number): number {
  const before = pos - 1;
  return before > 0 && isLow(text, before) && (text.charCodeAt(before - 1) & 0xfc00) === 0xd800
    ? before - 1
    : before;
}
