/** Short hands for tests of the catalog. */
import { expect } from "vitest";
import type { Actor, Person } from "../../src/model/actor.ts";
import type { EntityJson } from "../../src/model/entity.ts";
import { AppError } from "../../src/model/error.ts";
import { createBlueprint } from "../../src/catalog/define-blueprint.ts";
import { entityPages } from "../../src/catalog/read-entities.ts";
import { upsertEntity, type UpsertOptions, type UpsertResult } from "../../src/catalog/upsert-entity.ts";
import type { Ctx } from "../../src/storage/context.ts";

const BASE = { absent: "create", createMissing: false, validationOnly: false, closed: false } as const;
export const CREATE: UpsertOptions = { ...BASE, present: "conflict" };
export const OVERRIDE: UpsertOptions = { ...BASE, present: "override" };
export const MERGE: UpsertOptions = { ...BASE, present: "merge" };

type Definition = Readonly<Record<string, unknown>>;

/** A blueprint from its properties and whatever else the test needs. */
export async function define(
  ctx: Ctx,
  identifier: string,
  properties: Definition = {},
  rest: Definition = {},
): Promise<void> {
  const { required = [], ...others } = rest;
  await createBlueprint(ctx, { identifier, title: identifier, schema: { properties, required }, ...others });
}

export function put(
  ctx: Ctx,
  blueprint: string,
  body: unknown,
  options: UpsertOptions = MERGE,
): Promise<UpsertResult> {
  return upsertEntity(ctx, blueprint, body, options);
}

/** The context of a person who asks; a member unless it says otherwise. */
export function asPerson(ctx: Ctx, person: Partial<Person> = {}): Ctx {
  const email = person.email ?? "member@example.com";
  const full = { email, name: "Somebody", roles: ["Member"], teams: [], ...person };
  const actor: Actor = { kind: "user", id: email, datasource: null, person: full };
  return { ...ctx, actor };
}

/** All entities of a blueprint, oldest first. */
export async function allEntities(ctx: Ctx, blueprint: string): Promise<EntityJson[]> {
  const pages: EntityJson[][] = [];
  for await (const page of await entityPages(ctx, blueprint)) pages.push(page);
  return pages.flat();
}

export interface Refusal {
  readonly code: string;
  readonly message: string;
  readonly extra: Readonly<Record<string, unknown>>;
}

/** The AppError that `work` ends in; any other end fails the test. */
export async function refusal(work: () => unknown): Promise<Refusal> {
  try {
    await work();
  } catch (error) {
    if (error instanceof AppError) return { code: error.code, message: error.message, extra: error.extra };
    throw error;
  }
  throw new Error("expected a refusal, but it went through");
}

export interface Change {
  readonly kind: string;
  readonly action: string;
  readonly blueprint: string | null;
  readonly identifier: string | null;
  readonly before: unknown;
  readonly after: unknown;
  readonly actor: string;
}

/** All change rows, oldest first. */
export async function changes(ctx: Ctx): Promise<Change[]> {
  return ctx.db
    .selectFrom("change")
    .select(["kind", "action", "blueprint", "identifier", "before", "after", "actor"])
    .where("org", "=", ctx.org)
    .orderBy("seq")
    .execute();
}

/** Stored relations and relation rows must say the same. */
export async function relationsAgree(ctx: Ctx, blueprint: string): Promise<void> {
  const rows = await ctx.db
    .selectFrom("entity_relation")
    .select(["identifier", "relation", "target"])
    .where("blueprint", "=", blueprint)
    .orderBy("identifier")
    .orderBy("relation")
    .orderBy("position")
    .execute();
  const expected = (await allEntities(ctx, blueprint)).flatMap((entity) =>
    Object.entries(entity.relations).flatMap(([relation, value]) =>
      [value]
        .flat()
        .filter((target) => target !== null)
        .map((target) => ({ identifier: entity.identifier, relation, target })),
    ),
  );
  const order = (row: object): string => JSON.stringify(row);
  expect(rows.map(order).sort()).toEqual(expected.map(order).sort());
}

export async function changeCount(ctx: Ctx): Promise<number> {
  return (await changes(ctx)).length;
}

/** Blueprint with one of everything, its target `<bp>t` with entities x, y, z. */
export async function stage(ctx: Ctx, bp: string, rest: object = {}): Promise<void> {
  await define(ctx, `${bp}t`);
  for (const identifier of ["x", "y", "z"])
    await put(ctx, `${bp}t`, { identifier, title: `T ${identifier}` });
  await define(
    ctx,
    bp,
    {
      s: { type: "string" },
      d: { type: "string", default: "dflt" },
      n: { type: "number" },
      l: { type: "array" },
      o: { type: "object" },
    },
    {
      relations: { one: { target: `${bp}t` }, many: { target: `${bp}t`, many: true }, self: { target: bp } },
      ...rest,
    },
  );
}

/** The properties of such an entity when nothing is set, and its relations. */
export const EMPTY = { s: null, d: null, n: null, l: null, o: null };
export const NO_RELATIONS = { one: null, many: [], self: null };
