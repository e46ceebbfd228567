import type { Meter } from "../meter.ts";
import type { Runtime } from "../runtime.ts";
import { strayByte } from "./char-set.ts";
import { bytesOf } from "./captured.ts";
import { found, LONGEST, search } from "./match.ts";
import type { Regex } from "./regex.ts";

/**
 * Where matches are counted. jq goes on one byte after a match that took nothing, which may be inside of a character. Such places
 * stand between the character and the next: there `text` has the character's last `bytes` bytes, as characters of their own, from
 * `at` on.
 */
export class Subject {
  readonly text: string;
  readonly at: number;
  readonly bytes: number;
  /** A position whose number of code points is known, as most that are asked for lie a little behind the last. */
  #unit = 0;
  #points = 0;
  /** Are positions and code points the same? */
  #flat: boolean | undefined;

  readonly #meter: Meter;

  constructor(text: string, meter: Meter, at = -1, bytes = 0) {
    this.text = text;
    this.#meter = meter;
    this.at = at;
    this.bytes = bytes;
  }

  /** Is this inside of a character? */
  splits(position: number): boolean {
    return position >= this.at && position < this.at + this.bytes;
  }

  /** The position in the text itself; behind the character for one that splits it. */
  unit(position: number): number {
    if (this.bytes === 0 || position <= this.at) return position;
    return Math.max(this.at, position - this.bytes);
  }

  /** How many code points begin before a position. */
  points(position: number): number {
    if (this.bytes === 0) {
      this.#flat ??= !/[\ud800-\udfff]/.test(this.text);
      if (this.#flat) return position;
    }
    const unit = this.unit(position);
    this.#meter.spend(Math.abs(unit - this.#unit) / 64);
    for (; this.#unit < unit; this.#unit++) if (!this.#endsPair(this.#unit)) this.#points++;
    for (; this.#unit > unit; this.#unit--) if (!this.#endsPair(this.#unit - 1)) this.#points--;
    return this.#points;
  }

  /** Is this unit of the text itself the second of a pair? */
  #endsPair(unit: number): boolean {
    const at = unit < this.at ? unit : unit + this.bytes;
    return (
      (this.text.charCodeAt(at) & 0xfc00) === 0xdc00 && (this.text.charCodeAt(at - 1) & 0xfc00) === 0xd800
    );
  }

  /** A part of the text; bytes that are no character become U+FFFD. */
  slice(from: number, to: number): string {
    if (this.bytes === 0 || to <= this.at || from >= this.at + this.bytes) return this.text.slice(from, to);
    const first = Math.max(from, this.at);
    const last = Math.min(to, this.at + this.bytes);
    return this.text.slice(from, first) + "\ufffd".repeat(last - first) + this.text.slice(last, to);
  }
}

/**
 * Visits the matches in `text`, one or all. While a visit lasts, `found` and the program's memory have the bounds of the match and its
 * groups, as positions in the subject's text.
 */
export function scan(regex: Regex, text: string, rt: Runtime, visit: (subject: Subject) => void): void {
  const { program, mode } = regex;
  const whole = new Subject(text, rt.meter);
  const find = (subject: Subject, from: number, last: number, origin: number): boolean =>
    search(program, subject.text, from, last, origin, mode, rt.meter);
  /** The next search starts at `from`, or `bytes` bytes before the end of the character that ends there. */
  let from = 0;
  let bytes = 0;
  while (from <= text.length) {
    const subject = bytes === 0 ? whole : inside(whole, from, bytes, (mode & LONGEST) !== 0, find, rt);
    if (subject === undefined || (bytes === 0 && !find(whole, from, text.length, from))) return;
    const { end } = found;
    const isEmpty = found.begin === end;
    visit(subject);
    if (!regex.global) return;
    if (subject.splits(end)) bytes = subject.at + subject.bytes - end - (isEmpty ? 1 : 0);
    else {
      from = subject.unit(end);
      bytes = 0;
      if (isEmpty) {
        if (from === text.length) return;
        const next = from + ((text.codePointAt(from) as number) > 0xffff ? 2 : 1);
        bytes = bytesOf(text, from, next) - 1;
        from = next;
      }
    }
  }
}

/**
 * Searches from `bytes` bytes before the end of the character that ends at `from`: there, at each byte after, and then in the text.
 * Which subject has the match? (None for none.) `\G` means the first of these places only.
 */
function inside(
  whole: Subject,
  from: number,
  bytes: number,
  longest: boolean,
  find: (subject: Subject, from: number, last: number, origin: number) => boolean,
  rt: Runtime,
): Subject | undefined {
  let best: Subject | undefined;
  let length = -1;
  for (let left = bytes; left >= 0; left--) {
    const subject = left === 0 ? whole : split(whole.text, from, left, rt.meter);
    rt.meter.spend(1 + (left === 0 ? 0 : subject.text.length / 64));
    if (!find(subject, from, left === 0 ? whole.text.length : from, left === bytes ? from : -1)) continue;
    const taken = bytesOf(subject.text, found.begin, found.end);
    if (longest && taken <= length) continue;
    best = subject;
    length = taken;
    if (!longest) return best;
  }
  if (best !== undefined)
    find(best, from, best === whole ? whole.text.length : from, best.bytes === bytes ? from : -1);
  return best;
}

/** The text with the last `bytes` bytes of the character that ends at `at` once more, behind it. */
function split(text: string, at: number, bytes: number, meter: Meter): Subject {
  const point = text.codePointAt(
    text.charCodeAt(at - 1) >> 10 === 0x37 && at > 1 ? at - 2 : at - 1,
  ) as number;
  let tail = "";
  for (let i = bytes - 1; i >= 0; i--) tail += strayByte(0x80 | ((point >> (6 * i)) & 0x3f));
  return new Subject(text.slice(0, at) + tail + text.slice(at), meter, at, bytes);
}
