/** Wire contract of integrations (workflows.md §1.2.1) and of what exporters report to them (§2.1.2). */
import Type from "typebox";
import { Flag } from "./common.ts";

const Any = Type.Object({}, { additionalProperties: true });

export const IntegrationRequest = Type.Object(
  {},
  {
    additionalProperties: true,
    description:
      "installationId, installationAppType, title, version, config (object, or YAML text), changelogDestination, and whatever else the client wants to find again",
  },
);
/** An empty body asks for a resync; clients send it without a content type too. */
export const PatchIntegrationRequest = Type.Unsafe<unknown>({
  description: "keys that are given replace; none: sync again",
});
export const ConfigRequest = Type.Object({ config: Type.Unknown() }, { additionalProperties: false });
export const IntegrationParams = Type.Object({
  id: Type.String({ description: "installationId, or the internal id" }),
});
export const IntegrationsQuery = Type.Object({
  actionsProcessingEnabled: Flag("only integrations that do, or do not, process actions"),
});
/** `byField` and `isPolling` change nothing: either id is found. */
export const IntegrationQuery = Type.Object(
  { oceanCoreVersion: Type.Optional(Type.Unknown({ description: "of the client; it is kept" })) },
  { additionalProperties: true },
);

export const IntegrationResponse = Type.Object({ ok: Type.Literal(true), integration: Any });
export const IntegrationsResponse = Type.Object({ ok: Type.Literal(true), integrations: Type.Array(Any) });
export const ProvisionEnabledResponse = Type.Object({
  ok: Type.Literal(true),
  integrations: Type.Array(Type.String()),
});

export const ResyncRequestResponse = Type.Object({
  ok: Type.Literal(true),
  request: Type.Optional(Type.Object({ id: Type.String(), updatedAt: Type.String() })),
});
export const ResyncStateRequest = Type.Object(
  {},
  {
    additionalProperties: true,
    description: "status, lastResyncStart, lastResyncEnd, nextResync, intervalInMinuets",
  },
);

export const KindParams = Type.Object({ id: Type.String(), kind: Type.String() });
export const ExamplesRequest = Type.Object(
  { examples: Type.Array(Type.Unknown(), { description: "raw objects; the first five are kept" }) },
  { additionalProperties: true },
);
export const KindsResponse = Type.Object({
  ok: Type.Literal(true),
  data: Type.Record(Type.String(), Type.Unknown(), {
    description: "kind → {examples: [{_id, data: the raw object}], updatedAt}",
  }),
});

export const CursorQuery = Type.Object({
  kind: Type.Optional(Type.String()),
  index: Type.Optional(Type.String()),
});
export const CursorResponse = Type.Object({
  ok: Type.Literal(true),
  cursor: Type.Unsafe<unknown>({ description: "null: none yet" }),
});

export const LogsRequest = Type.Object({ logs: Type.Array(Type.Unknown()) }, { additionalProperties: true });
export const LogsQuery = Type.Object({
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 300, default: 100 })),
  timestamp: Type.Optional(Type.String({ description: "ISO date-time to start at" })),
  log_id: Type.Optional(Type.String({ description: "line to start behind" })),
  direction: Type.Optional(
    Type.String({ description: "`down` to older ones (unless given), `up` to newer" }),
  ),
  eventId: Type.Optional(Type.String()),
  level: Type.Optional(Type.Array(Type.String())),
});
export const DataResponse = Type.Object({ ok: Type.Literal(true), data: Type.Array(Any) });
export const MetricsResponse = Type.Object({
  ok: Type.Literal(true),
  count: Type.Integer(),
  data: Type.Array(Any),
});

export const MetricsRequest = Type.Object(
  { syncKindsMetrics: Type.Array(Type.Unknown()) },
  { additionalProperties: true },
);
export const MetricRequest = Type.Object({ syncKindMetrics: Type.Unknown() }, { additionalProperties: true });
export const MetricParams = Type.Object({ id: Type.String(), event: Type.String(), kind: Type.String() });
export const SyncMetricsQuery = Type.Object({ resyncId: Type.Optional(Type.String()) });
