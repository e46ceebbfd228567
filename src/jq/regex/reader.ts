import { failure } from "./failure.ts";

/** A place in the text of a pattern, which is read by code points. -1 is its end. */
export class Reader {
  readonly text: string;
  at = 0;

  constructor(text: string) {
    this.text = text;
  }

  get done(): boolean {
    return this.at >= this.text.length;
  }

  peek(): number {
    return this.text.codePointAt(this.at) ?? -1;
  }

  next(): number {
    const point = this.text.codePointAt(this.at);
    if (point === undefined) return -1;
    this.at += point > 0xffff ? 2 : 1;
    return point;
  }

  /** Is `character` next? Then it is read. */
  take(character: string): boolean {
    if (this.text[this.at] !== character) return false;
    this.at++;
    return true;
  }

  is(character: string): boolean {
    return this.text[this.at] === character;
  }

  /** The number in decimal digits that starts here; `undefined` above 2³¹ - 1, 0 where there is no digit. */
  decimal(): number | undefined {
    let value = 0;
    for (; isDigit(this.peek()); this.at++) {
      value = value * 10 + (this.peek() - 48);
      if (value > 0x7fffffff) return undefined;
    }
    return value;
  }

  /** The number in at most `most` digits of `base` that starts here; `undefined` where there is no digit. */
  digits(base: 8 | 16, most: number): number | undefined {
    let value = 0;
    let count = 0;
    for (; count < most; count++) {
      const digit = digitOf(this.peek(), base);
      if (digit < 0) break;
      value = value * base + digit;
      if (value > 0xffffffff) throw failure("too big number");
      this.at++;
    }
    return count === 0 ? undefined : value;
  }
}

export const isDigit = (point: number): boolean => point >= 48 && point <= 57;

/** The value of a digit of `base`, -1 for what is none. */
export function digitOf(point: number, base: 8 | 16): number {
  if (base === 8) return point >= 48 && point <= 55 ? point - 48 : -1;
  if (isDigit(point)) return point - 48;
  const lower = point | 32;
  return lower >= 97 && lower <= 102 ? lower - 87 : -1;
}
