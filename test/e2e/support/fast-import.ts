/** Histories of any size in a second: a stream for `git fast-import`, the same for the same options. */
import { spawn } from "node:child_process";
import { once } from "node:events";

const MINUTE = 60_000;

export interface HistoryOptions {
  readonly commits: number;
  /** Commits between two releases, roughly. */
  readonly commitsPerRelease: number;
  /** Commit dates, UTC milliseconds; evenly spread over the time between. */
  readonly from: number;
  readonly to: number;
}

/** A commit's place in the stream. */
type Mark = number;

/**
 * Branch `main` of merged pull requests of two commits and squashed ones; releases `v1.0.0`, `v1.1.0`, …, every
 * second one as an annotated tag; every eighth release is patched an hour later by a tag with a fix in it.
 */
export async function fastImport(repository: string, options: HistoryOptions): Promise<void> {
  const child = spawn("git", ["fast-import", "--quiet"], {
    cwd: repository,
    stdio: ["pipe", "ignore", "inherit"],
    env: { PATH: process.env["PATH"], HOME: repository, GIT_CONFIG_NOSYSTEM: "1" },
  });
  const closed = once(child, "close");
  for (const part of stream(options))
    if (!child.stdin.write(part)) await Promise.race([once(child.stdin, "drain"), closed]);
  child.stdin.end();
  const [code] = (await closed) as [number | null];
  if (code !== 0) throw new Error(`git fast-import ended with ${code}`);
}

function* stream({ commits, commitsPerRelease, from, to }: HistoryOptions): Generator<string> {
  const gap = (to - from) / commits;
  let made = 0;
  const time = (): string => `${Math.floor((from + made * gap) / 1000)} +0000`;
  const data = (text: string): string => `data ${Buffer.byteLength(text)}\n${text}\n`;
  const commit = (message: string, parents: readonly Mark[]): [Mark, string] => {
    made++;
    const person = `Dev ${made % 40} <dev${made % 40}@example.org>`;
    const [parent, merged] = parents;
    const text = [
      `commit refs/heads/main\nmark :${made}\nauthor ${person} ${time()}\ncommitter ${person} ${time()}\n`,
      data(message),
      parent === undefined ? "" : `from :${parent}\n`,
      merged === undefined ? "" : `merge :${merged}\n`,
      `M 100644 inline src/part-${made % 50}/file-${made % 700}.ts\n${data(`export const line = ${made};\n`)}\n`,
    ].join("");
    return [made, text];
  };
  const tag = (name: string, mark: Mark, annotated: boolean): string =>
    annotated
      ? `tag ${name}\nfrom :${mark}\ntagger Release Bot <bot@example.org> ${time()}\n${data(name)}`
      : `reset refs/tags/${name}\nfrom :${mark}\n\n`;

  let [trunk, text] = commit("Initial commit", []);
  yield text;
  let releases = 0;
  for (let number = 1; made < commits; number++) {
    if (number % 3 === 0) {
      [trunk, text] = commit(`feat: squashed ${number} (#${number})\n\nBody of it.\n`, [trunk]);
      yield text;
    } else {
      let branch = trunk;
      for (let part = 0; part < 2; part++) {
        [branch, text] = commit(`feat: part ${part} of ${number}`, [branch]);
        yield text;
      }
      const message = `Merge pull request #${number} from shop/topic-${number}\n\nTopic ${number}\n`;
      [trunk, text] = commit(message, [trunk, branch]);
      yield text;
    }
    if (made < (releases + 1) * commitsPerRelease) continue;
    yield tag(`v1.${releases}.0`, trunk, releases % 2 === 0);
    if (releases % 8 === 7) {
      [trunk, text] = commit(`fix: crash of ${number}`, [trunk]);
      yield text;
      yield tag(`v1.${releases}.1`, trunk, false);
    }
    releases++;
  }
}

/** Whole minutes, so that two runs in the same minute make the same shas. */
export const minutes = (time: number): number => Math.floor(time / MINUTE) * MINUTE;
