import { attentionHeaders } from "./attention.ts";

/** One request to the portal's API; every failure is an `ApiError` that a person can report. */
export class ApiError extends Error {
  /** HTTP status; 0 when no answer came at all. */
  readonly status: number;
  readonly code: string;
  readonly requestId: string | null;
  readonly body: unknown;

  constructor(status: number, code: string, message: string, requestId: string | null, body: unknown) {
    super(message);
    this.name = "ApiError";
    this.status = status;
    this.code = code;
    this.requestId = requestId;
    this.body = body;
  }
}

export type Params = Record<string, string | number | boolean | null | undefined>;

/** `path` with the parameters that have a value. */
function address(path: string, params: Params = {}): string {
  const query = new URLSearchParams();
  for (const [key, value] of Object.entries(params)) {
    if (value !== null && value !== undefined && value !== "") query.set(key, String(value));
  }
  const text = query.toString();
  return text === "" ? path : `${path}?${text}`;
}

/** Reads JSON; throws `ApiError` on a status ≥ 400, on no answer and on an answer that is not JSON. */
export function getJson<T>(path: string, params?: Params, signal?: AbortSignal): Promise<T> {
  return send<T>(address(path, params), signal ? { signal } : {});
}

/** Posts JSON; same errors as `getJson`. */
export function postJson<T>(path: string, body: unknown = {}, signal?: AbortSignal): Promise<T> {
  return sendJson<T>("POST", path, body, signal);
}

/** Sends JSON by another method; same errors as `getJson`. */
export function sendJson<T>(
  method: "POST" | "PUT" | "PATCH",
  path: string,
  body: unknown,
  signal?: AbortSignal,
): Promise<T> {
  return send<T>(path, {
    method,
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
    ...(signal ? { signal } : {}),
  });
}

/** Same errors as `getJson`. */
export function deleteJson<T>(path: string, params?: Params): Promise<T> {
  return send<T>(address(path, params), { method: "DELETE" });
}

let reader: string | undefined;

/** Who reads the pages: the server refuses to do for another person what is asked from them. */
export function setReader(email: string): void {
  reader = encodeURIComponent(email);
}

async function send<T>(url: string, init: RequestInit): Promise<T> {
  let response: Response;
  try {
    response = await fetch(url, {
      ...init,
      credentials: "same-origin",
      headers: {
        accept: "application/json",
        ...attentionHeaders(),
        ...(reader !== undefined && init.method && { "x-fairway-reader": reader }),
        ...(init.headers as Record<string, string> | undefined),
      },
    });
  } catch (cause) {
    if (init.signal?.aborted) throw cause;
    throw new ApiError(
      0,
      "unreachable",
      "The server did not answer. Is it running, and are you online?",
      null,
      null,
    );
  }
  const requestId = response.headers.get("x-request-id");
  const body: unknown = await response.json().catch(() => null);
  if (response.ok && body !== null) return body as T;
  const said = (body ?? {}) as { error?: unknown; message?: unknown };
  throw new ApiError(
    response.status,
    typeof said.error === "string" ? said.error : `http_${response.status}`,
    typeof said.message === "string"
      ? said.message
      : `The server answered ${response.status} without saying why.`,
    requestId,
    body,
  );
}
