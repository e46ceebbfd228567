import { propertySet, setOf, wordSet } from "./char-set.ts";
import {
  bytesFrom,
  decodeBytes,
  escapedCharacter,
  nextCode,
  readByte,
  readCodes,
  textOfCode,
} from "./escapes.ts";
import { failure, failureOf } from "./failure.ts";
import { newCall, readGroups } from "./parse-group.ts";
import { readProperty } from "./parse-bracket.ts";
import { readReference } from "./names.ts";
import type { Parsing } from "./pattern.ts";
import { isDigit } from "./reader.ts";
import { type Anchor, type BackNode, EMPTY, type Node } from "./tree.ts";

const ANCHORS: Readonly<Record<string, Anchor>> = {
  b: "word-boundary",
  B: "no-word-boundary",
  A: "text-start",
  Z: "text-end-or-newline",
  z: "text-end",
  G: "search-start",
  y: "segment-boundary",
  Y: "no-segment-boundary",
};

const DOT_ALL: Node = { kind: "dot", all: true };

/** `\R`: a line's end; `\r\n` is one, and is not given back by halves. */
const newline = (): Node => ({
  kind: "if",
  condition: { kind: "text", text: "\r\n", ignoreCase: false },
  yes: EMPTY,
  no: { kind: "set", set: setOf([10, 11, 12, 13, 0x85, 0x2028, 0x2029]) },
});

/** `\X`: up to where the next grapheme cluster begins. */
const segment = (): Node => {
  const more: Node = {
    kind: "sequence",
    items: [{ kind: "anchor", anchor: "no-segment-boundary" }, DOT_ALL],
  };
  const rest: Node = { kind: "repeat", min: 0, max: Infinity, greedy: true, body: more };
  return { kind: "atomic", body: { kind: "sequence", items: [DOT_ALL, rest] } };
};

/** What stands behind a backslash. A quantifier that follows means the last of the parts. */
export function parseEscape(parsing: Parsing): Node[] {
  const { reader } = parsing;
  const point = reader.peek();
  if (point < 0) throw failure("end pattern at escape");
  const letter = String.fromCodePoint(point);
  const following = reader.text[reader.at + 1] ?? "";
  if (Object.hasOwn(ANCHORS, letter)) {
    reader.at++;
    return [{ kind: "anchor", anchor: ANCHORS[letter] as Anchor }];
  }
  switch (letter) {
    case "w":
    case "W":
      reader.at++;
      return [{ kind: "set", set: wordSet(letter === "W") }];
    case "d":
    case "D":
      reader.at++;
      return [property("digit", letter === "D")];
    case "s":
    case "S":
      reader.at++;
      return [property("space", letter === "S")];
    case "N":
    case "O":
      reader.at++;
      return [{ kind: "dot", all: letter === "O" }];
    case "R":
      reader.at++;
      return [newline()];
    case "X":
      reader.at++;
      return [segment()];
    case "K":
      reader.at++;
      return [{ kind: "keep" }];
    case "Q":
      reader.at++;
      return quoted(parsing);
    case "p":
    case "P":
      if (following === "{") return [readPropertyNode(parsing, letter === "P")];
      break;
    case "k":
    case "g":
      if (following === "<" || following === "'") {
        reader.at += 2;
        return [letter === "k" ? newBack(parsing, readGroups(parsing, following)) : call(parsing, following)];
      }
      break;
    case "x":
    case "o": {
      const parts = following === "" ? undefined : numbered(parsing, letter, following);
      if (parts !== undefined) return parts;
      break;
    }
    default:
      if (isDigit(point)) return digits(parsing);
  }
  return [text(parsing, String.fromCodePoint(escapedCharacter(reader)))];
}

const text = ({ options }: Parsing, characters: string): Node => ({
  kind: "text",
  text: characters,
  ignoreCase: options.ignoreCase,
});

const property = (name: string, negated: boolean): Node => {
  const set = propertySet(name, negated);
  if (set === undefined) throw failureOf("invalid character property name {", name, "}");
  return { kind: "set", set };
};

function readPropertyNode({ reader }: Parsing, negative: boolean): Node {
  reader.at += 2;
  const { name, negated } = readProperty(reader, negative);
  if (name.replaceAll(/[ _-]/g, "").toLowerCase() === "word") return { kind: "set", set: wordSet(negated) };
  return property(name, negated);
}

/** `\Q…\E` or to the end; its last character is a part of its own. */
function quoted(parsing: Parsing): Node[] {
  const { reader } = parsing;
  const end = reader.text.indexOf("\\E", reader.at);
  const quote = reader.text.slice(reader.at, end < 0 ? undefined : end);
  reader.at = end < 0 ? reader.text.length : end + 2;
  const last = Array.from(quote.slice(-2)).at(-1) ?? "";
  const parts = [quote.slice(0, quote.length - last.length), last].filter((part) => part !== "");
  return parts.length === 0 ? [EMPTY] : parts.map((part) => text(parsing, part));
}

const call = (parsing: Parsing, opening: string): Node =>
  newCall(parsing, readReference(parsing.reader, opening));

function newBack(parsing: Parsing, groups: readonly number[]): Node {
  const node: BackNode = { kind: "back", groups, ignoreCase: parsing.options.ignoreCase };
  parsing.backs.push(node);
  return node;
}

/** `\x…` `\o{…}`; `undefined` if the letter stands for itself. */
function numbered(parsing: Parsing, letter: "x" | "o", following: string): Node[] | undefined {
  const { reader } = parsing;
  const base = letter === "x" ? 16 : 8;
  if (following !== "{") {
    if (letter === "o") return undefined;
    reader.at++;
    return [bytes(parsing, readByte(reader, 16, 2))];
  }
  reader.at++;
  const codes = readCodes(reader, base, "none");
  if (codes === undefined) {
    reader.at--;
    return undefined;
  }
  const nodes = [code(parsing, codes.code)];
  for (let more = codes.more; more;) {
    const next = nextCode(reader, base, false);
    if (typeof next === "number") nodes.push(code(parsing, next));
    else more = false;
  }
  return nodes;
}

function code(parsing: Parsing, point: number): Node {
  if (point > 0x1fffff) throw failure("invalid code point value");
  const character = textOfCode(point);
  return character === undefined ? { kind: "set", set: setOf([]) } : text(parsing, character);
}

/** `\1` to `\9`, and higher ones if there are as many groups; else octal, else the digit itself. */
function digits(parsing: Parsing): Node[] {
  const { reader } = parsing;
  const start = reader.at;
  const first = reader.peek();
  if (first !== 48) {
    const number = reader.decimal();
    if (number !== undefined && number <= 1000 && (number <= parsing.groupCount || number <= 9))
      return [newBack(parsing, [number])];
    reader.at = start;
    if (first >= 56) {
      reader.at++;
      return [text(parsing, String.fromCodePoint(first))];
    }
  }
  return [bytes(parsing, readByte(reader, 8, 3))];
}

/** A byte of UTF-8, and as many as must follow it. */
function bytes(parsing: Parsing, first: number): Node {
  const all = [first];
  for (let missing = bytesFrom(first) - 1; missing > 0; missing--) {
    const byte = nextByte(parsing);
    if (byte === undefined) throw failure("too short multibyte code string");
    all.push(byte);
  }
  return code(parsing, decodeBytes(all) ?? NO_CODE);
}

/** For bytes that are no code point: no text has it. */
const NO_CODE = 0xd800;

/** The byte of an escape that comes next, if one does. */
function nextByte({ reader, groupCount }: Parsing): number | undefined {
  const [escape = "", letter = "", number = ""] =
    /^\\(?:(x)(?!\{|$)|(?=0)|(?=([1-7]\d{0,4})))/.exec(reader.text.slice(reader.at, reader.at + 8)) ?? [];
  if (escape === "" || (number !== "" && (Number(number) <= groupCount || Number(number) <= 9)))
    return undefined;
  reader.at += escape.length;
  return letter === "x" ? readByte(reader, 16, 2) : readByte(reader, 8, 3);
}
