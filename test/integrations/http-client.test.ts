import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import { createHttpClient, type HttpClient, HttpError } from "../../src/integrations/http-client.ts";
import { LOOPBACK } from "./vendor-server.ts";

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const clientOf = (baseUrl: string): HttpClient =>
  createHttpClient({
    ...{ outbound: LOOPBACK, baseUrl, system: "Vendor", whenRefused: "Check the token." },
    headers: () => Promise.resolve({ "x-token": "s3cret-token" }),
  });

async function failure(work: Promise<unknown>): Promise<HttpError> {
  try {
    await work;
  } catch (error) {
    if (error instanceof HttpError) return error;
    throw error;
  }
  throw new Error("it went through");
}

const answer =
  (status: number, headers: Record<string, string> = {}, body = "{}"): RequestListener =>
  (_request, response) =>
    void response.writeHead(status, headers).end(body);

describe("the client of connectors", () => {
  test("tells the next page by Link, whatever stands around it", async () => {
    const link = `<https://x.test/?page=1>; rel="prev", <https://x.test/a?b=1,2&page=3>; title="n"; rel="next"`;
    const url = await serve(answer(200, { link }, "[1]"));
    expect(await clientOf(url).get("/a")).toMatchObject({
      ...{ status: 200, body: [1], next: "https://x.test/a?b=1,2&page=3" },
    });
  });

  test("asks no other server, whether a page or a redirect names it", async () => {
    let asked = 0;
    const other = await serve((_request, response) => {
      asked += 1;
      response.end("{}");
    });
    const url = await serve(answer(302, { location: `${other}/x` }));
    expect((await failure(clientOf(url).get(`${other}/next`))).message).toContain("another server");
    expect((await failure(clientOf(url).get("/a"))).message).toContain(other);
    expect(asked).toBe(0);
  });

  test("takes 420 for a limit, as Statuspage means it", async () => {
    let asked = 0;
    const url = await serve((request, response) => {
      asked += 1;
      answer(asked === 1 ? 420 : 200, { "retry-after": "0" }, `{"asked":${asked}}`)(request, response);
    });
    expect((await clientOf(url).get("/a")).body).toEqual({ asked: 2 });
  });

  test("follows a redirect on the same server", async () => {
    const url = await serve((request, response) => {
      if (request.url === "/old") response.writeHead(301, { location: "/new" }).end();
      else response.end(JSON.stringify({ at: request.url, token: request.headers["x-token"] }));
    });
    expect((await clientOf(url).get("/old")).body).toEqual({ at: "/new", token: "s3cret-token" });
    const loop = await serve(answer(301, { location: "/again" }));
    expect((await failure(clientOf(loop).get("/again"))).status).toBe(301);
  });

  test("comes back after 502, and gives up on what will not change", async () => {
    let asked = 0;
    const url = await serve((_request, response) => {
      asked += 1;
      response.writeHead(asked === 1 ? 502 : 200).end("{}");
    });
    expect((await clientOf(url).get("/a")).status).toBe(200);
    expect(asked).toBe(2);
    const gone = await serve(answer(404, {}, `{"message": "Not Found"}`));
    expect(await failure(clientOf(gone).get("/a"))).toMatchObject({ status: 404, isPassing: false });
  });

  test("does not wait for minutes: it says when", async () => {
    const url = await serve(answer(429, { "retry-after": "120" }));
    const { retryAt, isPassing } = await failure(clientOf(url).get("/a"));
    expect(isPassing).toBe(true);
    expect(Math.round(((retryAt ?? 0) - Date.now()) / 10_000)).toBe(12);
    const reset = String(Math.floor(Date.now() / 1000) + 600);
    const limited = await serve(answer(403, { "x-ratelimit-remaining": "0", "x-ratelimit-reset": reset }));
    expect((await failure(clientOf(limited).get("/a"))).retryAt).toBe(Number(reset) * 1000);
  });

  test("a limit of years is asked about again in hours; a next page that is no address is told", async () => {
    const url = await serve(answer(429, { "retry-after": "1e300" }, "{}"));
    const { retryAt } = await failure(clientOf(url).get("/a"));
    expect((retryAt ?? Infinity) - Date.now()).toBeLessThanOrEqual(6 * 3_600_000);
    expect((await failure(clientOf(url).get("?page=2"))).message).toContain("is no address");
  });

  test("an answer without a body is no empty list", async () => {
    let asked = 0;
    const url = await serve((request, response) => {
      asked += 1;
      answer(200, {}, asked === 1 ? "" : "[1]")(request, response);
    });
    expect((await clientOf(url).get("/a")).body).toEqual([1]);
  });

  test("says what to do, and never the token", async () => {
    const url = await serve(answer(403, {}, `{"message": "Resource not accessible"}`));
    const { message, isPassing } = await failure(clientOf(url).get("/a?b=1"));
    expect(isPassing).toBe(false);
    expect(message).toMatch(
      /Vendor \(GET .*\/a\) refused the request \(403\): Resource not accessible. Check the token./,
    );
    const page = await serve(answer(200, { "content-type": "text/html" }, "<html>Sign in</html>"));
    const wrong = await failure(clientOf(page).get("/a"));
    expect(wrong.message).toContain("a web page");
    expect(message + wrong.message).not.toContain("s3cret-token");
  });
});
