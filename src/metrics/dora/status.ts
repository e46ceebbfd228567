/** How far the numbers are behind what was acknowledged. */
import type { Sight } from "../../model/sight.ts";
import { COMMITS_QUEUE } from "../../storage/queues.ts";
import type { Ctx } from "../../storage/context.ts";
import { feedLag } from "../../storage/feed.ts";
import { pendingJobs } from "../../storage/queue.ts";
import { countTouched } from "../../storage/dora-touched.ts";
import { countFacts, type FactCounts } from "../../storage/dora-counts.ts";
import { FEED_READER } from "./follow-changes.ts";
import { DERIVE_QUEUE } from "../../storage/queues.ts";
import { loadSettings } from "./settings.ts";
import { servicesInSight } from "./within-sight.ts";

/** Beyond this the exact lag is of no use to anybody. */
export const LAG_CAP = 10_000;

export interface DoraStatus {
  readonly pending: { readonly inbox: number; readonly derivations: number; readonly changes: number };
  readonly counts: FactCounts;
  /** Everything acknowledged so far is in the numbers. */
  readonly settled: boolean;
}

/**
 * Looked at in the order in which work moves on, one after the other: what leaves a place meanwhile is counted where it went,
 * and nothing is between two of them.
 */
export async function pendingWork({ db, org }: Ctx): Promise<DoraStatus["pending"]> {
  const jobsIn = async (queue: string): Promise<number> => (await pendingJobs(db, org)).get(queue) ?? 0;
  const inbox = await jobsIn(COMMITS_QUEUE);
  const changes = (await feedLag(db, org, FEED_READER, LAG_CAP)) + (await countTouched(db, org, LAG_CAP));
  return { inbox, derivations: await jobsIn(DERIVE_QUEUE), changes };
}

/** Counts only what may be seen. */
export async function doraStatus(ctx: Ctx, sight: Sight | null): Promise<DoraStatus> {
  const pending = await pendingWork(ctx);
  const { roles, service } = await loadSettings(ctx);
  const inSight = (sources: readonly { readonly blueprint: string }[]): string[] =>
    sources.map((source) => source.blueprint).filter((blueprint) => sight?.isWhole(blueprint) !== false);
  const counts = await countFacts(ctx.db, ctx.org, {
    service: service.blueprint,
    deployment: inSight(roles.deployment),
    change: inSight(roles.change),
  });
  const services = await servicesInSight(ctx, sight, service.blueprint, null);
  const seen =
    services === null
      ? counts
      : { ...counts, services: services.filter((name) => name !== "").length, commits: 0 };
  return { pending, counts: seen, settled: pending.inbox + pending.derivations + pending.changes === 0 };
}
