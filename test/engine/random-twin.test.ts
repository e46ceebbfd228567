/** Random catalogs, and what must hold of derived values computed from scratch whatever they are. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { compareDerived } from "../../src/engine/compare-derived.ts";
import { recompute, type Source } from "../../src/engine/recompute.ts";
import { planOf } from "../../src/model/blueprint.ts";
import { listBlueprints } from "../../src/storage/blueprints.ts";
import type { Ctx } from "../../src/storage/context.ts";
import { pageEntities } from "../../src/storage/entity-pages.ts";
import { openTestDatabase, type TestDatabase } from "../support/database.ts";
import { runSequence } from "./support/random-sequence.ts";

let t: TestDatabase;
beforeAll(async () => {
  t = await openTestDatabase();
});
afterAll(() => t.close());

async function sourceOf(ctx: Ctx): Promise<Source> {
  const blueprints = (await listBlueprints(ctx.db, ctx.org)).map(({ document }) => planOf(document));
  const pages = await Promise.all(
    blueprints.map(({ identifier }) => pageEntities(ctx.db, ctx.org, identifier, null, 1000)),
  );
  return { blueprints, entities: pages.flat(), now: ctx.now() };
}

const SEEDS = [1, 2];

test.each(SEEDS)(
  "the order in which definitions and entities are read changes nothing: seed %i",
  async (seed) => {
    let values = 0;
    await runSequence(t, { seed, operations: 25, between: 8, isLarge: true }, async (ctx) => {
      const source = await sourceOf(ctx);
      const backwards = {
        blueprints: [...source.blueprints].reverse(),
        entities: [...source.entities].reverse(),
        now: source.now,
      };
      const [one, other] = [recompute(source), recompute(backwards)];
      expect(Object.fromEntries(other)).toEqual(Object.fromEntries(one));
      const all = [...one.values()].reduce((sum, derived) => sum + derived.size, 0);
      expect((await compareDerived(ctx)).checked).toBe(all);
      for (const derived of one.values())
        values += [...derived.values()].filter(({ value }) => value !== null).length;
    });
    expect(values).toBeGreaterThan(50);
  },
);
