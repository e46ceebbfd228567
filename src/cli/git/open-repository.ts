import { createHash } from "node:crypto";
import { readFile, realpath, stat } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { CliError, exitCode, usageError } from "../cli-error.ts";
import { GitError, gitText, gitTextOrNull } from "./run-git.ts";

export interface GitRepository {
  /** Folder that git runs in. */
  readonly folder: string;
  readonly bare: boolean;
  /** History was cut by `clone --depth` and the like. */
  readonly shallow: boolean;
  /** Objects are missing here and would be fetched on demand (`clone --filter`). */
  readonly partial: boolean;
  /** Commit of HEAD; null in a repository without commits. */
  readonly head: string | null;
  /** Commits of HEAD and of the remote's default branch. */
  readonly heads: readonly string[];
  /** `host/owner/name`, from `origin`, else the folder's name. */
  readonly identity: string;
  /** Commits at the edge of a shallow clone: they have parents that are not here. */
  readonly boundary: ReadonlySet<string>;
  /** Changes when a shallow clone is deepened: what was unreachable before may be reachable now. */
  readonly historyKey: string;
}

const SHA = /^[0-9a-f]{40}(?:[0-9a-f]{24})?$/;

/** The address of a remote as `host/owner/name`: no protocol, user, password, port or `.git`. Null for a local path. */
export function remoteIdentity(url: string): string | null {
  const text = url.trim();
  const withProtocol =
    /^(?:https?|ssh|git|git\+ssh|ssh\+git):\/\/(?:[^/]*@)?(\[[^\]]+\]|[^/:]+)(?::\d+)?\/(.+)$/i.exec(text);
  const scpLike = /^(?:[^@/\s]+@)?([^:/\s]{2,}):(?!\/\/)\/?(.+)$/.exec(text);
  const match = withProtocol ?? (text.includes("://") ? null : scpLike);
  const host = match?.[1];
  const path = match?.[2]
    ?.replace(/[?#].*$/, "")
    .replace(/\/+$/, "")
    .replace(/\.git$/i, "")
    .replace(/^\/+/, "");
  if (host === undefined || path === undefined || path === "") return null;
  return `${host.toLowerCase()}/${path}`;
}

async function folderOf(path: string): Promise<string> {
  const folder = resolve(path);
  const info = await stat(folder).catch(() => null);
  if (info === null) throw usageError(`${path}: there is no such folder`);
  return info.isDirectory() ? folder : dirname(folder);
}

function explain(path: string, error: GitError): CliError {
  if (error.stderr.includes("dubious ownership"))
    return new CliError(
      exitCode.usage,
      "unsafe_repository",
      `${path}: git does not read this repository, because another user owns it`,
      `if you trust it: git config --global --add safe.directory '${resolve(path)}'`,
    );
  if (error.stderr.includes("not a git repository") || error.stderr.includes("cannot use bare repository"))
    return usageError(
      `${path}: not a git repository`,
      (error.stderr.trim().split("\n")[0] ?? "").replace(/^fatal: /, ""),
    );
  return new CliError(exitCode.failure, "git_failed", `${path}: ${error.message}`);
}

/** Opens a work tree, bare repository, linked worktree or submodule; read-only. Errors name the path and the way out. */
export async function openRepository(path: string): Promise<GitRepository> {
  const folder = await folderOf(path);
  let facts: string[];
  try {
    const text = await gitText(folder, [
      "rev-parse",
      "--is-bare-repository",
      "--is-shallow-repository",
      "--absolute-git-dir",
      "--git-common-dir",
    ]);
    facts = text.split("\n");
  } catch (error) {
    throw error instanceof GitError ? explain(path, error) : error;
  }
  const [bare, shallow, gitDir = folder, commonDir = gitDir] = facts;
  const common = resolve(folder, commonDir);
  const head = await commitOf(folder, "HEAD");
  const remoteHead = await commitOf(folder, "refs/remotes/origin/HEAD");
  const origin = await gitTextOrNull(folder, ["config", "--get", "remote.origin.url"]);
  const promisor = await gitTextOrNull(folder, [
    "config",
    "--get-regexp",
    "^(extensions\\.partialclone|remote\\..*\\.promisor)$",
  ]);
  const isShallow = shallow === "true";
  const boundary = isShallow ? await shallowCommits(join(common, "shallow")) : [];
  return {
    folder,
    bare: bare === "true",
    shallow: isShallow,
    partial: promisor !== null && promisor !== "",
    head,
    heads: [...new Set([head, remoteHead].filter((sha) => sha !== null))],
    identity: (origin === null ? null : remoteIdentity(origin)) ?? (await folderName(folder, gitDir, common)),
    boundary: new Set(boundary),
    historyKey: isShallow ? `shallow:${digest(boundary)}` : "complete",
  };
}

/** The name of the folder that holds the repository; of a worktree, that of its main work tree. */
async function folderName(folder: string, gitDir: string, common: string): Promise<string> {
  const real = await realpath(common).catch(() => common);
  const name = basename(real) === ".git" ? basename(dirname(real)) : basename(real).replace(/\.git$/i, "");
  return name === "" ? basename(gitDir === "" ? folder : gitDir) || "repository" : name;
}

async function shallowCommits(file: string): Promise<string[]> {
  const text = await readFile(file, "latin1").catch(() => "");
  return text.split("\n").filter((line) => SHA.test(line));
}

function digest(shas: readonly string[]): string {
  return createHash("sha256")
    .update([...shas].sort().join("\n"))
    .digest("hex")
    .slice(0, 16);
}

/** The commit that a name stands for, null when there is none. */
async function commitOf(folder: string, name: string): Promise<string | null> {
  const sha = await gitTextOrNull(folder, [
    "rev-parse",
    "--verify",
    "--quiet",
    "--end-of-options",
    `${name}^{commit}`,
  ]);
  // rev-parse of older git prints `--end-of-options` too: the last line is the answer.
  const last = sha?.split("\n").at(-1) ?? "";
  return SHA.test(last) ? last : null;
}

/** The commit of a branch of this repository or, in a fresh clone, of its remote. */
export async function branchCommit(
  folder: string,
  branch: string,
): Promise<{ readonly ref: string; readonly sha: string } | null> {
  for (const ref of [`refs/heads/${branch}`, `refs/remotes/origin/${branch}`, `refs/remotes/${branch}`]) {
    const sha = await commitOf(folder, ref);
    if (sha !== null) return { ref, sha };
  }
  return null;
}

/** Those of `shas` that this repository does not have (any more). */
export async function missingObjects(folder: string, shas: readonly string[]): Promise<string[]> {
  const known = shas.filter((sha) => SHA.test(sha));
  if (known.length < shas.length) return shas.filter((sha) => !SHA.test(sha));
  if (known.length === 0) return [];
  const text = await gitText(folder, ["cat-file", "--batch-check=%(objectname)"], `${known.join("\n")}\n`);
  return text
    .split("\n")
    .filter((line) => line.endsWith(" missing"))
    .map((line) => line.slice(0, -" missing".length));
}
