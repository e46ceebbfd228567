/** What people were told: who, when, by which channel, and whether it came there. For administrators: it says recipients. */
import type { JsonObject } from "../model/json.ts";
import type { Ctx } from "../storage/context.ts";
import {
  listNotifications,
  type NotificationFilter,
  type NotificationRow,
} from "../storage/notifications.ts";

export interface Notifications {
  /** Newest first. */
  readonly notifications: readonly JsonObject[];
  /** `before` of the page behind it; null: there is none. */
  readonly next: string | null;
}

export async function getNotifications(ctx: Ctx, filter: NotificationFilter): Promise<Notifications> {
  // No stored text has it, and PostgreSQL refuses the question.
  if (JSON.stringify(filter).includes("\\u0000")) return { notifications: [], next: null };
  const { limit } = filter;
  const rows = await listNotifications(ctx.db, ctx.org, { ...filter, limit: limit + 1 });
  const shown = rows.slice(0, limit);
  return {
    notifications: shown.map(render),
    next: rows.length > limit ? (shown.at(-1)?.id ?? null) : null,
  };
}

function render(row: NotificationRow): JsonObject {
  const { id, kind, action, channel, state, retries, notice, created_at: at, ended_at: ended } = row;
  const isEnded = state === "delivered" || state === "failed";
  return {
    ...{ id, kind, of: nameOf(row), channel, state },
    title: row.title ?? row.action_title ?? action,
    text: row.text ?? notice,
    to: channel === "email" ? textsOf(row.recipients) : [],
    teams: textsOf(row.teams),
    attempts: retries + (isEnded ? 1 : 0),
    problem: withoutPaths(
      kind === "approval" && state === "failed" ? notice : state === "delivered" ? null : row.problem,
    ),
    evidenceUrl: row.evidence_url,
    at: at.toISOString(),
    endedAt: isEnded ? (ended?.toISOString() ?? null) : null,
  };
}

/** Of an alert or an initiative its identifier, else that of the action. */
function nameOf({ kind, action }: NotificationRow): string {
  if (kind !== "alert" && kind !== "initiative") return action;
  return action.slice(action.indexOf(":") + 1, action.lastIndexOf(":"));
}

function textsOf(value: unknown): string[] {
  const list: unknown[] = Array.isArray(value) ? value : [value];
  return list.filter((one): one is string => typeof one === "string" && one !== "");
}

/** Addresses of message webhooks are secrets in themselves. */
const withoutPaths = (text: string | null): string | null =>
  text?.replaceAll(/(https?:\/\/[^\s/]+)\/\S+/gi, "$1/…") ?? null;
