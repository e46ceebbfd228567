/** Dated notes on DORA charts: which of them a scope and window shows, who may write them, what the audit log keeps. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestApp, type TestApp } from "../support/app.ts";
import { defineDora, type DoraPortal } from "./support/dora-portal.ts";

type Body = Record<string, unknown>;
interface Note {
  readonly identifier: string;
  readonly day: string;
  readonly text: string;
  readonly url: string | null;
  readonly scope: {
    readonly blueprint: string;
    readonly entity: string;
    readonly title: string | null;
  } | null;
  readonly createdBy: string;
  readonly mayChange: boolean;
}

let app: TestApp;
let portal: DoraPortal;
let member: Record<string, string>;

beforeAll(async () => {
  app = await startTestApp();
  portal = await defineDora(app);
  await app.send("PATCH", "/v1/blueprints/service", { ownership: { type: "Direct" } });
  await portal.put("domain", "retail", {});
  await portal.put("system", "web", {}, { domain: "retail" });
  await portal.put("service", "shop", {}, { system: "web" });
  await portal.put("service", "cart", {}, { system: "web" });
  await portal.put("service", "mail", {});
  for (const [service, team] of [
    ["shop", "red"],
    ["cart", "blue"],
  ])
    await app.send("PATCH", `/v1/blueprints/service/entities/${service}`, { team: [team] });
  await app.send("POST", "/v1/blueprints/_team/entities", { identifier: "red", title: "Red" });
  const created = await app.send<Body>("POST", "/v1/blueprints/_user/entities", {
    ...{ identifier: "m@serviceaccounts.example.com", team: ["red"] },
    properties: { status: "Active", port_type: "Service Account" },
  });
  const { credentials } = created.body["additionalData"] as { credentials: unknown };
  const token = await app.send<Body>("POST", "/v1/auth/access_token", credentials, {});
  member = { authorization: `Bearer ${String(token.body["accessToken"])}` };
});
afterAll(() => app.stop());

const write = (body: object, headers?: Record<string, string>) =>
  app.send<{ annotation: Note; message: string }>("POST", "/v1/dora/annotations", body, headers);
const list = async (search: string, headers?: Record<string, string>): Promise<string[]> => {
  const path = `/v1/dora/annotations?from=2026-08-01&to=2026-09-01&${search}`;
  const { body } = await app.send<{ annotations: Note[] }>("GET", path, undefined, headers);
  return body.annotations.map(({ text }) => text);
};
const about = (blueprint: string, entity: string) => ({ scope: { blueprint, entity } });

test("a scope shows notes of itself, of what it lies in, and of the organisation; on request also of what lies in it", async () => {
  const day = "2026-08-10";
  await write({ identifier: "all", day, text: "freeze" });
  await write({ day: "2026-08-11", text: "retail moves", ...about("domain", "retail") });
  await write({ day: "2026-08-12", text: "shop on trunk", ...about("service", "shop") });
  await write({ day: "2026-08-13", text: "red grows", ...about("_team", "red") });
  await write({ day: "2026-09-01", text: "too late", ...about("service", "shop") });

  expect(await list("")).toEqual(["freeze"]);
  expect(await list("below=true")).toEqual(["red grows", "shop on trunk", "retail moves", "freeze"]);
  const at = (blueprint: string, entity: string, rest = "") =>
    list(`blueprint=${blueprint}&entity=${entity}${rest}`);
  expect(await at("service", "shop")).toEqual(["red grows", "shop on trunk", "retail moves", "freeze"]);
  expect(await at("service", "cart")).toEqual(["retail moves", "freeze"]);
  expect(await at("service", "mail")).toEqual(["freeze"]);
  // All that red owns lies in retail.
  expect(await at("_team", "red")).toEqual(["red grows", "shop on trunk", "retail moves", "freeze"]);
  expect(await at("domain", "retail")).toEqual(["retail moves", "freeze"]);
  expect(await at("domain", "retail", "&below=true")).toEqual([
    ...["red grows", "shop on trunk", "retail moves", "freeze"],
  ]);
  // The first day is in, the day on which the window ends at midnight is not; in Auckland it has begun.
  expect(await at("service", "shop", "&timezone=Pacific/Auckland")).toContain("too late");
});

test("members write about what they may read, and change their own; the audit log keeps what was", async () => {
  const mine = await write({ day: "2026-08-20", text: " first ", url: "https://example.com/adr/7" }, member);
  expect([mine.status, mine.body.annotation]).toEqual([
    201,
    expect.objectContaining({
      ...{ day: "2026-08-20", text: "first", url: "https://example.com/adr/7", scope: null, mayChange: true },
      createdBy: "m@serviceaccounts.example.com",
    }),
  ]);
  const { identifier } = mine.body.annotation;
  const put = (id: string, body: object, headers?: Record<string, string>) =>
    app.send<{ annotation: Note }>("PUT", `/v1/dora/annotations/${id}`, body, headers);
  const again = { day: "2026-08-21", text: "second" };
  expect((await put(identifier, again, member)).body.annotation).toMatchObject({ ...again, url: null });
  expect((await put(identifier, again, member)).status).toBe(200);
  expect((await put("all", again, member)).status).toBe(403);
  expect((await app.send("DELETE", "/v1/dora/annotations/all", undefined, member)).status).toBe(403);
  expect((await app.send("DELETE", `/v1/dora/annotations/${identifier}`)).status).toBe(200);
  expect((await app.send("DELETE", `/v1/dora/annotations/${identifier}`)).status).toBe(404);
  const { audits } = await portal.get<{ audits: { action: string; diff: Body }[] }>(
    "/v1/audit-log?resources=annotation&limit=3",
  );
  expect(audits.map(({ action }) => action)).toEqual(["DELETE", "UPDATE", "CREATE"]);
  expect(audits[1]?.diff).toMatchObject({ before: { text: "first" }, after: { text: "second" } });
});

test("what may not be read tells nothing and takes no notes", async () => {
  await app.send("PATCH", "/v1/blueprints/service/permissions", {
    entities: { read: { ownedByTeam: true } },
  });
  const hidden = await write({
    identifier: "hid",
    day: "2026-08-15",
    text: "secret",
    ...about("service", "cart"),
  });
  expect(hidden.status).toBe(201);
  expect((await write({ day: "2026-08-15", text: "x", ...about("service", "cart") }, member)).status).toBe(
    403,
  );
  expect((await write({ day: "2026-08-15", text: "x", ...about("service", "no") }, member)).status).toBe(403);
  expect((await app.send("GET", "/v1/dora/annotations/hid", undefined, member)).status).toBe(404);
  expect(await list("below=true", member)).not.toContain("secret");
  expect(await list("below=true")).toContain("secret");
  await app.send("PATCH", "/v1/blueprints/service/permissions", { entities: { read: null } });
});

test("notes follow what they are about into other names", async () => {
  await app.send("PATCH", "/v1/blueprints/service/entities/shop", { identifier: "store" });
  await app.send("PATCH", "/v1/blueprints/domain", { identifier: "area" });
  expect(await list("blueprint=service&entity=store")).toContain("shop on trunk");
  expect(await list("blueprint=area&entity=retail")).toContain("retail moves");
});

test("notes go with what they are about; another of the same name has none; the audit log keeps them", async () => {
  await portal.put("service", "brief", {});
  await write({ identifier: "gone", day: "2026-08-16", text: "of the first", ...about("service", "brief") });
  expect(await list("blueprint=service&entity=brief")).toContain("of the first");
  await portal.remove("service", "brief");
  expect((await app.send("GET", "/v1/dora/annotations/gone")).status).toBe(404);
  await portal.put("service", "brief", {});
  expect(await list("blueprint=service&entity=brief")).not.toContain("of the first");
  const { audits } = await portal.get<{ audits: { action: string; diff: Body }[] }>(
    "/v1/audit-log?resources=annotation&limit=1",
  );
  expect(audits[0]).toMatchObject({ action: "DELETE", diff: { before: { text: "of the first" } } });
  await portal.remove("service", "brief");
});

test("bad notes are refused by name, and nothing is written", async () => {
  const before = await list("below=true");
  const refusals = await Promise.all(
    [
      { day: "2026-02-30", text: "x" },
      { day: "2026-08-10", text: "  " },
      { day: "2026-08-10", text: "x", url: "javascript:alert(1)" },
      { day: "2026-08-10", text: "x", ...about("service", "nobody") },
      { day: "2026-08-10", text: "\ud800" },
      { day: "2026-08-10", text: "x", identifier: "a b" },
      { day: "2026-08-10" },
    ].map((body) => write(body)),
  );
  expect(refusals.map(({ status, body }) => `${status} ${body.message}`)).toEqual([
    expect.stringContaining('422 body.day "2026-02-30" must be a day of the calendar'),
    expect.stringContaining("422 body.text must say in words"),
    expect.stringContaining('422 body.url "javascript:alert(1)" must be an address'),
    expect.stringContaining('422 body.scope "service:nobody" must name an entity'),
    expect.stringContaining("422 body.text contains half of a surrogate pair"),
    expect.stringContaining('422 body.identifier "a b" must have'),
    expect.stringMatching(/^422 .*text/),
  ]);
  expect((await write({ identifier: "all", day: "2026-08-10", text: "twice" })).status).toBe(409);
  expect((await app.send("GET", "/v1/dora/annotations?blueprint=service&entity=none")).status).toBe(404);
  expect((await app.send("GET", "/v1/dora/annotations?from=2026-08-02&to=2026-08-01")).status).toBe(422);
  expect(await list("below=true")).toEqual(before);
});
