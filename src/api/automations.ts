/** Wire contract of what automations have besides actions: tests, templates, alerts. */
import Type from "typebox";
import { CHANNELS, NOTIFICATION_KINDS, NOTIFICATION_STATES } from "../model/notification.ts";

const open = (description: string) => Type.Object({}, { additionalProperties: true, description });

export const AutomationParams = Type.Object({
  action: Type.String({ description: "automation identifier, percent-encoded" }),
});

export const TestAutomationRequest = open(
  "eventId (event_… of the audit log), or event {action, resourceType, trigger, context, diff}",
);

export const TestAutomationResponse = Type.Object({
  ok: Type.Literal(true),
  event: open("what conditions see; templates have it as .event"),
  isTriggered: Type.Boolean({ description: "the trigger waits for such an event" }),
  condition: open("isMet, combinator, results [{expression, value, isMet, problem}]"),
  wouldRun: Type.Boolean(),
  invocation: Type.Union([open("with its templates filled, secrets masked"), Type.Null()]),
  problems: Type.Array(Type.String()),
});

export const AutomationTemplatesResponse = Type.Object({
  ok: Type.Literal(true),
  templates: Type.Array(
    Type.Object({
      identifier: Type.String(),
      title: Type.String(),
      description: Type.String(),
      parameters: Type.Array(
        Type.Object({
          name: Type.String(),
          title: Type.String(),
          type: Type.String(),
          default: Type.Optional(Type.Union([Type.String(), Type.Number()])),
        }),
      ),
    }),
  ),
});

export const TemplateParams = Type.Object({ template: Type.String({ description: "template identifier" }) });

export const ApplyTemplateRequest = Type.Object(
  { parameters: Type.Optional(open("values by name")) },
  { additionalProperties: false },
);

export const ApplyTemplateResponse = Type.Object({
  ok: Type.Literal(true),
  automations: Type.Array(
    Type.Object({
      identifier: Type.String(),
      action: Type.Union([Type.Literal("created"), Type.Literal("unchanged")]),
    }),
  ),
  properties: Type.Array(Type.String({ description: "added to the blueprint" })),
});

export const AlertParams = Type.Object({
  alert: Type.String({ description: "alert identifier, percent-encoded" }),
});

/** Described here; checked where the words are better. */
export const AlertRequest = open(
  "identifier, title, source {type: metric | property | scorecard | silence | timer, …}, rule {type: threshold | fall | regression, …}, recipients, enabled, minimum, entity, resolved, digest, mutedUntil, maintenance",
);

export const AlertResponse = Type.Object({ ok: Type.Literal(true), alert: open("as it was sent") });
export const AlertsResponse = Type.Object({
  ok: Type.Literal(true),
  alerts: Type.Array(open("as it was sent")),
});

export const AlertStatusQuery = Type.Object({
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000, description: "events, default 100" })),
});

export const AlertStatusResponse = Type.Object({
  ok: Type.Literal(true),
  subjects: Type.Array(open("subject, title, status, value, isNotified, since, updatedAt")),
  events: Type.Array(open("newest first: transition, subject, value, message, at, toldAt")),
});

export const AlertPreviewResponse = Type.Object({
  ok: Type.Literal(true),
  now: open(
    "subjects, fires; rows: subject, title, teams, shown, observations, fires, told {emails, teamChannels}",
  ),
  channels: Type.Array(Type.String({ description: "told of every subject: slack, teams, webhook" })),
  nobody: open("subjects that nobody would be told of: how many, their titles"),
  past: Type.Union([
    open(
      "from, to, days, everyDays (null: every change), firedAtStart, fired, resolved, byDay [{date, fired}], rows newest first",
    ),
    Type.Null(),
  ]),
  unknown: Type.Union([Type.String({ description: "why there is no past" }), Type.Null()]),
});

const oneOf = <T extends string>(values: readonly T[]) =>
  Type.Union(values.map((value) => Type.Literal(value)));

export const NotificationsQuery = Type.Object(
  {
    kind: Type.Optional(oneOf(NOTIFICATION_KINDS)),
    of: Type.Optional(
      Type.String({ maxLength: 1000, description: "identifier of an alert, an initiative or an action" }),
    ),
    channel: Type.Optional(oneOf(CHANNELS)),
    state: Type.Optional(oneOf(NOTIFICATION_STATES)),
    before: Type.Optional(Type.String({ maxLength: 100, description: "`next` of the page before" })),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 500, description: "default 100" })),
  },
  { additionalProperties: false },
);

export const NotificationsResponse = Type.Object({
  ok: Type.Literal(true),
  notifications: Type.Array(
    open(
      "newest first: id (of the run that told it), kind, of, channel, state, title, text, to (addresses of e-mail), teams, attempts, problem, evidenceUrl, at, endedAt",
    ),
  ),
  next: Type.Union([Type.String(), Type.Null()]),
});
