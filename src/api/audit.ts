/** Wire contract of the audit log (data-model.md §8.1). */
import Type from "typebox";

const text = (description: string) =>
  Type.Optional(Type.Unsafe<unknown>({ description, examples: ["orders"] }));
const list = (description: string) =>
  Type.Optional(Type.Unsafe<unknown>({ description: `${description}, repeated or joined by commas` }));

export const AuditQuery = Type.Object({
  identifier: text("one event, by its identifier"),
  entity: text("entity identifier"),
  blueprint: text("blueprint identifier"),
  run_id: text("action run"),
  webhookId: text("webhook that wrote it"),
  webhookEventId: text("event of a webhook that wrote it"),
  InstallationId: text("integration that wrote it, by its installationId"),
  origin: list("UI, API, AUTOMATION, or the User-Agent of an exporter"),
  resources: list(
    "entity, blueprint, run, action, alert, initiative, webhook, integration, permissions, page, folder, page_permissions, team, user, organization, secret, app, credentials, dora_settings, incident_cause, annotation",
  ),
  action: list(
    "CREATE, UPDATE, DELETE, TIMER_EXPIRED; of alerts FIRED, RESOLVED, DIGEST, TEAM; of initiatives REMINDER, OVERDUE, REACHED",
  ),
  status: list("SUCCESS, FAILURE"),
  from: text("ISO date-time"),
  to: text("ISO date-time, not included"),
  limit: Type.Optional(Type.Integer({ minimum: 1, description: "default 100, at most 1000" })),
  includes: list("keys of the events to answer"),
  include_deleted_entities: text("accepted; deleted entities are always in the log"),
  actionType: list("self-service, automation: actions of that type and their runs"),
  system: Type.Optional(
    Type.Unsafe<unknown>({
      description:
        "false: without what Fairway wrote by itself: derived values, timers, automations and what they wrote, alerts. Default true",
    }),
  ),
  actor: list(
    "who did it: e-mail addresses of users, client ids of API credentials, identifiers of data sources",
  ),
});

const Event = Type.Object(
  {
    identifier: Type.Optional(Type.String()),
    action: Type.Optional(Type.String()),
    resourceType: Type.Optional(Type.String()),
    status: Type.Optional(Type.String()),
    trigger: Type.Optional(Type.Object({}, { additionalProperties: true })),
    context: Type.Optional(Type.Object({}, { additionalProperties: true })),
    diff: Type.Optional(Type.Object({ before: Type.Unknown(), after: Type.Unknown() })),
    additionalData: Type.Optional(Type.Object({}, { additionalProperties: true })),
    message: Type.Optional(Type.String({ description: "why it was refused" })),
  },
  { additionalProperties: false },
);

export const AuditResponse = Type.Object({ ok: Type.Literal(true), audits: Type.Array(Event) });
