/** Forgets what the audit log tells when it is older than FAIRWAY_AUDIT_RETENTION_DAYS. */
import { setTimeout as sleep } from "node:timers/promises";
import { forgetAuditEvents, forgetChanges } from "../storage/audit-retention.ts";
import type { Ctx } from "../storage/context.ts";

const INTERVAL_MS = 3_600_000;
const BATCH = 1000;
const DAY_MS = 86_400_000;

/** @param days null: nothing is forgotten. @returns what stops it; waits for the statement at hand */
export function startAuditRetention(ctx: Ctx, days: number | null): () => Promise<void> {
  if (days === null) return () => Promise.resolve();
  const stop = new AbortController();
  const run = async (): Promise<void> => {
    while (!stop.signal.aborted) {
      try {
        if (await forgetAudit(ctx, days)) continue;
      } catch (error) {
        ctx.log.error({ err: error }, "forgetting the old audit log failed");
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

/** One piece. @returns whether there may be more */
export async function forgetAudit(ctx: Ctx, days: number): Promise<boolean> {
  const before = new Date(ctx.now().getTime() - days * DAY_MS);
  const events = await forgetAuditEvents(ctx.db, ctx.org, before, BATCH);
  const changes = await forgetChanges(ctx.db, ctx.org, before, BATCH);
  return events > 0 || changes > 0;
}
