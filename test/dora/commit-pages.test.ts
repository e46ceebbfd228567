import { afterAll, beforeAll, expect, test } from "vitest";
import type { CommitFact } from "../../src/dora/facts.ts";
import { FactsOfService } from "../../src/metrics/dora/facts-of-service.ts";
import { type CommitInput, readCommitPage, upsertCommits } from "../../src/storage/commits.ts";
import { openTestDatabase, type TestDatabase } from "../support/database.ts";

let t: TestDatabase;
beforeAll(async () => {
  t = await openTestDatabase();
});
afterAll(() => t.close());

const sha = (n: number): string => n.toString(16).padStart(40, "0");
const commit = (n: number, more: Partial<CommitInput> = {}): CommitInput => ({
  ...{ repository: "git.example/a b", sha: sha(n), parents: n === 0 ? [] : [sha(n - 1)] },
  ...{ authoredAt: "2026-03-01T10:00:00.123Z", committedAt: "2026-03-01T10:00:01Z" },
  ...{ author: "Ada <ada@example.com>", message: "One", ...more },
});

/** As a derivation gets them, in pages of so many. */
async function read(repository: string, limit: number): Promise<readonly CommitFact[]> {
  const facts = new FactsOfService();
  const nothing = { deployments: [], changes: [], incidents: [], otherDeployments: [] };
  facts.add({ kind: "start", service: "s", paths: null, settings: {} as never, ...nothing });
  let after: string | null = "";
  while (after !== null) {
    const { page, last } = await readCommitPage(t.ctx.db, t.ctx.org, repository, after, limit);
    if (page !== null) facts.add({ kind: "commits", page });
    after = last;
  }
  return [...(facts.take().facts.commits ?? [])];
}

const given: readonly CommitInput[] = [
  commit(0, { message: 'quotes " and \\ and \t tabs\nand lines\n\n- | one "two"' }),
  commit(1, { author: "", message: "", patchId: sha(77), paths: [] }),
  commit(2, { parents: [sha(0), sha(1)], paths: ["a b/ü.ts", 'q"uote', "new\nline"] }),
  commit(3, { authoredAt: "1969-12-31T23:59:59.999Z", committedAt: "0099-01-01T00:00:00Z" }),
  commit(4, { authoredAt: "9999-12-31T23:59:59Z", committedAt: "2262-04-11T23:47:16.854Z" }),
  commit(5, { authoredAt: "2026-03-01T10:00:00.999999Z", committedAt: "2026-03-01T10:00:00.000001Z" }),
  commit(6, { message: "\u2028 \u{1f680} 'einfach' $1 %s {}", author: "-" }),
  ...Array.from({ length: 8 }, (_, digit) =>
    commit(10 + digit, { authoredAt: `2026-03-01T10:00:0${digit}.${digit}37Z` }),
  ),
];

for (const limit of [1, 2, 4, 1000])
  test(`commits are derived from as they were stored, in pages of ${limit}`, async () => {
    await upsertCommits(t.ctx.db, t.ctx.org, [...given, commit(0, { repository: "other" })]);
    const expected = given.map((one): CommitFact => ({
      ...{ repository: one.repository, sha: one.sha, parents: one.parents },
      ...{ authoredAt: Date.parse(one.authoredAt), committedAt: Date.parse(one.committedAt) },
      ...{ author: one.author, patchId: one.patchId ?? null },
      ...{ message: one.message, paths: one.paths ?? null },
    }));
    expect(await read("git.example/a b", limit)).toEqual(expected);
    expect(await read("nowhere", limit)).toEqual([]);
  });

test("what is stored with a line break in its name gives no other commit its words", async () => {
  await upsertCommits(t.ctx.db, t.ctx.org, [
    commit(0, { repository: "odd", message: "first" }),
    commit(1, { repository: "odd", parents: [`${sha(0)}\nffff 0 0 -`], message: "second" }),
  ]);
  await expect(read("odd", 10)).rejects.toThrow("holds a line break");
});
