/** Traces as a collector sees them: from a request to its statements, and from a webhook to the value that follows. */
import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import {
  currentTrace,
  inSpan,
  isTracing,
  noteStatement,
  openSpan,
  traceForQueue,
  withSpan,
} from "../../src/tracing/span.ts";
import { startTracing } from "../../src/tracing/start-tracing.ts";
import { traceCalls } from "../../src/tracing/trace-calls.ts";
import { startTestApp } from "../support/app.ts";
import { readSources } from "../support/read-source.ts";
import { attributeOf, type OtlpReceiver, type ReceivedSpan, startOtlpReceiver } from "./otlp-receiver.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const CANARY = "canary-93b1c7";
const BLUEPRINTS = [
  {
    ...{ identifier: "svc", title: "Service" },
    schema: { properties: {} },
    aggregationProperties: {
      n: { title: "n", target: "dep", calculationSpec: { calculationBy: "entities", func: "count" } },
    },
  },
  {
    ...{ identifier: "dep", title: "Deployment" },
    schema: { properties: { note: { type: "string" } } },
    relations: { svc: { target: "svc", many: false, required: false } },
  },
] as const;
const HOOK = {
  ...{ identifier: "load", title: "Load", enabled: true },
  security: { requestIdentifierPath: ".body.id" },
  mappings: [
    {
      blueprint: "dep",
      entity: {
        identifier: ".body.id",
        properties: { note: ".body.note" },
        relations: { svc: `"${CANARY}-service"` },
      },
    },
  ],
};

describe("a server that is traced", () => {
  let receiver: OtlpReceiver;
  let spans: readonly ReceivedSpan[];
  let webhookKey = "";
  let token = "";
  const request = "0af7651916cd43dd8448eb211c80319c";
  const named = (name: string): ReceivedSpan[] => spans.filter((span) => span.name === name);

  beforeAll(async () => {
    receiver = await startOtlpReceiver();
    const app = await startTestApp({
      ...{ OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url, OTEL_EXPORTER_OTLP_PROTOCOL: "http/json" },
      FAIRWAY_TRUSTED_PROXIES: "127.0.0.1",
    });
    try {
      ({ token } = app);
      for (const blueprint of [{ ...BLUEPRINTS[0], aggregationProperties: {} }, BLUEPRINTS[1]])
        await app.send("POST", "/v1/blueprints", blueprint);
      await app.send("PUT", "/v1/blueprints/svc", BLUEPRINTS[0]);
      const service = { identifier: `${CANARY}-service`, title: CANARY };
      await app.send("POST", "/v1/blueprints/svc/entities", service);
      const made = await app.send<{ integration: { webhookKey: string } }>("POST", "/v1/webhooks", HOOK);
      ({ webhookKey } = made.body.integration);
      const count = async (n: number): Promise<void> => {
        for (;;) {
          const { body } = await app.send<{ entity: { properties: { n: number } } }>(
            "GET",
            `/v1/blueprints/svc/entities/${service.identifier}`,
          );
          if (body.entity.properties.n === n) return;
          await sleep(20);
        }
      };
      const event = (id: string, headers: Record<string, string> = {}) =>
        app.send("POST", `/ingest/${webhookKey}`, { id, note: CANARY }, { authorization: "", ...headers });
      const proxied = { "x-forwarded-for": "203.0.113.9", traceparent: `00-${request}-b7ad6b7169203331-01` };
      await count(0);
      await event("first", proxied);
      await count(1);
      await Promise.all([1, 2, 3, 4].map((n) => event(`more-${n}`)));
      await count(5);
      // Nobody's proxy: what it says of its trace counts for nothing.
      await app.send("GET", "/v1/blueprints", undefined, {
        traceparent: `00-${request}-b7ad6b7169203331-01`,
      });
      await app.send("GET", `/v1/blueprints/svc/entities/${CANARY}-nobody`);
    } finally {
      await app.stop();
    }
    spans = receiver.spans();
  });
  afterAll(() => receiver.stop());

  test("sends all spans before it ends, with its name", () => {
    expect(new Set(receiver.paths)).toEqual(new Set(["/v1/traces"]));
    expect(attributeOf({ attributes: receiver.resource() }, "service.name")).toBe("fairway");
    expect(attributeOf({ attributes: receiver.resource() }, "fairway.role")).toBe("all");
    expect(isTracing()).toBe(false);
  });

  test("tells of a request by its route, and of its statements below it", () => {
    const [list] = named("GET /v1/blueprints");
    const statements = spans.filter(({ parentSpanId }) => parentSpanId === list?.spanId);
    expect(list).toMatchObject({ kind: 2, traceId: expect.not.stringMatching(request) as string });
    expect(list === undefined ? 0 : attributeOf(list, "http.response.status_code")).toBe(200);
    expect(statements.map(({ name }) => name)).toContain("select blueprint");
    for (const one of statements) expect(attributeOf(one, "db.system.name")).toBe("postgresql");
    // A body was read meanwhile.
    const created = named("POST /v1/blueprints/:blueprint/entities")[0];
    expect(spans.filter(({ parentSpanId }) => parentSpanId === created?.spanId).length).toBeGreaterThan(1);
  });

  /** The trace, and those of what it caused, as far as they lead. */
  function following(trace: string): readonly ReceivedSpan[] {
    const traces = new Set([trace]);
    for (let size = 0; size < traces.size;) {
      size = traces.size;
      for (const { traceId, links = [] } of spans)
        if (links.some((link) => traces.has(link.traceId))) traces.add(traceId);
    }
    return spans.filter(({ traceId }) => traces.has(traceId));
  }

  test("continues a proxy's trace to the job, and leads on to the value", () => {
    const trace = spans.filter(({ traceId }) => traceId === request);
    const names = trace.map(({ name }) => name);
    expect(names).toEqual(
      expect.arrayContaining(["POST /ingest/:webhookKey", "insert inbox", "job ingest", "insert change"]),
    );
    const job = trace.find(({ name }) => name === "job ingest");
    const hook = trace.find(({ name }) => name === "POST /ingest/:webhookKey");
    expect(job?.parentSpanId).toBe(hook?.spanId);
    expect(hook?.parentSpanId).toBe("b7ad6b7169203331");
    const caused = following(request).map(({ name }) => name);
    expect(caused).toEqual(expect.arrayContaining(["follow changes", "derive values"]));
  });

  test("leads from every event to the job that worked it off, by its trace or by a link", () => {
    const jobs = named("job ingest");
    const known = new Set(
      jobs.flatMap(({ traceId, links = [] }) => [traceId, ...links.map((l) => l.traceId)]),
    );
    const events = named("POST /ingest/:webhookKey");
    expect(events).toHaveLength(5);
    for (const { traceId } of events) expect(known).toContain(traceId);
  });

  test("says nothing of what users store, of keys, tokens or addresses", () => {
    const all = receiver.bodies.join("\n");
    for (const hidden of [CANARY, webhookKey, token, "203.0.113.9"]) expect(all).not.toContain(hidden);
    expect(named("GET /healthz")).toEqual([]);
  });
});

describe("spans", () => {
  let receiver: OtlpReceiver;
  const errors: string[] = [];
  const about = { version: "1", role: "all", onError: (message: string) => void errors.push(message) };
  beforeAll(async () => {
    receiver = await startOtlpReceiver();
  });
  afterAll(() => receiver.stop());
  afterEach(() => {
    errors.length = 0;
  });

  test("cost nothing while nobody asks for them", async () => {
    expect(openSpan("a")).toBeNull();
    expect(await withSpan("a", {}, () => Promise.resolve(currentTrace()))).toBeNull();
    // The SDK is loaded where it is asked for, and nowhere else.
    const loaders = readSources(ROOT, "src").flatMap(({ path, imports }) =>
      imports.some((one) => /^@opentelemetry\/(?!api$)/.test(one.specifier) && !one.typeOnly) ? [path] : [],
    );
    expect(loaders).toEqual(["src/tracing/start-tracing.ts"]);
    const source = readFileSync(`${ROOT}${loaders[0] ?? ""}`, "utf8");
    expect(source).not.toMatch(/^import .*"@opentelemetry\/(?!api")/m);
  });

  test("go as protobuf too, with failures by their kind, and statements up to a number", async () => {
    const stop = await startTracing({ url: `${receiver.url}/v1/traces`, protocol: "http/protobuf" }, about);
    const failure = Object.assign(new Error(CANARY), { code: "23505" });
    await withSpan("a-job", { queue: "q" }, async () => {
      expect(currentTrace()).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/);
      // What puts itself back would make a trace without end.
      expect([traceForQueue("q"), traceForQueue("other")]).toEqual([null, currentTrace()]);
      for (let i = 0; i < 300; i++) noteStatement("select a from t", 1, i === 0 ? failure : null);
      const ask = traceCalls(() => Promise.resolve({ status: 503 }));
      await ask(new URL(`https://vendor.example/${CANARY}?token=${CANARY}`), { method: "POST" });
    });
    const given = withSpan("failing", {}, () => Promise.reject(failure));
    await expect(given).rejects.toBe(failure);
    await stop();
    expect(receiver.types.at(-1)).toBe("application/x-protobuf");
    const all = receiver.bodies.join("");
    for (const told of ["a-job", "failing", "23505", "POST vendor.example", "fairway.statements"])
      expect(all).toContain(told);
    expect(all).not.toContain(CANARY);
    expect(all.split("select t").length - 1).toBe(200);
    expect(errors).toEqual([]);
  });

  test("are let go, and told of once, when the collector is away", async () => {
    vi.stubEnv("OTEL_EXPORTER_OTLP_TIMEOUT", "300");
    const gone = await startOtlpReceiver();
    await gone.stop();
    const stop = await startTracing({ url: `${gone.url}/v1/traces`, protocol: "http/json" }, about);
    const open = openSpan("lost");
    if (open === null) throw new Error("nobody traces");
    inSpan(open, () => open.span.end());
    await stop();
    expect(isTracing()).toBe(false);
    expect(errors).toHaveLength(1);
  });
});
