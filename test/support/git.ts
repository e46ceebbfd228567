/** Builds real git repositories for tests, with dates that stand still and no configuration from outside. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync, mkdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

export interface GitRepository {
  readonly path: string;
  /** Runs git; returns what it prints, trimmed. Throws with git's message when it fails. */
  readonly git: (...args: string[]) => string;
  /** Moves the clock of the following commits (UTC milliseconds): committer date, and author date unless given. */
  readonly at: (committed: number, authored?: number) => void;
  /** Writes a file, creating its folders. */
  readonly write: (file: string, text: string) => void;
  /** Writes a file, adds it and commits; returns the sha. */
  readonly commit: (message: string, file?: string, text?: string) => string;
  readonly head: () => string;
  readonly remove: () => void;
}

/** An empty repository with branch `main` in a temporary folder. */
export function createRepository(): GitRepository {
  const path = mkdtempSync(join(tmpdir(), "fairway-git-"));
  let committed = 0;
  let authored = 0;
  let writes = 0;
  const git = (...args: string[]): string =>
    execFileSync("git", args, {
      cwd: path,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "pipe"],
      maxBuffer: 64 * 1024 * 1024,
      env: {
        PATH: process.env["PATH"],
        HOME: path,
        GIT_CONFIG_GLOBAL: "/dev/null",
        GIT_CONFIG_SYSTEM: "/dev/null",
        GIT_CONFIG_NOSYSTEM: "1",
        GIT_TERMINAL_PROMPT: "0",
        GIT_EDITOR: "true",
        GIT_AUTHOR_NAME: "Ada Dev",
        GIT_AUTHOR_EMAIL: "ada@example.org",
        GIT_COMMITTER_NAME: "Merge Bot",
        GIT_COMMITTER_EMAIL: "bot@example.org",
        GIT_AUTHOR_DATE: `${Math.floor(authored / 1000)} +0000`,
        GIT_COMMITTER_DATE: `${Math.floor(committed / 1000)} +0000`,
      },
    }).trim();
  git("init", "-q", "-b", "main");
  const write = (file: string, text: string): void => {
    mkdirSync(dirname(join(path, file)), { recursive: true });
    writeFileSync(join(path, file), text);
  };
  const head = (): string => git("rev-parse", "HEAD");
  return {
    path,
    git,
    write,
    head,
    at: (nextCommitted, nextAuthored = nextCommitted) => {
      committed = nextCommitted;
      authored = nextAuthored;
    },
    commit: (message, file, text) => {
      writes++;
      const name = file ?? `file-${writes}.txt`;
      write(name, text ?? `text ${writes}\n`);
      git("add", name);
      git("commit", "-q", "-m", message);
      return head();
    },
    remove: () => rmSync(path, { recursive: true, force: true }),
  };
}
