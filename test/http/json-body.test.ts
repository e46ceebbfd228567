/** What is not JSON is told with its place; nesting is bounded. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { MAX_NESTING } from "../../src/http/json-body.ts";
import { loggedPath } from "../../src/http/logged-path.ts";
import { startTestApp, type TestApp } from "../support/app.ts";

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.stop());

async function post(body: string): Promise<{ status: number; body: Record<string, unknown> }> {
  const headers = { authorization: `Bearer ${app.token}`, "content-type": "application/json" };
  const answer = await fetch(`${app.url}/v1/blueprints`, { method: "POST", headers, body });
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
}

test.each([
  ["{\n “identifier”: “Resource”\n}", /"“" at line 2, column 2.*typographic quotes/],
  ['{"title": "x", "schema": }', /"}" at line 1, column 26/],
  ['{"a": [1, 2,]}', /"\]" at line 1, column 13/],
  ['{"ä": "😀",\n  x}', /"x" at line 2, column 3/],
  ['{"a": 1', /ends too early \(line 1, column 8\)/],
  ['{"a": "x\ny"}', /"\\n" at line 1, column 9/],
  ['{"a": 1} b', /"b" at line 1, column 10/],
  ["nope", /"o" at line 1, column 2/],
])("§2.2 %j is refused at its place", async (body, says) => {
  const answer = await post(body);
  expect(answer).toMatchObject({ status: 400, body: { ok: false, error: "invalid_json" } });
  expect(answer.body["message"]).toMatch(says);
});

test("§2.7 a body may nest so deeply and no deeper; brackets in texts do not count", async () => {
  const nested = (depth: number): string => `${"[".repeat(depth)}${"]".repeat(depth)}`;
  expect(await post(nested(MAX_NESTING))).toMatchObject({ status: 422 });
  expect(await post(nested(MAX_NESTING + 1))).toMatchObject({
    status: 422,
    body: { error: "invalid_request", message: "the body nests deeper than 200 levels" },
  });
  expect(await post(`{"identifier": "${"[".repeat(300)}\\"${"{".repeat(300)}"}`)).toMatchObject({
    status: 422,
  });
  expect(await post('{"__proto__": {"admin": true}}')).toMatchObject({
    status: 400,
    body: { error: "invalid_json" },
  });
});

test("§2.3 an address that cannot be decoded answers with the envelope", async () => {
  const answer = await app.send("GET", "/v1/blueprints/x%/entities");
  expect(answer).toMatchObject({ status: 422, body: { ok: false, error: "invalid_request" } });
});

test.each([
  ["/ingest/AbC-123_x?secret=s3cret", "/ingest/…"],
  ["/ingest/connectors/AbC-123_x?secret=s3cret", "/ingest/connectors/…"],
  ["/v1/webhooks/ingest/events?limit=1", "/v1/webhooks/ingest/events"],
])("the log has no keys of webhooks and no queries: %s", (url, logged) => {
  expect(loggedPath(url)).toBe(logged);
});
