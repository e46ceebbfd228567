import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, it, onTestFinished } from "vitest";
import { createClient } from "../../src/cli/client.ts";
import { findConnection } from "../../src/cli/connection.ts";
import { startApiDouble } from "./support/api-double.ts";
import { temporaryFolder } from "./support/git-fixture.ts";

const CREDENTIALS = { clientId: "cli", clientSecret: "secret" };

describe("client", () => {
  it("takes one token for many requests, and a new one after a 401", async () => {
    const double = await startApiDouble();
    const client = double.client();
    await client.get("/v1/dora/status");
    await client.get("/v1/dora/status");
    double.token = "token-2";
    await client.get("/v1/dora/status");
    expect(double.sent("POST", "/v1/auth/access_token")).toHaveLength(2);
    expect(double.sent("GET", "/v1/dora/status")).toHaveLength(4);
  });

  it("gives up after one new token", async () => {
    const double = await startApiDouble();
    double.intercept = ({ path }) =>
      path === "/v1/x"
        ? { status: 401, body: { ok: false, error: "unauthorized", message: "no" } }
        : undefined;
    await expect(double.client().get("/v1/x")).rejects.toMatchObject({ status: 401, code: "unauthorized" });
    expect(double.sent("GET", "/v1/x")).toHaveLength(2);
  });

  it.each([429, 502, 503, 504, "reset"] as const)("tries again after %s", async (first) => {
    const double = await startApiDouble();
    let left = 2;
    double.intercept = ({ path }) => {
      if (path !== "/v1/dora/status" || left === 0) return undefined;
      left -= 1;
      return first === "reset" ? "reset" : { status: first, body: {} };
    };
    const reasons: string[] = [];
    const answer = await double.client({ onRetry: (reason) => reasons.push(reason) }).get("/v1/dora/status");
    expect(answer["settled"]).toBe(true);
    expect(double.sent("GET", "/v1/dora/status")).toHaveLength(3);
    // One line for the outage, not one per try.
    expect(reasons).toHaveLength(1);
  });

  it("does not try again what another try cannot change", async () => {
    const double = await startApiDouble();
    double.intercept = ({ path }) =>
      path === "/v1/x"
        ? { status: 422, body: { ok: false, error: "invalid_request", message: "wrong" } }
        : undefined;
    await expect(double.client().get("/v1/x")).rejects.toMatchObject({ status: 422, message: "wrong" });
    expect(double.sent("GET", "/v1/x")).toHaveLength(1);
  });

  it("ends when the server stays away", async () => {
    const double = await startApiDouble();
    const client = double.client({ retryWindowMs: 300 });
    await client.get("/v1/dora/status");
    double.intercept = () => "reset";
    await expect(client.get("/v1/dora/status")).rejects.toMatchObject({ exit: 3, code: "unreachable" });
    double.intercept = () => ({ status: 503, body: {} });
    await expect(client.get("/v1/dora/status")).rejects.toMatchObject({ status: 503 });
  });

  it("tells wrong credentials, a wrong address and another program apart", async () => {
    const double = await startApiDouble();
    const wrong = createClient({ url: double.url, clientId: "cli", clientSecret: "wrong" });
    await expect(wrong.get("/v1/x")).rejects.toMatchObject({ exit: 3, code: "unauthorized" });
    const nowhere = createClient(
      { url: "http://127.0.0.1:1", ...CREDENTIALS },
      { firstContactWindowMs: 100 },
    );
    await expect(nowhere.get("/v1/x")).rejects.toMatchObject({
      exit: 3,
      message: /cannot reach .*ECONNREFUSED/,
    });
    const other = createServer((_request, response) => response.end("<html>"));
    await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => void other.close());
    const url = `http://127.0.0.1:${(other.address() as AddressInfo).port}`;
    await expect(createClient({ url, ...CREDENTIALS }).get("/v1/x")).rejects.toMatchObject({
      exit: 3,
      code: "not_fairway",
    });
  });

  it("does not wait for ever, and stops at once when told to", async () => {
    const silent = createServer(() => {});
    await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => {
      silent.closeAllConnections();
      silent.close();
    });
    const url = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`;
    const hasty = createClient({ url, ...CREDENTIALS }, { timeoutMs: 20 });
    await expect(hasty.get("/v1/x")).rejects.toMatchObject({ exit: 3, message: /timeout/ });
    const controller = new AbortController();
    const stopped = createClient({ url, ...CREDENTIALS }, { signal: controller.signal }).get("/v1/x");
    controller.abort(new Error("enough"));
    await expect(stopped).rejects.toThrow("enough");
  });
});

describe("findConnection", () => {
  afterEach(() => {
    delete process.env["FAIRWAY_DATA"];
  });
  function localServer(server: Record<string, unknown> = { url: "http://localhost:3000" }): void {
    const folder = join(temporaryFolder(), "data");
    mkdirSync(folder);
    writeFileSync(join(folder, "server.json"), JSON.stringify({ pid: 1, ...server }));
    writeFileSync(join(folder, "credentials.json"), JSON.stringify(CREDENTIALS));
    process.env["FAIRWAY_DATA"] = folder;
  }

  it("finds the local server and its credentials", async () => {
    localServer();
    const url = "http://localhost:3000";
    expect(await findConnection({})).toEqual({ url, page: url, ...CREDENTIALS });
    expect(await findConnection({ url: "http://localhost:3000/" })).toMatchObject(CREDENTIALS);
  });

  it("sends no credentials to who has the port of a server that was killed", async () => {
    localServer({ url: "http://127.0.0.1:3000", pid: 2 ** 22 + 1 });
    await expect(findConnection({})).rejects.toMatchObject({ code: "no_server", message: /is gone/ });
  });

  it.each([
    [{ url: "http://127.0.0.1:3000" }, "http://localhost:3000"],
    [{ url: "http://127.0.0.1:3000", page: "https://portal.example.org/" }, "https://portal.example.org"],
    [{ url: "http://192.168.0.7:3000" }, "http://192.168.0.7:3000"],
  ])("tells people the address they are signed in at: %j", async (server, page) => {
    localServer(server);
    expect(await findConnection({})).toMatchObject({ url: server.url, page });
    expect(await findConnection({ url: server.url })).toMatchObject({ page: server.url });
  });

  it("sends local credentials nowhere else", async () => {
    localServer();
    await expect(findConnection({ url: "https://portal.example.org" })).rejects.toMatchObject({
      exit: 3,
      code: "no_credentials",
    });
    const given = { url: "https://portal.example.org/fairway/", clientId: "a", clientSecret: "b" };
    const url = "https://portal.example.org/fairway";
    expect(await findConnection(given)).toEqual({ ...given, url, page: url });
  });

  it("names what is missing or wrong", async () => {
    process.env["FAIRWAY_DATA"] = temporaryFolder();
    await expect(findConnection({})).rejects.toMatchObject({ exit: 3, code: "no_server" });
    await expect(findConnection({ clientId: "a" })).rejects.toMatchObject({ exit: 2 });
    await expect(findConnection({ url: "localhost" })).rejects.toMatchObject({ exit: 2 });
    await expect(findConnection({ url: "ftp://x" })).rejects.toMatchObject({ exit: 2 });
    writeFileSync(join(process.env["FAIRWAY_DATA"], "server.json"), "{");
    await expect(findConnection({})).rejects.toMatchObject({ exit: 3, code: "unreadable_file" });
  });
});
