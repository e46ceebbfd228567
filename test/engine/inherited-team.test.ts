/** Owners that are inherited (data-model.md §3.8): what they are, that they follow, and that everything sees them. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { changeBlueprint } from "../../src/catalog/define-blueprint.ts";
import { deleteEntity } from "../../src/catalog/delete-entity.ts";
import { derivationOf } from "../../src/catalog/derivation.ts";
import { changePermissions } from "../../src/catalog/permissions.ts";
import { putEntity } from "../../src/catalog/put-entity.ts";
import { getEntity } from "../../src/catalog/read-entities.ts";
import { renameMember } from "../../src/catalog/rename-blueprint.ts";
import { searchInBlueprint } from "../../src/catalog/search-entities.ts";
import { ensureSystemBlueprints } from "../../src/catalog/system-blueprints.ts";
import { compareDerived } from "../../src/engine/compare-derived.ts";
import { settleDerivations } from "../../src/engine/derivation.ts";
import type { Ctx } from "../../src/storage/context.ts";
import { asPerson, changes, define, put, refusal } from "../catalog/fixture.ts";
import { openTestDatabase, type TestDatabase } from "../support/database.ts";

let t: TestDatabase;
let ctx: Ctx;

const inherited = (path: string) => ({ ownership: { type: "Inherited", path } });
const mine = { combinator: "and", rules: [{ property: "$team", operator: "containsAny", value: ["red"] }] };

/** `system` has owners, `service` inherits them, `deployment` inherits those of its service. */
beforeAll(async () => {
  t = await openTestDatabase();
  ctx = t.ctx;
  await ensureSystemBlueprints(ctx);
  for (const identifier of ["blue", "red"])
    await put(ctx, "_team", { identifier, title: identifier.toUpperCase() });
  await define(ctx, "system", {}, { ownership: { type: "Direct" } });
  await define(ctx, "service", {}, { relations: { system: { target: "system" } }, ...inherited("system") });
  await define(
    ctx,
    "deployment",
    {},
    {
      relations: { service: { target: "service" } },
      ...inherited("service"),
      mirrorProperties: { owners: { path: "service.$team" }, names: { path: "$team.$title" } },
      calculationProperties: { first: { calculation: ".team[0]", type: "string" } },
    },
  );
  const counted = (path: readonly string[]) => ({
    title: "Deployments",
    target: "deployment",
    calculationSpec: { calculationBy: "entities", func: "count" },
    pathFilter: [{ path, fromBlueprint: "deployment" }],
  });
  await changeBlueprint(ctx, "_team", { aggregationProperties: { deployments: counted(["$team"]) } });
  await changeBlueprint(ctx, "system", {
    aggregationProperties: { red: { ...counted(["service", "system"]), query: mine } },
  });
  await put(ctx, "system", { identifier: "shop", team: ["blue"] });
  await put(ctx, "system", { identifier: "bank", team: ["red", "blue"] });
  await put(ctx, "service", { identifier: "cart", relations: { system: "shop" } });
  await put(ctx, "deployment", { identifier: "d1", relations: { service: "cart" } });
});
afterAll(() => t.close());

async function settled(): Promise<void> {
  await settleDerivations(ctx);
  expect((await compareDerived(ctx)).drift).toEqual([]);
}

const teamOf = async (blueprint: string, identifier: string) =>
  (await getEntity(ctx, blueprint, identifier)).team;
const valueOf = async (blueprint: string, identifier: string, id: string) =>
  (await getEntity(ctx, blueprint, identifier)).properties[id];
const found = async (as: Ctx, query: object) =>
  (
    await searchInBlueprint(as, "deployment", {
      query,
      limit: 10,
      from: null,
      include: ["$identifier"],
      exclude: [],
    })
  ).entities.map(({ identifier }) => identifier);

test("§3.8 the answer of a write has them, over a chain", async () => {
  const body = { identifier: "d2", relations: { service: "cart" }, team: ["red"] };
  const { entity, warnings } = await put(ctx, "deployment", body);
  expect(entity).toMatchObject({ team: ["blue"], properties: { owners: ["blue"], first: "blue" } });
  expect(warnings).toEqual(['team: inherited on blueprint "deployment", dropped']);
  await settled();
  expect(await valueOf("_team", "blue", "deployments")).toBe(2);
});

test("§3.8 they follow the owner, without events of those that inherit; whatever reads them follows too", async () => {
  const before = (await changes(ctx)).length;
  const { updatedAt } = await getEntity(ctx, "deployment", "d1");
  await put(ctx, "system", { identifier: "shop", team: ["red"] });
  await settled();
  expect(await getEntity(ctx, "deployment", "d1")).toMatchObject({
    updatedAt,
    team: ["red"],
    properties: { owners: ["red"], names: ["RED"], first: "red" },
  });
  expect(await valueOf("_team", "red", "deployments")).toBe(2);
  expect(await valueOf("_team", "blue", "deployments")).toBe(0);
  expect(await valueOf("system", "shop", "red")).toBe(2);
  expect(await found(ctx, mine)).toEqual(["d1", "d2"]);
  const rows = (await changes(ctx)).slice(before).map(({ blueprint }) => blueprint);
  expect(new Set(rows)).toEqual(new Set(["system", "_team"]));
});

test("§3.8 moves, deletions and renames on the way", async () => {
  const moved = await put(ctx, "service", { identifier: "cart", relations: { system: "bank" } });
  expect(moved.entity.team).toEqual(["red", "blue"]);
  await settled();
  expect(await teamOf("deployment", "d1")).toEqual(["red", "blue"]);
  const named = { present: "merge", createMissing: false } as const;
  await putEntity(ctx, { blueprint: "_team", entity: "blue" }, { identifier: "azure" }, named);
  await settled();
  expect(await teamOf("deployment", "d1")).toEqual(["red", "azure"]);
  await putEntity(ctx, { blueprint: "system", entity: "bank" }, { identifier: "vault" }, named);
  await renameMember(ctx, "service", "relation", { from: "system", to: "part", field: "name" });
  await settled();
  expect(await teamOf("service", "cart")).toEqual(["red", "azure"]);
  await deleteEntity(ctx, "_team", "azure", { deleteDependents: false });
  await settled();
  expect(await teamOf("deployment", "d1")).toEqual(["red"]);
  await deleteEntity(ctx, "system", "vault", { deleteDependents: false });
  await settled();
  expect(await teamOf("deployment", "d1")).toEqual([]);
});

test("§3.8 whoever may write what their team owns may write what inherits it", async () => {
  const block = { roles: ["Admin"], users: [], teams: [], ownedByTeam: true };
  await changePermissions(ctx, "deployment", {
    entities: { read: block, register: block, update: block, unregister: block },
  });
  await put(ctx, "service", { identifier: "cart", relations: { part: "shop" } });
  await settled();
  const [red, blue] = ["red", "blue"].map((team) => asPerson(ctx, { teams: [team] })) as [Ctx, Ctx];
  const body = { identifier: "d3", relations: { service: "cart" } };
  expect((await refusal(() => put(blue, "deployment", body))).code).toBe("forbidden");
  expect((await put(red, "deployment", body)).entity.team).toEqual(["red"]);
  expect((await put(red, "deployment", { identifier: "d3", title: "Third" })).entity.title).toBe("Third");
  expect(await found(red, { combinator: "and", rules: [] })).toEqual(["d1", "d2", "d3"]);
  expect(await found(blue, { combinator: "and", rules: [] })).toEqual([]);
  await put(ctx, "system", { identifier: "shop", team: ["blue"] });
  await settled();
  expect((await refusal(() => put(red, "deployment", { identifier: "d3", title: "x" }))).code).toBe(
    "forbidden",
  );
  expect(await found(blue, mine)).toEqual([]);
  expect(await found(blue, { combinator: "and", rules: [] })).toEqual(["d1", "d2", "d3"]);
});

test("§3.8 a path may end at a team; definitions that change are applied", async () => {
  await define(
    ctx,
    "ticket",
    {},
    { relations: { team: { target: "_team" }, about: { target: "service" } }, ...inherited("team") },
  );
  const { entity } = await put(ctx, "ticket", { identifier: "t", relations: { team: "red", about: "cart" } });
  expect(entity.team).toEqual(["red"]);
  await changeBlueprint(ctx, "ticket", inherited("about"));
  await settled();
  expect(await teamOf("ticket", "t")).toEqual(["blue"]);
  await changeBlueprint(ctx, "ticket", { ownership: { type: "Direct" } });
  await settled();
  expect(await teamOf("ticket", "t")).toEqual(["blue"]);
  await put(ctx, "ticket", { identifier: "t", team: ["red", "blue"] });
  await changeBlueprint(ctx, "ticket", { ownership: null });
  expect(await teamOf("ticket", "t")).toEqual([]);
  await changeBlueprint(ctx, "ticket", inherited("about.part.nothing"));
  await settled();
  expect(await teamOf("ticket", "t")).toEqual([]);
  expect((await derivationOf(ctx, "ticket")).properties).toMatchObject([
    { identifier: "$team", kind: "ownership", type: "array", state: "broken" },
  ]);
});

test("§3.8 owners that would inherit themselves are refused, spelled out", async () => {
  await define(ctx, "part", {}, { relations: { service: { target: "service" } }, ...inherited("service") });
  await changeBlueprint(ctx, "service", { relations: { of: { target: "part" } } });
  const { code, message } = await refusal(() => changeBlueprint(ctx, "service", inherited("of")));
  expect(code).toBe("invalid_request");
  expect(message).toContain("service.$team → part.$team → service.$team");
});
