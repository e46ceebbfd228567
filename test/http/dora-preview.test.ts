/** Previews of DORA settings: what would change, computed by the derivation itself, with nothing written. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestApp, type TestApp } from "../support/app.ts";
import { at, defineDora, type DoraPortal } from "./support/dora-portal.ts";

let app: TestApp;
let portal: DoraPortal;
const WINDOW = { from: at(0), to: at(240) };
const query = (rest = ""): string => `${new URLSearchParams(WINDOW).toString()}${rest}`;

interface Side {
  readonly definition: { readonly settingsHash: string };
  readonly environments: readonly string[];
  readonly metrics: Record<string, Record<string, unknown>>;
  readonly sources: readonly {
    readonly role: string;
    readonly blueprint: string | null;
    readonly rows: number;
    readonly counted: number;
    readonly excluded: Record<string, number>;
  }[];
}
interface Preview {
  readonly services: { readonly total: number; readonly computed: number; readonly rule: string | null };
  readonly facts: Record<string, number>;
  readonly present: Side;
  readonly proposed: Side;
  readonly differences: Record<
    string,
    { present: number | null; proposed: number | null; delta: number | null }
  >;
}
const ask = (body: object) =>
  app.send<Preview & { message: string }>("POST", "/v1/dora/preview", { ...WINDOW, ...body });
const preview = async (body: object): Promise<Preview> => {
  const answer = await ask(body);
  if (answer.status !== 200) throw new Error(JSON.stringify(answer.body));
  return answer.body;
};
/** Without what the answer says of their coverage: a preview tells that by source. */
const metrics = async (rest = "") => {
  const found = await portal.get<{ metrics: Side["metrics"] }>(`/v1/dora/metrics?${query(rest)}`);
  const bare = Object.entries(found.metrics).map(([name, metric]) => [
    name,
    Object.fromEntries(
      Object.entries(metric).filter(([key]) => !["coverage", "covered", "noValue"].includes(key)),
    ),
  ]);
  return Object.fromEntries(bare) as Side["metrics"];
};

beforeAll(async () => {
  app = await startTestApp();
  portal = await defineDora(app);
  const run = {
    identifier: "githubWorkflowRun",
    title: "Workflow run",
    schema: {
      properties: {
        workflow: { type: "string" },
        conclusion: { type: "string" },
        sha: { type: "string" },
        updatedAt: { type: "string", format: "date-time" },
      },
      required: [],
    },
    relations: { service: { title: "Service", target: "service", required: false, many: false } },
  };
  await app.send("POST", "/v1/blueprints", run);
  for (const service of ["shop", "cart"]) {
    await portal.put("service", service, {});
    const link = { service };
    await portal.put("change", `${service}-c1`, { openedAt: at(1), mergedAt: at(8), number: 1 }, link);
    await portal.put("change", `${service}-c2`, { openedAt: at(11), mergedAt: at(18), number: 2 }, link);
    for (const [n, hours, status] of [
      [1, 10, "Success"],
      [2, 20, "Success"],
      [3, 26, "Failed"],
      [4, 28, "Success"],
    ] as const)
      await portal.put(
        "deployment",
        `${service}-${n}`,
        { createdAt: at(hours), environment: "Production", deploymentStatus: status },
        link,
      );
    await portal.put(
      "deployment",
      `${service}-stage`,
      { createdAt: at(5), environment: "Staging", deploymentStatus: "Success" },
      link,
    );
    for (const [n, conclusion] of ["success", "failure", "cancelled"].entries())
      await portal.put(
        "githubWorkflowRun",
        `${service}-run-${n}`,
        { workflow: "deploy", conclusion, updatedAt: at(30 + n) },
        link,
      );
  }
  await portal.put("incident", "INC-1", { startedAt: at(30), resolvedAt: at(31) }, { service: ["shop"] });
  await app.settled();
});
afterAll(() => app.stop());

test("without a change both sides are what the metrics say, for the organisation and one service", async () => {
  for (const [scope, rest] of [
    [{}, ""],
    [{ blueprint: "service", entity: "shop" }, "&blueprint=service&entity=shop"],
  ] as const) {
    const found = await preview(scope);
    const now = await metrics(rest);
    expect(found.present.metrics).toEqual(now);
    expect(found.proposed.metrics).toEqual(now);
    expect(found.proposed.sources).toEqual(found.present.sources);
    expect(found.proposed.definition).toEqual(found.present.definition);
  }
});

test("other settings give what they give once saved, and writing nothing is really nothing", async () => {
  const settings = {
    failureWindowHours: 1,
    failureCauses: { status: false },
    productionEnvironments: ["Production", "Staging"],
  };
  const before = await portal.get<{ settings: { settingsHash: string } }>("/v1/dora/settings");
  const found = await preview({ settings });
  expect(found.differences["changeFailureRate"]).toEqual({
    ...{ unit: "ratio", present: 0.375, proposed: 0, delta: -0.375 },
  });
  expect(found.proposed.environments).toEqual(["Production", "Staging"]);
  const deployments = (side: Side) => side.sources.find(({ role }) => role === "deployment");
  expect([deployments(found.present)?.rows, deployments(found.proposed)?.rows]).toEqual([8, 10]);
  expect(found.facts).toEqual({ deployments: 10, changes: 4, incidents: 1, commits: 0 });
  const after = await portal.get<{ settings: { settingsHash: string } }>("/v1/dora/settings");
  expect(after).toEqual(before);

  expect((await app.send("PUT", "/v1/dora/settings", settings)).status).toBe(200);
  await app.settled();
  expect(await metrics()).toEqual(found.proposed.metrics);
  const saved = await preview({});
  expect(saved.present.definition.settingsHash).toBe(found.proposed.definition.settingsHash);
  const back = {
    failureWindowHours: 24,
    failureCauses: { status: true },
    productionEnvironments: ["Production"],
  };
  expect((await app.send("PUT", "/v1/dora/settings", back)).status).toBe(200);
  await app.settled();
});

interface Candidate {
  readonly id: string;
  readonly inUse: boolean;
  readonly source: object;
  readonly rows: number;
  readonly deployments: number;
  readonly status: Record<string, number>;
  readonly services: number;
  readonly deploymentFrequency: { readonly count: number };
}

test("each candidate says how many deployments it would give, and a preview with its source agrees", async () => {
  const { candidates } = await portal.get<{ candidates: readonly Candidate[] }>(
    `/v1/dora/candidates?${query()}`,
  );
  const byId = new Map(candidates.map((one) => [one.id, one]));
  expect([...byId.keys()].sort()).toEqual(["deployment:deployment", "merge:change", "run:githubWorkflowRun"]);
  expect(byId.get("deployment:deployment")).toMatchObject({
    inUse: true,
    rows: 10,
    deployments: 10,
    services: 2,
  });
  expect(byId.get("merge:change")).toMatchObject({ inUse: false, rows: 4, deployments: 4 });
  expect(byId.get("run:githubWorkflowRun")).toMatchObject({
    ...{ rows: 6, deployments: 4, status: { success: 2, failure: 2, ignored: 2, unknown: 0 } },
  });
  for (const { id, source, deploymentFrequency } of candidates) {
    const { proposed } = await preview({ settings: { roles: { deployment: [source] } } });
    expect([id, proposed.metrics["deploymentFrequency"]?.["count"]]).toEqual([id, deploymentFrequency.count]);
  }
});

test("a sample is a fixed part of the services", async () => {
  const found = await preview({ sample: 1, settings: { failureWindowHours: 2 } });
  expect(found.services).toMatchObject({ total: 3, computed: 1 });
  expect(found.services.rule).toMatch(/SHA-256/);
  expect((await preview({ sample: 1 })).present.metrics).toEqual(found.present.metrics);
});

test.each([
  [{ settings: { failureWindowHours: 0 } }, /body\.settings\.failureWindowHours/],
  [{ settings: { nothing: 1 } }, /body\.settings\.nothing/],
  [{ settings: { roles: { deployment: [{ blueprint: "x", fields: {} }] } } }, /fields\.service is required/],
  [{ settings: { timezone: "Mars/One" } }, /timezone .* must be an IANA time zone/],
  [{ sample: 0 }, /body\.sample/],
  [{ profile: "port" }, /must be fairway here/],
  [{ from: at(2), to: at(1) }, /must be later than from/],
])("refused: %j", async (body, message) => {
  const answer = await ask(body);
  expect([answer.status, answer.body.message]).toEqual([422, expect.stringMatching(message)]);
});

test("as of an instant: what ended later was open; another definition is refused; where a scope stands", async () => {
  interface Told {
    readonly asOf: string;
    readonly metrics: Record<string, Record<string, unknown>>;
    readonly definition: { readonly version: number; readonly settingsHash: string };
  }
  const ask = (rest: string) => portal.get<Told>(`/v1/dora/metrics?from=${at(0)}&entity=shop${rest}`);
  // The incident lasted from 30 to 31; the failure of 26 was mended at 28.
  const open = await ask(`&asOf=${at(30.5)}`);
  expect(open.asOf).toBe(at(30.5));
  expect(open.metrics["meanTimeToRecovery"]).toMatchObject({ n: 0, open: 1, mean: null, atLeast: 1800 });
  expect((await ask(`&asOf=${at(27)}`)).metrics["failedDeploymentRecoveryTime"]).toMatchObject({ open: 1 });
  expect(await ask(`&asOf=${at(240)}`)).toEqual(await ask(`&asOf=${at(240)}`));
  const { version, settingsHash } = open.definition;
  await ask(`&asOf=${at(240)}&definition=${version}:${settingsHash}`);
  for (const [query, status, message] of [
    [`definition=${version}:none`, 409, /is not the one in force/],
    ["asOf=2100-01-01T00:00:00Z", 422, /asOf .* must not be in the future/],
    [`asOf=${at(1)}&to=${at(2)}`, 422, /to .* must not be later than asOf/],
  ] as const) {
    const answer = await app.send<{ message: string }>("GET", `/v1/dora/metrics?${query}`);
    expect([query, answer.status, answer.body.message]).toEqual([
      query,
      status,
      expect.stringMatching(message),
    ]);
  }
  const stands = await portal.get<{ own: { scale: object } | null; industry: object[]; reports: object[] }>(
    `/v1/dora/benchmarks?${query("&entity=shop")}`,
  );
  expect(stands.own?.scale).toMatchObject({ deploymentFrequency: 6, changeLeadTime: 8 });
  expect([stands.industry.length, stands.reports.length]).toEqual([2, 5]);
  expect((await portal.get<{ own: null }>("/v1/dora/benchmarks")).own).toBeNull();
});

test("who goes away ends the preview; the next one is answered", async () => {
  const gone = new AbortController();
  const asked = fetch(`${app.url}/v1/dora/preview`, {
    method: "POST",
    headers: { authorization: `Bearer ${app.token}`, "content-type": "application/json" },
    body: JSON.stringify(WINDOW),
    signal: gone.signal,
  });
  gone.abort();
  await expect(asked).rejects.toThrow(/abort/i);
  expect((await preview({})).services.computed).toBe(3);
});
