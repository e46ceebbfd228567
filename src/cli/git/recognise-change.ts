import type { GitCommit } from "./commit.ts";
import { subjectOf } from "./commit.ts";

export interface RecognisedChange {
  /** Number of the pull or merge request. */
  readonly number: number;
  readonly title: string;
  /** The branch's last commit, for merge commits. */
  readonly headSha: string | null;
  readonly host: "github" | "gitlab";
}

const SQUASH = /^(?<title>.*?)\s*\(#(?<number>\d{1,9})\)$/s;
const MERGE_PULL = /^Merge pull request #(?<number>\d{1,9})\b/;
/** Alone on its line; the last one is that of this merge, others are quoted. */
const MERGE_REQUEST = /^See merge request \S*!(\d{1,9})[ \t]*\r?$/gm;

function bodyLines(message: string, subject: string): string[] {
  return message
    .slice(message.indexOf(subject) + subject.length)
    .split(/\r?\n|\r/)
    .map((line) => line.trim())
    .filter((line) => line !== "");
}

/**
 * The pull or merge request that a commit brings in, by the words that GitHub and GitLab write into it: subject
 * ending `(#12)` (squash), `Merge pull request #12 …`, `See merge request group/name!12`. Null for any other commit.
 */
export function recogniseChange(commit: GitCommit): RecognisedChange | null {
  const subject = subjectOf(commit.message);
  const headSha = commit.parents[1] ?? null;
  const pull = MERGE_PULL.exec(subject)?.groups?.["number"];
  if (pull !== undefined) {
    const title = bodyLines(commit.message, subject)[0] ?? subject;
    return { number: Number(pull), title, headSha, host: "github" };
  }
  const request = [...commit.message.matchAll(MERGE_REQUEST)].at(-1)?.[1];
  if (request !== undefined) {
    const first = bodyLines(commit.message, subject)[0] ?? subject;
    const merged = /^Merge (?:remote-tracking )?branch /.test(subject);
    const title = merged && !first.startsWith("See merge request") ? first : subject;
    return { number: Number(request), title, headSha, host: "gitlab" };
  }
  const squash = SQUASH.exec(subject)?.groups;
  if (squash?.["number"] !== undefined)
    return { number: Number(squash["number"]), title: squash["title"] || subject, headSha, host: "github" };
  return null;
}
