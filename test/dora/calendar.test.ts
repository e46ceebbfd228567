import { describe, expect, test } from "vitest";
import { bucketsOf, calendarOf } from "../../src/dora/calendar.ts";
import type { Window } from "../../src/dora/results.ts";

const at = (text: string): number => Date.parse(text);
const window = (from: string, to: string, rest: Partial<Window> = {}): Window => ({
  from: at(from),
  to: at(to),
  timezone: "UTC",
  interval: "day",
  weekStart: "monday",
  ...rest,
});
const lines = (given: Window, now = "2099-01-01T00:00:00Z"): string[] =>
  bucketsOf(given, at(now)).map(
    ({ id, from, to, partial }) =>
      `${id} ${new Date(from).toISOString().slice(0, 16)} ${(to - from) / 3_600_000}h${partial ? " partial" : ""}`,
  );

describe("buckets", () => {
  test("days of Berlin over the end of summer time", () => {
    expect(
      lines(window("2026-10-23T22:00:00Z", "2026-10-26T23:00:00Z", { timezone: "Europe/Berlin" })),
    ).toEqual([
      "2026-10-24 2026-10-23T22:00 24h",
      "2026-10-25 2026-10-24T22:00 25h",
      "2026-10-26 2026-10-25T23:00 24h",
    ]);
  });

  test("days of New York over the start of summer time", () => {
    expect(
      lines(window("2026-03-07T05:00:00Z", "2026-03-10T04:00:00Z", { timezone: "America/New_York" })),
    ).toEqual([
      "2026-03-07 2026-03-07T05:00 24h",
      "2026-03-08 2026-03-08T05:00 23h",
      "2026-03-09 2026-03-09T04:00 24h",
    ]);
  });

  test("days of Kathmandu start at a quarter past", () => {
    expect(
      lines(window("2026-08-02T18:15:00Z", "2026-08-04T18:15:00Z", { timezone: "Asia/Kathmandu" })),
    ).toEqual(["2026-08-03 2026-08-02T18:15 24h", "2026-08-04 2026-08-03T18:15 24h"]);
  });

  test("a day whose midnight is skipped starts at one", () => {
    // Beirut moves from 00:00 to 01:00 on 29 March 2026.
    expect(
      lines(window("2026-03-27T22:00:00Z", "2026-03-29T21:00:00Z", { timezone: "Asia/Beirut" })),
    ).toEqual(["2026-03-28 2026-03-27T22:00 24h", "2026-03-29 2026-03-28T22:00 23h"]);
  });

  test("a day whose midnight comes twice starts at the first", () => {
    // Havana moves from 01:00 back to 00:00 on 1 November 2026.
    expect(
      lines(window("2026-10-31T04:00:00Z", "2026-11-02T05:00:00Z", { timezone: "America/Havana" })),
    ).toEqual(["2026-10-31 2026-10-31T04:00 24h", "2026-11-01 2026-11-01T04:00 25h"]);
  });

  test("a day that a zone left out has no bucket", () => {
    expect(
      lines(window("2011-12-29T10:00:00Z", "2011-12-31T10:00:00Z", { timezone: "Pacific/Apia" })),
    ).toEqual(["2011-12-29 2011-12-29T10:00 24h", "2011-12-31 2011-12-30T10:00 24h"]);
  });

  test("weeks: ISO numbers over the turn of the year, cut ones partial", () => {
    expect(lines(window("2026-12-23T00:00:00Z", "2027-01-12T00:00:00Z", { interval: "week" }))).toEqual([
      "2026-W52 2026-12-23T00:00 120h partial",
      "2026-W53 2026-12-28T00:00 168h",
      "2027-W01 2027-01-04T00:00 168h",
      "2027-W02 2027-01-11T00:00 24h partial",
    ]);
  });

  test("weeks from Sunday carry the number of their Monday", () => {
    expect(
      lines(
        window("2026-08-02T00:00:00Z", "2026-08-16T00:00:00Z", { interval: "week", weekStart: "sunday" }),
      ),
    ).toEqual(["2026-W32 2026-08-02T00:00 168h", "2026-W33 2026-08-09T00:00 168h"]);
  });

  test("months; one not over at now is partial", () => {
    const months = window("2026-07-15T00:00:00Z", "2026-10-01T00:00:00Z", { interval: "month" });
    expect(lines(months, "2026-09-20T00:00:00Z")).toEqual([
      "2026-07 2026-07-15T00:00 408h partial",
      "2026-08 2026-08-01T00:00 744h",
      "2026-09 2026-09-01T00:00 720h partial",
    ]);
  });

  test("buckets tile the window in every zone and interval", () => {
    for (const timezone of [
      "UTC",
      "Europe/Berlin",
      "America/New_York",
      "Asia/Kathmandu",
      "Australia/Lord_Howe",
    ])
      for (const interval of ["day", "week", "month"] as const)
        for (const weekStart of ["monday", "sunday"] as const) {
          const given = window("2025-09-13T07:31:05Z", "2026-11-02T13:00:59Z", {
            timezone,
            interval,
            weekStart,
          });
          const buckets = bucketsOf(given, given.to);
          expect(buckets[0]?.from).toBe(given.from);
          expect(buckets.at(-1)?.to).toBe(given.to);
          buckets.slice(1).forEach(({ from }, index) => expect(from).toBe(buckets[index]?.to));
          expect(new Set(buckets.map(({ id }) => id)).size).toBe(buckets.length);
        }
  });

  test("an empty window has none; an absurd one and an unknown zone are refused", () => {
    expect(lines(window("2026-01-01T00:00:00Z", "2026-01-01T00:00:00Z"))).toEqual([]);
    expect(() => lines(window("1900-01-01T00:00:00Z", "2300-01-01T00:00:00Z"))).toThrow(RangeError);
    expect(() =>
      lines(window("2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z", { timezone: "Mars/Base" })),
    ).toThrow(RangeError);
  });
});

describe("days by the wall clock", () => {
  test.each([
    ["Europe/Berlin", "2026-10-24T22:00:00Z", "2026-10-25T23:00:00Z", 1],
    ["Europe/Berlin", "2026-03-28T23:00:00Z", "2026-03-29T22:00:00Z", 1],
    ["UTC", "2026-08-01T00:00:00Z", "2026-11-01T00:00:00Z", 92],
    ["America/New_York", "2026-03-01T05:00:00Z", "2026-04-01T04:00:00Z", 31],
    ["UTC", "2026-08-01T00:00:00Z", "2026-08-01T06:00:00Z", 0.25],
  ])("%s %s to %s", (timezone, from, to, days) => {
    expect(calendarOf(timezone).daysBetween(at(from), at(to))).toBe(days);
  });

  test("days with an event: midnight belongs to the day it starts", () => {
    const { distinctDays } = calendarOf("Europe/Berlin");
    const events = [
      "2026-10-24T21:59:59Z",
      "2026-10-24T22:00:00Z",
      "2026-10-25T22:59:59Z",
      "2026-10-25T23:00:00Z",
    ];
    expect(distinctDays(events.map(at).reverse())).toBe(3);
    expect(distinctDays([])).toBe(0);
  });
});
