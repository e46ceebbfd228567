/** POST /v1/jq/test (docs/jq.md): outputs, errors with their places, limits. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startTestApp, type TestApp } from "../support/app.ts";

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.stop());

interface Answer {
  readonly ok: boolean;
  readonly outputs: unknown[];
  readonly error: Record<string, unknown> | null;
  readonly problems: Record<string, unknown>[];
  readonly usage: { readonly steps: number; readonly maxSteps: number };
}

const send = (body: object): Promise<{ status: number; body: Answer }> =>
  app.send<Answer>("POST", "/v1/jq/test", body);

async function answer(body: object): Promise<Answer> {
  const { status, body: found } = await send(body);
  if (status !== 200) throw new Error(`answered ${status}: ${JSON.stringify(found)}`);
  return found;
}

describe("a program", () => {
  test("gives all its outputs, and what it took", async () => {
    const found = await answer({ program: ".a[] | . + $n", input: { a: [1, 2] }, args: { n: 10 } });
    expect(found).toMatchObject({ ok: true, outputs: [11, 12], error: null, problems: [] });
    expect(found.usage.steps).toBeGreaterThan(0);
    expect(found.usage.steps).toBeLessThan(100);
    expect(found.usage.maxSteps).toBe(300_000);
  });

  test("has null as its input when there is none, no environment, and the time", async () => {
    expect(await answer({ program: "., env, $ENV" })).toMatchObject({ outputs: [null, {}, {}] });
    const { outputs } = await answer({ program: "now" });
    expect(Math.abs((outputs[0] as number) - Date.now() / 1_000)).toBeLessThan(60);
  });

  test("that is none is told with its place", async () => {
    const { outputs, error } = await answer({ program: ".a\n| .b | | .c" });
    expect(outputs).toEqual([]);
    expect(error).toEqual({
      code: "jq_compile",
      message: "Found `|` where an expression was expected",
      line: 2,
      column: 8,
      excerpt: "| .b | | .c\n       ^",
    });
    expect((await answer({ program: "foo" })).error).toMatchObject({
      message: "foo/0 is not defined",
      column: 1,
    });
  });

  test("that ends in an error keeps the outputs before it", async () => {
    const { outputs, error } = await answer({ program: '1, 2, ("a" + 1), 3' });
    expect(outputs).toEqual([1, 2]);
    expect(error).toEqual({
      code: "jq_error",
      message: 'string ("a") and number (1) cannot be added',
      ...{ line: null, column: null, excerpt: null },
    });
  });

  test("prints numbers as jq, and any key", async () => {
    const response = await fetch(`${app.url}/v1/jq/test`, {
      method: "POST",
      headers: { authorization: `Bearer ${app.token}`, "content-type": "application/json" },
      body: JSON.stringify({ program: '1e1000, -0, 1e-7, nan, {("__pro" + "to__"): 1}' }),
    });
    expect(response.headers.get("content-type")).toContain("application/json");
    expect(await response.text()).toContain(
      '"outputs":[1.7976931348623157e+308,-0,1e-07,null,{"__proto__":1}],"error":null',
    );
  });
});

describe("a mapping expression", () => {
  test("gives one value", async () => {
    const body = {
      mode: "mapping",
      program: "'x-' + .properties.'my-prop'",
      input: { properties: { "my-prop": "y" } },
    };
    expect(await answer(body)).toMatchObject({ outputs: ["x-y"], error: null, problems: [] });
  });

  test("that fails gives null, and why", async () => {
    const { outputs, error, problems } = await answer({
      mode: "mapping",
      program: ".a | error('no')",
      input: {},
    });
    expect([outputs, error]).toEqual([[null], null]);
    expect(problems).toEqual([{ path: [], expression: ".a | error('no')", code: "jq_error", message: "no" }]);
  });

  test("that is none is an error", async () => {
    expect((await answer({ mode: "mapping", program: "'a" })).error).toMatchObject({
      code: "jq_compile",
      column: 1,
    });
  });
});

describe("a template", () => {
  const template = { "{{ .k }}": ["{{ .n }}", "n={{ .n }}", "{{ .n | error }}"] };
  test("gives the value with all expressions replaced, and those that failed", async () => {
    expect(await answer({ mode: "template", program: template, input: { k: "key", n: 1 } })).toMatchObject({
      outputs: [{ key: [1, "n=1", null] }],
      problems: [{ path: ["{{ .k }}", 2], expression: ".n | error", code: "jq_error" }],
    });
  });

  test("that is none is told with the path and the place", async () => {
    const { error } = await answer({ mode: "template", program: { a: "x {{ .b" } });
    expect(error).toMatchObject({ code: "jq_compile", line: 1, column: 3 });
    expect(error?.["message"]).toBe("a: Found `{{` at offset 2 without a `}}` that closes it");
  });

  test("whose key is no text is an error", async () => {
    const { outputs, error } = await answer({ mode: "template", program: { "{{ 1 }}": 2 } });
    expect([outputs, error?.["code"]]).toEqual([[], "jq_error"]);
  });
});

describe("requests that are refused", () => {
  test("without a token", async () => {
    const response = await fetch(`${app.url}/v1/jq/test`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ program: "." }),
    });
    expect(response.status).toBe(401);
  });

  test.each([
    [{}, "body.program"],
    [{ program: 1 }, "body.program"],
    [{ program: { a: 1 }, mode: "mapping" }, "body.program"],
    [{ program: ".", mode: "sql" }, "body.mode"],
    [{ program: ".", args: [] }, "body.args"],
    [{ program: ".", more: 1 }, "body.more"],
    [{ program: ` ${"#".repeat(65_536)}` }, "body.program has 65537 characters; 65536 are allowed"],
    [{ program: ["x".repeat(65_533)], mode: "template" }, "body.program has 65537 characters"],
  ])("%j", async (body, field) => {
    const { status, body: found } = await send(body);
    expect([status, found]).toEqual([422, expect.objectContaining({ ok: false, error: "invalid_request" })]);
    expect((found as unknown as { message: string }).message).toContain(field);
  });

  test("larger than a mebibyte", async () => {
    expect((await send({ program: ".", input: "x".repeat(1_048_576) })).status).toBe(413);
  });
});

describe("limits", () => {
  test.each([
    "def f: f; f",
    "[range(1e9)]",
    "repeat(.)",
    '"x" * 1e9',
    "until(false; .)",
    "reduce range(1e12) as $i (0; . + 1)",
    "def f(x): [f(x)]; f(1)",
    "[limit(1e9; repeat(1))]",
    "[., .] | [., .] | [., .] | [., .] | [., .] | [., .] | [., .] | [., .] | [., .] | [., .] | [., .] | [., .] | [., .] | [., .] | [., .] | [., .] | [., .] | [., .] | [., .] | [., .]",
    "reduce range(1000) as $i (.; [.])",
    "range(1e6)",
  ])("%s is stopped", async (program) => {
    const { error, outputs } = await answer({ program, input: 1 });
    expect(error).toMatchObject({ code: "jq_limit", line: null });
    expect(JSON.stringify(outputs).length).toBeLessThan(2_300_000);
  });

  test("the expressions of a template share them", async () => {
    const { outputs, problems } = await answer({
      mode: "template",
      program: Array.from({ length: 200 }, () => "{{ [range(10000)] | length }}"),
    });
    const values = outputs[0] as (number | null)[];
    expect(values[0]).toBe(10_000);
    expect(values.at(-1)).toBeNull();
    // The answer tells the first hundred problems.
    expect(problems).toHaveLength(100);
    expect(problems[0]).toMatchObject({ path: [15], code: "jq_limit" });
  });
});
