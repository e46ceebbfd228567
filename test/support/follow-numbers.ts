import { followNumbers } from "../../src/engine/keep-history.ts";
import { followLevels } from "../../src/engine/keep-levels.ts";
import type { Ctx } from "../../src/storage/context.ts";
import { feedLag } from "../../src/storage/feed.ts";
import { until } from "./patience.ts";

/**
 * Follows the change feed until nothing is left. Its rows can be read when no older transaction runs, and on PostgreSQL
 * those of the databases of other test files count too.
 */
export const allNumbersFollowed = (ctx: Ctx): Promise<void> => allFollowed(ctx, followNumbers, "history");

/** The same of levels of scorecards. */
export const allLevelsFollowed = (ctx: Ctx): Promise<void> => allFollowed(ctx, followLevels, "levels");

async function allFollowed(ctx: Ctx, follow: (ctx: Ctx) => Promise<boolean>, reader: string): Promise<void> {
  await until(async () => {
    await follow(ctx);
    return (await feedLag(ctx.db, ctx.org, reader, 1)) === 0;
  });
}
