/**
 * One signed call to another server, through the one door (ADR 22). The idempotency key is the run's id: it stays the
 * same over retries and the death of the process, so that a receiver can tell a repetition from a second run.
 */
import { isObject } from "../../model/json.ts";
import { isTrusted } from "../../model/run.ts";
import type { Door } from "../run-means.ts";
import { maskOf } from "../masking.ts";
import { InvocationError } from "../render-invocation.ts";
import { signatureOf } from "../sign.ts";
import { CallFailed, type Invocation } from "./invocation.ts";
import { waitOf } from "./rate-limit.ts";

export interface Call {
  readonly url: string;
  /** As the action has it, with its templates: credentials go only where this leads by itself. Absent: nowhere. */
  readonly written?: string;
  /** The same without secrets, for messages. */
  readonly shownUrl: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  /** undefined: none. */
  readonly body?: unknown;
  /** Characters of the answer that are read; what runs keep is short. */
  readonly maxKept?: number;
}

export interface CallAnswer {
  readonly status: number;
  readonly headers: Headers;
  /** Parsed if it is JSON, cut if it is long; secrets masked. */
  readonly body: unknown;
  readonly isOk: boolean;
}

/** Try again: overload and outages; 501 and the like stay as they are. */
const PASSING = new Set([408, 425, 429, 502, 503, 504]);
const MAX_KEPT = 32_768;

/** @throws CallFailed, InvocationError */
export async function call(invocation: Invocation, request: Call): Promise<CallAnswer> {
  const { means, secrets, run, now } = invocation;
  const mask = maskOf(secrets);
  const where = `${request.method} ${mask(request.shownUrl)}`;
  if (!URL.canParse(request.url)) throw new InvocationError(`${where}: this is no absolute URL`);
  const body = request.body === undefined ? "" : JSON.stringify(request.body);
  const timestamp = String(Math.floor(now.getTime() / 1000));
  const sent = {
    accept: "application/json, text/plain, */*",
    "user-agent": "fairway",
    ...(body === "" ? {} : { "content-type": "application/json" }),
    ...lowerCased(request.headers),
    "idempotency-key": run.id,
    "x-port-run-id": run.id,
    "x-port-timestamp": timestamp,
    "x-port-signature": signatureOf(means.clientSecret, timestamp, body),
  };
  let answer: Awaited<ReturnType<Door["request"]>>;
  try {
    const { door, url, headers } = await destinationOf(request, sent, invocation);
    answer = await door.request(url, { method: request.method, headers, ...(body === "" ? {} : { body }) });
  } catch (error) {
    const reason = mask(error instanceof Error ? error.message : String(error));
    if (isRefusal(error)) throw new InvocationError(`${where} was not asked: ${reason}`);
    throw new CallFailed(`${where} did not answer: ${reason}`, null, isSlow(error));
  }
  const { status, headers, text } = answer;
  if (PASSING.has(status)) throw new CallFailed(`${where} answered ${status}`, waitOf(status, headers, now));
  return { status, headers, body: mask(readBody(text, request.maxKept ?? MAX_KEPT)), isOk: status < 400 };
}

interface Destination {
  readonly door: Door;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
}

const ENTITIES = /^\/v1\/(blueprints\/[^/]+\/)?entities(\/|$)/;

/** The server's own API is asked where it answers, with credentials; everything else through the door. */
async function destinationOf(
  request: Call,
  headers: Readonly<Record<string, string>>,
  { means, run }: Invocation,
): Promise<Destination> {
  const { door, own } = means;
  const url = new URL(request.url);
  const isOwn = own.origins().includes(url.origin) && url.pathname.startsWith("/v1/");
  if (!isOwn || !isTrusted(run) || !leadsTo(request.written, url)) return { door, url, headers };
  // What the call writes belongs to the run: so the guard against loops sees what it starts.
  const isNamed = request.method === "GET" || !ENTITIES.test(url.pathname) || url.searchParams.has("run_id");
  const mark = isNamed ? "" : `${url.search === "" ? "?" : "&"}run_id=${run.id}`;
  const at = new URL(`${url.pathname}${url.search}${mark}`, own.address());
  const authorization = headers["authorization"] ?? `Bearer ${await own.token()}`;
  return { door: own.door, url: at, headers: { ...headers, authorization } };
}

/**
 * Whether the text in front of the first template names the API, and the address lies below it: otherwise whoever fills
 * in a form, or writes an entity with an address in it, would choose what is done with the organisation's credentials.
 */
function leadsTo(written: string | undefined, url: URL): boolean {
  const [start = ""] = (written ?? "").split("{{");
  if (!URL.canParse(start)) return false;
  const { href, pathname } = new URL(start);
  return pathname.startsWith("/v1/") && url.href.startsWith(href);
}

/** The door refused the address before anything was sent: trying again is no use. */
const isRefusal = (error: unknown): boolean => error instanceof Error && error.name === "OutboundRefused";

/** It was sent as a whole before the time for an answer was over. */
const isSlow = (error: unknown): boolean => error instanceof Error && error.name === "OutboundSlow";

function lowerCased(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}

function readBody(text: string, maxKept: number): unknown {
  if (text === "") return null;
  if (text.length > maxKept) return `${text.slice(0, maxKept)}…`;
  try {
    const parsed: unknown = JSON.parse(text);
    return storable(parsed);
  } catch {
    return storable(text);
  }
}

/** PostgreSQL stores neither U+0000 nor half of a surrogate pair. */
function storable(value: unknown): unknown {
  if (typeof value === "string") return value.toWellFormed().replaceAll("\u0000", "\uFFFD");
  if (Array.isArray(value)) return value.map(storable);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, one]) => [storable(key) as string, storable(one)]),
  );
}

/** Headers as they can be sent: texts; null counts as not given. */
export function headersOf(value: unknown): Record<string, string> {
  if (!isObject(value)) return {};
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, text]) =>
      text === null || text === undefined
        ? []
        : [[name, typeof text === "string" ? text : JSON.stringify(text)]],
    ),
  );
}
