import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { searchInBlueprint } from "../../src/catalog/search-entities.ts";
import type { Ctx } from "../../src/storage/context.ts";
import { openTestDatabase, type TestDatabase } from "../support/database.ts";
import { refusal } from "./fixture.ts";
import { and, everywhere, NOW, or, rule, thingCatalog } from "./search-fixture.ts";

let t: TestDatabase;
let ctx: Ctx;

beforeAll(async () => {
  t = await openTestDatabase();
  ctx = { ...t.ctx, now: () => NOW };
  await thingCatalog(ctx);
});
afterAll(() => t.close());

describe("§5.1 pages of one blueprint", () => {
  test("§2.5 §5.1 follow each other without loss or repetition, whatever the size; the last has no next", async () => {
    for (const limit of [1, 2, 3, 4, 5]) {
      const seen: unknown[] = [];
      let from: string | null = null;
      let pages = 0;
      do {
        const page: { entities: Record<string, unknown>[]; next: string | null } = await searchInBlueprint(
          ctx,
          "thing",
          { query: and(), limit, from, include: null, exclude: [] },
        );
        seen.push(...page.entities.map((entity) => entity["identifier"]));
        from = page.next;
        pages++;
      } while (from !== null);
      expect(seen).toEqual(["one", "two", "three", "four"]);
      expect(pages).toBe(Math.ceil(4 / limit));
    }
  });

  test.each([
    "",
    "x",
    "W10",
    Buffer.from('["x","y"]').toString("base64url"),
    Buffer.from('["2024-01-01T00:00:00Z","\\u0000"]').toString("base64url"),
  ])("§5.1 cursor %j is refused", async (from) => {
    const refused = await refusal(() =>
      searchInBlueprint(ctx, "thing", { query: and(), limit: 1, from, include: null, exclude: [] }),
    );
    expect(refused.message).toMatch(/^from is not a cursor/);
  });

  test("§5.1 include and exclude name properties directly and metas with $", async () => {
    const get = async (include: string[] | null, exclude: string[]): Promise<unknown> =>
      (
        await searchInBlueprint(ctx, "thing", {
          query: and(rule(["$identifier", "=", "two"])),
          limit: 1,
          from: null,
          include,
          exclude,
        })
      ).entities[0];
    expect(await get(["$identifier", "$title", "s", "nope"], [])).toEqual({
      identifier: "two",
      title: "two",
      properties: { s: "beta" },
    });
    expect(await get(["properties"], ["s", "l", "o", "at", "free", "b", "c", "e"])).toEqual({
      properties: { n: 2.5 },
    });
    const all = (await get(null, ["properties", "$team"])) as object;
    expect(all).not.toHaveProperty("properties");
    expect(all).not.toHaveProperty("team");
    expect(all).toMatchObject({ identifier: "two", blueprint: "thing", relations: {} });
  });
});

describe("§5.1 over all blueprints", () => {
  test.each<[object, string[], string[]]>([
    [and(rule(["n", "=", 2.5])), ["five", "two"], ["other", "thing"]],
    [and(rule(["only", "!=", "y"])), ["five"], ["other"]],
    [and(rule(["s", "!=", "Alpha"])), ["two", "three", "four"], ["thing"]],
    [and(rule(["$title", "contains", "two"])), ["five", "two"], ["other", "thing"]],
    [and(rule(["$blueprint", "=", "other"])), ["five"], ["other"]],
    [and(rule(["nowhere", "isEmpty"])), [], []],
    [or(rule(["only", "=", "x"]), rule(["b", "=", true])), ["five", "one"], ["other", "thing"]],
  ])("§5.1 %j", async (query, identifiers, matchingBlueprints) => {
    const found = await everywhere(ctx, query);
    expect(found.entities.map((entity) => entity["identifier"])).toEqual(identifiers);
    expect(found.matchingBlueprints).toEqual(matchingBlueprints);
  });
});
