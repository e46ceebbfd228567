/** What every answer says to browsers and proxies, besides what helmet lets it say. */
import type { FastifyReply, FastifyRequest } from "fastify";

/** Answers of the API; pages and their files have rules of their own (web.ts). */
const API = /^\/(v1|auth|scim|ingest|hooks|metrics|openapi\.json)(\/|\?|$)/;
/** Where browsers go themselves: to be sent on, or to read the description of the API. */
const WALKED = /^\/(auth\/sso\/|openapi\.json)/;
/** A year. */
const STRICT_TRANSPORT = "max-age=31536000";

/**
 * Nothing of the API is kept on the way or opened as a page: a browser that is led to an address of it saves a file.
 * @param isSecure people come by https, and browsers are to remember it
 */
export function answerHeaders(isSecure: boolean) {
  return (request: FastifyRequest, reply: FastifyReply, done: () => void): void => {
    void reply.header("x-request-id", request.id);
    if (isSecure) void reply.header("strict-transport-security", STRICT_TRANSPORT);
    if (API.test(request.url)) {
      void reply.header("cache-control", "no-store");
      if (!WALKED.test(request.url))
        void reply.header("content-disposition", 'attachment; filename="answer.json"');
    }
    done();
  };
}
