/** How far derived values are behind what was written: under writes at full speed they follow later (ADR 37). */
import type { Ctx } from "../storage/context.ts";
import { nextDirty } from "../storage/derived-queue.ts";
import { firstUnread } from "../storage/feed.ts";
import { DERIVE_READER } from "./derive-follow.ts";

/**
 * @returns how long the oldest change waits that has not been read, or not been computed though it is due; milliseconds. While
 * changes of an entity are collected they are not due.
 */
export async function derivationLag(ctx: Ctx): Promise<number> {
  const { db, org } = ctx;
  const [unread, due] = [await firstUnread(db, org, DERIVE_READER), await nextDirty(db, org)];
  const now = ctx.now().getTime();
  return now - Math.min(now, unread?.getTime() ?? now, due?.getTime() ?? now);
}
