import { createHash } from "node:crypto";
import type { Commit } from "../../api/dora.ts";
import type { Random } from "./random.ts";
import { mailOf } from "./wording.ts";

export interface NewCommit {
  readonly authoredAt: number;
  readonly committedAt: number;
  readonly author: string;
  readonly message: string;
  readonly paths: readonly string[] | null;
}

/** The commits of one repository as they come into being: a main line and what is merged into it. */
export interface History {
  readonly commits: readonly Commit[];
  tip(): string;
  /** The main line's newest commit at that time. */
  tipAt(time: number): string;
  /** A commit that is on no line yet. */
  add(parents: readonly string[], commit: NewCommit): string;
  /** Makes the commit the tip of the main line. */
  advance(sha: string, at: number): void;
}

function signature(name: string): string {
  return name === "dependabot[bot]"
    ? "dependabot[bot] <dependabot[bot]@users.noreply.acme.example>"
    : `${name} <${mailOf(name)}>`;
}

/** @param key makes the shas of this repository unlike those of any other */
export function createHistory(repository: string, key: string, random: Random): History {
  const commits: Commit[] = [];
  const line: { sha: string; at: number }[] = [];
  const newest = () => {
    const last = line.at(-1);
    if (last === undefined) throw new Error(`${repository} has no commit yet`);
    return last;
  };
  return {
    commits,
    tip: () => newest().sha,
    tipAt: (time) => {
      let low = 0;
      let high = line.length - 1;
      while (low < high) {
        const middle = Math.ceil((low + high) / 2);
        if ((line[middle]?.at ?? 0) <= time) low = middle;
        else high = middle - 1;
      }
      return line[low]?.sha ?? newest().sha;
    },
    add: (parents, { authoredAt, committedAt, author, message, paths }) => {
      const sha = createHash("sha1").update(`${key}:${commits.length}`).digest("hex");
      commits.push({
        repository,
        sha,
        parents: [...parents],
        authoredAt: new Date(authoredAt).toISOString(),
        committedAt: new Date(committedAt).toISOString(),
        author: signature(author),
        message,
        ...(paths === null ? {} : { paths: touched(random, paths) }),
      });
      return sha;
    },
    advance: (sha, at) => {
      line.push({ sha, at });
    },
  };
}

const FILES = ["index.ts", "server.ts", "routes.ts", "model.ts", "view.tsx", "index.test.ts", "styles.css"];

/** Files below the folders of the globs, at least one of each. */
function touched(random: Random, globs: readonly string[]): string[] {
  const files = globs.flatMap((glob) => {
    const folder = glob.replace("**", "src/");
    return Array.from({ length: random.whole(1, 3) }, () => folder + random.pick(FILES));
  });
  return [...new Set(files)];
}
