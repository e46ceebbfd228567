/**
 * Markdown as people write it in READMEs and on dashboards (GitHub's headings, lists, tasks, tables, quotes, fences), as a
 * tree. There is no HTML in it: a tag is text.
 */
import { type Inline, parseInline } from "./parse-inline.ts";

export interface ListItem {
  readonly blocks: readonly Block[];
  /** null: no task. */
  readonly done: boolean | null;
}

export type Block =
  | { readonly kind: "heading"; readonly level: number; readonly inside: readonly Inline[] }
  | { readonly kind: "paragraph"; readonly inside: readonly Inline[] }
  | { readonly kind: "code"; readonly text: string }
  | { readonly kind: "rule" }
  | { readonly kind: "quote"; readonly blocks: readonly Block[] }
  | { readonly kind: "list"; readonly ordered: boolean; readonly items: readonly ListItem[] }
  | {
      readonly kind: "table";
      readonly head: readonly (readonly Inline[])[];
      readonly rows: readonly (readonly (readonly Inline[])[])[];
    };

/** Lists in quotes in lists …; deeper is a paragraph. */
const MAX_DEPTH = 12;

const FENCE = /^ {0,3}(`{3,}|~{3,})/;
const HEADING = /^ {0,3}(#{1,6})\s+(.*?)\s*#*\s*$/;
const RULE = /^ {0,3}([-*_])(?:\s*\1){2,}\s*$/;
const QUOTE = /^ {0,3}> ?/;
const ITEM = /^( {0,3})([-*+]|\d{1,9}[.)])(\s+|$)/;
const TABLE_RULE = /^\s*\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)*\|?\s*$/;

export function parseMarkdown(text: string): Block[] {
  return blocksOf(text.replace(/\r\n?/g, "\n").replace(/\t/g, "    ").split("\n"), 0);
}

function blocksOf(lines: readonly string[], depth: number): Block[] {
  const blocks: Block[] = [];
  for (let at = 0; at < lines.length;) {
    const line = lines[at] ?? "";
    if (line.trim() === "") {
      at += 1;
      continue;
    }
    const [block, used] = blockAt(lines.slice(at), depth);
    blocks.push(block);
    at += used;
  }
  return blocks;
}

/** The block that begins with the first line, and how many it takes. */
function blockAt(lines: readonly string[], depth: number): [Block, number] {
  const [line = "", next = ""] = lines;
  const fence = FENCE.exec(line)?.[1];
  if (fence !== undefined) return fenced(lines, fence);
  const heading = HEADING.exec(line);
  if (heading !== null)
    return [{ kind: "heading", level: heading[1]?.length ?? 1, inside: parseInline(heading[2] ?? "") }, 1];
  if (RULE.test(line)) return [{ kind: "rule" }, 1];
  if (depth < MAX_DEPTH && QUOTE.test(line)) return quote(lines, depth);
  if (depth < MAX_DEPTH && ITEM.test(line)) return list(lines, depth);
  if (line.includes("|") && TABLE_RULE.test(next) && cellsOf(line).length === cellsOf(next).length)
    return table(lines);
  return paragraph(lines);
}

function fenced(lines: readonly string[], fence: string): [Block, number] {
  const end = lines.findIndex(
    (line, i) => i > 0 && line.trim().startsWith(fence) && /^[`~]+\s*$/.test(line.trim()),
  );
  const last = end < 0 ? lines.length : end;
  return [{ kind: "code", text: lines.slice(1, last).join("\n") }, Math.min(lines.length, last + 1)];
}

function quote(lines: readonly string[], depth: number): [Block, number] {
  const end = lines.findIndex((line) => !QUOTE.test(line));
  const own = end < 0 ? lines : lines.slice(0, end);
  return [
    {
      kind: "quote",
      blocks: blocksOf(
        own.map((line) => line.replace(QUOTE, "")),
        depth + 1,
      ),
    },
    own.length,
  ];
}

function list(lines: readonly string[], depth: number): [Block, number] {
  const ordered = /\d/.test(ITEM.exec(lines[0] ?? "")?.[2] ?? "");
  const items: ListItem[] = [];
  let at = 0;
  while (at < lines.length) {
    const begin = ITEM.exec(lines[at] ?? "");
    if (begin === null || /\d/.test(begin[2] ?? "") !== ordered || RULE.test(lines[at] ?? "")) break;
    const [whole, , mark = ""] = begin;
    const indent = Math.min(whole.length, whole.trimEnd().length + 4);
    const own = [(lines[at] ?? "").slice(indent)];
    at += 1;
    for (; at < lines.length; at++) {
      const line = lines[at] ?? "";
      const isInside = /^\s*/.exec(line)?.[0].length ?? 0;
      if (line.trim() === "") {
        // An empty line belongs to the item when what follows does.
        const after = lines[at + 1] ?? "";
        if (after.trim() === "" || (/^\s*/.exec(after)?.[0].length ?? 0) < mark.length + 1) break;
        own.push("");
      } else if (isInside >= mark.length + 1) own.push(line.slice(Math.min(isInside, indent)));
      else if (begins(line)) break;
      else own.push(line);
    }
    items.push(itemOf(own, depth));
    if ((lines[at] ?? "").trim() === "" && ITEM.test(lines[at + 1] ?? "")) at += 1;
  }
  return [{ kind: "list", ordered, items }, at];
}

function itemOf(lines: readonly string[], depth: number): ListItem {
  const [first = "", ...rest] = lines;
  const task = /^\[([ xX])\]\s+/.exec(first);
  const text = task === null ? first : first.slice(task[0].length);
  return { done: task === null ? null : task[1] !== " ", blocks: blocksOf([text, ...rest], depth + 1) };
}

function cellsOf(line: string): string[] {
  const inside = line
    .trim()
    .replace(/^\|/, "")
    .replace(/(?<!\\)\|$/, "");
  return inside.split(/(?<!\\)\|/).map((cell) => cell.trim().replaceAll("\\|", "|"));
}

function table(lines: readonly string[]): [Block, number] {
  const end = lines.findIndex((line, i) => i > 1 && (line.trim() === "" || !line.includes("|")));
  const own = end < 0 ? lines : lines.slice(0, end);
  const head = cellsOf(own[0] ?? "");
  const rows = own.slice(2).map((line) => {
    const cells = cellsOf(line);
    return head.map((_, i) => parseInline(cells[i] ?? ""));
  });
  return [{ kind: "table", head: head.map((cell) => parseInline(cell)), rows }, own.length];
}

/** Lines until one is empty or begins something else; two spaces or a backslash at the end break the line. */
function paragraph(lines: readonly string[]): [Block, number] {
  const end = lines.findIndex((line, i) => i > 0 && (line.trim() === "" || begins(line)));
  const own = end < 0 ? lines : lines.slice(0, end);
  const text = own
    .map((line, i) => {
      if (i === own.length - 1) return line.trim();
      return / {2,}$|\\$/.test(line) ? `${line.replace(/\\$/, "").trim()}\n` : `${line.trim()} `;
    })
    .join("");
  return [{ kind: "paragraph", inside: parseInline(text) }, own.length];
}

const begins = (line: string): boolean =>
  [FENCE, HEADING, RULE, QUOTE, ITEM].some((pattern) => pattern.test(line));
