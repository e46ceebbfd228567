import type { Runtime } from "../../runtime.ts";
import { type Json, type JsonObject, writeKey } from "../../value.ts";
import { index } from "../../values/access.ts";
import { add, joinTexts } from "../../values/arithmetic.ts";
import { isFlat } from "../../values/text.ts";

/** A text that is taken apart from its beginning to its end, by numbers of code points. */
class Cursor {
  private readonly text: string;
  /** Are offsets of code points those of UTF-16 units too? */
  private readonly flat: boolean;
  private at = 0;
  private point = 0;

  constructor(text: string, rt: Runtime) {
    this.text = text;
    this.flat = isFlat(text);
    rt.meter.spend(text.length / 256);
  }

  /** What lies between the last place and the code point `point`. */
  upTo(point: number): string {
    const from = this.at;
    if (this.flat) this.at = point;
    else
      for (; this.point < point && this.at < this.text.length; this.point++)
        this.at += (this.text.codePointAt(this.at) as number) > 0xffff ? 2 : 1;
    return this.text.slice(from, this.at);
  }

  rest(): string {
    return this.text.slice(this.at);
  }
}

/** Where a match begins and ends, in code points. */
const boundsOf = (match: Json): readonly [number, number] => {
  const { offset, length } = match as { offset: number; length: number };
  return [offset, offset + length];
};

/** The named captures of a match, as an object. */
export function capturesOf(match: Json, rt: Runtime): JsonObject {
  const captures = index(match, "captures", rt) as Json[];
  const named: JsonObject = {};
  for (const capture of captures) {
    const { name, string } = capture as JsonObject;
    if (typeof name === "string") writeKey(named, name, string ?? null);
  }
  return named;
}

/** The parts of `text` between the matches. */
export function between(matches: Json, text: Json, rt: Runtime): Json[] {
  const cursor = new Cursor(text as string, rt);
  rt.meter.items((matches as Json[]).length);
  const parts: Json[] = [];
  for (const match of matches as Json[]) {
    const [start, end] = boundsOf(match);
    parts.push(cursor.upTo(start));
    cursor.upTo(end);
  }
  parts.push(cursor.rest());
  return parts;
}

/** What a match is replaced with; `undefined`: nothing, and what stands before it is dropped with it, as in jq. */
type Replacement = (match: Json) => Json | undefined;

/** `text` with every match replaced. Without a single replacement, it stays as it is. */
export function replaceEach(
  text: string,
  matches: readonly Json[],
  replacement: Replacement,
  rt: Runtime,
): string {
  const cursor = new Cursor(text, rt);
  let result: string | undefined;
  for (const match of matches) {
    if (--rt.meter.left < 0) rt.meter.spend(0);
    const [start, end] = boundsOf(match);
    const gap = cursor.upTo(start);
    cursor.upTo(end);
    const inserted = replacement(match);
    if (inserted === undefined) continue;
    const piece = typeof inserted === "string" ? gap + inserted : (add(gap, inserted, rt) as string);
    result = result === undefined ? piece : joinTexts(result, piece, rt);
  }
  return result === undefined ? text : joinTexts(result, cursor.rest(), rt);
}

/** The same with any number of replacements for each match: one result for the first of each, one for the second, … */
export function replaced(text: Json, matches: Json, replacements: Json, rt: Runtime): Json[] {
  const lists = replacements as Json[][];
  const most = lists.reduce((count, list) => Math.max(count, list.length), 0);
  if (most === 0) return [text];
  return Array.from({ length: most }, (_, i) => {
    let at = 0;
    return replaceEach(text as string, matches as Json[], () => lists[at++]?.[i], rt);
  });
}
