import { readFileSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestApp, type TestApp } from "../support/app.ts";

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
  await app.send("POST", "/v1/blueprints", {
    ...{ identifier: "svc", title: "Service" },
    schema: { properties: { tier: { type: "string", enum: ["gold"] } } },
  });
});
afterAll(() => app.stop());

test("a mapping tried on a payload: entities, deletions, errors with their lines, and what blueprints say", async () => {
  const mapping = [
    "- blueprint: svc",
    "  filter: .headers.kind == 'svc'",
    "  entity:",
    "    identifier: .body.id",
    "    title: .body.name | keys",
    "    properties:",
    "      tier: .body.tier",
    "      other: .queryParams.q",
  ].join("\n");
  const { status, body } = await app.send("POST", "/v1/mapping/test", {
    ...{ type: "webhook", mapping, payload: { id: "a", name: "A", tier: "tin" }, validate: true },
    ...{ headers: { Kind: "svc" }, queryParams: { q: "1" } },
  });
  expect(status).toBe(200);
  expect(body).toMatchObject({
    ok: true,
    entities: [
      {
        resource: 0,
        blueprint: "svc",
        entity: { identifier: "a", title: null, properties: { tier: "tin", other: "1" } },
      },
    ],
    deletes: [],
    filtered: 0,
    errors: [
      { key: "title", position: { line: 5, column: 12 }, lost: false },
      { key: "", code: "invalid_request", blueprint: "svc", identifier: "a", lost: true },
    ],
  });
  expect((await app.send("GET", "/v1/blueprints/svc/entities/a")).status).toBe(404);
});

test("a mapping that is none is refused with line and hint", async () => {
  const mapping = readFileSync(
    new URL("../ingest/fixtures/seed/release-as-printed.txt", import.meta.url),
    "utf8",
  );
  const { status, body } = await app.send("POST", "/v1/mapping/test", {
    ...{ type: "integration", mapping, payload: {} },
  });
  expect(status).toBe(422);
  expect(body).toMatchObject({ ok: false, error: "invalid_request", details: [{ line: 2, column: 5 }] });
  expect(body["message"]).toContain("line 2, column 5: ");
});

test("a data source takes its mapping as YAML, as a list of resources too, and tells the line of a slip", async () => {
  const printed = (name: string): string =>
    readFileSync(new URL(`../ingest/fixtures/seed/${name}.txt`, import.meta.url), "utf8");
  const settings = { owner: "acme", token: "none", apiUrl: `${app.url}/nowhere` };
  interface Told {
    dataSource: { id: string; mapping: { resources: { kind: string }[] } };
  }
  const made = await app.send<Told>("POST", "/v1/data-sources", {
    ...{ type: "github", settings, mapping: `resources:\n${printed("release")}` },
  });
  expect(made.body.dataSource.mapping).toMatchObject({ resources: [{ kind: "release" }] });
  const path = `/v1/data-sources/${made.body.dataSource.id}`;
  const changed = await app.send<Told>("PATCH", path, { mapping: printed("incidents") });
  expect(changed.body.dataSource.mapping).toMatchObject({ resources: [{ kind: "incidents" }] });
  const refused = await app.send("PATCH", path, { mapping: printed("release-as-printed") });
  expect(refused).toMatchObject({ status: 422, body: { details: [{ line: 2, column: 5 }] } });
  const list = await app.send<Told>("PATCH", path, { mapping: made.body.dataSource.mapping.resources });
  expect(list.body.dataSource.mapping).toEqual(made.body.dataSource.mapping);
  await app.send("DELETE", path);
});
