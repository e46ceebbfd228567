/**
 * One HTTP client for all connectors: time-outs, retries of what may succeed later, rate limits, pages by `Link`.
 * It never waits long: a wait of minutes is told as an error with its time, and the runner comes back then.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { isObject, type JsonObject } from "../model/json.ts";
import { type Outbound, type OutboundAnswer, OutboundRefused } from "./outbound.ts";

export interface HttpOptions {
  readonly outbound: Outbound;
  /** Without a trailing slash. */
  readonly baseUrl: string;
  /** What messages call the system. */
  readonly system: string;
  /** Headers of every request; asked each time, so that short-lived tokens can be renewed. */
  readonly headers: () => Promise<Readonly<Record<string, string>>>;
  /** What to do about a 401 or 403. */
  readonly whenRefused: string;
  /** Seconds or epoch seconds until the limit is lifted, where the system has a header of its own. */
  readonly resetHeader?: string;
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: Headers;
  /** Parsed JSON; null when the answer was empty. */
  readonly body: unknown;
  /** Path and query of the next page by the `Link` header, relative to the base address. */
  readonly next: string | null;
}

export type Query = Readonly<Record<string, string | number | boolean | null | undefined>>;

export interface HttpClient {
  get(path: string, query?: Query): Promise<HttpAnswer>;
  post(path: string, body: unknown, query?: Query): Promise<HttpAnswer>;
  /** The same for another server of the system. */
  at(baseUrl: string): HttpClient;
}

/** Limits are lifted within hours. Who names a later time, be it the end of all times, is asked again after this one. */
const LONGEST_WAIT_MS = 6 * 3_600_000;

/** Why the system could not be asked. Never holds a token. */
export class HttpError extends Error {
  /** 0: there was no answer. */
  readonly status: number;
  /** May succeed later. */
  readonly isPassing: boolean;
  /** Not before this time (ms since 1970), which is hours away at most; null: whenever. */
  readonly retryAt: number | null;
  constructor(message: string, status: number, options: { isPassing: boolean; retryAt?: number | null }) {
    super(message);
    this.name = "HttpError";
    this.status = status;
    this.isPassing = options.isPassing;
    const at = options.retryAt ?? null;
    this.retryAt = at === null ? null : Math.min(at, Date.now() + LONGEST_WAIT_MS);
  }
}

const ATTEMPTS = 4;
/** Pauses 0.25 s, 0.5 s, 1 s, each up to a half longer by chance, so that clients do not come back together. */
const FIRST_PAUSE_MS = 250;
/** Longest pause that is waited for here. */
const MAX_PAUSE_MS = 5000;
/** A secondary limit without a time: the documentation of most systems asks for a minute. */
const UNTOLD_LIMIT_MS = 60_000;
const PASSING = new Set([408, 425, 429, 500, 502, 503, 504]);
const MAX_DETAIL = 300;
/** A renamed repository is one; more would be a loop. */
const MAX_HOPS = 3;

export function createHttpClient(options: HttpOptions): HttpClient {
  const send = async (method: string, path: string, query: Query, body?: unknown): Promise<HttpAnswer> => {
    const url = addressOf(options, path, query);
    for (let attempt = 1; ; attempt += 1) {
      const outcome = await once(options, method, url, body);
      if (!(outcome instanceof HttpError)) return outcome;
      const pause = pauseOf(outcome, attempt);
      if (!outcome.isPassing || attempt >= ATTEMPTS || pause > MAX_PAUSE_MS) throw outcome;
      await sleep(pause);
    }
  };
  return {
    get: (path, query = {}) => send("GET", path, query),
    post: (path, body, query = {}) => send("POST", path, query, body),
    at: (baseUrl) => createHttpClient({ ...options, baseUrl }),
  };
}

function pauseOf({ retryAt }: HttpError, attempt: number): number {
  if (retryAt !== null) return Math.max(0, retryAt - Date.now());
  return FIRST_PAUSE_MS * 2 ** (attempt - 1) * (1 + Math.random() / 2);
}

/** Only addresses below the base are asked: a `next` that points elsewhere would get the token. */
function addressOf({ baseUrl, system }: HttpOptions, path: string, query: Query): URL {
  const address = path.startsWith("/") ? `${baseUrl}${path}` : path;
  if (!URL.canParse(address))
    throw new HttpError(
      `${system} named a page by ${JSON.stringify(address.slice(0, 80))}, which is no address; it was not asked`,
      0,
      { isPassing: false },
    );
  const url = new URL(address);
  if (url.origin !== new URL(baseUrl).origin)
    throw new HttpError(`${system} named a page on another server (${url.origin}); it was not asked`, 0, {
      isPassing: false,
    });
  for (const [name, value] of Object.entries(query))
    if (value !== null && value !== undefined) url.searchParams.set(name, String(value));
  return url;
}

async function once(
  options: HttpOptions,
  method: string,
  url: URL,
  body: unknown,
  hops = 0,
): Promise<HttpAnswer | HttpError> {
  const { system } = options;
  const where = `${system} (${method} ${url.origin}${url.pathname})`;
  const own = await options.headers();
  let answer: OutboundAnswer;
  try {
    answer = await options.outbound.request(url, {
      method,
      headers: {
        accept: "application/json",
        "user-agent": "fairway",
        ...(body !== undefined && { "content-type": "application/json" }),
        ...own,
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
  } catch (error) {
    if (error instanceof OutboundRefused)
      return new HttpError(`${where} was not asked: ${error.message}`, 0, { isPassing: false });
    return new HttpError(`${where} did not answer: ${reasonOf(error)}`, 0, { isPassing: true });
  }
  const { status, headers, text } = answer;
  // Followed here, and only on the same server, which would get the tokens in headers.
  const moved = status >= 301 && status <= 308 ? headers.get("location") : null;
  if (moved !== null && hops < MAX_HOPS) {
    const target = URL.canParse(moved, url.href) ? new URL(moved, url) : null;
    if (target?.origin === url.origin && (method === "GET" || status >= 307))
      return once(options, method, target, body, hops + 1);
    return new HttpError(
      `${where} sends elsewhere (${target?.origin ?? "an address that cannot be read"}); it was not asked. Give that address if it is the right one.`,
      status,
      { isPassing: false },
    );
  }
  if (status < 200 || status > 299) return failureOf(options, where, answer);
  // Taken for an empty list it would delete what there is.
  if (text === "" && method === "GET" && status === 200)
    return new HttpError(`${where} answered nothing`, status, { isPassing: true });
  const type = headers.get("content-type") ?? "";
  try {
    const parsed: unknown = text === "" ? null : JSON.parse(text);
    return { status, headers, body: parsed, next: nextLink(headers.get("link")) };
  } catch {
    const what = type.includes("html") ? "a web page" : "something that is no JSON";
    return new HttpError(`${where} answered ${what}; is this the address of its API?`, status, {
      isPassing: false,
    });
  }
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { code } = error as { code?: unknown };
  // A message for each address that was tried says less than their common code.
  return typeof code === "string" && /^E(?!RR_)[A-Z_0-9]+$/.test(code) ? code : error.message;
}

function failureOf(
  options: HttpOptions,
  where: string,
  { status, headers, text }: OutboundAnswer,
): HttpError {
  const detail = detailOf(text);
  const said = detail === "" ? "" : `: ${detail}`;
  const retryAt = retryTime(options, headers);
  const isLimited =
    status === 429 ||
    // Statuspage's word for it.
    status === 420 ||
    (status === 403 &&
      (headers.has("retry-after") ||
        headers.get("x-ratelimit-remaining") === "0" ||
        /rate limit/i.test(detail)));
  if (isLimited)
    return new HttpError(`${where} limits how often it may be asked (${status})${said}`, status, {
      isPassing: true,
      retryAt: retryAt ?? (status === 403 ? Date.now() + UNTOLD_LIMIT_MS : null),
    });
  if (status === 401 || status === 403)
    return new HttpError(`${where} refused the request (${status})${said}. ${options.whenRefused}`, status, {
      isPassing: false,
    });
  const isPassing = PASSING.has(status);
  return new HttpError(`${where} answered ${status}${said}`, status, {
    isPassing,
    retryAt: headers.has("retry-after") ? retryAt : null,
  });
}

/** `Retry-After` in seconds or as a date; else the header that tells when the limit is lifted. */
function retryTime({ resetHeader }: HttpOptions, headers: Headers): number | null {
  const after = headers.get("retry-after");
  if (after !== null) {
    const seconds = Number(after);
    const at = Number.isFinite(seconds) ? Date.now() + seconds * 1000 : Date.parse(after);
    if (!Number.isNaN(at)) return at;
  }
  const reset = Number(headers.get(resetHeader ?? "x-ratelimit-reset") ?? Number.NaN);
  if (!Number.isFinite(reset)) return null;
  // Seconds from now, seconds or milliseconds since 1970: their sizes tell them apart.
  if (reset < 10_000_000) return Date.now() + reset * 1000;
  return reset < 100_000_000_000 ? reset * 1000 : reset;
}

/** What the system says of the failure, in one line. */
function detailOf(text: string): string {
  let said: unknown = text;
  try {
    const body: unknown = JSON.parse(text);
    if (isObject(body)) said = messageIn(body);
  } catch {
    if (/<html|<!doctype/i.test(text)) return "";
  }
  return typeof said === "string" ? said.replace(/\s+/g, " ").trim().slice(0, MAX_DETAIL) : "";
}

function messageIn(body: JsonObject): unknown {
  const { message, error, errors, errorMessages } = body;
  if (typeof message === "string") return message;
  if (isObject(error)) return messageIn(error);
  if (typeof error === "string") return error;
  const [first] = [errors ?? errorMessages].flat();
  return isObject(first) ? messageIn(first) : first;
}

/** RFC 8288: the address whose relation is `next`. */
function nextLink(header: string | null): string | null {
  for (const [, address, parameters] of (header ?? "").matchAll(/<([^>]*)>((?:\s*;\s*[^,;]+)*)/g))
    if (/;\s*rel\s*=\s*"?(?:[^"]*\s)?next(?:\s[^"]*)?"?\s*(?:;|$)/i.test(parameters ?? ""))
      return address ?? null;
  return null;
}
