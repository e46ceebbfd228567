import { noteFailure, noteOnSpan, withSpan } from "./span.ts";

interface Asked {
  readonly method: string;
}

/** As `ask`, with a span for every call. Of the address only the server is told: paths and queries hold keys. */
export function traceCalls<Q extends Asked, R extends { readonly status: number }>(
  ask: (url: URL, asked: Q) => Promise<R>,
): (url: URL, asked: Q) => Promise<R> {
  return (url, asked) => {
    const attributes = {
      ...{ "http.request.method": asked.method, "url.scheme": url.protocol.replace(":", "") },
      ...{ "server.address": url.hostname, ...(url.port !== "" && { "server.port": Number(url.port) }) },
    };
    return withSpan(`${asked.method} ${url.hostname}`, { kind: "client", attributes }, async () => {
      const answer = await ask(url, asked);
      noteOnSpan({ "http.response.status_code": answer.status });
      if (answer.status >= 400) noteFailure({ code: String(answer.status) });
      return answer;
    });
  };
}
