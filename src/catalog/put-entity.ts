/** PUT and PATCH of an entity that must exist, also with another identifier (data-model.md §4.4). */
import { invalid, notFound } from "../model/error.ts";
import { checkEntityIdentifier, isEntityIdentifier } from "../model/identifier.ts";
import { isObject, kindOf } from "../model/json.ts";
import type { Ctx } from "../storage/context.ts";
import { sqlState, transact } from "../storage/transact.ts";
import { exists, renameEntity } from "./rename-entity.ts";
import { upsertEntity, type UpsertOptions, type UpsertResult } from "./upsert-entity.ts";

export interface PutOptions {
  /** PUT overrides, PATCH merges. */
  readonly present: "override" | "merge";
  readonly createMissing: boolean;
}

const UNIQUE = "23505";

/** @throws AppError when the write is refused; then nothing is written, the new identifier neither */
export async function putEntity(
  ctx: Ctx,
  key: { readonly blueprint: string; readonly entity: string },
  body: unknown,
  options: PutOptions,
): Promise<UpsertResult> {
  if (!isObject(body)) throw invalid(`the entity must be an object, not ${kindOf(body)}`);
  if (!isEntityIdentifier(key.entity, key.blueprint)) throw notFound("Entity", key.entity);
  const closed = options.present === "merge";
  const write: UpsertOptions = { ...options, absent: "fail", validationOnly: false, closed };
  const put = (ctx: Ctx, identifier: string): Promise<UpsertResult> =>
    upsertEntity(ctx, key.blueprint, { ...body, identifier }, write);
  const { identifier: given } = body;
  if (given === undefined || given === null || given === key.entity) return put(ctx, key.entity);
  const to = checkEntityIdentifier(given, "identifier", key.blueprint);
  try {
    return await transact(ctx, async (inner) => {
      await renameEntity(inner, key.blueprint, key.entity, to);
      return { ...(await put(inner, to)), changed: true };
    });
  } catch (error) {
    if (sqlState(error) === UNIQUE) throw exists(key.blueprint, to);
    throw error;
  }
}
