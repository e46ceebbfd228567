/**
 * Forgets events of data sources, what integrations reported, and how new the state of an entity is that webhooks brought,
 * when they are old (FAIRWAY_EVENT_RETENTION_DAYS); events that wait are kept.
 */
import { setTimeout as sleep } from "node:timers/promises";
import type { Ctx } from "../storage/context.ts";
import { forgetEvents } from "../storage/events.ts";
import { forgetOld } from "../storage/forget.ts";
import { forgetLogs } from "../storage/integrations.ts";

const INTERVAL_MS = 600_000;
const BATCH = 1000;
const DAY_MS = 86_400_000;

/** @returns what stops it; waits for the statement at hand */
export function startRetention(ctx: Ctx, days: number): () => Promise<void> {
  const stop = new AbortController();
  const run = async (): Promise<void> => {
    while (!stop.signal.aborted) {
      try {
        const before = new Date(ctx.now().getTime() - days * DAY_MS);
        const more = [
          await forgetEvents(ctx.db, before, BATCH),
          await forgetLogs(ctx.db, before, BATCH),
          await forgetOld(ctx.db, "webhook_version", before, BATCH),
        ];
        if (more.includes(true)) continue;
      } catch (error) {
        ctx.log.error({ err: error }, "forgetting old events failed");
      }
      await sleep(INTERVAL_MS, undefined, { signal: stop.signal, ref: false }).catch(() => undefined);
    }
  };
  const running = run();
  return async () => {
    stop.abort();
    await running;
  };
}
