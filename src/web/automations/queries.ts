/** Questions about automations and alerts besides those that all actions have. */
import { queryOptions } from "@tanstack/react-query";
import { deleteJson, getJson, postJson, sendJson } from "../api/client.ts";

export interface TestDoc {
  readonly event: unknown;
  readonly isTriggered: boolean;
  readonly condition: {
    readonly isMet: boolean;
    readonly results: readonly {
      readonly expression: string;
      readonly value: unknown;
      readonly isMet: boolean;
      readonly problem: string | null;
    }[];
  };
  readonly wouldRun: boolean;
  readonly invocation: unknown;
  readonly problems: readonly string[];
}

export const testAutomation = (action: string, eventId: string) =>
  postJson<TestDoc>(`/v1/actions/${encodeURIComponent(action)}/test`, { eventId });

export interface AlertDoc {
  readonly identifier: string;
  readonly title?: string;
  readonly enabled?: boolean;
  readonly source: Readonly<Record<string, unknown>>;
  readonly rule: Readonly<Record<string, unknown>>;
  readonly mutedUntil?: string;
}

export const alertsQuery = queryOptions({
  queryKey: ["alerts"],
  queryFn: ({ signal }) => getJson<{ alerts: AlertDoc[] }>("/v1/alerts", {}, signal),
  select: (answer) => answer.alerts,
});

const at = (alert: string, rest = "") => `/v1/alerts/${encodeURIComponent(alert)}${rest}`;

export interface AlertStatus {
  readonly subjects: readonly {
    readonly subject: string;
    readonly title: string | null;
    readonly status: string;
    readonly value: unknown;
    readonly since: string | null;
  }[];
  readonly events: readonly {
    readonly transition: string;
    readonly subject: string | null;
    readonly message?: { readonly title?: string; readonly sentence?: string } | null;
    readonly at: string;
    readonly toldAt: string | null;
  }[];
}

export const alertStatusQuery = (alert: string) =>
  queryOptions({
    queryKey: ["alerts", alert, "status"],
    queryFn: ({ signal }) => getJson<AlertStatus>(at(alert, "/status"), { limit: 50 }, signal),
  });

export const saveAlert = (before: string | null, document: unknown) =>
  before === null
    ? postJson<unknown>("/v1/alerts", document)
    : sendJson<unknown>("PUT", at(before), document);

export const removeAlert = (alert: string) => deleteJson(at(alert));
