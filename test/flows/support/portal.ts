/** Reads a portal through its public API, whoever runs it. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { comes, patient } from "../../support/patience.ts";

export interface Portal {
  /** The header's value, for requests made in another way; it lasts for hours. */
  readonly authorization: string;
  /** @throws when the answer is not 2xx */
  get<T = Record<string, unknown>>(path: string): Promise<T>;
  send(method: string, path: string, body: unknown): Promise<unknown>;
  /** Waits until everything acknowledged is in the numbers. @throws after `limitMs` */
  settled(limitMs?: number): Promise<void>;
}

/** Signs in with the credentials in the data folder. */
export async function openPortal(url: string, dataDir: string): Promise<Portal> {
  const credentials: unknown = JSON.parse(readFileSync(join(dataDir, "credentials.json"), "utf8"));
  const answer = await call(url, null, "POST", "/v1/auth/access_token", credentials);
  return portalAt(url, `Bearer ${(answer as { accessToken: string }).accessToken}`);
}

/** @param authorization of a portal of the same data: it counts for all its processes */
export function portalAt(url: string, authorization: string): Portal {
  const ask = (method: string, path: string, body?: unknown): Promise<unknown> =>
    call(url, authorization, method, path, body);
  return {
    authorization,
    get: <T>(path: string) => ask("GET", path) as Promise<T>,
    send: ask,
    settled: async (limitMs = patient(60_000)) => {
      const status = () => ask("GET", "/v1/dora/status") as Promise<{ settled: boolean; pending: object }>;
      await comes(status, ({ settled }) => settled, limitMs);
    },
  };
}

async function call(
  url: string,
  authorization: string | null,
  method: string,
  path: string,
  body?: unknown,
): Promise<unknown> {
  const response = await fetch(url + path, {
    method,
    headers: {
      ...(authorization !== null && { authorization }),
      ...(body !== undefined && { "content-type": "application/json" }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${text}`);
  return JSON.parse(text) as unknown;
}
