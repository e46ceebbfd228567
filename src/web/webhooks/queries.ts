import { queryOptions } from "@tanstack/react-query";
import { ApiError, deleteJson, getJson, postJson, sendJson } from "../api/client.ts";

/** A webhook data source, as `/v1/webhooks` tells it. */
export interface Webhook {
  readonly identifier: string;
  readonly title: string;
  readonly enabled: boolean;
  readonly url: string;
  readonly mappings?: readonly unknown[] | null;
  readonly security?: {
    readonly secret?: string | null;
    readonly signatureHeaderName?: string | null;
    readonly signatureAlgorithm?: string | null;
  } | null;
}

/** A webhook that is ready to be created. */
export interface WebhookTemplate {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly help: string;
  readonly webhook: {
    readonly title: string;
    readonly security: { readonly signatureHeaderName?: string };
    readonly mappings: readonly unknown[];
  };
  readonly blueprints: readonly object[];
}

export const webhooksQuery = queryOptions({
  queryKey: ["webhooks", "all"],
  queryFn: ({ signal }) => getJson<{ integrations: Webhook[] }>("/v1/webhooks", {}, signal),
  select: (answer) => answer.integrations,
});

/** Address of a webhook in the API. */
export const webhookPath = (identifier: string): string => `/v1/webhooks/${encodeURIComponent(identifier)}`;

export const webhookQuery = (identifier: string) =>
  queryOptions({
    queryKey: ["webhooks", "one", identifier],
    queryFn: ({ signal }) => getJson<{ integration: Webhook }>(webhookPath(identifier), {}, signal),
    select: (answer) => answer.integration,
  });

export const templatesQuery = queryOptions({
  queryKey: ["webhooks", "templates"],
  queryFn: ({ signal }) => getJson<{ templates: WebhookTemplate[] }>("/v1/webhooks/templates", {}, signal),
  select: (answer) => answer.templates,
  staleTime: 3_600_000,
});

/** With the blueprints that its mappings write to, where they are missing. */
export async function createFromTemplate(
  { webhook, blueprints }: WebhookTemplate,
  title: string,
  secret: string | null,
): Promise<Webhook> {
  for (const blueprint of blueprints)
    await postJson("/v1/blueprints", blueprint).catch((error: unknown) => {
      if (!(error instanceof ApiError) || error.status !== 409) throw error;
    });
  const { integration } = await postJson<{ integration: Webhook }>("/v1/webhooks", {
    ...webhook,
    title,
    security: { ...webhook.security, ...(secret !== null && { secret }) },
  });
  return integration;
}

export const changeWebhook = (identifier: string, change: object) =>
  sendJson<{ integration: Webhook }>("PATCH", webhookPath(identifier), change);

export const removeWebhook = (identifier: string) => deleteJson<{ ok: true }>(webhookPath(identifier));

export interface WebhookTrial {
  readonly entities: readonly { readonly blueprint: string; readonly entity: unknown }[];
  readonly errors: readonly { readonly resource: number; readonly key: string; readonly reason: string }[];
}

/** What a mapping makes of an event; nothing is written. */
export const tryWebhookMapping = (
  mapping: unknown,
  event: { headers?: unknown; queryParams?: unknown; body?: unknown },
) =>
  postJson<WebhookTrial>("/v1/mapping/test", {
    ...{ type: "webhook", mapping, payload: event.body ?? null, validate: true },
    ...(event.headers !== undefined && { headers: event.headers }),
    ...(event.queryParams !== undefined && { queryParams: event.queryParams }),
  });
