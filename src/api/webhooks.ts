/** Wire contract of webhook data sources (workflows.md §1.1) and of the events of any data source. */
import Type from "typebox";

/** Bytes of one request to `/ingest/{webhookKey}`. */
export const MAX_EVENT_BYTES = 524_288;

const DEFINITION =
  "identifier, title, description, icon, enabled, integrationType, mappings (list, or YAML text), security; no other keys.";

export const WebhookRequest = Type.Object({}, { additionalProperties: true, description: DEFINITION });

export const WebhookParams = Type.Object({ identifier: Type.String({ description: "webhook identifier" }) });
export const WebhookEventParams = Type.Object({
  identifier: Type.String({ description: "webhook identifier" }),
  event: Type.String({ description: "id of the event, percent-encoded" }),
});
export const IngestParams = Type.Object({ webhookKey: Type.String() });

const Webhook = Type.Object(
  {
    identifier: Type.String(),
    webhookKey: Type.Optional(Type.String({ description: "not for tokens without sources:write" })),
    url: Type.Optional(Type.String({ description: "not for tokens without sources:write" })),
  },
  { additionalProperties: true },
);

/** Port calls a webhook `integration` in its answers. */
export const WebhookResponse = Type.Object({ ok: Type.Literal(true), integration: Webhook });
export const WebhooksResponse = Type.Object({ ok: Type.Literal(true), integrations: Type.Array(Webhook) });
export const WebhookTemplatesResponse = Type.Object({
  ok: Type.Literal(true),
  templates: Type.Array(
    Type.Object(
      {
        ...{ id: Type.String(), title: Type.String(), help: Type.String() },
        webhook: Type.Object(
          {},
          {
            additionalProperties: true,
            description: "body for POST /v1/webhooks; only the secret is missing",
          },
        ),
      },
      { additionalProperties: true },
    ),
  ),
});

export const WebhooksMetadataResponse = Type.Object({
  ok: Type.Literal(true),
  integrations: Type.Array(Type.Object({ identifier: Type.String() }, { additionalProperties: true })),
});

export const IngestResponse = Type.Object({
  ok: Type.Literal(true),
  status: Type.Union([Type.Literal("accepted"), Type.Literal("duplicate"), Type.Literal("dropped")]),
  eventId: Type.Union([Type.String(), Type.Null()]),
});

export const EventsQuery = Type.Object({
  status: Type.Optional(Type.String({ description: "received, processed, failed or rejected" })),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200, default: 50 })),
  from: Type.Optional(Type.String({ description: "`next` of the page before" })),
});

const Event = Type.Object(
  {
    id: Type.String(),
    status: Type.String({ description: "`received`: it waits; `failed`: something of it was not written" }),
    receivedAt: Type.String(),
    processedAt: Type.Union([Type.String(), Type.Null()]),
    bytes: Type.Integer(),
    outcome: Type.Unknown({ description: "counts, entities, warnings and errors; null while it waits" }),
  },
  { additionalProperties: true },
);

export const EventsResponse = Type.Object({
  ok: Type.Literal(true),
  events: Type.Array(Event),
  next: Type.Union([Type.String(), Type.Null()]),
});
export const EventResponse = Type.Object({ ok: Type.Literal(true), event: Event });

export const EventCountsResponse = Type.Object({
  ok: Type.Literal(true),
  events: Type.Object({
    received: Type.Integer(),
    processed: Type.Integer(),
    failed: Type.Integer(),
    rejected: Type.Integer(),
  }),
});

export const ReplayRequest = Type.Object(
  {
    status: Type.Optional(
      Type.Array(Type.String(), { maxItems: 4, description: "failed (unless given), processed" }),
    ),
    from: Type.Optional(Type.String({ description: "received at or after this ISO date-time" })),
    to: Type.Optional(Type.String({ description: "received before this ISO date-time" })),
  },
  { additionalProperties: false },
);
export const ReplayResponse = Type.Object({
  ok: Type.Literal(true),
  replayed: Type.Integer({ description: "events that wait again" }),
});
