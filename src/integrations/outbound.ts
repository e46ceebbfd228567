/**
 * The one door to other servers. A host is asked only at an address that is public, or allowed by
 * `FAIRWAY_OUTBOUND_ALLOW`; the check is made on the addresses that the connection then uses, so that a name cannot
 * answer otherwise in between. Redirects are not followed here: who follows one comes through this door again.
 */
import { lookup } from "node:dns/promises";
import { Agent as HttpAgent, type IncomingMessage, request as httpRequest } from "node:http";
import { Agent as HttpsAgent, request as httpsRequest } from "node:https";
import { isIP, type LookupFunction } from "node:net";
import { pipeline } from "node:stream/promises";
import { callbackify } from "node:util";
import { createGunzip } from "node:zlib";
import { type AddressRules, readAllowed } from "./address-rules.ts";

export interface OutboundRequest {
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface OutboundAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

export interface Outbound {
  /** @throws OutboundRefused before anything was sent; OutboundSlow when all of it was; Error when there was no answer */
  request(url: URL, request: OutboundRequest): Promise<OutboundAnswer>;
}

/** The address may not be asked. The message goes behind "… was not asked: ". */
export class OutboundRefused extends Error {
  override readonly name = "OutboundRefused";
}

/** The server has the request, and did not answer in time: what it does with it goes on, perhaps. */
export class OutboundSlow extends Error {
  override readonly name = "OutboundSlow";
}

export type Resolve = (host: string) => Promise<readonly string[]>;

const TIMEOUT_MS = 30_000;
const MAX_ANSWER_BYTES = 64 * 1024 * 1024;
/** Connections of one server that wait for the next request. */
const MAX_IDLE = 8;

const bySystem: Resolve = async (host) => (await lookup(host, { all: true })).map(({ address }) => address);

/** @param allow the entries of `FAIRWAY_OUTBOUND_ALLOW`: addresses, nets, host names, `*.domain` */
export function createOutbound(
  allow: readonly string[],
  resolve: Resolve = bySystem,
  timeoutMs = TIMEOUT_MS,
): Outbound {
  const rules = readAllowed(allow);
  const pinned = pinnedLookup(rules, resolve);
  const keep = { keepAlive: true, maxFreeSockets: MAX_IDLE, lookup: pinned };
  const agents = { "http:": new HttpAgent(keep), "https:": new HttpsAgent(keep) };
  return {
    async request(url, request) {
      refuseForm(url);
      const host = bareHost(url);
      // Addresses are not looked up.
      if (isIP(host) !== 0) refuseAddresses(rules, host, [host]);
      const signal = AbortSignal.timeout(timeoutMs);
      const progress = { isSent: false };
      try {
        return await send(
          url,
          request,
          url.protocol === "https:" ? agents["https:"] : agents["http:"],
          signal,
          progress,
        );
      } catch (error) {
        if (!signal.aborted) throw error;
        const Late = progress.isSent ? OutboundSlow : Error;
        throw new Late(`no answer within ${timeoutMs / 1000} s`, { cause: error });
      }
    },
  };
}

/** Without brackets, and without the dot that ends a complete name. */
const bareHost = ({ hostname }: URL): string => hostname.replace(/^\[|\]$/g, "").replace(/\.$/, "");

function refuseForm({ protocol, username, password }: URL): void {
  if (protocol !== "http:" && protocol !== "https:")
    throw new OutboundRefused(`${protocol.slice(0, 20)} is none of http: and https:`);
  if (username !== "" || password !== "")
    throw new OutboundRefused("its address holds a user name or password; those belong into the settings");
}

function refuseAddresses(rules: AddressRules, host: string, addresses: readonly string[]): void {
  for (const address of addresses) {
    const what = rules.refusal(host, address);
    if (what === null) continue;
    const where = host === address ? `${address} is` : `${host} is at ${address},`;
    const how = what.isMetadata
      ? "only that address itself, listed in FAIRWAY_OUTBOUND_ALLOW, opens it"
      : "list the host, or a net that holds the address, in FAIRWAY_OUTBOUND_ALLOW to allow it";
    throw new OutboundRefused(`${where} ${what.kind}; ${how}`);
  }
}

/** Gives a connection the addresses that were checked, and no others. */
function pinnedLookup(rules: AddressRules, resolve: Resolve): LookupFunction {
  const find = callbackify(async (hostname: string, family: number) => {
    const host = hostname.replace(/\.$/, "");
    const addresses = await resolve(host);
    refuseAddresses(rules, host, addresses);
    const found = addresses
      .map((address) => ({ address, family: isIP(address) }))
      .filter((one) => family === 0 || one.family === family);
    const [first] = found;
    if (first === undefined) throw new Error("the host has no address");
    return { first, found };
  });
  return (hostname, { all, family = 0 }, callback) => {
    find(hostname, family === "IPv4" ? 4 : family === "IPv6" ? 6 : family, (error, answer) => {
      if (error !== null) callback(error, "", 0);
      else if (all === true) callback(null, [...answer.found]);
      else callback(null, answer.first.address, answer.first.family);
    });
  };
}

function send(
  url: URL,
  { method, headers, body }: OutboundRequest,
  agent: HttpAgent,
  signal: AbortSignal,
  progress: { isSent: boolean },
): Promise<OutboundAnswer> {
  const request = url.protocol === "https:" ? httpsRequest : httpRequest;
  const sent = {
    "accept-encoding": "gzip",
    ...headers,
    ...(body !== undefined && { "content-length": String(Buffer.byteLength(body)) }),
  };
  return new Promise((resolve, reject) => {
    const asked = request(url, { method, headers: sent, agent, signal }, (response) => {
      textOf(response).then(
        (text) => resolve({ status: response.statusCode ?? 0, headers: headersOf(response), text }),
        reject,
      );
    });
    asked.once("error", reject);
    asked.once("finish", () => void (progress.isSent = true));
    asked.end(body);
  });
}

async function textOf(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  const collect = async (source: AsyncIterable<Buffer>): Promise<void> => {
    let size = 0;
    for await (const chunk of source) {
      size += chunk.byteLength;
      if (size > MAX_ANSWER_BYTES) throw new Error("the answer is larger than 64 MiB");
      chunks.push(chunk);
    }
  };
  if (/^(x-)?gzip$/i.test(response.headers["content-encoding"] ?? ""))
    await pipeline(response, createGunzip(), collect);
  else await pipeline(response, collect);
  return Buffer.concat(chunks).toString("utf8");
}

function headersOf({ rawHeaders }: IncomingMessage): Headers {
  const headers = new Headers();
  for (let i = 0; i + 1 < rawHeaders.length; i += 2)
    headers.append(rawHeaders[i] ?? "", rawHeaders[i + 1] ?? "");
  return headers;
}
