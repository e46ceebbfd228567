/** Questions about tokens, and making them. */
import { queryOptions } from "@tanstack/react-query";
import { deleteJson, getJson, postJson } from "../api/client.ts";

export interface TokenDoc {
  readonly id: string;
  readonly name: string;
  readonly scopes: readonly string[];
  readonly createdAt: string;
  readonly expiresAt: string | null;
  readonly lastUsedAt: string | null;
  readonly lastAddress: string | null;
}

/** @param of an e-mail address; null: one's own */
export const tokensQuery = (of: string | null) =>
  queryOptions({
    queryKey: ["settings", "tokens", of],
    queryFn: ({ signal }) => getJson<{ tokens: TokenDoc[] }>("/v1/tokens", { of }, signal),
    select: (answer) => answer.tokens,
  });

type NewToken = { readonly token: TokenDoc & { readonly token: string } };
const tokenPath = (id: string, rest = "") => `/v1/tokens/${encodeURIComponent(id)}${rest}`;

export interface TokenBody {
  readonly name: string;
  readonly scopes: readonly string[];
  readonly expiresInDays: number | null;
  /** Absent: oneself. */
  readonly person?: string;
}

export const createToken = (body: TokenBody) => postJson<NewToken>("/v1/tokens", body);
export const rotateToken = (id: string) => postJson<NewToken>(tokenPath(id, "/rotate"));
export const removeToken = (id: string) => deleteJson(tokenPath(id));
