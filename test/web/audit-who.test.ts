/** Whom the audit log can be asked about, and when it is asked for Fairway's own work. */
import { expect, test } from "vitest";
import { whoGroups, whoMatches } from "../../src/web/audit/who-options.ts";
import { isWithSystem } from "../../src/web/lib/audit-search.ts";

const item = (value: string, label = value) => ({ value, label });
const lists = {
  people: [item("ada@example.com", "Ada")],
  credentials: [item("ci", "Builds")],
  sources: [item("ci", "Events of builds"), item("github", "GitHub")],
  chosen: [item("github"), item("former@example.com")],
  typed: "",
};
const valuesOf = (groups: ReturnType<typeof whoGroups>): string[] =>
  groups.flatMap(({ items }) => items.map(({ value }) => value));

test("each is offered once, by its first name", () => {
  const groups = whoGroups(lists);
  expect(valuesOf(groups)).toEqual(["ada@example.com", "ci", "github", "former@example.com"]);
  expect(groups.map(({ group }) => group)).toEqual(["People", "API credentials", "Data sources", "Chosen"]);
});

test("what matches by name or id is offered, and the id that is typed: of who is gone, perhaps", () => {
  const matches = (typed: string, people = lists.people) =>
    whoMatches(whoGroups({ ...lists, people, typed }), typed);
  expect(valuesOf(matches("build", []))).toEqual(["ci", "build"]);
  expect(valuesOf(matches("CI", []))).toEqual(["ci", "CI"]);
  expect(valuesOf(matches("ci", []))).toEqual(["ci"]);
  expect(matches(" gone@example.com ", [])).toMatchObject([
    { items: [{ value: "gone@example.com", label: "Id “gone@example.com”" }] },
  ]);
  expect(valuesOf(matches("ada"))).toEqual(["ada@example.com", "ada"]);
  expect(matches("a,b", [])).toEqual([]);
});

test.each([
  [{}, false],
  [{ system: "shown" }, true],
  [{ actor: "ada@example.com" }, false],
  [{ actor: "ada@example.com,fairway:automation" }, true],
  [{ origin: "UI" }, false],
  [{ origin: "UI,AUTOMATION" }, true],
  [{ actionType: "automation" }, true],
  [{ run: "r_1" }, true],
])("what Fairway wrote by itself is among what %j asks for: %s", (filters, expected) => {
  expect(isWithSystem(filters)).toBe(expected);
});
