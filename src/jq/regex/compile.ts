import { Emitter } from "./emit.ts";
import { measure } from "./lengths.ts";
import { addLooks } from "./looks.ts";
import { parsePattern } from "./parse.ts";
import type { Options } from "./pattern.ts";
import type { Program } from "./program.ts";
import { checkRecursion, resolve } from "./references.ts";

/** Compiles a pattern. Throws a JqError if it is none, or too large. */
export function compilePattern(text: string, options: Options): Program {
  const pattern = resolve(parsePattern(text, options));
  const lengths = measure(pattern);
  if (pattern.calls.length > 0) checkRecursion(pattern, lengths);
  const emitter = new Emitter(pattern, lengths);
  emitter.emit();
  const { code, sets, texts, lists, slots, memos } = emitter.out;
  const looks = addLooks(emitter.out);
  const ascii = new Uint8Array(sets.length * 128);
  for (const [i, set] of sets.entries()) ascii.set(set.ascii, i * 128);
  const groups = pattern.groups.length - 1;
  const names: (string | undefined)[] = Array.from({ length: groups + 1 });
  for (const [name, numbers] of pattern.names) for (const number of numbers) names[number] = name;
  return {
    code: Int32Array.from(code),
    sets,
    ascii,
    texts,
    lists,
    looks: looks.tables,
    groups,
    names,
    memory: new Int32Array(slots).fill(-1),
    keep: emitter.keep,
    clears: emitter.keep >= 0 || emitter.restores,
    memos: emitter.memoizable ? memos : -1,
    anchored: looks.anchored,
    prefix: looks.prefix,
    start: looks.start,
    skips: looks.skips,
    lead: emitter.memoizable ? looks.lead : -1,
    size: 500 + text.length * 2 + code.length * 4 + sets.length * 400 + looks.tables.length,
  };
}
