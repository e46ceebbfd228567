import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  decodeDoraSearch,
  DEFAULT_QUERY,
  effectiveGrain,
  encodeDoraSearch,
  pickDoraSearch,
  PRESETS,
  type DoraQuery,
} from "../../src/web/lib/dora-search.ts";
import { parseSearch, stringifySearch } from "../../src/web/lib/search-text.ts";
import { METRICS } from "../../src/web/api/types.ts";

const read = (text: string) => decodeDoraSearch(pickDoraSearch(parseSearch(text)));

const identifier = fc.stringMatching(/^[\p{L}0-9@_.+:\\/=-]{1,40}$/u);
const day = fc
  .integer({ min: Date.parse("2020-01-01"), max: Date.parse("2026-12-31") })
  .map((time) => new Date(time).toISOString().slice(0, 10));
const scope = fc.record({ blueprint: fc.constantFrom("service", "team", "domain"), entity: identifier });
const some = fc.record({
  scope: fc.option(scope),
  trail: fc.array(scope, { maxLength: 2 }),
  notesBelow: fc.boolean(),
  note: fc.option(
    fc.oneof(
      fc.constant({ kind: "new" as const }),
      fc.record({
        kind: fc.constant("bucket" as const),
        bucket: fc.constantFrom("2026-W40", "2026-08", "2026-08-03"),
      }),
      fc.record({ kind: fc.constant("one" as const), identifier }),
    ),
  ),
  range: fc.oneof(
    fc.constantFrom(...PRESETS).map((last) => ({ last })),
    fc.tuple(day, day).map(([a, b]) => (a < b ? { from: a, to: b } : { from: b, to: a })),
  ),
  grain: fc.option(fc.constantFrom("day" as const, "week" as const, "month" as const)),
  timezone: fc.constantFrom("UTC", "Europe/Berlin", "America/Argentina/Buenos_Aires", "Asia/Kathmandu"),
  environment: fc.option(fc.constantFrom("Production", "Staging", "prod & more=all", "Übung", "a+b c#?")),
  compare: fc.boolean(),
  by: fc.option(fc.constantFrom("service", "_team", "a b&c")),
  evidence: fc.option(
    fc.record({
      metric: fc.constantFrom(...METRICS),
      bucket: fc.option(fc.constantFrom("2026-W40", "2026-08", "2026-08-03")),
    }),
  ),
  explain: fc.option(fc.constantFrom(...METRICS)),
});
/** Without a scope there is no way to it. */
const query: fc.Arbitrary<DoraQuery> = some.map((one) => (one.scope === null ? { ...one, trail: [] } : one));

describe("the address of the DORA page", () => {
  it("brings every query back unchanged", () => {
    fc.assert(
      fc.property(query, (wanted) => {
        const { query: found, problems } = read(stringifySearch(encodeDoraSearch(wanted)));
        expect(problems).toEqual([]);
        expect(found).toEqual(wanted);
      }),
      { seed: 4711, numRuns: 500 },
    );
  });

  it("survives any text without throwing, and what it falls back to is sound", () => {
    fc.assert(
      fc.property(
        fc.dictionary(
          fc.constantFrom(
            "scope",
            "last",
            "from",
            "to",
            "grain",
            "tz",
            "env",
            "cmp",
            "by",
            "ev",
            "out",
            "why",
            "via",
            "notes",
            "note",
          ),
          fc.string(),
        ),
        (raw) => {
          const { query: found } = decodeDoraSearch(pickDoraSearch(raw));
          expect(decodeDoraSearch(encodeDoraSearch(found)).problems).toEqual([]);
        },
      ),
      { seed: 4712, numRuns: 1000 },
    );
  });

  it("is empty for the defaults, short and in one order otherwise", () => {
    expect(stringifySearch(encodeDoraSearch(DEFAULT_QUERY))).toBe("");
    const text =
      "?scope=service:checkout&last=30d&grain=day&tz=Europe/Berlin&env=Staging&cmp=none&ev=changeLeadTime:2026-W40";
    const shuffled =
      "?ev=changeLeadTime%3A2026-W40&cmp=none&tz=Europe%2FBerlin&junk=1&env=Staging&grain=day&last=30d&scope=service%3Acheckout";
    expect(stringifySearch(encodeDoraSearch(read(shuffled).query))).toBe(text);
  });

  it("says which part of what was left out is listed", () => {
    const evidence = { metric: "changeLeadTime", bucket: "2026-W40", out: "not_deployed" } as const;
    const text = "?ev=changeLeadTime:2026-W40&out=not_deployed";
    expect(read(text).query.evidence).toEqual(evidence);
    expect(stringifySearch(encodeDoraSearch({ ...DEFAULT_QUERY, evidence }))).toBe(text);
    expect(read("?out=all").query).toEqual(DEFAULT_QUERY);
  });

  it("keeps an identifier that looks like a number a text", () => {
    expect(read("?scope=service:12").query.scope).toEqual({ blueprint: "service", entity: "12" });
    expect(read("?env=2026").query.environment).toBe("2026");
  });

  it.each([
    ["?scope=checkout", "scope"],
    ["?scope=:x", "scope"],
    ["?last=5y", "last"],
    ["?from=2026-02-30&to=2026-03-01", "from"],
    ["?from=2026-08-01", "to"],
    ["?from=2026-08-02&to=2026-08-01", "to"],
    ["?from=1990-01-01&to=2026-08-01", "to"],
    ["?grain=hour", "grain"],
    ["?tz=Mars/Olympus", "tz"],
    ["?cmp=year", "cmp"],
    ["?ev=speed", "ev"],
    ["?why=speed", "why"],
    ["?out=Not+yet", "out"],
    ["?via=domain", "via"],
    ["?notes=all", "notes"],
    ["?note=yesterday", "note"],
    ["?ev=reworkRate:yesterday", "ev"],
  ])("%s falls back to the default and names %s", (text, key) => {
    const { query: found, problems } = read(text);
    expect(found).toEqual(DEFAULT_QUERY);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(new RegExp(`^${key} “`));
  });

  it("draws days for a month, weeks for a year, months beyond", () => {
    const grain = (text: string) => effectiveGrain(read(text).query);
    expect(grain("?last=30d")).toBe("day");
    expect(grain("")).toBe("week");
    expect(grain("?last=365d")).toBe("week");
    expect(grain("?from=2024-01-01&to=2026-01-01")).toBe("month");
    expect(grain("?last=365d&grain=day")).toBe("day");
  });
});
