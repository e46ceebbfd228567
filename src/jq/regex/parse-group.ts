import { failure, failureOf } from "./failure.ts";
import { readName, readReference, readReferenceWithLevel } from "./names.ts";
import type { Options, Parsing } from "./pattern.ts";
import { isDigit, type Reader } from "./reader.ts";
import { type CallNode, EMPTY, type Node } from "./tree.ts";

/** What an opening parenthesis came to: a group that is open now, a part that is whole, options that changed, nothing. */
export type Opened = "open" | "options" | "comment" | Node;

/** Behind an opening parenthesis. */
export function openGroup(parsing: Parsing): Opened {
  const { reader } = parsing;
  if (reader.done) throw failure("end pattern with unmatched parenthesis");
  if (reader.is("*")) return callout(reader);
  if (!reader.take("?")) {
    parsing.push({ kind: "group", number: parsing.number() });
    return "open";
  }
  if (reader.done) throw failure("end pattern in group");
  const call = readCall(parsing);
  if (call !== undefined) return call;
  const letter = String.fromCodePoint(reader.next());
  switch (letter) {
    case "#":
      return skipComment(reader);
    case ":":
      return open(parsing, { kind: "plain" });
    case "=":
      return open(parsing, { kind: "look", ahead: true, negative: false });
    case "!":
      return open(parsing, { kind: "look", ahead: true, negative: true });
    case ">":
      return open(parsing, { kind: "atomic" });
    case "'":
      return openNamed(parsing, "'");
    case "<":
      if (reader.done) throw failure("end pattern with unmatched parenthesis");
      if (reader.take("=")) return open(parsing, { kind: "look", ahead: false, negative: false });
      if (reader.take("!")) return open(parsing, { kind: "look", ahead: false, negative: true });
      return openNamed(parsing, "<");
    case "~":
      return openAbsent(parsing);
    case "{":
      return skipContents(reader);
    case "(":
      return openCondition(parsing);
    default:
      return readOptions(parsing, letter);
  }
}

function open(parsing: Parsing, frame: Parameters<Parsing["push"]>[0]): "open" {
  parsing.push(frame);
  return "open";
}

function openNamed(parsing: Parsing, opening: string): "open" {
  const name = readName(parsing.reader, opening);
  return open(parsing, { kind: "group", number: parsing.number(name) });
}

/** `(?1)` `(?-1)` `(?+1)` `(?&name)` and `(?R`, whose parenthesis Oniguruma leaves unread. */
function readCall(parsing: Parsing): CallNode | undefined {
  const { reader } = parsing;
  const start = reader.at;
  if (reader.take("&")) return newCall(parsing, { ...readReference(reader, "(", false), number: undefined });
  if (reader.take("R")) {
    if (!reader.is(")")) throw failure("undefined group option");
    return newCall(parsing, { name: "R", number: 0, relative: false });
  }
  if (reader.is("-") || reader.is("+")) reader.at++;
  const numeric = isDigit(reader.peek());
  reader.at = start;
  if (!numeric) return undefined;
  const reference = readReference(reader, "(");
  if (reference.number === undefined) throw failureOf("invalid group name <", "", ">");
  return newCall(parsing, reference);
}

/** A call of a group: by number, which a relative one means at this place, or by name. */
export function newCall(
  parsing: Parsing,
  { name, number, relative }: { name: string; number: number | undefined; relative: boolean },
): CallNode {
  const called = number === undefined ? -1 : relative ? parsing.absolute(number) : number;
  if (called < 0 && number !== undefined) throw failureOf("undefined group <", name, "> reference");
  const node: CallNode = { kind: "call", name, number: called };
  parsing.calls.push(node);
  return node;
}

function skipComment(reader: Reader): "comment" {
  for (;;) {
    const point = reader.next();
    if (point < 0) throw failure("end pattern in group");
    if (point === 92) reader.next();
    else if (point === 41) return "comment";
  }
}

/** `(?{…}tag)`: code of a host language, which jq has none for: it always succeeds. */
function skipContents(reader: Reader): Node {
  let braces = 1;
  while (reader.take("{")) braces++;
  const end = reader.text.indexOf("}".repeat(braces), reader.at);
  if (end < 0 || braces > 1000) throw failure("invalid callout pattern");
  reader.at = end + braces;
  if (reader.done) throw failure("end pattern in group");
  const [all = "", tag] = /^(?:\[([^\]]*)\])?[X<>]?/.exec(reader.text.slice(reader.at)) ?? [];
  if (tag !== undefined && !/^[A-Za-z_]\w*$/.test(tag)) throw failure("invalid callout tag name");
  reader.at += all.length;
  if (!reader.take(")")) throw failure(reader.done ? "end pattern in group" : "invalid callout pattern");
  return { kind: "look", ahead: true, negative: false, body: EMPTY };
}

/** `(*NAME)`: of Oniguruma's own callouts, the one that fails. */
function callout(reader: Reader): Node {
  const [all = "", name = "", args = "", last = ""] =
    /^\*([^)[{]*)((?:\[[^\]]*\])?(?:\{[^}]*\})?)(.?)/s.exec(reader.text.slice(reader.at)) ?? [];
  if (all.length === name.length + 1) throw failure("end pattern in group");
  if (!/^[A-Za-z_]\w*$/.test(name)) throw failure("invalid callout name");
  if (!CALLOUTS.has(name)) throw failure("undefined callout name");
  if (last !== ")") throw failure(last === "" ? "end pattern in group" : "invalid callout pattern");
  if (name !== "FAIL") throw failure(`the callout ${name} is not supported`);
  if (args !== "" && args !== "{}") throw failure("invalid callout arg");
  reader.at += all.length;
  return { kind: "fail" };
}

const CALLOUTS = new Set(["FAIL", "MISMATCH", "MAX", "ERROR", "COUNT", "TOTAL_COUNT", "CMP", "SKIP"]);

/** `(?~absent)` `(?~|absent|expression)` `(?~|absent)` `(?~|)` */
function openAbsent(parsing: Parsing): Opened {
  const { reader } = parsing;
  if (reader.done) throw failure("end pattern in group");
  if (!reader.take("|")) return open(parsing, { kind: "absent" });
  if (reader.done) throw failure("end pattern in group");
  if (reader.take(")")) return { kind: "range-clear" };
  return open(parsing, { kind: "absent-range" });
}

/** `(?(1)…)` `(?(<name>)…)` `(?(expression)…)`, behind the second parenthesis. */
function openCondition(parsing: Parsing): Opened {
  const { reader } = parsing;
  const point = reader.next();
  if (point < 0 || reader.done) throw failure("end pattern in group");
  const letter = String.fromCodePoint(point);
  if (letter === "*") {
    reader.at--;
    return openChoice(parsing, callout(reader), false);
  }
  if (letter === "?" && reader.take("{")) return openChoice(parsing, skipContents(reader), false);
  const enclosed = letter === "<" || letter === "'";
  if (!enclosed) reader.at -= letter.length;
  if (enclosed || isDigit(point) || letter === "-" || letter === "+") {
    const start = reader.at;
    const groups = readCheck(parsing, enclosed ? letter : "(");
    if (groups !== undefined) {
      if (enclosed && !reader.take(")")) throw failure("end pattern in group");
      parsing.backs.push({ groups });
      return openChoice(parsing, { kind: "check", groups }, true);
    }
    reader.at = start;
  }
  return open(parsing, { kind: "condition" });
}

/** The groups that a condition asks for; `undefined` if it is an expression after all. */
function readCheck(parsing: Parsing, opening: string): readonly number[] | undefined {
  if (opening === "(") {
    // What is no number is an expression.
    const { reader } = parsing;
    if (!/^[+-]?\d+(?:[+-]\d+)?\)/.test(reader.text.slice(reader.at, reader.at + 40))) return undefined;
  }
  return readGroups(parsing, opening);
}

/** The groups that `\k<…>` or a condition means; `reader` is behind the opening bracket. */
export function readGroups(parsing: Parsing, opening: string): readonly number[] {
  const reference = readReferenceWithLevel(parsing.reader, opening);
  const { name, number, relative, level } = reference;
  if (level !== undefined) throw failure("references with a level of recursion are not supported");
  if (number !== undefined) {
    const group = relative ? parsing.absolute(number) : number;
    if (group <= 0) throw failure("invalid backref number/name");
    return [group];
  }
  const groups = parsing.names.get(name);
  if (groups === undefined) throw failureOf("undefined name <", name, "> reference");
  return groups.toReversed();
}

/** Behind a condition. A mere check of a group needs no branches. */
export function openChoice(parsing: Parsing, condition: Node, isCheck: boolean): Node | "open" {
  const { reader } = parsing;
  if (reader.done) throw failure("end pattern in group");
  if (reader.is(")")) {
    if (!isCheck) throw failure("invalid if-else syntax");
    reader.at++;
    return condition;
  }
  return open(parsing, { kind: "choice", condition, elseOnly: reader.take("|") });
}

const OPTIONS: Readonly<Record<string, (set: boolean) => Partial<Options>>> = {
  x: (extended) => ({ extended }),
  i: (ignoreCase) => ({ ignoreCase }),
  s: (dotAll) => ({ dotAll }),
  m: (set) => ({ singleLine: !set }),
};

/** `(?i-m)` up to the closing parenthesis, `(?i-m:…)` up to its end. */
function readOptions(parsing: Parsing, first: string): Opened {
  const { reader } = parsing;
  if (first !== "-" && !Object.hasOwn(OPTIONS, first)) throw failure("undefined group option");
  let { options } = parsing;
  let set = true;
  let letter = first;
  for (;;) {
    if (letter === "-") set = false;
    else if (letter === ")" || letter === ":") break;
    else if (Object.hasOwn(OPTIONS, letter)) options = Object.assign({}, options, OPTIONS[letter]?.(set));
    else throw failure("undefined group option");
    if (reader.done) throw failure("end pattern in group");
    letter = String.fromCodePoint(reader.next());
  }
  if (letter === ":") parsing.push({ kind: "scope" });
  parsing.options = options;
  return letter === ":" ? "open" : "options";
}
