/**
 * The documents of a published how-to for DORA metrics in Port, in the order in which its reader pastes them: data
 * model, deployments by API and from Jenkins, incidents, aggregations, the example catalog.
 */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestApp, type TestApp } from "../support/app.ts";
import {
  AGGREGATIONS,
  CALCULATIONS,
  DEPLOYMENT,
  INCIDENT,
  PULL_REQUEST,
  SERVICE,
} from "../support/article-model.ts";
import { parseDocuments } from "../../src/cli/apply/read-documents.ts";

type Json = Record<string, unknown>;

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.stop());

async function send(method: string, path: string, body: unknown, status: number): Promise<Json> {
  const answer = await app.send<Json>(method, path, body);
  expect(answer).toMatchObject({ status });
  return answer.body;
}

test("the data model is accepted and returned as it was sent", async () => {
  for (const blueprint of [SERVICE, PULL_REQUEST, DEPLOYMENT, INCIDENT]) {
    const { blueprint: stored } = await send("POST", "/v1/blueprints", blueprint, 201);
    expect(stored).toMatchObject(blueprint);
  }
});

const byTitle = (value: string) => ({
  combinator: "and",
  rules: [{ property: "$title", operator: "=", value }],
});

test.each([
  [
    "custom API",
    {
      identifier: "custom-deployment-1234",
      title: "Custom Deployment for ID 1234",
      properties: {
        environment: "Production",
        createdAt: "2024-09-01T12:00:00Z",
        deploymentStatus: "Success",
      },
      relations: { service: byTitle("Custom-Service-Name") },
    },
  ],
  [
    "Jenkins",
    {
      identifier: "checkout-42",
      title: "Deployment for checkout",
      properties: {
        environment: "Production",
        createdAt: "2024-09-02T08:30:00+02:00",
        deploymentStatus: "Failed",
      },
      relations: { service: byTitle("checkout") },
    },
  ],
])("a deployment by %s finds its service by title, and sent twice it is one", async (_, body) => {
  const title = body.relations.service.rules[0]?.value;
  const service = `s-${body.identifier}`;
  await send("POST", "/v1/blueprints/service/entities", { identifier: service, title }, 201);
  const path = "/v1/blueprints/deployment/entities?upsert=true&merge=true";
  for (let time = 1; time <= 2; time += 1) {
    const { entity } = await send("POST", path, body, 201);
    expect(entity).toMatchObject({
      properties: body.properties,
      relations: { service, pullRequest: null },
    });
  }
});

test("the pipeline's own request for a token, as Jenkins sends it", async () => {
  const { clientId, clientSecret } = app.config;
  const body = `\n              {\n                "clientId": "${clientId}",\n                "clientSecret": "${clientSecret}"\n              }\n            `;
  const answer = await app.send<Json>("POST", "/v1/auth/access_token", body, { authorization: "" });
  expect(answer).toMatchObject({ status: 200, body: { ok: true, tokenType: "Bearer" } });
});

test("incidents get their properties and their relation one by one, as the fragments are pasted", async () => {
  const { resolvedAt, recoveryTime, status } = INCIDENT.schema.properties;
  const bare = { ...INCIDENT, identifier: "incident2", schema: { properties: { status } }, relations: {} };
  await send("POST", "/v1/blueprints", bare, 201);
  const path = "/v1/blueprints/incident2";
  await send("PATCH", path, { schema: { properties: { resolvedAt, recoveryTime } } }, 200);
  const { blueprint } = await send("PATCH", path, { relations: INCIDENT.relations }, 200);
  expect(blueprint).toMatchObject({ schema: INCIDENT.schema, relations: INCIDENT.relations });
});

test("aggregations and the calculation are accepted with their stray keys, which are returned", async () => {
  const change = { aggregationProperties: AGGREGATIONS, calculationProperties: CALCULATIONS };
  await send("PATCH", "/v1/blueprints/service", change, 200);
  const { blueprint } = await send("GET", "/v1/blueprints/service", undefined, 200);
  expect(blueprint).toMatchObject(change);
});

test("the example catalog is accepted, `formulaProperties` included", async () => {
  const file = fileURLToPath(new URL("../../templates/catalog/blueprints.yaml", import.meta.url));
  const blueprints = parseDocuments(readFileSync(file, "utf8"), file).map((document) => document.body);
  expect(blueprints).toHaveLength(5);
  const bare = (body: Json): Json => ({ ...body, relations: {} });
  for (const body of blueprints) await send("POST", "/v1/blueprints", bare(body), 201);
  for (const body of blueprints) {
    const { blueprint } = await send("PUT", `/v1/blueprints/${String(body["identifier"])}`, body, 200);
    expect(blueprint).toMatchObject({ ...body, formulaProperties: {} });
  }
});

test("the entities of the example catalog are accepted, stray keys included, and related as they say", async () => {
  const file = fileURLToPath(new URL("../../templates/catalog/entities.yaml", import.meta.url));
  const entities = parseDocuments(readFileSync(file, "utf8"), file).map((document) => ({
    blueprint: document.kind === "entity" ? document.blueprint : "",
    ...document.body,
  }));
  expect(entities).toHaveLength(9);
  // What others relate to comes first; the article prints it as it likes.
  const order = ["Orders", "Cart", "Products", "cart-sql-sb", "CoreKafkaLibrary", "CorePaymentLibrary"];
  order.push("CartService", "CartAPI", "ProductsService");
  const place = (body: Json): number => order.indexOf(String(body["identifier"]));
  for (const body of entities.toSorted((a, b) => place(a) - place(b))) {
    const path = `/v1/blueprints/${body.blueprint}/entities`;
    const { entity, warnings } = await send("POST", path, body, 201);
    expect(entity).toMatchObject(body);
    expect(warnings).toBeUndefined();
  }
  const { entity } = await send("GET", "/v1/blueprints/Component/entities/CartService", undefined, 200);
  expect((entity as Json)["relations"]).toEqual({
    ...{ system: "Cart", resources: ["cart-sql-sb"], consumesApi: [], providesApi: null },
    components: ["CorePaymentLibrary", "CoreKafkaLibrary"],
  });
});

test("a block of JSON that is no document of ours is refused, naming what it lacks", async () => {
  const { message } = await send("POST", "/v1/blueprints", { foo: "bar" }, 422);
  expect(message).toContain("identifier");
});

test("a document with the quotes of a word processor is refused at its place", async () => {
  const headers = { authorization: `Bearer ${app.token}`, "content-type": "application/json" };
  const body = "{\n “identifier”: “Resource”,\n “title”: “Resource”\n}";
  const answer = await fetch(`${app.url}/v1/blueprints`, { method: "POST", headers, body });
  expect(answer.status).toBe(400);
  const { error, message } = (await answer.json()) as Json;
  expect(error).toBe("invalid_json");
  expect(message).toMatch(/line 2, column 2.*typographic quotes/);
});
