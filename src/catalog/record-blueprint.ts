/** The row of the change feed that every change of a definition leaves. */
import { forgetDerivations } from "../engine/derivations.ts";
import { type Blueprint, renderBlueprint } from "../model/blueprint.ts";
import { appendChanges } from "../storage/changes.ts";
import type { Ctx } from "../storage/context.ts";

/** In the transaction of the change. `before` null: created; `after` null: deleted. */
export async function recordBlueprint(
  ctx: Ctx,
  before: Blueprint | null,
  after: Blueprint | null,
): Promise<void> {
  forgetDerivations(ctx);
  await appendChanges(ctx, ctx.now(), [
    {
      kind: "blueprint",
      action: before === null ? "CREATE" : after === null ? "DELETE" : "UPDATE",
      blueprint: String((after ?? before)?.document["identifier"]),
      identifier: null,
      before: before === null ? null : renderBlueprint(before),
      after: after === null ? null : renderBlueprint(after),
    },
  ]);
}
