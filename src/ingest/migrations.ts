/** Migrations as clients ask for them: start, look at, cancel (data-model.md §3.10). The work: migrate-entities.ts. */
import { randomBytes } from "node:crypto";
import { getDefinition } from "../catalog/definitions.ts";
import { refuseActions, refuseRelationsOfOthers } from "../catalog/delete-blueprint.ts";
import { AppError, invalid, notFound } from "../model/error.ts";
import { isObject, type JsonObject, kindOf } from "../model/json.ts";
import {
  checkSource,
  isOver,
  type Migration,
  MIGRATION_STATUSES,
  renderMigration,
} from "../model/migration.ts";
import { protectedBlueprint, SYSTEM_BLUEPRINTS } from "../model/system-blueprints.ts";
import type { Ctx } from "../storage/context.ts";
import {
  insertMigration,
  listMigrations,
  firstFailures,
  readMigration,
  updateMigration,
} from "../storage/migrations.ts";
import { enqueue } from "../storage/queue.ts";
import { MIGRATIONS_QUEUE } from "../storage/queues.ts";
import { transact } from "../storage/transact.ts";
import { createMapper } from "./entity-mapper.ts";

/** Failures that are told. */
const TOLD = 20;
const LISTED = 100;
const MAX_REASON = 500;

/**
 * Deletes all entities in the background, and then the blueprint when asked.
 * @returns the migration's id
 * @throws AppError `not_found`; `has_dependents` when relations of other blueprints would refuse it
 */
export async function startDeletion(
  ctx: Ctx,
  blueprint: string,
  { deleteBlueprint }: { readonly deleteBlueprint: boolean },
): Promise<string> {
  await getDefinition(ctx, blueprint);
  if (SYSTEM_BLUEPRINTS.has(blueprint))
    throw protectedBlueprint(blueprint, "its entities can be deleted one by one only");
  await refuseRelationsOfOthers(ctx, blueprint, { required: !deleteBlueprint });
  if (deleteBlueprint) await refuseActions(ctx, blueprint);
  return start(ctx, { sourceBlueprint: blueprint, mapping: null, deleteBlueprint });
}

/** Makes entities of other blueprints out of those of `sourceBlueprint`, by jq. */
export async function startMigration(ctx: Ctx, body: unknown): Promise<JsonObject> {
  if (!isObject(body)) throw invalid(`the migration must be an object, not ${kindOf(body)}`);
  const sourceBlueprint = checkSource(body["sourceBlueprint"]);
  const { mapping } = body;
  createMapper(mapping);
  await getDefinition(ctx, sourceBlueprint);
  const id = await start(ctx, { sourceBlueprint, mapping: mapping as JsonObject, deleteBlueprint: false });
  return getMigration(ctx, id);
}

async function start(
  ctx: Ctx,
  migration: Pick<Migration, "sourceBlueprint" | "mapping" | "deleteBlueprint">,
): Promise<string> {
  const id = `mig_${randomBytes(12).toString("hex")}`;
  await transact(ctx, async (tx) => {
    const { actor, runId = null } = tx;
    await insertMigration(tx.db, tx.org, { id, ...migration, actor, runId, createdAt: tx.now() });
    await enqueue(tx.db, tx.org, MIGRATIONS_QUEUE, [id]);
  });
  return id;
}

/** @throws AppError `not_found` */
export async function getMigration(ctx: Ctx, id: string): Promise<JsonObject> {
  const migration = isId(id) ? await readMigration(ctx.db, ctx.org, id, false) : null;
  if (migration === null) throw notFound("Migration", id);
  return renderMigration(migration, await firstFailures(ctx.db, ctx.org, id, TOLD));
}

const isId = (id: string): boolean => /^[a-z0-9_]{1,100}$/.test(id);

export interface MigrationsQuestion {
  readonly status?: readonly string[] | undefined;
  readonly actor?: string | undefined;
  readonly blueprint?: string | undefined;
}

/** Newest first. @throws AppError `invalid_request` */
export async function getMigrations(ctx: Ctx, question: MigrationsQuestion): Promise<JsonObject[]> {
  const { status, actor, blueprint } = question;
  const wrong = status?.find((one) => !(MIGRATION_STATUSES as readonly string[]).includes(one));
  if (wrong !== undefined)
    throw invalid(
      `status ${JSON.stringify(wrong.slice(0, 60))} is not one of ${MIGRATION_STATUSES.join(", ")}`,
    );
  // No name has a NUL in it, and the database could not read the question.
  if (`${actor ?? ""}${blueprint ?? ""}`.includes("\u0000")) return [];
  const found = await listMigrations(ctx.db, ctx.org, {
    statuses: status ?? null,
    actor: actor ?? null,
    blueprint: blueprint ?? null,
    limit: LISTED,
  });
  return found.map((migration) => renderMigration(migration, null));
}

/** The worker stops before its next batch. @throws AppError `not_found`, `conflict` when it is over */
export async function cancelMigration(ctx: Ctx, id: string, reason: string | null): Promise<JsonObject> {
  if (!isId(id)) throw notFound("Migration", id);
  await transact(ctx, async (tx) => {
    const migration = await readMigration(tx.db, tx.org, id, true);
    if (migration === null) throw notFound("Migration", id);
    if (isOver(migration))
      throw new AppError(
        "conflict",
        `Migration "${id}" is over (${migration.status}); it cannot be cancelled`,
      );
    await updateMigration(tx.db, tx.org, id, {
      ...migration,
      status: "PENDING_CANCELLATION",
      reason: reason?.slice(0, MAX_REASON) ?? null,
      updatedAt: tx.now(),
    });
    await enqueue(tx.db, tx.org, MIGRATIONS_QUEUE, [id]);
  });
  return getMigration(ctx, id);
}
