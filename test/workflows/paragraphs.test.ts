/**
 * Every paragraph of workflows.md §3–5 has a test whose title begins with `§` and its words, or a row in docs/deviations.md
 * that says why not. Titles are read as text: nothing is run.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { SECTION_3 } from "./section-3.ts";
import { SECTION_4 } from "./section-4.ts";
import { SECTION_5 } from "./section-5.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const PARAGRAPHS = Object.keys({ ...SECTION_3, ...SECTION_4, ...SECTION_5 });

/** Texts that begin with `§`; one title may name several paragraphs, each with its own `§`. */
const titles = readdirSync(join(ROOT, "test"), { recursive: true, encoding: "utf8" })
  .filter((path) => path.endsWith(".test.ts") && !path.startsWith("workflows"))
  .flatMap((path) => [...readFileSync(join(ROOT, "test", path), "utf8").matchAll(/["'`](§\d[^\n"`]*)/g)])
  .flatMap(([, text = ""]) => text.split("§").slice(1));

/** `| §3.9 workflows | not there | why |` */
const rows = [
  ...readFileSync(join(ROOT, "docs/deviations.md"), "utf8").matchAll(/^\| §([^|]+?) +\| ([^|]+?) +\|/gm),
].map(([, paragraph = "", what = ""]) => ({ paragraph, what }));

/** Whole words: `3.7 a policy` is not meant by a title about `3.7 a policymaker`. */
const names = (title: string, paragraph: string): boolean =>
  title.startsWith(paragraph) && !/^\w/.test(title.slice(paragraph.length));

test("every paragraph has a test named after it, or a reason why not", () => {
  const absent = new Set(rows.filter(({ what }) => what.startsWith("not there")).map((row) => row.paragraph));
  const bare = PARAGRAPHS.filter(
    (paragraph) => !absent.has(paragraph) && !titles.some((title) => names(title, paragraph)),
  );
  expect(bare).toEqual([]);
});

test("deviations name paragraphs that there are", () => {
  const unknown = rows.filter(({ paragraph }) => !PARAGRAPHS.includes(paragraph));
  expect(unknown).toEqual([]);
});
