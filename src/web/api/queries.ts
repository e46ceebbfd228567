/** Query options by resource: one key per question, so that card, chart and table read the same answer. */
import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";
import { effectiveGrain, type DoraQuery, type EvidenceRef, type ScopeRef } from "../lib/dora-search.ts";
import { addDays, startOfDay } from "../lib/time-zone.ts";
import { ApiError, getJson, postJson, setReader, type Params } from "./client.ts";
import type {
  BlueprintInfo,
  CatalogEntity,
  Commit,
  DeploymentAnswer,
  DoraModel,
  DoraStatus,
  EvidenceAnswer,
  ImportRun,
  Me,
  MetricsAnswer,
  ServiceRowsAnswer,
  Setup,
} from "./types.ts";

/** Scope and window of a query as the API's parameters. */
export function doraParams(query: DoraQuery): Params {
  const { scope, range, timezone, environment } = query;
  const window =
    "last" in range
      ? { last: range.last }
      : {
          from: startOfDay(range.from, timezone).toISOString(),
          to: startOfDay(addDays(range.to, 1), timezone).toISOString(),
        };
  return {
    blueprint: scope?.blueprint,
    entity: scope?.entity,
    ...window,
    interval: effectiveGrain(query),
    timezone,
    environment,
  };
}

export const meQuery = queryOptions({
  queryKey: ["me"],
  queryFn: async ({ signal }) => {
    const me = await getJson<Me>("/auth/me", {}, signal);
    setReader(me.user.email);
    return me;
  },
  staleTime: Number.POSITIVE_INFINITY,
  retry: false,
});

export const setupQuery = queryOptions({
  queryKey: ["dora", "setup"],
  queryFn: ({ signal }) => getJson<Setup>("/v1/setup", {}, signal),
});

export const statusQuery = queryOptions({
  queryKey: ["dora", "status"],
  queryFn: ({ signal }) => getJson<DoraStatus>("/v1/dora/status", {}, signal),
});

export const importsQuery = (limit: number) =>
  queryOptions({
    queryKey: ["dora", "imports", limit],
    queryFn: ({ signal }) => getJson<{ imports: ImportRun[] }>("/v1/dora/imports", { limit }, signal),
    select: (answer) => answer.imports,
  });

export const metricsQuery = (query: DoraQuery) => {
  const params: Params = { ...doraParams(query), compare: query.compare ? "previous" : undefined };
  return queryOptions({
    queryKey: ["dora", "metrics", params],
    queryFn: ({ signal }) => getJson<MetricsAnswer>("/v1/dora/metrics", params, signal),
    placeholderData: keepPreviousData,
  });
};

/** Which blueprints are the services and the deployments: they may have been renamed. */
export const doraModelQuery = queryOptions({
  queryKey: ["dora", "settings"],
  queryFn: ({ signal }) => getJson<{ settings: DoraModel }>("/v1/dora/settings", {}, signal),
  select: (answer) => answer.settings,
  staleTime: 60_000,
});

export const serviceRowsQuery = (services: string | undefined, last: string) =>
  queryOptions({
    queryKey: ["dora", "services", services, last],
    queryFn: ({ signal }) =>
      getJson<ServiceRowsAnswer>("/v1/dora/metrics", { blueprint: services, last, interval: "week" }, signal),
    enabled: services !== undefined,
  });

/** Each entity of a blueprint with its own numbers, in the window of the page. */
export const sideBySideQuery = (query: DoraQuery, blueprint: string) => {
  const params: Params = { ...doraParams(query), blueprint, entity: undefined };
  return queryOptions({
    queryKey: ["dora", "side-by-side", params],
    queryFn: ({ signal }) => getJson<ServiceRowsAnswer>("/v1/dora/metrics", params, signal),
    placeholderData: keepPreviousData,
  });
};

/**
 * Which entities of a blueprint belong to another one, by relations of any length; a team owns what names it, and belongs to
 * what it owns a service of. @param services the blueprint of services
 */
export const belowQuery = (scope: ScopeRef | null, blueprint: string, services: string | undefined) =>
  queryOptions({
    queryKey: ["entities", "below", scope, blueprint, services],
    enabled: scope !== null && services !== undefined,
    queryFn: async ({ signal }) => {
      const isOfTeams = blueprint === "_team" && scope?.blueprint !== "_team";
      const related =
        scope?.blueprint === "_team"
          ? { property: "$team", operator: "containsAny", value: [scope.entity] }
          : { operator: "relatedTo", blueprint: scope?.blueprint, value: scope?.entity };
      const of = isOfTeams ? services : blueprint;
      const rules = [{ property: "$blueprint", operator: "=", value: of }, related];
      const { entities } = await postJson<{ entities: { identifier: string; team?: string[] | null }[] }>(
        `/v1/entities/search?include=identifier${isOfTeams ? "&include=team" : ""}`,
        { combinator: "and", rules },
        signal,
      );
      return isOfTeams
        ? [...new Set(entities.flatMap(({ team }) => team ?? []))]
        : entities.map(({ identifier }) => identifier);
    },
    staleTime: 60_000,
  });

const PAGE = 200;

export const evidenceParams = (query: DoraQuery, { metric, bucket }: EvidenceRef): Params => ({
  metric,
  ...doraParams(query),
  bucket,
});

export const evidenceQuery = (query: DoraQuery, evidence: EvidenceRef) => {
  const { out } = evidence;
  const params: Params = {
    ...evidenceParams(query, evidence),
    reason: out === "all" ? undefined : out,
  };
  return infiniteQueryOptions({
    queryKey: ["dora", "evidence", params],
    queryFn: ({ signal, pageParam }) =>
      getJson<EvidenceAnswer>(
        "/v1/dora/evidence",
        { ...params, limit: PAGE, from_cursor: pageParam },
        signal,
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
  });
};

export const deploymentQuery = (id: string) =>
  queryOptions({
    queryKey: ["dora", "deployment", id],
    queryFn: ({ signal }) =>
      getJson<DeploymentAnswer>(`/v1/dora/deployments/${encodeURIComponent(id)}`, {}, signal),
  });

export const commitQuery = (sha: string, repository: string | null) =>
  queryOptions({
    queryKey: ["dora", "commit", sha, repository],
    queryFn: ({ signal }) =>
      getJson<{ commit: Commit }>(`/v1/dora/commits/${encodeURIComponent(sha)}`, { repository }, signal),
    select: (answer) => answer.commit,
    staleTime: Number.POSITIVE_INFINITY,
  });

export const blueprintsQuery = queryOptions({
  queryKey: ["blueprints"],
  queryFn: ({ signal }) => getJson<{ blueprints: BlueprintInfo[] }>("/v1/blueprints", {}, signal),
  select: (answer) => answer.blueprints,
  staleTime: 60_000,
});

/** Identifier and title of every entity of a blueprint; a blueprint that does not exist has none. */
export const entitiesQuery = (blueprint: string) =>
  queryOptions({
    queryKey: ["entities", blueprint],
    queryFn: async ({ signal }) => {
      const path = `/v1/blueprints/${encodeURIComponent(blueprint)}/entities?include=identifier&include=title`;
      try {
        return (await getJson<{ entities: CatalogEntity[] }>(path, {}, signal)).entities;
      } catch (error) {
        if (error instanceof ApiError && error.status === 404) return [];
        throw error;
      }
    },
    staleTime: 60_000,
  });

interface PageInfo {
  readonly identifier: string;
  readonly type: string;
  readonly title?: string | null;
  readonly blueprint?: string | null;
}

export const pagesQuery = queryOptions({
  queryKey: ["blueprints", "pages"],
  queryFn: ({ signal }) => getJson<{ pages: PageInfo[] }>("/v1/pages", { compact: true }, signal),
  select: (answer) => answer.pages,
  staleTime: 60_000,
});
