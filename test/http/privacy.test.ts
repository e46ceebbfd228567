/** What is stored of people, taking it along, and forgetting it; how long the audit log is kept. */
import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { eraseNext, erasePerson, getErasures } from "../../src/catalog/erase-person.ts";
import { personData } from "../../src/catalog/person-data.ts";
import { ensureSystemBlueprints } from "../../src/catalog/system-blueprints.ts";
import { inviteUser } from "../../src/catalog/users.ts";
import { forgetAudit } from "../../src/ingest/audit-retention.ts";
import { forgetting } from "../../src/model/forget-person.ts";
import { appendAuditEvents } from "../../src/storage/audit-events.ts";
import type { Ctx } from "../../src/storage/context.ts";
import { readFeed } from "../../src/storage/feed.ts";
import { ERASURES_QUEUE } from "../../src/storage/queues.ts";
import { transact } from "../../src/storage/transact.ts";
import { define, put } from "../catalog/fixture.ts";
import { startTestApp, type TestApp } from "../support/app.ts";
import { openTestDatabase, type TestDatabase } from "../support/database.ts";
import { SOON } from "../support/patience.ts";
import { openBrowser } from "./support/browser-session.ts";
import { columnsWith, seedRows } from "./support/seed-person.ts";

const EMAIL = "ada@example.com";

/** The context of an administrator. */
const asAdmin = (ctx: Ctx, email: string): Ctx => ({
  ...ctx,
  actor: {
    kind: "user",
    id: email,
    datasource: null,
    person: { email, name: email, roles: ["Admin"], teams: [] },
  },
});
/** As the worker does it. */
async function finishErasure(ctx: Ctx, id: string): Promise<void> {
  const job = { org: ctx.org, queue: ERASURES_QUEUE, key: id, ticket: 1, attempts: 1, leaseToken: "" };
  for (let i = 0; i < 1000; i += 1) {
    if ((await getErasures(ctx)).find((one) => one.id === id)?.status === "COMPLETED") return;
    await transact(ctx, (tx) => eraseNext(tx, job));
  }
  throw new Error("it does not end");
}

describe("a person is found", () => {
  const { text, json } = forgetting("ada+x@example.com", "P");
  test.each([
    ["ada+x@example.com", "P"],
    ["a\nAda+X@Example.COM\tb", "a\nP\tb"],
    ["…ada+x@example.com...ada+x@example.com.", "…P...P."],
    ["https://x/?u=ada%2Bx%40example.com&v=ada%2bx@example.com#ada+x@example.com", "https://x/?u=P&v=P#P"],
    ["to%3Aada%2Bx%40example.com", "to%3AP"],
    ['\\"a\\nada+x@example.com\\u0022', '\\"a\\nP\\u0022'],
    ['{"id":"ada+x@example.com","name":"Ada"}', '{"id":"P","name":"P"}'],
    ['{ "id": "ada+x@example.com", "name": "Ada" }', '{ "id": "P", "name": "Ada" }'],
  ])("in %j", (given, expected) => {
    expect(text(given)).toBe(expected);
  });
  test.each([
    ...["xada+x@example.com", "b.ada+x@example.com", "b+ada+x@example.com", "b%2Bada%2Bx%40example.com"],
    ...[
      "ada+x@example.com.au",
      "ada+x@example.community",
      "ada+x@example.com-x.org",
      "ada+x@example.com%2Eau",
    ],
    ...["adaax@example.com", "ada+x@exampleXcom", "%ada+x@example.com"],
  ])("not in %s", (given) => {
    expect(text(given)).toBe(given);
  });
  test("by name where an object is about them, and only there", () => {
    const user = { id: "Ada+x@example.com", firstName: "Ada", lastName: "Lovelace", role: "Admin" };
    const entity = {
      ...{ identifier: "ada+x@example.com", title: "Ada Lovelace", blueprint: "_user", team: [] },
      ...{ properties: { phone: "5" }, relations: {}, createdBy: "x" },
    };
    const service = { identifier: "s", title: "Ada's", createdBy: "ada+x@example.com", n: 1.5, no: null };
    expect(json({ by: { user }, list: [entity, service], "ada+x@example.com": { name: "Ada" } })).toEqual({
      by: { user: { id: "P", firstName: "P", lastName: "", role: "Admin" } },
      list: [
        { ...entity, identifier: "P", title: "P", properties: {} },
        { ...service, createdBy: "P" },
      ],
      P: { name: "P" },
    });
  });
});

describe("in each table", () => {
  let database: TestDatabase;
  let ctx: Ctx;
  beforeAll(async () => {
    database = await openTestDatabase();
    ({ ctx } = database);
    await ensureSystemBlueprints(ctx);
  });
  afterAll(() => database.close());

  /** What is known of an account, which goes with it. */
  const ACCOUNT = [
    ...[
      "account",
      "api_token",
      "credential",
      "own_setting",
      "second_factor",
      "sign_in_attempt",
      "sign_in_link",
    ],
    ...["sso_link", "web_session"],
  ];
  /** What names things as they are now, and what was received: docs/people-and-settings.md. */
  const STAYS = [
    ...["action", "alert", "alert_state", "blueprint_permission", "dora_annotation", "dora_settings"],
    ...["initiative", "page", "secret", "webhook"],
    ...["data_source", "inbox", "git_commit", "import_run", "source_object", "integration"],
    ...["integration_cursor", "integration_example", "integration_log", "integration_metric"],
    // Worked out of entities and commits, again and again.
    ...[
      "derived_delta",
      "derived_dirty",
      "derived_state",
      "derived_unit",
      "dora_deployment",
      "dora_incident",
    ],
    ...["dora_incident_cause", "dora_ownership", "dora_service", "dora_service_repository", "dora_shipment"],
    ...["dora_touched", "dora_unknown_sha", "dora_unshipped", "dora_watched", "initiative_progress"],
    // Names of jobs, readers and indexes, hashes.
    ...["automation_schedule", "change_source", "job", "scim_resource", "search_index"],
    ...["sign_in_failure"],
  ];

  test("it begins when those who follow the changes have read that the user went, or after ten minutes", async () => {
    await inviteUser(ctx, "read@example.com", {});
    await readFeed(ctx.db, ctx.org, "a reader", 1);
    const { id } = await erasePerson(asAdmin(ctx, "root@example.com"), "read@example.com");
    const job = { org: ctx.org, queue: ERASURES_QUEUE, key: id, ticket: 1, attempts: 1, leaseToken: "" };
    const next = (at = ctx): Promise<unknown> => transact(at, (tx) => eraseNext(tx, job));
    expect(await next()).toEqual({ againInMs: 1000 });
    expect(await next({ ...ctx, now: () => new Date(Date.now() + 601_000) })).toBeUndefined();
    await sql`delete from feed_cursor`.execute(ctx.db);
    await finishErasure(ctx, id);
    expect((await columnsWith(ctx, "read@example")).map(({ table }) => table)).toEqual([]);
  });

  test("asked twice at once it is one, and of a refusal nothing is left", async () => {
    const me = asAdmin(ctx, "root@example.com");
    await inviteUser(ctx, "twice@example.com", {});
    const both = await Promise.all([
      erasePerson(me, "twice@example.com"),
      erasePerson(me, "TWICE@example.com"),
    ]);
    expect(both[0].id).toBe(both[1].id);
    await inviteUser(ctx, "needed@example.com", {});
    await define(
      ctx,
      "badge",
      {},
      { relations: { of: { target: "_user", required: true, many: false, title: "of" } } },
    );
    await put(ctx, "badge", { identifier: "b", relations: { of: "needed@example.com" } });
    const before = (await getErasures(ctx)).length;
    await expect(erasePerson(me, "needed@example.com")).rejects.toMatchObject({ code: "has_dependents" });
    expect(await getErasures(ctx)).toHaveLength(before);
  });

  // Last: what it leaves in the tables is nonsense.
  test("nothing is left of them where something tells of the past, nor who made what", async () => {
    const me = asAdmin(ctx, "root@example.com");
    await inviteUser(ctx, EMAIL, {});
    await seedRows(ctx, EMAIL, (table) => ACCOUNT.includes(table));
    expect(await personData(ctx, EMAIL)).toMatchObject({
      providers: { signOn: [{ issuer: expect.any(String) }] },
      settings: [{ name: expect.any(String) }],
    });
    const { id } = await erasePerson(me, "Ada@example.com");
    const given = [
      ...["blueprint", "entity", "entity_relation", "erasure", "feed_cursor", "organization"],
      ...["schema_migration"],
    ];
    const seeded = await seedRows(ctx, EMAIL, (table) => !ACCOUNT.includes(table) && !given.includes(table));
    expect(seeded).toEqual(expect.arrayContaining(["action_run", "change", "level_history", "timer"]));
    expect(await personData(ctx, EMAIL)).toMatchObject({
      approvals: [{ state: "APPROVED", description: "fine" }],
      runLog: [{ run: "x" }],
    });
    await finishErasure(ctx, id);
    const left = await columnsWith(ctx, "(ada(@|%40)example\\.com|lovelace)");
    expect(left.filter(({ table }) => !STAYS.includes(table))).toEqual([]);
    expect(left.filter(({ column }) => /(_by|^by|^actor)$/.test(column))).toEqual([]);
    const { rows } = await sql<{ trigger: unknown; approvers: unknown; by: string }>`
      select trigger, policy_approvers as approvers, created_by as by from action_run`.execute(ctx.db);
    expect(rows).toMatchObject([{ by: id, trigger: { by: { id, firstName: id, lastName: "" } } }]);
    expect(JSON.stringify(rows)).not.toContain("Ada");
  });
});

describe("erasing a person", () => {
  let database: TestDatabase;
  let ctx: Ctx;
  beforeAll(async () => {
    database = await openTestDatabase();
    ({ ctx } = database);
    await ensureSystemBlueprints(ctx);
    await define(ctx, "service", { owner: { type: "string" } });
  });
  afterAll(() => database.close());

  const as = (email: string): Ctx => asAdmin(ctx, email);
  /** Tables with a row that has the text anywhere. */
  async function holding(text: string): Promise<string[]> {
    const { rows } = await sql<{ name: string }>`
      select table_name as name from information_schema.tables
      where table_schema = 'public' and table_type = 'BASE TABLE' order by 1`.execute(ctx.db);
    const found: string[] = [];
    for (const { name } of rows) {
      const hit =
        await sql`select from ${sql.table(name)} t where strpos(t::text, ${text}) > 0 limit 1`.execute(
          ctx.db,
        );
      if (hit.rows.length > 0) found.push(name);
    }
    return found;
  }
  test("leaves no row that has the address, and what others did as it was", async () => {
    for (const email of [EMAIL, "grada@example.com", "ada@example.com.au"]) {
      await inviteUser(ctx, email, {});
      await put(as(email), "service", {
        identifier: `of-${email.split("@")[0]}-${email.length}`,
        title: "S",
      });
    }
    await appendAuditEvents(as(EMAIL), [
      {
        kind: "page",
        action: "UPDATE",
        identifier: "p",
        after: { users: [EMAIL, "grada@example.com"], text: `by <${EMAIL}>.` },
      },
    ]);
    await appendAuditEvents(as("grada@example.com"), [
      {
        kind: "credentials",
        action: "UPDATE",
        identifier: EMAIL,
        refusal: `no user "${EMAIL}" and no xada@example.com`,
      },
    ]);
    const { id } = await erasePerson(as("grada@example.com"), EMAIL);
    expect(id).toMatch(/^erased-[0-9a-f]{12}$/);
    // Asked again while it is on its way it is the same.
    expect((await erasePerson(as("grada@example.com"), EMAIL)).id).toBe(id);
    await finishErasure(ctx, id);
    const texts = JSON.stringify(
      (
        await sql`select * from audit_event where kind in ('page', 'credentials') order by seq`.execute(
          ctx.db,
        )
      ).rows,
    );
    expect(texts).toContain(`{"text":"by <${id}>.","users":["${id}","grada@example.com"]}`);
    expect(texts).toContain(`no user \\"${id}\\" and no xada@example.com`);
    // Addresses that have it as a part are other people's.
    const { rows } = await sql<{ by: string }>`
      select created_by as by from entity where blueprint = 'service' order by created_by`.execute(ctx.db);
    expect(rows.map(({ by }) => by).sort()).toEqual(["ada@example.com.au", id, "grada@example.com"].sort());
    const states = await sql<{ after: unknown }>`
      select after from change where blueprint = '_user' and identifier = ${id} and after is not null`.execute(
      ctx.db,
    );
    expect(states.rows.map(({ after }) => after)).toEqual(states.rows.map(() => ({ identifier: id })));
    expect(states.rows.length).toBeGreaterThan(0);
    await ctx.db.deleteFrom("entity").where("identifier", "like", "%example.com%").execute();
    for (const other of ["grada@example.com", "xada@example.com", "ada@example.com.au"])
      await sql`delete from change where strpos(change::text, ${other}) > 0`.execute(ctx.db);
    await sql`delete from audit_event where strpos(audit_event::text, 'ada@example.com') > 0`.execute(ctx.db);
    await sql`delete from scim_resource`.execute(ctx.db);
    expect((await holding(EMAIL)).filter((name) => !["entity", "erasure"].includes(name))).toEqual([]);
    expect(await sql`select email from erasure where email is not null`.execute(ctx.db)).toMatchObject({
      rows: [],
    });
  });

  test("nobody erases themselves; who is unknown leaves nothing behind", async () => {
    await expect(erasePerson(as("grada@example.com"), "grada@example.com")).rejects.toThrow(/themselves/);
    await expect(erasePerson(as("grada@example.com"), "no address")).rejects.toThrow(/not found/);
  });

  test("the audit log is kept as long as it is to be, and what a reader has not read longer", async () => {
    await readFeed(ctx.db, ctx.org, "a reader", 1);
    const later = { ...ctx, now: () => new Date(Date.now() + 40 * 86_400_000) };
    const count = async (table: string): Promise<number> =>
      Number(
        (await sql<{ n: string }>`select count(*) as n from ${sql.table(table)}`.execute(ctx.db)).rows[0]?.n,
      );
    await appendAuditEvents(ctx, [{ kind: "page", action: "UPDATE", identifier: "old" }]);
    await forgetAudit(ctx, 30);
    expect(await count("audit_event")).toBeGreaterThan(0);
    const unread = await count("change");
    // As long as something went, there may be more.
    expect(await forgetAudit(later, 30)).toBe(true);
    expect([await count("audit_event"), await count("change")]).toEqual([0, unread]);
    expect(await forgetAudit(later, 30)).toBe(false);
    await sql`update feed_cursor set (xid, seq) = (select xid, seq from change order by xid desc, seq desc limit 1)`.execute(
      ctx.db,
    );
    await forgetAudit(later, 30);
    expect(await count("change")).toBe(0);
  });
});

describe("over HTTP", () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startTestApp({ FAIRWAY_TRUSTED_PROXIES: "127.0.0.1,::1" });
  });
  afterAll(() => app.stop());

  test("people take along what is stored of them; the worker erases, also who was deleted before", async () => {
    const { body } = await app.send("POST", "/v1/users/invite", { invitee: { email: EMAIL } });
    const one = openBrowser(app, "192.0.2.1");
    await one.send("POST", "/auth/link", {
      token: new URL(String(body["signInUrl"])).searchParams.get("token"),
    });
    await one.send("POST", "/v1/tokens", { name: "mine", scopes: ["dora:read"] });
    const told = await one.send<{ data: Record<string, unknown> }>("GET", `/v1/users/${EMAIL}/data`);
    expect(told.status).toBe(200);
    expect(told.headers.get("content-disposition")).toContain("my-data.json");
    expect(told.body.data).toMatchObject({
      user: { email: EMAIL },
      signIn: { password: "none", secondFactor: { isOn: false } },
      sessions: [{ address: "192.0.2.1" }],
      tokens: [{ name: "mine" }],
      providers: { signOn: [], scim: null },
      ...{ approvals: [], runLog: [] },
      onlyTheLatestOf: [],
    });
    expect(JSON.stringify(told.body.data["account"])).toContain('"status":"Active"');
    expect((await one.send("GET", "/v1/users/admin@example.com/data")).status).toBe(403);
    expect((await one.send("POST", "/v1/users/admin@example.com/erase")).status).toBe(403);

    await app.send("DELETE", `/v1/users/${EMAIL}`);
    const { status, body: erased } = await app.send<{ erasure: { id: string } }>(
      "POST",
      `/v1/users/${EMAIL}/erase`,
    );
    expect(status).toBe(202);
    await expect
      .poll(async () => (await app.send("GET", "/v1/erasures")).body["erasures"], SOON)
      .toMatchObject([{ id: erased.erasure.id, status: "COMPLETED" }]);
    const log = JSON.stringify((await app.send("GET", "/v1/audit-log?limit=1000")).body);
    expect(log).toContain(erased.erasure.id);
    expect(log).not.toContain(EMAIL);
  });
});
