/** Sets of code points: a table for ASCII, a test for the rest. */
export interface CharSet {
  /** 1 where the code is in the set. */
  readonly ascii: Uint8Array;
  readonly beyond: (code: number) => boolean;
}

const ASCII = 128;

export function charSet(test: (code: number) => boolean): CharSet {
  const ascii = new Uint8Array(ASCII);
  for (let code = 0; code < ASCII; code += 1) if (test(code)) ascii[code] = 1;
  return { ascii, beyond: test };
}

export const inSet = (set: CharSet, code: number): boolean =>
  code < ASCII ? set.ascii[code] === 1 : set.beyond(code);

/** A property of Unicode that JavaScript knows, asked of one code point; answers are remembered for a page of 256. */
function unicodeTest(source: string): (code: number) => boolean {
  const regex = new RegExp(source, "u");
  const pages = new Map<number, Uint8Array>();
  return (code) => {
    const page = code >> 8;
    let known = pages.get(page);
    if (known === undefined) {
      known = new Uint8Array(256);
      // Halves of surrogate pairs stand for themselves and have no properties but their own.
      for (let i = 0; i < 256; i += 1) if (regex.test(String.fromCodePoint((page << 8) + i))) known[i] = 1;
      if (pages.size > 64) pages.clear();
      pages.set(page, known);
    }
    return known[code & 255] === 1;
  };
}

const cache = new Map<string, (code: number) => boolean>();

function unicode(source: string): (code: number) => boolean {
  let test = cache.get(source);
  if (test === undefined) {
    test = unicodeTest(source);
    cache.set(source, test);
  }
  return test;
}

/** POSIX brackets with their meaning in Unicode (Oniguruma's RE document). */
const POSIX: Readonly<Record<string, string>> = {
  alnum: "[\\p{Alphabetic}\\p{Nd}]",
  alpha: "\\p{Alphabetic}",
  ascii: "[\\0-\\x7f]",
  blank: "[\\p{Zs}\\t]",
  cntrl: "\\p{Cc}",
  digit: "\\p{Nd}",
  graph: "[^\\p{White_Space}\\p{Cc}\\p{Cn}\\p{Cs}]",
  lower: "\\p{Lowercase}",
  print: "[^\\p{Cc}\\p{Cn}\\p{Cs}]",
  punct: "[\\p{P}\\p{S}]",
  space: "\\p{White_Space}",
  upper: "\\p{Uppercase}",
  xdigit: "[0-9a-fA-F]",
  word: "[\\p{L}\\p{M}\\p{Nd}\\p{Pc}]",
};

export const posixClass = (name: string): ((code: number) => boolean) | null => {
  const source = Object.hasOwn(POSIX, name) ? POSIX[name] : undefined;
  return source === undefined ? null : unicode(source);
};

/** POSIX names, general categories, scripts and binary properties; case, spaces, `-` and `_` do not matter. */
export function property(name: string): ((code: number) => boolean) | null {
  const plain = name.toLowerCase().replaceAll(/[ _-]/g, "");
  const posix = posixClass(plain);
  if (posix !== null) return posix;
  if (plain === "any") return () => true;
  if (plain === "assigned") return unicode("\\P{Cn}");
  const title = name
    .split(/[ _-]/)
    .filter((part) => part !== "")
    .map((part) => part.charAt(0).toUpperCase() + part.slice(1).toLowerCase())
    .join("_");
  if (!/^[A-Za-z0-9_]+$/.test(title)) return null;
  for (const candidate of new Set([name.trim(), title, title.toUpperCase(), `Script=${title}`]))
    try {
      return unicode(`\\p{${candidate}}`);
    } catch {
      // Not a name that JavaScript knows in this spelling; the next one may be.
    }
  return null;
}

/** Characters that are the same when case does not matter: one for one. */
export function foldCase(code: number): number {
  if (code < ASCII) return code >= 65 && code <= 90 ? code + 32 : code;
  if (code > 0x10ffff) return code;
  const upper = String.fromCodePoint(code).toUpperCase();
  const lower = (
    upper.length === String.fromCodePoint(upper.codePointAt(0) ?? 0).length
      ? upper
      : String.fromCodePoint(code)
  ).toLowerCase();
  const folded = lower.codePointAt(0) ?? code;
  return lower.length === String.fromCodePoint(folded).length ? folded : code;
}

/** The set with every character whose other cases are in it. */
export function foldSet(set: CharSet): CharSet {
  const variants = (code: number): number[] => {
    const text = String.fromCodePoint(code);
    const others = [text.toLowerCase(), text.toUpperCase()].flatMap((other) => {
      const single = other.codePointAt(0) ?? code;
      return other.length === String.fromCodePoint(single).length ? [single] : [];
    });
    return [code, foldCase(code), ...others];
  };
  return charSet((code) => variants(code).some((variant) => inSet(set, variant)));
}

export const negated = (set: CharSet): CharSet => charSet((code) => !inSet(set, code));

const NEWLINE = 10;
export const DOT = charSet((code) => code !== NEWLINE);
export const ANY = charSet(() => true);
export const DIGIT = charSet(unicode("\\p{Nd}"));
export const SPACE = charSet(unicode("\\p{White_Space}"));
export const WORD = charSet(unicode(POSIX["word"] ?? ""));
