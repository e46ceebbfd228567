import { queryOptions } from "@tanstack/react-query";
import { deleteJson, getJson, postJson, sendJson } from "../api/client.ts";
import type { ConnectorInfo, DataSource } from "./types.ts";

/** A run is looked at this often while it is under way. */
const WATCH_MS = 1500;

export const connectorsQuery = queryOptions({
  queryKey: ["sources", "types"],
  queryFn: ({ signal }) => getJson<{ types: ConnectorInfo[] }>("/v1/data-sources/types", {}, signal),
  select: (answer) => answer.types,
  staleTime: 3_600_000,
});

export const sourcesQuery = queryOptions({
  queryKey: ["sources", "all"],
  queryFn: ({ signal }) => getJson<{ dataSources: DataSource[] }>("/v1/data-sources", {}, signal),
  select: (answer) => answer.dataSources,
  refetchInterval: ({ state }) => (state.data?.dataSources.some(isRunning) === true ? WATCH_MS : false),
});

export const sourceQuery = (id: string) =>
  queryOptions({
    queryKey: ["sources", "one", id],
    queryFn: ({ signal }) => getJson<{ dataSource: DataSource }>(sourcePath(id), {}, signal),
    select: (answer) => answer.dataSource,
    refetchInterval: ({ state }) =>
      state.data !== undefined && isRunning(state.data.dataSource) ? WATCH_MS : false,
  });

/** A new source has no run for a moment. */
export const isRunning = ({ run }: DataSource): boolean => run === null || run.status === "running";

/** Address of a data source in the API. */
export const sourcePath = (id: string, rest = ""): string =>
  `/v1/data-sources/${encodeURIComponent(id)}${rest}`;

export interface NewSource {
  readonly type: string;
  readonly title: string;
  readonly settings: Readonly<Record<string, string>>;
  readonly strategies: readonly string[];
}

export const createSource = (source: NewSource) =>
  postJson<{ dataSource: DataSource; webhookSecret: string }>("/v1/data-sources", source);

export const changeSource = (id: string, change: object) =>
  sendJson<{ dataSource: DataSource }>("PATCH", sourcePath(id), change);

export const removeSource = (id: string) => deleteJson<{ ok: true }>(sourcePath(id));

export const resyncSource = (id: string, mode: "full" | "quick") =>
  postJson<{ dataSource: DataSource }>(sourcePath(id, "/resync"), { mode });

export const stopSource = (id: string) => postJson<{ dataSource: DataSource }>(sourcePath(id, "/stop"));

export const checkSource = (id: string) =>
  postJson<{ connected: boolean; message: string }>(sourcePath(id, "/check"));

export const retryEvents = (id: string) => postJson<{ retried: number }>(sourcePath(id, "/retry-events"));

/** What one way to tell a deployment finds in the system. */
export interface StrategyPreview {
  readonly id: string;
  readonly deployments: number;
  readonly failed: number;
  readonly deploymentFrequency: { readonly perDay: number };
  readonly services: readonly { readonly service: string | null; readonly deployments: number }[];
  readonly examples: readonly { readonly identifier: string; readonly status: string }[];
  /** False: only a part of the history was read. */
  readonly complete: boolean;
  readonly messages: readonly string[];
}

/** All strategies on the system's own history; nothing is written. */
export const compareStrategies = (id: string, days: number) =>
  postJson<{
    strategies: readonly StrategyPreview[];
    /** Of those in use. */
    together: { readonly deployments: number; readonly sameCommit: number };
  }>(sourcePath(id, "/strategies/preview"), { days });

export interface MappingTrial {
  readonly entities: readonly { readonly blueprint: string; readonly entity: unknown }[];
  readonly errors: readonly { readonly resource: number; readonly key: string; readonly reason: string }[];
}

/** What a mapping makes of an object; nothing is written. */
export const tryMapping = (mapping: unknown, kind: string, payload: unknown) =>
  postJson<MappingTrial>("/v1/mapping/test", { type: "integration", mapping, kind, payload, validate: true });
