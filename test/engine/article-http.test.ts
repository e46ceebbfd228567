/** The article's definitions over hand-made data through the HTTP API: the numbers follow each change within moments. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestApp, type TestApp } from "../support/app.ts";
import { patient, SOON } from "../support/patience.ts";
import {
  after,
  BLUEPRINTS,
  firstWrites,
  LEVEL_DEFINITIONS,
  LEVELS,
  STEPS,
  type Write,
} from "./support/article-case.ts";

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.stop());

async function send(method: string, path: string, body: unknown, status: number): Promise<void> {
  expect(await app.send(method, path, body)).toMatchObject({ status });
}

function write({ blueprint, ...body }: Write): Promise<void> {
  return send("POST", `/v1/blueprints/${blueprint}/entities?upsert=true&merge=true`, body, 201);
}

interface Found {
  readonly blueprint: string;
  readonly identifier: string;
  readonly properties: Readonly<Record<string, unknown>>;
}

/** The properties of `wanted` as one search shows them. */
async function values(wanted: ReadonlyMap<string, number | null>): Promise<Map<string, unknown>> {
  const { body } = await app.send<{ entities: Found[] }>("POST", "/v1/entities/search", {
    combinator: "and",
    rules: [{ property: "$blueprint", operator: "in", value: [...LEVELS, "deployment"] }],
  });
  const found = new Map(body.entities.map((entity) => [`${entity.blueprint}/${entity.identifier}`, entity]));
  return new Map(
    [...wanted.keys()].map((key) => {
      const [entity = "", property = ""] = key.split(".");
      const value = found.get(entity)?.properties[property];
      const expected = wanted.get(key);
      // The last digits of quotients are not by hand.
      const isSame =
        typeof value === "number" && typeof expected === "number" && Math.abs(value - expected) < 1e-9;
      return [key, isSame ? expected : value];
    }),
  );
}

async function follows(what: string, wanted: ReadonlyMap<string, number | null>): Promise<void> {
  await expect.poll(() => values(wanted), { ...SOON, message: what }).toEqual(wanted);
}

test("the numbers follow each change", { timeout: patient(120_000) }, async () => {
  for (const blueprint of BLUEPRINTS) await send("POST", "/v1/blueprints", blueprint, 201);
  for (const first of firstWrites(Date.now())) await write(first);
  // Defined after the data: everything counts all the same.
  for (const level of LEVELS) await send("PATCH", `/v1/blueprints/${level}`, LEVEL_DEFINITIONS, 200);
  await follows("the first writes", after([]));
  for (const [i, step] of STEPS.entries()) {
    if (step.write !== undefined) await write(step.write);
    if (step.remove !== undefined)
      await send(
        "DELETE",
        `/v1/blueprints/${step.remove.blueprint}/entities/${step.remove.identifier}`,
        undefined,
        200,
      );
    await follows(step.what, after(STEPS.slice(0, i + 1)));
  }
});
