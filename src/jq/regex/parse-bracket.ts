import { type Listed, makeSet } from "./char-set.ts";
import { bytesFrom, decodeBytes, escapedCharacter, nextCode, readByte, readCodes } from "./escapes.ts";
import { failure, failureOf } from "./failure.ts";
import { manyFolds } from "./fold.ts";
import { posixTest, propertyTest, type Test } from "./properties.ts";
import type { Reader } from "./reader.ts";
import { eitherOf, type Node } from "./tree.ts";

type Token =
  | { readonly kind: "close" | "range" | "end" }
  | {
      readonly kind: "character" | "code" | "byte";
      readonly code: number;
      readonly base?: 8 | 16;
      readonly escaped?: boolean;
    }
  | { readonly kind: "test"; readonly test: Test };

/** What came last: a value that may begin a range, a hyphen behind one, a whole range, nothing. */
type State = "value" | "range" | "complete" | "start";

/** A value: whether it stands for one byte of UTF-8 (a byte above 0x7f is in no text). */
interface Value {
  readonly code: number;
  readonly single: boolean;
}

const WORD_CLASSES: Readonly<Record<string, string>> = { w: "word", d: "digit", s: "space" };

/** Properties in one bracket, at most: a character may have to be asked for each. */
const MAX_TESTS = 100;

/** For bytes that are no code point: no text has it. */
const NO_CODE = 0xd800;

/** Reads a bracket; `reader` is behind its `[`. Brackets that were read before, by their text and `ignoreCase`, are used again. */
export function parseBracket(reader: Reader, ignoreCase: boolean, known: Map<string, Node>): Node {
  const start = reader.at;
  const bracket = new Bracket(reader);
  const negated = bracket.read();
  const key = `${ignoreCase ? "i" : ""}[${reader.text.slice(start, reader.at)}`;
  let node = known.get(key);
  if (node === undefined) {
    const set: Node = { kind: "set", set: makeSet(bracket.listed, negated, ignoreCase) };
    node = ignoreCase && !negated ? eitherOf([set, ...sequencesOf(bracket.listed)]) : set;
    known.set(key, node);
  }
  return node;
}

/** What folds to several code points and is listed: their sequences, to be matched without regard to case. */
function sequencesOf(listed: Listed): Node[] {
  if (listed.tests.length === 0 && listed.ranges.every((point) => point < 128)) return [];
  const set = makeSet(listed, false, false);
  const texts = new Set<string>();
  for (const [point, folded] of manyFolds()) if (set.has(point)) texts.add(String.fromCodePoint(...folded));
  return [...texts].map((text) => ({ kind: "text", text, ignoreCase: true }));
}

class Bracket {
  readonly listed: Listed = { ranges: [], tests: [] };
  readonly #reader: Reader;
  #state: State = "start";
  /** The value that may begin a range; `undefined` behind a property. */
  #value: Value | undefined;
  /** The base of a sequence of codes that is being read. */
  #codes: 8 | 16 | undefined;

  constructor(reader: Reader) {
    this.#reader = reader;
  }

  /** Fills `listed`. Is the bracket negated? */
  read(): boolean {
    let token = this.#token();
    const negated = token.kind === "character" && token.code === 94 && token.escaped !== true;
    if (negated) token = this.#token();
    if (token.kind === "close") {
      // A closing bracket that comes first is a character, if there is another.
      if (!this.#reader.text.includes("]", this.#reader.at)) throw failure("empty char-class");
      token = { kind: "character", code: 93 };
    }
    while (token.kind !== "close") token = this.#use(token) ?? this.#token();
    this.#flush();
    return negated;
  }

  /** Takes a token. The result is the next one, if it was read already. */
  // oxlint-disable-next-line typescript/consistent-return -- the switch is exhaustive
  #use(token: Token): Token | undefined {
    switch (token.kind) {
      case "end":
        throw failure("premature end of char-class");
      case "character":
      case "code":
        if (token.code > 0x1fffff) throw failure("invalid code point value");
        this.#add({ code: token.code, single: token.code < 0x80 });
        return undefined;
      case "byte":
        return this.#bytes(token.code, token.base);
      case "test":
        this.#property(token.test);
        return undefined;
      case "range":
        return this.#hyphen();
      case "close":
        return undefined;
    }
  }

  #bytes(first: number, base: 8 | 16 | undefined): Token | undefined {
    const bytes = [first];
    const needed = bytesFrom(first);
    while (bytes.length < needed) {
      const token = this.#token();
      if (token.kind !== "byte" || token.base !== base) throw failure("too short multibyte code string");
      bytes.push(token.code);
    }
    if (needed === 1) this.#add({ code: first, single: true });
    else this.#add({ code: decodeBytes(bytes) ?? NO_CODE, single: false });
    return undefined;
  }

  #property(test: Test): void {
    if (this.#state === "range") throw failure("char-class value at end of range");
    this.#flush();
    this.listed.tests.push(test);
    if (this.listed.tests.length > MAX_TESTS) throw failure("the expression is too large");
    this.#state = "value";
    this.#value = undefined;
  }

  #hyphen(): Token | undefined {
    const hyphen: Value = { code: 45, single: true };
    if (this.#state === "range") {
      this.#add(hyphen);
      return undefined;
    }
    const next = this.#token(this.#state === "value");
    if (this.#state === "value" && next.kind !== "close" && this.#value !== undefined) this.#state = "range";
    else this.#add(hyphen);
    return next;
  }

  /** A value: the end of a range, or what may begin one. */
  #add(value: Value): void {
    if (this.#state === "range" && this.#value !== undefined) {
      this.#list(this.#value, value);
      this.#state = "complete";
    } else {
      this.#flush();
      this.#state = "value";
    }
    this.#value = value;
  }

  #flush(): void {
    if (this.#state === "value" && this.#value !== undefined) this.#list(this.#value, this.#value);
  }

  #list(from: Value, to: Value): void {
    if (from.code > to.code) throw failure("empty range in char class");
    // Bytes above 0x7f are no characters.
    const end = to.single ? Math.min(to.code, 0x7f) : to.code;
    if (from.code <= end) this.listed.ranges.push(from.code, end);
  }

  /** `endsRange`: is a hyphen before it that a value precedes? */
  #token(endsRange = this.#state === "range"): Token {
    const reader = this.#reader;
    if (this.#codes !== undefined) {
      const code = nextCode(reader, this.#codes, true);
      if (code === "range") return { kind: "range" };
      if (code !== "end") return { kind: "code", code };
      this.#codes = undefined;
    }
    const point = reader.next();
    if (point < 0) return { kind: "end" };
    if (point === 93) return { kind: "close" };
    if (point === 45) return { kind: "range" };
    if (point === 92) return this.#escape(endsRange);
    if (point === 91 && reader.is(":")) {
      const test = this.#posix();
      if (test !== undefined) return { kind: "test", test };
    }
    return { kind: "character", code: point };
  }

  /** `[:name:]`, behind its bracket; `undefined` if it does not have that form. */
  #posix(): Test | undefined {
    const text = this.#reader.text;
    const form = /^:(\^?)(\p{Alphabetic}*):\]/u.exec(text.slice(this.#reader.at, this.#reader.at + 200));
    const [all = "", negation = "", name = ""] = form ?? [];
    if (negation + name === "") return undefined;
    const test = posixTest(name);
    if (test === undefined) throw failure("invalid POSIX bracket type");
    this.#reader.at += all.length;
    return negation === "" ? test : (point) => !test(point);
  }

  #escape(endsRange: boolean): Token {
    const reader = this.#reader;
    const point = reader.peek();
    if (point < 0) throw failure("end pattern at escape");
    const letter = String.fromCodePoint(point);
    const ofWord = WORD_CLASSES[letter.toLowerCase()];
    if (ofWord !== undefined) {
      reader.at++;
      const test = posixTest(ofWord) as Test;
      return { kind: "test", test: letter === letter.toLowerCase() ? test : (point) => !test(point) };
    }
    if ((letter === "p" || letter === "P") && reader.text[reader.at + 1] === "{") {
      reader.at += 2;
      const { name, negated } = readProperty(reader, letter === "P");
      const test = propertyTest(name);
      if (test === undefined) throw failureOf("invalid character property name {", name, "}");
      return { kind: "test", test: negated ? (point) => !test(point) : test };
    }
    if ((letter === "x" || letter === "o") && reader.at + 1 < reader.text.length) {
      const token = this.#numbered(letter, endsRange);
      if (token !== undefined) return token;
    }
    if (point >= 48 && point <= 55) {
      const byte = reader.digits(8, 3) as number;
      if (byte > 0xff) throw failure("too big number");
      return { kind: "byte", code: byte, base: 8 };
    }
    return { kind: "character", code: escapedCharacter(reader), escaped: true };
  }

  /** `\x…` and `\o{…}`; `undefined` if the letter stands for itself. */
  #numbered(letter: "x" | "o", endsRange: boolean): Token | undefined {
    const reader = this.#reader;
    const base = letter === "x" ? 16 : 8;
    reader.at++;
    if (reader.is("{")) {
      const codes = readCodes(reader, base, endsRange ? "end" : "start");
      if (codes !== undefined) {
        if (codes.more) this.#codes = base;
        return { kind: "code", code: codes.code };
      }
    } else if (letter === "x") return { kind: "byte", code: readByte(reader, 16, 2), base: 16 };
    reader.at--;
    return undefined;
  }
}

/** The name of a property; `reader` is behind the brace, afterwards behind the closing one. */
export function readProperty(reader: Reader, negated: boolean): { name: string; negated: boolean } {
  const not = reader.take("^") ? !negated : negated;
  const rest = reader.text.slice(reader.at);
  const length = rest.search(/[}(){|]/);
  if (length < 0 || rest[length] !== "}") throw failure("end pattern with unmatched parenthesis");
  reader.at += length + 1;
  return { name: rest.slice(0, length), negated: not };
}
