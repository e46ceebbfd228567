/** Bracket expressions, escapes and properties. */
import {
  type CharSet,
  charSet,
  DIGIT,
  foldSet,
  inSet,
  negated,
  posixClass,
  property,
  SPACE,
  WORD,
} from "./char-set.ts";
import { RegexSyntaxError } from "./node.ts";
import type { Reader } from "./reader.ts";

type Test = (code: number) => boolean;

/** Behind the opening bracket. */
export function parseClass(reader: Reader, ignoreCase: boolean): CharSet {
  const not = reader.take("^");
  const tests: Test[] = [];
  let first = true;
  for (;;) {
    if (reader.atEnd()) throw new RegexSyntaxError("premature end of char-class");
    if (reader.peek() === "]" && !first) break;
    if (reader.peek() === "]" && !reader.rest().slice(1).includes("]"))
      throw new RegexSyntaxError("empty char-class");
    first = false;
    const item = classItem(reader);
    if (typeof item !== "number") {
      tests.push(item);
      continue;
    }
    const range = rangeEnd(reader);
    if (range === null) tests.push((code) => code === item);
    else {
      if (range < item) throw new RegexSyntaxError("empty range in char class");
      tests.push((code) => code >= item && code <= range);
    }
  }
  reader.next();
  const union = charSet((code) => tests.some((test) => test(code)));
  const folded = ignoreCase ? foldSet(union) : union;
  return not ? negated(folded) : folded;
}

/** The end of `a-z`; null when what follows is no range. */
function rangeEnd(reader: Reader): number | null {
  const rest = reader.rest();
  if (!rest.startsWith("-") || rest.startsWith("-]") || rest.length < 2) return null;
  reader.next();
  const end = classItem(reader);
  if (typeof end !== "number") throw new RegexSyntaxError("char-class value at end of range");
  return end;
}

const NAMED: Readonly<Record<string, CharSet>> = {
  d: DIGIT,
  D: negated(DIGIT),
  s: SPACE,
  S: negated(SPACE),
  w: WORD,
  W: negated(WORD),
};

function classItem(reader: Reader): number | Test {
  const posix = /^\[:(\^?)([a-zA-Z]+):\]/.exec(reader.rest());
  if (posix !== null) {
    const [whole, not, name = ""] = posix;
    const test = posixClass(name);
    if (test === null) throw new RegexSyntaxError("invalid POSIX bracket type");
    reader.skip(whole);
    return not === "^" ? (code) => !test(code) : test;
  }
  const character = reader.next();
  if (character !== "\\") return character.codePointAt(0) ?? 0;
  if (reader.atEnd()) throw new RegexSyntaxError("end pattern at escape");
  const letter = reader.peek();
  const named = Object.hasOwn(NAMED, letter) ? NAMED[letter] : undefined;
  if (named !== undefined) {
    reader.next();
    return (code) => inSet(named, code);
  }
  if (letter === "p" || letter === "P") {
    const set = propertySet(reader);
    if (set !== null) return (code) => inSet(set, code);
  }
  if (letter === "b") {
    reader.next();
    return 8;
  }
  return escapedCode(reader);
}

/** `p{Name}`, `p{^Name}`, `P{Name}`; null when it is none of these. */
export function propertySet(reader: Reader): CharSet | null {
  const found = /^([pP])\{(\^?)([^}]*)\}/.exec(reader.rest());
  if (found === null) {
    if (/^[pP]\{/.test(reader.rest()))
      throw new RegexSyntaxError(`invalid character property name {${reader.rest().slice(2)}}`);
    return null;
  }
  const [whole, letter, not, name = ""] = found;
  const test = property(name);
  if (test === null) throw new RegexSyntaxError(`invalid character property name {${not ?? ""}${name}}`);
  reader.skip(whole);
  const set = charSet(test);
  return (letter === "P") !== (not === "^") ? negated(set) : set;
}

const CONTROLS: Readonly<Record<string, number>> = { t: 9, n: 10, r: 13, f: 12, a: 7, e: 27, v: 11 };
/** Codes beyond Unicode are allowed and match nothing. */
const MAX_CODE = 0x7fffffff;

/** The character that an escape stands for, behind the backslash; an unknown letter stands for itself. */
export function escapedCode(reader: Reader): number {
  const rest = reader.rest();
  const hex = /^x(?:\{([0-9a-fA-F]{1,8})\}|([0-9a-fA-F]{0,2}))/.exec(rest);
  if (hex !== null) {
    reader.skip(hex[0]);
    return checked(Number.parseInt(hex[1] ?? (hex[2] === "" ? "0" : (hex[2] ?? "0")), 16));
  }
  const braces = /^o\{([0-7]{1,11})\}/.exec(rest);
  if (braces !== null) {
    reader.skip(braces[0]);
    return checked(Number.parseInt(braces[1] ?? "0", 8));
  }
  const octal = /^[0-7]{1,3}/.exec(rest);
  if (octal !== null) {
    reader.skip(octal[0]);
    return checked(Number.parseInt(octal[0], 8) & 0xff);
  }
  const control = /^c(.)/su.exec(rest);
  if (control !== null) {
    reader.skip(control[0]);
    return (control[1]?.codePointAt(0) ?? 0) & 0x1f;
  }
  const letter = reader.next();
  return Object.hasOwn(CONTROLS, letter) ? (CONTROLS[letter] ?? 0) : (letter.codePointAt(0) ?? 0);
}

function checked(code: number): number {
  if (code > MAX_CODE) throw new RegexSyntaxError("too big wide-char value");
  return code;
}
