/** What people were told, page by page. */
import { infiniteQueryOptions } from "@tanstack/react-query";
import { getJson } from "../api/client.ts";

export interface MessageDoc {
  /** Of the run that told it. */
  readonly id: string;
  readonly kind: "alert" | "initiative" | "approval" | "automation";
  readonly of: string;
  readonly channel: string;
  readonly state: "waiting" | "retrying" | "delivered" | "failed";
  readonly title: string;
  readonly text: string | null;
  readonly to: readonly string[];
  readonly teams: readonly string[];
  readonly attempts: number;
  readonly problem: string | null;
  readonly evidenceUrl: string | null;
  readonly at: string;
  readonly endedAt: string | null;
}

export interface MessageFilter {
  readonly state?: string | undefined;
  readonly kind?: string | undefined;
  readonly channel?: string | undefined;
  readonly of?: string | undefined;
}

const PAGE = 50;

export const messagesQuery = (filter: MessageFilter) =>
  infiniteQueryOptions({
    // Not below "runs": the hints of a busy portal would break off the loading of older pages.
    queryKey: ["messages", filter],
    queryFn: ({ pageParam, signal }) =>
      getJson<{ notifications: MessageDoc[]; next: string | null }>(
        "/v1/notifications",
        { ...filter, limit: PAGE, before: pageParam },
        signal,
      ),
    initialPageParam: null as string | null,
    getNextPageParam: ({ next }) => next,
  });
