/**
 * Who deletes or renames an entity changes those that relate to it. Writers lock the entities that they change first
 * and the targets of their relations after these; so must we, or each would wait for the other.
 */
import { type EntityKey, keyOf } from "../model/entity.ts";
import type { Ctx } from "../storage/context.ts";
import { lockEntities } from "../storage/entities.ts";
import { referencesTo } from "../storage/relations.ts";
import { inPortions } from "./in-portions.ts";

/**
 * Inside a transaction, before the entities themselves are locked. What begins to relate to them meanwhile is not in it.
 * @param goesOn whether those that relate by this relation are deleted along, so that their referrers count too
 * @returns `keyOf` of all that are locked now
 */
export async function lockReferrers(
  ctx: Ctx,
  keys: readonly EntityKey[],
  goesOn: (blueprint: string, relation: string) => Promise<boolean> = () => Promise.resolve(false),
): Promise<Set<string>> {
  const asked = new Set(keys.map((key) => keyOf(key.blueprint, key.identifier)));
  const found = new Map<string, EntityKey>();
  for (let level = keys; level.length > 0;) {
    const next: EntityKey[] = [];
    for (const { blueprint, identifier, relation } of await referencesTo(ctx.db, ctx.org, level)) {
      const key = keyOf(blueprint, identifier);
      const isNew = !found.has(key) && !asked.has(key);
      if (!asked.has(key)) found.set(key, { blueprint, identifier });
      if (isNew && (await goesOn(blueprint, relation))) next.push({ blueprint, identifier });
    }
    level = next;
  }
  for (const portion of inPortions([...found.values()])) await lockEntities(ctx.db, ctx.org, portion);
  return new Set(found.keys());
}
