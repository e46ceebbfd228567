/** Appends to the change feed. */
import { sql } from "kysely";
import { originOf } from "../model/actor.ts";
import type { Ctx } from "./context.ts";

export interface ChangeRow {
  readonly kind: "entity" | "blueprint";
  readonly action: "CREATE" | "UPDATE" | "DELETE";
  readonly blueprint: string;
  /** null for a blueprint. */
  readonly identifier: string | null;
  /** The thing as the API shows it; null before CREATE. */
  readonly before: unknown;
  /** null after DELETE. */
  readonly after: unknown;
}

/** One statement; the rows get ascending `seq` in the order given. Call in the transaction of the write itself. */
export async function appendChanges(ctx: Ctx, at: Date, rows: readonly ChangeRow[]): Promise<void> {
  if (rows.length === 0) return;
  const { db, org, actor, runId = null } = ctx;
  await sql`
    insert into change (org, kind, action, blueprint, identifier, before, after, actor, actor_kind, origin, run_id, at)
    select ${org}, r.kind, r.action, r.blueprint, r.identifier, r.before, r.after,
      ${actor.id}, ${actor.kind}, ${originOf(actor)}, ${runId}, ${at.toISOString()}::timestamptz
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
      as r (kind text, action text, blueprint text, identifier text, before jsonb, after jsonb)`.execute(db);
}
