/** Builtins of dates: what jq answers, that what is written can be read again, and zones as Intl has them. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { dateNatives } from "../../src/jq/dates/natives.ts";
import { JqError } from "../../src/jq/errors.ts";
import { Meter } from "../../src/jq/meter.ts";
import type { Runtime } from "../../src/jq/runtime.ts";
import type { Json } from "../../src/jq/value.ts";
import { toJson } from "../../src/jq/values/print.ts";
import { type DateCase, plainCases, readCases } from "./dates-cases.ts";
import { localCases, writeCases } from "./dates-cases-written.ts";

const makeRuntime = (timeZone = "UTC", now?: number): Runtime => ({
  meter: new Meter(1e9, 1e8, 10_000),
  env: {},
  now,
  timeZone,
  cache: new Map(),
});

function call(name: string, input: Json, args: readonly Json[], rt: Runtime): Json {
  const [a = null, b = null] = args;
  const native = dateNatives.get(`${name}/${args.length}`);
  switch (native?.arity) {
    case 0:
      return native.run(input, rt);
    case 1:
      return native.run(input, a, rt);
    case 2:
      return native.run(input, a, b, rt);
    default:
      throw new Error(`${name}/${args.length} is no builtin of dates`);
  }
}

/** The result as JSON, or `! message`. */
function outcome(name: string, input: Json, args: readonly Json[] = [], rt = makeRuntime()): string {
  try {
    return toJson(call(name, input, args, rt), rt);
  } catch (error) {
    if (error instanceof JqError) return `! ${error.message}`;
    throw error;
  }
}

const utc = makeRuntime();
const strftime = (seconds: Json, format: string): string =>
  call("strftime", seconds, [format], utc) as string;
const strptime = (text: string, format: string): number[] =>
  call("strptime", text, [format], utc) as number[];
const mktime = (fields: Json): number => call("mktime", fields, [], utc) as number;

describe.each<[string, readonly DateCase[]]>([
  ["read", readCases],
  ["written", writeCases],
  ["of seconds and fields", plainCases],
  ["of a zone", localCases],
])("dates %s", (_title, cases) => {
  test.each(
    cases.map(([name, input, args, expected, timeZone = "UTC"]) => ({
      name,
      input,
      args,
      expected,
      timeZone,
    })),
  )("$input | $name($args) in $timeZone is $expected", ({ name, input, args, expected, timeZone }) => {
    expect(outcome(name, input, args, makeRuntime(timeZone))).toBe(expected);
  });
});

describe("beyond jq 1.8.2", () => {
  test("now is the run's, or an error", () => {
    expect(outcome("now", null, [], makeRuntime("UTC", 1425599507.25))).toBe("1425599507.25");
    expect(outcome("now", null)).toBe("! now is not available here");
  });

  test("date, dateadd, datesub and timegm of older manuals", () => {
    expect(outcome("date", 1425599507)).toBe('"2015-03-05T23:51:47Z"');
    expect(outcome("timegm", [2015, 2, 5, 23, 51, 47, 4, 63])).toBe("1425599507");
    expect(outcome("dateadd", 10, ["seconds", 5])).toBe("15");
    expect(outcome("datesub", 10, ["seconds", 5])).toBe("5");
    expect(outcome("dateadd", 10, ["seconds", "5"])).toBe('! number (10) and string ("5") cannot be added');
  });

  test("a zone that does not exist is an error", () => {
    expect(outcome("localtime", 0, [], makeRuntime("Mars/Olympus"))).toBe(
      '! unknown time zone "Mars/Olympus"',
    );
  });

  test("an hour that happens twice keeps its offset when it is told by a number", () => {
    const paris = makeRuntime("Europe/Paris");
    expect(outcome("strflocaltime", 1729989000, ["%T %z %Z"], paris)).toBe('"02:30:00 +0200 CEST"');
    expect(outcome("strflocaltime", 1729992600, ["%T %z %Z"], paris)).toBe('"02:30:00 +0100 CET"');
  });

  test("%s is the time itself, whatever the zone of the run", () => {
    expect(outcome("strftime", 1425599507, ["%s"], makeRuntime("Asia/Tokyo"))).toBe('"1425599507"');
  });

  test("years that C's int cannot tell, and the weekdays of the year 0", () => {
    expect(outcome("strftime", [2147485547, 0, 1], ["%Y"])).toBe('"2147485547"');
    expect(outcome("strftime", [1e10, 99, 1], ["%Y-%b-%a"])).toBe('"2147485547-?-Sun"');
    expect(outcome("strptime", "0000-01-01T00:00:00Z", ["%Y-%m-%dT%H:%M:%SZ"])).toBe("[0,0,1,0,0,0,6,0]");
  });

  test("days of week 0 are those before January", () => {
    expect(mktime(strptime("2023 00 6", "%Y %W %w"))).toBe(-86_400 + 1_672_531_200);
  });

  test("names of clocks before zones, and of zones without letters", () => {
    expect(outcome("strflocaltime", -5e9, ["%Z"], makeRuntime("Europe/Paris"))).toBe('"LMT"');
    expect(outcome("strflocaltime", 1.75e9, ["%Z"], makeRuntime("America/Sao_Paulo"))).toBe('"-03"');
    expect(outcome("strflocaltime", 1.75e9, ["%Z"], makeRuntime("europe/PARIS"))).toBe('"CEST"');
  });
});

/** Seconds of the years 1000 to 9999. */
const seconds = fc.integer({ min: -30_610_224_000, max: 253_402_300_799 });

describe("properties", () => {
  test.each([
    "%Y-%m-%dT%H:%M:%SZ",
    "%a, %d %b %Y %T %z",
    "%A %e %B %Y %I:%M:%S %p",
    "%c",
    "%F %r",
    "%C%y %j %R:%S",
    "%Y %U %w %H %M %S",
    "%Y %W %u %H %M %S",
    "%s",
    "%t%Y%n%m %d%%%k.%M.%S %Z",
  ])("what %s writes it reads", (format) => {
    fc.assert(
      fc.property(seconds, (time) => {
        // In a week 0 %U and %W count from the year before; seconds that are negative cannot be read by %s.
        const at = format === "%s" ? Math.abs(time) : time;
        fc.pre(at !== -1 && at !== -2);
        expect(mktime(strptime(strftime(at, format), format))).toBe(at);
      }),
      { seed: 20_150_305, numRuns: 2000 },
    );
  });

  test("seconds to fields and back, over 200,000 years and as Date has them", () => {
    fc.assert(
      fc.property(fc.integer({ min: -3_155_760_000_000, max: 3_155_760_000_000 }), (time) => {
        fc.pre(time !== -1 && time !== -2);
        const fields = call("gmtime", time, [], utc) as number[];
        const date = new Date(time * 1000);
        expect(mktime(fields)).toBe(time);
        expect(fields).toEqual([
          date.getUTCFullYear(),
          date.getUTCMonth(),
          date.getUTCDate(),
          date.getUTCHours(),
          date.getUTCMinutes(),
          date.getUTCSeconds(),
          date.getUTCDay(),
          (Date.UTC(2000 + (date.getUTCFullYear() % 400), date.getUTCMonth(), date.getUTCDate()) -
            Date.UTC(2000 + (date.getUTCFullYear() % 400), 0)) /
            86_400_000,
        ]);
      }),
      { seed: 1, numRuns: 20_000 },
    );
  });

  test("todate is strftime, fromdate its reverse", () => {
    fc.assert(
      fc.property(seconds, fc.double({ min: 0, max: 0.999, noNaN: true }), (whole, part) => {
        fc.pre(whole > 0);
        const text = call("todate", whole + part, [], utc);
        expect(text).toBe(strftime(whole, "%FT%TZ"));
        expect(call("fromdate", text, [], utc)).toBe(whole);
      }),
      { seed: 2, numRuns: 5000 },
    );
  });

  test.each([
    "Europe/Paris",
    "America/New_York",
    "Australia/Lord_Howe",
    "Asia/Kolkata",
    "America/St_Johns",
    "Africa/Casablanca",
    "Pacific/Apia",
    "Europe/Dublin",
  ])("the clock of %s is Intl's", (timeZone) => {
    const rt = makeRuntime(timeZone);
    const intl = new Intl.DateTimeFormat("en-CA", {
      timeZone,
      dateStyle: "short",
      timeStyle: "medium",
      hourCycle: "h23",
    });
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4_102_444_800 }), (time) => {
        const expected = intl.format(time * 1000).replace(", ", " ");
        expect(call("strflocaltime", time, ["%F %T"], rt)).toBe(expected);
        const fields = call("localtime", time, [], rt) as number[];
        expect(call("strftime", fields, ["%F %T"], rt)).toBe(expected);
        // Read as a time of the zone the fields are the same time again, but for hours that happen twice.
        expect(call("strflocaltime", fields, ["%F %T"], rt)).toBe(expected);
      }),
      { seed: 3, numRuns: 1000 },
    );
  });

  test("every flag and width keeps to the letters it can have", () => {
    const flags = fc.array(fc.constantFrom("-", "_", "0", "^", "#"), { maxLength: 3 });
    const width = fc.option(fc.integer({ min: 1, max: 30 }));
    const conversion = fc.constantFrom(..."aAbBCdDeFgGhHIjklmMpPrRsSTuUVwWxXyYzZ".split(""));
    fc.assert(
      fc.property(seconds, flags, width, conversion, (time, flag, size, letter) => {
        const plain = strftime(time, `%${letter}`);
        const text = strftime(time, `%${flag.join("")}${size ?? ""}${letter}`);
        expect(text.length).toBeGreaterThanOrEqual(size ?? 1);
        const bare = (shown: string): string => shown.toLowerCase().replace(/^[ 0+-]+|[ ]/g, "");
        expect(bare(text).replace(/^0+/, "")).toBe(bare(plain).replace(/^0+/, ""));
      }),
      { seed: 4, numRuns: 3000 },
    );
  });
});

describe("anything at all", () => {
  const piece = fc.constantFrom(..."%YmdHMSaAbBcCDeFgGhIjklnpPrRstTuUVwWxXyzZEO-_0^#5 :+é\0".split(""));
  const pattern = fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join(""));
  const field = fc.oneof(
    fc.double(),
    fc.integer(),
    fc.integer({ min: -50, max: 50 }),
    fc.constantFrom(null, "x"),
  );
  const time = fc.oneof(fc.double(), fc.array(field, { maxLength: 9 }), fc.constantFrom(null, "x", {}));
  const zone = fc.constantFrom("UTC", "Europe/Paris", "America/New_York", "Asia/Kathmandu");

  test("gives a text, fields, a number or a JqError", () => {
    fc.assert(
      fc.property(time, pattern, zone, fc.string(), (input, format, timeZone, noise) => {
        const rt = makeRuntime(timeZone);
        const text = outcome("strftime", input, [format], rt);
        expect(outcome("strflocaltime", input, [format], rt)).toMatch(/^["!]/);
        expect(text).toMatch(/^["!]/);
        const shown = text.startsWith("!") ? noise : (JSON.parse(text) as string);
        expect(outcome("strptime", shown, [format], rt)).toMatch(/^(\[(-?\d+,){7}-?\d+(,"[^]*")?\]$|! )/);
        expect(outcome("gmtime", input, [], rt)).toMatch(/^[[!]/);
        expect(outcome("localtime", input, [], rt)).toMatch(/^[[!]/);
        expect(outcome("mktime", input, [], rt)).toMatch(/^(-?\d+(\.\d+)?(e\+\d+)?$|! )/);
      }),
      { seed: 5, numRuns: 20_000 },
    );
  });
});

describe("limits", () => {
  const limited = (): Runtime => ({ ...makeRuntime(), meter: new Meter(10_000, 1e7, 100) });

  test.each([
    ["strptime", "1".repeat(1_000_000), "%G"],
    ["strptime", "1", "%%".repeat(500_000)],
    ["strftime", 0, "%n".repeat(500_000)],
  ])("a long text or format of %s costs steps", (name, input, format) => {
    const rt = limited();
    expect(() => call(name, input, [format], rt)).toThrow(/more than 10000 steps/);
  });

  test("a clock that has to be asked for costs steps, that of UTC none", () => {
    const rt = { ...limited(), timeZone: "Europe/Paris" };
    call("localtime", 0, [], rt);
    expect(rt.meter.left).toBeLessThan(9990);
    const left = rt.meter.left;
    call("strptime", "2024", ["%Y"], rt);
    expect(rt.meter.left).toBeGreaterThan(left - 5);
    const utcRuntime = limited();
    call("localtime", 0, [], utcRuntime);
    expect(utcRuntime.meter.left).toBe(10_000);
  });

  test("no width makes a long text", () => {
    expect(outcome("strftime", 0, ["%2147483648d"])).toBe("! strftime/1: unknown system failure");
    expect(outcome("strftime", 0, ["%99999999999999999999A"])).toBe("! strftime/1: unknown system failure");
  });
});
