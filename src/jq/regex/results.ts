import type { Runtime } from "../runtime.ts";
import { type Json, type JsonObject, writeKey } from "../value.ts";
import { add } from "../values/arithmetic.ts";
import { found, search } from "./match.ts";
import type { Program } from "./program.ts";
import { toRegex, toText } from "./regex.ts";
import { scan, type Subject } from "./scan.ts";

/** What a match of which nothing is kept but itself costs, and one of its groups, in steps. */
const MATCH_STEPS = 4;
const GROUP_STEPS = 4;

/**
 * jq's match objects, or for `testOnly` whether there is a match. Offsets and lengths are code points. Throws JqErrors for what is no
 * string, no pattern or no flag.
 */
export function matchAll(input: Json, pattern: Json, flags: Json, testOnly: boolean, rt: Runtime): Json {
  const text = toText(input);
  const regex = toRegex(pattern, flags, rt);
  if (testOnly) return search(regex.program, text, 0, text.length, 0, regex.mode, rt.meter);
  const matches: Json[] = [];
  scan(regex, text, rt, (subject) => {
    charge(regex.program, rt);
    matches.push(matchObject(regex.program, subject));
  });
  return matches;
}

function charge(program: Program, rt: Runtime): void {
  rt.meter.spend(MATCH_STEPS + GROUP_STEPS * program.groups);
}

/** The match that was found, as jq shows it. If it took nothing, its groups are shown to have taken nothing, there. */
function matchObject({ groups, memory, names }: Program, subject: Subject): JsonObject {
  const { begin, end } = found;
  const isEmpty = begin === end;
  const offset = offsetOf(subject, begin, end);
  const length = isEmpty ? 0 : subject.points(end) - offset;
  const captures: Json[] = [];
  for (let group = 1; group <= groups; group++) {
    const from = memory[group * 2 - 2] as number;
    const to = memory[group * 2 - 1] as number;
    const name = names[group] ?? null;
    if (from < 0 || to < 0) captures.push({ offset: -1, string: null, length: 0, name });
    else if (isEmpty) captures.push({ offset, string: "", length: 0, name });
    else if (from === to) captures.push({ offset: subject.points(from), string: "", length: 0, name });
    else {
      const start = offsetOf(subject, from, to);
      captures.push({
        offset: start,
        length: subject.points(to) - start,
        string: subject.slice(from, to),
        name,
      });
    }
  }
  return { offset, length, string: subject.slice(begin, end), captures };
}

/** Where a part begins. One that begins inside of a character counts from the start of the text: so does jq. */
const offsetOf = (subject: Subject, from: number, to: number): number =>
  subject.splits(from) && from !== to ? 0 : subject.points(from);

/** The named groups of the match that was found. Of several with one name the last counts. */
function namedCaptures({ names, memory }: Program, subject: Subject): JsonObject {
  const captures: JsonObject = {};
  const isEmpty = found.begin === found.end;
  for (let group = 1; group < names.length; group++) {
    const name = names[group];
    if (name === undefined) continue;
    const from = memory[group * 2 - 2] as number;
    const to = memory[group * 2 - 1] as number;
    writeKey(captures, name, from < 0 || to < 0 ? null : isEmpty ? "" : subject.slice(from, to));
  }
  return captures;
}

/** The named captures of the matches: what `capture` gives. */
export function captureAll(input: Json, pattern: Json, flags: Json, rt: Runtime): JsonObject[] {
  const text = toText(input);
  const regex = toRegex(pattern, flags, rt);
  const all: JsonObject[] = [];
  scan(regex, text, rt, (subject) => {
    charge(regex.program, rt);
    all.push(namedCaptures(regex.program, subject));
  });
  return all;
}

/** The texts of the matches, or of their groups where there are any: what `scan` gives. */
export function scanAll(input: Json, pattern: Json, flags: Json, rt: Runtime): Json[] {
  const text = toText(input);
  const regex = toRegex(pattern, flags, rt);
  const { groups, memory } = regex.program;
  const all: Json[] = [];
  scan(regex, text, rt, (subject) => {
    charge(regex.program, rt);
    if (groups === 0) {
      all.push(subject.slice(found.begin, found.end));
      return;
    }
    const isEmpty = found.begin === found.end;
    const texts: Json[] = [];
    for (let slot = 0; slot < groups * 2; slot += 2) {
      const [from, to] = [memory[slot] as number, memory[slot + 1] as number];
      texts.push(from < 0 || to < 0 ? null : isEmpty ? "" : subject.slice(from, to));
    }
    all.push(texts);
  });
  return all;
}

/** The parts of the text between the matches: what `split` with flags gives. */
export function splitAll(input: Json, pattern: Json, flags: Json, rt: Runtime): string[] {
  const text = toText(input);
  const regex = toRegex(pattern, flags, rt);
  const parts: string[] = [];
  let from = 0;
  scan(regex, text, rt, (subject) => {
    rt.meter.spend(MATCH_STEPS);
    const [begin, end] = unitBounds(subject);
    parts.push(text.slice(from, begin));
    from = end;
  });
  parts.push(text.slice(from));
  return parts;
}

/** The bounds of the match in the text itself, as jq counts them: see `bounds`. */
function unitBounds(subject: Subject): readonly [begin: number, end: number] {
  const { begin, end } = found;
  if (begin === end) return [subject.unit(begin), subject.unit(begin)];
  return [subject.splits(begin) ? 0 : subject.unit(begin), subject.unit(end)];
}

/** What replaces a match: a text, or what is made of the named captures. `captures` makes them when it is called. */
export type Replacement = string | ((captures: () => JsonObject) => Json);

/**
 * `sub` and `gsub` (by the flag `g`) with a replacement that has one output. The replacement may match texts itself, but must call
 * `captures` before that.
 */
export function replaceAll(
  input: Json,
  pattern: Json,
  flags: Json,
  replacement: Replacement,
  rt: Runtime,
): string {
  const text = toText(input);
  const regex = toRegex(pattern, flags, rt);
  const { meter } = rt;
  let result = "";
  let from = 0;
  scan(regex, text, rt, (subject) => {
    const [begin, end] = unitBounds(subject);
    const gap = text.slice(from, begin);
    const added =
      typeof replacement === "string"
        ? replacement
        : replacement(() => namedCaptures(regex.program, subject));
    from = end;
    result += typeof added === "string" ? gap + added : (add(gap, added, rt) as string);
    meter.spend(MATCH_STEPS + (typeof added === "string" ? added.length / 256 : 0));
    if (result.length > meter.maxOutput) meter.chars(result.length);
  });
  meter.chars(result.length);
  return from === 0 ? result + text : result + text.slice(from);
}
