/** Text with emphasis, code and links as a tree. What is not closed is text. */
export type Inline =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "code"; readonly text: string }
  | { readonly kind: "break" }
  | { readonly kind: "strong" | "em" | "del"; readonly inside: readonly Inline[] }
  | { readonly kind: "link"; readonly href: string; readonly inside: readonly Inline[] }
  | { readonly kind: "image"; readonly href: string; readonly text: string };

const MARKS = [
  ["**", "strong"],
  ["__", "strong"],
  ["~~", "del"],
  ["*", "em"],
  ["_", "em"],
] as const;
/** Emphasis in emphasis …; deeper is text. */
const MAX_DEPTH = 8;
const LINK =
  /^(!?)\[((?:[^[\]\\]|\\.|\[[^[\]]*\])*)\]\(\s*<?([^\s<>()]*(?:\([^\s<>()]*\)[^\s<>()]*)*)>?(?:\s+"[^"]*")?\s*\)/;
const ADDRESS = /^https?:\/\/[^\s<>"')\]]*[^\s<>"')\].,;:!?]/;

export function parseInline(text: string, depth = 0): Inline[] {
  const parts: Inline[] = [];
  let plain = "";
  const flush = (): void => {
    if (plain !== "") parts.push({ kind: "text", text: plain });
    plain = "";
  };
  for (let at = 0; at < text.length;) {
    const rest = text.slice(at);
    const found = depth < MAX_DEPTH ? special(rest, text[at - 1] ?? "", depth) : null;
    if (found === null) {
      const isEscape = rest[0] === "\\" && /[!-/:-@[-`{-~]/.test(rest[1] ?? "");
      plain += isEscape ? rest[1] : rest[0];
      at += isEscape ? 2 : 1;
    } else {
      flush();
      parts.push(found.part);
      at += found.length;
    }
  }
  flush();
  return parts;
}

/** What begins here, and how long it is. */
function special(rest: string, before: string, depth: number): { part: Inline; length: number } | null {
  switch (rest[0]) {
    case "`":
      return code(rest);
    case "!":
    case "[":
      return link(rest, depth);
    case "h":
      return /\w/.test(before) ? null : address(rest);
    case "\n":
      return { part: { kind: "break" }, length: 1 };
    default:
      return emphasis(rest, before, depth);
  }
}

function code(rest: string): { part: Inline; length: number } | null {
  const [fence = ""] = /^`+/.exec(rest) ?? [];
  const end = rest.indexOf(fence, fence.length);
  if (end < 0) return null;
  return { part: { kind: "code", text: rest.slice(fence.length, end).trim() }, length: end + fence.length };
}

function link(rest: string, depth: number): { part: Inline; length: number } | null {
  const [whole, bang, text = "", href = ""] = LINK.exec(rest) ?? [];
  if (whole === undefined) return null;
  const part: Inline =
    bang === "!"
      ? { kind: "image", href, text }
      : { kind: "link", href, inside: parseInline(text, depth + 1) };
  return { part, length: whole.length };
}

function address(rest: string): { part: Inline; length: number } | null {
  const [href] = ADDRESS.exec(rest) ?? [];
  return href === undefined
    ? null
    : { part: { kind: "link", href, inside: [{ kind: "text", text: href }] }, length: href.length };
}

function emphasis(rest: string, before: string, depth: number): { part: Inline; length: number } | null {
  for (const [mark, kind] of MARKS) {
    if (!rest.startsWith(mark) || /^\s|^$/.test(rest.slice(mark.length, mark.length + 1))) continue;
    // Names_with_underscores are no emphasis.
    if (mark[0] === "_" && /\w/.test(before)) return null;
    const end = closing(rest, mark);
    if (end > 0)
      return {
        part: { kind, inside: parseInline(rest.slice(mark.length, end), depth + 1) },
        length: end + mark.length,
      };
  }
  return null;
}

function closing(rest: string, mark: string): number {
  for (let at = rest.indexOf(mark, mark.length + 1); at > 0; at = rest.indexOf(mark, at + 1)) {
    const isDouble = mark.length === 1 && (rest[at + 1] === mark || rest[at - 1] === mark);
    const isInWord = mark[0] === "_" && /\w/.test(rest[at + mark.length] ?? "");
    if (!isDouble && !isInWord && !/\s|\\/.test(rest[at - 1] ?? "")) return at;
  }
  return -1;
}
