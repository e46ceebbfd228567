/** Which of some entities the person who asks may read. */
import { type EntityKey, keyOf } from "../model/entity.ts";
import { AppError } from "../model/error.ts";
import { isEntityIdentifier } from "../model/identifier.ts";
import type { Ctx } from "../storage/context.ts";
import { restricted } from "./guard.ts";
import { findMany, type Lookup } from "./search-many.ts";
import { visibleEntities } from "./search-visible.ts";

/** Few enough for one statement. */
const AT_ONCE = 1000;

/** A test of `keys`; entities are looked up only where a part of their blueprint may be read. */
export async function readableKeys(
  ctx: Ctx,
  keys: readonly EntityKey[],
): Promise<(key: EntityKey) => boolean> {
  if (restricted(ctx) === null) return () => true;
  const byBlueprint = Map.groupBy(keys, (key) => key.blueprint);
  const visible = await visibleEntities(ctx, [...byBlueprint.keys()]);
  const lookups: Lookup[] = [];
  for (const [blueprint, members] of byBlueprint) {
    const what = visible.get(blueprint);
    // What may be read is a part of every look-up.
    if (typeof what !== "object") continue;
    const identifiers = [...new Set(members.map((key) => key.identifier))].filter((identifier) =>
      isEntityIdentifier(identifier, blueprint),
    );
    for (let i = 0; i < identifiers.length; i += AT_ONCE) {
      const values = identifiers.slice(i, i + AT_ONCE);
      const condition = { op: "in", values } as const;
      const isAsked = { kind: "rule", property: "$identifier", condition, negated: false } as const;
      const query = { kind: "group", combinator: "and", rules: [isAsked] } as const;
      lookups.push({ blueprint, query, limit: values.length });
    }
  }
  const found = await findMany(ctx, lookups);
  const readable = new Set(
    lookups.flatMap(({ blueprint }, i) => (found[i] ?? []).map((identifier) => keyOf(blueprint, identifier))),
  );
  return ({ blueprint, identifier }) =>
    visible.get(blueprint) === "all" || readable.has(keyOf(blueprint, identifier));
}

/** @throws AppError `forbidden` when this entity may not be read (whether it exists or not) */
export async function requireReadable(ctx: Ctx, key: EntityKey): Promise<void> {
  const isReadable = await readableKeys(ctx, [key]);
  if (!isReadable(key))
    throw new AppError(
      "forbidden",
      `entity "${key.identifier}" of blueprint "${key.blueprint}" may not be read by you`,
    );
}
