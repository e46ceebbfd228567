import type { Json } from "../../src/jq/value.ts";
import type { Outcome } from "./support/oracle.ts";
import { printed, same } from "./support/same.ts";

/** A known difference: between jq 1.8.2, which decides, and an older jq; or where all of them are wrong. */
export interface Rule {
  readonly name: string;
  readonly reason: string;
  /** Which oracles, by the start of their name. */
  readonly oracles: readonly ("jq-web" | "jq-1.6" | "jq-1.8")[];
  readonly explains: (question: Question) => boolean;
}
export interface Question {
  readonly program: string;
  readonly input: Json;
  readonly ours: Outcome;
  /** Null: the oracle does not compile the program. */
  readonly theirs: Outcome | null;
}

export const sameOutcome = (a: Outcome, b: Outcome): boolean =>
  a.outputs.length === b.outputs.length &&
  a.outputs.every((value, i) => same(printed(value), b.outputs[i]!)) &&
  (a.error === undefined ? b.error === undefined : b.error !== undefined && same(printed(a.error), b.error));

/** An error text without the values that it quotes (which older ones cut without closing the quotes). */
const skeleton = (text: string): string =>
  text
    .replace(/^(Invalid path expression (?:near attempt to \w+|with result)).*/su, "$1")
    .replaceAll(/\s*(?:\(.*\)|".*"|'.*')/gsu, "");
/** A value with the same done to every string that looks like an error text. */
function withoutQuotes(value: Json): Json {
  if (typeof value === "string") return skeleton(value);
  if (Array.isArray(value)) return value.map(withoutQuotes);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withoutQuotes(item)]));
}

/** Did both fail, with texts that are the same but for the values that they quote? */
export const sameButForQuotes = (ours: Outcome, theirs: Outcome): boolean =>
  typeof ours.error === typeof theirs.error &&
  same(
    withoutQuotes(printed([...ours.outputs, ours.error ?? null])),
    withoutQuotes([...theirs.outputs, theirs.error ?? null]),
  );

const BOTH = ["jq-web", "jq-1.6"] as const;
const mentions =
  (pattern: RegExp) =>
  ({ program }: Question): boolean =>
    pattern.test(program);
/** The error text, "" where there is none. */
const textOf = (outcome: Outcome | null): string => (typeof outcome?.error === "string" ? outcome.error : "");
const failed = (outcome: Outcome | null): boolean => outcome?.error !== undefined;

/** Programs that an oracle is not asked about, for they never end there, or end the process. */
const ENDLESS =
  /limit\(\d; (?:repeat|recurse|while|range|path\(recurse)|r?ind(?:ex|ices)\(""|gsub\("b\?"|implode/u;
export const isEndless = (oracle: string, program: string): boolean =>
  oracle.startsWith("jq-1.6") && ENDLESS.test(program);

const RULES: readonly Rule[] = [
  {
    name: "literals keep their digits",
    reason: "error texts of a jq 1.8 binary quote a number as it was written; here it is a double",
    oracles: ["jq-1.8"],
    explains: ({ program, ours, theirs }) =>
      /1e\d|1e-/u.test(program) && theirs !== null && sameButForQuotes(ours, theirs),
  },
  {
    name: "a number of the source that equals the one the path leads to",
    reason:
      "jq knows the two from each other; here a path through foreach or reduce is taken for left when a number of its source equals the number at its end",
    oracles: ["jq-1.8"],
    explains: ({ program, ours }) =>
      /\bpath\((?:foreach|reduce)/u.test(program) && textOf(ours).startsWith("Invalid path"),
  },
  {
    name: "breaks through ?//",
    reason:
      "jq takes a break (also that of first, limit, isempty and updates) for an error that ?// answers with its next pattern, so that values come twice; here a break is a break",
    oracles: [...BOTH, "jq-1.8"],
    explains: mentions(/\?\/\//u),
  },
  {
    name: "error texts quote more",
    reason: '1.8 writes string ("a") where older ones write "a" or nothing, and cuts later',
    oracles: BOTH,
    explains: ({ program, ours, theirs }) =>
      theirs !== null &&
      (typeof ours.error === "string" || program.includes("catch")) &&
      sameButForQuotes(ours, theirs),
  },
  {
    name: "builtins of 1.8",
    reason: "the older jq does not know them",
    oracles: BOTH,
    explains: ({ program, theirs }) =>
      theirs === null && /\b(?:trim|trimstr|add|skip|abs|pick)\b/u.test(program),
  },
  {
    name: "several states of foreach and reduce",
    reason: "which output of the update is the next state changed with 1.7 and again with 1.8",
    oracles: BOTH,
    explains: mentions(/\b(?:foreach|reduce)\b/u),
  },
  {
    name: "last of nothing",
    reason: "last(empty) gives nothing since 1.8, before it gave null",
    oracles: BOTH,
    explains: mentions(/\blast\(/u),
  },
  {
    name: "negative counts",
    reason: "limit, skip and nth refuse them since 1.8",
    oracles: BOTH,
    explains: ({ program, ours }) => /\b(?:limit|nth)\(-/u.test(program) && /negative/u.test(textOf(ours)),
  },
  {
    name: "texts times a large number",
    reason: "the older ones run out of memory, or make null of a fraction",
    oracles: BOTH,
    explains: mentions(/\* (?:1e|0\.)|1e[\d-]+ \* /u),
  },
  {
    name: "nth of a fraction",
    reason: "it is rounded up since 1.8",
    oracles: BOTH,
    explains: mentions(/\bnth\(\d*\.\d/u),
  },
  {
    name: "crashes",
    reason: "deleting a field of a string, by a key of another type, ends the older ones",
    oracles: BOTH,
    explains: ({ program, theirs }) => theirs === null && /\bdelpaths\(\[\[/u.test(program),
  },
  {
    name: "bsearch in C",
    reason: "1.8 refuses what is no array, and gives another place for what is not found in an unsorted one",
    oracles: BOTH,
    explains: mentions(/\bbsearch\(/u),
  },
  {
    name: "trimming other things than strings",
    reason: "ltrimstr and rtrimstr of other things are errors since 1.8",
    oracles: BOTH,
    explains: mentions(/\b[lr]trimstr\(/u),
  },
  {
    name: "offsets by code point",
    reason: "index, rindex and indices of a string counted bytes before 1.8",
    oracles: BOTH,
    explains: ({ program, input }) =>
      /\br?ind(?:ex|ices)\(/u.test(program) && /[^\0-\x7f]/u.test(program + JSON.stringify(input)),
  },
  {
    name: "unique in C",
    reason: "unique of what is no array has the error text of sort since 1.8",
    oracles: BOTH,
    explains: ({ program, ours }) => /\bunique\b/u.test(program) && /sorted/u.test(textOf(ours)),
  },
  {
    name: "tonumber by itself",
    reason: "1.8 reads numbers without the JSON parser: other texts, no spaces allowed",
    oracles: BOTH,
    explains: ({ program, ours }) => /\btonumber\b/u.test(program) && failed(ours),
  },
  {
    name: "endless",
    reason:
      "not asked: in 1.6 a ? or try swallows the break of a limit around it, index and gsub go on for ever at an empty match, implode aborts",
    oracles: ["jq-1.6"],
    explains: ({ program, theirs }) => theirs === null && ENDLESS.test(program),
  },
  {
    name: "nth of too few",
    reason: "1.6 gives the last output when there are not enough",
    oracles: ["jq-1.6"],
    explains: mentions(/\bnth\([^)]*; /u),
  },
  {
    name: "empty matches",
    reason: "1.6 finds an empty match once, and not at the end of the text",
    oracles: ["jq-1.6"],
    explains: mentions(/"b\?"|"\(a\)\(b\)\?"/u),
  },
  {
    name: "error(null)",
    reason: "1.6 takes the error null for nothing, and stumbles over the error of a type's name",
    oracles: ["jq-1.6"],
    explains: ({ program, ours, theirs }) =>
      /\berror\b/u.test(program) && (ours.error === null || ours.outputs.length > 0 || theirs === null),
  },
  {
    name: "if without else",
    reason: "optional since 1.7",
    oracles: ["jq-1.6"],
    explains: ({ program, theirs }) => theirs === null && /\bthen\b/u.test(program),
  },
  {
    name: "errors behind a ?",
    reason: "in 1.6 a ? or try also swallows the errors, and the breaks, of what comes after it",
    oracles: ["jq-1.6"],
    explains: ({ program, ours, theirs }) =>
      (failed(ours) ||
        /\b(?:first|limit|isempty|label)\b/u.test(program) ||
        (theirs !== null && !failed(theirs) && theirs.outputs.length !== ours.outputs.length)) &&
      /\?|\btry\b|\.\.|\b(?:paths|recurse|walk|in|from_entries|label)\b/u.test(program),
  },
  {
    name: "updates with several outputs, or with none",
    reason: "1.7 takes the first output, 1.6 the last; the deleting of several places was wrong in 1.6",
    oracles: ["jq-1.6"],
    explains: mentions(/[|]=|\bmap_values\b|\bwith_entries\b|\bwalk\b/u),
  },
  {
    name: "fractions as indices",
    reason: "1.6 rounds negative ones the other way, and finds nothing at others",
    oracles: ["jq-1.6"],
    explains: ({ program, input }) =>
      /\[[^\]]*-?\d+\.\d/u.test(program) || /\d\.\d/u.test(JSON.stringify(input)),
  },
  {
    name: "caught texts",
    reason: "the text of an error, shorter in 1.6, goes into the result",
    oracles: BOTH,
    explains: mentions(/\bcatch (?!\[type\]|empty)/u),
  },
  {
    name: "any and all of several",
    reason: "1.6 reduces the outputs, the last of an element decides",
    oracles: ["jq-1.6"],
    explains: mentions(/\b(?:any|all)\(/u),
  },
  {
    name: "index of an empty text",
    reason: "1.6 never ends; nor does it when it splits by an empty match",
    oracles: ["jq-1.6"],
    explains: ({ program, theirs }) => theirs === null && /ind(?:ex|ices)\(|splits\(/u.test(program),
  },
  {
    name: "limit of nothing, IN of nothing",
    reason: "1.6 takes limit(0; f) for all of f, and asks both arguments of IN in another order",
    oracles: ["jq-1.6"],
    explains: mentions(/\blimit\(0; |\bIN\(/u),
  },
  {
    name: "anchored global matches",
    reason: "1.6 takes every match for a start of the text",
    oracles: ["jq-1.6"],
    explains: mentions(/"\^\."/u),
  },
  {
    name: "reworded error texts",
    reason:
      "bounds and updates of slices, and the transposing of what is no matrix, fail with other words in 1.6",
    oracles: ["jq-1.6"],
    explains: ({ program, ours, theirs }) =>
      failed(theirs) &&
      (failed(ours) || program.includes("transpose")) &&
      /\.\[|\btranspose\b|slice/u.test(program + textOf(ours)),
  },
  {
    name: "short dates",
    reason: "a broken-down time may be shorter than eight since 1.8",
    oracles: BOTH,
    explains: ({ program, theirs }) =>
      /\b(?:todate|mktime|strftime)\b/u.test(program) && /parsed datetime|elements/u.test(textOf(theirs)),
  },
];

/** The rules for an oracle, null when it is not one that we know. */
export const rulesFor = (name: string): readonly Rule[] =>
  RULES.filter(({ oracles }) => oracles.some((one) => name.startsWith(one)));
