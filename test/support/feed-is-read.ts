import { setTimeout as sleep } from "node:timers/promises";
import type { Ctx } from "../../src/storage/context.ts";
import { feedLags } from "../../src/storage/feed.ts";

/**
 * Whether the readers have seen every change. On PostgreSQL the feed ends before the oldest transaction of the whole
 * server, which may be another test's: "nothing to do" then only means "not yet", and a moment is waited.
 */
export async function feedIsRead(ctx: Ctx, readers: readonly string[]): Promise<boolean> {
  const lags = await feedLags(ctx.db, ctx.org, 1);
  const isRead = lags.every(({ reader, lag }) => lag === 0 || !readers.includes(reader));
  if (!isRead) await sleep(5);
  return isRead;
}
