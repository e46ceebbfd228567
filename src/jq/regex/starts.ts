import { advance, isLow } from "./advance.ts";
import { LOOK_END, type Program, UNLIMITED } from "./program.ts";

/** The first position from `start` to `last` where a match may start, by what is known of its first characters; -1 for none. */
export function nextStart(program: Program, text: string, start: number, last: number): number {
  if (start > last || (program.anchored && start > 0)) return -1;
  if (program.prefix !== "") {
    const at = text.indexOf(program.prefix, start);
    return at > last ? -1 : at;
  }
  if (program.start < 0) return start;
  const { looks, skips } = program;
  const table = program.start << 8;
  if (skips !== undefined) return skipTo(skips, looks, table, text, start, last);
  // All that this table knows of takes a character: none starts at the end.
  const end = Math.min(last, text.length - 1);
  for (let at = start; at <= end; at++) {
    const unit = text.charCodeAt(at);
    if (looks[table + (unit < 128 ? unit : 128)] !== 0 && !(isLow(text, at) && isPair(text, at))) return at;
  }
  return -1;
}

/** The same by the last character of several that a match begins with. */
function skipTo(
  skips: Uint8Array,
  looks: Uint8Array,
  table: number,
  text: string,
  start: number,
  last: number,
): number {
  const window = skips[LOOK_END] as number;
  const end = Math.min(last, text.length - window);
  for (let at = start; at <= end;) {
    const unit = text.charCodeAt(at + window - 1);
    const skip = skips[unit < 128 ? unit : 128] as number;
    if (skip === 0) {
      const first = text.charCodeAt(at);
      if (looks[table + (first < 128 ? first : 128)] !== 0 && !(isLow(text, at) && isPair(text, at)))
        return at;
    }
    at += skip === 0 ? 1 : skip;
  }
  return -1;
}

/** Does the second half of a surrogate pair stand behind the first? */
const isPair = (text: string, at: number): boolean => at > 0 && (text.charCodeAt(at - 1) & 0xfc00) === 0xd800;

/**
 * Where to search on after no match started at `start`. A pattern that begins with a repeat without limit cannot match from within what
 * that took there either: what can come after it from there, could have come from `start`.
 */
export function afterFailure(program: Program, text: string, start: number): number {
  const { lead } = program;
  if (lead >= 0) {
    const { code } = program;
    const [kind, operand] = [code[lead + 1] as number, code[lead + 2] as number];
    const end = advance(kind, operand, text, start, text.length, UNLIMITED, program.ascii, program.sets);
    if (end > start) return end;
  }
  return start + ((text.charCodeAt(start) & 0xfc00) === 0xd800 && isLow(text, start + 1) ? 2 : 1);
}
