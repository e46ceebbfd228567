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

  constructor(text: string, at = -1, bytes = 0) {
    this.text = text;
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
    const unit = this.unit(position);
    if (unit < this.#unit) this.#unit = this.#points = 0;
    const from = this.#unit;
    const to = this.bytes === 0 || position <= this.at ? position : this.at;
    for (let i = from; i < to; i++)
      if ((this.text.charCodeAt(i) & 0xfc00) !== 0xdc00 || !this.#isPair(i)) this.#points++;
    if (unit > to) {
      const shift = this.bytes;
      for (let i = Math.max(from, to) + shift; i < unit + shift; i++)
        if ((this.text.charCodeAt(i) & 0xfc00) !== 0xdc00 || !this.#isPair(i)) this.#points++;
    }
    this.#unit = unit;
    return this.#points;
  }

  #isPair(low: number): boolean {
    return low > 0 && (this.text.charCodeAt(low - 1) & 0xfc00) === 0xd800;
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
  const whole = new Subject(text);
  /** The next search starts at `from`, or `bytes` bytes before the end of the character that ends there. */
  let from = 0;
  let bytes = 0;
  let origin = 0;
  while (from <= text.length) {
    let subject = whole;
    let last = text.length;
    if (bytes > 0) {
      subject = split(text, from, bytes);
      rt.meter.spend(1 + text.length / 64);
      last = (mode & LONGEST) === 0 ? from : subject.text.length;
    }
    if (!search(program, subject.text, from, last, origin, mode, rt.meter)) {
      if (bytes === 0) return;
      bytes--;
      origin = -1;
      continue;
    }
    const { end } = found;
    const isEmpty = found.begin === end;
    visit(subject);
    if (!regex.global) return;
    if (subject.splits(end)) bytes = from + bytes - end - (isEmpty ? 1 : 0);
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
    origin = from;
  }
}

/** The text with the last `bytes` bytes of the character that ends at `at` once more, behind it. */
function split(text: string, at: number, bytes: number): Subject {
  const point = text.codePointAt(
    text.charCodeAt(at - 1) >> 10 === 0x37 && at > 1 ? at - 2 : at - 1,
  ) as number;
  let tail = "";
  for (let i = bytes - 1; i >= 0; i--) tail += strayByte(0x80 | ((point >> (6 * i)) & 0x3f));
  return new Subject(text.slice(0, at) + tail + text.slice(at), at, bytes);
}
