/** A server on loopback that actions call: it keeps what came and answers as the test says. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

export interface Received {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
}

export interface Receiver {
  readonly url: string;
  readonly received: Received[];
  /** What the next requests are answered with, by path; 200 with `{}` otherwise. */
  readonly answers: Map<string, { readonly status: number; readonly body?: unknown }>;
  /** The requests of one path. */
  at(path: string): Received[];
  close(): Promise<void>;
}

export async function startReceiver(): Promise<Receiver> {
  const received: Received[] = [];
  const answers: Receiver["answers"] = new Map();
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const path = request.url ?? "";
      const text = Buffer.concat(chunks).toString("utf8");
      received.push({ method: request.method ?? "", path, headers: request.headers, text });
      const { status, body = {} } = answers.get(path) ?? { status: 200 };
      response.writeHead(status, { "content-type": "application/json" });
      response.end(JSON.stringify(body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    received,
    answers,
    at: (path) => received.filter((one) => one.path === path),
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
