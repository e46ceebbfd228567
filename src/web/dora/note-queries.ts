import { queryOptions } from "@tanstack/react-query";
import { deleteJson, getJson, postJson, sendJson, type Params } from "../api/client.ts";
import { doraParams } from "../api/queries.ts";
import type { Iso } from "../api/types.ts";
import type { DoraQuery, ScopeRef } from "../lib/dora-search.ts";

/** What happened on a day, beside the numbers. */
export interface Note {
  readonly identifier: string;
  /** `2026-10-01`, the same day in every zone. */
  readonly day: string;
  readonly text: string;
  readonly url: string | null;
  /** Null: the whole organisation. */
  readonly scope: (ScopeRef & { readonly title: string | null }) | null;
  readonly createdBy: string;
  readonly createdAt: Iso;
  readonly updatedAt: Iso;
  readonly mayChange: boolean;
}

export interface NotesAnswer {
  readonly annotations: readonly Note[];
  readonly total: number;
}

/** Those that concern the scope, in the window of the page. */
export const notesQuery = (query: DoraQuery) => {
  const { interval: _, environment: __, ...rest } = doraParams(query);
  const params: Params = { ...rest, below: query.notesBelow ? true : undefined };
  return queryOptions({
    queryKey: ["notes", params],
    queryFn: ({ signal }) => getJson<NotesAnswer>("/v1/dora/annotations", params, signal),
  });
};

export interface NoteDraft {
  readonly day: string;
  readonly text: string;
  readonly url: string | null;
  readonly scope: ScopeRef | null;
}

const at = (identifier: string): string => `/v1/dora/annotations/${encodeURIComponent(identifier)}`;

/** @param identifier of the note that is replaced; null: a new one */
export const saveNote = (identifier: string | null, draft: NoteDraft) =>
  identifier === null
    ? postJson<{ annotation: Note }>("/v1/dora/annotations", draft)
    : sendJson<{ annotation: Note }>("PUT", at(identifier), draft);

export const removeNote = (identifier: string) => deleteJson<{ ok: true }>(at(identifier));
