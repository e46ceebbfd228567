/**
 * The work of migrations: one batch a job. What a batch does and how far it got are told in one transaction, so that a
 * killed server goes on where it was, and every entity counts once.
 */
import { deleteBlueprintInside } from "../catalog/delete-blueprint.ts";
import { deleteEntities } from "../catalog/delete-entity.ts";
import { getDefinition } from "../catalog/definitions.ts";
import { AppError } from "../model/error.ts";
import { isOver, type Migration } from "../model/migration.ts";
import { lockDefinitions } from "../storage/blueprints.ts";
import type { Ctx } from "../storage/context.ts";
import { countEntities } from "../storage/entities.ts";
import { entityPlaces } from "../storage/entity-places.ts";
import { dropFailures, putFailures, readMigration, updateMigration } from "../storage/migrations.ts";
import { enqueue, type Job } from "../storage/queue.ts";
import { MIGRATIONS_QUEUE } from "../storage/queues.ts";
import { type MappedBatch, mapBatch } from "./map-batch.ts";

const DELETE_BATCH = 500;
/** A job that failed so often, with growing pauses (about 20 minutes in all), will not succeed. */
const MAX_ATTEMPTS = 10;
const TOLD_WARNINGS = 20;

/** What a batch changes of the migration; `again`: there is more to do. */
interface Step extends Partial<Omit<Migration, "id">> {
  readonly again: boolean;
}

const OVER = { again: false } as const;

/** For the worker: prepares a batch outside of any transaction. */
export async function runMigration(ctx: Ctx, job: Job): Promise<(tx: Ctx) => Promise<void>> {
  const seen = await readMigration(ctx.db, ctx.org, job.key, false);
  if (seen === null || isOver(seen)) return () => Promise.resolve();
  const isWorking = seen.status !== "PENDING_CANCELLATION" && job.attempts <= MAX_ATTEMPTS;
  const mapped = isWorking && seen.mapping !== null ? await mapBatch(inNameOf(ctx, seen), seen) : null;
  return async (tx) => {
    // A rename locks definitions, blueprint and migration in this order; so does a deletion.
    if (seen.mapping === null) await lockDefinitions(tx.db, tx.org);
    const migration = await readMigration(tx.db, tx.org, job.key, true);
    if (migration === null || isOver(migration)) return;
    const step = await stepOf(inNameOf(tx, migration), migration, { job, seen, mapped });
    const { again, ...changes } = step;
    const now = tx.now();
    await updateMigration(tx.db, tx.org, migration.id, {
      ...migration,
      ...changes,
      updatedAt: now,
      finishedAt: again ? null : now,
    });
    if (again) await enqueue(tx.db, tx.org, MIGRATIONS_QUEUE, [migration.id]);
  };
}

/** Writes are made in the name of whoever asked for the migration. */
function inNameOf(ctx: Ctx, { actor, runId }: Migration): Ctx {
  return { ...ctx, actor, runId };
}

async function stepOf(
  tx: Ctx,
  migration: Migration,
  work: { readonly job: Job; readonly seen: Migration; readonly mapped: MappedBatch | null },
): Promise<Step> {
  const { job, seen, mapped } = work;
  if (job.attempts > MAX_ATTEMPTS)
    return {
      ...OVER,
      status: "FAILURE",
      reason: `gave up after ${MAX_ATTEMPTS} attempts; see the server's log`,
    };
  // What was mapped is written already and has to be counted, also when somebody cancels now.
  const step =
    migration.mapping === null
      ? migration.status === "PENDING_CANCELLATION"
        ? { ...OVER }
        : await deleteBatch(tx, migration)
      : mapped === null || !isSamePlace(migration, seen)
        ? { again: true }
        : await countMapped(tx, migration, mapped);
  return migration.status === "PENDING_CANCELLATION"
    ? { ...step, again: false, status: "CANCELLED" }
    : { status: "RUNNING", ...step };
}

function isSamePlace(a: Migration, b: Migration): boolean {
  return (
    a.sourceBlueprint === b.sourceBlueprint &&
    a.attempt === b.attempt &&
    a.after?.identifier === b.after?.identifier &&
    a.after?.createdAt.getTime() === b.after?.createdAt.getTime()
  );
}

/** @returns progress; refusals end the migration and leave what was deleted before deleted */
async function deleteBatch(tx: Ctx, migration: Migration): Promise<Step> {
  const { sourceBlueprint: blueprint, after, deleteBlueprint, createdAt } = migration;
  try {
    const { plan } = await getDefinition(tx, blueprint, "share");
    const total = migration.total ?? (await countEntities(tx.db, tx.org, blueprint));
    const places = await entityPlaces(tx.db, tx.org, blueprint, {
      after,
      // With the blueprint everything must go, however new.
      until: deleteBlueprint ? null : createdAt,
      limit: DELETE_BATCH,
    });
    const last = places.at(-1);
    // Entities that were being written while this passed by are found by another pass.
    if (last === undefined && after !== null) return { again: true, total, after: null };
    if (last === undefined) return { ...(await finishDeletion(tx, migration)), total };
    const chained = [...plan.relations.values()].some(
      ({ target, required }) => required && target === blueprint,
    );
    const before = chained ? await countEntities(tx.db, tx.org, blueprint) : 0;
    const identifiers = places.map(({ identifier }) => identifier);
    const deleted = await deleteEntities(tx, blueprint, identifiers, { deleteDependents: "same-blueprint" });
    const gone = chained ? before - (await countEntities(tx.db, tx.org, blueprint)) : deleted.length;
    return { again: true, total, after: last, successCount: migration.successCount + gone };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    // Somebody else deleted the blueprint, which nobody can while it has entities: the work is done.
    if (error.code === "not_found") return { ...OVER, status: "COMPLETED" };
    return { ...OVER, status: "FAILURE", reason: error.message };
  }
}

async function finishDeletion(
  tx: Ctx,
  { sourceBlueprint: blueprint, deleteBlueprint }: Migration,
): Promise<Step> {
  if (!deleteBlueprint) return { ...OVER, status: "COMPLETED" };
  try {
    await deleteBlueprintInside(tx, blueprint);
    return { ...OVER, status: "COMPLETED" };
  } catch (error) {
    // Nobody can write its entities any more in this transaction: what came in just before goes in the next batch.
    if (error instanceof AppError && (await countEntities(tx.db, tx.org, blueprint)) > 0)
      return { again: true, after: null };
    throw error;
  }
}

async function countMapped(tx: Ctx, migration: Migration, batch: MappedBatch): Promise<Step> {
  if (batch.refused !== null) return { ...OVER, status: "FAILURE", reason: batch.refused };
  const total = migration.total ?? batch.total;
  if (batch.last === null) return { total, ...endOfPass(migration) };
  await putFailures(tx.db, tx.org, migration.id, batch.failures);
  const isRetry = migration.attempt > 0;
  if (isRetry) await dropFailures(tx.db, tx.org, migration.id, batch.done);
  const done = batch.done.length;
  return {
    again: true,
    total,
    after: batch.last,
    successCount: migration.successCount + done,
    failureCount: migration.failureCount + (isRetry ? -done : batch.failures.length),
    helped: migration.helped + (isRetry ? done : batch.failures.filter(({ retry }) => retry).length),
    warnings: [...migration.warnings, ...batch.warnings].slice(0, TOLD_WARNINGS),
  };
}

/** Failures for want of another entity are tried again for as long as that helps any of them. */
function endOfPass(migration: Migration): Step {
  const { helped, attempt, successCount, failureCount } = migration;
  if (helped > 0 && failureCount > 0) return { again: true, attempt: attempt + 1, helped: 0, after: null };
  return failureCount > 0 && successCount === 0
    ? { ...OVER, status: "FAILURE", reason: "no entity could be migrated" }
    : { ...OVER, status: "COMPLETED" };
}
