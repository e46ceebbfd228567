/** Queries that nobody means well: every one is answered or refused with its rule named, none takes long. */
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Turns } from "../../src/catalog/turns.ts";
import { AppError } from "../../src/model/error.ts";
import type { Ctx } from "../../src/storage/context.ts";
import { openTestDatabase, type TestDatabase } from "../support/database.ts";
import { patient } from "../support/patience.ts";
import { define, refusal } from "./fixture.ts";
import { queries } from "./search-arbitrary.ts";
import { and, everywhere, NOW, rule, search, thingCatalog } from "./search-fixture.ts";

let t: TestDatabase;
let ctx: Ctx;

beforeAll(async () => {
  t = await openTestDatabase();
  ctx = { ...t.ctx, now: () => NOW };
  await thingCatalog(ctx);
  for (let i = 0; i < 4; i++)
    await define(
      ctx,
      `wide${i}`,
      Object.fromEntries(Array.from({ length: 60 }, (_, n) => [`p${n}`, { type: "string" }])),
    );
});
afterAll(() => t.close());

const texts = (n: number): string[] => Array.from({ length: n }, (_, i) => `text ${i}`);

describe("large queries", () => {
  test.each<[string, object, RegExp | null]>([
    ["10,000 values of an equality", and(rule(["s", "in", texts(10_000)])), null],
    ["10,000 identifiers over every blueprint", and(rule(["$identifier", "in", texts(10_000)])), null],
    ["10,000 teams", and(rule(["$team", "in", texts(10_000)])), null],
    [
      "10,000 elements of a list",
      and(rule(["l", "containsAny", texts(10_000)])),
      /more than 5000 comparisons/,
    ],
    ["10,000 parts of a text", and(rule(["s", "containsAny", texts(10_000)])), /more than 5000 comparisons/],
    ["2,000 parts of a text", and(rule(["s", "containsAny", texts(2000)])), null],
    ["500 rules", and(...texts(500).map((text) => rule(["s", "=", text]))), null],
    [
      "500 rules about every property of a type",
      and(...texts(500).map((value) => ({ propertySchema: { type: "string" }, operator: "=", value }))),
      /more than 5000 comparisons/,
    ],
    [
      "30 walks from 1,000 entities each",
      and(...texts(30).map(() => ({ operator: "relatedTo", blueprint: "thing", value: texts(1000) }))),
      /more than 10000 values/,
    ],
    [
      "30 walks from 300 entities each",
      {
        combinator: "or",
        rules: texts(30).map(() => ({ operator: "relatedTo", blueprint: "thing", value: texts(300) })),
      },
      null,
    ],
    ["a text of a megabyte", and(rule(["s", "contains", "%_\\".repeat(300_000)])), null],
    ["a property of a megabyte", and(rule(["s".repeat(1_000_000), "=", "x"])), null],
  ])("%s", async (_name, query, message) => {
    const started = performance.now();
    if (message === null) await everywhere(ctx, query);
    else
      expect(await refusal(() => everywhere(ctx, query))).toMatchObject({
        code: "invalid_request",
        message: expect.stringMatching(message) as string,
      });
    expect(performance.now() - started).toBeLessThan(patient(10_000));
  });
});

describe("odd queries", () => {
  const value: fc.Arbitrary<unknown> = fc.oneof(
    fc.anything({ maxDepth: 2, withNullPrototype: false }),
    fc.constantFrom<unknown>(
      { preset: "today", timeZone: "+23:59" },
      { from: "0001-01-01", to: "9999-12-31T23:59", timeZone: "Pacific/Kiritimati" },
      { from: "0001-01-01T00:00:00+14:00", to: "9999-12-31T23:59:59-12:00" },
      { context: "user", property: "__proto__" },
      { context: "constructor", property: "x" },
      { jqQuery: "." },
      ["\uD800"],
      "\u0000",
      1e308,
      -0,
      "constructor",
      "'; drop table entity; --",
      "%",
      [[]],
    ),
  );
  const key = fc.constantFrom(
    "property",
    "operator",
    "value",
    "relation",
    "propertySchema",
    "blueprint",
    "direction",
    "combinator",
    "rules",
    "timeZone",
    "targetProperty",
    "maxHops",
    "required",
    "__proto__",
  );

  test("are answered or refused", { timeout: patient(120_000) }, async () => {
    // A good query with one of its parts replaced, anywhere.
    const mutated = fc.tuple(queries, key, value, fc.nat(20)).map(([query, name, other, at]) => {
      const copy = structuredClone(JSON.parse(JSON.stringify(query)) as object);
      const places: Record<string, unknown>[] = [];
      const collect = (node: unknown): void => {
        if (typeof node !== "object" || node === null) return;
        if (!Array.isArray(node)) places.push(node as Record<string, unknown>);
        for (const part of Object.values(node)) collect(part);
      };
      collect(copy);
      const place = places[at % places.length];
      if (place !== undefined)
        Object.defineProperty(place, name, {
          value: other,
          enumerable: true,
          configurable: true,
          writable: true,
        });
      return copy;
    });
    let answered = 0;
    let refused = 0;
    await fc.assert(
      fc.asyncProperty(mutated, fc.boolean(), async (query, isOne) => {
        try {
          await (isOne ? search(ctx, query) : everywhere(ctx, query));
          answered++;
        } catch (error) {
          if (!(error instanceof AppError) || error.code !== "invalid_request") throw error;
          refused++;
        }
      }),
      { seed: 11, numRuns: 600, endOnFailure: true },
    );
    expect(answered).toBeGreaterThan(50);
    expect(refused).toBeGreaterThan(50);
  });
});

describe("turns", () => {
  test("so many at once, the others in order; who waits too long goes without", async () => {
    const turns = new Turns(2);
    const [first, second] = [await turns.take(1000), await turns.take(1000)];
    const order: string[] = [];
    const third = turns.take(1000).then((release) => {
      order.push("third");
      return release;
    });
    const late = await turns.take(20);
    expect(late).toBeUndefined();
    const fourth = turns.take(1000).then((release) => {
      order.push("fourth");
      return release;
    });
    first?.();
    first?.();
    (await third)?.();
    await fourth;
    expect(order).toEqual(["third", "fourth"]);
    second?.();
    expect(await turns.take(20)).toBeDefined();
  });
});
