/** Blueprints, pages and migrations over HTTP (data-model.md §3). */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startTestApp, type TestApp } from "../support/app.ts";
import { comes } from "../support/patience.ts";

type Body = Record<string, unknown>;

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.stop());

async function send(method: string, path: string, body?: unknown, status = 200): Promise<Body> {
  const answer = await app.send<Body>(method, path, body);
  expect(answer).toMatchObject({ status, body: { ok: status < 400 } });
  return answer.body;
}
const path = (...segments: string[]): string => `/v1/${segments.map(encodeURIComponent).join("/")}`;
const blueprint = (identifier: string, properties: object = {}, rest: object = {}) => ({
  ...{ identifier, title: identifier, schema: { properties } },
  ...rest,
});
const create = (identifier: string, properties: object = {}, rest: object = {}) =>
  send("POST", "/v1/blueprints", blueprint(identifier, properties, rest), 201);

function over(id: unknown): Promise<Body> {
  const read = async () => (await send("GET", path("migrations", String(id))))["migration"] as Body;
  return comes(read, ({ status }) => ["COMPLETED", "FAILURE", "CANCELLED"].includes(String(status)));
}

describe("§3.1 routes", () => {
  test("§3.1 POST 201, GET, PUT, PATCH, DELETE 200, each with {ok, blueprint}", async () => {
    const created = await create("one", { a: { type: "string" } });
    expect(created["blueprint"]).toMatchObject({
      ...{
        identifier: "one",
        createdAt: expect.stringMatching(/Z$/) as string,
        updatedBy: expect.any(String) as string,
      },
    });
    expect(await send("GET", "/v1/blueprints/one")).toEqual(created);
    const list = (await send("GET", "/v1/blueprints"))["blueprints"] as Body[];
    expect(list).toContainEqual(created["blueprint"]);
    const put = await send("PUT", "/v1/blueprints/one", { title: "One", schema: { properties: {} } });
    expect(put["blueprint"]).toMatchObject({ title: "One", schema: { properties: {}, required: [] } });
    const patched = await send("PATCH", "/v1/blueprints/one", { description: "" });
    expect(patched["blueprint"]).toMatchObject({ title: "One", description: "" });
    expect(await send("DELETE", "/v1/blueprints/one?delete_actions=true")).toEqual({ ok: true });
    for (const [method, body] of [
      ["GET", undefined],
      ["PATCH", { title: "x" }],
      ["PUT", { title: "x", schema: { properties: {} } }],
      ["DELETE", undefined],
    ] as const)
      expect(await send(method, "/v1/blueprints/one", body, 404)).toMatchObject({
        error: "not_found",
        message: 'Blueprint with identifier "one" was not found',
      });
  });

  test("§3.2 what is required: POST identifier, title, schema; PUT title, schema; PATCH nothing", async () => {
    for (const key of ["identifier", "title", "schema"]) {
      const { [key]: _left, ...body } = blueprint("two") as Body;
      expect(await send("POST", "/v1/blueprints", body, 422)).toMatchObject({
        error: "invalid_request",
        message: expect.stringContaining(key) as string,
      });
    }
    await create("two");
    await send("PUT", "/v1/blueprints/two", { title: "Two", schema: { properties: {} } });
    await send("PUT", "/v1/blueprints/two", { title: "Two" }, 422);
    await send("PATCH", "/v1/blueprints/two", {});
    await send("POST", "/v1/blueprints", blueprint("two"), 409);
  });

  test("§3.1 renames of properties, mirrors and relations", async () => {
    await create("r/t");
    await create(
      "r/s",
      { "a-b": { type: "string" } },
      {
        relations: { to: { target: "r/t" } },
        mirrorProperties: { m: { path: "to.$title" } },
        calculationProperties: { c: { calculation: '.properties."a-b"', type: "string" } },
      },
    );
    await send(
      "POST",
      path("blueprints", "r/s", "entities"),
      { identifier: "e", properties: { "a-b": "x" } },
      201,
    );
    const first = await send("PATCH", path("blueprints", "r/s", "properties", "a-b", "rename"), {
      newPropertyName: "c=d",
    });
    expect(first).toMatchObject({
      blueprint: { schema: { properties: { "c=d": { type: "string" } } } },
      warnings: [expect.stringContaining('r/s.calculationProperties.c mentions "a-b"') as string],
    });
    await send("PATCH", path("blueprints", "r/s", "mirror", "m", "rename"), { newMirrorName: "mm" });
    const last = await send("PATCH", path("blueprints", "r/s", "relations", "to", "rename"), {
      newRelationIdentifier: "towards",
    });
    expect(last).toEqual({ ok: true, blueprint: expect.any(Object) as object });
    expect(last["blueprint"]).toMatchObject({ mirrorProperties: { mm: { path: "towards.$title" } } });
    const { entity } = await send("GET", path("blueprints", "r/s", "entities", "e"));
    expect(entity).toMatchObject({ properties: { "c=d": "x" }, relations: { towards: null } });
    await send(
      "PATCH",
      path("blueprints", "r/s", "relations", "to", "rename"),
      { newRelationIdentifier: "x" },
      404,
    );
    await send("PATCH", path("blueprints", "r/s", "properties", "c=d", "rename"), { newName: "x" }, 422);
    await send(
      "PATCH",
      path("blueprints", "r/s", "properties", "c=d", "rename"),
      { newPropertyName: "mm" },
      409,
    );
  });

  test("§3.1 structure of system blueprints; a blueprint named system is reached all the same", async () => {
    const { blueprint: user } = await send("GET", "/v1/blueprints/system/_user/structure");
    expect(user).toMatchObject({
      identifier: "_user",
      schema: { required: [] },
      createdAt: expect.any(String) as string,
    });
    expect(await send("GET", "/v1/blueprints/system/_none/structure", undefined, 404)).toMatchObject({
      message: 'System blueprint with identifier "_none" was not found',
    });
    await send("GET", "/v1/blueprints/system/none/structure", undefined, 404);
    await create("system", { a: { type: "string" } });
    await send("POST", "/v1/blueprints/system/entities", { identifier: "structure" }, 201);
    await send("GET", "/v1/blueprints/system/entities/structure");
    await send("PATCH", "/v1/blueprints/system/properties/a/rename", { newPropertyName: "b" });
    const { paths } = (await app.send<{ paths: object }>("GET", "/openapi.json")).body;
    expect(Object.keys(paths)).toContain("/v1/blueprints/system/{blueprint}/structure");
  });
});

test("§3.7 the order of keys survives the way over HTTP, in every answer", async () => {
  const text =
    '{"title":"T","schema":{"required":[],"properties":{"z":{"title":"Z","type":"string"},"a":{"type":"number","maximum":2,"minimum":1}}},"x":{"b":1,"a":2},"identifier":"ordered","icon":""';
  const answer = await app.send<string>("POST", "/v1/blueprints", `${text}}`, {
    "content-type": "application/json",
  });
  expect(answer.status).toBe(201);
  const raw = async (method: string, at: string, body?: string): Promise<string> => {
    const headers = { authorization: `Bearer ${app.token}`, "content-type": "application/json" };
    return (await fetch(app.url + at, { method, headers, ...(body === undefined ? {} : { body }) })).text();
  };
  expect(await raw("GET", "/v1/blueprints/ordered")).toContain(`"blueprint":${text},"relations":{}`);
  expect(await raw("GET", "/v1/blueprints")).toContain(text);
  expect(await raw("PATCH", "/v1/blueprints/ordered", "{}")).toContain(text);
});

describe("§3.10 deletion", () => {
  test("§3.10 a blueprint with entities: 409 has_dependents in the body, first 20 and a count", async () => {
    await create("full");
    await send("POST", "/v1/blueprints/full/entities/bulk", {
      entities: Array.from({ length: 25 }, (_, i) => ({ identifier: `e${i}` })),
    });
    await create("user-of-full", {}, { relations: { r: { target: "full" } } });
    const refused = await send("DELETE", "/v1/blueprints/full", undefined, 409);
    expect(refused).toMatchObject({
      ...{ error: "has_dependents", count: 26 },
      message: expect.stringMatching(
        /has entities: .*; is the target of relations: user-of-full\.r \(26 in all/,
      ) as string,
    });
    expect(refused["dependents"]).toHaveLength(20);
  });

  test("§3.10 deletion says which aggregations are about what is gone", async () => {
    await create("counted");
    await create(
      "counting",
      {},
      {
        aggregationProperties: {
          n: { title: "N", target: "counted", calculationSpec: { calculationBy: "entities", func: "count" } },
        },
      },
    );
    expect(await send("DELETE", "/v1/blueprints/counted")).toEqual({
      ok: true,
      warnings: ['counting.aggregationProperties.n is about blueprint "counted", which is gone'],
    });
  });

  test("§3.10 all-entities answers migrationId at top level; with delete_blueprint the blueprint goes too", async () => {
    await create("many");
    await send("POST", "/v1/blueprints/many/entities/bulk", {
      entities: Array.from({ length: 100 }, (_, i) => ({ identifier: `e${i}` })),
    });
    const answer = await send("DELETE", "/v1/blueprints/many/all-entities?delete_blueprint=true&run_id=");
    expect(answer).toEqual({ ok: true, migrationId: expect.stringMatching(/^mig_/) as string });
    expect(await over(answer["migrationId"])).toMatchObject({
      ...{
        status: "COMPLETED",
        successCount: 100,
        failureCount: 0,
        deleteBlueprint: true,
        deleteEntities: true,
      },
    });
    await send("GET", "/v1/blueprints/many", undefined, 404);
    await send("DELETE", "/v1/blueprints/many/all-entities", undefined, 404);
  });
});

describe("§3.10 migrations", () => {
  test("§3.10 POST, GET one, GET list, cancel", async () => {
    await create("from", { n: { type: "number" } });
    await create("to", { size: { type: "number" } });
    await send("POST", "/v1/blueprints/from/entities/bulk", {
      entities: Array.from({ length: 30 }, (_, i) => ({ identifier: `e${i}`, properties: { n: i } })),
    });
    const mapping = {
      blueprint: "'to'",
      filter: ".properties.n >= 10",
      entity: { identifier: "'copy-' + .identifier", properties: { size: ".properties.n" } },
    };
    const { migration } = await send("POST", "/v1/migrations", { sourceBlueprint: "from", mapping }, 201);
    const { id } = migration as Body;
    expect(await over(id)).toMatchObject({
      ...{ sourceBlueprint: "from", mapping, status: "COMPLETED", successCount: 30, failures: [] },
    });
    expect(await send("GET", "/v1/blueprints/to/entities-count")).toMatchObject({ count: 20 });
    const listed = await send("GET", "/v1/migrations?status=COMPLETED,CANCELLED&blueprint=from&actor=");
    expect(listed["migrations"]).toMatchObject([{ id }]);
    expect(await send("GET", "/v1/migrations?status=RUNNING&status=PENDING&blueprint=from")).toMatchObject({
      migrations: [],
    });
    await send("POST", path("migrations", String(id), "cancel"), { reason: "late" }, 409);
    await send("POST", "/v1/migrations/mig_0/cancel", {}, 404);
    await send("GET", "/v1/migrations/mig_0", undefined, 404);
    await send("GET", "/v1/migrations?status=DONE", undefined, 422);
    await send(
      "POST",
      "/v1/migrations",
      { sourceBlueprint: "from", mapping: { ...mapping, blueprint: "(" } },
      422,
    );
    await send("POST", "/v1/migrations", { sourceBlueprint: "none", mapping }, 404);
  });
});

describe("§3.11 catalogue pages", () => {
  test("§3.11 GET /v1/pages and /v1/pages/{id}; create_catalog_page=false", async () => {
    await create("gadget");
    await send("POST", "/v1/blueprints?create_catalog_page=false", blueprint("quiet"), 201);
    const { page } = await send("GET", "/v1/pages/gadgets");
    expect(page).toMatchObject({ identifier: "gadgets", type: "blueprint-entities", blueprint: "gadget" });
    await send("GET", "/v1/pages/quiets", undefined, 404);
    const { pages } = await send("GET", "/v1/pages?compact=true");
    const found = (pages as Body[]).find((one) => one["identifier"] === "gadgets");
    expect(found).toMatchObject({ title: "gadgets" });
    expect(found).not.toHaveProperty("widgets");
  });
});

describe("§3.12 system blueprints disturb nothing", () => {
  test("§3.12 they are listed, protected with 403, and leave the portal empty", async () => {
    const { blueprints } = await send("GET", "/v1/blueprints");
    expect((blueprints as Body[]).map((one) => one["identifier"])).toEqual(
      expect.arrayContaining(["_user", "_team", "_scorecard", "_rule", "_rule_result"]),
    );
    expect(await send("DELETE", "/v1/blueprints/_team", undefined, 403)).toMatchObject({
      error: "forbidden",
    });
    await send("PATCH", "/v1/blueprints/_user", { schema: { properties: { status: null } } }, 403);
    await send("DELETE", "/v1/blueprints/_user/all-entities", undefined, 403);
    expect(await send("GET", "/v1/setup")).toMatchObject({ empty: true });
    expect(await send("GET", "/v1/dora/settings")).toMatchObject({
      settings: { roles: { deployment: [], change: [] } },
    });
  });
});

describe("§6.1 pages and folders as Terraform's provider calls them", () => {
  const page = (more: object = {}) => ({
    ...{ identifier: "tf_page", type: "dashboard", title: "dashboards", icon: "GitHub" },
    widgets: [
      {
        ...{ id: "dashboardWidget", type: "dashboard-widget" },
        layout: [{ height: 400, columns: [{ id: "guide", size: 12 }] }],
        widgets: [{ id: "guide", type: "markdown", title: "Guide", markdown: "# Hi", description: "" }],
      },
    ],
    ...more,
  });

  test("a page is created, read without drift, replaced, imported and deleted", async () => {
    const created = await send("POST", "/v1/pages", page(), 201);
    expect(created).toMatchObject({ identifier: "tf_page", page: page() });
    const read = (await send("GET", path("pages", "tf_page")))["page"] as Body;
    // What the provider knows and was not sent must not appear.
    for (const key of ["parent", "after", "locked", "blueprint", "pageFilters", "description"])
      expect(read[key]).toBeUndefined();
    expect(read["widgets"]).toEqual(page().widgets);
    await send("POST", "/v1/pages", page({ identifier: "tf_page_2", after: "tf_page" }), 201);
    const put = await send(
      "PUT",
      path("pages", "tf_page_2"),
      page({ identifier: "tf_page_2", description: "D" }),
    );
    expect(put["page"]).toMatchObject({ description: "D" });
    await send("DELETE", path("pages", "tf_page"));
    await send("GET", path("pages", "tf_page"), undefined, 404);
    await send("POST", "/v1/pages", page({ identifier: "tf_page_2" }), 409);
    const refused = await send("POST", "/v1/pages", page({ identifier: "x", widgets: [{ id: 1 }] }), 422);
    expect(refused["message"]).toContain("page.widgets[0].type");
  });

  test("the page of a blueprint's entities is there to be replaced", async () => {
    await create("tfservice");
    const entity = { identifier: "tfserviceEntity", type: "entity", title: "TF", blueprint: "tfservice" };
    await send("GET", path("pages", "tfserviceEntity"));
    expect((await send("PUT", path("pages", "tfserviceEntity"), entity))["page"]).toMatchObject(entity);
    await send("GET", path("pages", "nothingEntity"), undefined, 404);
    await send("DELETE", path("pages", "tfserviceEntity"), undefined, 409);
  });

  test("a folder is created, found in the sidebar, changed and deleted; single widgets too", async () => {
    const folders = "/v1/sidebars/catalog/folders";
    const created = await send("POST", folders, { identifier: "tf_folder", title: "Folder" }, 201);
    expect(created["folder"]).toEqual({
      ...{ identifier: "tf_folder", title: "Folder", sidebar: "catalog", sidebarType: "folder" },
    });
    await send("POST", folders, { title: "In it", parent: "tf_folder" }, 201);
    await send("PATCH", `${folders}/in_it`, { identifier: "in_it", title: "Inside", after: "tf_page_2" });
    const { sidebar } = await send("GET", "/v1/sidebars/catalog");
    expect((sidebar as { items: Body[] }).items).toContainEqual(
      expect.objectContaining({
        identifier: "in_it",
        title: "Inside",
        parent: "tf_folder",
        after: "tf_page_2",
      }),
    );
    const order = { parent: "tf_folder", items: ["tf_page_2", "in_it"] };
    await send("PUT", "/v1/sidebars/catalog/order", order);
    expect((await send("GET", path("pages", "tf_page_2")))["page"]).toMatchObject({ parent: "tf_folder" });
    const changed = await send("PATCH", path("pages", "tf_page_2", "widgets", "guide"), { title: "New" });
    expect(changed["page"]).toMatchObject({ widgets: [{ widgets: [{ title: "New" }] }] });
    await send("DELETE", path("pages", "tf_page_2", "widgets", "guide"));
    await send("DELETE", `${folders}/tf_folder`);
    await send("DELETE", `${folders}/tf_folder`, undefined, 404);
  });
});
