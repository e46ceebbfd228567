/** POST /v1/blueprints/{id}/entities/import: lines in, results out. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { startTestApp, type TestApp } from "../support/app.ts";

type Line = Record<string, unknown>;

let app: TestApp;
let n = 0;
let bp = "";
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.stop());
beforeEach(async () => {
  bp = `b${++n}`;
  const schema = { properties: { s: { type: "string" }, n: { type: "number" } } };
  await app.send("POST", "/v1/blueprints", {
    identifier: bp,
    title: bp,
    schema,
    relations: { up: { target: bp } },
  });
});

async function post(
  body: string | ReadableStream,
  query = "?upsert=true&merge=true",
  type = "application/x-ndjson",
) {
  const headers = { authorization: `Bearer ${app.token}`, "content-type": type };
  const init = { method: "POST", headers, body, duplex: "half" } as RequestInit;
  const answer = await fetch(`${app.url}/v1/blueprints/${bp}/entities/import${query}`, init);
  const text = await answer.text();
  const lines = text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Line);
  return { status: answer.status, type: answer.headers.get("content-type"), lines };
}

const ndjson = (rows: readonly unknown[]): string => rows.map((row) => `${JSON.stringify(row)}\n`).join("");
const count = async (): Promise<unknown> =>
  (await app.send<Line>("GET", `/v1/blueprints/${bp}/entities-count`)).body["count"];

test("every line has its result, in order; good lines are stored and bad ones told", async () => {
  const { status, type, lines } = await post(
    `${ndjson([
      { identifier: "a", properties: { s: "x" } },
      { identifier: "b", relations: { up: "a" } },
    ])}\n` +
      `not json\n${ndjson([
        { identifier: "c", properties: { n: "one" } },
        { identifier: "d", relations: { up: "zzz" } },
        { identifier: "e", properties: { nope: 1 } },
      ])}{"identifier":"a","properties":{"s":"y"}}`,
  );
  expect({ status, type }).toEqual({ status: 200, type: "application/x-ndjson" });
  expect(lines.slice(0, 2)).toEqual([
    { line: 1, ok: true, identifier: "a", created: true, changed: true },
    { line: 2, ok: true, identifier: "b", created: true, changed: true },
  ]);
  expect(lines[2]).toMatchObject({
    line: 4,
    ok: false,
    identifier: "unknown",
    statusCode: 400,
    error: "invalid_json",
  });
  expect(lines[3]).toMatchObject({ line: 5, ok: false, identifier: "c", statusCode: 422 });
  expect(lines[3]?.["message"]).toMatch(/properties\.n/);
  expect(lines[4]).toMatchObject({
    line: 6,
    ok: false,
    identifier: "d",
    statusCode: 404,
    error: "not_found",
  });
  expect(lines[5]).toMatchObject({
    line: 7,
    ok: true,
    warnings: [expect.stringContaining("properties.nope")],
  });
  expect(lines[6]).toEqual({ line: 8, ok: true, identifier: "a", created: false, changed: true });
  expect(lines[7]).toEqual({ done: true, lines: 7, created: 3, updated: 1, unchanged: 0, failed: 3 });
});

test("many batches; sent again, nothing changes; with results=errors only refusals and progress are answered", async () => {
  const rows = Array.from({ length: 2500 }, (_, i) => ({ identifier: `e${i}`, properties: { n: i } }));
  const first = await post(ndjson(rows));
  expect(first.lines).toHaveLength(2501);
  expect(first.lines.at(-1)).toEqual({
    done: true,
    lines: 2500,
    created: 2500,
    updated: 0,
    unchanged: 0,
    failed: 0,
  });
  expect(await count()).toBe(2500);
  const again = await post(
    ndjson([...rows, { identifier: "bad id" }]),
    "?upsert=true&merge=true&results=errors",
  );
  expect(again.lines).toEqual([
    { line: 1000 },
    { line: 2000 },
    expect.objectContaining({ line: 2501, ok: false }),
    { line: 2501 },
    { done: true, lines: 2501, created: 0, updated: 0, unchanged: 2500, failed: 1 },
  ]);
});

describe("flags are those of bulk", () => {
  test("without upsert what exists is a conflict", async () => {
    await post(ndjson([{ identifier: "a" }]));
    const { lines } = await post(ndjson([{ identifier: "a" }, { identifier: "b" }]), "");
    expect(lines[0]).toMatchObject({ ok: false, statusCode: 409 });
    expect(lines[1]).toMatchObject({ ok: true, created: true });
  });

  test("validation_only writes nothing", async () => {
    const { lines } = await post(ndjson([{ identifier: "a" }]), "?validation_only=true");
    expect(lines.at(-1)).toMatchObject({ done: true, lines: 1 });
    expect(await count()).toBe(0);
  });

  test("create_missing_related_entities makes targets", async () => {
    await post(
      ndjson([{ identifier: "a", relations: { up: "z" } }]),
      "?create_missing_related_entities=true",
    );
    expect(await count()).toBe(2);
  });
});

describe("what cannot be taken", () => {
  test("a blueprint that does not exist, another content type", async () => {
    const headers = { authorization: `Bearer ${app.token}`, "content-type": "application/x-ndjson" };
    const answer = await fetch(`${app.url}/v1/blueprints/none/entities/import`, {
      method: "POST",
      headers,
      body: "{}\n",
    });
    expect(answer.status).toBe(404);
    expect(await answer.json()).toMatchObject({ ok: false, error: "not_found" });
    expect((await post("{}", "", "application/json")).status).toBe(415);
    expect((await post("{}", "", "text/csv")).status).toBe(415);
  });

  test("a line that is too long is refused and does not end the import", async () => {
    const long = JSON.stringify({ identifier: "long", properties: { s: "x".repeat(3_000_000) } });
    const { lines } = await post(
      `${JSON.stringify({ identifier: "a" })}\n${long}\n${JSON.stringify({ identifier: "b" })}\n`,
    );
    expect(lines[0]).toMatchObject({ line: 1, ok: true });
    expect(lines[1]).toMatchObject({ line: 2, ok: false, statusCode: 413, error: "payload_too_large" });
    expect(lines[2]).toMatchObject({ line: 3, ok: true, identifier: "b" });
  });

  test("keys that reach prototypes are refused by the line", async () => {
    const { lines } = await post(
      '{"identifier":"a","__proto__":{"x":1}}\n{"identifier":"b","\\u005f_proto__":{}}\n{"identifier":"c"}\n',
    );
    expect(lines.map((line) => line["ok"])).toEqual([false, false, true, undefined]);
  });
});

test("characters that are cut between packets arrive whole, and lines are answered while more are sent", async () => {
  const bytes = new TextEncoder().encode(ndjson([{ identifier: "ä", title: "😀 名前" }]));
  const stream = new ReadableStream({
    async start(controller) {
      for (const byte of bytes) controller.enqueue(Uint8Array.of(byte));
      controller.close();
    },
  });
  const { lines } = await post(stream);
  expect(lines[0]).toMatchObject({ ok: true, identifier: "ä" });
  const { body } = await app.send<{ entity: Line }>(
    "GET",
    `/v1/blueprints/${bp}/entities/${encodeURIComponent("ä")}`,
  );
  expect(body.entity["title"]).toBe("😀 名前");
});
