/** Appends to the change feed. */
import { originOf } from "../model/actor.ts";
import type { Ctx } from "./context.ts";
import { currentTrace } from "../tracing/span.ts";
import { prepared } from "./prepared.ts";

export interface ChangeRow {
  readonly kind:
    | "entity"
    | "blueprint"
    | "scorecard"
    | "incident_cause"
    | "run"
    | "timer"
    | "alert"
    | "initiative";
  /** CREATE, UPDATE, DELETE; of timers and alerts what became of them. */
  readonly action: string;
  /** null for a run: what it is about stands in it. */
  readonly blueprint: string | null;
  /** null for a blueprint. */
  readonly identifier: string | null;
  /** The thing as the API shows it; null before CREATE. */
  readonly before: unknown;
  /** null after DELETE. */
  readonly after: unknown;
  /** Only follows from a change of another entity: its target went, or got another name. Fires no automations. */
  readonly follows?: boolean;
}

/** A change as a record of `jsonb_to_recordset(…) as r (CHANGE_FIELDS)`. */
export const CHANGE_FIELDS =
  "kind text, action text, blueprint text, identifier text, before jsonb, after jsonb";

const append = prepared(
  "append_changes",
  `insert into change (org, kind, action, blueprint, identifier, before, after, actor, actor_kind, origin, run_id, at, follows,
    trace)
  select $1, r.kind, r.action, r.blueprint, r.identifier, r.before, r.after, $3, $4, $5, $6, $7::timestamptz,
    coalesce(r.follows, false), $8
  from jsonb_to_recordset($2::jsonb) as r (${CHANGE_FIELDS}, follows boolean)`,
);

/** One statement; the rows get ascending `seq` in the order given. Call in the transaction of the write itself. */
export async function appendChanges(ctx: Ctx, at: Date, rows: readonly ChangeRow[]): Promise<void> {
  if (rows.length === 0) return;
  const { db, org, actor, runId = null } = ctx;
  const json = JSON.stringify(rows);
  const who = [actor.id, actor.kind, originOf(actor), runId] as const;
  await append(db, org, json, ...who, at.toISOString(), currentTrace());
}
