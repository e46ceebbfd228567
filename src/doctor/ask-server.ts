/** The server that runs on this machine with this data folder, asked over HTTP. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { isObject } from "../model/json.ts";
import type { QueueState } from "../storage/queue.ts";
import { isGone } from "./is-gone.ts";

export interface LocalServer {
  readonly url: string;
  /** Where people open the pages. */
  readonly page: string;
}

export interface Metrics {
  readonly queues: readonly QueueState[];
  readonly feeds: readonly { readonly reader: string; readonly lag: number }[];
  readonly derivation: { readonly waiting: number; readonly rebuilding: number; readonly drift: number };
  readonly databaseUp: boolean;
  readonly role: string;
}

const TIMEOUT_MS = 5000;

/** What the server wrote at its start; it may be gone since. null: none has been started, or it was stopped. */
export async function readLocalServer(dataDir: string): Promise<LocalServer | null> {
  const text = await readFile(join(dataDir, "server.json"), "utf8").catch(() => null);
  if (text === null) return null;
  const value: unknown = JSON.parse(text);
  if (!isObject(value) || typeof value["url"] !== "string" || !URL.canParse(value["url"]))
    throw new Error(`${join(dataDir, "server.json")} does not hold an address`);
  const { url, page, pid } = value;
  // After a kill the file stays, and another program may have the port by now: it gets no credentials.
  if (typeof pid === "number" && isGone(pid))
    throw new Error(`process ${pid}, which wrote ${join(dataDir, "server.json")}, is gone`);
  return { url, page: typeof page === "string" && URL.canParse(page) ? page : url };
}

/** @throws Error when nobody answers */
export async function askReadiness(url: string): Promise<Readonly<Record<string, unknown>>> {
  const response = await fetch(`${url}/readyz`, {
    signal: AbortSignal.timeout(TIMEOUT_MS),
    redirect: "error",
  });
  const value: unknown = await response.json();
  if (!isObject(value) || typeof value["ok"] !== "boolean")
    throw new Error("what answers there is not Fairway");
  return value;
}

/** @throws Error when it does not answer, or does not accept the credentials */
export async function askMetrics(
  url: string,
  credentials: { readonly clientId: string; readonly clientSecret: string },
): Promise<Metrics> {
  const signal = AbortSignal.timeout(2 * TIMEOUT_MS);
  const signIn = await fetch(`${url}/v1/auth/access_token`, {
    ...{ method: "POST", signal, redirect: "error" },
    headers: { "content-type": "application/json" },
    body: JSON.stringify(credentials),
  });
  const answer: unknown = await signIn.json();
  if (!signIn.ok || !isObject(answer) || typeof answer["accessToken"] !== "string")
    throw new Error(`the server does not accept the API credentials (${signIn.status})`);
  const headers = { authorization: `Bearer ${answer["accessToken"]}` };
  const response = await fetch(`${url}/metrics`, { signal, headers, redirect: "error" });
  if (!response.ok) throw new Error(`the server does not tell its metrics (${response.status})`);
  return readMetrics(await response.text());
}

/** Of the text format of Prometheus what Fairway itself writes. */
export function readMetrics(text: string): Metrics {
  const samples = [...text.matchAll(/^(fairway_\w+)(?:\{([^\n]*)\})? (\S+)$/gm)].map(
    ([, name = "", labels = "", value = ""]) => ({
      name,
      labels: new Map([...labels.matchAll(/(\w+)="([^"]*)"/g)].map(([, key = "", one = ""]) => [key, one])),
      value: Number(value),
    }),
  );
  const by = (name: string, label: string): Map<string, number> =>
    new Map(
      samples.filter((one) => one.name === name).map(({ labels, value }) => [labels.get(label) ?? "", value]),
    );
  const one = (name: string): number => samples.find((sample) => sample.name === name)?.value ?? 0;
  const failing = by("fairway_jobs_failing", "queue");
  const late = by("fairway_jobs_late_seconds", "queue");
  return {
    queues: [...by("fairway_jobs_pending", "queue")].map(([queue, pending]) => ({
      ...{ queue, pending, failing: failing.get(queue) ?? 0, lateSeconds: late.get(queue) ?? 0 },
    })),
    feeds: [...by("fairway_feed_lag", "reader")].map(([reader, lag]) => ({ reader, lag })),
    derivation: {
      waiting: one("fairway_derivation_pending"),
      rebuilding: one("fairway_derivation_rebuilding"),
      drift: one("fairway_derivation_drift"),
    },
    databaseUp: one("fairway_database_up") === 1,
    role: [...by("fairway_info", "role").keys()][0] ?? "",
  };
}
