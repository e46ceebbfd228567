/** What the servers that stand in for vendors share: sign-in, pages, faults on order, a log of what was asked. */
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { createOutbound } from "../../src/integrations/outbound.ts";

/** Where these servers are. */
export const LOOPBACK = createOutbound(["127.0.0.1"]);

export type Json = Record<string, unknown>;

export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Json;
  /** Address of the server, for absolute links. */
  readonly origin: string;
}

export interface Told {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** An answer that comes instead of the right one, once. */
export interface Fault {
  /** Number of the request, from 1. */
  readonly at: number;
  readonly told: Told;
}

export interface VendorServer {
  readonly url: string;
  /** Method and path of every request. */
  readonly asked: readonly string[];
  /** Statuses of the faults that were given. */
  readonly faults: readonly number[];
  /** Waited for before the request of this number, from 1, is answered. */
  beforeAnswer(wait: (request: number) => Promise<void>): void;
  stop(): Promise<void>;
}

export async function startVendor(
  isAuthorized: (asked: Asked) => boolean,
  refusal: Told,
  answer: (asked: Asked) => Told,
  faults: readonly Fault[],
): Promise<VendorServer> {
  const asked: string[] = [];
  const given: number[] = [];
  let before: (request: number) => Promise<void> = () => Promise.resolve();
  let url = "";
  const respond = async (request: IncomingMessage): Promise<Told> => {
    const { pathname, searchParams } = new URL(request.url ?? "/", url);
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const text = Buffer.concat(chunks).toString("utf8");
    asked.push(`${request.method} ${pathname}`);
    const at = asked.length;
    await before(at);
    const fault = faults.find((one) => one.at === at);
    if (fault !== undefined) {
      given.push(fault.told.status ?? 200);
      return fault.told;
    }
    const question: Asked = {
      ...{ method: request.method ?? "GET", path: pathname, query: searchParams, headers: request.headers },
      ...{ body: text === "" ? {} : (JSON.parse(text) as Json), origin: url },
    };
    return isAuthorized(question) ? answer(question) : refusal;
  };
  const server = createServer((request, response) => {
    const write = ({ status = 200, headers = {}, body }: Told): void => {
      const isText = typeof body === "string";
      response.writeHead(status, { "content-type": isText ? "text/html" : "application/json", ...headers });
      response.end(isText ? body : JSON.stringify(body ?? {}));
    };
    respond(request).then(write, (error: unknown) =>
      write({ status: 500, body: { message: String(error) } }),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    ...{ url, asked, faults: given },
    beforeAnswer: (wait) => {
      before = wait;
    },
    stop: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

/** One page of `all` by page number, with `Link` as RFC 8288 has it. */
export function linkedPage(
  { path, query, origin }: Asked,
  all: readonly unknown[],
  usual = 30,
): { items: unknown[]; headers: Record<string, string> } {
  const size = Number(query.get("per_page") ?? usual);
  const page = Number(query.get("page") ?? 1);
  const last = Math.max(1, Math.ceil(all.length / size));
  const link = (to: number, rel: string): string => {
    const next = new URLSearchParams(query);
    next.set("page", String(to));
    return `<${origin}${path}?${next.toString()}>; rel="${rel}"`;
  };
  const links = page < last ? [link(page + 1, "next"), link(last, "last")] : [link(1, "first")];
  return { items: all.slice((page - 1) * size, page * size), headers: { link: links.join(", ") } };
}
