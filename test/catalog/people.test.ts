/** Users and teams below the routes: starts, many entities, two at once (data-model.md §8.2, §8.3, decision 22). */
import { afterAll, beforeAll, expect, test } from "vitest";
import { ensureAdministrator } from "../../src/access/administrator.ts";
import { getEntity, getEntityCount } from "../../src/catalog/read-entities.ts";
import { ensureSystemBlueprints } from "../../src/catalog/system-blueprints.ts";
import { changeTeam, createTeam, deleteTeam, getTeam } from "../../src/catalog/teams.ts";
import { upsertEntities } from "../../src/catalog/upsert-entity.ts";
import {
  changeUser,
  deleteUser,
  ensureAdministratorUser,
  getUser,
  inviteUser,
} from "../../src/catalog/users.ts";
import type { Ctx } from "../../src/storage/context.ts";
import { openTestDatabase, type TestDatabase } from "../support/database.ts";
import { allEntities, changeCount, CREATE, define, put, refusal } from "./fixture.ts";

let database: TestDatabase;
let ctx: Ctx;
beforeAll(async () => {
  database = await openTestDatabase();
  ({ ctx } = database);
  await ensureSystemBlueprints(ctx);
});
afterAll(() => database.close());

const start = async (email: string): Promise<void> =>
  ensureAdministratorUser(ctx, await ensureAdministrator(ctx.db, ctx.org, { email, password: null }));

test("§8.3 a start makes the configured administrator a user, and heals them; again it writes nothing", async () => {
  await start("root@example.com");
  expect((await getUser(ctx, "root@example.com")).properties).toMatchObject({
    status: "Active",
    port_role: "Admin",
  });
  const before = await changeCount(ctx);
  await start("root@example.com");
  expect(await changeCount(ctx)).toBe(before);
  await put(ctx, "_user", {
    identifier: "root@example.com",
    title: "Root",
    properties: { status: "Disabled", port_role: "Member" },
  });
  await start("root@example.com");
  expect(await getUser(ctx, "root@example.com")).toMatchObject({
    title: "Root",
    properties: { status: "Active", port_role: "Admin" },
  });
  await deleteUser(ctx, "root@example.com");
  await start("root@example.com");
  expect((await getUser(ctx, "root@example.com")).properties).toMatchObject({ status: "Active" });
});

test("§8.3 when another administrator is configured, the former one is disabled; invited people stay", async () => {
  await inviteUser(ctx, "guest@example.com", {});
  await start("new@example.com");
  expect((await getUser(ctx, "root@example.com")).properties).toMatchObject({ status: "Disabled" });
  expect((await getUser(ctx, "guest@example.com")).properties).toMatchObject({ status: "Invited" });
});

test("§8.3 a user who is staged through their entity is invited as they are", async () => {
  await put(ctx, "_user", { identifier: "staged@example.com", title: "Stage D" });
  expect(await inviteUser(ctx, "staged@example.com", { roles: ["Admin"] })).toMatchObject({
    title: "Stage D",
    properties: { status: "Invited", port_role: "Admin" },
  });
  expect((await refusal(() => inviteUser(ctx, "staged@example.com", {}))).code).toBe("conflict");
});

test("§8.2 deleting a team clears it from more entities than one batch", async () => {
  await createTeam(ctx, { name: "big team" });
  await define(ctx, "owned", {}, { ownership: { type: "Direct" } });
  const bodies = Array.from({ length: 1201 }, (_, i) => ({
    identifier: `o${i}`,
    team: ["big team", "other"],
  }));
  await upsertEntities(ctx, "owned", bodies, CREATE);
  await changeTeam(ctx, "big team", { name: "bigger team" }, false);
  expect((await getEntity(ctx, "owned", "o1200")).team).toEqual(["bigger team", "other"]);
  await deleteTeam(ctx, "bigger team");
  for (const entity of await allEntities(ctx, "owned")) expect(entity.team).toEqual(["other"]);
  expect(await getEntityCount(ctx, "owned")).toBe(1201);
});

test("§8.2 memberships that change at once lose nothing", async () => {
  const emails = ["m1@example.com", "m2@example.com", "m3@example.com"];
  for (const email of emails) await inviteUser(ctx, email, {});
  const names = ["t1", "t2", "t3", "t4", "t5", "t6"];
  await Promise.all(names.map((name) => createTeam(ctx, { name, users: emails })));
  for (const email of emails) expect([...(await getUser(ctx, email)).team].sort()).toEqual(names);
  await Promise.all(
    names.map((name, i) =>
      i % 2 === 0 ? deleteTeam(ctx, name) : changeTeam(ctx, name, { users: emails.slice(1) }, false),
    ),
  );
  expect((await getUser(ctx, "m1@example.com")).team).toEqual([]);
  expect([...(await getUser(ctx, "m2@example.com")).team].sort()).toEqual(["t2", "t4", "t6"]);
  expect((await getTeam(ctx, "t2")).members.map((user) => user.identifier)).toEqual(emails.slice(1));
  await changeUser(ctx, "m2@example.com", { teams: ["t2"] });
  expect((await getTeam(ctx, "t4")).members.map((user) => user.identifier)).toEqual(["m3@example.com"]);
});

test("§8.2 a team that is renamed to the name of another is refused, and nothing of it is changed", async () => {
  const { code } = await refusal(() => changeTeam(ctx, "t2", { name: "t4", description: "x" }, false));
  expect(code).toBe("conflict");
  expect((await getTeam(ctx, "t2")).entity.properties).not.toHaveProperty("description");
});
