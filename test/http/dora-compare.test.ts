/** Two windows, services, teams or systems beside each other: `compare`, `compareEntity` and `compareBlueprint`. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestApp, type TestApp } from "../support/app.ts";
import { at, defineDora, type DoraPortal } from "./support/dora-portal.ts";

let app: TestApp;
let portal: DoraPortal;
const METRICS = "/v1/dora/metrics";
const WINDOW = `from=${at(0)}&to=${at(240)}`;

/** Shop deploys every eight hours and fails one in three; cart every day, without failures. */
beforeAll(async () => {
  app = await startTestApp();
  portal = await defineDora(app);
  await portal.put("system", "sales", {});
  await portal.put("service", "shop", {}, { system: "sales" });
  await portal.put("service", "cart", {});
  const deployment = (service: string, hours: number, deploymentStatus: string) => ({
    identifier: `${service}-${hours}`,
    properties: { createdAt: at(hours), deploymentStatus },
    relations: { service },
  });
  const all = [
    ...Array.from({ length: 30 }, (_, n) => deployment("shop", n * 8, n % 3 === 1 ? "Failed" : "Success")),
    ...Array.from({ length: 10 }, (_, n) => deployment("cart", n * 24 + 5, "Success")),
  ];
  const { status } = await app.send("POST", "/v1/blueprints/deployment/entities/bulk", { entities: all });
  if (status !== 200) throw new Error(`the deployments were answered with ${status}`);
  await app.settled();
});
afterAll(() => app.stop());

interface Compared {
  readonly value: number | null;
  readonly previous?: { readonly value: number | null; readonly n: number };
  readonly trend?: {
    readonly delta: number | null;
    readonly significant: boolean | null;
    readonly p: number | null;
  };
}
interface Answer {
  readonly metrics: Readonly<Record<string, Compared & Readonly<Record<string, unknown>>>>;
  readonly series: unknown;
  readonly previousSeries?: unknown;
  readonly previousWindow?: { readonly from: string; readonly to: string };
  readonly comparedWith?: { readonly scope: object; readonly window: object; readonly metrics: object };
}
const ask = (query: string): Promise<Answer> => portal.get(`${METRICS}?${query}`);
/** What an answer says of itself, in the words of `comparedWith`. */
const alone = async (query: string): Promise<object> => {
  const { metrics } = await ask(query);
  const isOwn = ([key]: [string, unknown]): boolean => !["coverage", "covered", "noValue"].includes(key);
  return Object.fromEntries(
    Object.entries(metrics).map(([name, one]) => [
      name,
      Object.fromEntries(Object.entries(one).filter(isOwn)),
    ]),
  );
};

test("the window before, named by its ends, is the window before", async () => {
  const half = `from=${at(120)}&to=${at(240)}`;
  for (const scope of ["", "entity=shop&", "blueprint=service&"])
    expect(await ask(`${scope}${half}&compare=${at(0)}/${at(120)}`)).toMatchObject({
      ...(await ask(`${scope}${half}&compare=previous`)),
      ...{ asOf: expect.any(String) as string },
    });
});

test("any window: later, longer, of another year; its numbers and series are those of asking for it", async () => {
  for (const [from, to] of [
    [120, 240],
    [-1000, -900],
    [0, 500],
  ] as const) {
    const answer = await ask(`from=${at(0)}&to=${at(24)}&interval=day&compare=${at(from)}/${at(to)}`);
    const other = `from=${at(from)}&to=${at(to)}&interval=day`;
    expect(answer.comparedWith?.metrics).toEqual(await alone(other));
    expect(answer.previousSeries).toEqual((await ask(other)).series);
    expect(answer.previousWindow).toMatchObject({ from: at(from), to: at(to) });
  }
});

test("two services in one window: each has its own numbers, and the difference is tested", async () => {
  const { metrics, comparedWith } = await ask(`${WINDOW}&entity=shop&compareEntity=cart`);
  expect(comparedWith).toMatchObject({ scope: { blueprint: "service", entity: "cart" } });
  expect(comparedWith?.metrics).toEqual(await alone(`${WINDOW}&entity=cart`));
  expect(metrics["changeFailureRate"]).toMatchObject({
    ...{ value: 1 / 3, previous: { value: 0, n: 10 } },
    trend: { delta: 1 / 3, significant: true },
  });
  expect(metrics["deploymentFrequency"]).toMatchObject({
    ...{ value: 2, previous: { value: 1, n: 10 }, trend: { delta: 1, p: expect.any(Number) as number } },
  });
});

test("another scope in another window, of another blueprint, and beside the organisation", async () => {
  const query = `${WINDOW}&entity=cart&compareBlueprint=system&compareEntity=sales&compare=${at(0)}/${at(24)}`;
  expect((await ask(query)).comparedWith).toMatchObject({
    scope: { blueprint: "system", entity: "sales" },
    window: { from: at(0), to: at(24) },
    metrics: { deploymentFrequency: { count: 2 } },
  });
  const whole = await ask(`${WINDOW}&compareEntity=cart`);
  expect(whole.comparedWith?.metrics).toEqual(await alone(`${WINDOW}&entity=cart`));
});

test("where rows are on both sides the difference is told, but not tested", async () => {
  for (const query of [
    `${WINDOW}&compare=${at(100)}/${at(300)}`,
    `${WINDOW}&compareEntity=cart`,
    `${WINDOW}&entity=shop&compareBlueprint=system&compareEntity=sales`,
  ]) {
    const { trend } = (await ask(query)).metrics["deploymentFrequency"] ?? {};
    expect(trend).toEqual({ delta: expect.any(Number) as number, significant: null, p: null });
  }
});

test("an incident of services of both sides is on both: only what is not shared is tested", async () => {
  const incident = (id: string, hours: number, service: string[]) =>
    portal.put("incident", id, { startedAt: at(hours), resolvedAt: at(hours + service.length) }, { service });
  // Long after the last deployment: no rule blames one.
  await incident("shared", 600, ["shop", "cart"]);
  await incident("of-shop", 700, ["shop"]);
  await incident("of-cart", 701, ["cart"]);
  await app.settled();
  const recovery = async (from: number, to: number) =>
    (await ask(`from=${at(from)}&to=${at(to)}&entity=shop&compareEntity=cart`)).metrics["meanTimeToRecovery"];
  expect((await recovery(590, 640))?.trend).toEqual({ delta: 0, significant: null, p: null });
  expect((await recovery(690, 740))?.trend).toEqual({ delta: 0, significant: false, p: 1 });
  for (const id of ["shared", "of-shop", "of-cart"]) await portal.remove("incident", id);
  await app.settled();
});

test.each([
  ["compare=last", "compare"],
  [`compare=${at(0)}`, "compare"],
  [`compare=${at(0)}/${at(1)}/${at(2)}`, "compare"],
  [`compare=${at(5)}/${at(5)}`, "compare"],
  [`compare=${at(9)}/${at(5)}`, "compare"],
  [`compare=yesterday/${at(5)}`, "compare"],
  ["compare=0000-01-01/0001-06-01", "compare"],
  [`interval=day&compare=1900-01-01/${at(0)}`, "interval"],
  [`asOf=${at(240)}&compare=${at(200)}/${at(241)}`, "compare"],
  ["compareBlueprint=system", "compareBlueprint"],
  ["blueprint=service&compareEntity=cart", "compareEntity"],
  ["profile=devlake&compareEntity=cart", "compareEntity"],
  ["profile=port&entity=shop&compareEntity=cart", "compareEntity"],
])("%s is refused, naming %s", async (query, name) => {
  const { status, body } = await app.send<{ message: string }>("GET", `${METRICS}?${WINDOW}&${query}`);
  expect([status, body.message.includes(name)]).toEqual([422, true]);
});

test("who is compared with must exist", async () => {
  const answer = await app.send<{ message: string }>("GET", `${METRICS}?${WINDOW}&compareEntity=nobody`);
  expect([answer.status, answer.body.message.includes("nobody")]).toEqual([404, true]);
});
