import { setTimeout as sleep } from "node:timers/promises";
import { followNumbers } from "../../src/engine/keep-history.ts";
import type { Ctx } from "../../src/storage/context.ts";
import { feedLag } from "../../src/storage/feed.ts";

/**
 * Follows the change feed until nothing is left. Its rows can be read when no older transaction runs, and on PostgreSQL
 * those of the databases of other test files count too.
 */
export async function allNumbersFollowed(ctx: Ctx): Promise<void> {
  const end = Date.now() + 25_000;
  do {
    await followNumbers(ctx);
    if ((await feedLag(ctx.db, ctx.org, "history", 1)) === 0) return;
    await sleep(20);
  } while (Date.now() < end);
  throw new Error("the history of numbers does not reach the end of the change feed");
}
