import type { EntityKey } from "../model/entity.ts";
import { appendAuditEvents } from "../storage/audit-events.ts";
import type { Ctx } from "../storage/context.ts";
import { removeAnnotationsAbout } from "../storage/dora-annotations.ts";

/** Notes go with what they are about: another entity that is called the same has none. The audit log keeps them. */
export async function forgetNotes(ctx: Ctx, deleted: readonly EntityKey[]): Promise<void> {
  if (deleted.length === 0) return;
  const removed = await removeAnnotationsAbout(ctx.db, ctx.org, deleted);
  if (removed.length === 0) return;
  const inOrder = removed.toSorted((left, right) => (left.identifier < right.identifier ? -1 : 1));
  await appendAuditEvents(
    ctx,
    inOrder.map(({ identifier, day, text, url, blueprint, entity }) => ({
      ...{ kind: "annotation" as const, action: "DELETE" as const, identifier },
      before: { day, text, url, scope: { blueprint, entity } },
    })),
  );
}
