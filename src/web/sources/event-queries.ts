import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { getJson, postJson } from "../api/client.ts";
import type { EventStatus } from "../lib/event-search.ts";
import type { SentEvent, SourceEvent } from "./events.ts";

/** While events wait they are looked at again after so long. */
const WATCH_MS = 1500;
const PAGE = 25;

interface EventPage {
  readonly events: readonly SourceEvent[];
  readonly next: string | null;
}

/** @param base address of the data source */
export const eventsQuery = (base: string, status: EventStatus | null) =>
  infiniteQueryOptions({
    queryKey: ["events", base, "list", status],
    queryFn: ({ pageParam, signal }) =>
      getJson<EventPage>(`${base}/events`, { status, limit: PAGE, from: pageParam }, signal),
    initialPageParam: null as string | null,
    getNextPageParam: ({ next }) => next,
    refetchInterval: ({ state }) =>
      state.data?.pages.some(({ events }) => events.some((event) => event.status === "received")) === true
        ? WATCH_MS
        : false,
  });

export const eventCountsQuery = (base: string) =>
  queryOptions({
    queryKey: ["events", base, "counts"],
    queryFn: ({ signal }) =>
      getJson<{ events: Record<EventStatus, number> }>(`${base}/events-count`, {}, signal),
    select: (answer) => answer.events,
    refetchInterval: ({ state }) => ((state.data?.events.received ?? 0) > 0 ? WATCH_MS : false),
  });

const eventPath = (base: string, id: string): string => `${base}/events/${encodeURIComponent(id)}`;

export const eventQuery = (base: string, id: string) =>
  queryOptions({
    queryKey: ["events", base, "one", id],
    queryFn: ({ signal }) => getJson<{ event: SentEvent }>(eventPath(base, id), {}, signal),
    select: (answer) => answer.event,
  });

export const replayEvent = (base: string, id: string) =>
  postJson<{ replayed: number }>(`${eventPath(base, id)}/replay`);

/** Every event that failed, in the order in which they came. */
export const replayAll = (base: string) => postJson<{ replayed: number }>(`${base}/replay`);

/** What was sent last and was not turned away, as a mapping reads it; null: nothing yet. @param base address of the data source */
export const latestEventQuery = (base: string) =>
  queryOptions({
    queryKey: ["events", base, "latest"],
    queryFn: async ({ signal }): Promise<object | null> => {
      const { events } = await getJson<EventPage>(`${base}/events`, { limit: 20 }, signal);
      const last = events.find(({ status }) => status !== "rejected");
      if (last === undefined) return null;
      const path = `${base}/events/${encodeURIComponent(last.id)}`;
      const { event } = await getJson<{ event: SentEvent }>(path, {}, signal);
      const { headers, queryParams, body } = event;
      return { headers, queryParams, body };
    },
    retry: false,
  });
