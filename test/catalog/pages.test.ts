import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { changeBlueprint, createBlueprint } from "../../src/catalog/define-blueprint.ts";
import { deleteBlueprint } from "../../src/catalog/delete-blueprint.ts";
import { auditLog } from "../../src/catalog/audit-log.ts";
import { changePagePermissions, getPagePermissions } from "../../src/catalog/page-permissions.ts";
import { getPage as openPage, getPages } from "../../src/catalog/pages.ts";
import { ensureSystemBlueprints } from "../../src/catalog/system-blueprints.ts";
import { changeTeam, createTeam } from "../../src/catalog/teams.ts";
import type { Ctx } from "../../src/storage/context.ts";
import { openTestDatabase, type TestDatabase } from "../support/database.ts";
import { asPerson, define, refusal } from "./fixture.ts";

let t: TestDatabase;
let ctx: Ctx;
let n = 0;
let name = "";
beforeAll(async () => {
  t = await openTestDatabase();
  ctx = t.ctx;
});
afterAll(() => t.close());
beforeEach(() => {
  name = `b${++n}`;
});

const getPage = async (who: Ctx, identifier: string) => (await openPage(who, identifier)).page;
const identifiers = async () => (await getPages(ctx, true)).map((page) => page["identifier"]);

describe("§3.11 default catalogue page", () => {
  test("§3.11 is created with the blueprint; its identifier is the pluralised id", async () => {
    await createBlueprint(ctx, {
      identifier: name,
      title: "Repository",
      icon: "Git",
      schema: { properties: {} },
    });
    expect(await getPage(ctx, `${name}s`)).toEqual({
      identifier: `${name}s`,
      title: "Repositories",
      icon: "Git",
      description: null,
      type: "blueprint-entities",
      blueprint: name,
      section: "software_catalog",
      showInSidebar: true,
      locked: false,
      requiredQueryParams: [],
      widgets: [
        {
          ...{ id: "entities", type: "table-entities-explorer", blueprint: name },
          dataset: { combinator: "and", rules: [] },
        },
      ],
      createdAt: expect.stringMatching(/Z$/) as string,
      createdBy: "fairway",
      updatedAt: expect.stringMatching(/Z$/) as string,
      updatedBy: "fairway",
    });
  });

  test("§3.11 ids already ending in s stay the same; the second to come to an identifier gets a number", async () => {
    await define(ctx, `${name}s`);
    expect(await identifiers()).toContain(`${name}s`);
    await define(ctx, name);
    expect(await getPage(ctx, `${name}s`)).toMatchObject({ blueprint: `${name}s` });
    expect(await getPage(ctx, `${name}s_2`)).toMatchObject({ blueprint: name });
  });

  test("§3.11 with create_catalog_page=false there is none", async () => {
    const body = { identifier: name, title: "T", schema: { properties: {} } };
    await createBlueprint(ctx, body, { withPage: false });
    expect(await refusal(() => getPage(ctx, `${name}s`))).toMatchObject({
      code: "not_found",
      message: `Page with identifier "${name}s" was not found`,
    });
  });

  test("§3.11 deleting the blueprint deletes the page", async () => {
    await define(ctx, name);
    await deleteBlueprint(ctx, name);
    expect(await identifiers()).not.toContain(`${name}s`);
  });

  test("a renamed blueprint takes its page along", async () => {
    await define(ctx, name);
    await changeBlueprint(ctx, name, { identifier: `${name}-new` });
    expect(await identifiers()).not.toContain(`${name}s`);
    expect(await getPage(ctx, `${name}-news`)).toMatchObject({
      blueprint: `${name}-new`,
      widgets: [{ blueprint: `${name}-new` }],
    });
  });

  test("a blueprint that is refused leaves no page", async () => {
    await define(ctx, name);
    await refusal(() => define(ctx, name));
    expect((await identifiers()).filter((id) => String(id).startsWith(`${name}s`))).toEqual([`${name}s`]);
  });

  test.each([
    ["Service", "Services"],
    ["Day", "Days"],
    ["Policy", "Policies"],
    ["Branch", "Branches"],
    ["Box", "Boxes"],
    ["Clusters", "Clusters"],
    ["API", "API"],
    ["Сервис", "Сервис"],
  ])("the title %s gives %s", async (title, plural) => {
    await createBlueprint(ctx, { identifier: name, title, schema: { properties: {} } });
    expect(await getPage(ctx, `${name}s`)).toMatchObject({ title: plural });
  });

  test("compact leaves out the widgets; hostile identifiers are not found", async () => {
    await define(ctx, name);
    for (const page of await getPages(ctx, true)) expect(page).not.toHaveProperty("widgets");
    for (const page of await getPages(ctx, false)) expect(page).toHaveProperty("widgets");
    for (const identifier of ["", "\u0000", "x".repeat(5000)])
      expect(await refusal(() => getPage(ctx, identifier))).toMatchObject({ code: "not_found" });
  });
});

describe("§8.6 page permissions", () => {
  const DEFAULTS = {
    read: { roles: ["Admin", "Member"], users: [], teams: [] },
    update: { roles: ["Admin"], users: [], teams: [] },
  };
  const page = () => `${name}s`;
  beforeEach(() => define(ctx, name));

  test("§8.6 a new page is read by everybody and changed by administrators", async () => {
    expect(await getPagePermissions(ctx, page())).toEqual(DEFAULTS);
    expect(await getPage(asPerson(ctx), page())).toMatchObject({ blueprint: name });
  });

  test("§8.6 a list that is sent is the whole list, null is empty, the others stay", async () => {
    const first = await changePagePermissions(ctx, page(), { read: { teams: ["red"], users: ["a@b.c"] } });
    expect(first).toEqual({ ...DEFAULTS, read: { ...DEFAULTS.read, teams: ["red"], users: ["a@b.c"] } });
    const second = await changePagePermissions(ctx, page(), {
      read: { roles: [], users: null },
      update: { teams: ["red"] },
    });
    expect(second).toEqual({
      read: { roles: [], users: [], teams: ["red"] },
      update: { roles: ["Admin"], users: [], teams: ["red"] },
    });
    expect(await getPagePermissions(ctx, page())).toEqual(second);
  });

  test("§8.6 who is not named neither sees nor opens the page; administrators and apps do", async () => {
    await changePagePermissions(ctx, page(), {
      read: { roles: [], users: ["ada@example.com"], teams: ["red"] },
    });
    const lists = async (who: Ctx) => (await getPages(who, true)).some((one) => one["identifier"] === page());
    const outsiders = [asPerson(ctx), asPerson(ctx, { teams: ["blue"] })];
    const [event] = await auditLog(ctx, { resources: ["page_permissions"], limit: 1 });
    const told = async (who: Ctx) =>
      (await auditLog(who, { identifier: String(event?.["identifier"]) })).length;
    for (const who of outsiders) {
      expect(await told(who)).toBe(0);
      expect(await lists(who)).toBe(false);
      expect((await refusal(() => getPage(who, page()))).code).toBe("forbidden");
      expect((await refusal(() => getPagePermissions(who, page()))).code).toBe("forbidden");
    }
    for (const who of [
      ctx,
      asPerson(ctx, { roles: ["Admin"] }),
      asPerson(ctx, { email: "ada@example.com" }),
      asPerson(ctx, { teams: ["red"] }),
    ]) {
      expect(await lists(who)).toBe(true);
      expect(await told(who)).toBe(1);
      expect(await getPage(who, page())).toMatchObject({ blueprint: name });
    }
  });

  test("§8.6 names of teams and of moderators follow", async () => {
    await ensureSystemBlueprints(ctx);
    await createTeam(ctx, { name: `${name}-team` });
    await changePagePermissions(ctx, page(), {
      read: { roles: [`${name}-moderator`], teams: [`${name}-team`] },
    });
    await changeTeam(ctx, `${name}-team`, { name: `${name}-crew` }, false);
    await changeBlueprint(ctx, name, { identifier: `${name}-new` });
    expect((await getPagePermissions(ctx, `${name}-news`)).read).toEqual({
      roles: [`${name}-new-moderator`],
      users: [],
      teams: [`${name}-crew`],
    });
  });

  test("§8.6 §8.1 a change is in the audit log; one that changes nothing is not", async () => {
    const after = await changePagePermissions(ctx, page(), { read: { teams: ["red"] } });
    await changePagePermissions(ctx, page(), { read: { teams: ["red"] } });
    const events = await auditLog(ctx, { resources: ["page_permissions"] });
    expect(
      events.filter(({ context }) => (context as { page_permissions: string }).page_permissions === page()),
    ).toMatchObject([{ action: "UPDATE", diff: { before: DEFAULTS, after } }]);
  });

  test.each([
    [[], "must be an object"],
    [{ write: {} }, '"write" is not one of read, update'],
    [{ read: [] }, "read must be an object"],
    [{ read: { policy: {} } }, 'read: "policy" is not one of roles, users, teams'],
    [{ read: { roles: "Admin" } }, "read.roles must be a list"],
    [{ update: { teams: [""] } }, "update.teams must hold strings"],
  ])("§8.6 %j is refused, naming the field", async (body, part) => {
    const { code, message } = await refusal(() => changePagePermissions(ctx, page(), body));
    expect(code).toBe("invalid_request");
    expect(message).toContain(part);
  });

  test("§8.6 an unknown page is not found", async () => {
    for (const unknown of ["nowhere", "\u0000"]) {
      expect((await refusal(() => getPagePermissions(ctx, unknown))).code).toBe("not_found");
      expect((await refusal(() => changePagePermissions(ctx, unknown, {}))).code).toBe("not_found");
    }
  });
});
