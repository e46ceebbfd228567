/** Teams, users, service accounts and what their credentials may do (data-model.md §3.12, §8.2–§8.4). */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startTestApp, type TestApp } from "../support/app.ts";

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
  await app.send("POST", "/v1/blueprints", {
    identifier: "service",
    title: "Service",
    schema: { properties: { tier: { type: "string" } }, required: [] },
    ownership: { type: "Direct" },
  });
});
afterAll(() => app.stop());

type Body = Record<string, unknown>;
const send = (method: string, path: string, body?: unknown, headers?: Record<string, string>) =>
  app.send<Body>(method, path, body, headers);
const at = (value: string): string => encodeURIComponent(value);
const team = async (name: string): Promise<Body> =>
  (await send("GET", `/v1/teams/${at(name)}`)).body["team"] as Body;
const user = async (email: string): Promise<Body> =>
  (await send("GET", `/v1/users/${at(email)}`)).body["user"] as Body;
const entity = async (blueprint: string, identifier: string): Promise<Body> =>
  (await send("GET", `/v1/blueprints/${blueprint}/entities/${at(identifier)}`)).body["entity"] as Body;
const invite = (email: string, rest: object = {}) =>
  send("POST", "/v1/users/invite?notify=true", { invitee: { email, ...rest } });
const tokenOf = async (credentials: unknown): Promise<string> =>
  String((await send("POST", "/v1/auth/access_token", credentials, {})).body["accessToken"]);
const bearer = (token: string): Record<string, string> => ({ authorization: `Bearer ${token}` });

describe("§8.2 teams", () => {
  test("are created, answered with users as strings on writes and as objects on reads", async () => {
    await invite("ada@example.com");
    const created = await send("POST", "/v1/teams", {
      name: "Team Rocket",
      description: "launches",
      users: ["ada@example.com"],
    });
    expect(created.status).toBe(200);
    expect(created.body["team"]).toMatchObject({
      name: "Team Rocket",
      description: "launches",
      provider: "port",
      users: ["ada@example.com"],
    });
    expect(await team("Team Rocket")).toMatchObject({
      id: "Team Rocket",
      users: [{ email: "ada@example.com", status: "Invited", firstName: "", lastName: "" }],
    });
    const all = await send("GET", "/v1/teams");
    expect(all.body["teams"]).toMatchObject([{ name: "Team Rocket" }]);
  });

  test("`fields` picks keys, also those of the users, repeated as Terraform sends them", async () => {
    const names = ["name", "provider", "description", "users.firstName", "users.status", "users.email"];
    const query = names.map((name) => `fields=${name}`).join("&");
    const { body } = await send("GET", `/v1/teams/${at("Team Rocket")}?${query}`);
    expect(body["team"]).toEqual({
      name: "Team Rocket",
      provider: "port",
      description: "launches",
      users: [{ firstName: "", status: "Invited", email: "ada@example.com" }],
    });
  });

  test("PATCH changes what is sent, PUT clears what is not", async () => {
    const path = `/v1/teams/${at("Team Rocket")}`;
    await send("PATCH", path, { users: [] });
    expect(await team("Team Rocket")).toMatchObject({ description: "launches", users: [] });
    await send("PATCH", path, { users: ["ada@example.com"], description: null });
    expect(await team("Team Rocket")).toMatchObject({
      description: null,
      users: [{ email: "ada@example.com" }],
    });
    await send("PATCH", path, { description: "again" });
    await send("PUT", path, { name: "Team Rocket" });
    expect(await team("Team Rocket")).toMatchObject({ description: null, users: [] });
  });

  test("a team and its `_team` entity are one thing, written either way", async () => {
    expect(await entity("_team", "Team Rocket")).toMatchObject({ title: "Team Rocket" });
    await send("POST", "/v1/blueprints/_team/entities?upsert=true", {
      identifier: "platform",
      title: "Platform Team",
      properties: { description: "from an exporter" },
    });
    expect(await team("platform")).toMatchObject({ name: "platform", description: "from an exporter" });
    // The GitHub action and the Kubernetes exporter remove a team by its title.
    expect((await send("DELETE", `/v1/teams/${at("Platform Team")}`)).body).toEqual({ ok: true });
    expect((await send("GET", "/v1/blueprints/_team/entities/platform")).status).toBe(404);
    await send("POST", "/v1/blueprints/_team/entities", { identifier: "bare" });
    expect(await entity("_team", "bare")).toMatchObject({ title: "bare" });
    await send("DELETE", "/v1/blueprints/_team/entities/bare");
    expect((await send("GET", "/v1/teams/bare")).status).toBe(404);
  });

  test("another name is followed by members and by what the team owns; deleting clears it from both", async () => {
    await send("POST", "/v1/teams", { name: "old", users: ["ada@example.com"] });
    await send("POST", "/v1/blueprints/service/entities", {
      identifier: "cart",
      team: ["old", "Team Rocket"],
    });
    const before = await entity("service", "cart");
    const teams = async (): Promise<unknown> => {
      const { body } = await send("GET", "/v1/blueprints/service/permissions");
      return (body["permissions"] as { entities: { register: Body } }).entities.register["teams"];
    };
    await send("PATCH", "/v1/blueprints/service/permissions", { entities: { register: { teams: ["old"] } } });
    expect((await send("PATCH", "/v1/teams/old", { name: "new name" })).body["team"]).toMatchObject({
      name: "new name",
      users: ["ada@example.com"],
    });
    expect(await entity("service", "cart")).toEqual({ ...before, team: ["new name", "Team Rocket"] });
    expect(await user("ada@example.com")).toMatchObject({ teams: ["new name"] });
    expect(await teams()).toEqual(["new name"]);
    await send("PATCH", "/v1/blueprints/service/permissions", {
      entities: { read: { teams: ["new name", "Team Rocket"] } },
    });
    await send("PATCH", "/v1/pages/services/permissions", { read: { roles: [], teams: ["new name"] } });
    await send("DELETE", `/v1/teams/${at("new name")}`);
    expect(await teams()).toEqual([]);
    const { permissions } = (await send("GET", "/v1/blueprints/service/permissions")).body;
    expect(permissions).toMatchObject({ entities: { read: { teams: ["Team Rocket"] } } });
    // Restricted to nobody is not the same as open to everybody.
    const page = await send("GET", "/v1/pages/services/permissions");
    expect(page.body["permissions"]).toMatchObject({ read: { roles: [], users: [], teams: [] } });
    const told = await send("GET", "/v1/audit-log?resources=permissions,page_permissions&limit=2");
    expect(told.body["audits"]).toMatchObject([
      { resourceType: "page_permissions", diff: { before: { read: { teams: ["new name"] } } } },
      { resourceType: "permissions", diff: { after: { entities: { read: { teams: ["Team Rocket"] } } } } },
    ]);
    await send("PATCH", "/v1/blueprints/service/permissions", { entities: { read: null } });
    expect(await entity("service", "cart")).toMatchObject({ team: ["Team Rocket"] });
    expect(await user("ada@example.com")).toMatchObject({ teams: [] });
    const { body } = await send("GET", "/v1/audit-log?entity=cart&limit=1");
    expect(body["audits"]).toMatchObject([{ action: "UPDATE", diff: { after: { team: ["Team Rocket"] } } }]);
  });

  test.each([
    ["POST", "/v1/teams", { name: "Team Rocket" }, 409, "exists already"],
    ["POST", "/v1/teams", { name: "x" }, 422, "name"],
    ["POST", "/v1/teams", { name: "a#b" }, 422, "name"],
    ["POST", "/v1/teams", { name: " ab" }, 422, "name"],
    ["POST", "/v1/teams", { name: "nobody", users: ["who@example.com"] }, 404, "who@example.com"],
    ["GET", "/v1/teams/none", undefined, 404, "none"],
    ["PATCH", "/v1/teams/none", {}, 404, "none"],
    ["DELETE", "/v1/teams/none", undefined, 404, "none"],
  ])("%s %s %j is refused", async (method, path, body, status, part) => {
    const answer = await send(method, path, body);
    expect(answer.status).toBe(status);
    expect(answer.body["message"]).toContain(part);
  });

  test("a team whose users are refused is not created", async () => {
    expect((await send("GET", "/v1/teams/nobody")).status).toBe(404);
  });
});

describe("§8.3 users", () => {
  test("the configured administrator is a user with the role Admin", async () => {
    expect(await user(app.config.adminEmail ?? "")).toMatchObject({
      status: "Active",
      type: "Standard",
      roles: [{ name: "Admin" }],
    });
    expect(await entity("_user", app.config.adminEmail ?? "")).toMatchObject({
      properties: { port_role: "Admin", status: "Active" },
    });
  });

  test("are invited with roles and teams, and sign in with the address of the answer", async () => {
    const { status, body } = await invite("bob@example.com", {
      roles: ["Member", "service-moderator"],
      teams: ["Team Rocket"],
    });
    expect(status).toBe(200);
    expect(await user("bob@example.com")).toMatchObject({
      status: "Invited",
      roles: [{ name: "Member" }, { name: "service-moderator" }],
      teams: ["Team Rocket"],
      teamsIdentifiers: ["Team Rocket"],
    });
    expect(await entity("_user", "bob@example.com")).toMatchObject({
      properties: { port_role: "Moderator", moderated_blueprints: ["service"] },
    });
    const token = new URL(String(body["signInUrl"])).searchParams.get("token");
    const signedIn = await send("POST", "/auth/link", { token }, { authorization: "" });
    expect(signedIn).toMatchObject({ status: 200, body: { user: { email: "bob@example.com" } } });
    expect(await user("bob@example.com")).toMatchObject({ status: "Active" });
    const cookie = (signedIn.headers.get("set-cookie") ?? "").split(";")[0] ?? "";
    const me = () => fetch(`${app.url}/auth/me`, { headers: { cookie } }).then((answer) => answer.status);
    expect(await me()).toBe(200);
    await send("PATCH", "/v1/blueprints/_user/entities/bob@example.com", {
      properties: { status: "Disabled" },
    });
    expect(await me()).toBe(401);
    await send("PATCH", "/v1/blueprints/_user/entities/bob@example.com", {
      properties: { status: "Active" },
    });
    // What was open does not come back.
    expect(await me()).toBe(401);
    await send("DELETE", `/v1/users/${at("bob@example.com")}`);
    expect(await me()).toBe(401);
    await invite("bob@example.com");
    expect(await me()).toBe(401);
    const link = await send("POST", `/v1/users/${at("bob@example.com")}/sign-in-link`);
    const secret = new URL(String(link.body["signInUrl"])).searchParams.get("token") ?? "";
    expect(secret.length).toBeGreaterThan(20);
    expect((await send("POST", "/v1/users/nobody%40x.io/sign-in-link")).status).toBe(404);
    const told = await send("GET", "/v1/audit-log?resources=credentials&limit=1");
    expect(told.body["audits"]).toMatchObject([
      {
        action: "CREATE",
        context: { credentials: "bob@example.com" },
        trigger: { by: { userId: app.config.clientId } },
      },
    ]);
    expect(JSON.stringify(told.body)).not.toContain(secret);
  });

  test("PATCH replaces roles and teams, and answers the fields of the user flat", async () => {
    const { body } = await send("PATCH", "/v1/users/ada@example.com", {
      roles: ["Admin"],
      teams: ["Team Rocket"],
    });
    expect(body).toMatchObject({
      ok: true,
      email: "ada@example.com",
      roles: [{ name: "Admin" }],
      teams: ["Team Rocket"],
    });
    await send("PATCH", "/v1/users/ada@example.com", { roles: ["Member"] });
    expect(await user("ada@example.com")).toMatchObject({
      roles: [{ name: "Member" }],
      teams: ["Team Rocket"],
    });
  });

  test("the list takes `fields`", async () => {
    const { body } = await send("GET", "/v1/users?fields=email&fields=teams.name,roles.name");
    expect(body["users"]).toContainEqual({
      email: "ada@example.com",
      teams: [{ name: "Team Rocket" }],
      roles: [{ name: "Member" }],
    });
  });

  test.each([
    ["POST", "/v1/users/invite", { invitee: { email: "ada@example.com" } }, 409, "exists already"],
    ["POST", "/v1/users/invite", { invitee: { email: "no address" } }, 422, "identifier"],
    ["POST", "/v1/users/invite", { invitee: { email: "e@x.io", roles: ["Boss"] } }, 422, "Boss"],
    ["POST", "/v1/users/invite", { invitee: { email: "e@x.io", teams: ["none"] } }, 404, "none"],
    [
      "POST",
      "/v1/users/invite",
      { invitee: { email: "x@serviceaccounts.getport.io" } },
      422,
      "service accounts",
    ],
    ["PATCH", "/v1/users/ada@example.com", { roles: [] }, 422, "at least one role"],
    ["PATCH", "/v1/users/none@example.com", { teams: [] }, 404, "none@example.com"],
    ["DELETE", "/v1/users/none@example.com", undefined, 404, "none@example.com"],
    ["POST", "/v1/rotate-credentials/none@example.com", undefined, 404, "none@example.com"],
    [
      "PATCH",
      "/v1/blueprints/_user/entities/ada@example.com",
      { identifier: "eve@example.com" },
      422,
      "cannot be changed",
    ],
  ])("%s %s %j is refused", async (method, path, body, status, part) => {
    const answer = await send(method, path, body);
    expect(answer.status).toBe(status);
    expect(answer.body["message"]).toContain(part);
  });

  test("§1.1 personal credentials follow the role of the person, and end with rotation and deletion", async () => {
    await send("PATCH", "/v1/blueprints/_user/entities/ada@example.com", {
      properties: { status: "Active" },
    });
    const first = (await send("POST", "/v1/rotate-credentials/ada@example.com")).body["credentials"];
    const token = await tokenOf(first);
    expect((await send("GET", "/v1/blueprints", undefined, bearer(token))).status).toBe(200);
    expect((await send("POST", "/v1/teams", { name: "mine" }, bearer(token))).status).toBe(403);
    const other = `/v1/rotate-credentials/${at(app.config.adminEmail ?? "")}`;
    expect((await send("POST", other, undefined, bearer(token))).status).toBe(403);
    const own = await send("POST", "/v1/rotate-credentials/ada@example.com", undefined, bearer(token));
    expect(own.status).toBe(200);
    expect((await send("GET", "/v1/blueprints", undefined, bearer(token))).status).toBe(401);
    const renewed = await tokenOf(own.body["credentials"]);
    expect((await send("GET", "/v1/blueprints", undefined, bearer(renewed))).status).toBe(200);
    expect((await send("GET", "/v1/apps")).body["apps"]).toHaveLength(1);
    await send("PATCH", "/v1/blueprints/service/permissions", {
      entities: { unregister: { users: ["ada@example.com"] } },
    });
    await send("DELETE", "/v1/users/ada@example.com");
    expect((await send("GET", "/v1/blueprints", undefined, bearer(renewed))).status).toBe(401);
    await invite("ada@example.com");
    // Who comes under the same address does not inherit what was granted to who went.
    const { permissions } = (await send("GET", "/v1/blueprints/service/permissions")).body;
    expect(permissions).toMatchObject({ entities: { unregister: { users: [] } } });
    expect((await send("POST", "/v1/auth/access_token", own.body["credentials"], {})).status).toBe(401);
  });
});

describe("§3.12 service accounts", () => {
  const email = "ci@serviceaccounts.getport.io";
  const body = {
    identifier: email,
    title: "CI",
    properties: { status: "Active", port_type: "Service Account" },
  };

  test("§1.1 §3.12 get credentials once; their tokens follow role and status", async () => {
    const checked = await send("POST", "/v1/blueprints/_user/entities?validation_only=true", body);
    expect(checked.body["additionalData"]).toBeUndefined();
    const created = await send("POST", "/v1/blueprints/_user/entities", body);
    expect(created.status).toBe(201);
    const { credentials } = created.body["additionalData"] as Body;
    const again = await send("POST", "/v1/blueprints/_user/entities?upsert=true", body);
    expect(again.body["additionalData"]).toBeUndefined();

    const token = await tokenOf(credentials);
    const create = () =>
      send("POST", "/v1/blueprints/service/entities?upsert=true", { identifier: "by-ci" }, bearer(token));
    expect((await create()).status).toBe(403);
    await send("PATCH", `/v1/users/${at(email)}`, { roles: ["Admin"] });
    expect(await create()).toMatchObject({ status: 201, body: { entity: { createdBy: email } } });
    await send("PATCH", `/v1/blueprints/_user/entities/${at(email)}`, { properties: { status: "Disabled" } });
    expect((await create()).status).toBe(401);
    expect((await send("POST", "/v1/auth/access_token", credentials, {})).status).toBe(401);
  });

  test("in bulk each new one has its own `additionalData`", async () => {
    const { body: answer } = await send("POST", "/v1/blueprints/_user/entities/bulk", {
      entities: [{ ...body, identifier: "a@serviceaccounts.x.io" }, { identifier: "person@example.com" }],
    });
    expect(answer["entities"]).toMatchObject([
      { index: 0, additionalData: { credentials: { clientId: expect.stringContaining("user_") as string } } },
      { index: 1 },
    ]);
    expect((answer["entities"] as Body[])[1]?.["additionalData"]).toBeUndefined();
  });

  test("address and type must agree; members change neither users nor teams; nobody their own status", async () => {
    for (const wrong of [
      { ...body, identifier: "ci@example.com" },
      { identifier: "b@serviceaccounts.x.io", properties: { port_type: "Standard" } },
      { identifier: "no-address" },
    ])
      expect((await send("POST", "/v1/blueprints/_user/entities", wrong)).status).toBe(422);
    const made = await send("POST", "/v1/blueprints/_user/entities", {
      ...body,
      identifier: "d@serviceaccounts.x.io",
    });
    const token = await tokenOf((made.body["additionalData"] as Body)["credentials"]);
    const me = "/v1/blueprints/_user/entities/d@serviceaccounts.x.io";
    for (const [method, path, change] of [
      ["PATCH", me, { properties: { port_role: "Admin" } }],
      ["DELETE", me, undefined],
      ["POST", "/v1/blueprints/_team/entities", { identifier: "mine" }],
    ] as const)
      expect((await send(method, path, change, bearer(token))).status).toBe(403);
    await send("PATCH", me, { properties: { port_role: "Admin" } });
    const own = await send("PATCH", me, { properties: { status: "Disabled" } }, bearer(token));
    expect(own).toMatchObject({ status: 403, body: { message: "nobody can change their own status" } });
    // So that an administrator is always left.
    const given = await send(
      "PATCH",
      "/v1/users/d@serviceaccounts.x.io",
      { roles: ["Member"] },
      bearer(token),
    );
    expect(given.status).toBe(403);
    expect(given.body["message"]).toContain("their own role of administrator");
    expect((await send("PATCH", "/v1/users/d@serviceaccounts.x.io", { roles: ["Member"] })).status).toBe(200);
  });
});
