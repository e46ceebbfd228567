/** Commits in bulk: stored raw and acknowledged at once, mapped to facts by the worker. */
import { createHash } from "node:crypto";
import { AppError } from "../model/error.ts";
import { isInstant } from "../model/instant.ts";
import { checkJson } from "../model/json.ts";
import {
  announceCommits,
  type CommitInput,
  servicesTouchedByCommits,
  upsertCommits,
} from "../storage/commits.ts";
import type { Ctx } from "../storage/context.ts";
import { closeDelivery, openDelivery, storeDelivery } from "../storage/inbox.ts";
import { enqueue, type Job, keysAtWork } from "../storage/queue.ts";
import { COMMITS_QUEUE, DERIVE_QUEUE } from "../storage/queues.ts";
import { transact } from "../storage/transact.ts";

/** Commits come in chunks: deriving waits this long, so that one run serves several of them. */
const DERIVE_DELAY_MS = 300;

export interface CommitsReceipt {
  readonly deliveryId: string;
  readonly status: "accepted" | "duplicate";
  readonly received: number;
}

/**
 * Acknowledges commits: after this they survive a crash. The identical body twice is one delivery.
 * @throws AppError invalid_request naming the commit that cannot be stored
 */
export async function receiveCommits(ctx: Ctx, commits: readonly CommitInput[]): Promise<CommitsReceipt> {
  checkJson(commits, "body.commits");
  commits.forEach(refuseUnstorable);
  const payload = JSON.stringify(commits);
  const deliveryId = createHash("sha256").update(payload).digest("hex");
  const isNew = await transact(ctx, async (tx) => {
    const stored = await storeDelivery(
      tx.db,
      tx.org,
      { source: COMMITS_QUEUE, deliveryId, payload },
      tx.now(),
    );
    if (stored) await enqueue(tx.db, tx.org, COMMITS_QUEUE, [deliveryId]);
    return stored;
  });
  return { deliveryId, status: isNew ? "accepted" : "duplicate", received: commits.length };
}

/** What JavaScript and PostgreSQL read alike: a delivery that is acknowledged must not fail later. */
function refuseUnstorable(commit: CommitInput, index: number): void {
  for (const field of ["authoredAt", "committedAt"] as const)
    if (!isInstant(commit[field]))
      throw new AppError(
        "invalid_request",
        `body.commits.${index}.${field} (value ${JSON.stringify(commit[field])}) must be a date and time`,
      );
}

/**
 * Within a transaction: new commits become facts, and the services they touch are marked for derivation.
 * @returns how many were new, and how many got a patch id or paths that were unknown
 */
export async function storeCommits(
  ctx: Ctx,
  commits: readonly CommitInput[],
): Promise<{ inserted: number; updated: number }> {
  await announceCommits(ctx.db, ctx.org);
  const { inserted, updated, repositories } = await upsertCommits(ctx.db, ctx.org, commits);
  if (inserted + updated > 0) {
    const shas = commits.map((commit) => commit.sha);
    const services = await servicesTouchedByCommits(ctx.db, ctx.org, repositories, shas);
    // A derivation that runs elsewhere may have missed these, and has not recorded yet what it waits for.
    const running = await keysAtWork(ctx.db, ctx.org, DERIVE_QUEUE);
    await enqueue(ctx.db, ctx.org, DERIVE_QUEUE, [...services, ...running], DERIVE_DELAY_MS);
  }
  return { inserted, updated };
}

/** Maps one delivery. */
export async function processCommits(ctx: Ctx, job: Job): Promise<void> {
  const payload = await openDelivery(ctx.db, ctx.org, COMMITS_QUEUE, job.key);
  if (payload === undefined) return;
  const commits = payload as CommitInput[];
  const { inserted, updated } = await storeCommits(ctx, commits);
  await closeDelivery(ctx.db, ctx.org, COMMITS_QUEUE, job.key, {
    status: "processed",
    outcome: { received: commits.length, inserted, updated, unchanged: commits.length - inserted - updated },
    keepPayload: false,
    now: ctx.now(),
  });
}
