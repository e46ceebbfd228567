/** docs/security-review.md: every requirement is answered once, and what it names is there. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const ROOT = fileURLToPath(new URL("../", import.meta.url));
const review = readFileSync(join(ROOT, "docs/security-review.md"), "utf8");

/** Numbers of the requirements of levels 1 and 2 of OWASP ASVS 4.0.3; `1.4.1,4-5` is 1.4.1, 1.4.4 and 1.4.5. */
const REQUIREMENTS = `
  1.1.1-7 1.2.1-4 1.4.1,4-5 1.5.1-4 1.6.1-4 1.7.1-2 1.8.1-2 1.9.1-2 1.10.1 1.11.1-2 1.12.2 1.14.1-6
  2.1.1-12 2.2.1-3 2.3.1-3 2.4.1-5 2.5.1-7 2.6.1-3 2.7.1-6 2.8.1-7 2.9.1-3 2.10.1-4
  3.1.1 3.2.1-4 3.3.1-4 3.4.1-5 3.5.1-3 3.7.1
  4.1.1-3,5 4.2.1-2 4.3.1-3
  5.1.1-5 5.2.1-8 5.3.1-10 5.4.1-3 5.5.1-4
  6.1.1-3 6.2.1-6 6.3.1-2 6.4.1-2
  7.1.1-4 7.2.1-2 7.3.1,3-4 7.4.1-3
  8.1.1-4 8.2.1-3 8.3.1-8
  9.1.1-3 9.2.1-4
  10.2.1-2 10.3.1-3
  11.1.1-8
  12.1.1-3 12.2.1 12.3.1-6 12.4.1-2 12.5.1-2 12.6.1
  13.1.1,3-5 13.2.1-3,5-6 13.3.1-2 13.4.1-2
  14.1.1-4 14.2.1-6 14.3.2-3 14.4.1-7 14.5.1-4
`;

const numbers = REQUIREMENTS.trim()
  .split(/\s+/)
  .flatMap((section) => {
    const [, prefix = "", list = ""] = /^(\d+\.\d+)\.(.+)$/.exec(section) ?? [];
    return list.split(",").flatMap((part) => {
      const [first = Number.NaN, last = first] = part.split("-").map(Number);
      return Array.from({ length: last - first + 1 }, (_, i) => `${prefix}.${first + i}`);
    });
  });

const ANSWERS = ["yes", "partly", "no", "not applicable"] as const;
const ROW = /^\| (\d+\.\d+\.\d+) \| ([^|]+) \| \*\*([a-z ]+)\*\*([^|]*) \| ([^|]+) \|$/gm;
const rows = [...review.matchAll(ROW)].map(([, number = "", , answer = "", reason = "", proof = ""]) => ({
  ...{ number, answer, reason },
  paths: [...proof.matchAll(/`([^`]+)`/g)].map(([, path = ""]) => path),
}));

test("every requirement of levels 1 and 2 is answered once, in order", () => {
  expect(numbers).toHaveLength(259);
  expect(rows.map(({ number }) => number)).toEqual(numbers);
  // A row that the pattern does not know would be left out silently.
  expect(review.match(/^\| \d+\.\d+\.\d+ \|/gm)).toHaveLength(numbers.length);
});

test("what is there has a proof that exists, what is not has a reason", () => {
  for (const { number, answer, reason, paths } of rows) {
    expect([number, ANSWERS]).toEqual([number, expect.arrayContaining([answer])]);
    if (answer === "yes" || answer === "partly") expect([number, paths.length > 0]).toEqual([number, true]);
    if (answer === "partly" || answer === "not applicable")
      expect([number, reason]).toEqual([number, expect.stringMatching(/^: \S/)]);
    for (const path of paths) expect([path, existsSync(join(ROOT, path))]).toEqual([path, true]);
  }
});

test("what is missing is told at the top, and counted", () => {
  const [, top = ""] = /^## What is missing$([^]*?)^## /m.exec(review) ?? [];
  const told = new Set(top.match(/\b\d+\.\d+\.\d+\b/g));
  const of = (answer: string): string[] =>
    rows.filter((row) => row.answer === answer).map(({ number }) => number);
  expect(of("no").filter((number) => !told.has(number))).toEqual([]);
  const fine = new Set([...of("yes"), ...of("not applicable")]);
  expect([...told].filter((number) => fine.has(number))).toEqual([]);
  expect(review).toContain(
    `| **All ${rows.length}** | ${ANSWERS.map((answer) => `**${of(answer).length}**`).join(" | ")} |`,
  );
});
