/** `match`, `test` and their kin: from an expression and flags to jq's match objects (offsets in code points). */
import { JqError, limitError } from "../errors.ts";
import type { Runtime } from "../runtime.ts";
import type { Json, JsonObject } from "../value.ts";
import { compileRegex, RegexTooLargeError } from "./compile.ts";
import { type Captures, Matcher, type MatchOptions } from "./match.ts";
import { RegexSyntaxError } from "./node.ts";
import { parseRegex } from "./parse.ts";
import type { RegexProgram } from "./program.ts";

interface Compiled {
  readonly program: RegexProgram;
  /** Its scratch memory; matching calls nothing that could match again. */
  readonly matcher: Matcher;
  readonly global: boolean;
}

/** Expressions that were compiled last: compiling is pure, so all runs may share them. */
const cache = new Map<string, Map<string, Compiled>>();
const MAX_CACHED = 256;
/** All eight and a few twice: flags are few, and nobody fills the memory with them. */
const MAX_FLAGS = 12;
/** Longer ones are not kept. */
const MAX_KEPT = 2000;

function compiled(source: string, flags: string, rt: Runtime): Compiled {
  const known = cache.get(source)?.get(flags);
  if (known !== undefined) return known;
  rt.meter.spend(2 + source.length);
  const has = (letter: string): boolean => flags.includes(letter);
  for (const letter of flags)
    if (!"gimxspln".includes(letter) || letter === "m")
      throw new JqError(`${flags} is not a valid modifier string`);
  const program = programOf(source, {
    ...{ ignoreCase: has("i"), extended: has("x"), dotAll: has("p"), lines: false },
  });
  const options: MatchOptions = { longest: has("l"), notEmpty: has("n") };
  const result = { program, matcher: new Matcher(program, options), global: has("g") };
  if (source.length > MAX_KEPT || flags.length > MAX_FLAGS) return result;
  const others = cache.get(source);
  if (others !== undefined) others.set(flags, result);
  else {
    if (cache.size >= MAX_CACHED) cache.delete(cache.keys().next().value ?? "");
    cache.set(source, new Map([[flags, result]]));
  }
  return result;
}

function programOf(source: string, options: Parameters<typeof parseRegex>[1]): RegexProgram {
  try {
    return compileRegex(parseRegex(source, options));
  } catch (error) {
    if (error instanceof RegexSyntaxError) throw new JqError(`Regex failure: ${error.message}`);
    if (error instanceof RegexTooLargeError)
      throw limitError("instructions of a regular expression", 200_000);
    throw error;
  }
}

/** Calls `each` with the positions (UTF-16) of every match, in order, until it answers false. */
function eachMatch(
  { program, matcher, global }: Compiled,
  text: string,
  each: (captures: Captures) => boolean,
): void {
  let from = 0;
  while (from <= text.length) {
    const found = matcher.search(from);
    if (found === null || !each(found) || !global) return;
    const [start = 0, end = 0] = found;
    if (end > start) {
      from = end;
      continue;
    }
    // jq goes on one byte behind an empty match, also inside a character: an empty match is found there once more.
    const code = text.codePointAt(end);
    from = end + (code !== undefined && code > 0xffff ? 2 : 1);
    const inside = code === undefined || code < 0x80 ? 0 : code < 0x800 ? 1 : code < 0x10000 ? 2 : 3;
    if (inside === 0) continue;
    const next = matcher.search(from);
    if (next === null || next[0] !== from || next[1] !== from || !emptyAnywhere(program)) continue;
    for (let count = 0; count < inside; count += 1) if (!each(next)) return;
  }
}

/** Could it match inside a character too? Not when it asks where it is. */
const emptyAnywhere = ({ code }: RegexProgram): boolean => code.length > 0 && code[0] !== 7;

export function matchAll(input: string, source: string, flags: string, testOnly: boolean, rt: Runtime): Json {
  const regex = compiled(source, flags, rt);
  regex.matcher.begin(input, rt);
  if (testOnly) return regex.matcher.search(0) !== null;
  const matches: Json[] = [];
  const points = new CodePoints(input);
  eachMatch(regex, input, (captures) => {
    rt.meter.items(4 * captures.length);
    matches.push(matchObject(input, captures, regex.program, points));
    return true;
  });
  return matches;
}

/** Turns positions of a text into code points, quickest when they only grow. */
class CodePoints {
  readonly #text: string;
  #position = 0;
  #count = 0;

  constructor(text: string) {
    this.#text = text;
  }

  at(position: number): number {
    if (position < this.#position) {
      this.#position = 0;
      this.#count = 0;
    }
    while (this.#position < position) {
      const code = this.#text.codePointAt(this.#position) ?? 0;
      this.#position += code > 0xffff ? 2 : 1;
      this.#count += 1;
    }
    return this.#count;
  }
}

function matchObject(
  text: string,
  captures: Captures,
  program: RegexProgram,
  points: CodePoints,
): JsonObject {
  const [start = 0, end = 0] = captures;
  const offset = points.at(start);
  const string = text.slice(start, end);
  // Groups lie near the match: a count of their own keeps the one for matches from going back.
  const near = (position: number): number =>
    position >= start ? offset + countPoints(text, start, position) : new CodePoints(text).at(position);
  const groups: Json[] = [];
  for (let group = 1; group <= program.groups; group += 1) {
    const from = captures[2 * group] ?? -1;
    const to = captures[2 * group + 1] ?? -1;
    const name = program.names[group - 1] ?? null;
    groups.push(
      from < 0 || to < 0
        ? { offset: -1, length: 0, string: null, name }
        : { offset: near(from), length: countPoints(text, from, to), string: text.slice(from, to), name },
    );
  }
  return { offset, length: countPoints(text, start, end), string, captures: groups };
}

function countPoints(text: string, from: number, to: number): number {
  let count = 0;
  for (let at = from; at < to; at += (text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1) count += 1;
  return count;
}
