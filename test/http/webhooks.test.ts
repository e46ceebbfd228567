import { createHmac } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { startTestApp, type TestApp } from "../support/app.ts";

let app: TestApp;
let n = 0;
let bp = "";
beforeAll(async () => {
  app = await startTestApp({ FAIRWAY_INGEST_MAX_WAITING: "40" });
});
afterAll(() => app.stop());
beforeEach(async () => {
  bp = `b${++n}`;
  await app.send("POST", "/v1/blueprints", {
    ...{ identifier: bp, title: bp },
    schema: { properties: { a: { type: "string" }, count: { type: "number" }, event: { type: "string" } } },
    relations: { up: { target: bp, many: false, required: false } },
  });
});

interface Hook {
  identifier: string;
  webhookKey: string;
  url: string;
  security?: Record<string, unknown>;
}
interface Event {
  id: string;
  status: string;
  outcome: { errors: { key: string; reason: string; code: string | null }[]; [key: string]: unknown } | null;
}
interface Answer {
  ok: boolean;
  status: string;
  eventId: string;
  integration: Hook;
  events: Event[];
  event: Event;
  next: string | null;
  replayed: number;
  message: string;
  error: string;
}

const SIGNED = { signatureHeaderName: "X-Sig", signatureAlgorithm: "sha256", signaturePrefix: "p=" };
const mapping = (more: object = {}): object => ({
  blueprint: bp,
  entity: {
    identifier: ".body.id | tostring",
    properties: { a: ".body.a", count: ".body.count", event: '.headers."x-event"' },
    relations: { up: ".body.up" },
  },
  ...more,
});
async function create(body: object = {}): Promise<Hook> {
  const { status, body: answer } = await app.send<Answer>("POST", "/v1/webhooks", {
    ...{ title: `Hook ${n}`, enabled: true, mappings: [mapping()] },
    ...body,
  });
  expect({ status, answer }).toMatchObject({ status: 201 });
  return answer.integration;
}
const post = (hook: Hook, body: unknown, headers: Record<string, string> = {}) =>
  app.send<Answer>("POST", `/ingest/${hook.webhookKey}`, body, { authorization: "", ...headers });

/** Waits until nothing of the hook waits. */
async function settled({ identifier }: Hook): Promise<Event[]> {
  for (let i = 0; i < 400; i++) {
    const { body } = await app.send<Answer>("GET", `/v1/webhooks/${identifier}/events?status=received`);
    if (body.events.length === 0)
      return (await app.send<Answer>("GET", `/v1/webhooks/${identifier}/events`)).body.events;
    await sleep(25);
  }
  throw new Error("events still wait");
}
const entity = async (id: string) =>
  (
    await app.send<{ entity?: { properties: object; relations: object; updatedBy: string } }>(
      ...(["GET", `/v1/blueprints/${bp}/entities/${id}`] as const),
    )
  ).body.entity;

describe("definitions", () => {
  test("returned as sent, under `integration`, with address and key; replaced, patched, deleted", async () => {
    const sent = {
      ...{ identifier: `hook-${n}`, title: "Mine", description: null, icon: "X", enabled: true },
      ...{ integrationType: "custom", mappings: [mapping({ filter: "true" })] },
      security: { secret: "s", ...SIGNED },
    };
    const hook = await create(sent);
    expect(hook).toMatchObject(sent);
    expect(hook.url).toBe(`${app.url.replace("127.0.0.1", "localhost")}/ingest/${hook.webhookKey}`);
    const path = `/v1/webhooks/${hook.identifier}`;
    expect((await app.send<Answer>("GET", path)).body.integration).toEqual(hook);
    const patched = await app.send<Answer>("PATCH", path, {
      title: "Yours",
      security: { signaturePrefix: null },
    });
    expect(patched.body.integration).toMatchObject({
      ...{ title: "Yours", icon: "X", webhookKey: hook.webhookKey },
      security: { secret: "s", signatureHeaderName: "X-Sig", signaturePrefix: null },
    });
    const replaced = await app.send<Answer>("PUT", path, { title: "New", enabled: false });
    expect(replaced.body.integration).toMatchObject({ title: "New", webhookKey: hook.webhookKey });
    expect(replaced.body.integration).not.toHaveProperty("security");
    expect((await app.send("POST", "/v1/webhooks", { ...sent, security: {} })).status).toBe(409);
    const list = await app.send<{ integrations: Hook[] }>("GET", "/v1/webhooks/metadata");
    expect(list.body.integrations.find((one) => one.identifier === hook.identifier)).toMatchObject({
      title: "New",
    });
    expect((await app.send("DELETE", path)).status).toBe(200);
    expect((await app.send("GET", path)).status).toBe(404);
    expect((await post(hook, {})).status).toBe(404);
  });

  test("another identifier renames: address, secret, events and what waits stay with it", async () => {
    const hook = await create({ identifier: `old-${n}`, security: { secret: "s", ...SIGNED } });
    const signed = (body: string): Record<string, string> => ({
      "x-sig": `p=${createHmac("sha256", "s").update(body).digest("hex")}`,
    });
    const first = { id: "r1", a: "before" };
    expect((await post(hook, first, signed(JSON.stringify(first)))).status).toBe(202);
    const to = `new-${n}`;
    const other = await create({ identifier: `other-${n}` });
    const path = `/v1/webhooks/${hook.identifier}`;
    const { webhookKey: _, url: __, ...definition } = (await app.send<Answer>("GET", path)).body.integration;
    const sent = Object.fromEntries(
      Object.entries(definition).filter(([key]) => !/^(created|updated)/.test(key)),
    );
    const clash = await app.send<Answer>("PUT", path, { ...sent, identifier: other.identifier });
    expect(clash).toMatchObject({ status: 409, body: { error: "conflict" } });
    const renamed = await app.send<Answer>("PUT", path, { ...sent, identifier: to });
    expect(renamed.body.integration).toMatchObject({
      ...{ identifier: to, webhookKey: hook.webhookKey, url: hook.url },
      security: { secret: "s" },
    });
    expect((await app.send("GET", path)).status).toBe(404);
    const second = { id: "r2", a: "after" };
    expect((await post(hook, second, signed(JSON.stringify(second)))).status).toBe(202);
    expect((await post(hook, second, { "x-sig": "p=00" })).status).toBe(401);
    // The name is free again; what comes to the renamed one is not the new one's.
    const again = await create({ identifier: hook.identifier });
    const events = await settled({ ...hook, identifier: to });
    expect(events.map(({ status }) => status).sort()).toEqual(["processed", "processed", "rejected"]);
    expect(await settled(again)).toEqual([]);
    expect((await entity("r1"))?.properties).toMatchObject({ a: "before" });
    expect((await entity("r2"))?.properties).toMatchObject({ a: "after" });
    const audit = await app.send<{ audits: { context: { entity?: string } }[] }>(
      ...(["GET", `/v1/audit-log?webhookId=${to}&includes=context`] as const),
    );
    expect(audit.body.audits.map(({ context }) => context.entity)).toContain("r2");
  });

  test("§8.1 every edit is in the audit log, without what lets others send to it", async () => {
    const sent = { title: "T", security: { ...SIGNED, secret: "hush-hush" } };
    const { identifier, webhookKey } = await create(sent);
    const path = `/v1/webhooks/${identifier}`;
    await app.send("PATCH", path, { title: "U" });
    await app.send("PATCH", path, { title: "U" });
    await app.send("PATCH", path, { security: { secret: "hush-hush-2" } });
    await app.send("PUT", path, { title: "" });
    await app.send("DELETE", path);
    const { body } = await app.send<{ audits: { context: { webhook?: string } }[] }>(
      "GET",
      "/v1/audit-log?resources=webhook",
    );
    const audits = body.audits.filter(({ context }) => context.webhook === identifier);
    expect(audits).toMatchObject([
      { action: "DELETE", diff: { after: null } },
      { action: "UPDATE", status: "FAILURE", message: expect.stringContaining("title") as string },
      { action: "UPDATE", diff: { after: { isSecretChanged: true } } },
      { action: "UPDATE", diff: { before: { title: "T" }, after: { title: "U" } } },
      { action: "CREATE", diff: { before: null, after: { title: "T", security: {} } } },
    ]);
    for (const secret of ["hush-hush", webhookKey]) expect(JSON.stringify(audits)).not.toContain(secret);
  });

  test.each([
    [{ title: "x".repeat(31) }, "title has 31 characters"],
    [{ other: 1 }, '"other" is no key of a webhook'],
    [{ mappings: [{ blueprint: "b", entity: { identifier: ".a |" } }] }, "[0].entity.identifier"],
    [{ security: { secret: "x" } }, "needs signatureHeaderName"],
    [{ security: { signatureAlgorithm: "md5" } }, "sha1, sha256, plain"],
    [{ security: { requestIdentifierPath: ".a ||" } }, "requestIdentifierPath"],
    [{ integrationType: "x" }, "custom or template"],
  ])("%j is refused", async (part, message) => {
    const answer = await app.send<Answer>("POST", "/v1/webhooks", { title: "T", enabled: true, ...part });
    expect(answer.status).toBe(422);
    expect(answer.body.message).toContain(message);
  });
});

describe("events", () => {
  test("are stored, acknowledged, mapped, and told of", async () => {
    const hook = await create({ mappings: [mapping(), mapping({ filter: ".body.count > 5" })] });
    const { status, body } = await post(hook, { id: 7, a: "x", up: "other" }, { "X-Event": "made" });
    expect(status).toBe(202);
    expect(body).toMatchObject({ ok: true, status: "accepted" });
    const [event] = await settled(hook);
    expect(event).toMatchObject({ id: body.eventId, status: "processed" });
    expect(event?.outcome).toMatchObject({ created: 1, filtered: 1, errors: [] });
    expect(await entity("7")).toMatchObject({
      properties: { a: "x", event: "made" },
      relations: { up: "other" },
      updatedBy: hook.identifier,
    });
    const whole = await app.send<{ event: object }>(
      ...(["GET", `/v1/webhooks/${hook.identifier}/events/${event?.id}`] as const),
    );
    expect(whole.body.event).toMatchObject({ body: { id: 7 }, headers: { "x-event": "made" } });
    const audit = await app.send<{ audits: object[] }>("GET", `/v1/audit-log?blueprint=${bp}&entity=7`);
    expect(audit.body.audits).toMatchObject([{ trigger: { origin: `Hook ${n}` } }]);
  });

  test("§8.1 the audit log tells which webhook and which event a change came from", async () => {
    const hook = await create({
      mappings: [mapping(), mapping({ filter: ".body.more != null", entity: { identifier: "'more'" } })],
    });
    const receipts = await Promise.all(
      [{ id: "e1" }, { id: "e2" }, { id: "e1", a: "again" }, { id: "e1", a: "again", more: 1 }].map((body) =>
        post(hook, body),
      ),
    );
    await settled(hook);
    const audits = async (query: string): Promise<string[]> => {
      const { body } = await app.send<{ audits: { action: string; context: Record<string, string> }[] }>(
        ...(["GET", `/v1/audit-log?${query}`] as const),
      );
      return body.audits.map(({ action, context }) => {
        expect(context["webhookId"]).toBe(hook.identifier);
        const event = receipts.findIndex(({ body: { eventId } }) => eventId === context["webhookEventId"]);
        return `${action} ${context["entity"]} by ${event}`;
      });
    };
    const all = await audits(`webhookId=${hook.identifier}`);
    expect(all.toSorted()).toMatchObject([
      ...["CREATE e1 by", "CREATE e2 by 1", "CREATE more by 3"].map((text) => expect.stringContaining(text)),
      ...[expect.stringMatching(/^UPDATE e1 by [023]$/)],
    ]);
    const [, second] = receipts;
    expect(await audits(`webhookEventId=${second?.body.eventId}`)).toEqual(["CREATE e2 by 1"]);
    expect(await audits(`webhookId=${hook.identifier}&entity=e2`)).toEqual(["CREATE e2 by 1"]);
    expect(await audits("webhookId=none")).toEqual([]);
  });

  test("that come late are left out, with a warning; by the object's own time or number", async () => {
    const at = { version: ".body.at" };
    const hook = await create({
      mappings: [
        mapping({ ...at, filter: ".body.gone | not" }),
        {
          ...at,
          blueprint: bp,
          filter: ".body.gone",
          operation: "delete",
          entity: { identifier: ".body.id" },
        },
      ],
    });
    const send = async (...events: readonly (readonly [string, unknown, string | null])[]): Promise<void> => {
      for (const [id, time, a] of events)
        await post(hook, { id, at: time, ...(a === null ? { gone: true } : { a }) });
    };
    await send(
      ...([
        ["x", "2026-03-01T10:02:00Z", "new"],
        ["x", "2026-03-01T10:01:00Z", "old"],
      ] as const),
      // The same moment, however it is written, is taken again.
      ...([
        ["y", "2026-03-01T10:00:00Z", "y"],
        ["y", "2026-03-01 12:00:00+0200", "again"],
      ] as const),
      ...([
        ["z", 10, "ten"],
        ["z", "9", "nine"],
      ] as const),
      ...([
        ["w", "2026-03-01T10:00:00Z", "w"],
        ["w", "2026-03-01T10:05:00Z", null],
      ] as const),
      ...([
        ["u", null, "first"],
        ["u", "2026-03-01T10:00:00Z", "u"],
        ["u", null, "unversioned"],
      ] as const),
      ["v", "yesterday", "v"],
      // What no entity can be called, nor the database store.
      ...([
        ["\u0000", "2026-03-01T10:00:00Z", null],
        ["\ud800", "2026-03-01T10:00:00Z", null],
      ] as const),
    );
    await settled(hook);
    await send(["x", "2026-03-01T10:00:00Z", "older"], ["w", "2026-03-01T10:04:00Z", "back"]);
    const events = await settled(hook);
    const state = async (id: string): Promise<unknown> => (await entity(id))?.properties;
    expect(await state("x")).toMatchObject({ a: "new" });
    expect(await state("y")).toMatchObject({ a: "again" });
    expect(await state("z")).toMatchObject({ a: "ten" });
    expect(await state("u")).toMatchObject({ a: "unversioned" });
    expect(await state("v")).toMatchObject({ a: "v" });
    expect(await entity("w")).toBeUndefined();
    expect(events.every(({ status }) => status === "processed")).toBe(true);
    expect(events[0]?.outcome?.["warnings"]).toEqual([
      `${bp} w: left out, the event is of 2026-03-01T10:04:00.000Z and its deletion of 2026-03-01T10:05:00.000Z is known`,
    ]);
    const odd = events.find(({ outcome }) => outcome?.errors[0]?.key === "version");
    expect(odd?.outcome?.errors).toMatchObject([
      { key: "version", reason: 'gave "yesterday", which is neither a time nor a number' },
    ]);
    await send(["w", "2026-03-01T10:06:00Z", "anew"]);
    await settled(hook);
    expect(await state("w")).toMatchObject({ a: "anew" });
    // Replayed in the order of arrival, the newest stays.
    await app.send("POST", `/v1/webhooks/${hook.identifier}/replay`, { status: ["processed"] });
    await settled(hook);
    expect(await state("x")).toMatchObject({ a: "new" });
    expect(await state("w")).toMatchObject({ a: "anew" });
  });

  test("a table of names finds what searches by title do not, for replays too", async () => {
    await app.send("POST", `/v1/blueprints/${bp}/entities`, { identifier: "target", title: "Target" });
    await app.send("POST", "/v1/blueprints", {
      ...{ identifier: `${bp}i`, title: "Incident" },
      schema: { properties: { serviceNames: { type: "array", items: { type: "string" } } } },
      relations: { service: { target: bp, many: true, required: false } },
    });
    const search = [
      { property: '"$title"', operator: '"in"', value: ".body.names" },
      { property: '"$identifier"', operator: '"in"', value: ".body.names" },
    ];
    const hook = await create({
      mappings: [
        {
          blueprint: `${bp}i`,
          entity: {
            identifier: ".body.id",
            properties: { serviceNames: ".body.names" },
            relations: { service: { combinator: '"or"', rules: search } },
          },
        },
      ],
    });
    await app.send("POST", `/v1/blueprints/${bp}/entities`, { identifier: "other", title: "Other" });
    await post(hook, { id: "one", names: ["Theirs"] });
    await post(hook, { id: "two", names: ["Theirs", "Other"] });
    await settled(hook);
    const path = `/v1/webhooks/${hook.identifier}/names`;
    expect((await app.send("GET", path)).body).toMatchObject({
      ...{ names: [], unmatched: [{ name: "Theirs", entities: 1 }] },
    });
    const name = { name: "Theirs", blueprint: bp, identifier: "target" };
    for (const [names, message] of [
      [[{ ...name, identifier: "nobody" }], /names\[0\]\.identifier: there is no \S+ "nobody"/],
      [[name, name], /names\[1\]\.name "Theirs" is in names\[0\] already/],
      [[{ ...name, name: "" }], /names\[0\]\.name must be a text of 1 to 500/],
      ["all", /names must be a list/],
    ] as const) {
      const refused = await app.send<Answer>("PUT", path, { names });
      expect(refused.status).toBe(422);
      expect(refused.body.message).toMatch(message);
    }
    // Two at once: one after the other.
    const both = [[name], [name, { ...name, name: "Also theirs" }]];
    const put = await Promise.all(both.map((names) => app.send("PUT", path, { names })));
    expect(put.map(({ status }) => status)).toEqual([200, 200]);
    expect((await app.send("PUT", path, { names: [name] })).body).toMatchObject({ names: [name] });
    await app.send("POST", `/v1/webhooks/${hook.identifier}/replay`, { status: ["processed"] });
    await settled(hook);
    const services = async (id: string): Promise<unknown> =>
      (
        await app.send<{ entity: { relations: { service: string[] } } }>(
          ...(["GET", `/v1/blueprints/${bp}i/entities/${id}`] as const),
        )
      ).body.entity.relations.service.toSorted();
    expect(await services("one")).toEqual(["target"]);
    expect(await services("two")).toEqual(["other", "target"]);
    expect((await app.send("GET", path)).body).toMatchObject({ unmatched: [] });
  });

  test("sent twice are one; the same text later is another", async () => {
    const hook = await create({ security: { requestIdentifierPath: '.headers."x-id"' } });
    const first = await post(hook, { id: "a", a: "1" }, { "x-id": "one" });
    expect(first.body).toMatchObject({ status: "accepted", eventId: "one" });
    expect((await post(hook, { id: "a", a: "2" }, { "x-id": "one" })).body.status).toBe("duplicate");
    const unnamed = await post(hook, { id: "a", a: "3" });
    expect(unnamed.body.status).toBe("accepted");
    expect((await post(hook, { id: "a", a: "3" })).body).toMatchObject({
      ...{ status: "duplicate", eventId: unnamed.body.eventId },
    });
    expect((await post(hook, { id: "a", a: "4" }, { "x-github-delivery": "d-1" })).body.eventId).toBe("d-1");
    await settled(hook);
    expect(await entity("a")).toMatchObject({ properties: { a: "4" } });
  });

  test("keep their order, whatever they come in", async () => {
    const hook = await create();
    for (let i = 0; i < 30; i++) await post(hook, { id: "seq", count: i });
    await settled(hook);
    expect(await entity("seq")).toMatchObject({ properties: { count: 29 } });
  });

  test.each(["sha1", "sha256"])("signed by %s", async (algorithm) => {
    const hook = await create({
      security: {
        ...{ secret: "top", signatureHeaderName: "X-Hub-Signature", signatureAlgorithm: algorithm },
        signaturePrefix: `${algorithm}=`,
      },
    });
    const text = '{"id": "signed",  "a": "ü"}';
    const sign = (secret: string): Record<string, string> => ({
      "x-hub-signature": `${algorithm}=${createHmac(algorithm, secret).update(text).digest("hex")}`,
    });
    expect((await post(hook, text, sign("top"))).status).toBe(202);
    for (const headers of [sign("other"), {}, { "x-hub-signature": "" }]) {
      const refused = await post(hook, text, headers);
      expect(refused.status).toBe(401);
    }
    const events = await settled(hook);
    expect(
      events.filter(({ status }) => status === "rejected").map(({ outcome }) => outcome?.["count"]),
    ).toEqual(expect.arrayContaining([expect.any(Number)]));
    expect(await entity("signed")).toMatchObject({ properties: { a: "ü" } });
  });

  test("signed plainly; the secret is not kept with the event", async () => {
    const hook = await create({
      security: { secret: "top", signatureHeaderName: "X-Token", signatureAlgorithm: "plain" },
    });
    expect((await post(hook, { id: "p" }, { "x-token": "to" })).status).toBe(401);
    const { status, body } = await post(hook, { id: "p" }, { "x-token": "top" });
    expect(status).toBe(202);
    const whole = await app.send("GET", `/v1/webhooks/${hook.identifier}/events/${body.eventId}`);
    expect(JSON.stringify(whole.body)).not.toContain('"top"');
  });

  test("that are too large, no JSON, for nobody, or switched off", async () => {
    const hook = await create();
    expect((await post(hook, JSON.stringify({ id: "x".repeat(530_000) }))).status).toBe(413);
    expect((await post(hook, "{")).body).toMatchObject({ error: "invalid_json" });
    expect((await post({ ...hook, webhookKey: "nobody" }, {})).status).toBe(404);
    const form = await post(hook, `payload=${encodeURIComponent('{"id":"form"}')}`, {
      "content-type": "application/x-www-form-urlencoded",
    });
    expect(form.status).toBe(202);
    await settled(hook);
    expect(await entity("form")).toBeDefined();
    const off = await create({ enabled: false });
    expect((await post(off, { id: "off" })).body).toEqual({ ok: true, status: "dropped", eventId: null });
    expect(await settled(off)).toEqual([]);
  });

  test("itemsToParse, deletion, search relations", async () => {
    await app.send("POST", `/v1/blueprints/${bp}/entities`, { identifier: "parent", title: "The parent" });
    const hook = await create({
      mappings: [
        {
          blueprint: bp,
          itemsToParse: ".body.list",
          entity: {
            identifier: ".item.id",
            relations: {
              up: {
                combinator: '"and"',
                rules: [{ property: '"$title"', operator: '"="', value: ".item.of" }],
              },
            },
          },
        },
        {
          blueprint: bp,
          operation: "delete",
          filter: ".body.gone != null",
          entity: { identifier: ".body.gone" },
        },
      ],
    });
    await post(hook, {
      list: [
        { id: "i1", of: "The parent" },
        { id: "i2", of: "nobody" },
      ],
    });
    await settled(hook);
    expect(await entity("i1")).toMatchObject({ relations: { up: "parent" } });
    expect(await entity("i2")).toMatchObject({ relations: { up: null } });
    await post(hook, { list: [], gone: "i1" });
    await settled(hook);
    expect(await entity("i1")).toBeUndefined();
  });

  test("that fail are dead letters with key and reason, and go through after the mapping was mended", async () => {
    const hook = await create({ mappings: [{ blueprint: bp, entity: { identifier: ".body.nope" } }] });
    const bad = await post(hook, { id: "d", count: "many" });
    const path = `/v1/webhooks/${hook.identifier}`;
    expect((await settled(hook))[0]).toMatchObject({
      status: "failed",
      outcome: { errors: [{ key: "identifier", reason: "gave null, which is no identifier", lost: true }] },
    });
    await app.send("PATCH", path, { mappings: [mapping()] });
    expect((await app.send<Answer>("POST", `${path}/replay`, {})).body.replayed).toBe(1);
    expect((await settled(hook))[0]).toMatchObject({
      status: "failed",
      outcome: { errors: [{ code: "invalid_request", blueprint: bp, identifier: "d" }] },
    });
    await app.send("PATCH", path, { mappings: [{ blueprint: bp, entity: { identifier: ".body.id" } }] });
    const again = await app.send("POST", `${path}/events/${encodeURIComponent(bad.body.eventId)}/replay`);
    expect(again.status).toBe(200);
    expect((await settled(hook))[0]).toMatchObject({ status: "processed", outcome: { created: 1 } });
    const counts = await app.send<{ events: object }>("GET", `${path}/events-count`);
    expect(counts.body.events).toEqual({ received: 0, processed: 1, failed: 0, rejected: 0 });
  });

  test("are turned away while too many wait, and accepted again afterwards", async () => {
    const hook = await create({ mappings: [mapping(), mapping({ filter: "[range(40000)] | length > 0" })] });
    const statuses: number[] = [];
    let after: string | null = null;
    for (let round = 0; round < 20 && !statuses.includes(429); round++) {
      const answers = await Promise.all(
        Array.from({ length: 40 }, (_, i) => post(hook, { id: "f", count: round * 40 + i })),
      );
      statuses.push(...answers.map(({ status }) => status));
      after ??= answers.find(({ status }) => status === 429)?.headers.get("retry-after") ?? null;
    }
    expect(new Set(statuses)).toEqual(new Set([202, 429]));
    expect(after).toBe("5");
    const events = await settled(hook);
    expect(events.every(({ status }) => status === "processed")).toBe(true);
    await sleep(600);
    expect((await post(hook, { id: "later" })).status).toBe(202);
  });
});
