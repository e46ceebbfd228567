/** Four things and another, with every type of property, for the tests of search. */
import { searchEverywhere, searchInBlueprint } from "../../src/catalog/search-entities.ts";
import type { Ctx } from "../../src/storage/context.ts";
import { define, put } from "./fixture.ts";

export const NOW = new Date("2024-06-15T12:00:00.000Z");

export async function thingCatalog(ctx: Ctx): Promise<void> {
  await define(ctx, "other", { only: { type: "string" }, n: { type: "number" } });
  await define(
    ctx,
    "thing",
    {
      s: { type: "string" },
      n: { type: "number" },
      b: { type: "boolean" },
      l: { type: "array" },
      o: { type: "object" },
      at: { type: "string", format: "date-time" },
      free: { type: "string" },
      e: { type: "string", format: "email" },
    },
    { ownership: { type: "Direct" }, calculationProperties: { c: { calculation: ".x", type: "string" } } },
  );
  const at = (minute: number): Ctx => ({
    ...ctx,
    now: () => new Date(`2024-06-0${minute}T00:00:00.000Z`),
    actor: {
      kind: "machine",
      id: `client${minute}`,
      datasource: minute === 1 ? null : `port-ocean/github/${minute}/x_y/exporter`,
    },
  });
  await put(at(1), "thing", {
    identifier: "one",
    title: "Größe 50%_\\",
    icon: "I",
    team: ["red", "blue"],
    properties: {
      s: "Alpha",
      n: 1,
      b: true,
      l: ["x", "y", 1],
      at: "2024-06-14T11:00:00Z",
      free: "2024-06-14T11:00:00Z",
    },
  });
  await put(at(2), "thing", {
    identifier: "two",
    title: "two",
    team: ["red"],
    properties: {
      s: "beta",
      n: 2.5,
      b: false,
      l: ["y"],
      o: { k: 1 },
      at: "2024-06-15T23:30:00+02:00",
      free: "2024-02-30T00:00:00Z",
    },
  });
  await put(at(3), "thing", {
    identifier: "three",
    properties: { s: "a%b", n: -10, l: [], at: "2024-06-16T00:00:00Z", free: "not a date" },
  });
  await put(at(4), "thing", { identifier: "four" });
  await put(at(5), "other", { identifier: "five", title: "TWO", properties: { only: "x", n: 2.5 } });
}

/** Identifiers of the entities of a blueprint that match, oldest first. */
export async function search(ctx: Ctx, query: unknown, blueprint = "thing"): Promise<unknown[]> {
  const { entities } = await searchInBlueprint(ctx, blueprint, {
    query,
    limit: 1000,
    from: null,
    include: ["$identifier"],
    exclude: [],
  });
  return entities.map((entity) => entity["identifier"]);
}

/** What `POST /v1/entities/search` answers. */
export async function everywhere(
  ctx: Ctx,
  query: unknown,
): Promise<{ entities: Record<string, unknown>[]; matchingBlueprints: string[] }> {
  const answer = await searchEverywhere(ctx, query, {
    shape: { include: null, exclude: [] },
    attachTitles: false,
    excludeDerived: false,
    allowPartial: false,
  });
  const entities: Record<string, unknown>[] = [];
  for await (const page of answer.pages) entities.push(...page);
  return { entities, matchingBlueprints: [...answer.matchingBlueprints] };
}

export type Rule = [property: string, operator: string, value?: unknown];

export const rule = ([property, operator, value]: Rule): object => ({
  property,
  operator,
  ...(value === undefined ? {} : { value }),
});
export const and = (...rules: object[]): object => ({ combinator: "and", rules });
export const or = (...rules: object[]): object => ({ combinator: "or", rules });
