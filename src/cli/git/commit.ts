import { decodeText } from "./decode.ts";

/** One commit as its raw object tells it: true parents, also at the edge of a shallow clone. */
export interface GitCommit {
  readonly sha: string;
  readonly parents: readonly string[];
  /** Name <mail>. */
  readonly author: string;
  readonly authorName: string;
  /** Seconds since 1970 (UTC). */
  readonly authoredAt: number;
  readonly committedAt: number;
  /** Whole message; cut in the middle when longer than MESSAGE_LIMIT. */
  readonly message: string;
  readonly messageCut: boolean;
  /** A time could not be read and the other one (or 1970, as git does) stands in. */
  readonly badDate: boolean;
}

/** Bytes of a message that are kept: the beginning and the end (trailers) of longer ones. */
export const MESSAGE_LIMIT = 64 * 1024;
const TAIL_LIMIT = 16 * 1024;
/** 9999-12-31T23:59:59Z: later times have no four-digit year in ISO 8601. */
const MAX_SECONDS = 253_402_300_799;

/** A repository may hold commits that git itself would not make. */
const SHA = /^[0-9a-f]{40,64}$/;

interface Person {
  readonly label: string;
  readonly name: string;
  readonly seconds: number | null;
}

function parsePerson(line: string): Person {
  // The last `>`: names may hold angle brackets.
  const close = line.lastIndexOf(">");
  const open = line.lastIndexOf("<", close);
  const name = (open >= 0 ? line.slice(0, open) : line.slice(0, close + 1)).trim();
  const mail = open >= 0 && close > open ? line.slice(open + 1, close).trim() : "";
  const time = /^\s*(-?\d+)(?:\s|$)/.exec(line.slice(close + 1))?.[1];
  const value = time === undefined ? Number.NaN : Number(time);
  const valid = Number.isSafeInteger(value) && value >= 0 && value <= MAX_SECONDS;
  return { label: `${name} <${mail}>`, name, seconds: valid ? value : null };
}

function cutMessage(
  bytes: Uint8Array,
  encoding: string | null,
  dropped: number,
): { text: string; cut: boolean } {
  if (bytes.length <= MESSAGE_LIMIT && dropped === 0)
    return { text: decodeText(bytes, encoding), cut: false };
  const head = utf8Boundary(bytes, MESSAGE_LIMIT - TAIL_LIMIT - 128);
  const tail = utf8Boundary(bytes, Math.max(head, bytes.length - TAIL_LIMIT));
  const left = tail - head + dropped;
  const text = `${decodeText(bytes.subarray(0, head), encoding)}\n[${left} bytes left out]\n${decodeText(bytes.subarray(tail), encoding)}`;
  return { text, cut: true };
}

/** The nearest start of a UTF-8 character at or before `at`. */
function utf8Boundary(bytes: Uint8Array, at: number): number {
  let index = Math.min(at, bytes.length);
  for (let step = 0; step < 3 && index > 0 && ((bytes[index] ?? 0) & 0xc0) === 0x80; step += 1) index -= 1;
  return index;
}

/**
 * Reads a raw commit object. `dropped` bytes were left out in the middle of the message by the reader of huge
 * objects.
 */
export function parseCommit(sha: string, raw: Buffer, dropped = 0): GitCommit {
  const headEnd = raw.indexOf("\n\n");
  const headers = raw.subarray(0, headEnd < 0 ? raw.length : headEnd);
  const body = headEnd < 0 ? raw.subarray(raw.length) : raw.subarray(headEnd + 2);
  const parents: string[] = [];
  let authorLine: Buffer | null = null;
  let committerLine: Buffer | null = null;
  let encoding: string | null = null;
  for (let start = 0; start < headers.length;) {
    const newline = headers.indexOf(10, start);
    const end = newline < 0 ? headers.length : newline;
    const line = headers.subarray(start, end);
    start = end + 1;
    if (line.length === 0 || line[0] === 32) continue; // continuation of gpgsig or mergetag
    const space = line.indexOf(32);
    const key = line.toString("latin1", 0, space < 0 ? line.length : space);
    if (key === "parent") {
      const parent = line.toString("latin1", 7);
      if (SHA.test(parent)) parents.push(parent);
    } else if (key === "author") authorLine ??= line.subarray(7);
    else if (key === "committer") committerLine ??= line.subarray(10);
    else if (key === "encoding") encoding ??= line.toString("latin1", 9).trim();
  }
  const author = parsePerson(authorLine === null ? "" : decodeText(authorLine, encoding));
  const committer = parsePerson(committerLine === null ? "" : decodeText(committerLine, encoding));
  const { text, cut } = cutMessage(body, encoding, dropped);
  return {
    sha,
    parents,
    author: author.label,
    authorName: author.name,
    authoredAt: author.seconds ?? committer.seconds ?? 0,
    committedAt: committer.seconds ?? author.seconds ?? 0,
    message: text,
    messageCut: cut,
    badDate: author.seconds === null || committer.seconds === null,
  };
}

/** The first line of a message. */
export function subjectOf(message: string): string {
  const start = /^\s*/.exec(message)?.[0].length ?? 0;
  const end = /[\r\n]/.exec(message.slice(start))?.index;
  return (end === undefined ? message.slice(start) : message.slice(start, start + end)).trimEnd();
}
