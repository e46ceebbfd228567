/** SCIM 2.0 as Okta and Entra ID speak it: users and teams, filters, pages, patches, and who is shut out at once. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startTestApp, type TestApp } from "../support/app.ts";
import { openBrowser } from "./support/browser-session.ts";

type Body = Record<string, unknown>;
let app: TestApp;
let bearer = "";
beforeAll(async () => {
  app = await startTestApp({ FAIRWAY_TRUSTED_PROXIES: "127.0.0.1,::1" });
  const person = "idp@serviceaccounts.example.com";
  await app.send("POST", "/v1/blueprints/_user/entities", {
    identifier: person,
    properties: { status: "Active", port_type: "Service Account", port_role: "Admin" },
  });
  const made = await app.send<{ token: { token: string } }>("POST", "/v1/tokens", {
    ...{ name: "SCIM", scopes: ["scim:write"], expiresInDays: null, person },
  });
  bearer = made.body.token.token;
});
afterAll(() => app.stop());

/** As providers send it. */
async function scim(
  method: string,
  path: string,
  body?: unknown,
): Promise<{ status: number; body: Body; type: string }> {
  const response = await fetch(`${app.url}/scim/v2${path}`, {
    method,
    headers: {
      authorization: `Bearer ${bearer}`,
      accept: "application/scim+json",
      ...(body !== undefined && { "content-type": "application/scim+json; charset=utf-8" }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return {
    status: response.status,
    type: response.headers.get("content-type") ?? "",
    body: text === "" ? {} : (JSON.parse(text) as Body),
  };
}
const USER = "urn:ietf:params:scim:schemas:core:2.0:User";
const GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group";
const PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp";
const patch = (path: string, ...Operations: object[]) =>
  scim("PATCH", path, { schemas: [PATCH], Operations });
const found = async (kind: string, filter: string): Promise<Body[]> =>
  (await scim("GET", `/${kind}?filter=${encodeURIComponent(filter)}`)).body["Resources"] as Body[];
async function create(userName: string, more: object = {}): Promise<string> {
  const { status, body } = await scim("POST", "/Users", { schemas: [USER], userName, active: true, ...more });
  expect(status).toBe(201);
  return String(body["id"]);
}
const userOf = async (email: string): Promise<Body> =>
  (await app.send<{ user: Body }>("GET", `/v1/users/${email}`)).body.user;
const teamOf = async (name: string): Promise<string[] | undefined> =>
  (
    await app.send<{ team?: { users: { email: string }[] } }>("GET", `/v1/teams/${name}`)
  ).body.team?.users.map(({ email }) => email);

describe("users", () => {
  test("are looked up, created, found again, and are members", async () => {
    expect(await found("Users", 'userName eq "ada@example.com"')).toEqual([]);
    const { status, body, type } = await scim("POST", "/Users", {
      schemas: [USER],
      userName: "Ada@example.com",
      externalId: "00u1",
      name: { givenName: "Ada", familyName: "Lovelace" },
      emails: [{ primary: true, value: "ada@example.com", type: "work" }],
      groups: [],
      active: true,
      password: "never kept",
      locale: "en-US",
    });
    expect([status, type]).toEqual([201, "application/scim+json"]);
    expect(body).toMatchObject({
      schemas: [USER],
      externalId: "00u1",
      userName: "Ada@example.com",
      name: { formatted: "Ada Lovelace", givenName: "Ada", familyName: "Lovelace" },
      emails: [{ value: "ada@example.com", primary: true }],
      active: true,
      meta: {
        resourceType: "User",
        location: expect.stringContaining(`/scim/v2/Users/${String(body["id"])}`),
      },
    });
    expect(await userOf("ada@example.com")).toMatchObject({ status: "Active", roles: [{ name: "Member" }] });
    for (const filter of [
      'userName eq "ADA@EXAMPLE.COM"',
      'externalId eq "00u1"',
      'emails.value eq "ada@example.com"',
      `userName Eq "ada@example.com" and externalId eq "00u1"`,
      `${USER}:userName eq "ada@example.com"`,
    ])
      expect(await found("Users", filter)).toMatchObject([{ id: body["id"] }]);
    expect((await scim("GET", `/Users/${String(body["id"])}`)).body).toEqual(body);
  });

  test("that were made in another way are there as well, service accounts are not; they come in pages", async () => {
    await app.send("POST", "/v1/users/invite", { invitee: { email: "invited@example.com" } });
    const seen: unknown[] = [];
    let total = 0;
    for (let startIndex = 1; ; startIndex += 1) {
      const { body } = await scim("GET", `/Users?startIndex=${startIndex}&count=1`);
      expect(body).toMatchObject({ startIndex, itemsPerPage: (body["Resources"] as Body[]).length });
      total = Number(body["totalResults"]);
      const [one] = body["Resources"] as Body[];
      if (one === undefined) break;
      seen.push(one["userName"]);
    }
    expect(seen).toHaveLength(total);
    expect(seen).toEqual(expect.arrayContaining(["admin@example.com", "invited@example.com"]));
    expect(JSON.stringify(seen)).not.toContain("serviceaccounts");
    expect((await scim("GET", "/Users?count=0")).body).toMatchObject({ totalResults: total, Resources: [] });
    expect((await scim("GET", "/Users?startIndex=-5&count=99999")).status).toBe(200);
  });

  test.each([
    ["Okta", (active: boolean) => [{ op: "replace", value: { active } }]],
    ["Entra ID", (active: boolean) => [{ op: "Replace", path: "active", value: active ? "True" : "False" }]],
    ["PUT", null],
  ] as const)(
    "deactivated as %s does it are out at once, and let in with another session only",
    async (name, operations) => {
      const email = `out-${name.replace(" ", "").toLowerCase()}@example.com`;
      const id = await create(email);
      const { body } = await app.send("POST", `/v1/users/${email}/sign-in-link`);
      const browser = openBrowser(app, "192.0.2.1");
      await browser.send("POST", "/auth/link", {
        token: new URL(String(body["signInUrl"])).searchParams.get("token"),
      });
      const token = (
        await browser.send<{ token: { token: string } }>("POST", "/v1/tokens", {
          name: "t",
          scopes: ["dora:read"],
        })
      ).body.token.token;
      const works = async (): Promise<number[]> => [
        (await browser.send("GET", "/auth/me")).status,
        (await app.send("GET", "/v1/dora/status", undefined, { authorization: `Bearer ${token}` })).status,
      ];
      expect(await works()).toEqual([200, 200]);
      const change = (active: boolean) =>
        operations === null
          ? scim("PUT", `/Users/${id}`, { schemas: [USER], id, userName: email, active })
          : patch(`/Users/${id}`, ...operations(active));
      expect(await change(false)).toMatchObject({ status: 200, body: { active: false } });
      expect(await works()).toEqual([401, 401]);
      expect(await userOf(email)).toMatchObject({ status: "Disabled" });
      expect(await change(true)).toMatchObject({ status: 200, body: { active: true } });
      expect((await works())[0]).toBe(401);
    },
  );

  test("are shut out when they are only Staged, too; whom an administrator shut out stays out", async () => {
    const set = (email: string, status: string) =>
      app.send("POST", "/v1/blueprints/_user/entities?upsert=true&merge=true", {
        identifier: email,
        properties: { status },
      });
    await set("staged@example.com", "Staged");
    const [staged] = await found("Users", 'userName eq "staged@example.com"');
    const change = (id: unknown, active: boolean) =>
      patch(`/Users/${String(id)}`, { op: "replace", path: "active", value: active });
    expect((await change(staged?.["id"], false)).body["active"]).toBe(false);
    expect(await userOf("staged@example.com")).toMatchObject({ status: "Disabled" });
    expect((await change(staged?.["id"], true)).body["active"]).toBe(true);

    const id = await create("both@example.com");
    expect((await change(id, false)).body["active"]).toBe(false);
    expect((await change(id, true)).body["active"]).toBe(true);
    await set("both@example.com", "Disabled");
    expect(await change(id, true)).toMatchObject({ status: 200, body: { active: false } });
    expect(await userOf("both@example.com")).toMatchObject({ status: "Disabled" });
    await set("both@example.com", "Active");
    expect((await change(id, false)).body["active"]).toBe(false);
    expect((await change(id, true)).body["active"]).toBe(true);
  });

  test("are one however their address is written, and not where letters only look alike", async () => {
    await app.send("POST", "/v1/blueprints/_user/entities", {
      identifier: "Written@Example.com",
      properties: { status: "Disabled" },
    });
    const again = { schemas: [USER], userName: "written@example.com", active: true };
    expect(await scim("POST", "/Users", again)).toMatchObject({ status: 409 });
    const kelvin = await scim("POST", "/Users", { ...again, userName: "\u212aelvin@example.com" });
    expect(kelvin).toMatchObject({ status: 201, body: { emails: [{ value: "\u212aelvin@example.com" }] } });
    expect((await scim("POST", "/Users", { ...again, userName: "kelvin@example.com" })).status).toBe(201);
  });

  test("are renamed in parts, keep their address, and forget nothing that was not said", async () => {
    const id = await create("grace@example.com", { displayName: "Grace Hopper", externalId: "g1" });
    const { body } = await patch(
      `/Users/${id}`,
      { op: "Add", path: "name.familyName", value: "Murray Hopper" },
      { op: "Replace", path: `${USER}:userName`, value: "grace.hopper@example.com" },
      { op: "Replace", path: 'emails[type eq "work"].value', value: "other@example.com" },
      {
        op: "Add",
        path: "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department",
        value: "Navy",
      },
    );
    expect(body).toMatchObject({
      displayName: "Grace Murray Hopper",
      userName: "grace.hopper@example.com",
      externalId: "g1",
      emails: [{ value: "grace@example.com" }],
      active: true,
    });
    expect(await found("Users", 'userName eq "grace.hopper@example.com"')).toMatchObject([{ id }]);
    expect(await found("Users", 'userName eq "grace@example.com"')).toEqual([]);
  });

  test("have a userName of their own", async () => {
    await create("one@example.com", { externalId: "o1" });
    const id = await create("two@example.com", { userName: "two", emails: [{ value: "two@example.com" }] });
    const taken = { status: 409, body: { scimType: "uniqueness" } };
    expect(
      await scim("POST", "/Users", { userName: "TWO", emails: [{ value: "third@example.com" }] }),
    ).toMatchObject(taken);
    expect((await app.send("GET", "/v1/users/third@example.com")).status).toBe(404);
    expect(
      await patch(
        `/Users/${id}`,
        { op: "replace", path: "userName", value: "One@example.com" },
        { op: "replace", path: "displayName", value: "Changed" },
      ),
    ).toMatchObject(taken);
    expect((await scim("GET", `/Users/${id}`)).body).toMatchObject({
      userName: "two",
      displayName: "two@example.com",
    });
    expect(await scim("PUT", `/Users/${id}`, { schemas: [USER], userName: "Two" })).toMatchObject({
      ...{ status: 200, body: { userName: "Two" } },
    });
  });

  test("are deleted; the administrator of the configuration is not, nor shut out", async () => {
    const id = await create("gone@example.com");
    expect((await scim("DELETE", `/Users/${id}`)).status).toBe(204);
    for (const method of ["GET", "DELETE"])
      expect(await scim(method, `/Users/${id}`)).toMatchObject({
        status: 404,
        body: { schemas: ["urn:ietf:params:scim:api:messages:2.0:Error"], status: "404" },
      });
    const [admin] = await found("Users", 'userName eq "admin@example.com"');
    const path = `/Users/${String(admin?.["id"])}`;
    expect((await scim("DELETE", path)).status).toBe(403);
    expect((await patch(path, { op: "replace", path: "active", value: false })).status).toBe(403);
    // Who comes again is another one.
    expect(await create("gone@example.com")).not.toBe(id);
  });

  test.each<[string, string, unknown, number, string | undefined]>([
    ["POST", "/Users", { userName: "ada@example.com" }, 409, "uniqueness"],
    ["POST", "/Users", { userName: "no address" }, 400, "invalidValue"],
    ["POST", "/Users", { userName: "x@serviceaccounts.example.com" }, 400, "invalidValue"],
    ["POST", "/Users", { userName: 5 }, 400, "invalidValue"],
    ["POST", "/Users", {}, 400, "invalidValue"],
    ["POST", "/Users", { userName: "b@example.com", active: "maybe" }, 400, "invalidValue"],
    [
      "PATCH",
      "/Users/none",
      { Operations: [{ op: "replace", path: "active", value: false }] },
      404,
      undefined,
    ],
    ["GET", `/Users?filter=${encodeURIComponent('userName co "a"')}`, undefined, 400, "invalidFilter"],
    ["GET", `/Users?filter=${encodeURIComponent('password eq "a"')}`, undefined, 400, "invalidFilter"],
    [
      "GET",
      `/Users?filter=${encodeURIComponent('userName eq "a" or userName eq "b"')}`,
      undefined,
      400,
      "invalidFilter",
    ],
    ["GET", `/Users?filter=${encodeURIComponent("userName eq 'a'")}`, undefined, 400, "invalidFilter"],
    ["GET", "/Groups/none", undefined, 404, undefined],
    ["POST", "/Groups", { displayName: "a/b" }, 400, "invalidValue"],
    ["POST", "/Groups", { displayName: "x1", members: [{ value: "nobody" }] }, 400, "invalidValue"],
  ])("%s %s %j is %d %s", async (method, path, body, status, scimType) => {
    const answer = await scim(method, path, body);
    expect([answer.status, answer.body["scimType"], answer.type]).toEqual([
      status,
      scimType,
      "application/scim+json",
    ]);
    expect(answer.body["detail"]).toEqual(expect.any(String));
  });

  test("operations that make no sense are refused, and nothing is done of them", async () => {
    const id = await create("steady@example.com", { displayName: "Steady" });
    for (const operations of [
      [{ op: "move", path: "active", value: false }],
      [{ op: "replace", value: "text" }],
      [{ op: "remove" }],
      [],
      [
        { op: "replace", path: "displayName", value: "Changed" },
        { op: "replace", path: "active", value: 7 },
      ],
    ])
      expect((await patch(`/Users/${id}`, ...operations)).status).toBe(400);
    expect((await scim("GET", `/Users/${id}`)).body).toMatchObject({ displayName: "Steady", active: true });
  });
});

describe("groups", () => {
  test("are teams: created with members, filled and emptied as providers do it, renamed under the same id", async () => {
    const [one, two, three] = [
      await create("m1@example.com"),
      await create("m2@example.com"),
      await create("m3@example.com"),
    ];
    const { status, body } = await scim("POST", "/Groups", {
      schemas: [GROUP],
      displayName: "Platform",
      externalId: "grp-1",
      members: [{ value: one, display: "m1" }],
    });
    expect(status).toBe(201);
    const path = `/Groups/${String(body["id"])}`;
    expect(body).toMatchObject({ displayName: "Platform", externalId: "grp-1", members: [{ value: one }] });
    expect(await teamOf("Platform")).toEqual(["m1@example.com"]);
    await patch(path, { op: "Add", path: "members", value: [{ value: two }, { value: three }] });
    expect(await teamOf("Platform")).toEqual(["m1@example.com", "m2@example.com", "m3@example.com"]);
    await patch(path, { op: "remove", path: `members[value eq "${one}"]` });
    await patch(path, { op: "Remove", path: "members", value: [{ value: two }] });
    expect(await teamOf("Platform")).toEqual(["m3@example.com"]);
    await patch(path, { op: "replace", value: { id: body["id"], displayName: "Platform Team" } });
    expect(await teamOf("Platform%20Team")).toEqual(["m3@example.com"]);
    expect((await scim("GET", path)).body).toMatchObject({
      displayName: "Platform Team",
      externalId: "grp-1",
    });
    // A new name given elsewhere keeps the id as well.
    await app.send("PATCH", "/v1/teams/Platform%20Team", { name: "Platform Crew" });
    expect((await scim("GET", path)).body).toMatchObject({ displayName: "Platform Crew" });
    await patch(path, { op: "replace", path: "members", value: [{ value: one }, { value: two }] });
    expect(await teamOf("Platform%20Crew")).toEqual(["m1@example.com", "m2@example.com"]);
    const { body: user } = await scim("GET", `/Users/${one}`);
    expect(user["groups"]).toMatchObject([{ value: body["id"], display: "Platform Crew" }]);
    await scim("PUT", path, { schemas: [GROUP], displayName: "Platform Crew" });
    expect(await teamOf("Platform%20Crew")).toEqual([]);
    const [listed] = await found("Groups", 'displayName eq "platform crew"');
    expect(listed).toMatchObject({ id: body["id"], members: [] });
    const without = await scim("GET", `${path}?excludedAttributes=members`);
    expect(without.body["members"]).toBeUndefined();
    expect((await scim("POST", "/Groups", { displayName: "Platform Crew" })).status).toBe(409);
    expect((await scim("DELETE", path)).status).toBe(204);
    expect(await teamOf("Platform%20Crew")).toBeUndefined();
    expect((await scim("GET", path)).status).toBe(404);
  });
});

test("members that come and go at once are all counted, and service accounts stay", async () => {
  const { body } = await scim("POST", "/Groups", { schemas: [GROUP], displayName: "Busy" });
  const path = `/Groups/${String(body["id"])}`;
  const robot = "robot@serviceaccounts.example.com";
  await app.send("POST", "/v1/blueprints/_user/entities", {
    ...{ identifier: robot, team: ["Busy"] },
    properties: { status: "Active", port_type: "Service Account", port_role: "Member" },
  });
  const emails = Array.from({ length: 6 }, (_, i) => `busy${i}@example.com`);
  const ids: string[] = [];
  for (const email of emails) ids.push(await create(email));
  const all = (operation: object) =>
    Promise.all(ids.map((value) => patch(path, { ...operation, path: "members", value: [{ value }] })));
  for (const { status } of await all({ op: "add" })) expect(status).toBe(200);
  expect((await teamOf("Busy"))?.sort()).toEqual([...emails, robot].sort());
  for (const { status } of await all({ op: "remove" })) expect(status).toBe(200);
  expect(await teamOf("Busy")).toEqual([robot]);
  await patch(path, { op: "replace", path: "members", value: [{ value: ids[0] }] });
  expect((await teamOf("Busy"))?.sort()).toEqual(["busy0@example.com", robot]);
  const put = await scim("PUT", path, { schemas: [GROUP], displayName: "Busy" });
  expect(put.body).toMatchObject({ members: [] });
  expect(await teamOf("Busy")).toEqual([robot]);
});

test("it says what it is capable of; the token is good for nothing else", async () => {
  expect((await scim("GET", "/ServiceProviderConfig")).body).toMatchObject({
    patch: { supported: true },
    bulk: { supported: false },
    filter: { supported: true, maxResults: 200 },
  });
  expect((await scim("GET", "/ResourceTypes")).body).toMatchObject({ totalResults: 2 });
  expect((await scim("GET", "/Schemas")).body["Resources"]).toMatchObject([{ id: USER }, { id: GROUP }]);
  const elsewhere = await app.send("GET", "/v1/blueprints", undefined, { authorization: `Bearer ${bearer}` });
  expect(elsewhere.status).toBe(403);
});
