/** Organisation, secrets and apps (data-model.md §8.7–8.9). */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { decryptSecret, encryptSecret } from "../../src/access/secrets.ts";
import { startTestApp, type TestApp } from "../support/app.ts";

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.stop());

type Body = Record<string, unknown>;
const send = (method: string, path: string, body?: unknown, headers?: Record<string, string>) =>
  app.send<Body>(method, path, body, headers);

describe("§8.7 organisation", () => {
  test("is answered with id, name and feature flags", async () => {
    const { status, body } = await send("GET", "/v1/organization");
    expect(status).toBe(200);
    expect(body["organization"]).toMatchObject({
      name: "My organisation",
      featureFlags: [],
      settings: {},
      announcement: null,
    });
    expect((body["organization"] as Body)["id"]).toMatch(/^org_/);
  });

  test("PATCH needs no name, keeps unknown settings and what it omits", async () => {
    const patched = await send("PATCH", "/v1/organization", { settings: { portAgentStreamerName: "KAFKA" } });
    expect(patched).toMatchObject({ status: 200, body: { ok: true } });
    await send("PATCH", "/v1/organization", { settings: { portalTitle: "Acme" }, name: "Acme Ltd" });
    const { body } = await send("GET", "/v1/organization");
    expect(body["organization"]).toMatchObject({
      name: "Acme Ltd",
      settings: { portAgentStreamerName: "KAFKA", portalTitle: "Acme" },
    });
  });

  test("PUT replaces the settings and the announcement", async () => {
    const announcement = { enabled: true, content: "Freeze on Friday", color: "red", link: null };
    const put = await send("PUT", "/v1/organization", {
      name: "Acme",
      settings: { hiddenBlueprints: ["team"] },
      announcement,
    });
    expect(put).toMatchObject({ status: 200, body: { organization: { announcement } } });
    const { body } = await send("PUT", "/v1/organization", { name: "Acme" });
    expect(body["organization"]).toMatchObject({ name: "Acme", settings: {}, announcement: null });
  });

  test.each([
    [{ settings: { portalTitle: "x".repeat(31) } }, "body.settings.portalTitle"],
    [{ announcement: { enabled: true, content: "" } }, "body.announcement"],
    [{ name: "" }, "body.name"],
    [{ settings: [] }, "body.settings"],
    [{ settings: { x: "a\u0000" } }, "settings.x"],
    [{ name: "a\u0000" }, "name"],
  ])("refuses %j and names the field", async (body, field) => {
    const answer = await send("PATCH", "/v1/organization", body);
    expect(answer.status).toBe(422);
    expect(answer.body["message"]).toContain(field);
  });
});

describe("§8.8 secrets", () => {
  const path = "/v1/organization/secrets";

  test("are stored, listed and changed, and their value is in no answer", async () => {
    const value = "hunter2-äöü-\u0000-tail";
    const created = await send("POST", path, {
      secretName: "TOKEN_1",
      secretValue: value,
      description: "for CI",
    });
    expect(created).toMatchObject({
      status: 200,
      body: { ok: true, secret: { secretName: "TOKEN_1", description: "for CI" } },
    });
    const patched = await send("PATCH", `${path}/TOKEN_1`, { description: "" });
    expect(patched.body["secret"]).toMatchObject({ description: null });
    const all = [created, patched, await send("GET", path), await send("GET", `${path}/TOKEN_1`)];
    for (const answer of all) expect(JSON.stringify(answer.body)).not.toContain("hunter2");
    expect(all[2]?.body["secrets"]).toHaveLength(1);
  });

  test("are encrypted at rest, bound to their name and organisation", async () => {
    const key = app.config.secretKeys;
    const stored = encryptSecret(key, "org_a", "NAME", "the value");
    expect(stored.includes("the value")).toBe(false);
    expect(decryptSecret(key, "org_a", "NAME", stored)).toBe("the value");
    expect(encryptSecret(key, "org_a", "NAME", "the value").equals(stored)).toBe(false);
    expect(() => decryptSecret(key, "org_a", "OTHER", stored)).toThrow(/unable to authenticate/);
    expect(() => decryptSecret(key, "org_b", "NAME", stored)).toThrow(/unable to authenticate/);
    expect(() =>
      decryptSecret({ current: Buffer.alloc(32, 1), earlier: [] }, "org_a", "NAME", stored),
    ).toThrow(/unable to authenticate/);
  });

  test("a name that is taken, unknown or not allowed is told", async () => {
    expect((await send("POST", path, { secretName: "TOKEN_1", secretValue: "x" })).body["error"]).toBe(
      "conflict",
    );
    expect((await send("PATCH", `${path}/NOPE`, { secretValue: "x" })).body["error"]).toBe("not_found");
    expect((await send("DELETE", `${path}/NOPE`)).body["error"]).toBe("not_found");
    const bad = await send("POST", path, { secretName: "a b", secretValue: "tell nobody" });
    expect(bad.status).toBe(422);
    expect(bad.body["message"]).toContain("body.secretName");
    const wrong = await send("POST", path, { secretName: "A", secretValue: { tell: "nobody" } });
    expect(wrong.status).toBe(422);
    expect(JSON.stringify(wrong.body)).not.toContain("nobody");
  });

  test("can be deleted", async () => {
    expect((await send("DELETE", `${path}/TOKEN_1`)).body).toEqual({ ok: true });
    expect((await send("GET", `${path}/TOKEN_1`)).status).toBe(404);
  });
});

describe("§8.9 apps", () => {
  const tokenOf = (clientId: unknown, clientSecret: unknown) =>
    send("POST", "/v1/auth/access_token", { clientId, clientSecret }, {});
  const ask = (token: unknown) =>
    send("GET", "/v1/blueprints", undefined, { authorization: `Bearer ${String(token)}` });

  test("§1.1 a new app gets a secret once, and tokens for it", async () => {
    const { status, body } = await send("POST", "/v1/apps", { name: "ocean" });
    expect(status).toBe(200);
    const { id, secret } = body["app"] as Body;
    const token = (await tokenOf(id, secret)).body["accessToken"];
    expect((await ask(token)).status).toBe(200);
    const list = await send("GET", "/v1/apps");
    expect(JSON.stringify(list.body)).not.toContain(String(secret));
    expect(list.body["apps"]).toMatchObject([
      { name: "default", enabled: true },
      { id, name: "ocean" },
    ]);
    expect((await send("PUT", `/v1/apps/${String(id)}`, { name: "k8s" })).body["app"]).toMatchObject({
      id,
      name: "k8s",
    });

    const rotated = (await send("POST", `/v1/apps/${String(id)}/rotate-secret`)).body["app"] as Body;
    expect((await ask(token)).status).toBe(401);
    expect((await tokenOf(id, secret)).status).toBe(401);
    const renewed = (await tokenOf(id, rotated["secret"])).body["accessToken"];
    expect((await ask(renewed)).status).toBe(200);

    expect((await send("DELETE", `/v1/apps/${String(id)}`)).body).toEqual({ ok: true });
    expect((await ask(renewed)).status).toBe(401);
  });

  test("§8.9 `fields` picks keys; permissions are taken as Terraform sends them, and told to have no effect", async () => {
    const list = await send("GET", "/v1/apps?fields=id&fields=name,secret");
    expect(list.body["apps"]).toEqual([{ id: app.config.clientId, name: "default" }]);
    const at = `/v1/apps/${app.config.clientId}/permissions`;
    expect(await send("POST", at, { permissions: ["read:entities"] })).toMatchObject({
      status: 200,
      body: { ok: true, warnings: [expect.stringContaining("everything") as string] },
    });
    expect((await send("POST", at, { permissions: "read" })).status).toBe(422);
    expect((await send("POST", "/v1/apps/app_none/permissions", { permissions: [] })).status).toBe(404);
  });

  test("the configured credentials can be neither rotated nor deleted here", async () => {
    for (const [method, rest] of [
      ["POST", "/rotate-secret"],
      ["DELETE", ""],
    ] as const) {
      const answer = await send(method, `/v1/apps/${app.config.clientId}${rest}`);
      expect(answer).toMatchObject({ status: 409, body: { error: "conflict" } });
    }
    expect((await send("DELETE", "/v1/apps/app_none")).status).toBe(404);
  });
});
