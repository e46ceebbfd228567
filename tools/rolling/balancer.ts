/**
 * A proxy in front of several servers, as plain as they come: it asks each for /readyz, sends requests to those that said yes by
 * turns, on connections that it keeps, and tries nothing twice. Who says no, or is not there, gets nothing from then on; who says
 * nothing three times in a row, as proxies do it: on a busy machine a server that is well may be late.
 */
import { once } from "node:events";
import { Agent, createServer, request } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

const ASK_MS = 250;
/** Less than servers that are told to end go on answering (rolling-restart.ts): who asked just before then asks again in time. */
const ASK_LIMIT_MS = 2000;
const MOST_SILENT = 3;

export interface Balancer {
  readonly url: string;
  /** Servers as they are now. */
  set(urls: readonly string[]): void;
  /** Resolves when this one is asked for requests. */
  untilReady(url: string): Promise<void>;
  /** Requests that the servers did not answer, as sent on to whoever asked. */
  readonly broken: readonly string[];
  /** Questions for /readyz that were not answered in time. */
  readonly silences: () => number;
  close(): Promise<void>;
}

export async function startBalancer(): Promise<Balancer> {
  const agent = new Agent({ keepAlive: true, maxSockets: 32 });
  const broken: string[] = [];
  let servers: readonly string[] = [];
  const ready = new Set<string>();
  let turn = 0;
  let silences = 0;
  /** Servers that are asked right now, and how often each has said nothing in a row. */
  const asking = new Set<string>();
  const silent = new Map<string, number>();
  const answerOf = async (url: string): Promise<"yes" | "no" | "silent"> => {
    try {
      const response = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(ASK_LIMIT_MS) });
      await response.arrayBuffer();
      return response.ok ? "yes" : "no";
    } catch (error) {
      return (error as Error).name === "TimeoutError" ? "silent" : "no";
    }
  };
  const ask = async (url: string): Promise<void> => {
    if (asking.has(url)) return;
    asking.add(url);
    const answer = await answerOf(url);
    asking.delete(url);
    if (answer === "silent") silences += 1;
    silent.set(url, answer === "silent" ? (silent.get(url) ?? 0) + 1 : 0);
    if (answer === "yes" && servers.includes(url)) ready.add(url);
    if (answer === "no" || (silent.get(url) ?? 0) >= MOST_SILENT) ready.delete(url);
  };
  const timer = setInterval(() => servers.forEach((url) => void ask(url)), ASK_MS);
  const server = createServer({ keepAliveTimeout: 60_000 }, (asked, answer) => {
    const up = [...ready];
    turn += 1;
    const url = up[turn % up.length];
    const fail = (why: string): void => {
      if (answer.destroyed) return;
      broken.push(`${asked.method} ${asked.url}: ${why}`);
      if (answer.headersSent) answer.destroy();
      else answer.writeHead(502).end(why);
    };
    if (url === undefined) {
      fail("no server is ready");
      return;
    }
    const { method, url: path, headers } = asked;
    const { connection: _, ...kept } = headers;
    const sent = request(`${url}${path}`, { method, headers: kept, agent }, (response) => {
      const { connection: __, "keep-alive": ___, ...told } = response.headers;
      answer.writeHead(response.statusCode ?? 502, told);
      response.pipe(answer);
      response.on("error", (error) => fail(error.message));
    });
    sent.on("error", (error) => fail(error.message));
    answer.on("close", () => sent.destroy());
    asked.pipe(sent);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    set: (urls) => {
      servers = urls;
      for (const url of ready) if (!urls.includes(url)) ready.delete(url);
    },
    untilReady: async (url) => {
      while (!ready.has(url)) {
        await sleep(ASK_MS / 10);
        if (!servers.includes(url)) throw new Error(`${url} is none of the servers`);
      }
    },
    broken,
    silences: () => silences,
    close: async () => {
      clearInterval(timer);
      server.closeAllConnections();
      server.close();
      await once(server, "close");
      agent.destroy();
    },
  };
}
