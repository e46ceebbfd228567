import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { changeBlueprint, createBlueprint } from "../../src/catalog/define-blueprint.ts";
import { deleteBlueprint } from "../../src/catalog/delete-blueprint.ts";
import { getPage, getPages } from "../../src/catalog/pages.ts";
import type { Ctx } from "../../src/storage/context.ts";
import { openTestDatabase, type TestDatabase } from "../support/database.ts";
import { define, refusal } from "./fixture.ts";

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
    expect((await identifiers()).filter((id) => String(id).startsWith(name))).toEqual([`${name}s`]);
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
