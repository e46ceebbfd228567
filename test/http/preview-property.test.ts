/** A derived property tried before it is saved: the values it will have, and the refusals of saving it. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestApp, type TestApp } from "../support/app.ts";
import { SOON } from "../support/patience.ts";

let app: TestApp;
interface Preview {
  readonly preview: {
    readonly state: string;
    readonly type: string | null;
    readonly values: readonly {
      readonly identifier: string;
      readonly before: unknown;
      readonly value: unknown;
      readonly error: string | null;
    }[];
  };
  readonly message?: string;
}

beforeAll(async () => {
  app = await startTestApp();
  await app.send("POST", "/v1/blueprints", {
    identifier: "system",
    title: "System",
    schema: { properties: { tier: { type: "string" } } },
  });
  await app.send("POST", "/v1/blueprints", {
    identifier: "service",
    title: "Service",
    schema: { properties: { size: { type: "number" } } },
    relations: { system: { target: "system" } },
    mirrorProperties: { tier: { path: "system.tier" } },
  });
  await app.send("POST", "/v1/blueprints/system/entities", {
    identifier: "pay",
    properties: { tier: "gold" },
  });
  await app.send("POST", "/v1/blueprints/service/entities/bulk", {
    entities: [
      { identifier: "a", title: "A", properties: { size: 3 }, relations: { system: "pay" } },
      { identifier: "b", properties: { size: 4 }, relations: { system: "pay" } },
      { identifier: "c" },
    ],
  });
});
afterAll(() => app.stop());

const tried = (blueprint: string, body: object) =>
  app.send<Preview>("POST", `/v1/blueprints/${blueprint}/preview-property`, body);
const valuesOf = async (blueprint: string, body: object): Promise<unknown[]> => {
  const { status, body: answer } = await tried(blueprint, body);
  expect([status, answer.preview?.state]).toEqual([200, "computed"]);
  return answer.preview.values.map(({ value }) => value);
};

test("mirrors, calculations over mirrors, and aggregations have the values that saving gives them", async () => {
  const aggregation = {
    title: "Size",
    target: "service",
    calculationSpec: { calculationBy: "property", func: "sum", property: "size" },
  };
  const calculation = { title: "L", type: "string", calculation: '.properties.tier + "!"' };
  expect(
    await valuesOf("service", { kind: "mirror", identifier: "from", definition: { path: "system.tier" } }),
  ).toEqual(["gold", "gold", null]);
  expect(
    await valuesOf("service", {
      ...{ kind: "calculation", identifier: "loud", definition: calculation },
      entities: ["b", "none", "a"],
    }),
  ).toEqual(["gold!", "gold!"]);
  const sizes = { kind: "aggregation", identifier: "size", definition: aggregation };
  expect(await valuesOf("system", sizes)).toEqual([7]);
  await app.send("PATCH", "/v1/blueprints/system", { aggregationProperties: { size: aggregation } });
  await expect.poll(async () => (await tried("system", sizes)).body.preview.values[0]?.before, SOON).toBe(7);
});

test("an error of a program is told with its entity; what saving refuses is refused; nothing is written", async () => {
  const failing = { title: "X", type: "number", calculation: ".properties.size / 0" };
  const { body } = await tried("service", { kind: "calculation", identifier: "x", definition: failing });
  expect(body.preview.values[0]).toMatchObject({ identifier: "a", value: null });
  expect(body.preview.values[0]?.error).toMatch(/zero/);
  for (const [definition, part] of [
    [{ title: "X", type: "date", calculation: "1" }, "calculationProperties.x.type"],
    [{ title: "X", type: "number" }, "calculationProperties.x.calculation"],
  ] as const) {
    const answer = await tried("service", { kind: "calculation", identifier: "x", definition });
    expect([answer.status, answer.body.message]).toEqual([422, expect.stringContaining(part)]);
  }
  const taken = await tried("service", {
    kind: "mirror",
    identifier: "size",
    definition: { path: "system.tier" },
  });
  expect([taken.status, taken.body.message]).toEqual([422, expect.stringContaining("another property")]);
  const cycle = {
    title: "N",
    target: "service",
    calculationSpec: { calculationBy: "property", func: "sum", property: "n" },
  };
  await app.send("PATCH", "/v1/blueprints/service", {
    mirrorProperties: { n: { title: "N", path: "system.n" } },
  });
  const round = await tried("system", { kind: "aggregation", identifier: "n", definition: cycle });
  expect([round.status, round.body.message]).toEqual([422, expect.stringContaining("depend on themselves")]);
  expect((await tried("nope", { kind: "mirror", identifier: "x", definition: { path: "a.b" } })).status).toBe(
    404,
  );
  const { body: after } = await app.send("GET", "/v1/blueprints/service");
  expect(JSON.stringify(after)).not.toContain('"x"');
});

test("queries that follow relations are not guessed", async () => {
  const definition = {
    title: "W",
    target: "service",
    calculationSpec: { calculationBy: "entities", func: "count" },
    query: {
      combinator: "and",
      rules: [{ operator: "relatedTo", blueprint: "system", value: "pay" }],
    },
  };
  const { status, body } = await tried("system", { kind: "aggregation", identifier: "w", definition });
  expect([status, body.preview]).toEqual([200, { state: "walks", type: "number", values: [] }]);
});

test("only who may define blueprints tries definitions", async () => {
  const email = "member@example.com";
  await app.send("POST", "/v1/users/invite", { invitee: { email } });
  await app.send("PATCH", `/v1/blueprints/_user/entities/${email}`, { properties: { status: "Active" } });
  const renewed = await app.send<{ credentials: object }>("POST", `/v1/rotate-credentials/${email}`);
  const { body } = await app.send<{ accessToken: string }>(
    ...(["POST", "/v1/auth/access_token", renewed.body.credentials, {}] as const),
  );
  const answer = await app.send(
    "POST",
    "/v1/blueprints/service/preview-property",
    { kind: "mirror", identifier: "x", definition: { path: "system.tier" } },
    { authorization: `Bearer ${body.accessToken}` },
  );
  expect(answer.status).toBe(403);
});
