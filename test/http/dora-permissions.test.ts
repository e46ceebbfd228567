/** DORA answers are made of entities: what may not be read does not show in them (data-model.md §8.5). */
import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestApp, type TestApp } from "../support/app.ts";

type Body = Record<string, unknown>;

let app: TestApp;
let member: Record<string, string>;

const send = (method: string, path: string, body?: unknown, headers?: Record<string, string>) =>
  app.send<Body>(method, path, body, headers);
const ask = (path: string) => send("GET", path, undefined, member);
const permit = (blueprint: string, read: object | null) =>
  send("PATCH", `/v1/blueprints/${blueprint}/permissions`, { entities: { read } });
const NOBODY = { roles: [] };
const WINDOW = "from=2026-01-01&to=2026-02-01";
/** The sha of the only commit of a repository. */
const SHA: Readonly<Record<string, string>> = { red: "a".repeat(40), blue: "b".repeat(40) };

beforeAll(async () => {
  app = await startTestApp();
  const blueprints = [
    ["service", { repository: { type: "string" } }, { ownership: { type: "Direct" } }],
    [
      "deployment",
      { createdAt: { type: "string" }, deploymentStatus: { type: "string" }, sha: { type: "string" } },
      { relations: { service: { target: "service" } } },
    ],
    [
      "incident",
      { startedAt: { type: "string" }, resolvedAt: { type: "string" } },
      { relations: { service: { target: "service", many: true }, deployment: { target: "deployment" } } },
    ],
  ] as const;
  for (const [identifier, properties, rest] of blueprints)
    await send("POST", "/v1/blueprints", { identifier, title: identifier, schema: { properties }, ...rest });
  for (const name of ["red", "blue"]) {
    const [day, commits] = [
      "2026-01-05T12:00:00Z",
      [
        {
          ...{ repository: name, sha: SHA[name], parents: [], author: "A <a@example.com>", message: name },
          ...{ authoredAt: "2026-01-05T06:00:00Z", committedAt: "2026-01-05T06:00:00Z" },
        },
      ],
    ];
    await send("POST", "/v1/blueprints/service/entities", {
      ...{ identifier: name, team: [name], properties: { repository: name } },
    });
    await send("POST", "/v1/blueprints/deployment/entities", {
      ...{ identifier: `${name}-1`, relations: { service: name } },
      properties: { createdAt: day, deploymentStatus: "Success", sha: SHA[name] },
    });
    await send("POST", "/v1/dora/commits", { commits });
    await send("POST", "/v1/dora/imports", { repository: name, source: "git", services: [name] });
  }
  await send("POST", "/v1/blueprints/incident/entities", {
    ...{ identifier: "i1", relations: { service: ["red", "blue"], deployment: "blue-1" } },
    properties: { startedAt: "2026-01-05T13:00:00Z", resolvedAt: "2026-01-05T14:00:00Z" },
  });
  const created = await send("POST", "/v1/blueprints/_user/entities", {
    ...{ identifier: "m@serviceaccounts.example.com", team: ["red"] },
    properties: { status: "Active", port_type: "Service Account" },
  });
  const { credentials } = created.body["additionalData"] as { credentials: unknown };
  const token = await send("POST", "/v1/auth/access_token", credentials, {});
  member = { authorization: `Bearer ${String(token.body["accessToken"])}` };
  await app.settled();
});
afterAll(() => app.stop());

const evidence = async (): Promise<unknown[]> => {
  const { body } = await ask(`/v1/dora/evidence?metric=deploymentFrequency&environment=&${WINDOW}`);
  return (body["rows"] as { service: string }[]).map((row) => row.service).sort();
};

test("§8.5 members read all of it until `read` is restricted", async () => {
  expect(await evidence()).toEqual(["blue", "red"]);
  expect((await ask("/v1/dora/deployments/blue-1")).status).toBe(200);
  expect((await ask(`/v1/dora/commits/${SHA["blue"]}`)).status).toBe(200);
});

test("§8.5 of services only those that may be read count, and nothing of the others is told", async () => {
  await permit("service", { ownedByTeam: true });
  expect(await evidence()).toEqual(["red"]);
  const incidents = `/v1/dora/evidence?metric=meanTimeToRecovery&${WINDOW}`;
  expect(JSON.stringify((await send("GET", incidents)).body)).toContain("blue-1");
  const { body: told } = await ask(incidents);
  expect(told["rows"]).toHaveLength(1);
  expect(JSON.stringify(told)).not.toMatch(/"blue["-]/);
  expect((await ask(`/v1/dora/metrics?entity=red&${WINDOW}`)).status).toBe(200);
  for (const name of ["blue", "never-was"])
    expect((await ask(`/v1/dora/metrics?entity=${name}&${WINDOW}`)).status).toBe(403);
  const rows = (await ask(`/v1/dora/metrics?blueprint=service&${WINDOW}`)).body["rows"] as Body[];
  expect(rows.map((row) => (row["scope"] as Body)["entity"])).toEqual(["red"]);
  expect((await ask("/v1/dora/deployments/red-1")).status).toBe(200);
  expect((await ask("/v1/dora/deployments/blue-1")).status).toBe(404);
  expect((await ask(`/v1/dora/commits/${SHA["red"]}`)).status).toBe(200);
  expect((await ask(`/v1/dora/commits/${SHA["blue"]}`)).status).toBe(404);
  const { imports } = (await ask("/v1/dora/imports")).body as { imports: { repository: string }[] };
  expect(imports.map((run) => run.repository)).toEqual(["red"]);
  expect((await ask("/v1/dora/status")).body["counts"]).toMatchObject({ services: 1, commits: 0 });
  expect((await ask("/v1/setup")).body).toMatchObject({ empty: false, counts: { services: 1 } });
  // Who may read everything sees everything.
  expect((await send("GET", "/v1/dora/status")).body["counts"]).toMatchObject({ services: 2, commits: 2 });
});

test("§8.5 without leave to read all deployments there are no numbers", async () => {
  await permit("service", null);
  await permit("deployment", NOBODY);
  for (const path of [
    `/v1/dora/metrics?${WINDOW}`,
    `/v1/dora/evidence?metric=deploymentFrequency&${WINDOW}`,
    "/v1/dora/deployments/red-1",
    `/v1/dora/commits/${SHA["red"]}`,
  ]) {
    const { status, body } = await ask(path);
    expect([status, body["error"]]).toEqual([403, "forbidden"]);
    expect(body["message"]).toContain('"deployment"');
  }
  const { settings } = (await ask("/v1/dora/settings")).body as {
    settings: { sources: { blueprint: string }[] };
  };
  expect(settings.sources.map(({ blueprint }) => blueprint)).toEqual(["incident"]);
  expect((await ask("/v1/dora/status")).body["counts"]).toMatchObject({ services: 2, deployments: 0 });
  await permit("deployment", null);
  expect(await evidence()).toEqual(["blue", "red"]);
});
