import { isLow } from "./advance.ts";
import type { Program } from "./program.ts";

/** The first position from `start` to `last` where a match may start, by what is known of its first characters; -1 for none. */
export function nextStart(program: Program, text: string, start: number, last: number): number {
  if (start > last || (program.anchored && start > 0)) return -1;
  if (program.prefix !== "") {
    const at = text.indexOf(program.prefix, start);
    return at > last ? -1 : at;
  }
  if (program.start < 0) return start;
  const { looks } = program;
  const table = program.start << 8;
  // All that this table knows of takes a character: none starts at the end.
  const end = Math.min(last, text.length - 1);
  for (let at = start; at <= end; at++) {
    const unit = text.charCodeAt(at);
    if (looks[table + (unit < 128 ? unit : 128)] !== 0 && !(isLow(text, at) && isPair(text, at))) return at;
  }
  return -1;
}

/** Does the second half of a surrogate pair stand behind the first? */
const isPair = (text: string, at: number): boolean => at > 0 && (text.charCodeAt(at - 1) & 0xfc00) === 0xd800;
