/** Name, settings and announcement of the organisation (data-model.md §8.7). */
import { checkJson, sameJson } from "../model/json.ts";
import { appendAuditEvents } from "../storage/audit-events.ts";
import type { Ctx } from "../storage/context.ts";
import { transact } from "../storage/transact.ts";

export interface OrganizationView {
  readonly id: string;
  readonly name: string;
  readonly featureFlags: readonly string[];
  readonly settings: Readonly<Record<string, unknown>>;
  readonly announcement: Readonly<Record<string, unknown>> | null;
}

export interface OrganizationChange {
  readonly name?: string | undefined;
  readonly settings?: Readonly<Record<string, unknown>> | undefined;
  readonly announcement?: Readonly<Record<string, unknown>> | null | undefined;
}

const COLUMNS = ["id", "name", "settings", "announcement"] as const;

export async function getOrganization(ctx: Ctx): Promise<OrganizationView> {
  const row = await ctx.db
    .selectFrom("organization")
    .select(COLUMNS)
    .where("id", "=", ctx.org)
    .executeTakeFirstOrThrow();
  // No flag of Port's stands for something that Fairway does in another way.
  return { ...row, featureFlags: [] };
}

/**
 * @param replace what the change omits is reset; else it stays, and `settings` merge by key
 * @throws AppError invalid_request for text that cannot be stored
 */
export async function changeOrganization(
  ctx: Ctx,
  change: OrganizationChange,
  replace: boolean,
): Promise<OrganizationView> {
  checkJson(change, "");
  return transact(ctx, async (inner) => {
    const before = await inner.db
      .selectFrom("organization")
      .select(COLUMNS)
      .where("id", "=", ctx.org)
      .forUpdate()
      .executeTakeFirstOrThrow();
    const settings = replace ? (change.settings ?? {}) : { ...before.settings, ...change.settings };
    const announcement =
      change.announcement === undefined && !replace ? before.announcement : (change.announcement ?? null);
    const row = await inner.db
      .updateTable("organization")
      .set({
        name: change.name ?? before.name,
        settings: JSON.stringify(settings),
        announcement: announcement === null ? null : JSON.stringify(announcement),
      })
      .where("id", "=", ctx.org)
      .returning(COLUMNS)
      .executeTakeFirstOrThrow();
    if (!sameJson(before, row))
      await appendAuditEvents(inner, [{ kind: "organization", action: "UPDATE", before, after: row }]);
    return { ...row, featureFlags: [] };
  });
}
