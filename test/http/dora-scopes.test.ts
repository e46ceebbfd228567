/** What a DORA question is about (teams, groups, queries) and what its answer says of itself (coverage, explanation). */
import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestApp, type TestApp } from "../support/app.ts";
import { SOON } from "../support/patience.ts";
import { at, defineDora, type DoraPortal } from "./support/dora-portal.ts";

let app: TestApp;
let portal: DoraPortal;
const sha = (name: string): string => name.repeat(40);
const WINDOW = `from=${at(0)}&to=${at(240)}`;

beforeAll(async () => {
  app = await startTestApp();
  portal = await defineDora(app);
  await portal.put("service", "shop", { repository: "acme/shop", tier: "gold" });
  await portal.put("service", "cart", { tier: "silver" });
  const commit = (name: string, parent: string | null, hours: number) => ({
    ...{ repository: "acme/shop", sha: sha(name), parents: parent === null ? [] : [sha(parent)] },
    ...{ authoredAt: at(hours), committedAt: at(hours), author: "Ada", message: `feat: ${name} (#${hours})` },
  });
  await app.send("POST", "/v1/dora/commits", {
    commits: [commit("0", null, 1), commit("a", "0", 10), commit("b", "a", 20), commit("c", "b", 50)],
  });
  const deploy = (id: string, hours: number, name: string, region: string, rest: object = {}) =>
    portal.put(
      "deployment",
      id,
      { createdAt: at(hours), deploymentStatus: "Success", sha: sha(name), region, ...rest },
      { service: "shop" },
    );
  await deploy("eu0", 2, "0", "eu");
  await deploy("us0", 3, "0", "us");
  await deploy("eu1", 24, "b", "eu");
  await deploy("us1", 30, "b", "us");
  await portal.put(
    "deployment",
    "cart1",
    { createdAt: at(40), deploymentStatus: "Success" },
    { service: "cart" },
  );
  await portal.put("deployment", "odd", { createdAt: at(41), deploymentStatus: "?" }, { service: "cart" });
  await portal.put("incident", "i1", { startedAt: at(41), resolvedAt: at(43) }, { service: ["shop"] });
  await app.settled();
});
afterAll(() => app.stop());

interface Metric {
  readonly value: number | null;
  readonly unit: string;
  readonly coverage: number | null;
  readonly covered: boolean | null;
}
interface Answer {
  readonly metrics: Readonly<Record<string, Metric & Readonly<Record<string, unknown>>>>;
  readonly coverage: Readonly<Record<string, unknown>>;
}
const metrics = (query: string, window = WINDOW): Promise<Answer> =>
  portal.get(`/v1/dora/metrics?${window}&${query}`);
const refusal = async (path: string): Promise<string> => {
  const { status, body } = await app.send<{ message: string }>("GET", path);
  expect(status).toBe(422);
  return body.message;
};

test("lead time to the first and to all regions, through storage", async () => {
  const { changeLeadTime } = (await metrics("entity=shop")).metrics;
  expect(changeLeadTime).toMatchObject({
    n: 2,
    p50: 9 * 3600,
    allRegions: { n: 2, p50: 15 * 3600, open: 0 },
  });
  const { rows } = await portal.get<{ rows: object[] }>(
    `/v1/dora/evidence?${WINDOW}&entity=shop&metric=changeLeadTime`,
  );
  expect(rows).toHaveLength(2);
  expect(rows[0]).toMatchObject({ regions: { of: 2, reached: 2, everywhereAt: Date.parse(at(30)) } });
});

test("coverage is about the window; a metric on too little says so", async () => {
  const { metrics: found, coverage } = await metrics("");
  expect(coverage).toMatchObject({
    ...{ mergedChanges: 4, attributedChanges: 2, deployments: 6, countedDeployments: 5 },
    ...{ incidents: 1, linkedIncidents: 1, clockSkew: 0, floor: 0.5 },
    excluded: { not_deployed: 1, status: 1, first_deployment: 1 },
  });
  expect(found["changeLeadTime"]).toMatchObject({ coverage: 0.5, covered: true });
  const late = await metrics("", `from=${at(45)}&to=${at(60)}`);
  expect(late.coverage).toMatchObject({
    mergedChanges: 1,
    attributedChanges: 0,
    excluded: { not_deployed: 1 },
  });
  expect(late.metrics["changeLeadTime"]).toMatchObject({ coverage: 0, covered: false });
  expect((await app.send("PUT", "/v1/dora/settings", { coverageFloor: 0.7 })).status).toBe(200);
  expect((await metrics("")).metrics["changeLeadTime"]?.covered).toBe(false);
  expect((await app.send("PUT", "/v1/dora/settings", { coverageFloor: 1.1 })).status).toBe(422);
  expect((await app.send("PUT", "/v1/dora/settings", { coverageFloor: 0.5 })).status).toBe(200);
  const { sources } = coverage as { sources: { role: string; rows: number; excluded: number }[] };
  expect(sources.find(({ role }) => role === "deployment")).toMatchObject({ rows: 6, excluded: 0 });
});

/** Every service: so few rows are read one by one. */
const all = `query=${encodeURIComponent(JSON.stringify({ combinator: "and", rules: [{ property: "$identifier", operator: "!=", value: "nobody" }] }))}`;

test("the organisation, folded from what is held, says what its rows say", async () => {
  const told = async (query: string, window: string): Promise<object> => {
    const { metrics: found, coverage, ...rest } = await metrics(query, window);
    const { series, previousSeries, comparedWith } = rest as Record<string, object | undefined>;
    return { found, coverage, series, previousSeries, comparedWith };
  };
  const compare = async (): Promise<void> => {
    for (const [from, to] of [
      [0, 240],
      [-24, 29],
      [24, 48],
    ] as const)
      for (const rest of [
        "interval=day&compare=previous",
        "timezone=Asia/Kathmandu&interval=month",
        `compare=${at(-48)}/${at(26)}`,
        `asOf=${at(to + 1)}`,
      ]) {
        const window = `from=${at(from)}&to=${at(to)}&${rest}`;
        expect(await told("", window)).toEqual(await told(all, window));
      }
    for (const metric of Object.keys((await metrics("")).metrics)) {
      const explain = (query: string) =>
        portal.get<{ rows: object; value: number }>(`/v1/dora/explain?${WINDOW}&metric=${metric}&${query}`);
      const [held, read] = [await explain(""), await explain(all)];
      expect([metric, held.value, held.rows]).toEqual([metric, read.value, read.rows]);
    }
  };
  await app.settled();
  await compare();
  // More environments than are held: those asked for longest ago are read again.
  const none = await metrics("environment=none-0");
  for (let n = 1; n < 18; n++) {
    const { metrics: found } = await metrics(`environment=none-${n}`);
    // Why there is nothing names the environment.
    expect(JSON.parse(JSON.stringify(found).replaceAll(`none-${n}`, "none-0"))).toEqual(none.metrics);
  }
  await compare();
  const { coverage } = await metrics("");
  await portal.put(
    "deployment",
    "cart2",
    { createdAt: at(44), deploymentStatus: "Success" },
    { service: "cart" },
  );
  await portal.put("deployment", "odd", { deploymentStatus: "Success" });
  await app.settled();
  await compare();
  const { sources } = (await metrics("")).coverage as {
    sources: { role: string; lastEventAt: string; rows: number }[];
  };
  expect(sources.find(({ role }) => role === "deployment")).toMatchObject({ rows: 7, lastEventAt: at(44) });
  // As it was, for the tests after this one.
  await portal.remove("deployment", "cart2");
  await portal.put("deployment", "odd", { deploymentStatus: "?" });
  await app.settled();
  expect((await metrics("")).coverage).toEqual(coverage);
});

test("several production environments: a change that went to both of them is one", async () => {
  await portal.put(
    "deployment",
    "backup",
    { createdAt: at(34), deploymentStatus: "Success", environment: "Backup", sha: sha("b") },
    { service: "shop" },
  );
  await portal.put(
    "deployment",
    "backup0",
    { createdAt: at(4), deploymentStatus: "Success", environment: "Backup", sha: sha("0") },
    { service: "shop" },
  );
  const both = { productionEnvironments: ["Production", "Backup"] };
  expect((await app.send("PUT", "/v1/dora/settings", both)).status).toBe(200);
  await app.settled();
  for (const [from, to] of [
    [0, 240],
    [0, 30],
    [29, 240],
  ] as const) {
    const window = `from=${at(from)}&to=${at(to)}&interval=day`;
    expect((await metrics("", window)).coverage).toEqual((await metrics(all, window)).coverage);
    expect((await metrics("", window)).metrics).toEqual((await metrics(all, window)).metrics);
  }
  expect((await metrics("")).coverage).toMatchObject({ attributedChanges: 2 });
  await portal.remove("deployment", "backup");
  await portal.remove("deployment", "backup0");
  await app.send("PUT", "/v1/dora/settings", { productionEnvironments: ["Production"] });
  await app.settled();
});

test("each row of a blueprint has the coverage that its entity has by itself", async () => {
  for (const [from, to] of [
    [0, 240],
    // Shipped after the end of this one.
    [5, 21],
    [45, 60],
  ] as const) {
    const window = `from=${at(from)}&to=${at(to)}`;
    const { rows } = await portal.get<{ rows: (Answer & { scope: { entity: string } })[] }>(
      `/v1/dora/metrics?${window}&blueprint=service`,
    );
    expect(rows.map(({ scope }) => scope.entity)).toEqual(["cart", "shop"]);
    for (const { scope, coverage, metrics: told } of rows) {
      const alone = await metrics(`entity=${scope.entity}`, window);
      const { pending: _, sources: __, ...own } = alone.coverage;
      expect(coverage).toEqual(own);
      expect(told).toEqual(alone.metrics);
    }
  }
});

test("what was merged and is shipped by nothing yet is in the evidence", async () => {
  const { excluded } = await portal.get<{ excluded: object[] }>(
    `/v1/dora/evidence?${WINDOW}&entity=shop&metric=changeLeadTime`,
  );
  expect(excluded).toContainEqual(
    expect.objectContaining({
      reason: "not_deployed",
      service: "shop",
      timestamps: expect.objectContaining({ merged: at(50) }) as object,
    }),
  );
});

test("why there is no number is the same on every route", async () => {
  type Answer = Record<string, { noValue?: object }>;
  const before = "from=2020-01-01T00:00:00Z&to=2020-02-01T00:00:00Z";
  const { metrics } = await portal.get<{ metrics: Answer }>(`/v1/dora/metrics?${before}&entity=shop`);
  const { rows } = await portal.get<{ rows: { scope: { entity: string }; metrics: Answer }[] }>(
    `/v1/dora/metrics?${before}&blueprint=service`,
  );
  const row = rows.find(({ scope }) => scope.entity === "shop");
  for (const metric of ["meanTimeToRecovery", "changeLeadTime", "changeFailureRate"]) {
    const told = metrics[metric]?.noValue;
    expect(told).toBeDefined();
    expect(row?.metrics[metric]?.noValue).toEqual(told);
    const explained = await portal.get<Record<string, unknown>>(
      `/v1/dora/explain?${before}&entity=shop&metric=${metric}`,
    );
    expect(explained["noValue"]).toEqual(told);
  }
});

test("explain: definition, rows in and out, and why other profiles say something else", async () => {
  const explain = (query: string) =>
    portal.get<Record<string, unknown>>(`/v1/dora/explain?${WINDOW}&${query}`);
  const lead = await explain("entity=shop&metric=changeLeadTime");
  expect(lead).toMatchObject({
    ...{ value: 9 * 3600, unit: "seconds" },
    definition: { profile: "fairway", words: expect.stringContaining("first commit") as string },
    rows: {
      in: 2,
      out: [
        { reason: "first_deployment", count: 1 },
        { reason: "not_deployed", count: 1, meaning: expect.stringContaining("no deployment yet") as string },
      ],
    },
    profiles: [
      { profile: "port", value: null },
      { profile: "devlake", unit: "minutes", comparable: 4 * 3600, n: 2 },
    ],
  });
  const whole = (await explain("metric=changeFailureRate")) as { profiles: { differences: string[] }[] };
  expect(whole.profiles[0]?.differences[0]).toContain("one service");
  expect(whole.profiles[1]).toMatchObject({ profile: "devlake", value: 1 / 5, n: 5 });
  expect(await refusal(`/v1/dora/explain?metric=speed`)).toContain("metric");
  const leftOut = await portal.get<{ excluded: { reason: string }[]; excludedTotal: number; total: number }>(
    `/v1/dora/evidence?${WINDOW}&entity=shop&metric=changeLeadTime&reason=not_deployed`,
  );
  expect(leftOut).toMatchObject({ total: 2, excludedTotal: 1, excluded: [{ reason: "not_deployed" }] });
  expect(await refusal("/v1/dora/evidence?metric=changeLeadTime&reason=bad")).toContain("not_deployed");
  expect(await refusal("/v1/dora/evidence?metric=changeLeadTime&from_cursor=1e12")).toContain("from_cursor");
  expect(await refusal(`/v1/dora/explain?metric=changeLeadTime&blueprint=service`)).toContain("entity");
});

test("profile devlake: metrics with ours beside them, and evidence that folds to them", async () => {
  const { metrics: found } = await metrics("profile=devlake");
  // The incident blames the latest deployment anywhere: that of cart.
  expect(found["changeFailureRate"]).toMatchObject({ value: 1 / 5, fairway: { value: 1 / 5 } });
  expect(found["reworkRate"]).toMatchObject({ value: null });
  const rate = await portal.get<{ rows: { value: number; entity: { identifier: string } }[]; total: number }>(
    `/v1/dora/evidence?${WINDOW}&profile=devlake&metric=changeFailureRate`,
  );
  expect(rate.total).toBe(5);
  expect(rate.rows.filter(({ value }) => value === 1).map(({ entity }) => entity.identifier)).toEqual([
    "cart1",
  ]);
  const page = await portal.get<{ rows: object[]; next: string }>(
    `/v1/dora/evidence?${WINDOW}&profile=devlake&metric=changeLeadTime&limit=1`,
  );
  expect([page.rows.length, page.next]).toEqual([1, "1"]);
  expect(await refusal("/v1/dora/metrics?profile=devlake&compare=previous")).toContain("compare");
  expect(await refusal("/v1/dora/metrics?profile=dora")).toContain("fairway, port or devlake");
});

test("a query over services narrows metrics, rows of a blueprint, evidence and export", async () => {
  const query = `query=${encodeURIComponent(
    JSON.stringify({ combinator: "and", rules: [{ property: "tier", operator: "=", value: "silver" }] }),
  )}`;
  expect((await metrics(query)).metrics["deploymentFrequency"]).toMatchObject({ count: 1 });
  expect((await metrics(`${query}&entity=shop`)).metrics["deploymentFrequency"]).toMatchObject({ count: 0 });
  const { rows } = await portal.get<{
    rows: { scope: { entity: string }; metrics: Record<string, { count: number }>; coverage: object }[];
  }>(`/v1/dora/metrics?${WINDOW}&blueprint=service&${query}`);
  // What the query leaves out is missing in nothing.
  expect(rows.map(({ coverage }) => coverage)).toMatchObject([
    { deployments: 2, countedDeployments: 1, mergedChanges: 0 },
    { deployments: 0, countedDeployments: 0, mergedChanges: 0, shares: { changes: null } },
  ]);
  expect(rows.map(({ scope, metrics: one }) => [scope.entity, one["deploymentFrequency"]?.count])).toEqual([
    ["cart", 1],
    ["shop", 0],
  ]);
  const { body } = await app.send<string>(
    "GET",
    `/v1/dora/export?${WINDOW}&metric=deploymentFrequency&${query}`,
  );
  expect(body).toContain("cart1");
  expect(body).not.toContain("eu1");
  expect(await refusal("/v1/dora/metrics?query=tier")).toContain("JSON");
  const unknown = JSON.stringify({
    combinator: "and",
    rules: [{ property: "tier", operator: "is near", value: 1 }],
  });
  expect(await refusal(`/v1/dora/metrics?query=${encodeURIComponent(unknown)}`)).toContain("operator");
  const walk = JSON.stringify({
    combinator: "and",
    rules: [{ operator: "relatedTo", blueprint: "squad", value: "x" }],
  });
  expect(await refusal(`/v1/dora/metrics?query=${encodeURIComponent(walk)}`)).toContain("query");
});

/** A change that one team brought to one environment and the next team to another is one of each of them. */
async function teamsOfTwoEnvironments(iso: (hours: number) => string): Promise<void> {
  await portal.put(
    "change",
    "both",
    { openedAt: iso(-39), mergedAt: iso(-38), number: 900 },
    { service: "cart" },
  );
  const relations = { service: "cart", pullRequest: ["both"] };
  const bring = (id: string, hours: number, environment: string) =>
    portal.put(
      "deployment",
      id,
      { createdAt: iso(hours), deploymentStatus: "Success", environment },
      relations,
    );
  await bring("first-place", -37, "Production");
  await bring("second-place", 37, "Backup");
  const both = { productionEnvironments: ["Production", "Backup"] };
  expect((await app.send("PUT", "/v1/dora/settings", both)).status).toBe(200);
  await app.settled();
  const window = `from=${iso(-100)}&to=${iso(100)}`;
  const { rows } = await portal.get<{ rows: (Answer & { scope: { entity: string } })[] }>(
    `/v1/dora/metrics?${window}&blueprint=_team`,
  );
  for (const team of ["red", "blue"]) {
    const alone = await metrics(`blueprint=_team&entity=${team}`, window);
    const row = rows.find(({ scope }) => scope.entity === team);
    const { pending: _, sources: __, ...own } = alone.coverage;
    expect(own).toMatchObject({ attributedChanges: 1 });
    expect(row?.coverage).toEqual(own);
    const lead = (one: Answer | undefined) => one?.metrics["changeLeadTime"];
    expect(lead(row)).toEqual(lead(alone));
  }
  for (const id of ["first-place", "second-place"]) await portal.remove("deployment", id);
  await portal.remove("change", "both");
  await app.send("PUT", "/v1/dora/settings", { productionEnvironments: ["Production"] });
  await app.settled();
}

test("teams and groups count what they owned on the day of the event", async () => {
  const relation = { group: { title: "Group", target: "group", required: false, many: false } };
  await app.send("POST", "/v1/blueprints", {
    identifier: "group",
    title: "Group",
    schema: { properties: {} },
  });
  await app.send("PATCH", "/v1/blueprints/_team", { relations: relation });
  await app.send("PATCH", "/v1/blueprints/service", { ownership: { type: "Direct" } });
  await portal.put("group", "all", {});
  for (const team of ["red", "blue"]) await portal.put("_team", team, {}, { group: "all" });
  const own = async (team: string[]) => {
    const answer = await app.send("PATCH", "/v1/blueprints/service/entities/cart", { team });
    expect(answer.status).toBe(200);
    await app.settled();
  };
  const now = Date.now();
  const iso = (hours: number): string => new Date(now + hours * 3_600_000).toISOString();
  // A day and a half before and after whatever day the owners change on.
  for (const [id, hours] of [
    ["before", -36],
    ["after", 36],
  ] as const)
    await portal.put(
      "deployment",
      id,
      { createdAt: iso(hours), deploymentStatus: "Success" },
      { service: "cart" },
    );
  const counts = async () => {
    const window = `from=${iso(-100)}&to=${iso(100)}`;
    const one = async (scope: string) =>
      (await metrics(scope, window)).metrics["deploymentFrequency"]?.["count"] as number;
    const { rows } = await portal.get<{
      rows: { scope: { entity: string }; metrics: Record<string, { count: number }> }[];
    }>(`/v1/dora/metrics?${window}&blueprint=_team`);
    const byTeam = new Map(
      rows.map(({ scope, metrics: m }) => [scope.entity, m["deploymentFrequency"]?.count]),
    );
    const evidence = await portal.get<{ total: number }>(
      `/v1/dora/evidence?${window}&blueprint=_team&entity=red&metric=deploymentFrequency`,
    );
    const [red, blue] = [await one("blueprint=_team&entity=red"), await one("blueprint=_team&entity=blue")];
    expect([byTeam.get("red"), byTeam.get("blue"), evidence.total]).toEqual([red, blue, red]);
    return [red, blue, await one("blueprint=group&entity=all")];
  };
  expect(await counts()).toEqual([0, 0, 0]);
  // The first owners have owned all that came before.
  await own(["red"]);
  expect(await counts()).toEqual([2, 0, 2]);
  await own(["blue"]);
  expect(await counts()).toEqual([1, 1, 2]);
  await teamsOfTwoEnvironments(iso);
  await app.send("PUT", "/v1/blueprints/_team/entities/red", { identifier: "crimson" });
  await own(["blue", "crimson"]);
  const window = `from=${iso(-100)}&to=${iso(100)}`;
  const renamed = await metrics("blueprint=_team&entity=crimson", window);
  expect(renamed.metrics["deploymentFrequency"]).toMatchObject({ count: 2 });
  // Owners that follow from another entity leave no row of the service: they are followed all the same.
  await app.send("PATCH", "/v1/blueprints/system", { ownership: { type: "Direct" } });
  const give = (team: string[]) =>
    app.send("POST", "/v1/blueprints/system/entities?upsert=true&merge=true", { identifier: "core", team });
  await give(["blue"]);
  await portal.put("service", "cart", {}, { system: "core" });
  const inherited = { ownership: { type: "Inherited", path: "system" } };
  expect((await app.send("PATCH", "/v1/blueprints/service", inherited)).status).toBe(200);
  const shared = async () => {
    const count = async (team: string) =>
      (await metrics(`blueprint=_team&entity=${team}`, window)).metrics["deploymentFrequency"]?.["count"];
    return [await count("crimson"), await count("blue")];
  };
  await expect.poll(shared, SOON).toEqual([1, 1]);
  await give(["crimson"]);
  await expect.poll(shared, SOON).toEqual([2, 0]);
});
