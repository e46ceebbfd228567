import { expect, it } from "vitest";
import {
  daysBefore,
  daysOf,
  decodeCompareSearch,
  encodeCompareSearch,
  otherDays,
  pickCompareSearch,
  yearBefore,
} from "../../src/web/lib/compare-search.ts";
import { parseSearch, stringifySearch } from "../../src/web/lib/search-text.ts";

const read = (text: string) => decodeCompareSearch(pickCompareSearch(parseSearch(text)));

it("keeps both sides in the address, and leaves out what goes without saying", () => {
  const text = "?scope=service:shop&last=30d&tz=Europe/Berlin&with=_team:red&wfrom=2026-01-01&wto=2026-01-31";
  const { query, problems } = read(text);
  expect(problems).toEqual([]);
  expect(query).toMatchObject({
    other: { blueprint: "_team", entity: "red" },
    days: { from: "2026-01-01", to: "2026-01-31" },
  });
  expect(stringifySearch(encodeCompareSearch(query))).toBe(text);
  expect(stringifySearch(encodeCompareSearch(read("").query))).toBe("");
});

it("compares with the days before, of another scope with the same days", () => {
  const now = Date.parse("2026-03-10T23:30:00Z");
  expect(daysOf({ last: "7d" }, "UTC", now)).toEqual({ from: "2026-03-04", to: "2026-03-10" });
  const own = daysOf({ last: "7d" }, "Asia/Tokyo", now);
  expect(own).toEqual({ from: "2026-03-05", to: "2026-03-11" });
  expect(otherDays(read("").query, own)).toEqual({ from: "2026-02-26", to: "2026-03-04" });
  expect(otherDays(read("?with=service:shop").query, own)).toEqual(own);
  expect(daysBefore({ from: "2024-03-01", to: "2024-03-01" })).toEqual({
    from: "2024-02-29",
    to: "2024-02-29",
  });
  expect(yearBefore({ from: "2024-02-29", to: "2024-03-31" })).toEqual({
    from: "2023-02-28",
    to: "2023-03-31",
  });
});

it.each([
  ["?with=shop", "with"],
  ["?wfrom=2026-01-01", "wfrom"],
  ["?wfrom=2026-02-01&wto=2026-01-01", "wfrom"],
  ["?scope=x", "scope"],
])("%s falls back to the default and names %s", (text, key) => {
  const { query, problems } = read(text);
  expect(stringifySearch(encodeCompareSearch(query))).toBe("");
  expect(problems.map((problem) => problem.split(" ")[0])).toEqual([key]);
});
