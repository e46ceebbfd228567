/**
 * What a commit message says about change, origin and repair. Every pattern is anchored to a literal or bounded, so
 * that reading stays linear in the message, however long.
 */
export interface MessageFacts {
  readonly subject: string;
  /** Number of the pull or merge request that this commit lands, and the words that say so. */
  readonly number: number | null;
  readonly matchedBy: string | null;
  /** Title of the pull or merge request, where a merge message carries one. */
  readonly title: string | null;
  /** Source branch named by a merge message. */
  readonly branch: string | null;
  /** Shas this commit is a copy of. */
  readonly copies: readonly string[];
  readonly changeId: string | null;
  readonly reverts: {
    readonly shas: readonly string[];
    readonly numbers: readonly number[];
    readonly title: string | null;
  } | null;
  /** Shas named by `Fixes:` trailers, full or abbreviated. */
  readonly fixes: readonly string[];
  readonly isFix: boolean;
}

const SUBJECT_LIMIT = 1000;
/** Trailers are looked for in this many characters from the start and from the end of a body. */
const BODY_LIMIT = 65_536;

const NONE: readonly string[] = [];

export function readMessage(message: string): MessageFacts {
  const end = message.indexOf("\n");
  const line = (end === -1 ? message : message.slice(0, end)).trimEnd();
  const subject = line.length > SUBJECT_LIMIT ? line.slice(0, SUBJECT_LIMIT) : line;
  const body = end === -1 ? "" : bounded(message.slice(end + 1));
  const landing = readLanding(line, subject, body);
  return {
    subject,
    number: landing.number,
    matchedBy: landing.matchedBy,
    title: landing.title,
    branch: landing.branch,
    copies: body.includes("cherry picked from commit ") ? all(body, CHERRY_PICK) : NONE,
    changeId: body.includes("Change-Id:") ? (all(body, CHANGE_ID).at(-1) ?? null) : null,
    reverts: readReverts(subject, body),
    fixes: all(body, FIXES),
    isFix: saysFix(subject),
  };
}

/** `fix:`, `Fix …`, `bugfix`, or `hotfix` anywhere. */
export const saysFix = (subject: string): boolean => FIX_SUBJECT.test(subject) || FIX_ANYWHERE.test(subject);

const bounded = (body: string): string =>
  body.length <= 2 * BODY_LIMIT ? body : `${body.slice(0, BODY_LIMIT)}\n${body.slice(-BODY_LIMIT)}`;

const CHERRY_PICK = /cherry picked from commit ([0-9a-f]{7,64})\b/gi;
const CHANGE_ID = /^Change-Id:[ \t]{0,9}(I[0-9a-f]{6,64})[ \t\r]{0,9}$/gim;
const FIXES = /^Fixes:[ \t]{0,9}([0-9a-f]{7,64})\b/gim;
const REVERTED_SHA = /\bThis reverts commit ([0-9a-f]{7,64})\b/gi;
const REVERTED_NUMBER =
  /\b(?:Reverts [\w./-]{0,200}#|This reverts merge request [\w./-]{0,200}!)(\d{1,9})\b/g;
const REVERTED_TITLE = /^Revert "(.*)"/;
const FIX_SUBJECT = /^\s{0,9}(?:bug-?|hot-?)?fix(?:e[sd])?\b/i;
const FIX_ANYWHERE = /\bhot-?fix\b/i;

const all = (text: string, pattern: RegExp): readonly string[] => {
  if (text === "") return NONE;
  return Array.from(text.matchAll(pattern), (match) => (match[1] as string).toLowerCase());
};

function readReverts(subject: string, body: string): MessageFacts["reverts"] {
  const title = REVERTED_TITLE.exec(subject)?.[1] ?? null;
  const shas = body.includes("his reverts commit ") ? all(body, REVERTED_SHA) : [];
  const numbers = body.includes("everts ") ? all(body, REVERTED_NUMBER).map(Number) : [];
  return title === null && shas.length === 0 && numbers.length === 0 ? null : { shas, numbers, title };
}

const GITHUB_MERGE = /^Merge pull request #(\d{1,9}) from (\S{1,300})/;
const AZURE_MERGE = /^Merged PR (\d{1,9})(?:: (.*))?$/;
const BITBUCKET_MERGE = /^(?:Merged in (\S{1,300}) )?.{0,300}\(pull request #(\d{1,9})\)$/;
const GITLAB_TRAILER = /^See merge request (?:\S{0,300}[^\s!])?!(\d{1,9})\s{0,9}$/m;
const BRANCH_MERGE = /^Merge (?:remote-tracking )?branch '([^']{1,300})'/;
/** At the very end of the first line: `Title (#12)`. */
const SQUASH_NUMBER = /\(#(\d{1,9})\)$/;

type Landing = Pick<MessageFacts, "number" | "matchedBy" | "title" | "branch">;

function readLanding(line: string, subject: string, body: string): Landing {
  const branch = BRANCH_MERGE.exec(subject)?.[1] ?? null;
  const github = GITHUB_MERGE.exec(subject);
  if (github !== null) {
    const from = github[2] as string;
    return {
      number: Number(github[1]),
      matchedBy: `Merge pull request #${github[1]}`,
      title: firstLine(body),
      branch: from.slice(from.indexOf("/") + 1),
    };
  }
  const azure = AZURE_MERGE.exec(subject);
  if (azure !== null)
    return { number: Number(azure[1]), matchedBy: `Merged PR ${azure[1]}`, title: azure[2] ?? null, branch };
  const bitbucket = subject.includes("(pull request #") ? BITBUCKET_MERGE.exec(subject) : null;
  if (bitbucket !== null)
    return {
      number: Number(bitbucket[2]),
      matchedBy: `(pull request #${bitbucket[2]})`,
      title: firstLine(body),
      branch: bitbucket[1] ?? null,
    };
  if (body.includes("See merge request ")) {
    const gitlab = GITLAB_TRAILER.exec(body);
    if (gitlab !== null)
      return {
        number: Number(gitlab[1]),
        matchedBy: gitlab[0].trimEnd(),
        title: branch === null ? subject : firstLine(body),
        branch,
      };
  }
  const squash = SQUASH_NUMBER.exec(line.slice(-14));
  if (squash !== null)
    return {
      number: Number(squash[1]),
      matchedBy: `(#${squash[1]})`,
      title: subject.replace(SQUASH_NUMBER, "").trimEnd(),
      branch,
    };
  return { number: null, matchedBy: null, title: null, branch };
}

/** First line of a body that says something and is no trailer of the host. */
function firstLine(body: string): string | null {
  const line =
    body
      .slice(0, 2 * SUBJECT_LIMIT)
      .trimStart()
      .split("\n", 1)[0]
      ?.trim() ?? "";
  return line === "" || line.startsWith("See merge request ") ? null : line;
}
