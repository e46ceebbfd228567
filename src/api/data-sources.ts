/** Wire contract of data sources: native connectors (docs/connectors.md). */
import Type from "typebox";

const anything = (description: string) => Type.Unsafe<unknown>({ description });

/** What is inside is checked by ingest/sources, with better words. */
const fields = {
  title: Type.Optional(anything("1 to 100 characters")),
  settings: Type.Optional(anything("texts by name, as GET /v1/data-sources/types lists them")),
  strategies: Type.Optional(anything("ids of the ways to tell a deployment; a list")),
  mapping: Type.Optional(
    anything("{resources: […]}, or it as YAML text; without it the default one of the strategies"),
  ),
  webhookSecret: Type.Optional(anything("8 characters or more; generated when it is left out")),
  resyncMinutes: Type.Optional(anything("between two full resyncs; null: never")),
  refreshMinutes: Type.Optional(anything("between two quick resyncs; null: never")),
};

export const CreateDataSourceRequest = Type.Object(
  { type: Type.String({ description: "github, …" }), ...fields },
  { additionalProperties: false },
);
export const ChangeDataSourceRequest = Type.Object(fields, { additionalProperties: false });

export const DataSourceParams = Type.Object({ id: Type.String() });
export const DataSourceEventParams = Type.Object({
  id: Type.String(),
  event: Type.String({ description: "id of the event, percent-encoded" }),
});
export const ConnectorIngestParams = Type.Object({ key: Type.String() });
export const ConnectorIngestQuery = Type.Object({
  secret: Type.Optional(
    Type.String({ description: "the webhook's secret, for systems that neither sign nor send headers" }),
  ),
});

export const ResyncRequest = Type.Unsafe<{ mode?: "full" | "quick" } | null>({
  type: ["object", "null"],
  properties: {
    mode: {
      enum: ["full", "quick"],
      description: "full: everything, and what vanished is deleted; quick: what changed since the last run",
    },
  },
});

export const PreviewRequest = Type.Unsafe<{ strategies?: unknown; days?: unknown } | null>({
  type: ["object", "null"],
  additionalProperties: false,
  properties: {
    strategies: { description: "ids; without it all that the connector has, each on its own" },
    days: { description: "length of the window that ends now; 1 to 730, usually 90" },
  },
});
export const PreviewResponse = Type.Object(
  { ok: Type.Literal(true), strategies: Type.Array(Type.Object({}, { additionalProperties: true })) },
  { additionalProperties: true },
);

const DataSource = Type.Object(
  { id: Type.String(), type: Type.String(), title: Type.String() },
  { additionalProperties: true, description: "Secret settings are never in it" },
);

export const ConnectorsResponse = Type.Object({
  ok: Type.Literal(true),
  types: Type.Array(
    Type.Object({ type: Type.String(), title: Type.String() }, { additionalProperties: true }),
  ),
});
export const DataSourceResponse = Type.Object({ ok: Type.Literal(true), dataSource: DataSource });
export const CreatedDataSourceResponse = Type.Object({
  ok: Type.Literal(true),
  dataSource: DataSource,
  webhookUrl: Type.String(),
  webhookSecret: Type.String({ description: "not shown again" }),
});
export const DataSourcesResponse = Type.Object({
  ok: Type.Literal(true),
  dataSources: Type.Array(DataSource),
});
export const CheckResponse = Type.Object({
  ok: Type.Literal(true),
  connected: Type.Boolean(),
  message: Type.String({ description: "whom it is connected as, or what is wrong and what to do" }),
});
export const RetryResponse = Type.Object({ ok: Type.Literal(true), retried: Type.Integer() });
export const ReceiptResponse = Type.Object({
  ok: Type.Literal(true),
  deliveryId: Type.String(),
  status: Type.String({ description: "accepted, or duplicate: it was delivered before" }),
});
