import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { readMapping, slipsOf, writeMapping } from "../../src/web/sources/mapping-text.ts";

const printed = (name: string): string =>
  readFileSync(new URL(`../ingest/fixtures/seed/${name}.txt`, import.meta.url), "utf8");
const MAPPING = {
  deleteDependentEntities: true,
  resources: [
    { kind: "tag", selector: { query: "true" }, port: { entity: { mappings: { title: ".a: b" } } } },
  ],
};

test("a mapping in either language is read as what it was", () => {
  for (const language of ["yaml", "json"] as const)
    expect(readMapping(writeMapping(MAPPING, language))).toEqual({ value: MAPPING, problem: null });
});

test("resources that a guide prints fit below those that are there", () => {
  const read = readMapping(writeMapping(MAPPING, "yaml") + printed("release"));
  expect(read).toMatchObject({ value: { resources: [{ kind: "tag" }, { kind: "release" }] } });
  expect(slipsOf(writeMapping(MAPPING, "yaml"))).toEqual([]);
});

test("what is no YAML is told with its place", () => {
  const text = printed("release-as-printed");
  const [slip] = slipsOf(text);
  expect(text.slice(slip?.from, slip?.to)).not.toBe("");
  expect(slip?.message).toMatch(/at line [12], column \d+\.$/);
  expect(readMapping(text).problem).toMatch(/line/);
  expect(readMapping("a: &x [1]\nb: [*y]").problem).toMatch(/y/);
});
