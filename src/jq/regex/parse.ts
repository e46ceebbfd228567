import { failure } from "./failure.ts";
import { isCharacter } from "./lengths.ts";
import { parseBracket } from "./parse-bracket.ts";
import { parseEscape } from "./parse-escape.ts";
import { openChoice, openGroup } from "./parse-group.ts";
import { type Options, Parsing, type Pattern } from "./pattern.ts";
import {
  type BackNode,
  eitherOf,
  EMPTY,
  type GroupNode,
  isRepeatable,
  type Node,
  repeatOf,
  sequenceOf,
} from "./tree.ts";

/**
 * Reads a pattern in Oniguruma's syntax PERL_NG, as jq uses it. Groups that are open are kept on a stack of our own. Throws a
 * JqError with Oniguruma's message.
 */
export function parsePattern(text: string, options: Options): Pattern {
  const parsing = new Parsing(text, options);
  parsing.push({ kind: "root" });
  const { reader } = parsing;
  while (!reader.done) readPart(parsing);
  if (parsing.open.length > 1) throw failure("end pattern with unmatched parenthesis");
  return {
    root: close(parsing),
    groups: parsing.groups as GroupNode[],
    names: parsing.names,
    backs: parsing.backs as BackNode[],
    calls: parsing.calls,
  };
}

/** Puts a part behind what the innermost open group has. */
function add(parsing: Parsing, node: Node): void {
  const frame = parsing.open.at(-1);
  frame?.items.push(node);
  if (frame !== undefined) frame.fresh = false;
}

function readPart(parsing: Parsing): void {
  const { reader, options } = parsing;
  const start = reader.at;
  const point = reader.next();
  switch (point) {
    case 92: // \
      for (const node of parseEscape(parsing)) add(parsing, node);
      return;
    case 40: // (
      openPart(parsing);
      return;
    case 41: // )
      if (parsing.open.length === 1) throw failure("unmatched close parenthesis");
      closePart(parsing);
      return;
    case 124: // |
      endBranch(parsing);
      return;
    case 91: // [
      add(parsing, parseBracket(reader, options.ignoreCase, parsing.brackets));
      return;
    case 46: // .
      add(parsing, { kind: "dot", all: options.dotAll });
      return;
    case 94: // ^
      add(parsing, { kind: "anchor", anchor: options.singleLine ? "text-start" : "line-start" });
      return;
    case 36: // $
      add(parsing, { kind: "anchor", anchor: options.singleLine ? "text-end-or-newline" : "line-end" });
      return;
    case 42: // *
      quantify(parsing, 0, Infinity);
      return;
    case 43: // +
      quantify(parsing, 1, Infinity);
      return;
    case 63: // ?
      quantify(parsing, 0, 1);
      return;
    case 123: // {
      if (readInterval(parsing)) return;
      break;
    case 35: // #
      if (!options.extended) break;
      while (!reader.done && reader.next() !== 10);
      return;
    case 32:
    case 9:
    case 10:
    case 13:
    case 12:
      if (options.extended) return;
      break;
    default:
  }
  add(parsing, {
    kind: "text",
    text: reader.text.slice(start, reader.at),
    ignoreCase: options.ignoreCase,
  });
}

function openPart(parsing: Parsing): void {
  const opened = openGroup(parsing);
  if (opened === "options") {
    const frame = parsing.open.at(-1);
    if (frame !== undefined) frame.fresh = true;
  } else if (opened !== "open" && opened !== "comment") add(parsing, opened);
}

function endBranch(parsing: Parsing): void {
  const frame = parsing.open.at(-1);
  if (frame === undefined) return;
  // Options that change at the end of a branch leave something empty there.
  if (frame.fresh && frame.items.length > 0) frame.items.push(EMPTY);
  frame.branches.push(sequenceOf(frame.items));
  frame.items = [];
  frame.fresh = true;
}

/** Closes the innermost open group. */
// oxlint-disable-next-line typescript/consistent-return -- the switch is exhaustive
function close(parsing: Parsing): Node {
  endBranch(parsing);
  const frame = parsing.open.pop();
  if (frame === undefined) return EMPTY;
  parsing.options = frame.options;
  const { branches } = frame;
  const body = eitherOf(branches);
  switch (frame.kind) {
    case "root":
    case "plain":
    case "condition":
      return body;
    case "scope":
    case "atomic":
      return { kind: frame.kind, body };
    case "group": {
      const { number } = frame;
      const node: Node = { kind: "group", number, body, called: false, recursive: false };
      parsing.groups[number] = node;
      return node;
    }
    case "look":
      return { kind: "look", ahead: frame.ahead, negative: frame.negative, body };
    case "choice": {
      if (frame.elseOnly) return { kind: "if", condition: frame.condition, yes: EMPTY, no: body };
      const [yes = EMPTY, ...no] = branches;
      return { kind: "if", condition: frame.condition, yes, no: no.length === 0 ? EMPTY : eitherOf(no) };
    }
    case "absent":
      return absent(body, {
        kind: "repeat",
        min: 0,
        max: Infinity,
        greedy: true,
        body: { kind: "dot", all: true },
      });
    case "absent-range": {
      const [range = EMPTY, ...rest] = branches;
      return rest.length === 0
        ? { kind: "range", absent: range, body: undefined }
        : absent(range, eitherOf(rest));
    }
  }
}

/** `body`, as far as `range` does not match. A repeat of one character asks before each. */
function absent(range: Node, body: Node): Node {
  const repeat = body.kind === "atomic" ? body.body : body;
  if (repeat.kind !== "repeat" || !repeat.greedy || !isStep(repeat.body))
    return { kind: "range", absent: range, body };
  const not: Node = { kind: "look", ahead: true, negative: true, body: range };
  const step: Node = { kind: "sequence", items: [not, repeat.body] };
  const steps: Node = { ...repeat, body: step };
  return repeat === body ? steps : { kind: "atomic", body: steps };
}

const isStep = (node: Node): boolean =>
  node.kind === "set" ||
  (node.kind === "dot" && node.all) ||
  (node.kind === "text" && isCharacter(node.text));

/** At a closing parenthesis. */
function closePart(parsing: Parsing): void {
  const isCondition = parsing.open.at(-1)?.kind === "condition";
  const node = close(parsing);
  if (isCondition) openChoice(parsing, node, false);
  else add(parsing, node);
}

/** `{2}` `{2,}` `{2,3}`, behind the brace. All else in braces is text. */
function readInterval(parsing: Parsing): boolean {
  const { reader } = parsing;
  const start = reader.at;
  const asText = (): boolean => {
    reader.at = start;
    return false;
  };
  const min = bound(parsing);
  if (min === undefined) return asText();
  let max = min;
  if (reader.take(",")) max = bound(parsing) ?? Infinity;
  if (!reader.take("}")) return asText();
  if (min > max) throw failure("upper is smaller than lower in repeat range");
  quantify(parsing, min, max);
  return true;
}

const MAX_TIMES = 100_000;

function bound({ reader }: Parsing): number | undefined {
  const start = reader.at;
  const value = reader.decimal();
  if (value === undefined || value > MAX_TIMES) throw failure("too big number for repeat range");
  return reader.at === start ? undefined : value;
}

function quantify(parsing: Parsing, min: number, max: number): void {
  const { reader } = parsing;
  const greedy = !reader.take("?");
  const possessive = greedy && reader.take("+");
  const frame = parsing.open.at(-1);
  const target = frame?.items.at(-1);
  if (frame === undefined || target === undefined || frame.fresh)
    throw failure("target of repeat operator is not specified");
  if (!isRepeatable(target)) throw failure("target of repeat operator is invalid");
  const repeated = repeatOf(target, min, max, greedy);
  frame.items[frame.items.length - 1] =
    possessive && !(min === 1 && max === 1) ? { kind: "atomic", body: repeated } : repeated;
}
