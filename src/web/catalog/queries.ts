/** Questions about blueprints and entities. */
import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";
import { getJson, postJson } from "../api/client.ts";
import { type CatalogView, queryOf, type Rule } from "../lib/catalog-search.ts";
import type { BlueprintDoc, Column, EntityDoc } from "./blueprint.ts";

const PAGE = 200;
const at = (blueprint: string) => `/v1/blueprints/${encodeURIComponent(blueprint)}`;

export const blueprintQuery = (identifier: string) =>
  queryOptions({
    queryKey: ["blueprints", identifier],
    queryFn: ({ signal }) => getJson<{ blueprint: BlueprintDoc }>(at(identifier), {}, signal),
    select: (answer) => answer.blueprint,
    staleTime: 60_000,
  });

export const allBlueprintsQuery = queryOptions({
  queryKey: ["blueprints"],
  queryFn: ({ signal }) => getJson<{ blueprints: BlueprintDoc[] }>("/v1/blueprints", {}, signal),
  select: (answer) => answer.blueprints,
  staleTime: 60_000,
});

interface Page {
  readonly entities: EntityDoc[];
  readonly next?: string;
}

/** Pages of what a view shows, in its order. */
export const entityPagesQuery = (
  blueprint: string,
  view: Pick<CatalogView, "text" | "filter" | "sort">,
  more: readonly Rule[] = [],
) => {
  const body = {
    query: queryOf(view, more),
    limit: PAGE,
    ...(view.sort.length > 0 ? { sort: view.sort } : {}),
  };
  return infiniteQueryOptions({
    queryKey: ["entities", blueprint, "pages", body],
    queryFn: ({ pageParam, signal }) =>
      postJson<Page>(
        `${at(blueprint)}/entities/search`,
        pageParam === null ? body : { ...body, from: pageParam },
        signal,
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next ?? null,
    placeholderData: keepPreviousData,
  });
};

/** A rule for queries over every blueprint. */
export const ofBlueprint = (blueprint: string): Rule => ({
  property: "$blueprint",
  operator: "=",
  value: blueprint,
});

export const entityCountQuery = (
  blueprint: string,
  view: Pick<CatalogView, "text" | "filter">,
  more: readonly Rule[] = [],
) => {
  const query = queryOf(view, [ofBlueprint(blueprint), ...more]);
  return queryOptions({
    queryKey: ["entities", blueprint, "count", query],
    queryFn: ({ signal }) =>
      postJson<{ result: number }>("/v1/entities/aggregate", { func: "count", query }, signal),
    select: (answer) => answer.result,
    placeholderData: keepPreviousData,
  });
};

export interface CountedValue {
  readonly value: unknown;
  readonly count: number;
  /** Of a scorecard: so many of them fail the rule, or stay on the base level, because nothing that is compared has a value. */
  readonly withoutData?: number;
}

export interface CountedValues {
  readonly values: readonly CountedValue[];
  readonly other: { readonly values: number; readonly count: number };
  /** Of a scorecard: a new definition has not reached all entities yet. */
  readonly pending?: boolean;
}

/** How often each value of a property or relation occurs in what a view shows. */
export const groupsQuery = (
  blueprint: string,
  view: Pick<CatalogView, "text" | "filter">,
  by: Column,
  more: readonly Rule[] = [],
) => {
  const query = queryOf(view, [ofBlueprint(blueprint), ...more]);
  const of =
    by.score !== null
      ? { scorecard: by.score.scorecard, ...(by.score.rule === null ? {} : { rule: by.score.rule }) }
      : by.source === "relation"
        ? { relation: by.id }
        : { property: by.id };
  const body = { func: "countValues", query, ...of };
  return queryOptions({
    queryKey: ["entities", blueprint, "groups", body],
    queryFn: ({ signal }) => postJson<{ result: CountedValues }>("/v1/entities/aggregate", body, signal),
    select: (answer) => answer.result,
    placeholderData: keepPreviousData,
  });
};

export const entityQuery = (blueprint: string, identifier: string) =>
  queryOptions({
    queryKey: ["entities", blueprint, "one", identifier],
    queryFn: ({ signal }) =>
      getJson<{ entity: EntityDoc }>(
        `${at(blueprint)}/entities/${encodeURIComponent(identifier)}`,
        {},
        signal,
      ),
    select: (answer) => answer.entity,
  });

export interface AuditEvent {
  readonly identifier: string;
  readonly action: string;
  readonly resourceType: string;
  readonly status: string;
  readonly trigger: {
    readonly by: { readonly userId?: string; readonly byPort?: boolean };
    readonly origin: string;
    readonly at: string;
  };
  /** The thing under its kind: `entity`, `webhook` …; `blueprint`, `runId`, `webhookId`, `webhookEventId`. */
  readonly context: Readonly<Record<string, unknown>>;
  /** Not in rows of a list. */
  readonly diff?: { readonly before: unknown; readonly after: unknown };
  readonly additionalData?: { readonly title?: string };
  /** Why it was refused. */
  readonly message?: string;
}

export const auditQuery = (params: { blueprint?: string; entity?: string; limit?: number }) =>
  queryOptions({
    queryKey: ["entities", params.blueprint ?? "", "audit", params],
    queryFn: ({ signal }) => getJson<{ audits: AuditEvent[] }>("/v1/audit-log", params, signal),
    select: (answer) => answer.audits,
  });

/** Which entities a field offers, and in which order. */
export interface Offered {
  readonly dataset?: { readonly combinator?: string; readonly rules?: readonly unknown[] } | undefined;
  readonly sort?: { readonly property: string; readonly order?: string } | undefined;
}

/** Entities whose title or identifier holds the text; the first few. */
export const suggestQuery = (blueprint: string, text: string, { dataset, sort }: Offered = {}) => {
  const found = queryOf({ text, filter: { combinator: "and", rules: [] } });
  const rules = dataset?.rules ?? [];
  const body = {
    query:
      rules.length === 0
        ? found
        : { combinator: "and", rules: [found, { combinator: dataset?.combinator ?? "and", rules }] },
    include: ["$identifier", "$title"],
    limit: 50,
    ...(sort !== undefined && {
      sort: [{ property: sort.property, direction: sort.order === "DESC" ? "desc" : "asc" }],
    }),
  };
  return queryOptions({
    queryKey: ["entities", blueprint, "suggest", body],
    queryFn: ({ signal }) => postJson<Page>(`${at(blueprint)}/entities/search`, body, signal),
    select: (answer) => answer.entities,
    placeholderData: keepPreviousData,
  });
};

export const entityPath = (blueprint: string, identifier?: string): string =>
  identifier === undefined
    ? `${at(blueprint)}/entities`
    : `${at(blueprint)}/entities/${encodeURIComponent(identifier)}`;
