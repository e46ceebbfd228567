/** Turns everything that can go wrong in a request into the one error envelope. */
import type { FastifyError, FastifyReply, FastifyRequest } from "fastify";
import { AppError, type ErrorCode, ERRORS } from "../model/error.ts";

export interface Problem {
  readonly code: ErrorCode;
  readonly message: string;
  readonly extra?: Readonly<Record<string, unknown>>;
}

/** Fastify's own error codes that have a place in our table. */
const FROM_FASTIFY: Readonly<Record<string, ErrorCode>> = {
  FST_ERR_CTP_INVALID_MEDIA_TYPE: "unsupported_media_type",
  FST_ERR_CTP_BODY_TOO_LARGE: "payload_too_large",
  FST_ERR_CTP_INVALID_JSON_BODY: "invalid_json",
  FST_ERR_CTP_EMPTY_JSON_BODY: "invalid_json",
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: "invalid_json",
};

/** SQLSTATEs that mean "not now": connection lost, shutting down, a session ended for idling, a lock not given in time. */
const UNAVAILABLE = /^(08|57P|25P03|55P03)/;
/** character_not_in_repertoire: the only one that JSON can say and the database cannot hold. */
const NOT_IN_TEXT = "22021";
const NETWORK = new Set(["ECONNREFUSED", "ECONNRESET", "EPIPE", "ETIMEDOUT", "ENOTFOUND"]);
/** What the PostgreSQL driver says, without a code, of a connection that broke under it, or that nobody gave. */
const BROKEN =
  /^Connection terminated|^Client has encountered a connection error|^timeout exceeded when trying to connect/;
/** Fields whose value must appear neither in a log nor in an answer. */
const SECRET = /secret|password|token/i;

/** What is answered to an error. */
export function problemOf(error: FastifyError, request: FastifyRequest): Problem {
  if (error instanceof AppError) return { code: error.code, message: error.message, extra: error.extra };
  if (error.validation !== undefined)
    return { code: "invalid_request", message: validationMessage(error, request) };
  const code = FROM_FASTIFY[error.code];
  if (code === "payload_too_large")
    return { code, message: `the body is larger than the limit of ${request.routeOptions.bodyLimit} bytes` };
  if (code === "unsupported_media_type")
    return {
      code,
      message: `content type ${JSON.stringify(request.headers["content-type"] ?? "")} is not supported; send application/json`,
    };
  if (code !== undefined) return { code, message: error.message };
  if (error instanceof SyntaxError && error.statusCode === 400)
    return { code: "invalid_json", message: `the body is not valid JSON: ${error.message}` };
  if (error.statusCode === 400 || error.code === "FST_ERR_BAD_URL")
    return { code: "invalid_request", message: error.message };
  if ((error.code ?? "").startsWith("53"))
    return { code: "unavailable", message: "the database has no disk space, memory or connections left" };
  if (error.code === NOT_IN_TEXT)
    return { code: "invalid_request", message: "a text contains a NUL character, which text cannot hold" };
  if (UNAVAILABLE.test(error.code ?? "") || NETWORK.has(error.code ?? "") || BROKEN.test(error.message))
    return { code: "unavailable", message: "the database cannot be reached right now; try again" };
  return { code: "internal_error", message: `something went wrong; the request id is ${request.id}` };
}

/** Names the field, the value and the rule of the first violation, and how many more there are. */
function validationMessage(error: FastifyError, request: FastifyRequest): string {
  const [first, ...more] = error.validation ?? [];
  if (first === undefined) return error.message;
  const part = error.validationContext ?? "body";
  const source: unknown =
    part === "body"
      ? request.body
      : part === "querystring"
        ? request.query
        : part === "params"
          ? request.params
          : null;
  const path = first.instancePath.split("/").slice(1);
  const params = first.params as {
    missingProperty?: string;
    additionalProperty?: string;
    allowedValues?: unknown[];
  };
  const extra = params.missingProperty ?? params.additionalProperty;
  const field = [part, ...path, ...(extra === undefined ? [] : [extra])].join(".");
  let value: unknown = source;
  for (const step of path) value = (value as Record<string, unknown> | null | undefined)?.[step];
  const shown =
    extra === undefined && !SECRET.test(field)
      ? ` (value ${JSON.stringify(value)?.slice(0, 100) ?? "absent"})`
      : "";
  const allowed =
    params.allowedValues === undefined ? "" : `: ${params.allowedValues.map(String).join(", ")}`;
  const others = more.length === 0 ? "" : ` (and ${more.length} more)`;
  return `${field}${shown} ${first.message ?? "is invalid"}${allowed}${others}`;
}

export function handleError(error: FastifyError, request: FastifyRequest, reply: FastifyReply): void {
  const problem = problemOf(error, request);
  const { status } = ERRORS[problem.code];
  if (status >= 500) request.log.error({ err: error }, "request failed");
  else request.log.info({ code: problem.code, message: problem.message }, "request refused");
  const after = problem.extra?.["retryAfter"];
  if (typeof after === "number") void reply.header("retry-after", String(after));
  void reply
    .code(status)
    .type("application/json")
    .send({ ok: false, error: problem.code, message: problem.message, ...problem.extra });
}

export function handleNotFound(request: FastifyRequest, reply: FastifyReply): void {
  const path = request.url.split("?")[0] ?? "";
  void reply
    .code(404)
    .send({ ok: false, error: "not_found", message: `${request.method} ${path} was not found` });
}
