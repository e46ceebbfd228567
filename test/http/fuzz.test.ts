/**
 * Requests made from /openapi.json, valid and spoilt: never a 5xx, never a hang, always the envelope, and no word of
 * stacks or SQL. `FUZZ_REQUESTS=50000 FUZZ_SEED=7 npx vitest run test/http/fuzz.test.ts` for a long run.
 */
import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestApp, type TestApp } from "../support/app.ts";
import { type Paths, type RandomRequest, randomRequest } from "./support/random-request.ts";
import { randomSource } from "./support/random-source.ts";
import { SAMPLE_BODIES } from "./support/sample-bodies.ts";

const REQUESTS = Number(process.env["FUZZ_REQUESTS"] ?? 3000);
const SEED = Number(process.env["FUZZ_SEED"] ?? 20261125);
const AT_ONCE = 8;
const HANG_MS = 15_000;
const PLANT_EVERY = 400;
/** Streams without end, a load of minutes that its own test covers, and copies of the whole database. */
const LEFT_OUT = new Set(["/v1/live", "/v1/actions/runs/{run}/logs/live", "/v1/demo", "/v1/backups"]);
const KNOWN = [
  ...[
    "service",
    "deployment",
    "change",
    "team",
    "s1",
    "s2",
    "d1",
    "d2",
    "title",
    "tier",
    "owner",
    "service",
    "count",
  ],
  ...[
    "$identifier",
    "$title",
    "$team",
    "$createdAt",
    "=",
    "in",
    "contains",
    "relatedTo",
    "lastWeek",
    "UTC",
    "and",
  ],
];
/** What an answer must not tell. */
const LEAKS = [
  /\bat \S+ \(.*:\d+:\d+\)/,
  /\/src\/\w+\/|node_modules/,
  /\b(select|insert into|update|delete from) [\s\S]* (from|values|set|where) /i,
  /syntax error at or near|violates [\w-]+ constraint|invalid input syntax|duplicate key value|relation ".*" does not exist/i,
  /Cannot read propert|is not a function|is not iterable|undefined is not an? /,
];

let app: TestApp;
let paths: Paths;

beforeAll(async () => {
  app = await startTestApp({ FAIRWAY_RATE_LIMIT: "off" });
  const document = await app.send<{ paths: Paths }>("GET", "/openapi.json");
  paths = Object.fromEntries(Object.entries(document.body.paths).filter(([path]) => !LEFT_OUT.has(path)));
  await plant();
});
afterAll(() => app.stop());

/** What requests are about; again now and then, for they delete it. */
async function plant(): Promise<void> {
  const text = { type: "string" };
  const properties = { title: text, tier: { ...text, enum: ["gold", "silver"] }, count: { type: "number" } };
  const more = { at: { type: "string", format: "timer" }, list: { type: "array" } };
  const relations = { service: { target: "service" }, of: { target: "service", many: true } };
  for (const identifier of ["service", "deployment", "team"])
    await app.send("POST", "/v1/blueprints", {
      ...{ identifier, title: identifier, schema: { properties: { ...properties, ...more } }, relations },
      ownership: { type: "Direct" },
    });
  for (const [blueprint, identifier, relations] of [
    ["service", "s1", {}],
    ["service", "s2", {}],
    ["deployment", "d1", { service: "s1" }],
  ] as const)
    await app.send("POST", `/v1/blueprints/${blueprint}/entities`, { identifier, relations });
  await app.send("POST", "/v1/teams", { name: "red" });
  await app.send("POST", "/v1/webhooks", { identifier: "hook", title: "Hook", enabled: true });
  await app.send("POST", "/v1/integration", { installationId: "ocean", installationAppType: "github" });
  await app.send("POST", "/v1/organization/secrets", { secretName: "TOKEN", secretValue: "x" });
}

const SCIM_ERROR = JSON.stringify(["urn:ietf:params:scim:api:messages:2.0:Error"]);

async function problemOf(request: RandomRequest, seen: Set<number>): Promise<string | null> {
  const { method, path, contentType, body } = request;
  const headers: Record<string, string> = { authorization: `Bearer ${app.token}` };
  if (contentType !== null) headers["content-type"] = contentType;
  let status: number;
  let answer: string;
  let type: string;
  try {
    const init = { method, headers, body, signal: AbortSignal.timeout(HANG_MS), redirect: "manual" as const };
    const response = await fetch(`${app.url}${path}`, init);
    status = response.status;
    type = response.headers.get("content-type") ?? "";
    answer = await response.text();
  } catch (error) {
    return `no answer: ${String(error)}`;
  }
  seen.add(status);
  if (status >= 500) return `${status}: ${answer.slice(0, 300)}`;
  if (type.includes("application/json")) {
    const value: unknown = JSON.parse(answer);
    if (typeof value !== "object" || value === null) return "not an object";
    if (path.split("?")[0] !== "/openapi.json") {
      const { ok, error, message } = value as Record<string, unknown>;
      if (typeof ok !== "boolean") return `no envelope: ${answer.slice(0, 200)}`;
      if (status >= 400 && (ok || typeof error !== "string" || typeof message !== "string" || message === ""))
        return `${status} without code or message: ${answer.slice(0, 200)}`;
    }
  } else if (type.includes("application/scim+json")) {
    // RFC 7644 §3.12: errors of this protocol have an envelope of their own.
    const { schemas, status: told, detail } = JSON.parse(answer) as Record<string, unknown>;
    if (!path.startsWith("/scim/v2/")) return `${status} as ${type}`;
    if (status >= 400 && (JSON.stringify(schemas) !== SCIM_ERROR || told !== String(status) || !detail))
      return `${status} without status or detail: ${answer.slice(0, 200)}`;
  } else if (status >= 400) return `${status} as ${type}`;
  const leak = status >= 400 ? LEAKS.find((pattern) => pattern.test(answer)) : undefined;
  return leak === undefined ? null : `tells ${String(leak)}: ${answer.slice(0, 400)}`;
}

test("whole documents are for routes that there are", () => {
  const described = Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
  );
  expect(Object.keys(SAMPLE_BODIES).filter((route) => !described.includes(route))).toEqual([]);
});

test(
  `§2.1 §2.2 ${REQUESTS} requests of seed ${SEED}`,
  async () => {
    const random = randomSource(SEED);
    const problems = new Map<string, string>();
    const seen = new Set<number>();
    for (let sent = 0; sent < REQUESTS; sent += AT_ONCE) {
      const requests = Array.from({ length: AT_ONCE }, () => randomRequest(random, paths, KNOWN));
      const found = await Promise.all(requests.map((request) => problemOf(request, seen)));
      found.forEach((problem, index) => {
        const request = requests[index] as RandomRequest;
        if (problem !== null)
          problems.set(
            `${request.method} ${request.path.slice(0, 60)} ${problem.slice(0, 40)}`,
            `${request.method} ${request.path.slice(0, 300)} ${request.body?.slice(0, 500) ?? ""}\n  → ${problem}`,
          );
      });
      if (problems.size >= 20) break;
      if (sent % PLANT_EVERY === 0) await plant();
    }
    expect([...problems.values()].join("\n")).toBe("");
    // It reaches the use cases, and all that they can answer.
    for (const status of [200, 201, 400, 404, 409, 422]) expect(seen).toContain(status);
    expect((await app.send("GET", "/v1/blueprints")).status).toBe(200);
  },
  Math.max(120_000, REQUESTS * 100),
);
