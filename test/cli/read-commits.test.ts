import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { GitCommit } from "../../src/cli/git/commit.ts";
import { MESSAGE_LIMIT, parseCommit, subjectOf } from "../../src/cli/git/commit.ts";
import { parseObjects, readCommits } from "../../src/cli/git/read-commits.ts";
import { createRepository } from "./support/git-fixture.ts";
import type { GitFixture } from "./support/git-fixture.ts";

async function all(batches: AsyncIterable<GitCommit[]>): Promise<GitCommit[]> {
  const commits: GitCommit[] = [];
  for await (const batch of batches) commits.push(...batch);
  return commits;
}

async function readOne(repository: GitFixture, sha: string): Promise<GitCommit> {
  const [commit] = await all(readCommits(repository.folder, { tips: [sha] }));
  if (commit === undefined) throw new Error(`${sha} was not read`);
  return commit;
}

function rawCommit(repository: GitFixture, body: Buffer | string, headers: readonly string[] = []): string {
  const tree = repository.git(["mktree"], { input: "" });
  const lines = headers.some((line) => line.startsWith("author "))
    ? headers
    : ["author A <a@x> 1700000000 +0200", "committer C <c@x> 1700000100 +0000", ...headers];
  const head = Buffer.from(`tree ${tree}\n${lines.join("\n")}\n\n`, "latin1");
  return repository.rawObject("commit", Buffer.concat([head, Buffer.from(body as string)]));
}

describe("readCommits", () => {
  it("gives commits parents first, with UTC times and whole messages", async () => {
    const repository = createRepository();
    const first = repository.commit("first\n\nbody line\n", {
      authored: "2026-01-01T10:00:00+02:00",
      committed: "2026-01-02T10:00:00-05:00",
      author: "Ünïcode Näme <u@example.org>",
    });
    const second = repository.commit("second");
    const commits = await all(readCommits(repository.folder, { tips: [second] }));
    expect(commits.map(({ sha }) => sha)).toEqual([first, second]);
    expect(commits[0]).toMatchObject({
      parents: [],
      author: "Ünïcode Näme <u@example.org>",
      authoredAt: Date.parse("2026-01-01T08:00:00Z") / 1000,
      committedAt: Date.parse("2026-01-02T15:00:00Z") / 1000,
      message: "first\n\nbody line\n",
    });
    expect(commits[1]?.parents).toEqual([first]);
  });

  it("leaves out what is reachable from `not`, and what is older than `since`", async () => {
    const repository = createRepository();
    const [a, b, c] = ["a", "b", "c"].map((message) => repository.commit(message));
    const shas = async (extra: object) =>
      (await all(readCommits(repository.folder, { tips: [c ?? ""], ...extra }))).map(({ sha }) => sha);
    expect(await shas({ not: [a] })).toEqual([b, c]);
    expect(await shas({ since: "2026-01-01T02:30:00Z" })).toEqual([c]);
  });

  it.each([
    ["invalid UTF-8", Buffer.from([0x63, 0x61, 0x66, 0xe9]), [], "café"],
    ["a named encoding", Buffer.from([0xcf, 0xf0, 0xe8]), ["encoding windows-1251"], "При"],
    ["an encoding that does not exist", "plain", ["encoding klingon"], "plain"],
    ["carriage returns", "a\r\nb\rc", [], "a\r\nb\rc"],
    ["NUL", Buffer.from("a\0b"), [], "a\uFFFDb"],
    ["no message", "", [], ""],
    ["four-byte characters", "🚀 launch", [], "🚀 launch"],
  ])("reads %s", async (_name, body, headers, expected) => {
    const repository = createRepository();
    expect((await readOne(repository, rawCommit(repository, body, headers))).message).toBe(expected);
  });

  it.each([
    ["author A <B> <a@x> 1700000000 +0000", "A <B> <a@x>", 1_700_000_000],
    ["author  <> 1700000000 +0000", " <>", 1_700_000_000],
    ["author A <a@x> 1700000000", "A <a@x>", 1_700_000_000],
    ["author A <a@x> -5 +0000", "A <a@x>", 1_700_000_100],
    ["author A <a@x> 18446744073709551615 +0000", "A <a@x>", 1_700_000_100],
    ["author A <a@x>", "A <a@x>", 1_700_000_100],
  ])("reads the odd line %s", async (line, author, authoredAt) => {
    const repository = createRepository();
    const sha = rawCommit(repository, "x", [line, "committer C <c@x> 1700000100 +0000"]);
    expect(await readOne(repository, sha)).toMatchObject({ author, authoredAt, committedAt: 1_700_000_100 });
  });

  it("is not misled by header-like text in signatures and merged tags", async () => {
    const repository = createRepository();
    const signature = `gpgsig -----BEGIN\n parent ${"a".repeat(40)}\n author X <x@x> 1 +0000\n -----END`;
    const commit = await readOne(repository, rawCommit(repository, "signed", [signature]));
    expect(commit).toMatchObject({ parents: [], author: "A <a@x>", message: "signed" });
  });

  it("keeps beginning and end of long messages and says so", async () => {
    const repository = createRepository();
    const text = `subject (#7)\n\n${"é".repeat(300_000)}\n\nSee merge request a/b!9\n`;
    const small = await readOne(repository, rawCommit(repository, "ä".repeat(MESSAGE_LIMIT / 2)));
    const long = await readOne(repository, rawCommit(repository, text.slice(0, 60_000) + "\nend"));
    const huge = await readOne(repository, rawCommit(repository, `${text}${text}${text}`));
    expect(small.messageCut).toBe(false);
    for (const commit of [long, huge]) {
      expect(commit.messageCut).toBe(true);
      expect(Buffer.byteLength(commit.message)).toBeLessThanOrEqual(MESSAGE_LIMIT);
      expect(subjectOf(commit.message)).toBe("subject (#7)");
      expect(commit.message).not.toContain("\uFFFD");
    }
    expect(huge.message.endsWith("See merge request a/b!9\n")).toBe(true);
    const left = Number(/\[(\d+) bytes left out\]/.exec(huge.message)?.[1]);
    const marker = `\n[${left} bytes left out]\n`;
    expect(Buffer.byteLength(huge.message) - marker.length + left).toBe(3 * Buffer.byteLength(text));
  });

  it("ignores replaced objects and a foreign GIT_DIR", async () => {
    const repository = createRepository();
    const sha = repository.commit("true");
    const false_ = rawCommit(repository, "false");
    repository.git(["replace", sha, false_]);
    process.env["GIT_DIR"] = "/nonexistent";
    try {
      expect((await readOne(repository, sha)).message).toBe("true");
    } finally {
      delete process.env["GIT_DIR"];
    }
  });

  it("fails with git's words when an object is missing", async () => {
    const repository = createRepository();
    repository.commit("x");
    await expect(all(readCommits(repository.folder, { tips: ["f".repeat(40)] }))).rejects.toThrow(
      /git rev-list failed/,
    );
  });
});

describe("parseObjects", () => {
  it("gives the same commits however the stream is cut", async () => {
    const bodies = [
      "tree x\nauthor A <a@b> 1 +0000\ncommitter C <c@d> 2 +0000\n\nhello\n",
      "tree y\n\n",
      `t\n\n${"z".repeat(1_200_000)}`,
    ];
    const shas = bodies.map((_, index) => String(index).repeat(40));
    const stream = Buffer.concat([
      Buffer.from(`${"e".repeat(40)} missing\n`),
      ...bodies.map((body, index) =>
        Buffer.from(`${shas[index]} commit ${Buffer.byteLength(body)}\n${body}\n`),
      ),
      Buffer.from("9 tag 3\nabc\n"),
    ]);
    async function* cut(sizes: readonly number[]): AsyncGenerator<Buffer> {
      let at = 0;
      for (let index = 0; at < stream.length; index += 1) {
        const size = sizes[index % sizes.length] ?? 1;
        yield stream.subarray(at, at + size);
        at += size;
      }
    }
    const whole = await all(parseObjects(cut([stream.length])));
    expect(whole.map(({ sha }) => sha)).toEqual(shas);
    expect(whole[0]).toEqual(parseCommit(shas[0] ?? "", Buffer.from(bodies[0] ?? "")));
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 40, max: 90_000 }), { minLength: 1, maxLength: 6 }),
        async (sizes) => {
          expect(await all(parseObjects(cut(sizes)))).toEqual(whole);
        },
      ),
      { numRuns: 40, seed: 20_260_101 },
    );
  });
});
