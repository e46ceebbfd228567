import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Ctx } from "../../src/storage/context.ts";
import { openTestDatabase, type TestDatabase } from "../support/database.ts";
import { define, put } from "./fixture.ts";
import { and, NOW, rule, search } from "./search-fixture.ts";

let t: TestDatabase;
let ctx: Ctx;
const DAY = 86_400_000;
/** Days from now at which there is an event, a millisecond before, at, and after. */
const MARKS = [0, 1, 7, 14, 30, 90, 180, 365, 730, 1095].flatMap((days) =>
  days === 0 ? [0] : [-days, days],
);

beforeAll(async () => {
  t = await openTestDatabase();
  ctx = { ...t.ctx, now: () => NOW };
  await define(ctx, "event", {
    at: { type: "string", format: "date-time" },
    ttl: { type: "string", format: "timer" },
  });
  for (const days of MARKS)
    for (const ms of [-1, 0, 1])
      await put(ctx, "event", {
        identifier: `${days}d${ms}`,
        properties: { at: new Date(NOW.getTime() + days * DAY + ms).toISOString() },
      });
});
afterAll(() => t.close());

async function offsets(value: unknown, operator = "between"): Promise<Set<unknown>> {
  return new Set(await search(ctx, and(rule(["at", operator, value])), "event"));
}

describe("§5.3 presets roll from now, half-open (decision 16)", () => {
  test.each([
    ["lastDay", -1],
    ["lastWeek", -7],
    ["last2Weeks", -14],
    ["lastMonth", -30],
    ["last3Months", -90],
    ["last6Months", -180],
    ["last12Months", -365],
    ["last2Years", -730],
    ["last3Years", -1095],
    ["nextDay", 1],
    ["nextWeek", 7],
    ["next2Weeks", 14],
    ["nextMonth", 30],
    ["next3Months", 90],
    ["next6Months", 180],
    ["next12Months", 365],
  ])("§5.3 `between` preset %s", async (preset, days) => {
    const found = await offsets({ preset });
    const inside = (mark: number, ms: number): boolean => {
      const at = mark * DAY + ms;
      return days < 0 ? at >= days * DAY && at < 0 : at >= 0 && at < days * DAY;
    };
    for (const mark of MARKS)
      for (const ms of [-1, 0, 1])
        expect([mark, ms, found.has(`${mark}d${ms}`)]).toEqual([mark, ms, inside(mark, ms)]);
    const outside = await offsets({ preset }, "notBetween");
    expect(found.size + outside.size).toBe(MARKS.length * 3);
  });
});

describe("§5.3 calendar days are those of the time zone (decision 16)", () => {
  beforeAll(async () => {
    await define(ctx, "moment", { at: { type: "string", format: "date-time" } });
    for (let hour = 0; hour < 96; hour++) {
      const at = new Date(Date.parse("2024-06-13T12:00:00Z") + hour * 3_600_000).toISOString();
      await put({ ...ctx, now: () => new Date(at) }, "moment", {
        identifier: at.slice(8, 13),
        properties: { at },
      });
    }
  });
  const ends = async (value: object, query: object = {}): Promise<unknown[]> => {
    const found = await search(ctx, { ...and(rule(["at", "between", value])), ...query }, "moment");
    return [found[0], found.at(-1), found.length];
  };

  test.each<[string, string, unknown[]]>([
    ["today", "UTC", ["15T00", "15T23", 24]],
    ["yesterday", "UTC", ["14T00", "14T23", 24]],
    ["tomorrow", "UTC", ["16T00", "16T23", 24]],
    ["today", "Europe/Berlin", ["14T22", "15T21", 24]],
    ["yesterday", "America/Los_Angeles", ["14T07", "15T06", 24]],
    // Noon in UTC is two in the morning of the 16th there.
    ["today", "Pacific/Kiritimati", ["15T10", "16T09", 24]],
  ])("§5.3 %s in %s", async (preset, timeZone, expected) => {
    expect(await ends({ preset }, { timeZone })).toEqual(expected);
    expect(await ends({ preset, timeZone })).toEqual(expected);
  });

  test("§5.3 a group inside takes the zone of the one around it, or its own", async () => {
    const today = rule(["at", "between", { preset: "today" }]);
    const inner = await search(ctx, { ...and(and(today)), timeZone: "Europe/Berlin" }, "moment");
    expect(inner[0]).toBe("14T22");
    const own = await search(
      ctx,
      { ...and({ ...and(today), timeZone: "UTC" }), timeZone: "Europe/Berlin" },
      "moment",
    );
    expect(own[0]).toBe("15T00");
  });

  test("§5.3 dates and times without an offset are those of the zone", async () => {
    expect(await ends({ from: "2024-06-15", to: "2024-06-16" })).toEqual(["15T00", "15T23", 24]);
    expect(await ends({ from: "2024-06-15", to: "2024-06-16", timeZone: "Europe/Berlin" })).toEqual([
      "14T22",
      "15T21",
      24,
    ]);
    expect(
      await ends({ from: "2024-06-15T03:00", to: "2024-06-15 05:30:00" }, { timeZone: "Asia/Kolkata" }),
    ).toEqual(["14T22", "14T23", 2]);
    expect(await ends({ from: "2024-06-15T00:00:00+02:00", to: "2024-06-15T02:00:00Z" })).toEqual([
      "14T22",
      "15T01",
      4,
    ]);
  });

  test("§5.3 `=` takes a range as well; from after to is empty", async () => {
    const equal = await search(ctx, and(rule(["at", "=", { preset: "today" }])), "moment");
    expect(equal).toHaveLength(24);
    expect(await ends({ from: "2024-06-16", to: "2024-06-15" })).toEqual([undefined, undefined, 0]);
  });
});

describe("§5.3 `isExpired`, §6.4 timers", () => {
  test("§5.3 `isExpired` from the instant on, `isNotExpired` before it and without a timer", async () => {
    await define(ctx, "lease", { ttl: { type: "string", format: "timer" } });
    for (const [identifier, ms] of [
      ["past", -1],
      ["now", 0],
      ["future", 1],
    ] as const)
      await put(ctx, "lease", {
        identifier,
        properties: { ttl: new Date(NOW.getTime() + ms).toISOString() },
      });
    await put(ctx, "lease", { identifier: "none" });
    expect(await search(ctx, and(rule(["ttl", "isExpired"])), "lease")).toEqual(["now", "past"]);
    expect(await search(ctx, and(rule(["ttl", "isNotExpired"])), "lease")).toEqual(["future", "none"]);
  });
});
