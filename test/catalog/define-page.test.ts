/** Pages, folders and the sidebar (workflows.md §6.1–6.3). */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { auditLog } from "../../src/catalog/audit-log.ts";
import { changeBlueprint } from "../../src/catalog/define-blueprint.ts";
import {
  changePage,
  changeWidget,
  createPage,
  deleteWidget,
  removePage,
  replacePage,
} from "../../src/catalog/define-page.ts";
import { deleteBlueprint } from "../../src/catalog/delete-blueprint.ts";
import { changePagePermissions } from "../../src/catalog/page-permissions.ts";
import { getPage, getPages } from "../../src/catalog/pages.ts";
import { renameMember } from "../../src/catalog/rename-blueprint.ts";
import {
  changeFolder,
  createFolder,
  deleteFolder,
  getSidebar,
  orderSidebar,
} from "../../src/catalog/sidebar.ts";
import type { JsonObject } from "../../src/model/json.ts";
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
  name = `d${++n}`;
});

const text = (id: string) => ({ id, type: "markdown", title: id, markdown: "# Hello" });
const board = (...ids: string[]) => ({
  id: "board",
  type: "dashboard-widget",
  layout: [{ height: 400, columns: ids.map((id) => ({ id, size: 12 / ids.length })) }],
  widgets: ids.map(text),
});
const dashboard = (more: JsonObject = {}) => ({
  identifier: name,
  type: "dashboard",
  title: "Metrics",
  widgets: [board("a", "b")],
  ...more,
});
const read = async (identifier = name) => (await getPage(ctx, identifier)).page;
const items = async () => (await getSidebar(ctx, "catalog")).items;
/** Identifiers of this test in the sidebar, indented by their folders. */
const order = async () =>
  (await items())
    .filter(({ identifier }) => String(identifier).startsWith(`${name}-`))
    .map(
      ({ identifier, parent }) => `${typeof parent === "string" ? `${parent}/` : ""}${String(identifier)}`,
    );

describe("§6.1 pages", () => {
  test("are created as sent, unknown keys too, and read back", async () => {
    const sent = dashboard({ icon: "Grid", locked: true, later: { a: [1] } });
    const created = await createPage(ctx, sent);
    expect(created).toMatchObject(sent);
    expect(created).not.toHaveProperty("after");
    expect(await read()).toEqual(created);
    expect((await getPages(ctx, true)).find((page) => page["identifier"] === name)).not.toHaveProperty(
      "widgets",
    );
    const told = (await auditLog(ctx, { resources: ["page"] })).find(
      ({ context }) => (context as { page: string }).page === name,
    );
    expect(told).toMatchObject({ action: "CREATE", diff: { before: null, after: { title: "Metrics" } } });
  });

  test("without an identifier one is made of the title; a second gets a number", async () => {
    const { identifier: _, ...sent } = dashboard({ title: `Über ${name}: DORA!` });
    expect((await createPage(ctx, sent))["identifier"]).toBe(`uber_${name}_dora`);
    expect((await createPage(ctx, sent))["identifier"]).toBe(`uber_${name}_dora_2`);
  });

  test("PUT replaces, PATCH changes what is sent, and what changes nothing writes nothing", async () => {
    await createPage(ctx, dashboard({ icon: "Grid" }));
    expect(await replacePage(ctx, name, { type: "dashboard", title: "New" })).not.toHaveProperty("icon");
    const patched = await changePage(ctx, name, { description: "About", widgets: [] });
    expect(patched).toMatchObject({ title: "New", description: "About", widgets: [] });
    expect(await changePage(ctx, name, { title: "New" })).toEqual(patched);
    expect(await replacePage(ctx, name, patched)).toEqual(patched);
  });

  test("another identifier renames it, and what stands after it follows", async () => {
    await createPage(ctx, dashboard());
    await createPage(ctx, dashboard({ identifier: `${name}-b`, after: name }));
    await changePage(ctx, name, { identifier: `${name}-a` });
    expect((await refusal(() => read())).code).toBe("not_found");
    expect(await read(`${name}-b`)).toMatchObject({ after: `${name}-a` });
    expect((await refusal(() => changePage(ctx, `${name}-b`, { identifier: `${name}-a` }))).code).toBe(
      "conflict",
    );
  });

  test("single widgets are changed and deleted wherever they stand; the neighbours take the room", async () => {
    await createPage(ctx, dashboard({ widgets: [board("a", "b", "c")] }));
    const changed = await changeWidget(ctx, name, "b", { title: "B", markdown: null });
    expect(changed["widgets"]).toMatchObject([
      { widgets: [{}, { id: "b", title: "B", type: "markdown" }, {}] },
    ]);
    const after = await deleteWidget(ctx, name, "b");
    expect(after["widgets"]).toEqual([
      {
        ...board("a", "c"),
        layout: [
          {
            height: 400,
            columns: [
              { id: "a", size: 6 },
              { id: "c", size: 6 },
            ],
          },
        ],
      },
    ]);
    expect((await refusal(() => deleteWidget(ctx, name, "b"))).message).toContain('"b" was not found');
    expect((await refusal(() => changeWidget(ctx, name, "a", { id: "c" }))).message).toContain("already");
  });

  test("two changes at once are both kept", async () => {
    await createPage(ctx, dashboard());
    await Promise.all([
      changeWidget(ctx, name, "a", { title: "1" }),
      changeWidget(ctx, name, "b", { title: "2" }),
    ]);
    expect((await read())["widgets"]).toMatchObject([{ widgets: [{ title: "1" }, { title: "2" }] }]);
  });

  test.each([
    [[], "must be an object"],
    [{ type: "page" }, 'page.type "page" is not one of dashboard, blueprint-entities, home, entity'],
    [{ type: "dashboard", title: "" }, "page.title"],
    [{ type: "dashboard", identifier: "a b" }, 'page.identifier "a b" must have'],
    [{ type: "dashboard", identifier: "$mine" }, "begin with $"],
    [{ type: "dashboard" }, "page.identifier is missing"],
    [{ type: "dashboard", identifier: "x", blueprint: "service" }, "page.blueprint"],
    [{ type: "blueprint-entities", identifier: "x" }, "page.blueprint"],
    [{ type: "dashboard", identifier: "x", locked: "yes" }, 'page.locked must be true or false, not "yes"'],
    [{ type: "dashboard", identifier: "x", title: "a\u0000" }, "U+0000"],
    [
      { type: "dashboard", identifier: "x", pageFilters: [{ query: { rules: 1 } }] },
      "page.pageFilters[0].query",
    ],
    [{ type: "dashboard", identifier: "x", widgets: {} }, "page.widgets must be a list"],
  ])("%j is refused, naming the field", async (body, part) => {
    const { code, message } = await refusal(() => createPage(ctx, body));
    expect(code).toBe("invalid_request");
    expect(message).toContain(part);
  });

  test("what is missing, taken or always there is said", async () => {
    await define(ctx, name);
    const code = async (work: () => Promise<unknown>) => (await refusal(work)).code;
    await createPage(ctx, dashboard());
    expect(await code(() => createPage(ctx, dashboard()))).toBe("conflict");
    expect(await code(() => createPage(ctx, dashboard({ identifier: `${name}Entity` })))).toBe("conflict");
    expect(await code(() => createPage(ctx, { type: "home", identifier: "x" }))).toBe("conflict");
    expect(await code(() => removePage(ctx, "$home"))).toBe("conflict");
    expect(await code(() => removePage(ctx, `${name}Entity`))).toBe("conflict");
    expect(await code(() => changePage(ctx, name, { type: "home" }))).toBe("invalid_request");
    for (const missing of [{ parent: "nowhere" }, { after: "nowhere" }])
      expect(await code(() => changePage(ctx, name, missing))).toBe("not_found");
    const ofNothing = { type: "blueprint-entities", identifier: "x", blueprint: "nothing" };
    expect(await code(() => createPage(ctx, ofNothing))).toBe("not_found");
    for (const work of [() => removePage(ctx, "nowhere"), () => replacePage(ctx, "\u0000", dashboard())])
      expect(await code(work)).toBe("not_found");
  });

  test("a person needs the right to update; administrators have it", async () => {
    await createPage(ctx, dashboard());
    const member = asPerson(ctx, { teams: ["red"] });
    expect((await refusal(() => changePage(member, name, { title: "Mine" }))).code).toBe("forbidden");
    expect((await getPage(member, name)).mayUpdate).toBe(false);
    await changePagePermissions(ctx, name, { update: { teams: ["red"] } });
    expect((await getPage(member, name)).mayUpdate).toBe(true);
    expect(await changePage(member, name, { title: "Mine" })).toMatchObject({ title: "Mine" });
    await removePage(member, name);
    expect((await refusal(() => read())).code).toBe("not_found");
  });
});

describe("§6.1 pages that are always there", () => {
  test("the page of a blueprint's entities has tabs until somebody stores others; it goes with the blueprint", async () => {
    await define(ctx, name);
    const page = await read(`${name}Entity`);
    expect(page).toMatchObject({ type: "entity", blueprint: name, widgets: [{ type: "grouper" }] });
    const stored = await replacePage(ctx, `${name}Entity`, { ...page, widgets: [text("a")] });
    expect(await read(`${name}Entity`)).toEqual(stored);
    expect((await getPages(ctx, true)).filter((one) => one["identifier"] === `${name}Entity`)).toHaveLength(
      1,
    );
    await changeBlueprint(ctx, name, { identifier: `${name}-new` });
    expect(await read(`${name}-newEntity`)).toMatchObject({ blueprint: `${name}-new`, widgets: [text("a")] });
    await deleteBlueprint(ctx, `${name}-new`);
    expect((await refusal(() => read(`${name}-newEntity`))).code).toBe("not_found");
  });

  test("home is changed, and stays what it is", async () => {
    expect(await read("$home")).toMatchObject({ type: "home", title: "Home" });
    await changePage(ctx, "$home", { title: "Start", widgets: [board("a", "b")] });
    expect(await read("$home")).toMatchObject({ type: "home", title: "Start", widgets: [{ id: "board" }] });
    expect((await refusal(() => changePage(ctx, "$home", { identifier: "home" }))).code).toBe("conflict");
  });
});

describe("§6.1 the sidebar", () => {
  const folder = (id: string, more: JsonObject = {}) =>
    createFolder(ctx, "catalog", { identifier: id, title: id, ...more });

  test("what stands in a folder comes after it; `after` places what names it", async () => {
    await folder(`${name}-f`);
    await createPage(ctx, dashboard({ identifier: `${name}-a` }));
    await createPage(ctx, dashboard({ identifier: `${name}-b`, parent: `${name}-f` }));
    await createPage(ctx, dashboard({ identifier: `${name}-c`, after: `${name}-f` }));
    expect(await order()).toEqual([`${name}-f`, `${name}-f/${name}-b`, `${name}-c`, `${name}-a`]);
    const first = (await items()).find(({ identifier }) => identifier === `${name}-f`);
    expect(first).toEqual({
      identifier: `${name}-f`,
      title: `${name}-f`,
      sidebar: "catalog",
      sidebarType: "folder",
    });
    expect((await getPages(ctx, true)).some((page) => page["identifier"] === `${name}-f`)).toBe(false);
    expect((await refusal(() => read(`${name}-f`))).code).toBe("not_found");
  });

  test("an order is put down in one go, with what it does not name behind it", async () => {
    for (const id of ["a", "b", "c", "d"]) await createPage(ctx, dashboard({ identifier: `${name}-${id}` }));
    await folder(`${name}-f`);
    await orderSidebar(ctx, "catalog", { parent: null, items: [`${name}-f`, `${name}-d`, `${name}-b`] });
    expect(await order()).toEqual(["f", "d", "b", "a", "c"].map((id) => `${name}-${id}`));
    await orderSidebar(ctx, "catalog", { parent: `${name}-f`, items: [`${name}-c`, `${name}-a`] });
    expect(await order()).toEqual(
      ["-f", `-f/${name}-c`, `-f/${name}-a`, "-d", "-b"].map((id) => `${name}${id}`),
    );
  });

  test("a deleted folder or page leaves its place to what stood in it, or after it", async () => {
    await folder(`${name}-f`);
    await createPage(ctx, dashboard({ identifier: `${name}-a`, parent: `${name}-f` }));
    await createPage(ctx, dashboard({ identifier: `${name}-b`, parent: `${name}-f`, after: `${name}-a` }));
    await removePage(ctx, `${name}-a`);
    expect(await read(`${name}-b`)).toMatchObject({ after: null });
    await deleteFolder(ctx, "catalog", `${name}-f`);
    expect(await order()).toEqual([`${name}-b`]);
  });

  test("folders are nested three deep, never in themselves, and only in folders", async () => {
    await folder(`${name}-1`);
    await folder(`${name}-2`, { parent: `${name}-1` });
    await folder(`${name}-3`, { parent: `${name}-2` });
    await createPage(ctx, dashboard({ parent: `${name}-3` }));
    const change = (id: string, body: JsonObject) =>
      refusal(() => changeFolder(ctx, "catalog", `${name}-${id}`, body));
    expect((await refusal(() => folder(`${name}-4`, { parent: `${name}-3` }))).message).toContain("3 levels");
    expect((await change("1", { parent: `${name}-3` })).message).toContain("cannot stand in itself");
    expect((await refusal(() => folder(`${name}-5`, { parent: name }))).code).toBe("not_found");
    expect((await refusal(() => folder(`${name}-1`))).code).toBe("conflict");
    expect((await change("x", {})).code).toBe("not_found");
    expect((await change("1", { title: null })).message).toContain("folder.title");
    expect((await refusal(() => getSidebar(ctx, "other"))).code).toBe("not_found");
  });

  test("what may not be read is not in it", async () => {
    await createPage(ctx, dashboard());
    await changePagePermissions(ctx, name, { read: { roles: [] } });
    const seen = (await getSidebar(asPerson(ctx), "catalog")).items;
    expect(seen.some(({ identifier }) => identifier === name)).toBe(false);
  });
});

test("decision 13: widgets and filters follow renames of blueprints and their members", async () => {
  await define(ctx, name, { mttr: { type: "number" } });
  const rules = (property: string) => [{ property, operator: ">", value: 1 }];
  const widgets = (blueprint: string, property: string) => [
    {
      ...board("a"),
      layout: [
        {
          height: 400,
          columns: [
            { id: "n", size: 6 },
            { id: "p", size: 6 },
          ],
        },
      ],
      widgets: [
        {
          id: "n",
          type: "entities-number-chart",
          blueprint,
          chartType: "displaySingleProperty",
          entity: "x",
          property,
        },
        {
          ...{ id: "p", type: "entities-pie-chart", blueprint, property: `property#${property}` },
          dataset: { combinator: "and", rules: rules(property) },
        },
      ],
    },
  ];
  await createPage(ctx, {
    ...dashboard({ widgets: widgets(name, "mttr") }),
    pageFilters: [{ query: { combinator: "and", rules: rules("mttr"), blueprint: name } }],
  });
  await renameMember(ctx, name, "property", { from: "mttr", to: "recovery", field: "newPropertyName" });
  await changeBlueprint(ctx, name, { identifier: `${name}-new` });
  expect(await read()).toMatchObject({
    widgets: widgets(`${name}-new`, "recovery"),
    pageFilters: [{ query: { rules: rules("recovery"), blueprint: `${name}-new` } }],
  });
});
