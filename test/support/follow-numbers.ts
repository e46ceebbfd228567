import { setTimeout as sleep } from "node:timers/promises";
import { followNumbers } from "../../src/engine/keep-history.ts";
import { followLevels } from "../../src/engine/keep-levels.ts";
import type { Ctx } from "../../src/storage/context.ts";
import { feedLag } from "../../src/storage/feed.ts";

/**
 * Follows the change feed until nothing is left. Its rows can be read when no older transaction runs, and on PostgreSQL
 * those of the databases of other test files count too.
 */
export const allNumbersFollowed = (ctx: Ctx): Promise<void> => allFollowed(ctx, followNumbers, "history");

/** The same of levels of scorecards. */
export const allLevelsFollowed = (ctx: Ctx): Promise<void> => allFollowed(ctx, followLevels, "levels");

async function allFollowed(ctx: Ctx, follow: (ctx: Ctx) => Promise<boolean>, reader: string): Promise<void> {
  const end = Date.now() + 25_000;
  do {
    await follow(ctx);
    if ((await feedLag(ctx.db, ctx.org, reader, 1)) === 0) return;
    await sleep(20);
  } while (Date.now() < end);
  throw new Error(`the reader "${reader}" does not reach the end of the change feed`);
}
