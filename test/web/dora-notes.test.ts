import { expect, it } from "vitest";
import type { Metrics, SeriesPoint } from "../../src/web/api/types.ts";
import { differenceOf } from "../../src/web/dora/difference.ts";
import type { Note } from "../../src/web/dora/note-queries.ts";
import { notesByBucket } from "../../src/web/dora/notes-by-bucket.ts";
import { notesFoot } from "../../src/web/dora/notes-foot.ts";

const note = (identifier: string, day: string): Note => ({
  ...{ identifier, day, text: identifier, url: null, scope: null, mayChange: true },
  ...{ createdBy: "a", createdAt: "2026-01-01T00:00:00Z", updatedAt: "2026-01-01T00:00:00Z" },
});
const point = (id: string, from: string, to: string): SeriesPoint => ({
  ...{ id, from, to, value: 1, n: 1, partial: false },
});

it("puts notes into the bucket of their day in the zone, oldest first", () => {
  // Weeks of Auckland: they begin twelve hours before those of UTC.
  const points = [
    point("2026-W31", "2026-07-26T12:00:00Z", "2026-08-02T12:00:00Z"),
    point("2026-W32", "2026-08-02T12:00:00Z", "2026-08-09T12:00:00Z"),
  ];
  const notes = [
    note("c", "2026-08-09"),
    note("b", "2026-08-03"),
    note("a", "2026-08-02"),
    note("z", "2026-07-26"),
  ];
  const found = notesByBucket(notes, points, "Pacific/Auckland");
  expect([...found].map(([id, list]) => [id, list.map(({ text }) => text)])).toEqual([
    ["2026-W31", ["a"]],
    ["2026-W32", ["b", "c"]],
  ]);
});

it("says of a difference whether it is better, by how much, and whether that may be chance", () => {
  const lead = (value: number | null, trend: object | null) =>
    ({ value, trend }) as unknown as Metrics["changeLeadTime"];
  const day = 86_400;
  expect(
    differenceOf("changeLeadTime", lead(day, { delta: -day, significant: true, p: 0.0004 }), 2 * day),
  ).toEqual({
    text: "better by 1 d (−50\u00a0%)",
    tone: "good",
    verdict: { text: "significant, p < 0.001", isSure: true },
  });
  expect(
    differenceOf("changeLeadTime", lead(3 * day, { delta: day, significant: false, p: 0.21 }), 2 * day),
  ).toMatchObject({ tone: "none", verdict: { text: "may be chance, p = 0.210", isSure: false } });
  expect(
    differenceOf("changeLeadTime", lead(3 * day, { delta: day, significant: null, p: null }), 2 * day),
  ).toMatchObject({ tone: "none", verdict: { text: "not tested" } });
  const tested = { delta: day, significant: true, p: 0.01 };
  expect(differenceOf("changeLeadTime", lead(3 * day, tested), 2 * day).tone).toBe("bad");
  const thin = { ...lead(3 * day, tested), covered: false };
  expect(differenceOf("changeLeadTime", thin, 2 * day).tone).toBe("none");
  expect(differenceOf("changeLeadTime", lead(null, null), day).verdict).toBeNull();
});

it("prints of many notes the newest under a picture, without what no picture can have", () => {
  const few = [
    note("a", "2026-08-01"),
    { ...note("b", "2026-08-02"), text: "one\u0000\u001b[2J\ntwo\ud800" },
  ];
  expect(notesFoot(few)).toEqual(["2026-08-01: a", "2026-08-02: one [2J two\ufffd"]);
  const many = Array.from({ length: 50 }, (_, index) => note(`n${index}`, "2026-08-03"));
  const lines = notesFoot(many);
  expect(lines).toHaveLength(21);
  expect([lines[0], lines[20]]).toEqual(["30 earlier notes are not shown", "2026-08-03: n49"]);
});
