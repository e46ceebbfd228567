/** Formats: what jq answers, that what is encoded can be decoded, and that long texts are paid for. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { JqError } from "../../src/jq/errors.ts";
import { formatNatives } from "../../src/jq/formats/natives.ts";
import { Meter } from "../../src/jq/meter.ts";
import type { Runtime } from "../../src/jq/runtime.ts";
import type { Json } from "../../src/jq/value.ts";
import { formatCases } from "./formats-cases.ts";

const makeRuntime = (maxSteps = 1e9, maxOutput = 1e8): Runtime => ({
  meter: new Meter(maxSteps, maxOutput, 10_000),
  env: {},
  now: undefined,
  timeZone: "UTC",
  cache: new Map(),
});

function format(name: Json, value: Json, rt = makeRuntime()): string {
  const native = formatNatives.get("format/1");
  if (native?.arity !== 1) throw new Error("format/1 is missing");
  return native.run(value, name, rt) as string;
}

/** The text, or `! message`. */
function outcome(name: Json, value: Json): string {
  try {
    return format(name, value);
  } catch (error) {
    if (error instanceof JqError) return `! ${error.message}`;
    throw error;
  }
}

describe("values", () => {
  test.each(formatCases.map(([name, value, expected]) => ({ name, value, expected })))(
    "$value | @$name is $expected",
    ({ name, value, expected }) => {
      expect(outcome(name, value)).toBe(expected);
    },
  );

  test.each([1, null, ["text"], {}])("%j is no name of a format", (name) => {
    expect(outcome(name, "x")).toMatch(/^! (number|null|array|object) \(.*\) is not a valid format$/);
  });

  test.each(["constructor", "__proto__", "toString"])("nor is %s", (name) => {
    expect(outcome(name, "x")).toBe(`! ${name} is not a valid format`);
  });

  test("nan is empty in rows and null elsewhere", () => {
    expect(outcome("csv", [Number.NaN, 1])).toBe(",1");
    expect(outcome("sh", [Number.NaN, 1])).toBe("null 1");
  });
});

describe("base32, of older manuals", () => {
  test.each([
    ["", ""],
    ["f", "MY======"],
    ["fo", "MZXQ===="],
    ["foo", "MZXW6==="],
    ["foob", "MZXW6YQ="],
    ["fooba", "MZXW6YTB"],
    ["foobar", "MZXW6YTBOI======"],
    ["é", "YOUQ===="],
  ])("%s is %s (RFC 4648)", (text, encoded) => {
    expect(format("base32", text)).toBe(encoded);
    expect(format("base32d", encoded)).toBe(text);
    expect(format("base32d", encoded.replace(/=+$/, ""))).toBe(text);
  });

  test.each([
    ["my", '! string ("my") is not valid base32 data'],
    ["M1", '! string ("M1") is not valid base32 data'],
    ["M", '! string ("M") trailing base32 byte found'],
    ["MZX", '! string ("MZX") trailing base32 byte found'],
    ["MZXW6Y", '! string ("MZXW6Y") trailing base32 byte found'],
  ])("%s is none", (text, expected) => {
    expect(outcome("base32d", text)).toBe(expected);
  });
});

/** Text of all kinds, halves of surrogate pairs among it. */
const anyText = fc.oneof(
  fc.string(),
  fc.string({ unit: "binary" }),
  fc.array(fc.integer({ min: 0, max: 0xffff })).map((units) => String.fromCharCode(...units)),
);
const wellFormed = (text: string): string => text.toWellFormed();
const parameters = { seed: 4648, numRuns: 3000 };

describe("properties", () => {
  test.each([
    ["base64", "base64d"],
    ["base32", "base32d"],
    ["uri", "urid"],
  ])("@%s undone by @%s", (encode, decode) => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(format(decode, format(encode, text))).toBe(wellFormed(text));
      }),
      parameters,
    );
  });

  test("@base64 is Buffer's, @uri encodeURIComponent's but for five characters", () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(format("base64", text)).toBe(Buffer.from(text, "utf8").toString("base64"));
        const uri = encodeURIComponent(wellFormed(text));
        const all = uri.replace(/[!'()*]/g, (found) => `%${found.charCodeAt(0).toString(16).toUpperCase()}`);
        expect(format("uri", text)).toBe(all);
      }),
      parameters,
    );
  });

  test("@urid and @base64d take bytes for UTF-8 as TextDecoder does", () => {
    const bytes = fc.uint8Array({ maxLength: 12 });
    const nearly = fc
      .tuple(fc.string({ unit: "binary", maxLength: 3 }), fc.nat(11), fc.nat(255))
      .map(([text, at, byte]) => {
        const encoded = new TextEncoder().encode(text);
        if (at < encoded.length) encoded[at] = byte;
        return encoded;
      });
    const strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
    fc.assert(
      fc.property(fc.oneof(bytes, nearly), (data) => {
        let expected: string | undefined;
        try {
          expected = strict.decode(data);
        } catch {
          expected = undefined;
        }
        const escaped = [...data].map((byte) => `%${byte.toString(16).padStart(2, "0")}`).join("");
        const decoded = format("base64d", Buffer.from(data).toString("base64"));
        if (expected === undefined) {
          expect(outcome("urid", escaped)).toMatch(/is not a valid uri encoding$/);
          expect(decoded).toContain("\ufffd");
        } else {
          expect(outcome("urid", escaped)).toBe(expected);
          expect(decoded).toBe(expected);
        }
      }),
      { seed: 3629, numRuns: 5000 },
    );
  });

  test("@csv and @tsv can be read again", () => {
    const clean = fc.string({ unit: "binary" }).map((text) => text.replaceAll("\0", ""));
    fc.assert(
      fc.property(fc.array(clean, { minLength: 1 }), (fields) => {
        const row = format("csv", fields);
        const read = [...row.matchAll(/"((?:[^"]|"")*)"(?:,|$)/g)].map((found) =>
          found[1]?.replaceAll('""', '"'),
        );
        expect(read).toEqual(fields);
        const marks: Record<string, string> = { t: "\t", r: "\r", n: "\n", "\\": "\\" };
        const cells = format("tsv", fields).split("\t");
        expect(
          cells.map((cell) => cell.replace(/\\(.)/g, (_all, mark: string) => marks[mark] ?? "")),
        ).toEqual(fields);
      }),
      parameters,
    );
  });

  test("nothing that @html or @sh escapes is left", () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const html = format("html", text);
        expect(html).not.toMatch(/[<>'"]|&(?!(amp|lt|gt|apos|quot);)/);
        expect(format("sh", text).replaceAll("'\\''", "")).toMatch(/^'[^']*'$/);
      }),
      parameters,
    );
  });
});

describe("limits", () => {
  const long = "<é".repeat(500_000);

  test.each(["html", "uri", "urid", "base64", "base64d", "base32", "base32d", "sh"])(
    "a long text in @%s costs steps",
    (name) => {
      expect(() => format(name, long, makeRuntime(10_000))).toThrow(/more than 10000 steps/);
    },
  );

  test.each(["csv", "tsv"])("so does a long row in @%s", (name) => {
    expect(() => format(name, [long, long], makeRuntime(10_000))).toThrow(/more than 10000 steps/);
    expect(() => format(name, Array<Json>(1_000_000).fill(1), makeRuntime(10_000))).toThrow(JqError);
  });

  test.each(["html", "uri", "base64", "base32"])("what @%s makes is bounded", (name) => {
    expect(() => format(name, "<".repeat(1_000_000), makeRuntime(1e9, 1_200_000))).toThrow(
      /more than 1200000 bytes of output/,
    );
  });

  test("many strings that are one in memory are bounded together", () => {
    const row = Array<Json>(2000).fill("x".repeat(10_000));
    expect(() => format("csv", row, makeRuntime(1e9, 1_000_000))).toThrow(/bytes of output/);
    expect(() => format("sh", row, makeRuntime(1e9, 1_000_000))).toThrow(/bytes of output/);
  });
});
