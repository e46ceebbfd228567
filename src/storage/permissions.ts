/** What was granted on blueprints; the defaults are not stored. */
import type { Granted } from "../model/permission.ts";
import type { Ctx } from "./context.ts";

/**
 * By blueprint; one that is not there has the defaults. Never from a replica: what was taken away is not shown to anybody.
 * @param blueprints null: all
 */
export async function readGranted(
  { db, writer = db, org }: Ctx,
  blueprints: readonly string[] | null,
): Promise<ReadonlyMap<string, Granted>> {
  const rows = await writer
    .selectFrom("blueprint_permission")
    .select(["blueprint", "document"])
    .where("org", "=", org)
    .$if(blueprints !== null, (query) => query.where("blueprint", "in", [...(blueprints ?? [])]))
    .execute();
  return new Map(rows.map((row) => [row.blueprint, row.document]));
}

export async function writeGranted(ctx: Ctx, blueprint: string, granted: Granted): Promise<void> {
  const change = { document: JSON.stringify(granted), updated_at: ctx.now(), updated_by: ctx.actor.id };
  await ctx.db
    .insertInto("blueprint_permission")
    .values({ org: ctx.org, blueprint, ...change })
    .onConflict((c) => c.columns(["org", "blueprint"]).doUpdateSet(change))
    .execute();
}
