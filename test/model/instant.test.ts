import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isInstant, parseInstant } from "../../src/model/instant.ts";

describe("instants", () => {
  test.each([
    ["2024-09-01T12:00:00Z", "2024-09-01T12:00:00.000Z"],
    ["2024-09-01t12:00:00z", "2024-09-01T12:00:00.000Z"],
    ["2024-09-01 12:00:00Z", "2024-09-01T12:00:00.000Z"],
    ["2024-09-01T12:00:00.123456789Z", "2024-09-01T12:00:00.123Z"],
    ["2024-09-01T12:00:00.5+02:00", "2024-09-01T10:00:00.500Z"],
    ["2024-09-01T12:00:00.000+0000", "2024-09-01T12:00:00.000Z"],
    ["2024-09-01T12:00:00-05", "2024-09-01T17:00:00.000Z"],
    ["2024-02-29T00:00:00Z", "2024-02-29T00:00:00.000Z"],
    ["2000-02-29T00:00:00Z", "2000-02-29T00:00:00.000Z"],
    ["0001-01-01T00:00:00Z", "0001-01-01T00:00:00.000Z"],
    ["9999-12-31T23:59:59Z", "9999-12-31T23:59:59.000Z"],
  ])("%s", (text, iso) => {
    expect(new Date(parseInstant(text) ?? Number.NaN).toISOString()).toBe(iso);
  });

  test.each([
    "2024-09-01T12:00:00",
    "2024-09-01",
    "2023-02-29T00:00:00Z",
    "1900-02-29T00:00:00Z",
    "2024-04-31T00:00:00Z",
    "2024-13-01T00:00:00Z",
    "2024-00-01T00:00:00Z",
    "2024-01-00T00:00:00Z",
    "2024-01-01T24:00:00Z",
    "2024-01-01T00:60:00Z",
    "2024-01-01T00:00:60Z",
    "0000-01-01T00:00:00Z",
    "10000-01-01T00:00:00Z",
    "2024-01-01T00:00:00+15:00",
    "2024-01-01T00:00:00Z ",
    "2024-01-01T00:00:00Z\n",
    "٢٠٢٤-01-01T00:00:00Z",
    "yesterday",
    "",
  ])("%j is none", (text) => {
    expect(isInstant(text)).toBe(false);
    expect(parseInstant(text)).toBeNull();
  });

  test("every ISO text of a date is one, and means that date", () => {
    const date = fc.date({
      min: new Date("0001-01-01T00:00:00Z"),
      max: new Date("9999-12-31T23:59:59.999Z"),
      noInvalidDate: true,
    });
    fc.assert(
      fc.property(date, (value) => {
        expect(parseInstant(value.toISOString())).toBe(value.getTime());
      }),
      { seed: 20_240_901, numRuns: 2000 },
    );
  });
});
