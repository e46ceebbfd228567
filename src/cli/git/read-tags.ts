import { decodeText } from "./decode.ts";
import { gitOutput } from "./run-git.ts";

export interface GitTag {
  /** Without `refs/tags/`. */
  readonly name: string;
  /** The commit that it stands for, through any number of nested tag objects. */
  readonly sha: string;
  /** Seconds since 1970: the tagger's date; null for a lightweight tag or one without a tagger (then the commit's). */
  readonly taggedAt: number | null;
}

export interface TagList {
  readonly tags: readonly GitTag[];
  /** Names of tags on trees, blobs or missing objects. */
  readonly notCommits: readonly string[];
}

/** All tags of a repository, peeled to commits. */
export async function readTags(folder: string): Promise<TagList> {
  const format = "%(refname)%00%(objectname)%00%(taggerdate:unix)";
  const raw = await gitOutput(folder, ["for-each-ref", `--format=${format}`, "refs/tags"]);
  const rows = parseTagRows(raw);
  if (rows.length === 0) return { tags: [], notCommits: [] };
  const input = rows.map((row) => `${row.object}^{commit}\n`).join("");
  const checked = await gitOutput(folder, ["cat-file", "--batch-check=%(objectname) %(objecttype)"], input);
  const answers = checked.toString("latin1").split("\n");
  const tags: GitTag[] = [];
  const notCommits: string[] = [];
  rows.forEach((row, index) => {
    const [sha = "", type] = (answers[index] ?? "").split(" ");
    if (type === "commit") tags.push({ name: row.name, sha, taggedAt: row.taggedAt });
    else notCommits.push(row.name);
  });
  return { tags, notCommits };
}

/** Reads lines of name, object and the tagger's time, with NUL between them. */
export function parseTagRows(raw: Buffer): { name: string; object: string; taggedAt: number | null }[] {
  const rows: { name: string; object: string; taggedAt: number | null }[] = [];
  for (const line of splitLines(raw)) {
    const first = line.indexOf(0);
    const second = line.indexOf(0, first + 1);
    if (first < 0 || second < 0) continue;
    const tagger = line.toString("latin1", second + 1);
    const seconds = /^\d{1,12}$/.test(tagger) ? Number(tagger) : null;
    rows.push({
      name: decodeText(line.subarray(0, first)).slice("refs/tags/".length),
      object: line.toString("latin1", first + 1, second),
      taggedAt: seconds !== null && seconds <= 253_402_300_799 ? seconds : null,
    });
  }
  return rows;
}

function* splitLines(bytes: Buffer): Generator<Buffer> {
  for (let start = 0; start < bytes.length;) {
    const newline = bytes.indexOf(10, start);
    const end = newline < 0 ? bytes.length : newline;
    yield bytes.subarray(start, end);
    start = end + 1;
  }
}
