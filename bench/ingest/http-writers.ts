/** Writers of artifacts over HTTP: bulk requests and streams, to one server or to several by turns. */
import { readFileSync } from "node:fs";
import { Agent, request } from "node:http";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { text } from "node:stream/consumers";
import { artifacts } from "./artifacts.ts";

/** Entities of a bulk request. */
export const BULK = 20;
/** Lines that a stream makes at once, as many as the server writes at once. */
export const STREAM = 1000;

/** What is to be written next; every batch is new. */
let next = 0;
const take = (size: number): number => (next += size) - size;

/** Works until the time is over, and tells of what is stored. */
export type Work = (until: number, stored: (rows: number) => void) => Promise<void>;

export interface Target {
  /** Of the server whose turn it is. */
  readonly url: () => string;
  readonly agent: Agent;
  readonly headers: Readonly<Record<string, string>>;
}

/** Signs in with the credentials in the data folder, which count for all servers of it. */
export async function openTarget(
  url: () => string,
  dataDir: string,
  connections: number,
): Promise<Target & { close(): void }> {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const target = { url, agent, headers: { "content-type": "application/json" } };
  const credentials = readFileSync(join(dataDir, "credentials.json"), "utf8");
  const { accessToken } = JSON.parse(await send(target, "/v1/auth/access_token", credentials)) as {
    accessToken: string;
  };
  const headers = { ...target.headers, authorization: `Bearer ${accessToken}` };
  return { ...target, headers, close: () => agent.destroy() };
}

/** @returns the answer. @throws when it is a refusal, or one of a part */
export async function send({ url, agent, headers }: Target, path: string, body: string): Promise<string> {
  const { status, answer } = await new Promise<{ status: number; answer: string }>((resolve, reject) => {
    const length = String(Buffer.byteLength(body));
    const sent = request(`${url()}${path}`, {
      ...{ method: "POST", agent, headers: { ...headers, "content-length": length } },
    });
    sent.on("error", reject);
    sent.on("response", (response) => {
      text(response).then((answer) => resolve({ status: response.statusCode ?? 0, answer }), reject);
    });
    sent.end(body);
  });
  if (status > 201) throw new Error(`${path} answered ${status}: ${answer.slice(0, 500)}`);
  return answer;
}

/** Batches of this size, one after the other. */
export const batches =
  (size: number, write: (from: number) => Promise<void>): Work =>
  async (until, stored) => {
    while (performance.now() < until) {
      await write(take(size));
      stored(size);
    }
  };

export const bulkWork = (target: Target): Work =>
  batches(BULK, async (from) => {
    const path = "/v1/blueprints/artifact/entities/bulk?upsert=true&merge=true";
    await send(target, path, JSON.stringify({ entities: artifacts(from, BULK) }));
  });

/** One stream per connection; its lines are made as the server takes them, and count when it says that they are stored. */
export const streamWork =
  ({ url, headers }: Target): Work =>
  async (until, stored) => {
    const lines = Readable.from(
      (function* () {
        while (performance.now() < until)
          yield artifacts(take(STREAM), STREAM)
            .map((line) => `${JSON.stringify(line)}\n`)
            .join("");
      })(),
      { highWaterMark: 1 },
    );
    const path = "/v1/blueprints/artifact/entities/import?upsert=true&merge=true&results=errors";
    const sent = request(`${url()}${path}`, {
      ...{ method: "POST", headers: { ...headers, "content-type": "application/x-ndjson" } },
    });
    const answered = new Promise<void>((resolve, reject) => {
      sent.on("error", reject);
      sent.on("response", (response) => {
        let [at, rest] = [0, ""];
        response.setEncoding("utf8");
        response.on("data", (chunk: string) => {
          const parts = (rest + chunk).split("\n");
          rest = parts.pop() ?? "";
          for (const part of parts) {
            const result = JSON.parse(part) as {
              line?: number;
              error?: string;
              done?: boolean;
              failed?: number;
            };
            if (result.error !== undefined || result.done === false || (result.failed ?? 0) > 0)
              reject(new Error(`an import of the benchmark failed: ${part}`));
            if (result.line === undefined) continue;
            stored(result.line - at);
            at = result.line;
          }
        });
        response.on("end", resolve);
        response.on("error", reject);
      });
    });
    await Promise.all([pipeline(lines, sent), answered]);
  };
