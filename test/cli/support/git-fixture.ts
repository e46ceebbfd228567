import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { onTestFinished } from "vitest";

export interface CommitOptions {
  /** Path → content; default: one file that changes with every commit. */
  readonly files?: Readonly<Record<string, string>>;
  /** ISO times; default: one hour after the commit before. */
  readonly authored?: string;
  readonly committed?: string;
  readonly author?: string;
}

/** A real repository in a temporary folder, with reproducible shas: times are counted, never taken from the clock. */
export interface GitFixture {
  readonly folder: string;
  git(
    args: readonly string[],
    options?: { input?: string | Buffer; env?: NodeJS.ProcessEnv; cwd?: string },
  ): string;
  commit(message: string | Buffer, options?: CommitOptions): string;
  /** Merges a branch without fast-forward. */
  merge(branch: string, message: string): string;
  /** Annotated when `tagged` (an ISO time) is given, else lightweight. */
  tag(name: string, options?: { at?: string; tagged?: string }): void;
  /** Writes an object as it is, however broken. */
  rawObject(type: "commit" | "tag", content: Buffer): string;
  head(): string;
}

const START = Date.UTC(2026, 0, 1);

export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "fairway-cli-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

function environment(extra: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
  return {
    ...process.env,
    GIT_CONFIG_GLOBAL: "/dev/null",
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_AUTHOR_NAME: "Ada",
    GIT_AUTHOR_EMAIL: "ada@example.org",
    GIT_COMMITTER_NAME: "Ada",
    GIT_COMMITTER_EMAIL: "ada@example.org",
    ...extra,
  };
}

export function gitIn(
  folder: string,
  args: readonly string[],
  options: { input?: string | Buffer; env?: NodeJS.ProcessEnv } = {},
): string {
  return execFileSync("git", args, {
    cwd: folder,
    env: environment(options.env),
    input: options.input ?? "",
    stdio: ["pipe", "pipe", "pipe"],
    maxBuffer: 64 * 1024 * 1024,
  })
    .toString("utf8")
    .trimEnd();
}

export function createRepository(name = "shop"): GitFixture {
  const folder = join(temporaryFolder(), name);
  mkdirSync(folder);
  let hours = 0;
  const git: GitFixture["git"] = (args, options = {}) => gitIn(options.cwd ?? folder, args, options);
  git(["init", "-q", "-b", "main"]);
  function nextTime(): string {
    hours += 1;
    return new Date(START + hours * 3_600_000).toISOString();
  }
  function times(options: CommitOptions): NodeJS.ProcessEnv {
    const fallback = nextTime();
    const committed = options.committed ?? fallback;
    const match = /^(.*) <(.*)>$/.exec(options.author ?? "");
    return {
      GIT_AUTHOR_DATE: options.authored ?? committed,
      GIT_COMMITTER_DATE: committed,
      ...(match === null ? {} : { GIT_AUTHOR_NAME: match[1], GIT_AUTHOR_EMAIL: match[2] }),
    };
  }
  const fixture: GitFixture = {
    folder,
    git,
    commit: (message, options = {}) => {
      const env = times(options);
      const files = options.files ?? { [`file-${hours}.txt`]: `line ${hours}\n` };
      for (const [path, content] of Object.entries(files)) {
        mkdirSync(dirname(join(folder, path)), { recursive: true });
        writeFileSync(join(folder, path), content);
      }
      git(["add", "--all"]);
      git(["commit", "-q", "--allow-empty", "--cleanup=verbatim", "-F", "-"], { input: message, env });
      return fixture.head();
    },
    merge: (branch, message) => {
      git(["merge", "-q", "--no-ff", "-m", message, branch], { env: times({}) });
      return fixture.head();
    },
    tag: (name, { at = "HEAD", tagged } = {}) => {
      if (tagged === undefined) git(["update-ref", `refs/tags/${name}`, git(["rev-parse", at])]);
      else git(["tag", "-a", "-m", name, name, at], { env: { GIT_COMMITTER_DATE: tagged } });
    },
    rawObject: (type, content) =>
      git(["hash-object", "-t", type, "-w", "--literally", "--stdin"], { input: content }),
    head: () => git(["rev-parse", "HEAD"]),
  };
  return fixture;
}
