/** A span for every request, under which its statements and calls stand. Of the address only the route is told. */
import type { FastifyRequest } from "fastify";
import { closeSpan, inSpan, openSpan, type OpenSpan } from "../tracing/span.ts";
import type { FairwayInstance } from "./app-types.ts";

/** Asked every few seconds by machines. */
const UNTOLD = new Set(["/healthz", "/readyz", "/metrics"]);

/**
 * To be called before other hooks are added, where traces are wanted. The caller's `traceparent` is continued when the request came through a
 * proxy that is trusted: whoever else could choose what is sampled.
 */
export function traceRequests(app: FairwayInstance): void {
  const spans = new WeakMap<FastifyRequest, OpenSpan>();
  app.addHook("onRequest", (request, _reply, done) => {
    const route = request.routeOptions.url ?? "unmatched";
    const caller = (request.ips?.length ?? 0) > 1 ? request.headers["traceparent"] : undefined;
    const open = UNTOLD.has(route)
      ? null
      : openSpan(`${request.method} ${route}`, {
          kind: "server",
          attributes: {
            ...{ "http.request.method": request.method, "http.route": route },
            ...{ "url.scheme": request.protocol, "fairway.request_id": request.id },
          },
          origins: [typeof caller === "string" ? caller : null],
        });
    if (open === null) return done();
    spans.set(request, open);
    inSpan(open, done);
  });
  // The body came by events of the socket, which know nothing of the request.
  app.addHook("preValidation", (request, _reply, done) => {
    const open = spans.get(request);
    if (open === undefined) done();
    else inSpan(open, done);
  });
  app.addHook("onResponse", (request, reply, done) => {
    const open = spans.get(request);
    if (open !== undefined) {
      open.span.setAttribute("http.response.status_code", reply.statusCode);
      closeSpan(open, reply.statusCode >= 500 ? String(reply.statusCode) : null);
    }
    done();
  });
}
