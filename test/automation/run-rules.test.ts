/** Who may run what, with which inputs, and who carries it out (workflows.md §3.2.2, §3.4–§3.7). */
import { createDecipheriv } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { SOON } from "../support/patience.ts";
import { type ActionsFixture, type RunJson, selfService, startActions } from "./actions-fixture.ts";

let it: ActionsFixture;
type Headers = Record<string, string>;
let ann: Headers;
let bob: Headers;

/** Somebody who signs in with credentials of their own. */
async function member(email: string, properties: object, team: string[] = []): Promise<Headers> {
  const { body } = await it.app.send<{
    additionalData: { credentials: { clientId: string; clientSecret: string } };
  }>("POST", "/v1/blueprints/_user/entities", {
    identifier: email,
    title: "Some One",
    team,
    properties: { status: "Active", port_type: "Service Account", port_role: "Member", ...properties },
  });
  const { credentials } = body.additionalData;
  const token = await it.app.send<{ accessToken: string }>("POST", "/v1/auth/access_token", credentials);
  return { authorization: `Bearer ${token.body.accessToken}` };
}

const ANN = "ann@serviceaccounts.example.com";
const BOB = "bob@serviceaccounts.example.com";

beforeAll(async () => {
  it = await startActions();
  const { app } = it;
  await app.send("POST", "/v1/blueprints", {
    identifier: "service",
    title: "Service",
    ownership: { type: "Direct" },
    schema: { properties: { tier: { type: "string" } }, required: [] },
  });
  for (const team of ["red", "blue"])
    await app.send("POST", "/v1/blueprints/_team/entities", { identifier: team, title: team });
  for (const [identifier, tier, team] of [
    ["cart", "gold", "red"],
    ["mail", "iron", "blue"],
  ])
    await app.send("POST", "/v1/blueprints/service/entities", {
      ...{ identifier, title: identifier, team: [team], properties: { tier } },
    });
  ann = await member(ANN, {}, ["red"]);
  bob = await member(BOB, {}, ["blue"]);
});
afterAll(() => it.stop());

const agent = { type: "WEBHOOK", url: "https://example.com/x", agent: true };

describe("§3.2.2 jqQuery: inputs are checked on the server", () => {
  beforeAll(async () => {
    const userInputs = {
      properties: {
        name: { type: "string", pattern: "^[a-z-]+$", minLength: 2, maxLength: 8 },
        count: { type: "number", minimum: 1, maximum: 5 },
        size: { type: "string", enum: ["s", "m"], default: "s" },
        zone: {
          type: "string",
          enum: { jqQuery: 'if .form.size == "m" then ["eu", "us"] else ["eu"] end' },
          dependsOn: ["size"],
        },
        reason: { type: "string", visible: { jqQuery: '.form.size == "m"' } },
        label: { type: "string", value: { jqQuery: '"svc-" + .form.name' } },
        service: {
          type: "string",
          format: "entity",
          blueprint: "service",
          dataset: {
            combinator: "and",
            rules: [{ property: "tier", operator: "=", value: { jqQuery: '"gold"' } }],
          },
        },
        tags: { type: "array", items: { type: "string" }, maxItems: { jqQuery: "2" }, uniqueItems: true },
        owner: { type: "string", format: "user" },
        home: { type: "object", format: "labeled-url" },
        locked: { type: "boolean", default: true, disabled: true },
        mails: { type: "array", items: { type: "string", format: "email" } },
        who: { type: "string", default: { jqQuery: ".user.email" } },
      },
      required: ["name"],
    };
    await it.make("form", { trigger: selfService({ userInputs }), invocationMethod: agent });
  });
  test("§3.2.2 entities §3.2.2 default, enum, value: what the form itself gives is there, entities whole for templates and brief for readers", async () => {
    const answer = await it.app.send<{ run: RunJson }>(
      "POST",
      "/v1/actions/form/runs",
      { properties: { name: "cart", service: "cart", size: "m", zone: "us", reason: "load" } },
      ann,
    );
    expect(answer.body.run.properties).toEqual({
      ...{ name: "cart", size: "m", zone: "us", reason: "load", label: "svc-cart", locked: true, who: ANN },
      service: { identifier: "cart", title: "cart", icon: null, blueprint: "service" },
    });
    expect(answer.body.run["rawProperties"]).toMatchObject({ service: "cart" });
  });
  test.each<[string, Record<string, unknown>, string]>([
    ["an input of no form", { name: "ab", extra: 1 }, "extra"],
    ["no required input", {}, "name is missing"],
    ["an empty required input", { name: "" }, "name is empty"],
    ["another type", { name: 1 }, "of type string"],
    ["a text of another pattern", { name: "AB" }, "pattern"],
    ["a short text", { name: "a" }, "at least 2"],
    ["a long text", { name: "abcdefghi" }, "at most 8"],
    ["a large number", { name: "ab", count: 6 }, "more than 5"],
    ["a value that is not offered", { name: "ab", size: "xl" }, "size"],
    ["a value that is not offered now", { name: "ab", zone: "us" }, "zone"],
    ["what is not shown", { name: "ab", reason: "r" }, "not shown"],
    ["what is disabled", { name: "ab", locked: false }, "disabled"],
    ["what the form works out", { name: "ab", label: "mine" }, "worked out"],
    ["an entity that is not there", { name: "ab", service: "none" }, "none"],
    ["an entity out of the dataset", { name: "ab", service: "mail" }, "not among"],
    ["too many items", { name: "ab", tags: ["a", "b", "c"] }, "at most 2"],
    ["an item twice", { name: "ab", tags: ["a", "a"] }, "twice"],
    ["a user who is not there", { name: "ab", owner: "no@example.com" }, "no such user"],
    ["a link that is none", { name: "ab", home: { url: "nowhere" } }, "home.url"],
    ["an address that is none", { name: "ab", mails: ["x"] }, "mails[0]"],
  ])(
    "§3.2.2 types §3.2.2 bounds §3.2.2 dataset §3.2.2 labeled-url: %s is refused by name",
    async (_what, properties, named) => {
      const { status, body } = await it.app.send<{ message: string }>("POST", "/v1/actions/form/runs", {
        properties,
      });
      expect(status).toBe(422);
      expect(body.message).toContain(named);
    },
  );
  test("§3.2.2 visible and disabled §3.2.2 dependsOn: the form can be asked for before it is sent", async () => {
    const { body } = await it.app.send<{ inputs: Record<string, Record<string, unknown>> }>(
      "POST",
      "/v1/actions/form/form",
      { properties: { size: "m" } },
    );
    expect(body.inputs["zone"]).toMatchObject({ enum: ["eu", "us"], visible: true, required: false });
    expect(body.inputs["reason"]).toMatchObject({ visible: true });
    expect(body.inputs["name"]).toMatchObject({ required: true, value: null });
  });
  test("§3.2.2 aes256-gcm: an input is stored encrypted as port-agent opens it", async () => {
    const token = { type: "string", encryption: "aes256-gcm", pattern: "^[a-z ]+$" };
    const userInputs = { properties: { token } };
    await it.make("encrypted", { trigger: selfService({ userInputs }), invocationMethod: agent });
    const { properties } = await it.run("encrypted", { properties: { token: "open sesame" } });
    const bytes = Buffer.from(String(properties["token"]), "base64");
    const key = Buffer.from(it.app.config.clientSecret).subarray(0, 32);
    const decipher = createDecipheriv("aes-256-gcm", key, bytes.subarray(0, 16));
    decipher.setAuthTag(bytes.subarray(-16));
    expect(decipher.update(bytes.subarray(16, -16), undefined, "utf8") + decipher.final("utf8")).toBe(
      "open sesame",
    );
    // What is refused stands in the audit log.
    const refused = await it.app.send("POST", "/v1/actions/encrypted/runs", {
      properties: { token: "pa55" },
    });
    expect(refused.status).toBe(422);
    const log = await it.app.send("GET", "/v1/audit-log?resources=run&status=FAILURE");
    expect(JSON.stringify(log.body)).toContain("properties.token");
    expect(JSON.stringify([refused.body, log.body])).not.toContain("pa55");
  });
  test("expressions of a form share what they may use", async () => {
    const endless = { type: "number", default: { jqQuery: "last(range(1e9))" } };
    await it.make("endless", {
      trigger: selfService({ userInputs: { properties: { a: endless, b: endless, c: endless } } }),
      invocationMethod: agent,
    });
    const refused = await it.app.send("POST", "/v1/actions/endless/runs", {});
    expect(refused.status).toBe(422);
    expect(refused.body["message"]).toContain("too many steps");
  });
  test("§3.2.2 client-side: what is not encrypted already is refused", async () => {
    const encryption = {
      algorithm: "client-side",
      key: "-----BEGIN PUBLIC KEY-----\nAA==\n-----END PUBLIC KEY-----",
    };
    const userInputs = { properties: { token: { type: "string", encryption } } };
    await it.make("client-side", { trigger: selfService({ userInputs }), invocationMethod: agent });
    const path = "/v1/actions/client-side/runs";
    const plain = await it.app.send("POST", path, { properties: { token: "plain" } });
    expect(plain.status).toBe(422);
    expect(JSON.stringify(plain.body)).not.toContain('"plain"');
    const token = Buffer.alloc(300, 7).toString("base64");
    expect((await it.app.send("POST", path, { properties: { token } })).status).toBe(202);
  });
});

test("§3.2.1 condition: an action with one runs on entities that meet it", async () => {
  const condition = {
    ...{ type: "SEARCH", combinator: "and" },
    rules: [{ property: "tier", operator: "=", value: "gold" }],
  };
  await it.make("golden", {
    trigger: selfService({ operation: "DAY-2", blueprintIdentifier: "service", condition }),
    invocationMethod: agent,
  });
  const send = (entity?: string) => it.app.send("POST", "/v1/actions/golden/runs", { entity });
  expect((await send("cart")).status).toBe(202);
  for (const wrong of ["mail", undefined]) expect((await send(wrong)).status).toBe(422);
  expect((await send("none")).status).toBe(404);
});

describe("§3.7 permissions", () => {
  const run = (action: string, as: Headers, body: object = {}) =>
    it.app.send<{ run: RunJson; message: string }>("POST", `/v1/actions/${action}/runs`, body, as);
  const grant = (action: string, permissions: object) =>
    it.app.send("PATCH", `/v1/actions/${action}/permissions`, permissions);

  test("§3.7 execute: everybody may, until users, roles or teams are named; then others do not see the action", async () => {
    await it.make("teams-only", { invocationMethod: agent });
    expect((await run("teams-only", ann)).status).toBe(202);
    const { body } = await grant("teams-only", { execute: { roles: [], teams: ["red"] } });
    expect(body["permissions"]).toMatchObject({
      execute: { roles: [], teams: ["red"], users: [], ownedByTeam: false, policy: null },
      approve: { roles: ["Admin"] },
    });
    expect((await run("teams-only", ann)).status).toBe(202);
    expect((await run("teams-only", bob)).status).toBe(404);
    const { body: own } = await it.app.send<{ permissions: string[] }>(
      ...(["GET", "/v1/auth/permissions?action_version=v2", undefined, bob] as const),
    );
    expect(own.permissions).toContain("execute:actions:form");
    expect(own.permissions).not.toContain("execute:actions:teams-only");
  });
  test("§3.7 ownedByTeam: members of the teams that own the entity", async () => {
    const trigger = selfService({ operation: "DAY-2", blueprintIdentifier: "service" });
    await it.make("owners-only", { trigger, invocationMethod: agent });
    await grant("owners-only", { execute: { roles: [], ownedByTeam: true } });
    expect((await run("owners-only", ann, { entity: "cart" })).status).toBe(202);
    expect((await run("owners-only", ann, { entity: "mail" })).status).toBe(403);
  });
  test("§3.7 a policy decides by what its queries find and what is filled in", async () => {
    const userInputs = { properties: { tier: { type: "string" } } };
    await it.make("by-policy", { trigger: selfService({ userInputs }), invocationMethod: agent });
    const rules = [
      { property: "$blueprint", operator: "=", value: "service" },
      { property: "tier", operator: "=", value: "{{ .inputs.tier }}" },
    ];
    const policy = {
      queries: { owned: { combinator: "and", rules }, broken: { nothing: true } },
      conditions: [
        "any(.results.owned.entities[].team[]; . == $x)",
        ".user.teamsIdentifiers as $mine | any(.results.owned.entities[].team[]; . as $t | any($mine[]; . == $t))",
      ],
    };
    expect((await grant("by-policy", { execute: { policy } })).status).toBe(200);
    expect((await run("by-policy", ann, { properties: { tier: "gold" } })).status).toBe(202);
    expect((await run("by-policy", ann, { properties: { tier: "iron" } })).status).toBe(403);
    expect((await run("by-policy", bob, { properties: { tier: "iron" } })).status).toBe(202);
  });
  test("§3.7 run_as is for apps, and runs with the permissions of the person", async () => {
    const asAnn = await it.app.send<{ run: RunJson }>(
      "POST",
      `/v1/actions/teams-only/runs?run_as=${ANN}`,
      {},
    );
    expect(asAnn.body.run).toMatchObject({ createdBy: ANN, impersonatedBy: it.app.config.clientId });
    expect((await it.app.send("POST", `/v1/actions/teams-only/runs?run_as=${BOB}`, {})).status).toBe(404);
    expect((await it.app.send("POST", `/v1/actions/form/runs?run_as=${BOB}`, {}, ann)).status).toBe(403);
  });
  test("§3.7 allowAnyoneToViewRuns: members change no actions and no permissions; runs may be kept from others", async () => {
    expect((await it.app.send("DELETE", "/v1/actions/form", undefined, ann)).status).toBe(403);
    expect((await it.app.send("PATCH", "/v1/actions/form/permissions", {}, ann)).status).toBe(403);
    await it.make("private", { invocationMethod: agent, allowAnyoneToViewRuns: false });
    const { body } = await run("private", ann);
    const seen = (as: Headers) => it.app.send("GET", `/v1/actions/runs/${body.run.id}`, undefined, as);
    expect((await seen(ann)).status).toBe(200);
    expect((await seen(bob)).status).toBe(404);
    expect((await it.app.send("PATCH", `/v1/actions/runs/${body.run.id}`, {}, bob)).status).toBe(404);
    const log = await it.app.send<{ audits: unknown[] }>(
      ...(["GET", `/v1/audit-log?run_id=${body.run.id}`, undefined, bob] as const),
    );
    expect(log.body.audits).toEqual([]);
  });
});

describe("§3.7 moderators: what they write", () => {
  const ended = ({ status }: RunJson): boolean => status === "SUCCESS" || status === "FAILURE";
  const end = async (action: string): Promise<RunJson> => it.until((await it.run(action)).id, ended);

  test("writes entities of its own blueprint, until an administrator saves it", async () => {
    const moderator = await member("mod@serviceaccounts.example.com", {
      port_role: "Moderator",
      moderated_blueprints: ["service"],
    });
    const upsert = (identifier: string, blueprintIdentifier: string, mapping: object) => ({
      identifier,
      trigger: selfService({ blueprintIdentifier: "service" }),
      invocationMethod: { type: "UPSERT_ENTITY", blueprintIdentifier, mapping },
    });
    const people = upsert("people", "_user", { identifier: BOB, title: "Robert" });
    const services = upsert("services", "service", { identifier: "made" });
    for (const action of [people, services])
      expect((await it.app.send("POST", "/v1/actions", action, moderator)).status).toBe(201);
    expect(await end("people")).toMatchObject({
      status: "FAILURE",
      summary: expect.stringContaining("written by a moderator") as string,
    });
    expect((await end("services")).status).toBe("SUCCESS");
    expect((await it.app.send("PUT", "/v1/actions/people", people)).status).toBe(200);
    expect((await end("people")).status).toBe("SUCCESS");
  });
  test("runs are not seen by who may not read the entity", async () => {
    await it.app.send("POST", "/v1/blueprints", {
      ...{ identifier: "vault", title: "Vault", ownership: { type: "Direct" } },
      schema: { properties: {}, required: [] },
    });
    await it.app.send("PATCH", "/v1/blueprints/vault/permissions", {
      entities: { read: { roles: [], teams: ["red"] } },
    });
    await it.app.send("POST", "/v1/blueprints/vault/entities", { identifier: "safe", team: ["red"] });
    await it.make("open-vault", {
      trigger: selfService({ operation: "DAY-2", blueprintIdentifier: "vault" }),
      invocationMethod: agent,
    });
    const safe = { type: "string", format: "entity", blueprint: "vault" };
    await it.make("choose-safe", {
      trigger: selfService({ userInputs: { properties: { safe } } }),
      invocationMethod: agent,
    });
    const seen = async (action: string, id: string, as: Headers): Promise<unknown[]> => {
      const one = await it.app.send("GET", `/v1/actions/runs/${id}`, undefined, as);
      const list = await it.app.send<{ runs: RunJson[] }>(
        ...(["GET", `/v1/actions/runs?action=${action}`, undefined, as] as const),
      );
      return [one.status, list.body.runs.map((run) => run.id)];
    };
    for (const [action, body] of [
      ["open-vault", { entity: "safe" }],
      ["choose-safe", { properties: { safe: "safe" } }],
    ] as const) {
      const { id } = await it.run(action, body);
      expect(await seen(action, id, ann)).toEqual([200, [id]]);
      expect(await seen(action, id, bob)).toEqual([404, []]);
    }
  });
});

describe("§3.4 approvals §3.1 approval", () => {
  const decide = (id: string, status: string, as: Headers, description?: string) =>
    it.app.send<{ run: RunJson }>("PATCH", `/v1/actions/runs/${id}/approval`, { status, description }, as);

  test("§3.2 approvalNotification §3.4 approvals: ANY: the first decision counts; who waits can be cancelled, not let go", async () => {
    it.receiver.answers.set("/notice", { status: 200 });
    await it.make("any", {
      requiredApproval: true,
      approvalNotification: { type: "webhook", url: `${it.receiver.url}/notice`, format: "slack" },
    });
    await it.app.send("PATCH", "/v1/actions/any/permissions", { approve: { roles: [], users: [ANN] } });
    // The address is for those who may change it.
    const told = async (as?: Headers) => (await it.app.send("GET", "/v1/actions/any", undefined, as)).body;
    expect(JSON.stringify(await told())).toContain("/notice");
    expect(JSON.stringify(await told(bob))).not.toContain("/notice");
    const started = await it.run("any");
    expect(started.status).toBe("WAITING_FOR_APPROVAL");
    expect(
      (await it.app.send("PATCH", `/v1/actions/runs/${started.id}`, { status: "IN_PROGRESS" })).status,
    ).toBe(422);
    expect((await it.app.send("PATCH", `/v1/actions/runs/${started.id}`, { status: "SUCCESS" })).status).toBe(
      422,
    );
    expect((await decide(started.id, "APPROVE", bob)).status).toBe(403);
    const waiting = await it.app.send<{ runs: RunJson[] }>("GET", "/v1/approvals", undefined, ann);
    expect(waiting.body.runs.map(({ id }) => id)).toContain(started.id);
    expect((await decide(started.id, "APPROVE", ann, "fine")).status).toBe(201);
    const run = await it.until(started.id, ({ status }) => status === "SUCCESS");
    expect(run["approval"]).toMatchObject({ state: "APPROVED", userId: ANN, description: "fine" });
    expect(it.receiver.at("/any")).toHaveLength(1);
    expect((await decide(started.id, "DECLINE", ann)).status).toBe(422);
    const second = await it.run("any");
    expect((await decide(second.id, "DECLINE", ann)).body.run.status).toBe("DECLINED");
    const third = await it.run("any");
    const cancelled = await it.app.send("PATCH", `/v1/actions/runs/${third.id}`, { status: "FAILURE" });
    expect(cancelled.body["run"]).toMatchObject({ status: "FAILURE" });
    expect((await decide(third.id, "APPROVE", ann)).status).toBe(422);
    expect(it.receiver.at("/any")).toHaveLength(1);
    // Of runs that were decided before their notice went out nobody is told.
    const undecided = await it.run("any");
    await it.until(undecided.id, () => it.receiver.at("/notice").length > 0);
    expect(it.receiver.at("/notice")[0]?.text).toContain("waits for approval");
    // Who was told stands among the messages.
    const message = async () => {
      const path = "/v1/notifications?kind=approval&of=any&channel=slack";
      const { notifications } = (await it.app.send<{ notifications: { id: string }[] }>("GET", path)).body;
      return notifications.find(({ id }) => id === undecided.id);
    };
    await expect
      .poll(message, SOON)
      .toMatchObject({ of: "any", state: "delivered", attempts: 1, problem: null });
  });
  test("§3.4 approvals §3.1 approvers: ALL: everybody has to agree, those of the policy too", async () => {
    await it.make("all", { requiredApproval: { type: "ALL" }, invocationMethod: agent });
    const policy = { queries: {}, conditions: [`["${BOB}"]`] };
    await it.app.send("PATCH", "/v1/actions/all/permissions", {
      approve: { roles: [], users: [ANN], policy },
    });
    const { id } = await it.run("all");
    expect((await decide(id, "APPROVE", ann)).body.run.status).toBe("WAITING_FOR_APPROVAL");
    expect((await decide(id, "APPROVE", ann)).status).toBe(409);
    const { body } = await it.app.send<{ approvers: { email: string; state: string }[] }>(
      "GET",
      `/v1/actions/runs/${id}/approvers?include_pending_approvers=true`,
    );
    expect(body.approvers.map(({ email, state }) => [email, state])).toEqual([
      [ANN, "APPROVED"],
      [BOB, "PENDING"],
    ]);
    expect((await decide(id, "APPROVE", bob)).body.run.status).toBe("IN_PROGRESS");
  });
});

describe("§3.5 claims §3.5 ack", () => {
  const claim = async (body: object): Promise<RunJson[]> => {
    const answer = await it.app.send<{ runs: RunJson[] }>("POST", "/v1/actions/runs/claim-pending", body, {
      authorization: `Bearer ${it.app.token}`,
      "x-port-reserved-usage": "true",
    });
    expect(answer.status).toBe(200);
    return answer.body.runs;
  };
  test("port-agent: claims, acknowledges, reports; what is not acknowledged is offered again", async () => {
    await claim({ installationId: "_PORT_EXEC_AGENT", limit: 1000, invocationMethod: "WEBHOOK" });
    await it.make("by-agent", {
      invocationMethod: { ...agent, synchronized: "{{ true }}", headers: { a: "{{ .run.id }}" } },
    });
    const { id } = await it.run("by-agent");
    const mine = { installationId: "_PORT_EXEC_AGENT", limit: 100, invocationMethod: "WEBHOOK" };
    const [run, ...others] = await claim({ ...mine, visibilityTimeoutMs: 1 });
    expect(others).toEqual([]);
    expect(run).toMatchObject({
      id,
      payload: {
        type: "WEBHOOK",
        url: "https://example.com/x",
        agent: true,
        synchronized: true,
        headers: { a: id },
      },
    });
    expect(Object.keys(run?.payload?.["body"] as object)).toContain("inputs");
    const again = await it.until(id, () => true).then(() => claim({ ...mine, visibilityTimeoutMs: 600_000 }));
    expect(again.map((one) => one.id)).toEqual([id]);
    expect(await claim(mine)).toEqual([]);
    const ack = (body: object) => it.app.send("PATCH", "/v1/actions/runs/ack", body);
    expect((await ack({ runIds: [id] })).body).toEqual({ ok: true, ackedCount: 1 });
    expect((await ack({ runIds: [id] })).body).toEqual({ ok: true, ackedCount: 0 });
    expect((await ack({ runId: id })).status).toBe(409);
    expect((await ack({ runId: "r_none" })).status).toBe(404);
    const answer = { response: { made: true } };
    expect((await it.app.send("PATCH", `/v1/actions/runs/${id}/response`, answer)).status).toBe(200);
    await it.app.send("PATCH", `/v1/actions/runs/${id}`, { status: "SUCCESS" });
    expect(await it.get(id)).toMatchObject({ status: "SUCCESS", response: { made: true } });
  });
  test("§3.2.3 INTEGRATION_ACTION §3.9 workflows: Ocean claims by installation, without the actions that are full; workflows are none", async () => {
    const invocationMethod = {
      ...{ type: "INTEGRATION_ACTION", installationId: "gh", integrationActionType: "dispatch_workflow" },
      integrationActionExecutionProperties: { repo: "{{ .inputs.repo }}" },
    };
    const trigger = selfService({ userInputs: { properties: { repo: { type: "string" } } } });
    await it.make("by-ocean", { trigger, invocationMethod });
    const { id } = await it.run("by-ocean", { properties: { repo: "cart" } });
    expect(await claim({ installationId: "other", limit: 5 })).toEqual([]);
    expect(await claim({ installationId: "gh", limit: 5, exclude: ["by-ocean"] })).toEqual([]);
    const [run] = await claim({ installationId: "gh", limit: 5, visibilityTimeoutMs: 90_000 });
    expect(run).toMatchObject({
      ...{ id, status: "IN_PROGRESS", action: { identifier: "by-ocean" } },
      payload: { integrationActionExecutionProperties: { repo: "cart" } },
    });
    await it.app.send("PATCH", `/v1/actions/runs/${id}`, {
      link: "https://x.example.com",
      externalRunId: "gh-77",
    });
    const found = await it.app.send<{ runs: RunJson[] }>(
      "GET",
      "/v1/actions/runs?version=v2&external_run_id=gh-77",
    );
    expect(found.body.runs.map((one) => one.id)).toEqual([id]);
    const nodes = await it.app.send("POST", "/v1/workflows/runs/claim-pending", {
      installationId: "gh",
      limit: 5,
    });
    expect(nodes.body).toEqual({ ok: true, nodeRuns: [] });
  });
  test("people claim nothing", async () => {
    const { status } = await it.app.send(
      ...(["POST", "/v1/actions/runs/claim-pending", { installationId: "gh" }, ann] as const),
    );
    expect(status).toBe(403);
  });
});
