/** Events of the audit log in words. */
import type { AuditEvent } from "../catalog/queries.ts";

const ACTIONS: Readonly<Record<string, string>> = {
  CREATE: "Created",
  UPDATE: "Updated",
  DELETE: "Deleted",
  TIMER_EXPIRED: "Timer expired",
};

/** What is stored under these names, as people call it. */
const KINDS: Readonly<Record<string, string>> = {
  entity: "entity",
  blueprint: "blueprint",
  scorecard: "scorecard",
  webhook: "webhook",
  integration: "integration",
  data_source: "data source",
  action: "action",
  run: "run",
  action_permissions: "action permissions",
  page: "page",
  folder: "folder",
  permissions: "permissions",
  page_permissions: "page permissions",
  team: "team",
  user: "user",
  organization: "organisation",
  secret: "secret",
  app: "app",
  credentials: "credentials",
  session: "sessions",
  token: "token",
  second_factor: "second factor",
  sign_in: "signing in",
  sign_in_policy: "rules of signing in",
  dora_settings: "DORA settings",
  incident_cause: "cause of an incident",
  annotation: "note on the DORA charts",
  backup: "backup",
};

const ORIGINS: Readonly<Record<string, string>> = { UI: "pages", API: "API", AUTOMATION: "automation" };

export const originWord = (origin: string): string => ORIGINS[origin] ?? origin;

export const wordOf = ({ action }: Pick<AuditEvent, "action">): string => ACTIONS[action] ?? action;

export const kindWord = (kind: string): string => KINDS[kind] ?? kind;

export const doneBy = ({ trigger }: Pick<AuditEvent, "trigger">): string =>
  trigger.by.byPort ? "Fairway" : (trigger.by.userId ?? "unknown");

/** The same for `Actor`. */
export const actorOf = (event: Pick<AuditEvent, "trigger">) => ({
  id: doneBy(event),
  isServer: event.trigger.by.byPort === true,
});

/** The thing that an event is about: its identifier, as far as the event says one. */
export function subjectOf({ resourceType, context, diff }: AuditEvent): string | null {
  const named = context[resourceType];
  if (typeof named === "string") return named;
  if (resourceType === "blueprint" || resourceType === "permissions")
    return typeof context.blueprint === "string" ? context.blueprint : null;
  const document = (diff.after ?? diff.before) as { identifier?: unknown } | null | undefined;
  return typeof document?.identifier === "string" ? document.identifier : null;
}
