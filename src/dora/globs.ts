/**
 * Path globs (`*` within a segment, `**` across, `?` one character) and plain wildcards. Matched by stepping a set of
 * states through the text, never by a regular expression: cost is length x pattern, whatever a user writes.
 */
const ONE = 1;
const SEGMENT = 2;
const ACROSS = 3;
/** The two tokens behind it may be left out together. */
const OPTIONAL = 4;
type Token = string | typeof ONE | typeof SEGMENT | typeof ACROSS | typeof OPTIONAL;

interface Pattern {
  /** Text before the first wildcard: most paths are told apart by it alone. */
  readonly prefix: string;
  readonly rest: readonly Token[];
}

/**
 * A matcher of paths for a list of globs. Beside the plain rules: a pattern without wildcards also owns what lies
 * below it (as `dir/` does), and `**` followed by a slash may match no folder at all.
 */
export function pathMatcher(globs: readonly string[]): (path: string) => boolean {
  const patterns = globs.map((glob) => split(pathTokens(glob.replace(/^(?:\.?\/)+/, ""))));
  return (path) => patterns.some((pattern) => matches(pattern, path));
}

/** A matcher of names for wildcards: `*` any text, `?` one character, without regard to case. */
export function wildcardMatcher(wildcards: readonly string[]): (text: string) => boolean {
  const patterns = wildcards.map((wildcard) =>
    split(
      Array.from(wildcard.toLowerCase(), (char): Token =>
        char === "*" ? ACROSS : char === "?" ? ONE : char,
      ),
    ),
  );
  return (text) => {
    const lower = text.slice(0, 1000).toLowerCase();
    return patterns.some((pattern) => matches(pattern, lower));
  };
}

function pathTokens(glob: string): Token[] {
  const list: Token[] = [];
  const chars = Array.from(glob);
  for (let index = 0; index < chars.length; index++) {
    const char = chars[index] as string;
    if (char === "?") list.push(ONE);
    else if (char !== "*") list.push(char);
    else if (chars[index + 1] !== "*") list.push(SEGMENT);
    else {
      while (chars[index + 1] === "*") index++;
      const startsSegment = list.length === 0 || list.at(-1) === "/";
      if (startsSegment && chars[index + 1] === "/") {
        list.push(OPTIONAL, ACROSS, "/");
        index++;
      } else list.push(ACROSS);
    }
  }
  if (list.at(-1) === "/" && list.at(-2) !== ACROSS) list.push(ACROSS);
  else if (list.length > 0 && !list.some((token) => typeof token !== "string"))
    list.push(OPTIONAL, "/", ACROSS);
  return list;
}

function split(tokens: readonly Token[]): Pattern {
  const wildcard = tokens.findIndex((token) => typeof token !== "string");
  const end = wildcard === -1 ? tokens.length : wildcard;
  return { prefix: tokens.slice(0, end).join(""), rest: tokens.slice(end) };
}

function matches({ prefix, rest }: Pattern, text: string): boolean {
  if (!text.startsWith(prefix)) return false;
  if (rest.length === 0) return text.length === prefix.length;
  if (rest.length === 1 && rest[0] === ACROSS) return true;
  let states = new Uint8Array(rest.length + 1);
  let next = new Uint8Array(rest.length + 1);
  states[0] = 1;
  skip(rest, states);
  for (const char of text.slice(prefix.length)) {
    next.fill(0);
    for (let state = 0; state < rest.length; state++) {
      if (states[state] !== 1) continue;
      const token = rest[state] as Token;
      if (token === ACROSS || (token === SEGMENT && char !== "/")) next[state] = 1;
      else if (token === char || (token === ONE && char !== "/")) next[state + 1] = 1;
    }
    skip(rest, next);
    [states, next] = [next, states];
  }
  return states[rest.length] === 1;
}

/** Adds the states reached without reading a character. */
function skip(rest: readonly Token[], states: Uint8Array): void {
  for (let state = 0; state < rest.length; state++) {
    if (states[state] !== 1) continue;
    const token = rest[state];
    if (token === SEGMENT || token === ACROSS || token === OPTIONAL) states[state + 1] = 1;
    if (token === OPTIONAL) states[state + 3] = 1;
  }
}
