import { setTimeout as sleep } from "node:timers/promises";
import { CliError, exitCode } from "./cli-error.ts";
import type { Connection } from "./connection.ts";

/** How long one request is tried again while the server restarts, is busy or drops the connection. */
const RETRY_WINDOW_MS = 90_000;
/** Before the first answer the address is more likely wrong than restarting. */
const FIRST_CONTACT_WINDOW_MS = 3_000;
const REQUEST_TIMEOUT_MS = 60_000;
/** A server that computes for minutes still ends one request or another within five minutes. */
const MAX_TIMEOUTS = 5;
const RETRY_STATUS = new Set([429, 502, 503, 504]);
const RETRY_CODES = new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "EPIPE",
  "ETIMEDOUT",
  "EAI_AGAIN",
  "UND_ERR_SOCKET",
  "UND_ERR_CONNECT_TIMEOUT",
  "UND_ERR_HEADERS_TIMEOUT",
  "UND_ERR_BODY_TIMEOUT",
]);

/** An answer of the server that is not 2xx. */
export class ApiError extends Error {
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.name = "ApiError";
    this.status = status;
    this.code = code;
  }
}

export type JsonObject = Record<string, unknown>;

export interface ApiClient {
  /** Where people open the pages. */
  readonly page: string;
  get(path: string): Promise<JsonObject>;
  post(path: string, body: unknown): Promise<JsonObject>;
  patch(path: string, body: unknown): Promise<JsonObject>;
  put(path: string, body: unknown): Promise<JsonObject>;
  /** Sends a body that is JSON text already. */
  postText(path: string, json: string): Promise<JsonObject>;
  /** For a last word after an interrupt: not stopped by the signal, soon given up. */
  parting(): ApiClient;
}

export interface ClientOptions {
  /** Ends every request and wait at once. */
  readonly signal?: AbortSignal;
  /** Told once per wait, so that a pause is explained. */
  readonly onRetry?: (reason: string) => void;
  readonly retryWindowMs?: number;
  readonly firstContactWindowMs?: number;
  readonly timeoutMs?: number;
  /** So many requests without an answer are given up. */
  readonly maxTimeouts?: number;
}

interface Reply {
  readonly status: number;
  readonly text: string;
  readonly retryAfterMs: number | null;
}

function networkCode(error: unknown): string | null {
  for (let at: unknown = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth += 1) {
    if (at instanceof AggregateError && at.errors.length > 0) return networkCode(at.errors[0]);
    const code = (at as NodeJS.ErrnoException).code;
    if (typeof code === "string") return code;
  }
  return null;
}

function retryAfter(header: string | null): number | null {
  const seconds = Number(header);
  return header === null || !Number.isFinite(seconds) || seconds < 0 ? null : Math.min(seconds, 30) * 1000;
}

/**
 * Talks to the server: takes a token when needed (a 401 renews it once), tries again with growing pauses while the
 * server is away or busy, and throws ApiError for every other answer that is not 2xx.
 */
export function createClient(connection: Connection, options: ClientOptions = {}): ApiClient {
  const { signal, onRetry } = options;
  const timeoutMs = options.timeoutMs ?? REQUEST_TIMEOUT_MS;
  let token: string | null = null;
  let contacted = false;

  async function once(
    method: string,
    path: string,
    body: string | null,
    bearer: string | null,
  ): Promise<Reply> {
    const headers: Record<string, string> = { accept: "application/json" };
    if (body !== null) headers["content-type"] = "application/json";
    if (bearer !== null) headers["authorization"] = `Bearer ${bearer}`;
    const timeout = AbortSignal.timeout(timeoutMs);
    const response = await fetch(`${connection.url}${path}`, {
      method,
      headers,
      body,
      redirect: "error",
      signal: signal === undefined ? timeout : AbortSignal.any([signal, timeout]),
    });
    const text = await response.text();
    return { status: response.status, text, retryAfterMs: retryAfter(response.headers.get("retry-after")) };
  }

  async function persistent(method: string, path: string, body: string | null, bearer: string | null) {
    const window = contacted
      ? (options.retryWindowMs ?? RETRY_WINDOW_MS)
      : (options.firstContactWindowMs ?? FIRST_CONTACT_WINDOW_MS);
    const deadline = Date.now() + window;
    let timeouts = 0;
    let told = "";
    for (let attempt = 0; ; attempt += 1) {
      let reason: string;
      let wait = Math.min(5000, 150 * 2 ** attempt) * (0.5 + Math.random() / 2);
      try {
        const reply = await once(method, path, body, bearer);
        contacted = true;
        if (!RETRY_STATUS.has(reply.status)) return reply;
        if (Date.now() + wait > deadline) return reply;
        reason = `the server answered ${reply.status}`;
        wait = reply.retryAfterMs ?? wait;
      } catch (error) {
        signal?.throwIfAborted();
        const timedOut = error instanceof Error && error.name === "TimeoutError";
        const code = timedOut ? "timeout" : (networkCode(error) ?? "failed");
        if (timedOut) timeouts += 1;
        const again = timedOut
          ? timeouts < (options.maxTimeouts ?? MAX_TIMEOUTS)
          : RETRY_CODES.has(code) && Date.now() + wait <= deadline;
        if (!again) throw unreachable(connection.url, code, error);
        reason = timedOut ? `no answer within ${timeoutMs / 1000} s` : `connection lost (${code})`;
      }
      // Once per reason: an outage is one line, however many tries it takes.
      if (contacted && reason !== told) onRetry?.(`${reason}; trying again`);
      told = reason;
      await sleep(wait, undefined, signal === undefined ? {} : { signal });
    }
  }

  async function authenticate(): Promise<string> {
    const body = JSON.stringify({ clientId: connection.clientId, clientSecret: connection.clientSecret });
    const reply = await persistent("POST", "/v1/auth/access_token", body, null);
    if (reply.status === 401)
      throw new CliError(
        exitCode.unreachable,
        "unauthorized",
        `${connection.url} does not accept these credentials`,
        "check --client-id and --client-secret, or FAIRWAY_DATA",
      );
    const accessToken = parse(reply)["accessToken"];
    if (typeof accessToken !== "string") throw notFairway(connection.url);
    return accessToken;
  }

  function parse(reply: Reply): JsonObject {
    let value: unknown = null;
    try {
      value = JSON.parse(reply.text);
    } catch {
      // Told below: an error page of a proxy, or another program on that port.
    }
    const object = typeof value === "object" && value !== null ? (value as JsonObject) : null;
    if (reply.status >= 200 && reply.status < 300) {
      if (object === null) throw notFairway(connection.url);
      return object;
    }
    const code = object?.["error"];
    const message = object?.["message"];
    throw new ApiError(
      reply.status,
      typeof code === "string" ? code : `http_${reply.status}`,
      typeof message === "string" ? message : `the server answered ${reply.status}`,
    );
  }

  async function request(method: string, path: string, body: string | null): Promise<JsonObject> {
    token ??= await authenticate();
    let reply = await persistent(method, path, body, token);
    if (reply.status === 401) {
      token = await authenticate();
      reply = await persistent(method, path, body, token);
    }
    return parse(reply);
  }

  return {
    page: connection.page ?? connection.url,
    get: (path) => request("GET", path, null),
    post: (path, body) => request("POST", path, JSON.stringify(body)),
    put: (path, body) => request("PUT", path, JSON.stringify(body)),
    patch: (path, body) => request("PATCH", path, JSON.stringify(body)),
    postText: (path, json) => request("POST", path, json),
    parting: () =>
      createClient(connection, { retryWindowMs: 1000, firstContactWindowMs: 1000, timeoutMs: 3000 }),
  };
}

function unreachable(url: string, code: string, cause: unknown): CliError {
  const error = new CliError(
    exitCode.unreachable,
    "unreachable",
    `cannot reach ${url} (${code})`,
    "is the server running? start it with npm start, or give its address with --url",
  );
  error.cause = cause;
  return error;
}

function notFairway(url: string): CliError {
  return new CliError(exitCode.unreachable, "not_fairway", `${url} does not answer like a Fairway server`);
}
