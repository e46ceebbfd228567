/** Reads an expression in the syntax that jq uses: Oniguruma's Perl syntax with named groups. */
import { ANY, type CharSet, charSet, DIGIT, DOT, foldSet, negated, SPACE, WORD } from "./char-set.ts";
import { escapedCode, parseClass, propertySet } from "./parse-class.ts";
import { type ParsedRegex, type RegexNode, RegexSyntaxError } from "./node.ts";
import { Reader } from "./reader.ts";

export interface RegexOptions {
  readonly ignoreCase: boolean;
  readonly extended: boolean;
  /** `.` takes newlines. */
  readonly dotAll: boolean;
  /** `^` and `$` match at line breaks. */
  readonly lines: boolean;
}

const MAX_REPEAT = 100_000;
/** Deeper groups are refused: parsing and compiling recurse. */
const MAX_NESTING = 500;
const EMPTY: RegexNode = { kind: "empty" };

interface State {
  readonly reader: Reader;
  groups: number;
  readonly names: (string | null)[];
  readonly bodies: Map<number, RegexNode>;
  /** References by name or number, to be resolved when all groups are known. */
  readonly later: (() => void)[];
  depth: number;
}

/** @throws RegexSyntaxError */
export function parseRegex(source: string, options: RegexOptions): ParsedRegex {
  const reader = new Reader(source);
  const state: State = { reader, groups: 0, names: [], bodies: new Map(), later: [], depth: 0 };
  const root = alternatives(state, options).node;
  if (!reader.atEnd()) throw new RegexSyntaxError("unmatched close parenthesis");
  state.bodies.set(0, root);
  for (const resolve of state.later) resolve();
  return { root, groups: state.groups, names: state.names, bodies: state.bodies };
}

function alternatives(state: State, start: RegexOptions): { node: RegexNode; options: RegexOptions } {
  state.depth += 1;
  if (state.depth > MAX_NESTING) throw new RegexSyntaxError("parse depth limit over");
  const { reader } = state;
  const items: RegexNode[] = [];
  let sequence: RegexNode[] = [];
  let options = start;
  const close = (): void => {
    items.push(sequence.length === 1 ? (sequence[0] ?? EMPTY) : { kind: "sequence", items: sequence });
    sequence = [];
  };
  for (;;) {
    if (reader.atEnd() || reader.peek() === ")") break;
    if (reader.take("|")) {
      close();
      continue;
    }
    if (options.extended && skipped(reader)) continue;
    const inline = inlineOptions(state, options);
    if (inline !== null) {
      if ("options" in inline) {
        // `a(?i)b|c` is `a(?i:b|c)`: the options hold to the end of the group, alternatives included.
        ({ options } = inline);
        const rest = alternatives(state, options).node;
        sequence.push(rest);
        break;
      }
      sequence.push(quantified(state, inline.node, options));
      continue;
    }
    sequence.push(quantified(state, atom(state, options), options));
    if (options.ignoreCase) joinSharp(sequence);
  }
  close();
  state.depth -= 1;
  const [only] = items;
  return { node: items.length === 1 && only !== undefined ? only : { kind: "either", items }, options };
}

/** White space and comments of the extended syntax. */
function skipped(reader: Reader): boolean {
  if (/[ \t\n\r\f\v]/.test(reader.peek())) {
    reader.next();
    return true;
  }
  if (!reader.take("#")) return false;
  while (!reader.atEnd() && reader.next() !== "\n");
  return true;
}

const OPTION_LETTERS = /^\(\?([imsx]*)(?:-([imsx]*))?([:)])/;

/** `(?i)` changes the options of what follows, `(?i:…)` those of its body; null for anything else. */
function inlineOptions(
  state: State,
  options: RegexOptions,
): { options: RegexOptions } | { node: RegexNode } | null {
  const { reader } = state;
  const found = OPTION_LETTERS.exec(reader.rest());
  if (found === null) return null;
  const [whole, on = "", off = "", end] = found;
  if (on === "" && off === "" && end === ":" && !whole.includes("-")) return null;
  reader.skip(whole);
  const changed = { ...options };
  for (const [letters, value] of [
    [on, true],
    [off, false],
  ] as const)
    for (const letter of letters) {
      if (letter === "i") changed.ignoreCase = value;
      if (letter === "x") changed.extended = value;
      if (letter === "s") changed.dotAll = value;
      if (letter === "m") changed.lines = value;
    }
  if (end === ")") return { options: changed };
  return { node: closed(state, alternatives(state, changed).node) };
}

function closed<T>(state: State, node: T): T {
  if (!state.reader.take(")")) throw new RegexSyntaxError("end pattern with unmatched parenthesis");
  return node;
}

function quantified(state: State, atomNode: RegexNode, options: RegexOptions): RegexNode {
  const { reader } = state;
  let node = atomNode;
  for (;;) {
    if (options.extended && /[ \t\n\r\f\v#]/.test(reader.peek()) && skipped(reader)) continue;
    const range = quantifier(reader);
    if (range === null) return node;
    const { min, max, interval } = range;
    const lazy = reader.take("?");
    node = { kind: "repeat", body: node, min, max, lazy };
    if (interval && max < min) throw new RegexSyntaxError("upper is smaller than lower in repeat range");
  }
}

function quantifier(reader: Reader): { min: number; max: number; interval: boolean } | null {
  if (reader.take("*")) return { min: 0, max: Infinity, interval: false };
  if (reader.take("+")) return { min: 1, max: Infinity, interval: false };
  if (reader.take("?")) return { min: 0, max: 1, interval: false };
  const found = /^\{(\d+)(?:(,)(\d*))?\}/.exec(reader.rest());
  if (found === null) return null;
  const [whole, low = "", comma, high = ""] = found;
  reader.skip(whole);
  const min = Number(low);
  const max = comma === undefined ? min : high === "" ? Infinity : Number(high);
  if (min > MAX_REPEAT || (max !== Infinity && max > MAX_REPEAT))
    throw new RegexSyntaxError("too big number for repeat range");
  return { min, max, interval: true };
}

function atom(state: State, options: RegexOptions): RegexNode {
  const { reader } = state;
  const character = reader.next();
  switch (character) {
    case ".":
      return { kind: "set", set: options.dotAll ? ANY : DOT };
    case "^":
      return { kind: "assert", what: options.lines ? "lineStart" : "start" };
    case "$":
      return { kind: "assert", what: options.lines ? "lineEnd" : "semiEnd" };
    case "[":
      return ofSet(parseClass(reader, options.ignoreCase), false);
    case "(":
      return group(state, options);
    case "\\":
      return escape(state, options);
    case "*":
    case "+":
    case "?":
      throw new RegexSyntaxError("target of repeat operator is not specified");
    default:
      return literal(character, options);
  }
}

const ofSet = (set: CharSet, fold: boolean): RegexNode => ({ kind: "set", set: fold ? foldSet(set) : set });

const SHARP_S: RegexNode = { kind: "char", code: 0xdf, fold: true };
const S: RegexNode = { kind: "char", code: 0x73, fold: true };
/** The one letter that is two in other cases; ligatures are not known here. */
const SHARP_S_OR_SS: RegexNode = {
  kind: "either",
  items: [
    SHARP_S,
    { kind: "set", set: charSet((code) => code === 0x1e9e) },
    { kind: "sequence", items: [S, S] },
  ],
};

function literal(character: string, { ignoreCase }: RegexOptions): RegexNode {
  if (ignoreCase && (character === "ß" || character === "ẞ")) return SHARP_S_OR_SS;
  return { kind: "char", code: character.codePointAt(0) ?? 0, fold: ignoreCase };
}

/** Without regard to case, two letters s are also the sharp one. */
function joinSharp(sequence: RegexNode[]): void {
  const isS = (node: RegexNode | undefined): boolean =>
    node?.kind === "char" && node.fold && (node.code === 0x73 || node.code === 0x53);
  if (isS(sequence.at(-1)) && isS(sequence.at(-2))) sequence.splice(-2, 2, SHARP_S_OR_SS);
}

function group(state: State, options: RegexOptions): RegexNode {
  const { reader } = state;
  const inside = (): RegexNode => closed(state, alternatives(state, options).node);
  if (!reader.take("?")) return capture(state, null, options);
  if (reader.take(":")) return inside();
  if (reader.take("#")) {
    for (;;) {
      if (reader.atEnd()) throw new RegexSyntaxError("end pattern in group");
      const character = reader.next();
      if (character === "\\" && !reader.atEnd()) reader.next();
      else if (character === ")") return EMPTY;
    }
  }
  if (reader.take("=")) return { kind: "look", behind: false, negative: false, body: inside() };
  if (reader.take("!")) return { kind: "look", behind: false, negative: true, body: inside() };
  if (reader.take("<=")) return { kind: "look", behind: true, negative: false, body: inside() };
  if (reader.take("<!")) return { kind: "look", behind: true, negative: true, body: inside() };
  if (reader.take(">")) return { kind: "atomic", body: inside() };
  if (reader.take("(")) return condition(state, options);
  if (reader.take("<")) return capture(state, groupName(reader, ">"), options);
  if (reader.take("'")) return capture(state, groupName(reader, "'"), options);
  if (reader.atEnd()) throw new RegexSyntaxError("end pattern in group");
  throw new RegexSyntaxError("undefined group option");
}

function groupName(reader: Reader, end: string): string {
  const found = reader.rest().indexOf(end);
  const name = found < 0 ? reader.rest() : reader.rest().slice(0, found);
  if (name === "") throw new RegexSyntaxError("group name is empty");
  if (found < 0 || !/^[\p{L}\p{M}\p{Pc}][\p{L}\p{M}\p{Nd}\p{Pc}]*$/u.test(name))
    throw new RegexSyntaxError(`invalid group name <${name}>`);
  reader.skip(name + end);
  return name;
}

function capture(state: State, name: string | null, options: RegexOptions): RegexNode {
  const index = (state.groups += 1);
  state.names[index - 1] = name;
  const body = closed(state, alternatives(state, options).node);
  state.bodies.set(index, body);
  return { kind: "group", index, body };
}

/** The groups that a name or number stands for. */
function referred(state: State, text: string): number[] {
  if (/^[+-]?\d+$/.test(text)) {
    const number = Number(text);
    return [
      text.startsWith("-")
        ? state.groups + 1 + number
        : text.startsWith("+")
          ? state.groups + number
          : number,
    ];
  }
  return state.names.flatMap((name, index) => (name === text ? [index + 1] : []));
}

function condition(state: State, options: RegexOptions): RegexNode {
  const { reader } = state;
  const found = /^(?:<([^>]*)>|'([^']*)'|(\d+))\)/.exec(reader.rest());
  if (found === null) throw new RegexSyntaxError("invalid if-else syntax");
  reader.skip(found[0]);
  const groups = referred(state, found[1] ?? found[2] ?? found[3] ?? "");
  if (groups.length === 0 || groups.some((index) => index < 1 || index > state.groups))
    throw new RegexSyntaxError("invalid backref number/name");
  const body = closed(state, alternatives(state, options).node);
  if (body.kind !== "either") return { kind: "condition", groups, yes: body, no: EMPTY };
  const [yes = EMPTY, no = EMPTY, ...more] = body.items;
  if (more.length > 0) throw new RegexSyntaxError("invalid if-else syntax");
  return { kind: "condition", groups, yes, no };
}

const SETS: Readonly<Record<string, CharSet>> = {
  d: DIGIT,
  D: negated(DIGIT),
  s: SPACE,
  S: negated(SPACE),
  w: WORD,
  W: negated(WORD),
  N: DOT,
  O: ANY,
};
const ASSERTIONS: Readonly<Record<string, RegexNode>> = {
  A: { kind: "assert", what: "start" },
  z: { kind: "assert", what: "end" },
  Z: { kind: "assert", what: "semiEnd" },
  G: { kind: "assert", what: "searchStart" },
  b: { kind: "assert", what: "word" },
  B: { kind: "assert", what: "notWord" },
  K: { kind: "keep" },
};
const LINE_BREAKS = charSet(
  (code) => (code >= 10 && code <= 13) || code === 0x85 || code === 0x2028 || code === 0x2029,
);
/** `\R`: the pair of carriage return and line feed is one. */
const GENERAL_NEWLINE: RegexNode = {
  kind: "atomic",
  body: {
    kind: "either",
    items: [
      {
        kind: "sequence",
        items: [
          { kind: "char", code: 13, fold: false },
          { kind: "char", code: 10, fold: false },
        ],
      },
      { kind: "set", set: LINE_BREAKS },
    ],
  },
};

/** `\X`: a character with the marks, joiners and modifiers that belong to it. */
const EXTENDING = charSet((code) =>
  /^(?:\p{M}|\p{Emoji_Modifier}|\u200d)$/u.test(String.fromCodePoint(code)),
);
const JOINED: RegexNode = {
  kind: "sequence",
  items: [
    { kind: "char", code: 0x200d, fold: false },
    { kind: "set", set: ANY },
  ],
};
const TEXT_SEGMENT: RegexNode = {
  kind: "atomic",
  body: {
    kind: "either",
    items: [
      {
        kind: "sequence",
        items: [
          { kind: "char", code: 13, fold: false },
          { kind: "char", code: 10, fold: false },
        ],
      },
      {
        kind: "sequence",
        items: [
          { kind: "set", set: ANY },
          {
            kind: "repeat",
            body: { kind: "either", items: [JOINED, { kind: "set", set: EXTENDING }] },
            min: 0,
            max: Infinity,
            lazy: false,
          },
        ],
      },
    ],
  },
};

function escape(state: State, options: RegexOptions): RegexNode {
  const { reader } = state;
  if (reader.atEnd()) throw new RegexSyntaxError("end pattern at escape");
  const letter = reader.peek();
  const set = Object.hasOwn(SETS, letter) ? SETS[letter] : undefined;
  const assertion = Object.hasOwn(ASSERTIONS, letter) ? ASSERTIONS[letter] : undefined;
  if (set !== undefined || assertion !== undefined || letter === "R" || letter === "X") reader.next();
  if (set !== undefined) return ofSet(set, false);
  if (assertion !== undefined) return assertion;
  if (letter === "R") return GENERAL_NEWLINE;
  if (letter === "X") return TEXT_SEGMENT;
  if (letter === "Q") return quoted(reader, options);
  if (letter === "p" || letter === "P") {
    const named = propertySet(reader);
    if (named !== null) return ofSet(named, options.ignoreCase);
  }
  if (letter === "k" && /^k[<']/.test(reader.rest())) return namedReference(state, options);
  if (letter === "g" && /^g[<']/.test(reader.rest())) return subexpressionCall(state);
  const number = /^[1-9]\d*/.exec(reader.rest())?.[0];
  if (number !== undefined) {
    const index = Number(number);
    if (index <= state.groups || index <= 9) {
      reader.skip(number);
      return backreference(state, [index], options);
    }
  }
  return { kind: "char", code: escapedCode(reader), fold: options.ignoreCase };
}

function quoted(reader: Reader, options: RegexOptions): RegexNode {
  reader.next();
  const end = reader.rest().indexOf("\\E");
  const text = end < 0 ? reader.rest() : reader.rest().slice(0, end);
  reader.skip(text + (end < 0 ? "" : "\\E"));
  return { kind: "sequence", items: Array.from(text, (character) => literal(character, options)) };
}

function backreference(state: State, groups: number[], { ignoreCase }: RegexOptions): RegexNode {
  state.later.push(() => {
    if (groups.some((index) => index < 1 || index > state.groups))
      throw new RegexSyntaxError("invalid backref number/name");
  });
  return { kind: "backreference", groups, fold: ignoreCase };
}

function delimited(reader: Reader): string {
  const open = reader.rest().charAt(1);
  reader.skip(reader.rest().slice(0, 2));
  const end = open === "<" ? ">" : "'";
  const at = reader.rest().indexOf(end);
  if (at <= 0)
    throw new RegexSyntaxError(at < 0 ? `invalid group name <${reader.rest()}>` : "group name is empty");
  const name = reader.rest().slice(0, at);
  reader.skip(name + end);
  return name;
}

function namedReference(state: State, options: RegexOptions): RegexNode {
  const name = delimited(state.reader);
  const groups = referred(state, name);
  if (groups.length === 0) throw new RegexSyntaxError(`undefined name <${name}> reference`);
  return backreference(state, groups, options);
}

function subexpressionCall(state: State): RegexNode {
  const name = delimited(state.reader);
  const node = { kind: "call" as const, group: 0 };
  const relative = /^[+-]\d+$/.test(name) ? referred(state, name) : null;
  state.later.push(() => {
    const groups = relative ?? referred(state, name);
    const [index] = groups;
    if (index === undefined) throw new RegexSyntaxError(`undefined name <${name}> call`);
    if (groups.length > 1) throw new RegexSyntaxError(`multiplex definition name <${name}> call`);
    if (index < 0 || index > state.groups) throw new RegexSyntaxError(`undefined group <${name}> reference`);
    (node as { group: number }).group = index;
  });
  return node;
}
