/** Spoils what is right: texts, bytes and JSON values. */
import type { RandomSource } from "../../test/http/support/random-source.ts";

/** Longer ones are cut, or a run would be about a few huge inputs. */
const MAX_LENGTH = 40_000;
const MAX_CHANGES = 12;
/** How often something is repeated when it is to nest deeply, or to be long. */
const REPEATS = [2, 3, 10, 100, 1000, 10_000] as const;

/** Signs and words that mean something to one parser or another. */
const TOKENS: readonly string[] = [
  ...["{", "}", "[", "]", "(", ")", '"', "'", "`", ",", ":", ": ", "- ", "\n", "\r\n", "\r", "\t", " ", "  "],
  ...[
    "&a ",
    "*a",
    "<<: *a",
    "!!binary ",
    "!!js/function ",
    "!<tag:x> ",
    "? ",
    "|-\n",
    ">+\n",
    "---\n",
    "...\n",
    "%YAML 1.1\n",
    "%TAG ! x\n",
    "# ",
    "@",
    "~",
  ],
  ...[
    "\\",
    "\\u0000",
    "\\ud800",
    "\\x",
    "\u0000",
    "\ufeff",
    "\ud800",
    "\udc00",
    "\u2028",
    "\u202e",
    "\u0085",
    "\u00a0",
    "“",
    "’",
    "é",
    "名",
    "😀",
  ],
  ...["__proto__", "constructor", "prototype", "toString", "null", "true", "false", "NaN", "Infinity", "-0"],
  ...[
    "0",
    "-1",
    "1e999",
    "-1e-999",
    "9007199254740993",
    "0x1F",
    "0o17",
    "1_000",
    ".5",
    "1.",
    "00",
    "2026-02-30T25:61:61Z",
  ],
  ...[
    "| ",
    "//",
    "?//",
    "..",
    ".[]",
    "$x",
    "as $x | ",
    "reduce .[] as $x (0; ",
    "foreach .[] as [$a] (0; .; .)",
    "def f: f; ",
    "def f(g): g|f(g); ",
    "limit(3; ",
    "label $out | break $out",
  ],
  ...[
    "@base64d",
    "@json",
    '"\\(',
    'test("(a+)+$")',
    'ltrimstr("a")',
    "range(1e9)",
    "[limit(9;repeat(.))]",
    "getpath([])",
    "paths",
    "env",
    "input",
    "{{",
    "}}",
    "{{ spreadValue() }}",
  ],
  ...[
    " eq ",
    " and ",
    " or ",
    " pr",
    '[value eq "',
    "members[",
    "urn:ietf:params:scim:schemas:core:2.0:User:",
    "userName",
    "%00",
    "%",
    "../",
  ],
  ...["sha256=", "v1,", "Basic ", "Bearer ", "==", "=", ".", "-", "_", "a".repeat(65)],
];

export function mutateText(random: RandomSource, corpus: readonly string[]): string {
  let text = random.pick(corpus);
  for (let left = 1 + random.int(random.chance(0.5) ? 2 : MAX_CHANGES); left > 0; left -= 1)
    text = changedText(random, text, corpus);
  return text.length > MAX_LENGTH ? text.slice(0, MAX_LENGTH) : text;
}

/** Begin and end of a part of something that is so long; short parts are more likely. */
function partOf(random: RandomSource, length: number): readonly [number, number] {
  const from = random.int(length + 1);
  const most = random.chance(0.7) ? 8 : length;
  return [from, Math.min(length, from + random.int(most + 1))];
}

function changedText(random: RandomSource, text: string, corpus: readonly string[]): string {
  const [from, to] = partOf(random, text.length);
  const put = (middle: string): string => text.slice(0, from) + middle + text.slice(to);
  switch (random.int(11)) {
    case 0:
      return put("");
    case 1:
      return put(random.pick(TOKENS));
    case 2:
      return text.slice(0, from) + random.pick(TOKENS) + text.slice(from);
    case 3:
      return put(String.fromCharCode(random.int(random.chance(0.7) ? 128 : 65_536)));
    case 4: {
      const other = random.pick(corpus);
      const [a, b] = partOf(random, other.length);
      return put(other.slice(a, b));
    }
    case 5:
      return text.slice(0, from) + random.pick(corpus).slice(random.int(200));
    case 6:
      return repeated(random, text, from, text.slice(from, to));
    case 7:
      return repeated(random, text, from, random.pick(TOKENS));
    case 8:
      return text.slice(0, from);
    case 9:
      return text.replace(/\d+/, () => random.pick(["0", "-1", "1e999", "4294967296", "9".repeat(400)]));
    default: {
      const lines = text.split("\n");
      const at = random.int(lines.length);
      const line = lines[at] ?? "";
      lines[at] = random.chance(0.5) ? ` ${line}` : line.replace(/^ {1,2}/, "");
      if (random.chance(0.3)) lines.splice(random.int(lines.length + 1), 0, line);
      return lines.join("\n");
    }
  }
}

function repeated(random: RandomSource, text: string, at: number, part: string): string {
  const times = Math.min(random.pick(REPEATS), Math.floor(MAX_LENGTH / Math.max(1, part.length)));
  return text.slice(0, at) + part.repeat(times) + text.slice(at);
}

export function mutateBytes(random: RandomSource, bytes: Buffer): Buffer {
  let result = Buffer.from(bytes);
  for (let left = 1 + random.int(4); left > 0; left -= 1) {
    const [from, to] = partOf(random, result.length);
    switch (random.int(5)) {
      case 0:
        if (result.length > 0) {
          const at = random.int(result.length);
          result[at] = (result[at] ?? 0) ^ (1 << random.int(8));
        }
        break;
      case 1:
        result = Buffer.concat([result.subarray(0, from), result.subarray(to)]);
        break;
      case 2:
        result = Buffer.concat([
          result.subarray(0, from),
          Buffer.from(random.pick(TOKENS)),
          result.subarray(to),
        ]);
        break;
      case 3:
        result = Buffer.concat([result.subarray(0, to), result.subarray(from)]);
        break;
      default:
        result = Buffer.concat([
          result.subarray(0, from),
          Buffer.from([random.int(256)]),
          result.subarray(from),
        ]);
    }
  }
  return result.subarray(0, MAX_LENGTH);
}

const ODD_VALUES: readonly unknown[] = [
  ...[
    null,
    true,
    false,
    0,
    -1,
    1.5,
    1e308,
    2 ** 53,
    "",
    " ",
    [],
    {},
    [null],
    [[]],
    { a: { b: [] } },
    "0",
    "TRUE",
  ],
  ...[{ value: "x" }, { constructor: { prototype: {} } }, "__proto__", "\u0000", "\ud800", "x".repeat(1001)],
];
const ODD_NAMES = [
  "",
  "__proto__",
  "constructor",
  "toString",
  "length",
  "value",
  "path",
  "op",
  "\u0000",
  "名前",
];

/** The same value with one place changed, dropped, doubled or added. */
export function mutateJson(random: RandomSource, value: unknown): unknown {
  if (random.chance(0.1)) return random.pick(ODD_VALUES);
  if (Array.isArray(value)) {
    if (value.length === 0) return [random.pick(ODD_VALUES)];
    const at = random.int(value.length);
    if (random.chance(0.1)) return value.toSpliced(at, 1);
    if (random.chance(0.1)) return value.toSpliced(at, 0, value[at]);
    return value.map((item: unknown, index) => (index === at ? mutateJson(random, item) : item));
  }
  if (typeof value === "object" && value !== null) {
    const entries = Object.entries(value);
    if (entries.length === 0 || random.chance(0.1))
      return Object.fromEntries([...entries, [random.pick(ODD_NAMES), random.pick(ODD_VALUES)]]);
    const at = random.int(entries.length);
    return Object.fromEntries(
      entries.flatMap(([key, item], index) => {
        if (index !== at) return [[key, item]];
        if (random.chance(0.1)) return [];
        if (random.chance(0.1)) return [[oddCase(random, key), item]];
        return [[key, mutateJson(random, item)]];
      }),
    );
  }
  if (typeof value === "string" && random.chance(0.6)) return mutateText(random, [value]);
  return random.pick(ODD_VALUES);
}

const oddCase = (random: RandomSource, name: string): string =>
  random.chance(0.5) ? name.toUpperCase() : random.pick(ODD_NAMES);

/** A value by chance, a dozen levels deep at most. */
export function randomJson(random: RandomSource, depth = 0): unknown {
  const kind = random.int(depth > 6 ? 3 : 5);
  if (kind === 0) return random.pick(ODD_VALUES);
  if (kind === 1) return random.pick([random.int(1000), random.int(1e6) / 7, -random.int(9)]);
  if (kind === 2) return random.pick(TOKENS) + random.pick(TOKENS);
  const length = random.int(4);
  if (kind === 3) return Array.from({ length }, () => randomJson(random, depth + 1));
  return Object.fromEntries(
    Array.from({ length }, () => [
      random.chance(0.8) ? `k${random.int(5)}` : random.pick(ODD_NAMES),
      randomJson(random, depth + 1),
    ]),
  );
}
