import type { RandomSource } from "../../../test/http/support/random-source.ts";
import { type GitCommit } from "../../../src/cli/git/commit.ts";
import { parseObjects } from "../../../src/cli/git/read-commits.ts";
import { parsePaths } from "../../../src/cli/git/read-paths.ts";
import { parseTagRows } from "../../../src/cli/git/read-tags.ts";
import { recogniseChange } from "../../../src/cli/git/recognise-change.ts";
import { classifyTag } from "../../../src/cli/git/version-tag.ts";
import { readMessage } from "../../../src/dora/commit-message.ts";
import { mutateBytes, mutateText } from "../mutate.ts";
import { must, outcome, type Target } from "../target.ts";

const MESSAGES = [
  "fix: a thing (#12)\n\nCo-authored-by: A <a@example.com>\n",
  "Merge pull request #7 from org/branch\n\nTitle\n",
  "Merge branch 'x' into 'main'\n\nTitle\n\nSee merge request group/name!34\n",
  'Revert "feat: more (#3)"\n\nThis reverts commit 0123456789012345678901234567890123456789.\n',
  'hotfix\n\n(cherry picked from commit 0123456789abcdef0123456789abcdef01234567)\nFixes: abc1234 ("x")\nChange-Id: I0123456789\n',
  "Merged in feature (pull request #5)\n\nApproved-by: B\n",
  "",
  "\n\n",
  "é",
  "x".repeat(70_000),
];
const PEOPLE = ["A B <a@example.com>", "<>", "A <<b>> <c>", "é", "A <a@example.com"];
const TIMES = ["1700000000 +0100", "0 +0000", "-1 +0000", "99999999999999 +9999", "x", ""];
const NAMES = ["v1.2.3", "release-1.2", "pkg/v1.0.0-rc.1", "svc@2.0", "curl-8_9_1", "main", "v4", "é"];

const sha = (random: RandomSource): string =>
  Array.from({ length: 5 }, () =>
    random
      .int(2 ** 32)
      .toString(16)
      .padStart(8, "0"),
  ).join("");

function commit(random: RandomSource): Buffer {
  const message = random.chance(0.5) ? random.pick(MESSAGES) : mutateText(random, MESSAGES);
  const who = (): string => `${random.pick(PEOPLE)} ${random.pick(TIMES)}`;
  const lines = [
    `tree ${sha(random)}`,
    ...Array.from({ length: random.int(3) }, () => `parent ${sha(random)}`),
    `author ${who()}`,
    `committer ${who()}`,
    ...(random.chance(0.2)
      ? [`encoding ${random.pick(["ISO-8859-1", "utf8", "nothing", "shift_jis"])}`]
      : []),
    ...(random.chance(0.2) ? ["gpgsig -----BEGIN", " author x", " -----END"] : []),
  ];
  return Buffer.from(`${lines.join("\n")}\n\n${message}`);
}

/** What `cat-file --batch` answers. */
const objects = (random: RandomSource): Buffer =>
  Buffer.concat(
    Array.from({ length: 1 + random.int(4) }, () => {
      if (random.chance(0.1)) return Buffer.from(`${sha(random)} missing\n`);
      const raw = commit(random);
      const type = random.chance(0.9) ? "commit" : "blob";
      return Buffer.concat([Buffer.from(`${sha(random)} ${type} ${raw.length}\n`), raw, Buffer.from("\n")]);
    }),
  );

const paths = (random: RandomSource): Buffer =>
  Buffer.from(
    Array.from({ length: random.int(4) }, () =>
      [sha(random), ...Array.from({ length: random.int(4) }, () => `M\0src/${random.pick(NAMES)}`), ""].join(
        "\0",
      ),
    ).join(""),
  );

const tags = (random: RandomSource): Buffer =>
  Buffer.from(
    Array.from(
      { length: random.int(5) },
      () =>
        `refs/tags/${random.pick(NAMES)}\0${sha(random)}\0${random.pick(["", "1700000000", "9".repeat(13)])}\n`,
    ).join(""),
  );

async function* chunks(bytes: Buffer, cuts: readonly number[]): AsyncGenerator<Buffer> {
  let from = 0;
  for (const cut of cuts) {
    yield bytes.subarray(from, cut);
    from = cut;
  }
  yield bytes.subarray(from);
  await Promise.resolve();
}

async function all<T>(stream: AsyncGenerator<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const one of stream) found.push(one);
  return found;
}

const commitsOf = async (bytes: Buffer, cuts: readonly number[]): Promise<GitCommit[]> =>
  (await all(parseObjects(chunks(bytes, cuts)))).flat();

export const git: Target = {
  name: "git",
  about: "what git prints: objects, paths, tags, messages (src/cli/git, src/dora/commit-message.ts)",
  make(random) {
    const kind = random.pick(["objects", "objects", "paths", "tags"] as const);
    const whole = { objects, paths, tags }[kind](random);
    const bytes = random.chance(0.3) ? whole : mutateBytes(random, whole);
    const cuts = Array.from({ length: random.int(5) }, () => random.int(bytes.length + 1)).toSorted(
      (a, b) => a - b,
    );
    return {
      shown: bytes,
      async run() {
        if (kind === "tags")
          return JSON.stringify(parseTagRows(bytes).map((tag) => ({ ...tag, ...classifyTag(tag.name) })));
        if (kind === "paths") {
          const came = JSON.stringify(await all(parsePaths(chunks(bytes, []))));
          must(
            JSON.stringify(await all(parsePaths(chunks(bytes, cuts)))) === came,
            "in pieces it reads something else",
          );
          return came;
        }
        const commits = await commitsOf(bytes, []);
        const came = JSON.stringify(commits);
        must(JSON.stringify(await commitsOf(bytes, cuts)) === came, "in pieces it reads something else");
        // The name of an object is git's own word.
        const told = commits.flatMap(({ parents, author, message }) => [...parents, author, message]);
        must(!told.some((text) => text.includes("\u0000")), "it lets a NUL through");
        return (
          came + outcome(() => commits.map((one) => [recogniseChange(one), readMessage(one.message)]), [])
        );
      },
    };
  },
};
