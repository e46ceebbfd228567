/** People with a browser each: they open dashboards, think, open the next one, and have live updates open all the time. */
import { get, type ClientRequest } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { dashboardRequests } from "../support/dashboard.ts";
import type { Answer, HttpClient } from "../support/http-client.ts";

type Headers = Readonly<Record<string, string>>;

export interface DashboardUse {
  readonly users: number;
  /** In the mean; between half of it and one and a half. */
  readonly thinkMs: number;
  readonly client: HttpClient;
  readonly headers: Headers;
  readonly address: () => string;
  readonly isOver: () => boolean;
  readonly answered: (answer: Answer) => void;
}

export async function useDashboards(use: DashboardUse): Promise<void> {
  const { users, thinkMs, client, headers, address, isOver, answered } = use;
  const one = async (user: number): Promise<void> => {
    // They did not all come at the same moment.
    await sleep((thinkMs * user) / users);
    for (let n = user; !isOver(); n += users) {
      const url = address();
      await Promise.all(
        dashboardRequests(n).map(async ({ method, path, body }) => {
          const asking = {
            method,
            headers: { ...headers, "content-type": "application/json" },
            ...(body !== undefined && { body }),
          };
          answered(await client.ask(`${url}${path}`, asking));
        }),
      );
      await sleep(thinkMs * (0.5 + Math.random()));
    }
  };
  await Promise.all(Array.from({ length: users }, (_, user) => one(user)));
}

/** @param failed told when a stream cannot be opened; one that ends is opened again, as browsers do */
export async function openLive(
  users: number,
  address: () => string,
  headers: Headers,
  failed: (why: string) => void,
): Promise<{ close(): void }> {
  const open = new Set<ClientRequest>();
  let isOver = false;
  const openOne = (): void => {
    if (isOver) return;
    const request = get(`${address()}/v1/live`, { headers, agent: false }, (response) => {
      if (response.statusCode !== 200) failed(`live: ${response.statusCode}`);
      response.resume();
    });
    open.add(request);
    request.on("error", () => undefined);
    request.on("close", () => {
      open.delete(request);
      setTimeout(openOne, 1000);
    });
  };
  for (let user = 0; user < users; user += 1) openOne();
  await sleep(100);
  return {
    close: () => {
      isOver = true;
      for (const request of open) request.destroy();
    },
  };
}
