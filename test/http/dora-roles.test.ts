/** Roles of the DORA settings: which entities play them, and expressions as fields (dora.md section 1). */
import { afterAll, beforeAll, expect, test } from "vitest";
import { planOf } from "../../src/model/blueprint.ts";
import { parseRoleQuery } from "../../src/model/role-query.ts";
import { startTestApp, type TestApp } from "../support/app.ts";
import { SOON } from "../support/patience.ts";
import { at, defineDora, type DoraPortal } from "./support/dora-portal.ts";

let app: TestApp;
let portal: DoraPortal;
beforeAll(async () => {
  app = await startTestApp();
  portal = await defineDora(app);
  await portal.put("service", "shop", {});
});
afterAll(() => app.stop());

const PATHS = {
  service: "relations.service",
  finished: "properties.createdAt",
  status: "properties.deploymentStatus",
  environment: "properties.environment",
};
const only = (...rules: object[]) => ({ combinator: "and", rules });
const put = (source: object) =>
  app.send<{ error?: string; message: string }>("PUT", "/v1/dora/settings", {
    roles: { deployment: [{ blueprint: "deployment", fields: PATHS, ...source }] },
  });

interface Settings {
  readonly roles: { readonly deployment: readonly { readonly query?: object; readonly fields: object }[] };
  readonly sources: readonly {
    readonly blueprint: string;
    readonly rows: number;
    readonly problem?: string;
  }[];
}
const settings = async (): Promise<Settings> =>
  (await portal.get<{ settings: Settings }>("/v1/dora/settings")).settings;
const rate = async (): Promise<{ failed: number; total: number }> => {
  await app.settled();
  const answer = await portal.get<{ metrics: { changeFailureRate: { failed: number; total: number } } }>(
    `/v1/dora/metrics?from=${at(0)}&to=${at(240)}&blueprint=service&entity=shop`,
  );
  const { failed, total } = answer.metrics.changeFailureRate;
  return { failed, total };
};
const deploy = (id: string, hours: number, deploymentStatus: string, environment = "Production") =>
  portal.put("deployment", id, { createdAt: at(hours), environment, deploymentStatus }, { service: "shop" });

test("a query leaves out entities, follows their changes and a rename, and tells what a source gives", async () => {
  await deploy("d1", 10, "Success");
  await deploy("d2", 20, "Failed");
  await deploy("dry-run", 30, "Failed");
  expect(await rate()).toEqual({ failed: 2, total: 3 });

  expect(
    (await put({ query: only({ property: "$identifier", operator: "!=", value: "dry-run" }) })).status,
  ).toBe(200);
  expect(await rate()).toEqual({ failed: 1, total: 2 });
  expect((await settings()).sources).toEqual(
    expect.arrayContaining([expect.objectContaining({ blueprint: "deployment", rows: 2 })]),
  );

  const query = only({ property: "deploymentStatus", operator: "=", value: "Failed" });
  expect((await put({ query })).status).toBe(200);
  expect(await rate()).toEqual({ failed: 2, total: 2 });
  // Out of the query by its own change.
  await deploy("d2", 20, "Success");
  expect(await rate()).toEqual({ failed: 1, total: 1 });

  const renamed = await app.send("PATCH", "/v1/blueprints/deployment/properties/deploymentStatus/rename", {
    newPropertyName: "outcome",
  });
  expect(renamed.status).toBe(200);
  const [source] = (await settings()).roles.deployment;
  expect(source).toMatchObject({
    query: only({ property: "outcome", operator: "=", value: "Failed" }),
    fields: { status: "properties.outcome" },
  });
  expect(await rate()).toEqual({ failed: 1, total: 1 });
  await app.send("PATCH", "/v1/blueprints/deployment/properties/outcome/rename", {
    newPropertyName: "deploymentStatus",
  });
});

test("expressions read the whole entity", async () => {
  const jq =
    'if .properties.deploymentStatus == "Failed" and (.identifier | test("^dry")) then "ignored" else .properties.deploymentStatus end';
  expect((await put({ fields: { ...PATHS, status: { jq } } })).status).toBe(200);
  await deploy("d2", 20, "Failed");
  expect(await rate()).toEqual({ failed: 1, total: 2 });
  // One that fails says nothing; the deployments are listed as left out.
  expect((await put({ fields: { ...PATHS, status: { jq: "error" } } })).status).toBe(200);
  expect(await rate()).toEqual({ failed: 0, total: 0 });
});

test("own thresholds make the tiers, a report named in the question beats them, nothing is derived again", async () => {
  const tiers = async (query = "") => {
    const { metrics, definition } = await portal.get<{
      metrics: Record<string, { band: { tier: string | null; benchmark: string } }>;
      definition: { settingsHash: string };
    }>(`/v1/dora/metrics?from=${at(0)}&to=${at(240)}&blueprint=service&entity=shop${query}`);
    return { band: metrics["deploymentFrequency"]?.band, hash: definition.settingsHash };
  };
  const set = (thresholds: object) => app.send("PUT", "/v1/dora/settings", { thresholds });
  expect((await put({})).status).toBe(200);
  await app.settled();
  const before = await tiers();
  expect(before.band?.benchmark).toBe("dora-2024");
  expect((await set({ deploymentFrequency: { elite: 0.001, high: 0.0005, medium: 0.0001 } })).status).toBe(
    200,
  );
  const after = await tiers();
  expect(after).toMatchObject({ band: { tier: "elite", benchmark: "own" }, hash: before.hash });
  expect((await tiers("&benchmark=2021")).band?.benchmark).toBe("dora-2021");
  expect((await set({ deploymentFrequency: null, benchmark: 2023 })).status).toBe(200);
  expect((await tiers()).band?.benchmark).toBe("dora-2023");

  const refused = await set({ changeLeadTime: { elite: 3, high: 2, medium: 1 } });
  expect(refused.body["message"]).toMatch(
    /body\.thresholds\.changeLeadTime .* must rise from elite to medium/,
  );
  const unknown = await app.send("GET", "/v1/dora/metrics?benchmark=2025");
  expect([unknown.status, unknown.body["message"]]).toEqual([
    422,
    'benchmark (value "2025") must be one of 2019, 2021, 2022, 2023, 2024',
  ]);
});

test.each([
  [
    { query: only({ property: "nothing", operator: "=", value: 1 }) },
    /nothing" is no property of the blueprint/,
  ],
  [
    { query: only({ property: "createdAt", operator: "between", value: { preset: "lastWeek" } }) },
    /roles\.deployment\.0\.query\.rules\[0\] must not depend on today's date/,
  ],
  [
    { query: only({ operator: "relatedTo", blueprint: "service", value: "shop" }) },
    /rules\[0\] must ask about one property or relation of the entity itself/,
  ],
  [
    {
      query: only({
        property: "$team",
        operator: "=",
        value: { context: "userTeams", property: "$identifier" },
      }),
    },
    /must not ask for values of the person who asks/,
  ],
  [{ query: { rules: [] } }, /query\.combinator/],
  [{ fields: { ...PATHS, status: { jq: ".a |" } } }, /fields\.status\.jq: /],
  [{ fields: { ...PATHS, status: { jq: "now" }, started: { jq: 1 } } }, /fields\.started must be a path or/],
  [{ fields: { ...PATHS, service: { jq: ".relations.service" } } }, /fields\.service must be a path/],
  [{ fields: { ...PATHS, status: { jq: ".", more: 1 } } }, /fields\.status must be a path or/],
  [{ filter: {} }, /roles\.deployment\.0\.filter is no key of a source/],
])("refused: %j", async (source, message) => {
  const before = await settings();
  const answer = await put(source);
  expect(answer.status).toBe(422);
  expect(answer.body.message).toMatch(message);
  expect((await settings()).roles).toEqual(before.roles);
});

test("fields over mirrors and calculations follow what they are made of", async () => {
  const definition = {
    mirrorProperties: { tier: { title: "Tier", path: "service.tier" } },
    calculationProperties: {
      outcome: {
        title: "Outcome",
        type: "string",
        calculation: `if .properties.sha == "bad" then "Failed" else "Success" end`,
      },
    },
  };
  expect((await app.send("PATCH", "/v1/blueprints/deployment", definition)).status).toBe(200);
  const fields = { ...PATHS, environment: "properties.tier", status: "properties.outcome" };
  const roles = { deployment: [{ blueprint: "deployment", fields }] };
  await portal.put("service", "kiosk", { tier: "gold" });
  await app.send("PUT", "/v1/dora/settings", { roles, productionEnvironments: ["gold"] });
  const put = (id: string, hours: number, sha: string) =>
    portal.put("deployment", id, { createdAt: at(hours), sha }, { service: "kiosk" });
  await put("k1", 10, "good");
  await put("k2", 20, "bad");
  const numbers = async () => {
    const answer = await portal.get<{ metrics: { changeFailureRate: { failed: number; total: number } } }>(
      `/v1/dora/metrics?from=${at(0)}&to=${at(240)}&blueprint=service&entity=kiosk`,
    );
    const { failed, total } = answer.metrics.changeFailureRate;
    return [failed, total];
  };
  await expect.poll(numbers, SOON).toEqual([1, 2]);
  // Nothing is written to the deployments: only what they mirror changes.
  await portal.put("service", "kiosk", { tier: "silver" });
  await expect.poll(numbers, SOON).toEqual([0, 0]);
  await portal.put("service", "kiosk", { tier: "gold" });
  await expect.poll(numbers, SOON).toEqual([1, 2]);

  // A query over them does, where no field reads any.
  await portal.put("deployment", "k1", { deploymentStatus: "Success" });
  await portal.put("deployment", "k2", { deploymentStatus: "Failed" });
  const query = only({ property: "tier", operator: "=", value: "gold" });
  const asking = { deployment: [{ blueprint: "deployment", fields: PATHS, query }] };
  const update = { roles: asking, productionEnvironments: ["Production"] };
  expect((await app.send("PUT", "/v1/dora/settings", update)).status).toBe(200);
  await expect.poll(numbers, SOON).toEqual([1, 2]);
  expect((await settings()).sources).toContainEqual(
    expect.objectContaining({ role: "deployment", blueprint: "deployment", rows: 2 }),
  );
  await portal.put("service", "kiosk", { tier: "silver" });
  await expect.poll(numbers, SOON).toEqual([0, 0]);
  await portal.put("service", "kiosk", { tier: "gold" });
  await expect.poll(numbers, SOON).toEqual([1, 2]);
  const good = only({ property: "outcome", operator: "=", value: "Success" });
  const calculated = { deployment: [{ blueprint: "deployment", fields: PATHS, query: good }] };
  expect((await app.send("PUT", "/v1/dora/settings", { roles: calculated })).status).toBe(200);
  await expect.poll(numbers, SOON).toEqual([0, 1]);
});

test("a query may ask for mirrors and calculations, at any depth, not for aggregations", () => {
  const plan = planOf({
    ...{ identifier: "deployment", schema: { properties: {} } },
    mirrorProperties: { tier: { path: "service.tier" } },
    aggregationProperties: { incidents: { target: "incident" } },
  });
  const asks = (property: string) => () =>
    parseRoleQuery(only(only({ property, operator: "=", value: "1" })), "query", plan);
  expect(asks("tier")).not.toThrow();
  expect(asks("incidents")).toThrow(/query\.rules\[0\]\.rules\[0\]\.property "incidents" is an aggregation/);
});

test("by GitOps the tag of the image names the source; commits of the configuration are no changes", async () => {
  await portal.put("service", "pay", { repository: "acme/pay" });
  const sha = (name: string): string => name.padEnd(40, "0");
  const commit = (repository: string, name: string, parents: readonly string[], hours: number) => ({
    ...{ repository, sha: sha(name), parents: parents.map(sha), author: "Ada", message: `feat: ${name}` },
    ...{ authoredAt: at(hours), committedAt: at(hours) },
  });
  await app.send("POST", "/v1/dora/commits", {
    commits: [
      ...[
        commit("acme/pay", "a0", [], 1),
        commit("acme/pay", "a1", ["a0"], 3),
        commit("acme/pay", "a2", ["a1"], 5),
      ],
      ...[commit("acme/config", "c0", [], 2), commit("acme/config", "c1", ["c0"], 9)],
    ],
  });
  const fields = { ...PATHS, sha: "properties.sha", image: "properties.region" };
  expect((await put({ fields })).status).toBe(200);
  const bring = (id: string, hours: number, config: string, image: string) =>
    portal.put(
      "deployment",
      id,
      { createdAt: at(hours), deploymentStatus: "Success", sha: sha(config), region: image },
      { service: "pay" },
    );
  await bring("sync0", 4, "c0", "registry/pay:main-a000000");
  await bring("sync1", 10, "c1", "registry/pay:main-a200000");
  await app.settled();
  const { deployment, changes } = await portal.get<{
    deployment: { sha: string };
    changes: { sha: string; method: string }[];
  }>("/v1/dora/deployments/sync1");
  expect(deployment.sha).toBe(sha("a2"));
  expect(changes.map((one) => `${one.method} ${one.sha}`).sort()).toEqual(
    [sha("a1"), sha("a2")].map((one) => `git graph ${one}`),
  );
  // A tag that names no commit tells as little of the configuration.
  await bring("sync2", 12, "c1", "registry/pay:1.4.2");
  await app.settled();
  const tagged = await portal.get<{ changes: object[] }>("/v1/dora/deployments/sync2");
  expect(tagged.changes).toEqual([]);

  // Without a repository of its own a service waits for the commits of its images: earlier or later is the same.
  const source = async (service: string, isFirst: boolean) => {
    await portal.put("service", service, {});
    const [one, two] = isFirst ? ["e0", "e1"] : ["f0", "f1"];
    const commits = [commit(`acme/${service}`, one, [], 1), commit(`acme/${service}`, two, [one], 6)];
    const send = async () => {
      await app.send("POST", "/v1/dora/commits", { commits });
      await app.settled();
    };
    if (isFirst) await send();
    for (const [id, hours, name, config] of [
      ["one", 4, one, "c0"],
      ["two", 10, two, "c1"],
    ] as const)
      await portal.put(
        "deployment",
        `${service}-${id}`,
        {
          ...{ createdAt: at(hours), deploymentStatus: "Success", sha: sha(config) },
          region: `registry/${service}:main-${sha(name)}`,
        },
        { service },
      );
    await app.settled();
    if (!isFirst) await send();
    const told = await portal.get<{ deployment: { sha: string }; changes: { sha: string }[] }>(
      `/v1/dora/deployments/${service}-two`,
    );
    expect(told.deployment.sha).toBe(sha(two));
    return told.changes.map((change) => (change.sha === sha(two) ? "two" : change.sha));
  };
  expect(await source("early", true)).toEqual(["two"]);
  expect(await source("late", false)).toEqual(["two"]);
});
