import { spawn } from "node:child_process";
import type { Readable, Writable } from "node:stream";
import { CliError, exitCode } from "../cli-error.ts";

/**
 * Read-only and inert whatever the repository's own configuration says: no file-system monitor, hooks, signature
 * program, pager or replaced objects; nothing asks for a password, and no transport is allowed, so that a partial
 * clone never fetches (GIT_NO_LAZY_FETCH is known to git 2.45 and later only).
 */
const SAFE_ARGUMENTS = [
  "--no-pager",
  "--no-optional-locks",
  "--no-replace-objects",
  "-c",
  "core.fsmonitor=",
  "-c",
  "core.hooksPath=/dev/null",
  "-c",
  "log.showSignature=false",
  "-c",
  "core.quotePath=false",
];

/** The last one is git's own switch to try out the refusal of repositories of other users: it only makes git stricter. */
const KEPT_VARIABLE =
  /^GIT_(EXEC_PATH|CONFIG_GLOBAL|CONFIG_COUNT|CONFIG_KEY_\d+|CONFIG_VALUE_\d+|TEST_ASSUME_DIFFERENT_OWNER)$/;

function environment(): NodeJS.ProcessEnv {
  const env: NodeJS.ProcessEnv = {};
  // GIT_DIR and its kin (set inside hooks) would make git read another repository than the one named.
  for (const [key, value] of Object.entries(process.env))
    if (!key.startsWith("GIT_") || KEPT_VARIABLE.test(key)) env[key] = value;
  return {
    ...env,
    LC_ALL: "C",
    LANGUAGE: "C",
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_TERMINAL_PROMPT: "0",
    GIT_NO_LAZY_FETCH: "1",
    GIT_ALLOW_PROTOCOL: "none",
    GIT_OPTIONAL_LOCKS: "0",
    GIT_NO_REPLACE_OBJECTS: "1",
    GIT_ATTR_NOSYSTEM: "1",
  };
}

/** git ended with an error; `stderr` is what it said (cut at 8 KiB). */
export class GitError extends Error {
  readonly status: number | null;
  readonly stderr: string;

  constructor(command: string, status: number | null, stderr: string) {
    super(`git ${command} failed${status === null ? "" : ` (${status})`}: ${stderr.trim() || "no message"}`);
    this.name = "GitError";
    this.status = status;
    this.stderr = stderr;
  }
}

export interface GitProcess {
  readonly stdin: Writable;
  readonly stdout: Readable;
  /** Settles when the process has ended; rejects with GitError. */
  readonly done: Promise<void>;
  /** Ends it early, e.g. when its reader stops. Harmless when it has ended. */
  stop(): void;
}

/** Starts git in `folder`. The caller reads stdout to its end (or calls stop) and awaits done. */
export function startGit(folder: string, args: readonly string[]): GitProcess {
  const child = spawn("git", [...SAFE_ARGUMENTS, ...args], {
    cwd: folder,
    env: environment(),
    stdio: ["pipe", "pipe", "pipe"],
  });
  let stderr = "";
  let stopped = false;
  child.stderr.setEncoding("utf8").on("data", (chunk: string) => {
    if (stderr.length < 8192) stderr += chunk;
  });
  // A process that ends before it has read its input: its exit status tells the story.
  child.stdin.on("error", () => {});
  const done = new Promise<void>((resolve, reject) => {
    child.on("error", (error: NodeJS.ErrnoException) => {
      const missing = error.code === "ENOENT";
      reject(
        missing
          ? new CliError(exitCode.failure, "no_git", "git was not found", "install git 2.31 or newer")
          : error,
      );
    });
    child.on("close", (status) => {
      if (status === 0 || stopped) resolve();
      else reject(new GitError(args[0] ?? "", status, stderr));
    });
  });
  // Awaited later by the reader; without this an early failure would count as unhandled.
  done.catch(() => {});
  return {
    stdin: child.stdin,
    stdout: child.stdout,
    done,
    stop: () => {
      stopped = true;
      child.kill();
    },
  };
}

/** Runs git and gives its whole output, for commands with small answers. */
export async function gitOutput(folder: string, args: readonly string[], input = ""): Promise<Buffer> {
  const git = startGit(folder, args);
  git.stdin.end(input);
  const chunks: Buffer[] = [];
  for await (const chunk of git.stdout) chunks.push(chunk as Buffer);
  await git.done;
  return Buffer.concat(chunks);
}

export async function gitText(folder: string, args: readonly string[], input = ""): Promise<string> {
  return (await gitOutput(folder, args, input)).toString("utf8").trimEnd();
}

/** As gitText, but null where git answers "no" by its exit status. */
export async function gitTextOrNull(folder: string, args: readonly string[]): Promise<string | null> {
  try {
    return await gitText(folder, args);
  } catch (error) {
    if (error instanceof GitError) return null;
    throw error;
  }
}
