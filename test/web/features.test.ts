/** The list of what people can do, against the tests in a browser that are said to walk it. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { FEATURES } from "../e2e/features.ts";
import { routerPaths, SCREENS } from "../e2e/support/screens.ts";

/** Titles of the tests of a file. */
const titlesOf = (file: string): string[] => {
  const name = file.includes("/") ? file : `${file}.test`;
  const text = readFileSync(new URL(`../e2e/${name}.ts`, import.meta.url), "utf8");
  return [...text.matchAll(/^\s*test\(\s*"((?:[^"\\]|\\.)+)"/gm)].map(([, title = ""]) => title);
};

test.each(Object.entries(FEATURES))("%s is walked on an empty portal and on the demo data", (_, feature) => {
  expect(feature.empty.length).toBeGreaterThan(0);
  expect(feature.demo.length).toBeGreaterThan(0);
  for (const [file, title] of [...feature.empty, ...feature.demo, ...(feature.more ?? [])])
    expect([file, title, titlesOf(file).filter((one) => one.includes(title)).length]).toEqual([
      file,
      title,
      1,
    ]);
});

test("no row of the list is left out, and no screen of the router", () => {
  // As many as the feature table of a portal has, but for AI and plugins.
  expect(Object.keys(FEATURES)).toHaveLength(25);
  expect(routerPaths().length).toBeGreaterThan(30);
  expect(Object.keys(SCREENS).sort()).toEqual(routerPaths().sort());
});
