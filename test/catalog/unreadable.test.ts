/** What may not be read is not told by the way either (data-model.md §8.5): refusals, states, trials, cursors. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { findDatasourceEntities } from "../../src/catalog/datasource-entities.ts";
import { deleteEntity } from "../../src/catalog/delete-entity.ts";
import { derivationOf } from "../../src/catalog/derivation.ts";
import { changePermissions } from "../../src/catalog/permissions.ts";
import { settleDerivations } from "../../src/engine/derivation.ts";
import { testMapping } from "../../src/ingest/test-mapping.ts";
import type { Ctx } from "../../src/storage/context.ts";
import { openTestDatabase, type TestDatabase } from "../support/database.ts";
import { asPerson, define, put, refusal } from "./fixture.ts";

let database: TestDatabase;
let ctx: Ctx;
let member: Ctx;
const SOURCE = { datasource_prefix: "src-", datasource_suffix: "x" };

/** Members read the entities of `secret` whose title is Open, and may unregister `service`. */
beforeAll(async () => {
  database = await openTestDatabase();
  ({ ctx } = database);
  member = asPerson(ctx, {});
  await define(ctx, "service");
  const calculationProperties = { c: { calculation: ".title | explode | error", type: "string" } };
  const relations = { of: { target: "service", required: true } };
  await define(ctx, "secret", {}, { relations, calculationProperties });
  for (const identifier of ["held", "held-too"]) await put(ctx, "service", { identifier });
  const exporter: Ctx = { ...ctx, actor: { kind: "machine", id: "app", datasource: "src-x" } };
  for (const [identifier, title, of] of [
    ["hidden-1", "Closed", "held"],
    ["hidden-2", "Closed", "held-too"],
    ["open", "Open", "held-too"],
    ["zhidden-3", "Closed", "held"],
  ] as const)
    await put(exporter, "secret", { identifier, title, relations: { of } });
  const policy = { combinator: "and", rules: [{ property: "$title", operator: "=", value: "Open" }] };
  await changePermissions(ctx, "secret", { entities: { read: { policy } } });
  await changePermissions(ctx, "service", { entities: { unregister: { roles: ["Member"] } } });
});
afterAll(() => database.close());

test("§8.5 a refused deletion counts its dependents, and names those that may be read", async () => {
  const remove = (identifier: string) => () =>
    deleteEntity(member, "service", identifier, { deleteDependents: false });
  const some = await refusal(remove("held-too"));
  expect(some).toMatchObject({ code: "has_dependents", extra: { count: 2 } });
  expect(some.extra["dependents"]).toEqual([{ kind: "entity", blueprint: "secret", identifier: "open" }]);
  const none = await refusal(remove("held"));
  expect(none.extra).toMatchObject({ count: 2, dependents: [] });
  for (const { message } of [some, none]) expect(message).not.toContain("hidden");
});

test("§8.5 pages of a data source are full, and their cursors name what may be read", async () => {
  const page = await findDatasourceEntities(member, { ...SOURCE, limit: 1 });
  expect(page).toEqual({ entities: [{ blueprint: "secret", identifier: "open" }], next: null });
  const all = await findDatasourceEntities(ctx, { ...SOURCE, limit: 3 });
  expect(all.entities.map(({ identifier }) => identifier)).toEqual(["hidden-1", "hidden-2", "open"]);
  const rest = await findDatasourceEntities(ctx, { ...SOURCE, limit: 3, from: all.next });
  expect(rest).toMatchObject({ entities: [{ identifier: "zhidden-3" }], next: null });
});

test("§8.5 the state of derived properties has no example of what may not be read", async () => {
  await settleDerivations(ctx);
  const example = async (who: Ctx) => (await derivationOf(who, "secret")).properties[0]?.example;
  expect(await example(ctx)).toMatchObject({ identifier: "hidden-1" });
  expect(await example(member)).toBeNull();
});

test("§8.5 a mapping that is tried finds by its searches what the person may read", async () => {
  const search = {
    combinator: "'and'",
    rules: [{ property: "'$title'", operator: "'='", value: ".body.title" }],
  };
  const trial = (who: Ctx, title: string) =>
    testMapping(who, {
      ...{ type: "webhook", payload: { title }, validate: true },
      mapping: [{ blueprint: "secret", entity: { identifier: search, title: "'T'" } }],
    });
  expect((await trial(ctx, "Closed")).errors).toMatchObject([
    { reason: expect.stringContaining("hidden-2") as string },
  ]);
  const { errors, warnings } = await trial(member, "Closed");
  expect(errors).toHaveLength(1);
  expect(JSON.stringify([errors, warnings])).not.toContain("hidden");
});
