/** Writes commits through `git fast-import`: real git objects, hundreds of them in a fraction of a second. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";

export interface NewCommit {
  readonly branch: string;
  readonly message: string;
  readonly author: string;
  /** Seconds since 1970. */
  readonly authoredAt: number;
  readonly committedAt: number;
  /** First parent first; none for a root. */
  readonly parents: readonly string[];
  /** Path → content; null deletes. */
  readonly files: ReadonlyMap<string, string | null>;
}

export interface FastImport {
  /** @returns the sha */
  commit(commit: NewCommit): Promise<string>;
  /** Annotated when `taggedAt` (seconds) is given. */
  tag(name: string, sha: string, taggedAt: number | null): void;
  close(): Promise<void>;
}

const COMMITTER = "Merge Bot <bot@example.org>";

export function fastImport(cwd: string): FastImport {
  const child = spawn("git", ["fast-import", "--quiet"], { cwd, stdio: ["pipe", "pipe", "inherit"] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const ended = once(child, "close") as Promise<[number]>;
  const data = (text: string): string => `data ${Buffer.byteLength(text)}\n${text}\n`;
  // Objects of this run are not in the repository yet: only their marks can be named.
  const marks = new Map<string, string>();
  const named = (sha: string): string => marks.get(sha) ?? sha;
  return {
    commit: async ({ branch, message, author, authoredAt, committedAt, parents, files }) => {
      const mark = `:${marks.size + 1}`;
      const [first, ...merged] = parents;
      child.stdin.write(
        [
          // Without the reset a root commit would continue the branch of the same name.
          ...(first === undefined ? [`reset refs/heads/${branch}\n`] : []),
          `commit refs/heads/${branch}\nmark ${mark}\n`,
          `author ${author} ${authoredAt} +0000\ncommitter ${COMMITTER} ${committedAt} +0000\n`,
          data(message),
          ...(first === undefined ? [] : [`from ${named(first)}\n`]),
          ...merged.map((sha) => `merge ${named(sha)}\n`),
          ...[...files].map(([path, text]) =>
            text === null ? `D ${path}\n` : `M 100644 inline ${path}\n${data(text)}`,
          ),
          `\nget-mark ${mark}\n`,
        ].join(""),
      );
      const line = await lines.next();
      if (line.done === true) throw new Error("git fast-import ended early");
      marks.set(line.value, mark);
      return line.value;
    },
    tag: (name, sha, taggedAt) => {
      child.stdin.write(
        taggedAt === null
          ? `reset refs/tags/${name}\nfrom ${named(sha)}\n\n`
          : `tag ${name}\nfrom ${named(sha)}\ntagger ${COMMITTER} ${taggedAt} +0000\n${data(`Release ${name}\n`)}`,
      );
    },
    close: async () => {
      child.stdin.end();
      const [code] = await ended;
      if (code !== 0) throw new Error(`git fast-import ended with ${code}`);
    },
  };
}
