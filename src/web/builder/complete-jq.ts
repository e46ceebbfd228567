/** What can follow in a jq expression: keys of a sample, and what jq has. Pure. */

export interface Offer {
  readonly label: string;
  /** What the sample has there, in a few words. */
  readonly detail: string;
}

export interface JqOffers {
  /** Where in the text the offers begin. */
  readonly from: number;
  readonly offers: readonly Offer[];
}

const FUNCTIONS: Readonly<Record<string, string>> = {
  select: "keeps what holds",
  map: "each of a list",
  test: "whether a text matches",
  split: "a text into a list",
  join: "a list into a text",
  length: "of a text or a list",
  tostring: "as a text",
  tonumber: "as a number",
  ascii_downcase: "in small letters",
  startswith: "whether a text begins so",
  endswith: "whether a text ends so",
  sub: "replaces once",
  gsub: "replaces every time",
  first: "of a list",
  last: "of a list",
  unique: "each once",
  keys: "of an object",
  has: "whether there is a key",
  fromdateiso8601: "a time as seconds",
  todate: "seconds as a time",
  now: "the time, in seconds",
  empty: "nothing",
  not: "the contrary",
};

/** A path that ends where the text ends: `.body.commits[0].` and what is typed of the next key. */
const PATH = /((?:\.[A-Za-z_]\w*|\.?\["[^"\\]*"\]|\[\d*\])*)\.([A-Za-z_]\w*)?$/;
const WORD = /(?:^|[^\w.$"@])([a-z_]\w*)$/;

/** @param text the expression up to where somebody types */
export function completeJq(text: string, sample: unknown): JqOffers | null {
  const path = PATH.exec(text);
  if (path !== null) {
    const [, before = "", typed = ""] = path;
    // `..` is jq's own, and `a.b` without a dot in front is no path.
    const offers = keysOf(follow(sample, before));
    return offers.length === 0 ? null : { from: text.length - typed.length, offers };
  }
  const word = WORD.exec(text)?.[1];
  if (word === undefined) return null;
  const offers = Object.entries(FUNCTIONS)
    .filter(([name]) => name.startsWith(word))
    .map(([label, detail]) => ({ label, detail }));
  return offers.length === 0 ? null : { from: text.length - word.length, offers };
}

/** What the sample has at a path; of lists the first item. */
function follow(sample: unknown, path: string): unknown {
  let at = sample;
  for (const [, name, quoted, index] of path.matchAll(/\.([A-Za-z_]\w*)|\["([^"\\]*)"\]|\[(\d*)\]/g)) {
    const key = name ?? quoted;
    if (key !== undefined) {
      if (typeof at !== "object" || at === null || Array.isArray(at) || !Object.hasOwn(at, key))
        return undefined;
      at = (at as Readonly<Record<string, unknown>>)[key];
    } else if (Array.isArray(at)) at = at[Number(index === "" ? 0 : index)] as unknown;
    else if (index === "" && typeof at === "object" && at !== null) at = Object.values(at)[0];
    else return undefined;
  }
  return at;
}

/** Keys that can be written after a dot. */
function keysOf(value: unknown): Offer[] {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return [];
  return Object.entries(value)
    .filter(([key]) => /^[A-Za-z_]\w*$/.test(key))
    .map(([label, part]) => ({ label, detail: brief(part) }));
}

function brief(value: unknown): string {
  if (Array.isArray(value)) return `list of ${value.length}`;
  if (typeof value === "object" && value !== null) return "object";
  const text = JSON.stringify(value) ?? "";
  return text.length > 30 ? `${text.slice(0, 29)}…` : text;
}

/** An object that has every path which the expressions of a text read, without values. */
export function sampleOfPaths(text: string): Readonly<Record<string, unknown>> {
  const sample: Record<string, unknown> = {};
  for (const [path] of text.matchAll(/(?<![\w\])])(?:\.[A-Za-z_]\w*)+/g)) {
    let at = sample;
    for (const key of path.slice(1).split(".")) {
      const next = Object.hasOwn(at, key) && typeof at[key] === "object" && at[key] !== null ? at[key] : {};
      at[key] = next;
      at = next as Record<string, unknown>;
    }
  }
  return sample;
}
