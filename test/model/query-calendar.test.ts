import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  dayStart,
  instantOf,
  INTERVALS,
  intervalStarts,
  nextStart,
  parseTimeZone,
  wallClock,
} from "../../src/model/query-calendar.ts";

const ZONES = [
  "UTC",
  "Europe/Berlin",
  "America/New_York",
  "America/Sao_Paulo",
  "Asia/Kolkata",
  "Asia/Kathmandu",
  "Australia/Lord_Howe",
  "Pacific/Apia",
  "Pacific/Kiritimati",
  "Africa/Cairo",
];
const at = (text: string): number => Date.parse(text);
const instants = fc.integer({ min: at("1990-01-01T00:00:00Z"), max: at("2035-01-01T00:00:00Z") });
const zones = fc.constantFrom(...ZONES);
const intervals = fc.constantFrom(...INTERVALS);
const HOUR = 3_600_000;

describe("intervals of a time zone", () => {
  test("cover a range without gaps, begin where the clock on the wall says so, and are as long as they should be", () => {
    const longest = {
      hour: 1.5 * HOUR,
      day: 26 * HOUR,
      isoWeek: 8 * 24 * HOUR,
      month: 32 * 24 * HOUR,
      quarter: 93 * 24 * HOUR,
    };
    fc.assert(
      fc.property(instants, fc.integer({ min: 1, max: 40 }), intervals, zones, (from, n, interval, zone) => {
        const to = from + n * longest[interval];
        const starts = intervalStarts(from, to, interval, zone);
        const ends = starts.map((start) => nextStart(start, interval, zone));
        expect(starts[0]).toBeLessThanOrEqual(from);
        expect(ends[0]).toBeGreaterThan(from);
        expect(starts.at(-1)).toBeLessThan(to);
        expect(ends.at(-1)).toBeGreaterThanOrEqual(to);
        for (const [i, start] of starts.entries()) {
          const end = ends[i] ?? 0;
          if (i + 1 < starts.length) expect(end).toBe(starts[i + 1]);
          expect(end).toBeGreaterThan(start);
          expect(end - start).toBeLessThanOrEqual(longest[interval]);
        }
      }),
      { seed: 7, numRuns: 400 },
    );
  });

  test("a wall clock time is found again", () => {
    fc.assert(
      fc.property(instants, zones, (instant, zone) => {
        const wall = wallClock(instant, zone);
        const found = instantOf(wall, zone);
        expect(wallClock(found, zone)).toBe(wall);
        // The earlier one, where the clock shows it twice.
        expect(found).toBeLessThanOrEqual(instant);
      }),
      { seed: 7, numRuns: 500 },
    );
  });

  test.each([
    ["Europe/Berlin", "2024-03-31T12:00:00Z", "2024-03-30T23:00:00Z", 23],
    ["Europe/Berlin", "2024-10-27T12:00:00Z", "2024-10-26T22:00:00Z", 25],
    // Midnight was skipped there: the day began at one.
    ["America/Sao_Paulo", "2018-11-04T12:00:00Z", "2018-11-04T03:00:00Z", 23],
    ["Australia/Lord_Howe", "2024-04-07T03:00:00Z", "2024-04-06T13:00:00Z", 24.5],
  ])("the day in %s at %s begins at %s and has %d hours", (zone, now, start, hours) => {
    expect(new Date(dayStart(at(now), 0, zone)).toISOString()).toBe(new Date(at(start)).toISOString());
    expect((dayStart(at(now), 1, zone) - dayStart(at(now), 0, zone)) / HOUR).toBe(hours);
  });

  test("a day that the calendar left out (Samoa, 30 December 2011) is empty", () => {
    const now = at("2011-12-31T00:00:00Z");
    expect(dayStart(now, 0, "Pacific/Apia")).toBe(at("2011-12-30T10:00:00Z"));
    expect(dayStart(now, -1, "Pacific/Apia")).toBe(at("2011-12-30T10:00:00Z"));
  });

  test("what is no time zone is refused", () => {
    expect(parseTimeZone(undefined, "z")).toBe("UTC");
    for (const value of ["Mars/Olympus", "", 7, {}, "constructor"])
      expect(() => parseTimeZone(value, "query.timeZone")).toThrow(
        /^query\.timeZone .* is not a time zone such as/,
      );
  });
});
