/** Orders by relations and teams: those of the titles that are seen. */
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { changePermissions } from "../../src/catalog/permissions.ts";
import { searchInBlueprint } from "../../src/catalog/search-entities.ts";
import { ensureSystemBlueprints } from "../../src/catalog/system-blueprints.ts";
import type { Ctx } from "../../src/storage/context.ts";
import { openTestDatabase, type TestDatabase } from "../support/database.ts";
import { asPerson, define, put } from "./fixture.ts";

let t: TestDatabase;
let ctx: Ctx;

const PLACES: Readonly<Record<string, string | null>> = {
  p1: "Zürich",
  p2: "aarau",
  p3: "Bern",
  p4: null,
  p5: "",
  p6: "BERN",
};
const TEAMS: Readonly<Record<string, string | null>> = { t1: "Platform", t2: "checkout", t3: null };

interface Row {
  readonly identifier: string;
  readonly place: string | null;
  readonly places: readonly string[];
  readonly team: readonly string[];
}

const row = (identifier: string, place: string | null, places: string[], team: string[]): Row => ({
  ...{ identifier, place, places, team },
});
/** From the oldest on. */
const ROWS: readonly Row[] = [
  row("a", "p1", ["p1", "p2"], ["t1"]),
  row("b", null, [], []),
  row("c", "p3", ["p4"], ["t2", "t1"]),
  row("d", "p2", ["p2", "p1"], ["nobody"]),
  row("e", "p6", ["p3"], ["t3"]),
  row("f", "p4", [], ["t1", "t2"]),
  row("g", "p5", ["p6", "p2"], []),
  row("h", "p3", ["p1"], ["t2"]),
];

beforeAll(async () => {
  t = await openTestDatabase();
  ctx = t.ctx;
  await ensureSystemBlueprints(ctx);
  await define(ctx, "place", {}, { ownership: { type: "Direct" } });
  await define(
    ctx,
    "thing",
    {},
    {
      ownership: { type: "Direct" },
      relations: { place: { target: "place" }, places: { target: "place", many: true } },
    },
  );
  for (const [identifier, title] of Object.entries(PLACES))
    await put(ctx, "place", { identifier, title, team: identifier < "p3" ? ["t1"] : [] });
  for (const [identifier, title] of Object.entries(TEAMS)) await put(ctx, "_team", { identifier, title });
  for (const { identifier, place, places, team } of ROWS)
    await put(ctx, "thing", { identifier, team, relations: { place, places } });
});
afterAll(() => t.close());

interface Key {
  readonly property: string;
  readonly direction: "asc" | "desc";
}
const by = (property: string, direction: Key["direction"] = "asc"): Key => ({ property, direction });

/** Identifiers over all pages of a size, and the cursors between them. */
async function sorted(
  sort: readonly Key[],
  limit = 1000,
  as: Ctx = ctx,
): Promise<{ found: string; cursors: string[] }> {
  const found: unknown[] = [];
  const cursors: string[] = [];
  for (let from: string | null = null; ;) {
    const page: Awaited<ReturnType<typeof searchInBlueprint>> = await searchInBlueprint(as, "thing", {
      query: { combinator: "and", rules: [] },
      ...{ limit, from, include: ["$identifier"], exclude: [], sort },
    });
    found.push(...page.entities.map((entity) => entity["identifier"]));
    from = page.next;
    if (from === null) return { found: found.join(" "), cursors };
    cursors.push(Buffer.from(from, "base64url").toString());
  }
}

describe("orders by what is seen of related entities", () => {
  test.each([
    [
      "titles, without regard to case; ties by age; without a title its identifier",
      [by("place")],
      "d c e h f g a b",
    ],
    ["the other way round: ties by age still, none last", [by("place", "desc")], "a g f c e h d b"],
    ["many: by the first, as it is shown first", [by("places")], "d e g c a h b f"],
    ["many, the other way round", [by("places", "desc")], "a h c e g d b f"],
    ["teams: by the first, those that are no entity by their name", [by("$team")], "c h d a f e b g"],
    ["teams, the other way round", [by("$team", "desc")], "e a f d c h b g"],
    ["with further keys", [by("place"), by("$identifier", "desc")], "d h e c f g a b"],
    ["two of the same blueprint", [by("places", "desc"), by("place", "desc")], "a h c g e d f b"],
  ])("%s", async (_, sort, expected) => {
    for (const limit of [1, 2, 3, 1000]) expect((await sorted(sort, limit)).found).toBe(expected);
  });

  test("what may not be read is shown, and so ordered, by its identifier; no cursor tells its title", async () => {
    const block = { roles: [], users: [], teams: [], ownedByTeam: false };
    await changePermissions(ctx, "place", { entities: { read: { ...block, ownedByTeam: true } } });
    const seen = async (teams: string[]) => {
      const { found, cursors } = await sorted([by("place")], 1, asPerson(ctx, { teams }));
      return { found, told: [...cursors.join(" ").matchAll(/zürich|aarau|bern/g)].map(String) };
    };
    expect(await seen(["t2"])).toEqual({ found: "a d c h f g e b", told: [] });
    const { found, told } = await seen(["t1"]);
    expect(found).toBe("d c h f g e a b");
    expect(new Set(told)).toEqual(new Set(["aarau", "zürich"]));
    expect((await sorted([by("place")])).found).toBe("d c e h f g a b");
    await changePermissions(ctx, "place", { entities: { read: { ...block, roles: ["Member"] } } });
  });

  test("is the same as sorting all of them, whatever the keys and the size of the page", async () => {
    const shown = (names: Readonly<Record<string, string | null>>, identifier: string | null | undefined) =>
      identifier === null || identifier === undefined
        ? null
        : (names[identifier] || identifier).toLowerCase();
    const compare: Readonly<Record<string, (row: Row) => string | null>> = {
      place: ({ place }) => shown(PLACES, place),
      places: ({ places }) => shown(PLACES, places[0]),
      $team: ({ team }) => shown(TEAMS, team[0]),
      $identifier: ({ identifier }) => identifier,
    };
    const key = fc.record({
      property: fc.constantFrom(...Object.keys(compare)),
      direction: fc.constantFrom("asc" as const, "desc" as const),
    });
    const keys = fc.uniqueArray(key, { selector: ({ property }) => property, minLength: 1, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(keys, fc.integer({ min: 1, max: 9 }), async (sort, limit) => {
        const expected = ROWS.toSorted((a, b) => {
          for (const { property, direction } of sort) {
            const of = compare[property] as (row: Row) => string | null;
            const [left, right] = [of(a), of(b)];
            if (left === right) continue;
            if (left === null) return 1;
            if (right === null) return -1;
            return (left < right ? -1 : 1) * (direction === "asc" ? 1 : -1);
          }
          return ROWS.indexOf(a) - ROWS.indexOf(b);
        });
        expect((await sorted(sort, limit)).found).toBe(expected.map((one) => one.identifier).join(" "));
      }),
      { numRuns: 25, seed: 7 },
    );
  });
});
