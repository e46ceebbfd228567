import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  addDays,
  dayIn,
  isDay,
  isTimeZone,
  matchesZone,
  modernZone,
  startOfDay,
  timeZones,
} from "../../src/web/lib/time-zone.ts";

const start = (day: string, zone: string) => startOfDay(day, zone).toISOString();

describe("the first instant of a day", () => {
  it.each([
    ["2026-08-01", "UTC", "2026-08-01T00:00:00.000Z"],
    ["2026-08-01", "Europe/Berlin", "2026-07-31T22:00:00.000Z"],
    // Clocks go forward and back in Berlin on these days, after midnight.
    ["2026-03-29", "Europe/Berlin", "2026-03-28T23:00:00.000Z"],
    ["2026-03-30", "Europe/Berlin", "2026-03-29T22:00:00.000Z"],
    ["2026-10-25", "Europe/Berlin", "2026-10-24T22:00:00.000Z"],
    ["2026-10-26", "Europe/Berlin", "2026-10-25T23:00:00.000Z"],
    // Midnight does not exist: the clocks of Cairo jump from 00:00 to 01:00.
    ["2024-04-26", "Africa/Cairo", "2024-04-25T22:00:00.000Z"],
    // Midnight comes twice in Havana: the first counts.
    ["2024-11-03", "America/Havana", "2024-11-03T04:00:00.000Z"],
    ["2026-08-01", "Asia/Kathmandu", "2026-07-31T18:15:00.000Z"],
    ["2026-08-01", "Pacific/Kiritimati", "2026-07-31T10:00:00.000Z"],
    ["2026-08-01", "Pacific/Pago_Pago", "2026-08-01T11:00:00.000Z"],
  ])("%s in %s is %s", (day, zone, instant) => {
    expect(start(day, zone)).toBe(instant);
  });

  it("is on that day, and the instant before is not", () => {
    const zones = ["UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Africa/Cairo"];
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4000 }), fc.constantFrom(...zones), (days, zone) => {
        const day = addDays("2020-01-01", days);
        const instant = startOfDay(day, zone).getTime();
        expect(dayIn(instant, zone)).toBe(day);
        expect(dayIn(instant - 1, zone)).toBe(addDays(day, -1));
      }),
      { seed: 99, numRuns: 400 },
    );
  });
});

it("knows real days and zones", () => {
  expect(isDay("2024-02-29")).toBe(true);
  expect(isDay("2026-02-29")).toBe(false);
  expect(isDay("2026-2-1")).toBe(false);
  expect(isTimeZone("Europe/Berlin")).toBe(true);
  expect(isTimeZone("Mars/Olympus")).toBe(false);
  expect(isTimeZone("")).toBe(false);
  expect(timeZones()[0]).toBe("UTC");
  expect(new Set(timeZones()).size).toBe(timeZones().length);
});

describe("a renamed zone", () => {
  it("is listed once, by its name of today", () => {
    for (const zone of ["Asia/Kathmandu", "Asia/Kolkata", "Asia/Ho_Chi_Minh", "Asia/Yangon", "Europe/Kyiv"]) {
      expect(timeZones()).toContain(zone);
    }
    expect(timeZones()).not.toContain("Asia/Katmandu");
    expect(modernZone("Asia/Katmandu")).toBe("Asia/Kathmandu");
    expect(modernZone("Europe/Berlin")).toBe("Europe/Berlin");
  });

  it.each([
    ["kathm", ["Asia/Kathmandu"]],
    ["Katmandu", ["Asia/Kathmandu"]],
    ["calcutta", ["Asia/Kolkata"]],
    ["ho chi", ["Asia/Ho_Chi_Minh"]],
    ["kiev", ["Europe/Kyiv"]],
    ["atlantis", []],
  ])("is found by %s", (typed, found) => {
    expect(timeZones().filter((zone) => matchesZone(zone, typed))).toEqual(found);
  });
});
