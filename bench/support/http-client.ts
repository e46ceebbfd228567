/** Requests on kept connections, with less work for this process than `fetch`: it shares the machine with what it measures. */
import { Agent, request } from "node:http";
import { text } from "node:stream/consumers";

export interface Answer {
  /** 0: none came. */
  readonly status: number;
  readonly body: string;
  readonly ms: number;
}

export interface Asking {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface HttpClient {
  ask(url: string, asking?: Asking): Promise<Answer>;
  close(): void;
}

/** @param sockets to each server at most; what is asked beyond waits */
export function createHttpClient(sockets: number): HttpClient {
  const agent = new Agent({ keepAlive: true, maxSockets: sockets });
  return {
    ask: (url, { method = "GET", headers = {}, body } = {}) => {
      const started = performance.now();
      const answer = (status: number, got: string): Answer => {
        return { status, body: got, ms: performance.now() - started };
      };
      return new Promise((resolve) => {
        const length = body === undefined ? {} : { "content-length": String(Buffer.byteLength(body)) };
        const sent = request(url, { method, agent, headers: { ...headers, ...length } }, (response) => {
          text(response).then(
            (got) => resolve(answer(response.statusCode ?? 0, got)),
            (error: unknown) => resolve(answer(0, String(error))),
          );
        });
        sent.on("error", (error) => resolve(answer(0, String(error))));
        sent.end(body);
      });
    },
    close: () => agent.destroy(),
  };
}
