/** Deployments and other things to count, for the tests of the aggregate endpoints. */
import type { Ctx } from "../../src/storage/context.ts";
import { define, put } from "./fixture.ts";

export const NOW = "2024-06-15T12:00:00.000Z";

/** The context at another time. */
export function at(ctx: Ctx, time: string): Ctx {
  return { ...ctx, now: () => new Date(time) };
}

export const query = (...rules: object[]): object => ({ combinator: "and", rules });

export const days = (from: string, n: number): number[] =>
  Array.from({ length: n }, (_, i) => Date.parse(from) + i * 86_400_000);

/** Four deployments of two services, one without a time; and another blueprint with properties of the same names. */
export async function countedCatalog(ctx: Ctx): Promise<void> {
  await define(ctx, "service", {});
  await define(
    ctx,
    "deploy",
    {
      at: { type: "string", format: "date-time" },
      minutes: { type: "number" },
      cost: { type: "number" },
      env: { type: "string" },
      labels: { type: "array" },
      ok: { type: "boolean" },
      o: { type: "object" },
    },
    {
      ownership: { type: "Direct" },
      relations: { service: { target: "service" }, seen: { target: "service", many: true } },
      calculationProperties: { c: { calculation: ".x", type: "number" } },
    },
  );
  await define(ctx, "other", { minutes: { type: "number" }, env: { type: "number" } });
  for (const identifier of ["s1", "s2"]) await put(ctx, "service", { identifier });
  const deploys: [string, string | null, object, object?][] = [
    // created, at, properties, rest
    [
      "2024-06-01T00:00:00Z",
      "2024-06-10T22:30:00Z",
      { minutes: 10, cost: 1, env: "prod", labels: ["a", "b"], ok: true },
      { relations: { service: "s1", seen: ["s1", "s2"] }, team: ["red"] },
    ],
    [
      "2024-06-05T00:00:00Z",
      "2024-06-14T01:00:00Z",
      { minutes: 20, env: "prod", labels: ["a"], ok: false },
      { relations: { service: "s1" } },
    ],
    [
      "2024-06-10T00:00:00Z",
      "2024-06-14T11:00:00Z",
      { minutes: 60, cost: 5, env: "test", labels: [] },
      { relations: { service: "s2" }, team: ["red", "blue"] },
    ],
    ["2024-06-15T10:00:00Z", null, { env: "date" }, {}],
  ];
  for (const [i, [created, when, properties, rest]] of deploys.entries())
    await put(at(ctx, created), "deploy", {
      identifier: `d${i}`,
      properties: { ...properties, ...(when === null ? {} : { at: when }) },
      ...rest,
    });
  await put(at(ctx, "2024-06-14T12:00:00Z"), "other", {
    identifier: "o",
    properties: { minutes: 1000, env: 1 },
  });
}
