/** The one table of error codes. docs/errors.md must say the same (test/errors.test.ts). */
export const ERRORS = {
  invalid_json: { status: 400, meaning: "The body is not valid JSON." },
  unauthorized: { status: 401, meaning: "No token or session, or one that is wrong or expired." },
  forbidden: { status: 403, meaning: "Signed in, but not allowed to do this." },
  not_found: {
    status: 404,
    meaning: "The thing named in the path, or one that the body points at, does not exist.",
  },
  conflict: { status: 409, meaning: "It exists already, or its state does not allow this." },
  has_dependents: {
    status: 409,
    meaning: "Others depend on it; the message lists them (first 20 and a count).",
  },
  payload_too_large: { status: 413, meaning: "The body is larger than the limit that the message names." },
  unsupported_media_type: { status: 415, meaning: "The content type is not the one this route takes." },
  invalid_request: {
    status: 422,
    meaning: "The request does not fit its schema or a rule; the message names field, value and rule.",
  },
  search_timeout: {
    status: 422,
    meaning: "The search took too long and was stopped; it has to ask for less.",
  },
  rate_limited: {
    status: 429,
    meaning:
      "Too many requests or failed attempts, or more events, previews or followed logs than can be worked off; try again after `Retry-After` seconds.",
  },
  internal_error: { status: 500, meaning: "A fault of the server; the request id finds it in the log." },
  unavailable: { status: 503, meaning: "Not ready: the database is away, starting or stopping." },
} as const;

export type ErrorCode = keyof typeof ERRORS;

/** An answer other than success, to be sent as `{ok: false, error: code, message, ...extra}`. */
export class AppError extends Error {
  readonly code: ErrorCode;
  /** Further keys of the answer, e.g. `dependents`. */
  readonly extra: Readonly<Record<string, unknown>>;
  constructor(code: ErrorCode, message: string, extra: Readonly<Record<string, unknown>> = {}) {
    super(message);
    this.name = "AppError";
    this.code = code;
    this.extra = extra;
  }
  get status(): number {
    return ERRORS[this.code].status;
  }
}

export function notFound(what: string, identifier: string): AppError {
  return new AppError("not_found", `${what} with identifier "${identifier}" was not found`);
}

export function invalid(message: string): AppError {
  return new AppError("invalid_request", message);
}
