/** Events of the audit log in words. */
import type { AuditEvent } from "../catalog/queries.ts";

type Verb = readonly [done: string, tried: string];

const VERBS: Readonly<Record<string, Verb>> = {
  CREATE: ["Created", "Tried to create"],
  UPDATE: ["Changed", "Tried to change"],
  DELETE: ["Deleted", "Tried to delete"],
};

/** What is stored under these names, as people call it. Of those without a word the subject says what it is. */
const KINDS: Readonly<Record<string, string>> = {
  entity: "entity",
  blueprint: "blueprint",
  scorecard: "scorecard",
  webhook: "webhook",
  integration: "integration",
  data_source: "data source",
  action: "action",
  run: "run",
  action_permissions: "permissions of the action",
  page: "page",
  folder: "folder",
  permissions: "permissions of the blueprint",
  page_permissions: "permissions of the page",
  team: "team",
  user: "user",
  organization: "settings of the organisation",
  secret: "secret",
  app: "API credentials",
  token: "token",
  sign_in_policy: "rules of signing in",
  dora_settings: "DORA settings",
  incident_cause: "cause of the incident",
  annotation: "note on the DORA charts",
  backup: "backup",
  alert: "alert",
  initiative: "initiative",
};

interface Phrase {
  readonly verb: string;
  /** Before the subject. */
  readonly kind: string;
  /** Behind it. */
  readonly rest?: string;
  /** Who did it says who it is about. */
  readonly isOfActor?: boolean;
}

/** What is not “created the so-and-so”. */
const PHRASES: Readonly<Record<string, Phrase>> = {
  "sign_in CREATE": { verb: "Signed in", kind: "", isOfActor: true },
  "sign_in DELETE": { verb: "Signed out", kind: "", isOfActor: true },
  "session DELETE": { verb: "Ended", kind: "sessions of" },
  "token UPDATE": { verb: "Renewed", kind: "the token" },
  "credentials CREATE": { verb: "Created", kind: "a way to sign in for" },
  "credentials UPDATE": { verb: "Changed", kind: "password or personal credentials of" },
  "credentials DELETE": { verb: "Took away", kind: "a way to sign in of" },
  "second_factor CREATE": { verb: "Set up", kind: "the second factor of" },
  "second_factor UPDATE": { verb: "Changed", kind: "the second factor of" },
  "second_factor DELETE": { verb: "Turned off", kind: "the second factor of" },
  "incident_cause CREATE": { verb: "Decided", kind: "the cause of" },
  "incident_cause UPDATE": { verb: "Changed", kind: "the cause of" },
  "incident_cause DELETE": { verb: "Took back", kind: "the cause of" },
  "run CREATE": { verb: "Started", kind: "a run of" },
  "run UPDATE": { verb: "Changed", kind: "the run of" },
  "entity TIMER_EXPIRED": { verb: "Expired", kind: "timer of" },
  "alert FIRED": { verb: "Fired", kind: "the alert" },
  "alert RESOLVED": { verb: "Resolved", kind: "the alert" },
  "alert DIGEST": { verb: "Told", kind: "the digest of" },
  "alert TEAM": { verb: "Told", kind: "a team of the alert" },
  "initiative REMINDER": { verb: "Reminded", kind: "of the initiative" },
  "initiative OVERDUE": { verb: "Found", kind: "the initiative", rest: "overdue" },
  "initiative REACHED": { verb: "Found", kind: "the initiative", rest: "reached" },
};

const ORIGINS: Readonly<Record<string, string>> = { UI: "pages", API: "API", AUTOMATION: "automation" };

export const originWord = (origin: string): string => ORIGINS[origin] ?? origin;

/** The event as a sentence, around what it is about; who did it stands before. */
export function phraseOf({
  resourceType,
  action,
  status,
  context,
}: Pick<AuditEvent, "resourceType" | "action" | "status"> & Partial<Pick<AuditEvent, "context">>): Phrase {
  const isRefused = status === "FAILURE";
  if (isRefused && resourceType === "sign_in")
    return { verb: "Could not sign in", kind: typeof context?.["sign_in"] === "string" ? "as" : "" };
  const own = isRefused ? undefined : PHRASES[`${resourceType} ${action}`];
  if (own !== undefined) return own;
  const [done, tried] = VERBS[action] ?? [action, `Tried: ${action}`];
  const kind = KINDS[resourceType] ?? resourceType.replaceAll("_", " ");
  return { verb: isRefused ? tried : done, kind: resourceType === "entity" ? "" : `the ${kind}` };
}

/** Of an entity alone. */
export const wordOf = (event: Pick<AuditEvent, "action" | "status">): string =>
  phraseOf({ ...event, resourceType: "entity" }).verb;

export const doneBy = ({ trigger }: Pick<AuditEvent, "trigger">): string =>
  trigger.by.byPort ? "Fairway" : (trigger.by.userId ?? "unknown");

/** The same for `Actor`. */
export const actorOf = (event: Pick<AuditEvent, "trigger">) => ({
  id: doneBy(event),
  isServer: event.trigger.by.byPort === true,
});

/** Whoever could not sign in has not proved who they are. */
export const isByStranger = ({
  resourceType,
  trigger,
}: Pick<AuditEvent, "resourceType" | "trigger">): boolean =>
  resourceType === "sign_in" && trigger.by.byPort === true;

/** The thing that an event is about: its identifier, as far as the event says one. */
export function subjectOf({ resourceType, context, diff }: AuditEvent): string | null {
  const named = context[resourceType];
  if (typeof named === "string") return named;
  if (resourceType === "blueprint" || resourceType === "permissions")
    return typeof context["blueprint"] === "string" ? context["blueprint"] : null;
  const document = (diff?.after ?? diff?.before) as { identifier?: unknown } | null | undefined;
  return typeof document?.identifier === "string" ? document.identifier : null;
}
