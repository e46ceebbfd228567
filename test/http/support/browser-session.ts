/** Somebody at a browser of their own: a cookie, an address, no token. */
import type { Answer, TestApp } from "../../support/app.ts";

export interface BrowserSession {
  send<T = Record<string, unknown>>(
    method: string,
    path: string,
    body?: unknown,
    more?: Readonly<Record<string, string>>,
  ): Promise<Answer<T>>;
  readonly isSignedIn: boolean;
}

/** @param address what the server is to take for theirs; it must trust the proxy that says so */
export function openBrowser(app: TestApp, address: string, userAgent = "Test"): BrowserSession {
  let cookie = "";
  return {
    async send<T>(
      method: string,
      path: string,
      body?: unknown,
      more: Readonly<Record<string, string>> = {},
    ): Promise<Answer<T>> {
      const response = await fetch(app.url + path, {
        method,
        headers: {
          ...{ "user-agent": userAgent, "x-forwarded-for": address },
          ...(cookie !== "" && { cookie }),
          ...(body !== undefined && { "content-type": "application/json" }),
          ...more,
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
      const set = response.headers.get("set-cookie");
      if (set !== null) cookie = /^fairway_session=;|Max-Age=0/.test(set) ? "" : (set.split(";")[0] ?? "");
      // The caller names the shape it expects of the answer.
      return { status: response.status, headers: response.headers, body: (await response.json()) as T };
    },
    get isSignedIn() {
      return cookie !== "";
    },
  };
}
