/** How a tag's name reads: a released version, a pre-release, or no version at all. */
export type TagKind = "release" | "prerelease" | "other";

export interface VersionTag {
  readonly kind: TagKind;
  /** What stands before the version, e.g. `payments` of `payments@1.2.3` and `pkg/api` of `pkg/api/v1.0`; "" for none. */
  readonly prefix: string;
}

/**
 * `v1.2.3`, `1.2`, `release-1.2.3`, `svc-v1.2.3`, `svc@1.2.3`, `pkg/v1.2.3`, `curl-8_9_1`, `rel_2_0_8`; two to four
 * numbers, because one alone (`v4`) is usually a moving tag.
 */
const VERSION =
  /^(?:(?<prefix>.*[^0-9.])(?:[-_@/.](?=v?\d))|(?<bare>(?:release|rel|version|ver)))?v?\d{1,9}(?:[._]\d{1,9}){1,3}(?<suffix>(?:[-_.+]?[A-Za-z].*|[-_+]\d.*)?)$/i;
const FINAL = /^[-_.]?(?:final|ga|release)$/i;
const PREVIEW_WORD = /(?:^|[-_./@])(?:rc|alpha|beta|pre|preview|dev|nightly|snapshot|canary|test)\d*$/i;

export function classifyTag(name: string): VersionTag {
  const groups = VERSION.exec(name)?.groups;
  if (groups === undefined) return { kind: "other", prefix: "" };
  const prefix = groups["prefix"] ?? groups["bare"] ?? "";
  const suffix = groups["suffix"] ?? "";
  const stable = suffix === "" || suffix.startsWith("+") || FINAL.test(suffix);
  return { kind: stable && !PREVIEW_WORD.test(prefix) ? "release" : "prerelease", prefix };
}

/** A glob for tag names as git's own: `*` any characters (slashes too), `?` one, `[a-z]` a set. */
export function tagGlob(glob: string): RegExp {
  let source = "";
  for (let at = 0; at < glob.length; at += 1) {
    const char = glob[at] ?? "";
    const close = char === "[" ? glob.indexOf("]", at + 2) : -1;
    if (char === "*") source += "[^]*";
    else if (char === "?") source += "[^]";
    else if (char === "\\" && at + 1 < glob.length) source += escapeRegExp(glob[(at += 1)] ?? "");
    else if (close > 0) {
      const set = glob.slice(at + 1, close);
      const negated = set.startsWith("!") || set.startsWith("^");
      source += `[${negated ? "^" : ""}${(negated ? set.slice(1) : set).replace(/[\\\]^[]/g, "\\$&")}]`;
      at = close;
    } else source += escapeRegExp(char);
  }
  return new RegExp(`^${source}$`, "u");
}

function escapeRegExp(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
}
