/** Questions about initiatives, and writing them. */
import { queryOptions } from "@tanstack/react-query";
import { deleteJson, getJson, postJson, sendJson } from "../api/client.ts";
import type { EntityDoc } from "../catalog/blueprint.ts";

export interface InitiativeDoc {
  readonly identifier: string;
  readonly title: string;
  readonly description?: string;
  readonly blueprint: string;
  readonly scorecard: string;
  readonly level?: string;
  readonly rules?: readonly string[];
  readonly owner?: string;
  readonly team?: string;
  readonly dueDate: string;
  readonly status: "open" | "overdue" | "reached";
  /** Why it can be reached no more. */
  readonly problem?: string;
  readonly total?: number | null;
  readonly done?: number | null;
  readonly createdAt: string;
  /** Until it is due, or since then, when it was read. */
  readonly days: number;
}

const DAY_MS = 86_400_000;

/** A day is over at its end, by UTC. */
export const dueAt = (dueDate: string): number =>
  Date.parse(dueDate) + (/^\d{4}-\d{2}-\d{2}$/.test(dueDate) ? DAY_MS : 0);

const withDays = (initiative: InitiativeDoc): InitiativeDoc => ({
  ...initiative,
  days: Math.ceil(Math.abs(dueAt(initiative.dueDate) - Date.now()) / DAY_MS),
});

const at = (identifier: string, rest = "") => `/v1/initiatives/${encodeURIComponent(identifier)}${rest}`;

export const initiativesQuery = queryOptions({
  queryKey: ["initiatives"],
  queryFn: ({ signal }) => getJson<{ initiatives: InitiativeDoc[] }>("/v1/initiatives", {}, signal),
  select: (answer) => answer.initiatives.map(withDays),
});

export const initiativeQuery = (identifier: string) =>
  queryOptions({
    queryKey: ["initiatives", identifier],
    queryFn: ({ signal }) => getJson<{ initiative: InitiativeDoc }>(at(identifier), {}, signal),
    select: (answer) => withDays(answer.initiative),
  });

export interface ProgressDoc {
  readonly total: number;
  readonly done: number;
  readonly points: readonly { readonly at: string; readonly total: number; readonly done: number }[];
  /** Search for those that are not there yet. */
  readonly open: unknown;
}

export const progressQuery = (identifier: string) =>
  queryOptions({
    queryKey: ["initiatives", identifier, "progress"],
    queryFn: ({ signal }) => getJson<ProgressDoc>(at(identifier, "/progress"), {}, signal),
  });

const OPEN_SHOWN = 100;

/** Who is not there yet. */
export const openQuery = (blueprint: string, query: unknown) => {
  const body = { query, limit: OPEN_SHOWN };
  return queryOptions({
    queryKey: ["entities", blueprint, "initiative", body],
    queryFn: ({ signal }) =>
      postJson<{ entities: EntityDoc[] }>(
        `/v1/blueprints/${encodeURIComponent(blueprint)}/entities/search`,
        body,
        signal,
      ),
    select: (answer) => answer.entities,
    enabled: query !== null && query !== undefined,
  });
};

/** @param before its identifier; null: a new one */
export const saveInitiative = (before: string | null, document: unknown) =>
  before === null
    ? postJson<unknown>("/v1/initiatives", document)
    : sendJson<unknown>("PUT", at(before), document);

export const removeInitiative = (identifier: string) => deleteJson(at(identifier));
