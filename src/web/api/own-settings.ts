/** What the reader keeps for themselves, on the server: it is there wherever they sign in. */
import { queryOptions } from "@tanstack/react-query";
import { deleteJson, getJson, sendJson } from "./client.ts";

type Value = Readonly<Record<string, unknown>>;

const PATH = "/v1/own-settings";

export const ownSettingsQuery = queryOptions({
  queryKey: ["settings", "own"],
  queryFn: ({ signal }) => getJson<{ settings: Readonly<Record<string, Value>> }>(PATH, {}, signal),
  select: (answer) => answer.settings,
  staleTime: 60_000,
});

const at = (name: string): string => `${PATH}/${encodeURIComponent(name)}`;

/** @param value null: it is forgotten */
export const keepOwn = (name: string, value: Value | null): Promise<unknown> =>
  value === null ? deleteJson(at(name)) : sendJson("PUT", at(name), { value });
